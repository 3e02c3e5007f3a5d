/** Text with entities, within Telegram's limits, in any script; nothing in it formats, mentions, commands or links by itself. */

import { FormattedString } from "@grammyjs/parse-mode";
import type { InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity } from "grammy/types";
import { intlTag } from "../shared/intl.ts";
import { type LocaleTag, locales } from "../shared/locale.ts";
import type { Line, Run } from "../shared/view/schema.ts";

export interface Outgoing {
  /** At most 4,096 UTF-16 units. */
  text: string;
  entities: MessageEntity[];
  keyboard: InlineKeyboardMarkup;
}

/** Telegram's words for a log: a long number in them may be an id. */
export const withoutIds = (words: string): string => words.replace(/\d{5,}/g, "…");

/** Telegram's limit for a text, in UTF-16 units. */
export const LIMIT = 4096;

export type Part = FormattedString;
export const plain = (text: string): Part => new FormattedString(text);
export const { bold, italic, link } = FormattedString;
export const join = (parts: Part[], between: string): Part => FormattedString.join(parts, between);
export const button = (text: string, data: string): InlineKeyboardButton => ({ text, callback_data: data });

/**
 * Telegram looks for mentions, commands, hashtags and addresses in a text although it is given entities. An invisible word
 * joiner inside each keeps it from finding them; none of its patterns runs across one.
 */
export const inert = (text: string): string =>
  text.replace(
    /[@#$](?=[\p{L}\p{N}_])|(?<![\p{L}\p{N}_/<>])\/(?=\w)|:(?=\/\/)|\.(?=\p{L}|\d{1,3}(?:\.\d{1,3}){2})/gu,
    "$&\u2060",
  );

const isolated = (text: string, dir: Run["dir"]) => (dir ? `\u2068${text}\u2069` : text);

/** Text that runs the other way is isolated, or it would turn its neighbours around (Unicode UAX 9). */
export const runText = ({ text, dir }: Run): string => isolated(inert(text), dir);

/** A run with the words around it. */
export const lineText = ({ before = "", after = "", ...run }: Line): string =>
  inert(before) + runText(run) + inert(after);

/** A run cut at a sentence's end. */
export const shortRun = ({ text, dir }: Run, limit: number, locale: string): string =>
  isolated(shorten(inert(text), limit, locale), dir);

/** Telegram takes a paragraph's direction from its first strong letter; a mark makes that the language's own. */
const directed = (part: Part, locale: LocaleTag): Part => {
  if (locales[locale].dir === "ltr") return part;
  // What is there to be copied stays as it is.
  const verbatim = part.entities.filter(({ type }) => type === "pre");
  const starts = [...part.text.matchAll(/^(?=.)/gmsu)]
    .map(({ index }) => index)
    .filter((at) => part.text[at] !== "\n")
    .filter((at) => !verbatim.some(({ offset, length }) => at >= offset && at < offset + length));
  const cuts = [...(starts[0] === 0 ? [] : [0]), ...starts, part.text.length];
  const pieces = cuts.slice(0, -1).map((from, index) => {
    const piece = part.slice(from, cuts[index + 1]);
    return starts.includes(from) ? join([plain("\u200f"), piece], "") : piece;
  });
  return join(pieces, "");
};

/**
 * As many whole sentences as fit, else words, else characters as readers see them; an ellipsis says that there is more.
 * @param limit in UTF-16 units
 */
export function shorten(text: string, limit: number, locale: string): string {
  if (text.length <= limit) return text;
  const { kept, whole } = beginning(text, limit, locale);
  return whole ? `${kept} …` : `${kept}…`;
}

/** What `shorten` keeps of a text that is too long, and whether it ends with a sentence. */
export function beginning(text: string, limit: number, locale: string): { kept: string; whole: boolean } {
  for (const granularity of ["sentence", "word", "grapheme"] as const) {
    let kept = "";
    for (const { segment } of new Intl.Segmenter(intlTag(locale), { granularity }).segment(text)) {
      if (kept.length + segment.length + 2 > limit) break;
      kept += segment;
    }
    if (kept.trim() !== "") return { kept: kept.trimEnd(), whole: granularity === "sentence" };
  }
  return { kept: "", whole: false };
}

/** Where to cut a text so that its beginning fits: after a paragraph, else a sentence, else a word, else a character. */
function cutAt(text: string, limit: number, locale: string): number {
  const head = text.slice(0, limit);
  const paragraph = head.lastIndexOf("\n");
  if (paragraph > limit / 2) return paragraph + 1;
  for (const granularity of ["sentence", "word", "grapheme"] as const) {
    // The last segment of the beginning may go on behind it.
    const last = [...new Intl.Segmenter(intlTag(locale), { granularity }).segment(head)].at(-1)?.index ?? 0;
    if (last > limit / 4) return last;
  }
  // One character that fills it: at least its code points stay whole.
  return /[\uD800-\uDBFF]$/.test(head) ? limit - 1 : limit;
}

/** The whole text in pieces that each fit, entities and all. */
export function split(part: Part, limit: number, locale: string): Part[] {
  const pieces: Part[] = [];
  let rest = part;
  while (rest.text.length > limit) {
    const cut = cutAt(rest.text, limit, locale);
    pieces.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return rest.text.trim() === "" ? pieces : [...pieces, rest];
}

export function outgoing(blocks: (Part | null)[], locale: LocaleTag, rows: InlineKeyboardButton[][]): Outgoing {
  const whole = directed(
    join(
      blocks.filter((block) => block !== null),
      "\n\n",
    ),
    locale,
  );
  const { text, entities } = split(whole, LIMIT, locale)[0] ?? whole;
  return { text, entities, keyboard: { inline_keyboard: rows.filter((row) => row.length > 0) } };
}
