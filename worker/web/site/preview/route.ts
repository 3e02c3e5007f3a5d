/** Route of the link preview image, which shows no case and so can't go stale. */

import { etagOf } from "../../../reads/freshness.ts";
import type { Handlers } from "../../api/router.ts";
import { sendFile } from "../../api/send-file.ts";
import image from "./preview.png";

export const linkPreviewHandlers = {
  linkPreview(c) {
    return sendFile(c, image, { "Content-Type": "image/png", ETag: etagOf(c.env) });
  },
} satisfies Partial<Handlers>;
