/**
 * Formulas that head a document, state its position in its series, ask for
 * appeals or close the action.
 */
import { hasLabel, label } from "./layouts.ts";
import type { DocumentLine } from "./lines.ts";
import { type NumberFound, numbersIn } from "./numbers.ts";

export const ordinals: Record<string, number> = {};
for (const names of [
  "first second third fourth",
  "primera segunda tercera",
  "première deuxième troisième quatrième",
  "prima seconda",
])
  for (const [at, name] of names.split(" ").entries()) ordinals[name] = at + 1;
const ordinal = Object.keys(ordinals).join("|");
const series = "(?:UAA?|AU|EXTRA|EX|MA|NSA|FI)";
/** "First UA: 126/19", "THIRD UA 60/16". */
export const inHeading = new RegExp(
  `(?<!\\p{L})(${ordinal})( (?:and final|y última|et dernière|und letzte))? ${series}(?:[ :]|\\))`,
  "iu",
);
/**
 * "This is the fourth and final output for UA 126/19", "This is the first
 * update of UA 142/14".
 */
export const inClosing = new RegExp(
  `\\bthis is the (?:(${ordinal})|final|last)( and final| and last)? (output|update|outcome|urgent action|ua)\\b`,
  "iu",
);
/** The beginning of a heading's line. */
export const headingStart = new RegExp(
  `^(?:(?:${ordinal})(?: (?:and final|y última|et dernière|und letzte))? )?(?:${label("number").source.slice(1)})? ?:?(?:the |l['’]|la |all['’]|der |die )?(?:(?:${ordinal}) )?${series}(?![A-Za-z])`,
  "iu",
);

const MAX_HEADING_LENGTH = 300;

/**
 * The number in the heading with which a line begins; undefined when it begins
 * with none, or with a sentence about another text.
 */
export function headingNumber({ text }: DocumentLine): NumberFound | undefined {
  const start = text.slice(0, MAX_HEADING_LENGTH);
  const [number] = headingStart.test(start) ? numbersIn(start) : [];
  const behind = number ? start.slice(number.at + number.written.length) : "";
  // "UA 12/98 was issued on his behalf": a sentence about another text.
  return /^[).]$|^\)|^,? (?!(?:and|on|for|y|et|und|e|de|sur|sobre|su|to)\b)\p{Ll}{2,} /u.test(
    behind,
  )
    ? undefined
    : number;
}

/** True for the salutation of a model letter. */
export const isSalutation = ({ text }: DocumentLine): boolean =>
  hasLabel(text, "salutation");

/**
 * True for the notice that websites add below an Urgent Action that has ended.
 */
export const isOver = ({ text }: DocumentLine): boolean =>
  hasLabel(text, "over");

/** The line that calls for appeals; undefined when there is none. */
export const askingIn = (lines: DocumentLine[]): DocumentLine | undefined =>
  lines.find(({ text }) => hasLabel(text.replace(/^\d[.)] /, ""), "asks"));

/**
 * True when the closing formula begins a sentence. Inside a sentence it may be
 * a quotation. It may wrap onto the next line.
 */
export function closes(
  { text: own }: DocumentLine,
  at: number,
  lines: DocumentLine[],
): boolean {
  const next = lines[at + 1]?.text ?? "";
  const text = own.length < 200 && next !== "" ? `${own} ${next}` : own;
  const found = own === "" ? null : label("closing").exec(text);
  if (!found || found.index >= own.length) return false;
  const last = lines[at - 1]?.text ?? "";
  // The sentence began on the line above.
  if (
    found.index === 0 &&
    /^\p{Ll}/u.test(own) &&
    last !== "" &&
    !/[.!?:”"]$/.test(last)
  )
    return false;
  return /(?:^|[.!?:–—-] |(?:^|[.!?:] )(?:at present|at this time|por el momento|à ce stade),? )$/i.test(
    text.slice(0, found.index),
  );
}
