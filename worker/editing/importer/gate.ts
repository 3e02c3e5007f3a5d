/** Tells whose text a document is, in which language, and whether it has a layout that the extractors know. Every document is read. */
import type { KnownIssuer } from "../../../shared/profile/schema.ts";
import { headingStart } from "./formulas.ts";
import { hasLabel, importedLanguages, type LayoutLabel } from "./layouts.ts";
import { type DocumentLine, wrapping } from "./lines.ts";
import { indexesIn, type NumberFound, numbersIn } from "./numbers.ts";
import { isReadAcross } from "./zones.ts";

export interface Admitted {
  /** Null when the text doesn't name it. */
  issuer: { name: string; line: number } | null;
  /** Null when the text is too short to tell. */
  language: (typeof importedLanguages)[number] | null;
}

/** Frequent words of each language that few other languages share. */
const common: Record<string, string> = {
  en: "the of and has was were with from that by his her they have been who",
  es: "los las del que una por con para fue sus y más muy pero desde hasta",
  fr: "les des une est dans pour par qui aux leur du vous au sur été elle",
  de: "der die das und ist wurde mit von den nicht dem ein eine im zu sie",
  it: "il della che di per con sono alla gli nel è dal dei degli delle",
  pt: "não uma os das dos em ao foi são pela do pelo até você seu ele",
  nl: "het een van zijn niet voor met werd aan door",
  tr: "ve bir bu için ile olarak tarafından olan daha değil",
  pl: "nie się jest na że oraz przez został dla przed",
  sv: "och att det som är inte har för av till",
  ca: "els amb dels seva aquest però està una les pels",
  ro: "și în care pentru este din sunt nu cu fost",
};
const wordOf = new Map<string, string[]>();
for (const [tag, words] of Object.entries(common))
  for (const word of words.split(" ")) wordOf.set(word, [...(wordOf.get(word) ?? []), tag]);

/** A shorter text may be a list of names in another script. */
const MIN_LETTERS = 80;

/** The language of the running text: a tag, "other" for a script that none of them uses, or null when none clearly leads. */
function languageOf(lines: DocumentLine[]): string | null {
  const counts: Record<string, number> = {};
  let letters = 0;
  let latin = 0;
  for (const { text } of lines) {
    letters += text.match(/\p{L}/gu)?.length ?? 0;
    latin += text.match(/\p{Script=Latin}/gu)?.length ?? 0;
    for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu))
      for (const tag of wordOf.get(word) ?? []) counts[tag] = (counts[tag] ?? 0) + 1;
  }
  if (letters > MIN_LETTERS && latin * 2 < letters) return "other";
  const [first, second] = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return first && first[1] >= 3 && first[1] > (second?.[1] ?? 0) * 1.6 ? first[0] : null;
}

/** A line whose first characters name the issuer is its heading, its address or its own statement. */
const MAX_SIGNATURE_START = 32;
const MAX_TOP_LINES = 60;
const MAX_HEADING_LENGTH = 300;

/** Labels that only documents with a request to write have. */
export const strongLabels: LayoutLabel[] = [
  "names",
  "previous",
  "addressees",
  "recommended",
  "model",
  "deadline",
  "until",
  "asks",
  "closing",
  "languages",
];
/** "PUBLIC AI Index: … UA 12/98 …": the number's line begins with another label. */
const labelsNumber =
  /^(?:external|public|extern\p{L}*|públic\p{L}*|öffentlich|pubblico|document public|[A-Z]{3} \d\d\/)(?!\p{L})/iu;
/** The words behind a number in a sentence: "UA 12/98 was issued in May". */
const isSentencesStart = (behind: string): boolean =>
  /^[).]$|^\)|^,? (?!(?:and|on|for|y|et|und|e|de|sur|sobre|su|to|originally)\b)\p{Ll}{2,} /u.test(behind);

/** The number in the heading with which a line begins; undefined when it begins with none, or with a sentence about another text. */
export function headingNumber({ text }: DocumentLine): NumberFound | undefined {
  const start = text.slice(0, MAX_HEADING_LENGTH);
  const [number] = headingStart.test(start) ? numbersIn(start) : [];
  // "UA 12/98 was issued on his behalf": a sentence about another text.
  return number && !isSentencesStart(start.slice(number.at + number.written.length)) ? number : undefined;
}

/** "Urgent action 126.19" */
const bareNumber = /^(?:urgent action[ :–-]*)?\d{1,3}\.\d\d$/i;

/** The forms that name an issuer. "amnesty." is the start of a domain, and not the end of a sentence. */
function signsOf({ name, words }: KnownIssuer) {
  const written = (word: string) =>
    `(?<![\\p{L}\\d])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}${word.endsWith(".") ? "(?=\\p{Ll}{2})" : "(?![\\p{L}\\d])"}`;
  const any = new RegExp(words.map(written).join("|"), "iu");
  const domains = words.filter((word) => word.endsWith("."));
  const domain = domains.length > 0 ? new RegExp(domains.map(written).join("|"), "iu") : null;
  return {
    name,
    names: (text: string) => any.test(text),
    /** True for a line with its web or e-mail address. */
    isAddressIn: (text: string) => text.length < 400 && /www\.|https?:|@/i.test(text) && domain?.test(text) === true,
  };
}

/** @returns what the extractors need to know of the whole text, or why they would only guess */
export function admit(lines: DocumentLine[], issuers: readonly KnownIssuer[]): Admitted | "columns" | "unknown-layout" {
  if (issuers.length === 0) return "unknown-layout";
  if (isReadAcross(lines)) return "columns";
  const filled = lines.filter(({ text }) => text !== "");
  const top = filled.slice(0, MAX_TOP_LINES);
  const known = issuers.map(signsOf);
  const of = (line: DocumentLine) => known.find(({ names }) => names(line.text));
  const first = filled.find(of);
  const goesOn = wrapping(lines);
  const goesOnFrom = (line: DocumentLine) => goesOn(lines[lines.indexOf(line) - 1], line);
  const hasNumber = top.some((line) => {
    const start = line.text.slice(0, MAX_HEADING_LENGTH);
    if (bareNumber.test(start)) return true;
    const [number] = numbersIn(start);
    if (!number) return false;
    if (headingNumber(line) && !goesOnFrom(line)) return true;
    const [before, behind] = [start.slice(0, number.at), start.slice(number.at + number.written.length)];
    // Inside a sentence it belongs to a case that the text only mentions.
    const isAlone = /^[^,;.]{0,8}$/.test(behind) && /(?:^|[(:–—|-] ?|urgent action )$/i.test(before);
    return line.text.length < 160 && ((isAlone && !goesOnFrom(line)) || labelsNumber.test(before));
  });
  const hasIndex = top.some(({ text }) => {
    const [index] = indexesIn(text.slice(0, 300));
    return index !== undefined && (index.at < 60 || /index|índice|indice/i.test(text.slice(0, 300)));
  });
  // A text that only mentions the issuer is not the issuer's.
  const isSigned = filled.some(
    ({ text }) =>
      known.some(({ names }) => names(text.slice(0, MAX_SIGNATURE_START))) ||
      known.some(({ isAddressIn }) => isAddressIn(text)),
  );
  const labels = strongLabels.filter((name) =>
    lines.some(({ text }) => text.length < 400 && hasLabel(text, name)),
  ).length;
  const language = languageOf(filled);
  const isRead = language === null || (importedLanguages as readonly string[]).includes(language);
  const isKnown = hasNumber ? hasIndex || isSigned || labels > 0 : labels > 0 && (hasIndex || (isSigned && labels > 1));
  if (!isRead || !isKnown) return "unknown-layout";
  return {
    issuer: first ? { name: of(first)?.name as string, line: first.number } : null,
    language: language as Admitted["language"],
  };
}
