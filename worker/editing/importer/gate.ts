/**
 * Tells whose text a document is, in which language, and whether it has a
 * layout that the extractors know. Every document is read.
 */
import type { KnownIssuer } from "../../../shared/profile/schema.ts";
import { headingNumber } from "./formulas.ts";
import { hasLabel, type LayoutLabel } from "./layouts.ts";
import { type DocumentLine, wrapping } from "./lines.ts";
import { indexesIn } from "./numbers.ts";
import { isReadAcross } from "./zones.ts";

export interface Admitted {
  /** Null when the text doesn't name it. */
  issuer: { name: string; line: number } | null;
  /** Null when the text is too short to tell, or in another language. */
  language: keyof typeof commonWords | null;
}

/** Frequent words of each language that few other languages share. */
export const commonWords = {
  en: "the of and has was were with from that by his her they have been who",
  es: "los las del que una por con para fue sus y más pero desde hasta",
  fr: "les des une est dans pour par qui aux leur du vous au sur été elle",
  de: "der die das und ist wurde mit von den nicht dem ein eine im zu sie",
  it: "il della che di per con sono alla gli nel è dal dei delle",
};
const wordOf = new Map<string, string[]>();
for (const [tag, words] of Object.entries(commonWords))
  for (const word of words.split(" "))
    wordOf.set(word, [...(wordOf.get(word) ?? []), tag]);

/**
 * Of its words. Of a text in a language like this one, Portuguese or Dutch, it
 * is half as much.
 */
const MIN_SHARE = 0.07;
const MIN_LEAD = 1.6;

/** The language of the running text; null when none clearly leads. */
function languageOf(lines: DocumentLine[]): Admitted["language"] {
  const counts: Record<string, number> = {};
  let all = 0;
  for (const { text } of lines)
    for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) {
      all++;
      for (const tag of wordOf.get(word) ?? [])
        counts[tag] = (counts[tag] ?? 0) + 1;
    }
  const [first, second] = Object.entries(counts).toSorted(
    ([, a], [, b]) => b - a,
  );
  const isClear =
    first &&
    first[1] > all * MIN_SHARE &&
    first[1] > (second?.[1] ?? 0) * MIN_LEAD;
  return isClear ? (first[0] as Admitted["language"]) : null;
}

const MAX_TOP_LINES = 60;
const MAX_HEADING_LENGTH = 300;
/**
 * A line whose first characters name the issuer is its heading, its address or
 * its own statement.
 */
const MAX_SIGNATURE_START = 32;

/** Labels that only documents with a request to write have. */
export const strongLabels =
  "names previous addressees model deadline until asks closing languages".split(
    " ",
  ) as LayoutLabel[];

/**
 * The forms that name an issuer. "amnesty." is the start of a domain, and not
 * the end of a sentence.
 */
function signsOf({ name, words }: KnownIssuer) {
  const written = (word: string) =>
    `(?<![\\p{L}\\d])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}${word.endsWith(".") ? "(?=\\p{Ll}{2})" : "(?![\\p{L}\\d])"}`;
  const any = new RegExp(words.map(written).join("|"), "iu");
  const isAddress = (text: string) =>
    text.length < 400 &&
    /www\.|https?:|@/i.test(text) &&
    /[./@]/.test(any.exec(text)?.[0] ?? "");
  return {
    name,
    isIn: ({ text }: DocumentLine) => any.test(text),
    /** A text that only mentions the issuer is not the issuer's. */
    signs: ({ text }: DocumentLine) =>
      any.test(text.slice(0, MAX_SIGNATURE_START)) || isAddress(text),
  };
}

/**
 * @returns what the extractors need to know of the whole text, or why they
 * would only guess
 */
export function admit(
  lines: DocumentLine[],
  issuers: readonly KnownIssuer[],
): Admitted | "columns" | "unknown-layout" {
  if (isReadAcross(lines)) return "columns";
  const filled = lines.filter(({ text }) => text !== "");
  const top = filled.slice(0, MAX_TOP_LINES);
  const known = issuers.map(signsOf);
  const goesOn = wrapping(lines);
  const hasNumber = top.some(
    (line) =>
      headingNumber(line) && !goesOn(lines[lines.indexOf(line) - 1], line),
  );
  const hasIndex = top.some(({ text }) => {
    const [index] = indexesIn(text.slice(0, MAX_HEADING_LENGTH));
    return (
      index !== undefined &&
      (index.at < 60 || /index|índice|indice/i.test(text))
    );
  });
  const isSigned = filled.some((line) =>
    known.some(({ signs }) => signs(line)),
  );
  const labels = strongLabels.filter((name) =>
    lines.some(({ text }) => text.length < 400 && hasLabel(text, name)),
  ).length;
  const isKnown = hasNumber
    ? hasIndex || isSigned || labels > 0
    : labels > 0 && (hasIndex || (isSigned && labels > 1));
  if (issuers.length === 0 || !isKnown) return "unknown-layout";
  const first = filled.find((line) => known.some(({ isIn }) => isIn(line)));
  const name = first && known.find(({ isIn }) => isIn(first))?.name;
  return {
    issuer: first && name ? { name, line: first.number } : null,
    language: languageOf(filled),
  };
}
