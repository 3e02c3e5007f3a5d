/**
 * Text with entities within Telegram's limits, in any script. Lengths are in
 * UTF-16 units, as Telegram counts.
 */

// The package's main module also brings a parser of HTML, which no bundler
// leaves out.
import { FormattedString } from "@grammyjs/parse-mode/dist/format.js";
import type {
  InlineKeyboardButton,
  InlineKeyboardMarkup,
  MessageEntity,
} from "grammy/types";
import { intlTag, languageNameIn, withPlainDates } from "../shared/intl.ts";
import { type LocaleTag, locales } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { markedText } from "../shared/view/run.ts";
import type { Line, Run } from "../shared/view/schema.ts";

export interface Outgoing {
  /** At most `MAX_TEXT_LENGTH`. */
  text: string;
  entities: MessageEntity[];
  keyboard: InlineKeyboardMarkup;
}

/**
 * Makes Telegram's error text safe for a log: a long number in it may be an id.
 */
export const withoutIds = (words: string): string =>
  words.replace(/\d{5,}/g, "…");

/** Telegram's limit for a text message. */
export const MAX_TEXT_LENGTH = 4096;

export type Part = FormattedString;
export const plain = (text: string): Part => new FormattedString(text);
export const { bold, code, italic, link, time } = FormattedString;
export const join = (parts: Part[], between: string): Part =>
  FormattedString.join(parts, between);
export const button = (text: string, data: string): InlineKeyboardButton => ({
  text,
  callback_data: data,
});
export const inRows = (
  buttons: InlineKeyboardButton[],
  perRow: number,
): InlineKeyboardButton[][] => [
  ...Map.groupBy(buttons, (_, at) => Math.floor(at / perRow)).values(),
];

/**
 * Telegram detects mentions, commands, hashtags and addresses even in a text
 * that comes with entities. An invisible word joiner inside each prevents that,
 * because none of Telegram's patterns matches across one.
 */
export const inert = (text: string): string =>
  text.replace(
    /[@#$](?=[\p{L}\p{N}_])|(?<![\p{L}\p{N}_/<>])\/(?=\w)|:(?=\/\/)|\.(?=\p{L}|\d{1,3}(?:\.\d{1,3}){2})/gu,
    "$&\u2060",
  );

const isolated = (text: string, dir: Run["dir"]) =>
  dir ? `\u2068${text}\u2069` : text;

/**
 * Isolates text of the other direction, which would otherwise reorder its
 * neighbours (Unicode UAX 9).
 */
export const runText = (run: Run): string =>
  isolated(inert(markedText(run)), run.dir);

/** A run with the words before and after it. */
export const lineText = ({ before = "", after = "", ...run }: Line): string =>
  inert(before) + runText(run) + inert(after);

/** A run shortened to whole sentences. That it is outdated is never cut off. */
export function shortRun(
  { text, dir, outdated }: Run,
  limit: number,
  locale: string,
): string {
  const mark = outdated ? ` [${outdated}]` : "";
  return isolated(
    shorten(inert(text), limit - mark.length, locale) + mark,
    dir,
  );
}

/**
 * An update's note, shortened. When it exists only in another language, that
 * language is named after it.
 */
export function shortNote(note: Run, limit: number, locale: LocaleTag): string {
  if (note.lang === undefined) return shortRun(note, limit, locale);
  const mark = ` (${message(locale, "bot.note.language", { language: languageNameIn(locale, note.lang) })})`;
  return shortRun(note, limit - mark.length, locale) + mark;
}

/**
 * Telegram takes a paragraph's direction from its first strong letter. A mark
 * makes that the direction of the language.
 */
const directed = (part: Part, locale: LocaleTag): Part => {
  if (locales[locale].dir === "ltr") return part;
  // Text that readers copy gets no marks.
  const verbatim = part.entities.filter(({ type }) => type === "pre");
  const starts = [...part.text.matchAll(/^(?=.)/gmsu)]
    .map(({ index }) => index)
    .filter((at) => part.text[at] !== "\n")
    .filter(
      (at) =>
        !verbatim.some(
          ({ offset, length }) => at >= offset && at < offset + length,
        ),
    );
  const cuts = [...(starts[0] === 0 ? [] : [0]), ...starts, part.text.length];
  const pieces = cuts.slice(0, -1).map((from, index) => {
    const piece = part.slice(from, cuts[index + 1]);
    return starts.includes(from) ? join([plain("\u200f"), piece], "") : piece;
  });
  return join(pieces, "");
};

/**
 * Shortens a text to the whole sentences that fit, else words, else graphemes,
 * and adds an ellipsis.
 */
export function shorten(text: string, limit: number, locale: string): string {
  if (text.length <= limit) return text;
  const { kept, whole } = beginning(text, limit, locale);
  return whole ? `${kept} …` : `${kept}…`;
}

/**
 * The part of a text that `shorten` keeps. `whole` is true when it ends with a
 * sentence.
 */
export function beginning(
  text: string,
  limit: number,
  locale: string,
): { kept: string; whole: boolean } {
  for (const granularity of ["sentence", "word", "grapheme"] as const) {
    let kept = "";
    for (const { segment } of new Intl.Segmenter(intlTag(locale), {
      granularity,
    }).segment(text)) {
      if (kept.length + segment.length + 2 > limit) break;
      kept += segment;
    }
    if (kept.trim() !== "")
      return { kept: kept.trimEnd(), whole: granularity === "sentence" };
  }
  return { kept: "", whole: false };
}

/**
 * The index at which to cut a text so that its beginning fits: after a
 * paragraph, else a sentence, a word or a grapheme.
 */
function cutAt(text: string, limit: number, locale: string): number {
  const head = text.slice(0, limit);
  const paragraph = head.lastIndexOf("\n");
  if (paragraph > limit / 2) return paragraph + 1;
  for (const granularity of ["sentence", "word", "grapheme"] as const) {
    // The last segment may be incomplete.
    const last =
      [
        ...new Intl.Segmenter(intlTag(locale), { granularity }).segment(head),
      ].at(-1)?.index ?? 0;
    if (last > limit / 4) return last;
  }
  // One grapheme fills the limit: cut inside it, but not inside a surrogate
  // pair.
  return /[\uD800-\uDBFF]$/.test(head) ? limit - 1 : limit;
}

/** Splits a text, with its entities, into pieces that fit. */
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

/** A block that Telegram shows folded until a reader opens it. */
export interface Fold {
  fold: Part;
}

/**
 * The marks of a right-to-left text would divide a fold, so they are added
 * first.
 */
const rendered = (block: Part | Fold, locale: LocaleTag): Part =>
  "fold" in block
    ? FormattedString.expandableBlockquote(directed(block.fold, locale))
    : directed(block, locale);

/**
 * Joins blocks into one message, cut to the limit. Null blocks and empty rows
 * are left out. Dates have plain spaces, so that Telegram's search finds them;
 * no entity moves.
 */
export function outgoing(
  blocks: (Part | Fold | null)[],
  locale: LocaleTag,
  rows: InlineKeyboardButton[][],
): Outgoing {
  const whole = join(
    blocks
      .filter((block) => block !== null)
      .map((block) => rendered(block, locale)),
    "\n\n",
  );
  const { text, entities } = split(whole, MAX_TEXT_LENGTH, locale)[0] ?? whole;
  return {
    text: withPlainDates(text),
    entities,
    keyboard: { inline_keyboard: rows.filter((row) => row.length > 0) },
  };
}

/** "Language: English", with the space that French has before a colon. */
export const withLabel = (
  locale: LocaleTag,
  label: string,
  value: string,
): string => `${label}${locale === "fr" ? "\u00a0" : ""}: ${value}`;
