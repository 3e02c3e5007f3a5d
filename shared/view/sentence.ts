/** Prison sentences in words. */

import { parseEdtf } from "../case/partial-date.ts";
import type { PartialDate, Sentence } from "../case/schema.ts";
import { joinList, joinUnits } from "../intl.ts";
import type { LocaleTag } from "../locale.ts";
import { type Gender, message, sayIn } from "../messages.ts";
import { partialDateIn } from "./date.ts";

type Duration = Sentence["duration"];
type Earlier = NonNullable<Sentence["earlier"]>[number];

/** In some languages the words for years differ after "sentenced to". */
const units = {
  sentenced: ["sentence.years", "sentence.months", "sentence.days"],
  alone: ["term.years", "term.months", "term.days"],
} as const;

const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/;
const DAYS_IN_MONTH = 30;

/** The length of a term in months; undefined for `life` and `death`. */
export function monthsOf(duration: Duration): number | undefined {
  const match = DURATION.exec(duration);
  if (!match) return;
  const [years = 0, months = 0, days = 0] = match
    .slice(1)
    .map((count) => Number(count ?? 0));
  return years * 12 + months + Math.round(days / DAYS_IN_MONTH);
}

/** "12 years", "7 years and 6 months" */
function lengthOf(
  duration: string,
  use: keyof typeof units,
  locale: LocaleTag,
): string {
  const match = DURATION.exec(duration);
  if (!match) return duration;
  const parts = units[use].flatMap((key, index) => {
    const count = match[index + 1];
    return count === undefined
      ? []
      : [message(locale, key, { count: Number(count) })];
  });
  return joinUnits(locale, parts);
}

const kindOf = (duration: Duration) =>
  duration === "life" || duration === "death" ? duration : "term";

/** "12 years in prison" */
export function termIn(duration: Duration, locale: LocaleTag): string {
  const kind = kindOf(duration);
  if (kind !== "term") return message(locale, `term.${kind}`);
  return message(locale, "term.prison", {
    term: lengthOf(duration, "alone", locale),
  });
}

/** "Sentence: 12 years", "Sentence: 2½ years" */
export function shortSentenceIn(duration: Duration, locale: LocaleTag): string {
  const kind = kindOf(duration);
  const [, years] = /^P(\d+)Y6M$/.exec(duration) ?? [];
  // "2½ years", "2,5 року"
  const half =
    years &&
    message(locale, "term.years", { count: Number(years) + 0.5 }).replace(
      ".5",
      "½",
    );
  const term =
    half ??
    (kind === "term"
      ? lengthOf(duration, "alone", locale)
      : message(locale, `term.${kind}`));
  return message(locale, "sentence.short", { term });
}

/**
 * "in 2019", "on 25 June 2020"; in brackets when the date is uncertain or a
 * span of time
 */
function whenIn(date: PartialDate, locale: LocaleTag): string {
  const parsed = parseEdtf(date.date);
  const exact =
    parsed && !("from" in parsed) && !parsed.qualifier ? parsed : null;
  const precision = !exact
    ? "other"
    : exact.day
      ? "day"
      : exact.month
        ? "month"
        : "year";
  return message(locale, `date.when.${precision}`, {
    date: partialDateIn(locale, date),
  });
}

/** "Sentenced in 2019 to 12 years in prison" */
export function sentenceIn(
  { duration, imposedOn }: Pick<Sentence, "duration" | "imposedOn">,
  gender: Gender,
  locale: LocaleTag,
): string {
  const say = sayIn(locale);
  const kind = kindOf(duration);
  const values = {
    gender,
    ...(kind === "term"
      ? { term: lengthOf(duration, "sentenced", locale) }
      : {}),
  };
  return imposedOn
    ? say(`sentence.${kind}.dated`, {
        ...values,
        when: whenIn(imposedOn, locale),
      })
    : say(`sentence.${kind}`, values);
}

/**
 * "Earlier sentence: 19 years in prison (imposed in 2018 and changed in 2019)"
 */
export function earlierIn(
  { duration, imposedOn, changedOn }: Earlier,
  locale: LocaleTag,
): string {
  const say = sayIn(locale);
  const dates = [
    ...(imposedOn
      ? [say("sentence.imposed", { when: whenIn(imposedOn, locale) })]
      : []),
    ...(changedOn
      ? [say("sentence.changed", { when: whenIn(changedOn, locale) })]
      : []),
  ];
  const term = termIn(duration, locale);
  return dates.length > 0
    ? say("sentence.earlier.dated", { term, dates: joinList(locale, dates) })
    : say("sentence.earlier", { term });
}
