/** Derives a case's entry in the list of cases. */
import { type Case, placesOf, preferredName } from "../../shared/case/schema.ts";
import { countOutdated, plainTexts } from "../../shared/case/text.ts";
import type { StoredSummary } from "../../shared/view/summary.ts";

export function summaryOf(fields: Case): StoredSummary {
  const { id, title, language, issuer, action } = fields;
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
    people: fields.people.map((person) => preferredName(person).value),
    spellings: [...new Set(fields.people.flatMap((person) => person.names.map((name) => name.value)))],
    placeNames: fields.places.map(({ name, iso3166 }) => ({
      names: Object.values(plainTexts(name)),
      ...(iso3166 === undefined ? {} : { iso3166 }),
    })),
    outdated: countOutdated(fields),
  };
}
