/** Routes of the widget's script: one evergreen URL, and one pinned URL whose content never changes. */
import { sha384 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import script from "../../../dist/widget.js";
import { addresses, paths } from "../../../shared/addresses.ts";
import { Refusal } from "../../../shared/failure.ts";
import type { Handlers } from "../../api/router.ts";
import { once } from "../../once.ts";
import { notModified } from "../../reads/freshness.ts";

/** Path of exactly this script, its Subresource Integrity hash, and its ETag. */
export const widgetRelease = once(() => {
  const digest = sha384(utf8ToBytes(script));
  const version = bytesToHex(digest).slice(0, 16);
  return {
    path: addresses.pinnedWidget(version),
    integrity: `sha384-${btoa(String.fromCharCode(...digest))}`,
    etag: `"${version}"`,
  };
});

const headers = () => ({ "Content-Type": "text/javascript; charset=utf-8", ETag: widgetRelease().etag });

export const widgetHandlers = {
  widget(c) {
    const { etag } = widgetRelease();
    if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
    return c.body(script, 200, headers());
  },
  /** Scripts of an earlier release are gone, so their URLs answer 404. */
  pinnedWidget(c) {
    if (c.req.path !== widgetRelease().path) throw new Refusal({ tag: "no-such-address", path: c.req.path });
    return c.body(script, 200, headers());
  },
  /** The script's URLs and hash, as JSON. */
  widgetRelease(c) {
    const { path, integrity, etag } = widgetRelease();
    if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
    const release = { evergreen: c.env.PUBLIC_URL + paths.widget, pinned: c.env.PUBLIC_URL + path, integrity };
    return c.json(release, 200, { ETag: etag });
  },
} satisfies Partial<Handlers>;
