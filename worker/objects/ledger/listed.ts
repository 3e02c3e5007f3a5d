/** A case's entry in lists: its stored summary with its number, its place and its newest correction. */
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { CaseSummary } from "../../../shared/view/summary.ts";
import { iso } from "../../runtime/iso.ts";
import type { Corrected, RevisionRow } from "./revisions.ts";

function correctionIn(corrected: string): NonNullable<CaseSummary["correction"]> {
  const [number, liveAt] = JSON.parse(corrected) as [number, number];
  return { number, kind: "correction", liveAt: iso(liveAt) };
}

/** A case's head, with the summary as it is stored. */
export type ListedHead = Pick<RevisionRow, "case_id" | "summary" | "number" | "sequence" | "kind" | "live_at"> &
  Corrected;

/** What an entry of a list says besides the stored summary. */
export const placed = ({ case_id: id, number, sequence, kind, live_at, corrected }: ListedHead, profile: Profile) => ({
  number: numberOf(id, profile),
  revision: { number, sequence, kind, liveAt: iso(live_at) },
  ...(corrected === null ? {} : { correction: correctionIn(corrected) }),
});

/** A case's entry in lists as JSON. The stored summary, which must be valid, becomes a part of it as it stands. */
export function summaryText(row: ListedHead & { summary: string }, profile: Profile): string {
  return `${JSON.stringify(placed(row, profile)).slice(0, -1)},${row.summary.trimStart().slice(1)}`;
}
