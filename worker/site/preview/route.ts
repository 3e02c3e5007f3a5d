/** Route of the link preview image, which shows no case and so can't go stale. */
import type { Handlers } from "../../api/router.ts";
import { notModified } from "../../reads/freshness.ts";
import image from "./preview.png";

export const linkPreviewHandlers = {
  linkPreview(c) {
    const etag = `"${c.env.VERSION.id.slice(0, 8)}"`;
    if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
    return c.body(image, 200, { "Content-Type": "image/png", ETag: etag });
  },
} satisfies Partial<Handlers>;
