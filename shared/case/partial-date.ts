/**
 * Dates as precise as their source and no more: a subset of EDTF level 1 (ISO
 * 8601-2), https://www.loc.gov/standards/datetime/. Handled: `2016`, `2019-11`,
 * `2020-06-25`, each with `?`, `~` or `%`, and intervals `a/b`, `a/..`, `../b`.
 */

const point = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([?~%])?$/;

export interface DatePoint {
  year: number;
  month?: number;
  day?: number;
  qualifier?: "?" | "~" | "%";
}

export type DateRange = { from: DatePoint | null; to: DatePoint | null };

function parsePoint(text: string): DatePoint | null {
  const match = point.exec(text);
  if (!match) return null;
  const [, year, month, day, qualifier] = match;
  const parsed: DatePoint = { year: Number(year) };
  if (month) parsed.month = Number(month);
  if (day) parsed.day = Number(day);
  if (qualifier) parsed.qualifier = qualifier as "?" | "~" | "%";
  if (month) {
    const real = new Date(
      Date.UTC(parsed.year, Number(month) - 1, day ? Number(day) : 1),
    );
    real.setUTCFullYear(parsed.year, Number(month) - 1, day ? Number(day) : 1);
    if (
      real.getUTCMonth() + 1 !== parsed.month ||
      (day && real.getUTCDate() !== parsed.day)
    )
      return null;
  }
  return parsed;
}

/**
 * A single date, an interval, or null when the string is not EDTF that we know
 * (or names a day that does not exist).
 */
export function parseEdtf(text: string): DatePoint | DateRange | null {
  const parts = text.split("/");
  if (parts.length === 1) return parsePoint(text);
  if (parts.length !== 2) return null;
  const [from, to] = parts.map((part) =>
    part === ".." ? null : parsePoint(part),
  );
  if (
    (parts[0] !== ".." && !from) ||
    (parts[1] !== ".." && !to) ||
    (!from && !to)
  )
    return null;
  if (from && to && earliest(from) > latest(to)) return null;
  return { from: from ?? null, to: to ?? null };
}

const isoDay = (year: number, month: number, day: number): string =>
  [
    String(year).padStart(4, "0"),
    String(month).padStart(2, "0"),
    String(day).padStart(2, "0"),
  ].join("-");

const earliest = ({ year, month = 1, day = 1 }: DatePoint): string =>
  isoDay(year, month, day);

const latest = ({
  year,
  month = 12,
  day = new Date(Date.UTC(year, month, 0)).getUTCDate(),
}: DatePoint): string => isoDay(year, month, day);

const isRange = (parsed: DatePoint | DateRange): parsed is DateRange =>
  "from" in parsed;

/**
 * The last day an EDTF date can mean, `YYYY-MM-DD`; null when it has no end.
 */
export function lastDay(edtf: string): string | null {
  const parsed = parseEdtf(edtf);
  if (!parsed) return null;
  if (!isRange(parsed)) return latest(parsed);
  return parsed.to ? latest(parsed.to) : null;
}

/**
 * The first day an EDTF date can mean, `YYYY-MM-DD`; null when it has no
 * beginning.
 */
export function firstDay(edtf: string): string | null {
  const parsed = parseEdtf(edtf);
  if (!parsed) return null;
  if (!isRange(parsed)) return earliest(parsed);
  return parsed.from ? earliest(parsed.from) : null;
}

/** Orders by first possible day, then by last; open ends sort outermost. */
export function compareEdtf(a: string, b: string): number {
  const key = (text: string) =>
    `${firstDay(text) ?? "0000"} ${lastDay(text) ?? "9999"}`;
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}

/** The messages that printing a date takes; every catalogue has them. */
type DateKey =
  `date.${"uncertain" | "approximate" | "between" | "since" | "until"}`;

/**
 * Prints an EDTF date at its own precision. Malformed input is printed as it
 * is.
 * @param printDay prints a day, a month or a year in the reader's language
 * @param say the messages in that language
 */
export function printEdtf(
  edtf: string,
  printDay: (date: DatePoint) => string,
  say: (key: DateKey, values: Record<string, string>) => string,
): string {
  const parsed = parseEdtf(edtf);
  if (!parsed) return edtf;
  const print = (point: DatePoint): string => {
    const { qualifier } = point;
    const date = printDay(point);
    if (qualifier === "?" || qualifier === "%")
      return say("date.uncertain", { date });
    return qualifier === "~" ? say("date.approximate", { date }) : date;
  };
  if (!isRange(parsed)) return print(parsed);
  const { from, to } = parsed;
  if (from && to)
    return say("date.between", { from: print(from), to: print(to) });
  return from
    ? say("date.since", { date: print(from) })
    : say("date.until", { date: print(to as DatePoint) });
}
