/** The widget's script: evergreen at one address, and pinned at an address of its own that never changes what it answers. */
import { sha384 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { Hono } from "hono";
import script from "../../../dist/widget.js";
import { Refusal } from "../../../shared/failure.ts";
import { routes } from "../../../shared/protocol.ts";
import { anyOrigin, FOREVER, lasting, notModified, type Public } from "../../reads/freshness.ts";

const digest = sha384(utf8ToBytes(script));
const etag = `"${bytesToHex(digest).slice(0, 16)}"`;

/** The address of exactly this script, and what a page may demand of it (W3C Subresource Integrity). */
export const pinnedWidget = {
  path: routes.pinnedWidget(bytesToHex(digest).slice(0, 16)),
  integrity: `sha384-${btoa(String.fromCharCode(...digest))}`,
};

const headers = { "Content-Type": "text/javascript; charset=utf-8", ETag: etag, ...anyOrigin };

export const widgetScript = new Hono<Public>();

widgetScript.get(routes.widget, (c) => {
  c.set("lease", lasting);
  if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
  return c.body(script, 200, headers);
});

/** Another release's address is unknown here: its bytes went with the deployment that had them. */
widgetScript.get("/:file{widget@[0-9a-f]+\\.js}", (c) => {
  if (c.req.path !== pinnedWidget.path) throw new Refusal({ tag: "no-such-address", path: c.req.path });
  return c.body(script, 200, {
    ...headers,
    "Cache-Control": FOREVER,
    "Cloudflare-CDN-Cache-Control": FOREVER,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  });
});

/** Both addresses and the hash, for whoever writes the snippet. */
widgetScript.get(routes.widgetRelease, (c) => {
  c.set("lease", lasting);
  for (const [name, value] of Object.entries(anyOrigin)) c.header(name, value);
  const { path, integrity } = pinnedWidget;
  return c.json({ evergreen: c.env.PUBLIC_URL + routes.widget, pinned: c.env.PUBLIC_URL + path, integrity });
});
