/** Readers' texts in the Worker. A language is parsed at its first use: all eight take 10 ms and 9 MB of every new isolate. */

import words from "../../dist/words.txt";
import type { Catalogue } from "../../shared/catalogues.ts";
import { type LocaleTag, localeTags } from "../../shared/locale.ts";
import { decode } from "./decode.ts";
import { once } from "./once.ts";

export type { Catalogue };

const LINE_FEED = 10;

const lines = once(() => {
  const bytes = new Uint8Array(words);
  const found: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start);
    found.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return found;
});

export const catalogueOf = (tag: LocaleTag): Catalogue =>
  JSON.parse(decode(lines()[localeTags.indexOf(tag)] as Uint8Array));
