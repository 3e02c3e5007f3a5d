/**
 * Case numbers as a profile's series write them: printed, as ids, and as people
 * type them.
 */
import { isCaseId } from "../case/id.ts";
import { plainCharacters } from "../case/latin.ts";
import type { Profile, Series } from "./schema.ts";
import { partsOf, type TemplatePart, type TemplateToken } from "./templates.ts";

export interface CaseNumber {
  series: string;
  number: number;
  year?: number | undefined;
}

/**
 * A number whose year may be known by its last two digits only, because the id
 * has no more.
 */
interface Known {
  number: number;
  year?: number | undefined;
  yy?: string | undefined;
}

type Numbering = Pick<Profile, "series">;

const twoDigits = (year: number) => String(year % 100).padStart(2, "0");

function fill(template: string, { number, year, yy }: Known): string {
  let text = "";
  for (const part of partsOf(template)) {
    if (typeof part === "string") text += part;
    else if (part.kind === "number")
      text += String(number).padStart(part.width, "0");
    else if (part.kind === "year")
      text += year === undefined ? "0000" : String(year);
    else text += yy ?? (year === undefined ? "00" : twoDigits(year));
  }
  return text;
}

const seriesNamed = (code: string, { series }: Numbering) =>
  series.find((one) => one.code === code);

/** `ua-126-19`. A series that has left the profile is written generically. */
export function caseIdOf(number: CaseNumber, profile: Numbering): string {
  const series = seriesNamed(number.series, profile);
  if (series) return fill(series.id, number);
  return [
    number.series.toLowerCase(),
    number.number,
    ...(number.year === undefined ? [] : [number.year]),
  ].join("-");
}

/** "UA 126/19", the form that the issuer uses. */
export function printNumber(number: CaseNumber, profile: Numbering): string {
  const series = seriesNamed(number.series, profile);
  if (series) return fill(series.print, number);
  return `${number.series} ${number.number}${number.year === undefined ? "" : `/${number.year}`}`;
}

/** Whether numbers of the series have a year. */
export const hasYear = ({ print }: Series): boolean =>
  /\{(year|yy)\}/.test(print);

export const escaped = (text: string) =>
  text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/**
 * A pattern of the tokens in the order of a template, and how its groups are
 * read.
 */
interface Reader {
  pattern: RegExp;
  kinds: TemplateToken["kind"][];
}

interface Readers {
  /** An id, exactly. */
  id: Reader;
  /** A number with its series' name, loosely, at the start of a text. */
  named: Reader[];
  /** A typed number, with or without the name. */
  typed: Reader[];
}

const digits: Record<TemplateToken["kind"], string> = {
  number: "(\\d{1,6})",
  year: "(\\d{4}|\\d{2})",
  yy: "(\\d{4}|\\d{2})",
};
const exactDigits: Record<TemplateToken["kind"], string> = {
  number: "(\\d{1,6})",
  year: "(\\d{4})",
  yy: "(\\d{2})",
};

const tokensOf = (template: string) =>
  partsOf(template).filter(
    (part): part is TemplateToken => typeof part !== "string",
  );

/** A sign or space between the words and digits of a number. */
const SIGN = "[^\\p{L}\\p{M}\\p{N}]";

/** The texts of a template, without its tokens. */
const nameOf = (parts: readonly TemplatePart[]): string =>
  parts.filter((part) => typeof part === "string").join(" ");

/**
 * The words before the first token of a template, without signs at their end.
 */
const nameIn = (template: string): string => {
  const [first] = partsOf(template);
  return typeof first === "string" ? first.replace(/[\s_:/.-]+$/, "") : "";
};

/**
 * A pattern of the printed form itself, whatever signs and words its template
 * has: "NCW/{number:4}", "File {number} of {year}". Its signs may be left out
 * or replaced by others. Null for a template without letters.
 */
function printedReader(print: string): Reader | null {
  const parts = partsOf(print);
  const kinds = tokensOf(print).map(({ kind }) => kind);
  if (!/\p{L}/u.test(nameOf(parts))) return null;
  const pieces = parts.map((part) => {
    if (typeof part !== "string") return digits[part.kind];
    const words = plainCharacters(part)
      .split(/[^\p{L}\p{M}\p{N}]+/u)
      .map(escaped);
    return words.join(
      words.length === 2 && words.every((word) => word === "")
        ? `${SIGN}+`
        : `${SIGN}*`,
    );
  });
  return {
    pattern: new RegExp(`^${SIGN}*${pieces.join("")}${SIGN}*$`, "iu"),
    kinds,
  };
}

function makeReaders({ code, id, print }: Series): Readers {
  const exact = partsOf(id).map((part) =>
    typeof part === "string" ? escaped(part) : exactDigits[part.kind],
  );
  const names = [
    ...new Set(
      [code, nameIn(id), nameIn(print)]
        .filter((name) => name !== "")
        .map(escaped),
    ),
  ]
    .toSorted((a, b) => b.length - a.length)
    .join("|");
  const orders = [id, print].map((template) =>
    tokensOf(template).map(({ kind }) => kind),
  );
  const distinct =
    orders[0]?.[0] === orders[1]?.[0] ? orders.slice(0, 1) : orders;
  const join = (kinds: TemplateToken["kind"][], between: string) =>
    kinds.map((kind) => digits[kind]).join(between);
  const printed = printedReader(print);
  return {
    id: { pattern: new RegExp(`^${exact.join("")}$`), kinds: orders[0] ?? [] },
    named: distinct.map((kinds) => ({
      pattern: new RegExp(
        `^(?:${names})[\\s_/-]*${join(kinds, "[\\s_/-]+")}(?!\\d)`,
        "i",
      ),
      kinds,
    })),
    typed: [
      ...(printed ? [printed] : []),
      ...distinct.flatMap((kinds) => [
        {
          pattern: new RegExp(
            `^[#№]?\\s*(?:${names})[\\s:/._-]*${join(kinds, "[\\s/._-]+")}$`,
            "i",
          ),
          kinds,
        },
        // Without the name, a number alone could be anything.
        ...(kinds.length > 1
          ? [
              {
                pattern: new RegExp(
                  `^[#№]?\\s*${join(kinds, "\\s*[/.-]\\s*")}$`,
                ),
                kinds,
              },
            ]
          : []),
      ]),
    ],
  };
}

const kept = new WeakMap<Series, Readers>();

function readersOf(series: Series): Readers {
  const known = kept.get(series);
  if (known) return known;
  const readers = makeReaders(series);
  kept.set(series, readers);
  return readers;
}

/** Two digits mean 1961 to 2060. */
const fullYear = (digits: string) =>
  digits.length === 4
    ? Number(digits)
    : Number(digits) + (Number(digits) >= 61 ? 1900 : 2000);

function read(
  { pattern, kinds }: Reader,
  text: string,
): (Known & { length: number }) | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const known: Known = { number: 0 };
  for (const [index, kind] of kinds.entries()) {
    const written = match[index + 1] as string;
    if (kind === "number") known.number = Number(written);
    else {
      known.yy = written.slice(-2);
      known.year = fullYear(written);
    }
  }
  return { ...known, length: match[0].length };
}

/**
 * The series and number that an id states; null when no series of the profile
 * writes it so.
 */
function readId(
  id: string,
  { series }: Numbering,
): { series: Series; known: Known } | null {
  for (const one of series) {
    const known = read(readersOf(one).id, id);
    if (known && fill(one.id, known) === id) return { series: one, known };
  }
  return null;
}

/**
 * `printNumber` from a case id, for withdrawn cases, whose content is erased.
 * An id of a series that has left the profile stays as it is.
 */
export function numberOf(id: string, profile: Numbering): string {
  const found = readId(id, profile);
  return found ? fill(found.series.print, found.known) : id;
}

/**
 * The series' code, the number without its year, and that as it is printed,
 * "014", for search; null for an id of an unknown series.
 */
export function numberParts(
  id: string,
  profile: Numbering,
): [series: string, number: string, printed: string] | null {
  const found = readId(id, profile);
  if (!found) return null;
  const { series, known } = found;
  const [token] = tokensOf(series.print).filter(
    ({ kind }) => kind === "number",
  );
  const printed = fill(
    `{number:${token?.kind === "number" ? token.width : 1}}`,
    known,
  );
  return [series.code, String(known.number), printed];
}

/**
 * Parses a case id at the start of a text, as people write it: "UA-126-19", "UA
 * 126/19" or "ua126-19".
 * @returns the id and the rest of the text; null when the text does not begin
 * with an id
 */
export function caseIdAt(
  text: string,
  { series }: Numbering,
): { id: string; rest: string } | null {
  for (const one of series)
    for (const reader of readersOf(one).named) {
      const known = read(reader, text);
      if (known)
        return { id: fill(one.id, known), rest: text.slice(known.length) };
    }
  return null;
}

/**
 * The case id that is the whole text, as people write it, or in the form of an
 * id; null for any other text.
 */
export function caseIdIn(text: string, profile: Numbering): string | null {
  const found = caseIdAt(text, profile);
  if (found?.rest === "") return found.id;
  const id = text.toLowerCase();
  // An id without digits would be a name, such as "emir-usein".
  return isCaseId(id) && /\d/.test(id) ? id : null;
}

/** In characters. On longer texts the patterns would take quadratic time. */
const MAX_TYPED_LENGTH = 60;

/**
 * Parses a typed case number: "126/19", "UA 126/19", "ua126.19", "#126/19",
 * "ua-126-19" or "126/2019".
 * @param text in any digits
 * @returns the ids that it may mean, one for each series that writes numbers
 * so; null when the text is no number
 */
export function typedIdsIn(
  text: string,
  { series }: Numbering,
): string[] | null {
  if (text.length > 4 * MAX_TYPED_LENGTH) return null;
  const typed = plainCharacters(text).trim();
  // Most searches are names, and the first use of the patterns compiles them,
  // which takes several milliseconds.
  if (typed.length > MAX_TYPED_LENGTH || !/\d/.test(typed)) return null;
  const ids = series.flatMap((one) =>
    readersOf(one).typed.flatMap((reader) => {
      const known = read(reader, typed);
      return known ? [fill(one.id, known)] : [];
    }),
  );
  return ids.length > 0 ? [...new Set(ids)] : null;
}

/** The number that an id states; null for an id of an unknown series. */
export function caseNumberIn(
  id: string,
  profile: Numbering,
): CaseNumber | null {
  const found = readId(id, profile);
  if (!found) return null;
  const { number, year } = found.known;
  return {
    series: found.series.code,
    number,
    ...(year === undefined ? {} : { year }),
  };
}
