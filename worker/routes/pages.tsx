/** Pages that need no JavaScript, from the same view as every other surface. */
import { Hono } from "hono";
import script from "../../dist/widget.js";
import { routes } from "../../shared/protocol.ts";
import { anyOrigin, notModified, type Public } from "../freshness.ts";

export const pages = new Hono<Public>();

/** The widget's script, evergreen. */
pages.get(routes.widget, (c) => {
  const etag = `"${c.env.VERSION.id.slice(0, 8)}"`;
  c.set("edge", true);
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  return c.body(script, 200, { "Content-Type": "text/javascript; charset=utf-8", ETag: etag, ...anyOrigin });
});
