/**
 * Readers' texts in the Worker. A language is parsed at its first use: all
 * eight take 10 ms and 9 MB of every new isolate.
 */

import words from "../../dist/words.txt";
import type { Catalogue } from "../../shared/catalogues.ts";
import { type LocaleTag, localeTags } from "../../shared/locale.ts";
import { decode } from "./decode.ts";
import { once } from "./once.ts";

export type { Catalogue };

const LINE_FEED = 10;

/** The lines of a file of texts. */
function linesOf(file: ArrayBuffer): Uint8Array[] {
  const bytes = new Uint8Array(file);
  const found: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start);
    found.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return found;
}

const files = [once(() => linesOf(words))];
const parsed = new Map<LocaleTag, Catalogue>();

const parse = (lines: Uint8Array[], tag: LocaleTag): Partial<Catalogue> =>
  JSON.parse(decode(lines[localeTags.indexOf(tag)] as Uint8Array));

/** Adds texts that only this Worker has. @param file as `words.txt` */
export function addTexts(file: ArrayBuffer): void {
  const lines = once(() => linesOf(file));
  files.push(lines);
  for (const [tag, catalogue] of parsed)
    Object.assign(catalogue, parse(lines(), tag));
}

export function catalogueOf(tag: LocaleTag): Catalogue {
  const catalogue = Object.assign(
    {},
    ...files.map((lines) => parse(lines(), tag)),
  ) as Catalogue;
  parsed.set(tag, catalogue);
  return catalogue;
}
