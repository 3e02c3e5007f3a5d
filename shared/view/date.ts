/** Dates and instants as readers of a language write them. */

import { printEdtf } from "../case/partial-date.ts";
import type { Case, PartialDate } from "../case/schema.ts";
import { printDay, reprinted } from "../intl.ts";
import type { LocaleTag } from "../locale.ts";
import { message, sayIn } from "../messages.ts";

export const dateIn = (locale: LocaleTag, edtf: string): string =>
  reprinted(`${locale} ${edtf}`, () =>
    printEdtf(edtf, (date) => printDay(locale, date), sayIn(locale)),
  );

export function partialDateIn(
  locale: LocaleTag,
  { date, inferred }: PartialDate,
): string {
  const text = dateIn(locale, date);
  return inferred?.includes("year")
    ? message(locale, "date.inferred", { date: text })
    : text;
}

/** "25 November 2026, 10:03 UTC" */
export function instantIn(locale: LocaleTag, iso: string): string {
  return message(locale, "view.instant", {
    day: dateIn(locale, iso.slice(0, 10)),
    time: iso.slice(11, 16),
  });
}

/** "Facts as of 25 June 2020" */
export const viewAsOf = (
  fields: Pick<Case, "asOf">,
  locale: LocaleTag,
): string =>
  `${message(locale, "view.asOf")} ${partialDateIn(locale, fields.asOf)}`;

/**
 * "as of 25 June 2020", "as of 20 to 28 November 2026", "as of 20 October to 28
 * November 2026"
 */
export function factsAsOf(
  locale: LocaleTag,
  dates: (PartialDate | string)[],
): string {
  const sorted = dates
    .map((date) => (typeof date === "string" ? { date } : date))
    .toSorted((a, b) => (a.date < b.date ? -1 : 1));
  const [first, last] = [
    sorted[0] as PartialDate,
    sorted.at(-1) as PartialDate,
  ];
  const to = partialDateIn(locale, last);
  if (first.date === last.date)
    return message(locale, "view.dated", { date: to });
  const [year, month, day = ""] = first.date.split("-");
  const isShort =
    /^\d\d$/.test(day) && !first.inferred && last.date.startsWith(`${year}-`);
  const dayIn = isShort
    ? printDay(locale, { month: Number(month), day: Number(day) })
    : partialDateIn(locale, first);
  const from =
    isShort && last.date.startsWith(`${year}-${month}-`)
      ? dayIn.replace(/\s.*/, "")
      : dayIn;
  return message(locale, "view.dated.span", { from, to });
}
