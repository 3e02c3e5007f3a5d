/** Ids of cases and people: all code that creates or parses them. */

import { latin } from "./latin.ts";

/** The series of case numbers. */
export const seriesCodes = ["UA", "EXTRA", "MA", "NSA"] as const;

interface CaseNumber {
  series: (typeof seriesCodes)[number];
  number: number;
  year: number;
}

const SERIES = `(?:${seriesCodes.join("|").toLowerCase()})`;

/** The pattern of a case id such as `ua-126-19`, without groups, for use in other patterns. */
export const CASE_ID = `${SERIES}-\\d{1,4}-\\d{2}`;

export const caseIdPattern = new RegExp(`^${CASE_ID}$`);

const twoDigits = (year: number) => String(year % 100).padStart(2, "0");

/** `ua-126-19` */
export const caseIdOf = ({ series, number, year }: CaseNumber): string =>
  `${series.toLowerCase()}-${number}-${twoDigits(year)}`;

/** "UA 126/19", the form that the issuer uses. */
export const printNumber = ({ series, number, year }: CaseNumber): string => `${series} ${number}/${twoDigits(year)}`;

/** `printNumber` from a case id, for withdrawn cases, whose content is erased. */
export const numberOf = (id: string): string => id.toUpperCase().replace(/^([A-Z]+)-(\d+)-(\d+)$/, "$1 $2/$3");

const looseCaseId = new RegExp(`^(${SERIES})[\\s_-]*(\\d{1,4})[\\s_/-]+(\\d{2})(?!\\d)`, "i");

/**
 * Parses a case id at the start of a text, as people write it: "UA-126-19", "UA 126/19" or "ua126-19".
 * @returns the id and the rest of the text; null when the text does not begin with an id
 */
export function caseIdAt(text: string): { id: string; rest: string } | null {
  const [whole, series, number, year] = looseCaseId.exec(text) ?? [];
  return whole ? { id: `${series}-${number}-${year}`.toLowerCase(), rest: text.slice(whole.length) } : null;
}

export interface NumberQuery {
  /** In lower case; null when the text names none. */
  series: string | null;
  number: number;
  /** The last two digits. */
  year: string;
}

/** In characters. On longer texts the pattern would take quadratic time. */
const MAX_TYPED_LENGTH = 60;

const typedNumber = new RegExp(`^[#№]?\\s*(${SERIES})?[\\s:-]*(\\d{1,4})\\s*[/.-]\\s*(\\d{4}|\\d{2})$`, "i");

/**
 * Parses a typed case number: "126/19", "UA 126/19", "ua126.19", "#126/19", "ua-126-19" or "126/2019".
 * @param text with ASCII digits and signs (`plain` in names.ts)
 * @returns null when the text is anything else
 */
export function typedNumberIn(text: string): NumberQuery | null {
  const typed = text.trim();
  const match = typed.length > MAX_TYPED_LENGTH ? null : typedNumber.exec(typed);
  return match
    ? { series: match[1]?.toLowerCase() ?? null, number: Number(match[2]), year: (match[3] as string).slice(-2) }
    : null;
}

const MAX_PERSON_ID_LENGTH = 60;

/** The words of a name in Latin letters, joined by hyphens; empty when the name has no letters that we can transliterate. */
const slugOf = (name: string): string =>
  latin(name.slice(0, 2 * MAX_PERSON_ID_LENGTH))
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_PERSON_ID_LENGTH)
    .replace(/^-|-$/g, "");

/** The wanted id, with `-2`, `-3`, ... appended if it is taken. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  let id = wanted;
  for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`;
  return id;
}

/**
 * Makes an id for a new person from the name.
 * @param name the preferred name
 */
export const newPersonId = (name: string, taken: ReadonlySet<string>): string =>
  freeId(slugOf(name) || "person", taken);
