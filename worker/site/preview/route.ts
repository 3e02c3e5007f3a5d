/** The image of link previews. It says nothing of any case, so it cannot go stale. */
import { Hono } from "hono";
import { routes } from "../../../shared/protocol.ts";
import { anyOrigin, lasting, notModified, type Public } from "../../reads/freshness.ts";
import image from "./preview.png";

export const preview = new Hono<Public>();

preview.get(routes.preview, (c) => {
  const etag = `"${c.env.VERSION.id.slice(0, 8)}"`;
  c.set("lease", lasting);
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  return c.body(image, 200, {
    "Content-Type": "image/png",
    ETag: etag,
    ...anyOrigin,
  });
});
