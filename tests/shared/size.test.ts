import { brotliCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { localeTags } from "../../shared/locale.ts";
import { viewCase } from "../../shared/view/view.ts";
import { profile } from "../profile.ts";
import { demo, first, ua12619 } from "./cases.ts";

/** A view must fit into 15 KB together with the script and TLS; see the widget's budget. */
const MAX_COMPRESSED_BYTES = 2560;
/** Limit of one message on a live socket. */
const MAX_MESSAGE_BYTES = 8192;

describe.each([ua12619, demo].flatMap((fields) => localeTags.map((locale) => [fields.id, locale, fields] as const)))(
  "the view of %s in %s",
  (_, locale, fields) => {
    const bytes = Buffer.from(JSON.stringify(viewCase(fields, first, locale, Date.parse(first.liveAt), profile)));
    it(`is at most ${MAX_MESSAGE_BYTES} bytes as it is`, () =>
      expect(bytes.length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES));
    it(`is at most ${MAX_COMPRESSED_BYTES} bytes with brotli`, () =>
      expect(brotliCompressSync(bytes).length).toBeLessThanOrEqual(MAX_COMPRESSED_BYTES));
  },
);
