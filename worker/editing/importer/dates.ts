/**
 * Finds dates in running text, in every language of Casewire, German and
 * Italian, at the precision of their words.
 */

const months: Record<string, number> = {};
for (const names of [
  "january february march april may june july august september october november december",
  "jan feb mar apr may jun jul aug sep oct nov dec",
  "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
  "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
  "januar februar märz april mai juni juli august september oktober november dezember",
  "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
  "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
  "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
  "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
  "yanvar fevral mart aprel mayıs iyün iyül avgust sentâbr oktâbr noyabr dekabr",
  "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
])
  for (const [index, name] of names.split(" ").entries())
    months[name] = index + 1;

/**
 * Months that only German writes so. Before the others a full stop after a
 * number ends a sentence.
 */
const german = /^(?:januar|februar|märz|juni|juli|oktober|dezember)$/i;

const parts = {
  year: "1[89]\\d\\d|20\\d\\d",
  day: "\\d{1,2}",
  name: Object.keys(months)
    .sort((a, b) => b.length - a.length)
    .join("|"),
  iso: "\\d\\d",
  number: "\\d{1,2}",
};
let groups = 0;
/** A part of a date, as a group with a name of its own. */
const part = (kind: keyof typeof parts) =>
  `(?<${kind}${groups++}>${parts[kind]})`;
const forms = [
  `${part("year")}-${part("iso")}-${part("day")}`,
  // Arabic may name a month twice: "مارس/آذار".
  `${part("day")}(?:(?:st|nd|rd|th|er|º|°)?(?: of| de)?|\\.) (?:\\p{L}+/)?${part("name")}\\.?(?:/\\p{L}+)?(?:(?: del?|,)? ?${part("year")})?`,
  `${part("name")}\\.? ${part("day")}(?:st|nd|rd|th)?(?:,? ${part("year")})?`,
  `(?:(?:in|en|since|desde|depuis) )?${part("name")}(?: de| of|,)? ${part("year")}`,
  `(?:in|en) ${part("name")}`,
  `(?:in|since|en|desde|depuis) ${part("year")}`,
  `${part("day")}(?:[/-]|\\. ?)${part("number")}(?:[/-]|\\. ?)${part("year")}`,
];
const pattern = new RegExp(
  `(?<![\\p{L}\\d/.-])(?:${forms.join("|")})(?!(?![гр]\\.)\\p{L}|/?\\d)`,
  "giu",
);

const misreadYear =
  /^,?(?: del?)? (?=[\dOolI]*[OolI])[12lI][\dOolI]{3}(?![\p{L}\d])/u;

export interface FoundDate {
  asStated: string;
  year?: number;
  month?: number | undefined;
  day?: number | undefined;
  /** The index in the text at which it begins. */
  at: number;
  /** The order of day and month, or the year, is unclear. */
  ambiguous?: true;
}

const two = (value: number) => String(value).padStart(2, "0");

/**
 * The date in EDTF; null when the year is missing or the day does not exist.
 */
export function edtfOf({
  year,
  month,
  day,
}: Omit<FoundDate, "asStated" | "at">): string | null {
  if (year === undefined) return null;
  if (month === undefined) return String(year);
  if (month < 1 || month > 12) return null;
  if (day === undefined) return `${year}-${two(month)}`;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day >= 1 && day <= last ? `${year}-${two(month)}-${two(day)}` : null;
}

/** The date in a case, with its words unless they are the same. */
export const withWords = (date: string, asStated: string) =>
  asStated === date ? { date } : { date, asStated };

export function datesIn(text: string): FoundDate[] {
  const found: FoundDate[] = [];
  for (const match of text.matchAll(pattern)) {
    const of = (kind: keyof typeof parts) =>
      Object.entries(match.groups ?? {}).find(
        ([name, part]) => part !== undefined && name.startsWith(kind),
      )?.[1];
    const [year, day, word = "", number] = [
      of("year"),
      of("day"),
      of("name"),
      of("number"),
    ];
    // "may" is a verb and "mar" a sea: short or common words count only beside
    // a day or with a capital.
    const isVerb =
      day === undefined || (match[0].startsWith(word) && year === undefined);
    if (isVerb && /^(?:may|march|mars|mar|mai|dec|sep)$/.test(word)) continue;
    if (/^\d+\. /.test(match[0]) && year === undefined && !german.test(word))
      continue;
    const month = months[word.toLowerCase()] ?? of("iso") ?? number;
    const date: FoundDate = {
      asStated: match[0].replace(/\.$/, ""),
      at: match.index,
      ...(year !== undefined && { year: Number(year) }),
      ...(month !== undefined && { month: Number(month) }),
      ...(day !== undefined && { day: Number(day) }),
    };
    if (Number(number) > 12)
      Object.assign(date, { month: Number(day), day: Number(number) });
    else if (
      Number(number) > 0 &&
      Number(day) <= 12 &&
      Number(day) !== Number(number)
    )
      date.ambiguous = true;
    // "14 November 2O16": a year follows, but it is misread.
    if (
      year === undefined &&
      misreadYear.test(text.slice(match.index + match[0].length))
    )
      date.ambiguous = true;
    if (edtfOf({ ...date, year: date.year ?? 2000 }) !== null) found.push(date);
  }
  return found;
}

/**
 * The only full and unambiguous date in a text; null when there is none, or
 * several.
 */
export function onlyDay(text: string): FoundDate | null {
  const days = datesIn(text).filter(
    ({ day, year }) => day !== undefined && year !== undefined,
  );
  const [first] = days;
  return first &&
    !first.ambiguous &&
    days.every((other) => edtfOf(other) === edtfOf(first))
    ? first
    : null;
}
