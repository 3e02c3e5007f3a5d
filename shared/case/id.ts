/** Ids of cases and of people: the one place that makes and reads them. */

/** The series that cases are numbered in. */
export const seriesCodes = ["UA", "EXTRA", "MA", "NSA"] as const;

interface CaseNumber {
  series: (typeof seriesCodes)[number];
  number: number;
  year: number;
}

const SERIES = `(?:${seriesCodes.join("|").toLowerCase()})`;

/** A case's id, as the source of a regular expression without groups: `ua-126-19`. */
export const CASE_ID = `${SERIES}-\\d{1,4}-\\d{2}`;

export const caseIdPattern = new RegExp(`^${CASE_ID}$`);

const twoDigits = (year: number) => String(year % 100).padStart(2, "0");

/** `ua-126-19` */
export const caseIdOf = ({ series, number, year }: CaseNumber): string =>
  `${series.toLowerCase()}-${number}-${twoDigits(year)}`;

/** "UA 126/19", as the issuer writes it. */
export const printNumber = ({ series, number, year }: CaseNumber): string => `${series} ${number}/${twoDigits(year)}`;

/** The same, of a case's id: what is left when a case's words are gone. */
export const numberOf = (id: string): string => id.toUpperCase().replace(/^([A-Z]+)-(\d+)-(\d+)$/, "$1 $2/$3");

const looseCaseId = new RegExp(`^(${SERIES})[\\s_-]*(\\d{1,4})[\\s_/-]+(\\d{2})(?!\\d)`, "i");

/**
 * The case's id at the start of a text, as people write it: "UA-126-19", "UA 126/19" or "ua126-19".
 * @returns the id and what stands after it; null when the text begins with none
 */
export function caseIdAt(text: string): { id: string; rest: string } | null {
  const [whole, series, number, year] = looseCaseId.exec(text) ?? [];
  return whole ? { id: `${series}-${number}-${year}`.toLowerCase(), rest: text.slice(whole.length) } : null;
}

export interface NumberQuery {
  /** In lower case; null when it was left out. */
  series: string | null;
  number: number;
  /** The last two digits. */
  year: string;
}

const typedNumber = new RegExp(`^[#№]?\\s*(${SERIES})?[\\s:-]*(\\d{1,4})\\s*[/.-]\\s*(\\d{4}|\\d{2})$`, "i");

/**
 * "126/19", "UA 126/19", "ua126.19", "#126/19", "ua-126-19", "126/2019": a number is meant exactly, or not at all.
 * @param text with digits and signs as ASCII writes them (`plain` in names.ts)
 */
export function typedNumberIn(text: string): NumberQuery | null {
  const match = typedNumber.exec(text.trim());
  return match
    ? { series: match[1]?.toLowerCase() ?? null, number: Number(match[2]), year: (match[3] as string).slice(-2) }
    : null;
}

const MAX_PERSON_ID_LENGTH = 60;

/** The words of a name joined by hyphens, without marks and apostrophes; empty when it has no Latin letters. */
const slugOf = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’‘ʼ]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_PERSON_ID_LENGTH)
    .replace(/^-+|-+$/g, "");

/** The id that is wanted, with a number behind it when it is taken. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  let id = wanted;
  for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`;
  return id;
}

/**
 * An id for a person who has none yet: after the name, with a number when that is taken.
 * @param name the preferred one
 */
export const newPersonId = (name: string, taken: ReadonlySet<string>): string =>
  freeId(slugOf(name) || "person", taken);
