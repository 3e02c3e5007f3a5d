/** Reads the identity of a document: number, index, kind, position in its series, date and previous texts. */
import type { Profile } from "../../../shared/profile/schema.ts";
import { doubt, type Findings, fact, several } from "./finding.ts";
import { askingIn, closes, inClosing, inHeading, ordinals } from "./formulas.ts";
import { hasLabel, label } from "./layouts.ts";
import type { DocumentLine } from "./lines.ts";
import { listedNames } from "./name-lines.ts";
import { distinct } from "./numbers.ts";
import { findDate } from "./own-date.ts";
import { findIndexes, previousDocuments } from "./own-index.ts";
import { findNumber } from "./own-number.ts";

export interface DocumentIdentity {
  kind: "initial" | "update" | "outcome" | "correction" | null;
  closed: DocumentLine | null;
  /** The line that closes the action for only some of the people. */
  partly: DocumentLine | null;
  /** The document's own date, `YYYY-MM-DD`; null when it is uncertain. */
  issuedOn: string | null;
  issuedLine: number;
  /** True when the document states its own date, even an unreadable one. */
  isDated: boolean;
  /** The year of its own index; `previousYear` is the latest of its previous indexes. */
  ownYear: number | null;
  previousYear: number | null;
  /** The year of its number. */
  numbered: number | null;
  /** The lines that state its number. */
  headings: DocumentLine[];
  /** The numbers of header and footer lines, which are not running text. */
  furniture: Set<number>;
}

const MAX_FORMULA_LINE_LENGTH = 2000;
/** Of the words beside a number that say what the case is about. */
const MIN_CONCERN_LENGTH = 5;

/** "UA 12/18 - AI Index: …" and "UA 12/18 | AMR …" head the pages of sections. */
const webHeading = /\d (?:-|–|\|) (?:(?:AI[- ]?)?(?:index|indice)\b|[A-Z]{3} \d)/i;

/** True when the closing formula names some, but not all, of the listed people, or somebody who isn't listed. */
function isForSome(ended: DocumentLine, lines: DocumentLine[], isAsking: boolean): boolean {
  const names = listedNames(lines);
  const at = lines.indexOf(ended);
  // The sentence may go on in the next lines.
  const text = lines
    .slice(at, at + 3)
    .map((line) => line.text)
    .join(" ");
  const formula = text.slice(Math.max(0, text.search(label("closing")))).split(/[.!?](?: |$)/)[0] ?? "";
  const named = names.filter((name) => formula.toLowerCase().includes(name.toLowerCase()));
  const isLimited =
    /\b(?:on behalf of|in the cases? of|en favor de|en faveur de|a favore di)\b|(?<!\p{L})für (?!alle)\p{Lu}/iu.test(
      formula,
    );
  // Beside a call for appeals, a name that isn't listed says nothing about which of the two is right.
  return named.length > 0 ? named.length < names.length : isLimited && (names.length > 1 || !isAsking);
}

export function* identify(lines: DocumentLine[], profile: Pick<Profile, "series">): Findings<DocumentIdentity> {
  const top = lines.filter(({ text }) => text !== "").slice(0, 40);
  const number = yield* findNumber(lines, top, profile);
  const { headings, chosen } = number;
  const index = yield* findIndexes(lines, top);
  const { indexes, previous } = index;
  const date = yield* findDate(lines, top, number, index);
  const { issued, isStated } = date;
  const furniture = new Set([...number.furniture, ...index.furniture, ...date.furniture]);

  // Kind, and position in the series.
  const ended = lines.find(closes) ?? null;
  const asking = askingIn(lines);
  const partly = ended && isForSome(ended, lines, asking !== undefined) ? ended : null;
  const closed = partly ? null : ended;
  if (partly) yield doubt("closed-for-some", partly.number, partly.text, "/action/state");
  // A formula inside a sentence may close the action, or be about another one.
  const mentioned =
    ended || asking
      ? undefined
      : lines.find(
          ({ text }, at) =>
            text.length < MAX_FORMULA_LINE_LENGTH &&
            (hasLabel(text, "closing") || (text.length < 200 && hasLabel(`${text} ${lines[at + 1]?.text}`, "closing"))),
        );
  const sequences: { sequence: number; line: DocumentLine; word: string; words: string }[] = [];
  let finality: DocumentLine | null = null;
  for (const line of lines) {
    const closingWords = inClosing.exec(line.text);
    if (closingWords) {
      const [whole, nth, andFinal, what = ""] = closingWords;
      furniture.add(line.number);
      if (andFinal !== undefined || nth === undefined) finality = line;
      const word = what.toLowerCase();
      if (nth) sequences.push({ sequence: ordinals[nth.toLowerCase()] as number, line, word, words: whole });
      if (nth && word === "update") yield doubt("sequence-of-updates", line.number, whole, "/documents/0/sequence");
    }
  }
  for (const line of headings) {
    const counted = /\bupdate \d{1,2}\b/i.exec(line.text)?.[0];
    if (counted) yield doubt("sequence-of-updates", line.number, counted, "/documents/0/sequence");
    const [words, nth] = inHeading.exec(line.text) ?? [];
    if (words && nth) sequences.push({ sequence: ordinals[nth.toLowerCase()] as number, line, word: "ua", words });
  }
  // "First update" and "second UA" are the same position: updates count from the second text.
  const places = distinct(sequences, ({ sequence, word }) => String(word === "update" ? sequence + 1 : sequence));
  const place = places.length === 1 ? (sequences.find(({ word }) => word !== "update") ?? places[0]) : undefined;
  // An ordinal before "update" is ambiguous, so the position is left to the editor.
  if (place && place.word !== "update") yield fact("/documents/0/sequence", place.sequence, place.line.number);
  yield* several("several-sequences", places, ({ words }) => words, "/documents/0/sequence");
  if (finality) yield fact("/documents/0/final", true, finality.number);

  const correction = top
    .slice(0, 12)
    .find(({ text }) => hasLabel(text, "correction") && !/: ?\S+ \S+ ?(?:\(|$)/.test(text));
  const outcome = headings.find(({ text }) => hasLabel(text, "outcome"));
  const furtherLine = headings.find(({ text }) => hasLabel(text, "further") || /\bupdate\b/i.test(text));
  const nth = place?.word === "update" ? place.sequence + 1 : place?.sequence;
  let kind: DocumentIdentity["kind"] = null;
  let kindLine: DocumentLine | undefined;
  let certainty: "stated" | "inferred" = "stated";
  if (correction) {
    [kind, kindLine] = closed ? [null, correction] : ["correction", correction];
    if (closed) yield doubt("several-kinds", correction.number, "correction, outcome", "/documents/0/kind");
  } else if (mentioned) {
    yield doubt("several-kinds", mentioned.number, "update, outcome", "/documents/0/kind");
    yield doubt("action-not-certain", mentioned.number, "", "/action/state");
  } else if (closed && asking) yield doubt("several-kinds", closed.number, "update, outcome", "/documents/0/kind");
  else if (closed) [kind, kindLine] = ["outcome", closed];
  else if (outcome) [kind, kindLine] = asking ? [null, outcome] : ["outcome", outcome];
  else if (places.length > 1)
    yield doubt("several-kinds", places[0]?.line.number ?? null, "initial, update", "/documents/0/kind");
  // The last text of a series, without a closing formula, may be an update or an outcome.
  else if (finality && !closed) [kind, kindLine] = [null, finality];
  else if (nth !== undefined && nth > 1) [kind, kindLine] = ["update", place?.line];
  else if (furtherLine) [kind, kindLine] = nth === 1 ? [null, furtherLine] : ["update", furtherLine];
  else if (partly) [kind, kindLine] = [null, partly];
  else if (nth === 1) [kind, kindLine] = ["initial", place?.line];
  // A section's web page does not say whether its text was the first.
  else if (
    chosen &&
    headings.length > 0 &&
    (indexes.length > 0 ||
      headings.some(({ text }) => text.length > chosen.found.written.length + MIN_CONCERN_LENGTH)) &&
    !headings.some(({ text }) => webHeading.test(text)) &&
    previous.length === 0 &&
    !finality &&
    !chosen.found.suffix
  )
    [kind, kindLine, certainty] = ["initial", chosen.line, "inferred"];
  if (kind && kindLine) yield fact("/documents/0/kind", kind, kindLine.number, certainty);
  const id = kind ?? "document";
  yield fact("/documents/0/id", id, kindLine?.number ?? 1, "inferred");
  yield* previousDocuments(index);
  const years = [...new Set(previous.flatMap(({ found }) => (found ? [found.year] : [])))];
  return {
    kind,
    closed,
    partly,
    issuedOn: issued?.date ?? null,
    issuedLine: issued?.line.number ?? 1,
    isDated: isStated,
    ownYear: indexes.length === 1 ? (indexes[0]?.found.year ?? null) : null,
    numbered: chosen?.found.year ?? null,
    previousYear: years.length > 0 ? Math.max(...years) : null,
    headings,
    furniture,
  };
}
