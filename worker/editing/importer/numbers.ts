/**
 * Finds Urgent Action numbers and index numbers in running text and in
 * addresses.
 */

const regions = "AFR|AMR|ASA|EUR|MDE|ACT|IOR|POL|NWS|ORG";
/**
 * "EUR 46/1098/2019", "MDE 24/05/92", "EUR 4634582020", and "EUR46/2507/2020"
 * in addresses.
 */
const index = new RegExp(
  `\\b(${regions})[ -]?(?:(\\d{2})/(\\d{1,4})/(\\d{4}|\\d{2})|(\\d{9,10}))(?![OIl]?\\d|[OIl](?![A-Za-z])|/\\d)`,
  "g",
);

const number =
  /(?<![\p{L}\d])(UAA?|AU|EXTRA|EX|MA|NSA|FI)(?:[- ]?(?:No|Nr)\.?)?(?: ?: ?| |-)?(\d{1,4}) ?[/.] ?((?:19|20)\d\d|\d\d)(?:-\d{1,2})?(?![\d/])/gu;

export interface IndexFound {
  reference: string;
  written: string;
  unspaced: boolean;
  year: number;
  at: number;
}

const fullYear = (written: string) =>
  written.length === 4
    ? Number(written)
    : Number(written) + (Number(written) >= 61 ? 1900 : 2000);

export function indexesIn(text: string): IndexFound[] {
  return [...text.matchAll(index)].flatMap((match): IndexFound[] => {
    const [written, region, ...spaced] = match;
    const digits = spaced[3];
    const [place, serial, year] = digits
      ? (/^(\d{2})(\d{3,4})((?:19|20)\d\d)$/.exec(digits)?.slice(1) ?? [])
      : (spaced as (string | undefined)[]);
    if (!serial || serial.length < 2 || !year) return [];
    const reference = `${region} ${place}/${serial}/${year}`;
    return [
      {
        reference,
        written,
        unspaced: digits !== undefined,
        year: fullYear(year),
        at: match.index,
      },
    ];
  });
}

export interface NumberFound {
  series: "UA" | "EXTRA" | "MA" | "NSA";
  number: number;
  year: number;
  written: string;
  at: number;
}

const twoDigits = (year: number) => String(year % 100).padStart(2, "0");

/** "UA 126/19", as Urgent Actions print it. */
export const printActionNumber = ({
  series,
  number,
  year,
}: Pick<NumberFound, "series" | "number" | "year">): string =>
  `${series} ${number}/${twoDigits(year)}`;

export function numbersIn(text: string): NumberFound[] {
  return [...text.matchAll(number)].flatMap((match) => {
    const [written, label, digits, year] = match;
    const value = Number(digits);
    if (value === 0) return [];
    const series =
      label === "UAA" || label === "AU" || label === "FI"
        ? "UA"
        : label === "EX"
          ? "EXTRA"
          : (label as NumberFound["series"]);
    const when = fullYear(year as string);
    if (when < 1973 || when > 2040) return [];
    return [{ series, number: value, year: when, written, at: match.index }];
  });
}

/** The first of each kind. */
export const distinct = <T>(items: T[], key: (item: T) => string): T[] =>
  [...Map.groupBy(items, key).values()].flatMap(([first]) => first ?? []);
