/** Derives a case's entry in the list of cases. */
import { lastDay } from "../../shared/case/partial-date.ts";
import { type Case, placesOf } from "../../shared/case/schema.ts";
import { countOutdated, plainTexts } from "../../shared/case/text.ts";
import { numberOf } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { peopleInBrief } from "../../shared/view/person.ts";
import type { CaseSummary, StoredSummary } from "../../shared/view/summary.ts";
import { caseWords } from "./case-words.ts";
import type { CaseState } from "./state.ts";

/**
 * Events that the case announces: their day is later than the day of its facts.
 */
export const hearingsOf = ({ events, asOf }: Case) =>
  events.flatMap(({ date: { date }, text }) =>
    /^\d{4}-\d\d-\d\d$/.test(date) && date > (lastDay(asOf.date) ?? date)
      ? [{ date, text }]
      : [],
  );

export function summaryOf(fields: Case): StoredSummary {
  const { id, title, language, issuer, action } = fields;
  const spellings = [
    ...new Set(
      fields.people.flatMap((person) => person.names.map((name) => name.value)),
    ),
  ];
  const placeNames = fields.places.map(({ name, iso3166 }) => ({
    names: Object.values(plainTexts(name)),
    ...(iso3166 === undefined ? {} : { iso3166 }),
  }));
  return {
    id,
    demo: fields.demo,
    title,
    language,
    issuer,
    action: action.state,
    ...(action.until === undefined ? {} : { until: action.until }),
    asOf: fields.asOf.date,
    ...(fields.asOf.inferred ? { inferred: fields.asOf.inferred } : {}),
    places: placesOf(fields),
    authorities: fields.authorities,
    custody: [
      ...new Set(fields.people.flatMap(({ custody }) => custody?.value ?? [])),
    ],
    ...peopleInBrief(fields),
    words: caseWords({ title, spellings, placeNames }),
    spellings,
    states: fields.people.map(({ custody }) => custody?.value ?? ""),
    placeNames,
    hearings: hearingsOf(fields),
    outdated: countOutdated(fields),
  };
}

/** The entries of cases that lists show, from their heads. */
export const summariesIn = (
  states: CaseState[],
  profile: Profile,
): CaseSummary[] =>
  states.flatMap((state) => {
    if (state.state !== "present") return [];
    const { case: fields, revision } = state.record;
    return [
      { ...summaryOf(fields), number: numberOf(fields.id, profile), revision },
    ];
  });
