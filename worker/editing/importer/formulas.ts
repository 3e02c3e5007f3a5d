/** Formulas that state a document's position in its series, ask for appeals or close the action. */
import { hasLabel, label } from "./layouts.ts";
import type { DocumentLine } from "./lines.ts";

export const ordinals: Record<string, number> = {};
for (const names of [
  "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
  "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th 13th 14th 15th 16th 17th 18th 19th 20th",
  "primera segunda tercera cuarta quinta sexta séptima octava novena décima",
  "première deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième",
  "1re 2e 3e 4e 5e 6e 7e 8e 9e 10e",
  "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte",
  "prima seconda terza quarta quinta sesta settima ottava nona decima",
])
  for (const [at, name] of names.split(" ").entries()) ordinals[name] = at + 1;
const ordinal = Object.keys(ordinals).join("|");
/** "First UA: 126/19", "THIRD UA 60/16". */
export const inHeading = new RegExp(
  `(?<!\\p{L})(${ordinal})(?: (?:and final|and last|y última|et dernière|und letzte))? (?:UAA?|AU|EXTRA|EX)(?:[ :]|\\))`,
  "iu",
);
/** "This is the fourth and final output for UA 126/19", "This is the first update of UA 142/14". Translations only say that it is the last. */
export const inClosing = new RegExp(
  `\\bthis is the (?:(${ordinal})|final|last)( and final| and last)? (output|update|outcome|urgent action|ua)\\b|(?<!\\p{L})(?:[ée]sta es la (?:\\p{L}+ y )?última|ceci est la (?:\\S+ et )?dernière) (?:actualización|mise à jour|acción urgente|action urgente|au)(?!\\p{L})`,
  "iu",
);
/** True for the salutation of a model letter. */
export const isSalutation = ({ text }: DocumentLine): boolean => hasLabel(text, "salutation");

/** True for the notice that websites add below an Urgent Action that has ended. */
export const isOver = ({ text }: DocumentLine): boolean =>
  hasLabel(text, "over") || (text.length > 600 && / Action terminée\b/.test(text));

/** The line that calls for appeals; undefined when there is none. */
export const askingIn = (lines: DocumentLine[]): DocumentLine | undefined =>
  lines.find(
    ({ text }) =>
      hasLabel(text.replace(/^\d[.)] /, ""), "asks") ||
      // On a page without line breaks the call is inside the only line.
      (text.length > 600 &&
        /[.:;] PLEASE SEND APPEALS BEFORE |[.:] TAKE ACTION: WRITE |ENVOYE[RZ] VOS APPELS AVANT LE /.test(text)),
  );

/** True when the closing formula begins a sentence. Inside a sentence it may be a quotation. It may wrap onto the next line. */
export function closes({ text: own }: DocumentLine, at: number, lines: DocumentLine[]): boolean {
  if (own === "") return false;
  const next = lines[at + 1]?.text ?? "";
  const text = own.length < 200 && next !== "" ? `${own} ${next}` : own;
  const found = label("closing").exec(text);
  if (!found || found.index >= own.length) return false;
  const last = lines[at - 1]?.text ?? "";
  // The sentence began on the line above.
  if (found.index === 0 && /^\p{Ll}/u.test(own) && last !== "" && !/[.!?:”"]$/.test(last)) return false;
  const before = text.slice(0, found.index);
  if (/^(?:requires?|needs?)/i.test(found[0]))
    return /\b(?:ua|case|appeal|action)s?\b[^.]*$/i.test(before) && text.length < 300;
  return (
    before === "" ||
    /[.!?:–—-] $/.test(before) ||
    /(?:^|[.!?:] )(?:dans l[’']état actuel des choses|à ce stade|pour le moment|à l[’']heure actuelle|por el momento|por ahora|at present|at this time|for the moment|for now),? $/i.test(
      before,
    )
  );
}

const series = "(?:UAA?|AU|EXTRA|EX|MA|NSA|FI)";

/** The beginning of a heading's line. */
export const headingStart = new RegExp(
  `^(?:(?:${ordinal})(?: (?:and final|and last|y última|et dernière|und letzte))? )?(?:${label("number").source.slice(1)})? ?:?(?:the |l['’]|la |all['’]|der |die )?(?:(?:${ordinal}) )?${series}(?![A-Za-z])`,
  "iu",
);
