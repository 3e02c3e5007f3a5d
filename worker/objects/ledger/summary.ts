/** Derives a case's entry in the list of cases. */
import { lastDay } from "../../../shared/case/partial-date.ts";
import { type Case, placesOf } from "../../../shared/case/schema.ts";
import { countOutdated, plainTexts } from "../../../shared/case/text.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { peopleInBrief } from "../../../shared/view/person.ts";
import { type CaseSummary, type StoredSummary, SUMMARY_VERSION } from "../../../shared/view/summary.ts";
import { iso } from "../../runtime/iso.ts";
import type { Corrected, Row } from "./revisions.ts";

/** Events that the case announces: their day is later than the day of its facts. */
const hearingsOf = ({ events, asOf }: Case) =>
  events.flatMap(({ date: { date }, text }) =>
    /^\d{4}-\d\d-\d\d$/.test(date) && date > (lastDay(asOf.date) ?? date) ? [{ date, text }] : [],
  );

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
    authorities: fields.authorities,
    custody: [...new Set(fields.people.flatMap(({ custody }) => custody?.value ?? []))],
    ...peopleInBrief(fields),
    spellings: [...new Set(fields.people.flatMap((person) => person.names.map((name) => name.value)))],
    placeNames: fields.places.map(({ name, iso3166 }) => ({
      names: Object.values(plainTexts(name)),
      ...(iso3166 === undefined ? {} : { iso3166 }),
    })),
    hearings: hearingsOf(fields),
    outdated: countOutdated(fields),
    version: SUMMARY_VERSION,
  };
}

function correctionIn(corrected: string): NonNullable<CaseSummary["correction"]> {
  const [number, liveAt] = JSON.parse(corrected) as [number, number];
  return { number, kind: "correction", liveAt: iso(liveAt) };
}

/** A case's head, with the summary as it is stored. */
export type HeadRow = Pick<Row, "case_id" | "summary" | "number" | "sequence" | "kind" | "live_at"> & Corrected;

/** What an entry of a list says besides the stored summary. */
export const placed = ({ case_id: id, number, sequence, kind, live_at, corrected }: HeadRow, profile: Profile) => ({
  number: numberOf(id, profile),
  revision: { number, sequence, kind, liveAt: iso(live_at) },
  ...(corrected === null ? {} : { correction: correctionIn(corrected) }),
});

/** A case's entry in lists as JSON. The stored summary, which must be valid, becomes a part of it as it stands. */
export function summaryText(row: HeadRow & { summary: string }, profile: Profile): string {
  return `${JSON.stringify(placed(row, profile)).slice(0, -1)},${row.summary.trimStart().slice(1)}`;
}
