/** Dates and instants as readers of a language write them. */

import { printEdtf } from "../case/partial-date.ts";
import type { Case, PartialDate } from "../case/schema.ts";
import { printDay } from "../intl.ts";
import type { LocaleTag } from "../locale.ts";
import { message, sayIn } from "../messages.ts";

/** A list prints the same few dates again and again. */
const MAX_PRINTED = 5_000;
const printed = new Map<string, string>();

export function dateIn(locale: LocaleTag, edtf: string): string {
  const key = `${locale} ${edtf}`;
  const known = printed.get(key);
  if (known !== undefined) return known;
  const text = printEdtf(edtf, (date) => printDay(locale, date), sayIn(locale));
  if (printed.size >= MAX_PRINTED) printed.clear();
  printed.set(key, text);
  return text;
}

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
