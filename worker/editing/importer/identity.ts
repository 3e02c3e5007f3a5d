/**
 * Reads what a document says of itself: number, index, date, kind, and position
 * in its series.
 */
import { caseIdOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { edtfOf, onlyDay, withWords } from "./dates.ts";
import {
  doubt,
  type Findings,
  type FoundValue,
  fact,
  onlyOf,
} from "./finding.ts";
import {
  askingIn,
  closes,
  headingStart,
  inClosing,
  inHeading,
  isOver,
  ordinals,
} from "./formulas.ts";
import { hasLabel, label } from "./layouts.ts";
import { type DocumentLine, labelled } from "./lines.ts";
import {
  type IndexFound,
  indexesIn,
  type NumberFound,
  numbersIn,
  printActionNumber,
} from "./numbers.ts";

export interface DocumentIdentity {
  /** The lines that state its number. */
  headings: DocumentLine[];
  /** The document's own date, `YYYY-MM-DD`; null when it is uncertain. */
  issuedOn: string | null;
  /** The year of its index, or of its number. */
  year: number | null;
  /** The line that closes the action, and the one that calls for appeals. */
  closed: DocumentLine | undefined;
  asking: DocumentLine | undefined;
  /** The document may close the action or not. */
  isDoubtful: boolean;
}

const MAX_TOP_LINES = 40;
const MAX_HEADING_LENGTH = 300;

/**
 * The numbers in the heading and the closing line. A number inside the text
 * belongs to another case.
 */
function* findNumber(
  lines: DocumentLine[],
  profile: Pick<Profile, "series">,
): Findings<Pick<DocumentIdentity, "headings" | "year">> {
  const own: FoundValue<NumberFound>[] = [];
  const headings: DocumentLine[] = [];
  const top = new Set(
    lines.filter(({ text }) => text !== "").slice(0, MAX_TOP_LINES),
  );
  for (const [at, line] of lines.entries()) {
    if (line.text.length > MAX_HEADING_LENGTH) continue;
    // A sentence may wrap before the number of another case: "… (see" above "UA
    // 12/92, …".
    if (
      /^.{60,}[\p{Ll},]$/u.test(lines[at - 1]?.text ?? "") &&
      /^UA/.test(line.text)
    )
      continue;
    const isHeading =
      headingStart.test(line.text) &&
      (top.has(line) || hasIndexLabel.test(line.text));
    const closing = line.text.search(inClosing);
    if (!isHeading && closing < 0) continue;
    const found = numbersIn(line.text).filter(
      ({ at: index }) => index >= closing,
    );
    if (isHeading && found.length > 0) headings.push(line);
    // "UA 12/93 and UA 15/93" states two numbers, with or without brackets
    // between them.
    const outside = numbersIn(line.text.replace(/\([^()]*\)/g, ""));
    for (const value of isHeading && closing < 0 && outside.length > 1
      ? outside
      : found.slice(0, 1))
      own.push({ value, line, words: printActionNumber(value) });
  }
  const only = yield* onlyOf(own, "/number", printActionNumber);
  if (!only) return { headings, year: null };
  const { series, number, year, written } = only.value;
  const isStated = written.startsWith(series) && !/^UAA/.test(written);
  yield fact(
    "/number/series",
    series,
    only.line,
    isStated ? "stated" : "inferred",
  );
  yield fact("/number/number", number, only.line);
  yield fact("/number/year", year, only.line);
  yield fact("/id", caseIdOf(only.value, profile), only.line, "inferred");
  return { headings, year };
}

const indexWords = label("index").source.slice(1);
/** The label of an index, within its line. */
const hasIndexLabel = new RegExp(
  `(?:^|\\s)${indexWords}\\s*:?\\s*(?=[A-Z]{3}(?: ?\\d|$))`,
  "iu",
);

/** The label without its value, which stands below. */
const isIndexOpen = new RegExp(`(?:^${indexWords}|\\s${indexWords} ?:)$`, "iu");

/** "EUR 50/027/2014" and "EUR 50/27/2014" are the same index. */
const same = (reference: string) =>
  reference.replace(/\/0+(?=\d)/g, "/").replace(/\/(?:19|20)(\d\d)$/, "/$1");

/**
 * The document's own index, behind its label; undefined when there is none, or
 * several.
 */
function* findIndex(lines: DocumentLine[]): Findings<IndexFound | undefined> {
  const own = lines.flatMap((line, at): FoundValue<IndexFound>[] => {
    const text = line.text.slice(0, MAX_HEADING_LENGTH);
    const labelled = hasIndexLabel.exec(text);
    // A label alone, above its value.
    const isOpen = !labelled && isIndexOpen.test(text);
    if (!labelled && !isOpen) return [];
    const below = isOpen
      ? lines.slice(at + 1, at + 4).find((next) => next.text !== "")
      : undefined;
    const from = labelled ? labelled.index + labelled[0].length : 0;
    const found = indexesIn(below?.text ?? (labelled ? text : "")).find(
      (one) => one.at === from,
    );
    return [
      found
        ? { value: found, line: below ?? line, words: found.reference }
        : { value: null, line, words: text.slice(from, from + 20) },
    ];
  });
  const only = yield* onlyOf(own, "/documents/0/reference", ({ reference }) =>
    same(reference),
  );
  if (!only) return undefined;
  const { reference, unspaced } = only.value;
  yield fact(
    "/documents/0/reference",
    reference,
    only.line,
    unspaced ? "inferred" : "stated",
  );
  return only.value;
}

const dateLabel = new RegExp(`${label("date").source}\\b *(?::|$)`, "iu");
const dateWithin = new RegExp(
  `(?<!\\p{L})${label("date").source.slice(1)} ?: ?`,
  "iu",
);

/** The date behind its label, alone or in the line of the index. */
function* findDate(
  lines: DocumentLine[],
  index: IndexFound | undefined,
  year: number | null,
): Findings<string | null> {
  const values = [
    // A date with a time of day is that of an e-mail.
    ...labelled(lines, dateLabel).filter(({ value }) => !/\d:\d\d/.test(value)),
    ...lines.flatMap((line) => {
      const within =
        line.text.length < MAX_HEADING_LENGTH &&
        /index|índice|indice/i.test(line.text)
          ? dateWithin.exec(line.text)
          : null;
      return within && within.index > 0
        ? [{ value: line.text.slice(within.index + within[0].length), line }]
        : [];
    }),
  ].filter(({ value }) => /\d/.test(value));
  const read = values.map(({ value, line }) => {
    const words = value.slice(0, 40);
    const day = onlyDay(words);
    const date = day && edtfOf(day);
    const of = Number(date?.slice(0, 4));
    // A date of another year than the index is a slip in one of them.
    const fits =
      date && (index ? index.year === of : year === null || of >= year);
    return {
      value: fits ? { date, asStated: day.asStated } : null,
      line,
      words,
    };
  });
  const only = yield* onlyOf(read, "/documents/0/issuedOn", ({ date }) => date);
  if (!only) return null;
  const { date, asStated } = only.value;
  yield fact("/documents/0/issuedOn", withWords(date, asStated), only.line);
  yield fact("/asOf", { date }, only.line, "inferred");
  return date;
}

/**
 * Where in its series the document says that it stands. An ordinal before
 * "update" may count all texts or only the updates.
 */
function* findSequence(
  lines: DocumentLine[],
  headings: DocumentLine[],
): Findings<{ nth: number | null; isLast: boolean }> {
  const read = (pattern: RegExp) => (line: DocumentLine) => {
    const [words, nth = "", last, what = ""] = pattern.exec(line.text) ?? [];
    const nthText = /^update$/i.test(what)
      ? undefined
      : ordinals[nth.toLowerCase()];
    return words === undefined
      ? []
      : [
          {
            words,
            line,
            nth: nthText,
            isLast: last !== undefined || nth === "",
          },
        ];
  };
  const found = [
    ...lines.flatMap(read(inClosing)),
    ...headings.flatMap(read(inHeading)),
  ];
  const final = found.find(({ isLast }) => isLast);
  if (final) yield fact("/documents/0/final", true, final.line.number);
  const places = found.flatMap(({ nth, line, words }) =>
    nth === undefined ? [] : { value: nth, line, words },
  );
  const only = yield* onlyOf(places, "/documents/0/sequence");
  if (only) yield fact("/documents/0/sequence", only.value, only.line);
  return { nth: only?.value ?? null, isLast: final !== undefined };
}

/**
 * The closing line and the call for appeals, which contradict each other. A
 * formula for only some of the people closes nothing.
 */
function* findState(
  lines: DocumentLine[],
): Findings<Pick<DocumentIdentity, "closed" | "asking" | "isDoubtful">> {
  const ended = lines.find(closes);
  const asking = askingIn(lines);
  // A formula inside a sentence, also a wrapped one, may close the action, or
  // be about another one.
  const inside = lines.find((line, at) => {
    const text =
      line.text.length < 200
        ? `${line.text} ${lines[at + 1]?.text ?? ""}`
        : line.text;
    return isOver(line) || (text.length < 2000 && hasLabel(text, "closing"));
  });
  const formula = ended
    ? `${ended.text} ${lines[lines.indexOf(ended) + 1]?.text ?? ""}`
    : "";
  const isForSome =
    /\b(?:on behalf of|in the cases? of|en favor de|en faveur de|a favore di)\b|(?<!\p{L})für (?!alle)\p{Lu}/iu.test(
      formula,
    );
  const doubtful =
    ended && (asking || isForSome) ? ended : ended ? undefined : inside;
  if (!doubtful) return { closed: ended, asking, isDoubtful: false };
  yield doubt(
    "action-not-certain",
    doubtful.number,
    doubtful.text,
    "/action/state",
  );
  return { closed: undefined, asking, isDoubtful: true };
}

/** @returns also the id of the document in the case */
export function* identify(
  lines: DocumentLine[],
  profile: Profile,
): Findings<DocumentIdentity & { source: string }> {
  const number = yield* findNumber(lines, profile);
  const index = yield* findIndex(lines);
  const issuedOn = yield* findDate(lines, index, number.year);
  const place = yield* findSequence(lines, number.headings);
  const state = yield* findState(lines);
  const [heading] = number.headings;
  const further = number.headings.find(({ text }) => hasLabel(text, "further"));
  const isLast = place.isLast && !state.closed;
  const [kind, line] =
    state.isDoubtful || isLast
      ? []
      : state.closed
        ? (["outcome", state.closed] as const)
        : further && place.nth !== 1
          ? (["update", further] as const)
          : (place.nth ?? 0) > 1 && heading
            ? (["update", heading] as const)
            : place.nth === 1 && !further && heading
              ? (["initial", heading] as const)
              : [];
  if (kind && line) yield fact("/documents/0/kind", kind, line.number);
  const source = kind ?? "document";
  yield fact("/documents/0/id", source, line?.number ?? 1, "inferred");
  return {
    ...number,
    year: index?.year ?? number.year,
    issuedOn,
    ...state,
    source,
  };
}
