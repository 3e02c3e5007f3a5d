/** Dates and instants as readers of a language write them. */

import { printEdtf } from "../case/partial-date.ts";
import type { Case, PartialDate } from "../case/schema.ts";
import { printDay, reprinted } from "../intl.ts";
import type { LocaleTag } from "../locale.ts";
import { message, sayIn } from "../messages.ts";

export const dateIn = (locale: LocaleTag, edtf: string): string =>
  reprinted(`${locale} ${edtf}`, () => printEdtf(edtf, (date) => printDay(locale, date), sayIn(locale)));

export function partialDateIn(locale: LocaleTag, { date, inferred }: PartialDate): string {
  const text = dateIn(locale, date);
  return inferred?.includes("year") ? message(locale, "date.inferred", { date: text }) : text;
}

/** "25 November 2026, 10:03 UTC" */
export function instantIn(locale: LocaleTag, iso: string): string {
  return message(locale, "view.instant", { day: dateIn(locale, iso.slice(0, 10)), time: iso.slice(11, 16) });
}

/** "Facts as of 25 June 2020" */
export const viewAsOf = (fields: Pick<Case, "asOf">, locale: LocaleTag): string =>
  `${message(locale, "view.asOf")} ${partialDateIn(locale, fields.asOf)}`;
