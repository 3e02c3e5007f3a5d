/** Finds English, Spanish, French, German and Italian dates in running text, at the precision of their words. */

export const months: Record<string, number> = {};
for (const names of [
  "january february march april may june july august september october november december",
  "jan feb mar apr may jun jul aug sep oct nov dec",
  "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
  "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
  "januar februar märz april mai juni juli august september oktober november dezember",
  "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
])
  for (const [index, name] of names.split(" ").entries()) months[name] = index + 1;

/** Months that only German writes so. Before the others a full stop after a number ends a sentence. */
const german = /^(?:januar|februar|märz|juni|juli|oktober|dezember)$/i;

const month = Object.keys(months)
  .sort((a, b) => b.length - a.length)
  .join("|");
const year = "(1[89]\\d\\d|20\\d\\d)";
const dayFirst = `(\\d{1,2})(?:(?:st|nd|rd|th|er|º|°)?(?: of| de)?|\\.) (${month})\\.?(?:(?: del?|,)? ?${year})?`;
const monthFirst = `(${month})\\.? (\\d{1,2})(?:st|nd|rd|th)?(?:,? ${year})?`;
const monthOnly = `(?:(in|en|since|desde|depuis) )?(${month})(?: de| of|,)? ${year}`;
const bareMonth = `(in|en) (${month})`;
const bareYear = `(?:(in|since|en|desde|depuis) )${year}`;
const iso = `${year}-(\\d\\d)-(\\d\\d)`;
const numeric = `(\\d{1,2})[/.](\\d{1,2})[/.]${year}`;
const pattern = new RegExp(
  `(?<![\\p{L}\\d/.-])(?:${iso}|${dayFirst}|${monthFirst}|${monthOnly}|${bareMonth}|${bareYear}|${numeric})(?![\\p{L}\\d]|/\\d)`,
  "giu",
);

const misreadYear = /^,?(?: del?)? (?=[\dOolI]*[OolI])[12lI][\dOolI]{3}(?![\p{L}\d])/u;

export interface FoundDate {
  asStated: string;
  year?: number;
  month?: number;
  day?: number;
  /** The index in the text at which it begins. */
  at: number;
  /** The order of day and month, or the year, is unclear. */
  ambiguous?: true;
}

const two = (value: number) => String(value).padStart(2, "0");

/** The date in EDTF; null when the year is missing or the day does not exist. */
export function edtfOf({ year, month, day }: Omit<FoundDate, "asStated" | "at">): string | null {
  if (year === undefined) return null;
  if (month === undefined) return String(year);
  if (month < 1 || month > 12) return null;
  if (day === undefined) return `${year}-${two(month)}`;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day >= 1 && day <= last ? `${year}-${two(month)}-${two(day)}` : null;
}

/** The date in a case, with its words unless they are the same. */
export const withWords = (date: string, asStated: string) => (asStated === date ? { date } : { date, asStated });

export function datesIn(text: string): FoundDate[] {
  const found: FoundDate[] = [];
  for (const match of text.matchAll(pattern)) {
    const g = match.slice(1);
    const number = (index: number) => (g[index] === undefined ? undefined : Number(g[index]));
    const named = (index: number) => months[g[index]?.toLowerCase() ?? ""];
    // Groups in the order of the alternatives: iso 0-2, day first 3-5, month first 6-8, month 9-11, bare month 12-13, year 14-15, numeric 16-18.
    const parts: [number | undefined, number | undefined, number | undefined] = g[0]
      ? [number(0), number(1), number(2)]
      : g[3]
        ? [number(5), named(4), number(3)]
        : g[6]
          ? [number(8), named(6), number(7)]
          : g[10]
            ? [number(11), named(10), undefined]
            : g[13]
              ? [undefined, named(13), undefined]
              : g[15]
                ? [number(15), undefined, undefined]
                : [number(18), number(17), number(16)];
    // "may" is a verb and "mar" a sea: short or common words count only beside a day or with a capital.
    const [y, m, d] = parts;
    const word = g[4] ?? g[6] ?? g[10] ?? g[13] ?? "";
    if (/^(may|march|mars|mar|mai|dec|sep)$/.test(word) && (d === undefined || (g[6] && y === undefined))) continue;
    if (/^\d+\./.test(match[0]) && g[3] && y === undefined && !german.test(word)) continue;
    const isNumeric = g[16] !== undefined;
    const date: FoundDate = { asStated: match[0].replace(/\.$/, ""), at: match.index };
    if (y !== undefined) date.year = y;
    if (m !== undefined) date.month = m;
    if (d !== undefined) date.day = d;
    if (isNumeric && (m ?? 0) > 12) Object.assign(date, { month: d, day: m });
    else if (isNumeric && (d ?? 0) <= 12 && d !== m) date.ambiguous = true;
    // "14 November 2O16": a year follows, but it is misread.
    if (y === undefined && misreadYear.test(text.slice(match.index + match[0].length))) date.ambiguous = true;
    if (edtfOf({ ...date, year: date.year ?? 2000 }) !== null) found.push(date);
  }
  return found;
}

/** The only full and unambiguous date in a text; null when there is none, or several. */
export function onlyDay(text: string): FoundDate | null {
  const days = datesIn(text).filter(({ day, year }) => day !== undefined && year !== undefined);
  const [first] = days;
  return first && !first.ambiguous && days.every((other) => edtfOf(other) === edtfOf(first)) ? first : null;
}
