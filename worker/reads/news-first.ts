/**
 * The order of cases on pages for readers. The JSON API's lists and the feeds
 * keep their own, newest first.
 */
import type { Revision } from "../../shared/revision.ts";
import { newsUntil } from "../../shared/view/age.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import type { CaseState } from "./state.ts";

/**
 * News that leads a page: where somebody is has changed, or was stated wrongly.
 */
const leads = ({ kind, changes }: Revision): boolean =>
  kind === "correction" || changes.some(({ what }) => what === "custody");

/**
 * When the news came that leads; 0 without any. A redaction comes last: its
 * place must not point at what had to vanish.
 */
function weightOf(
  { revision }: CaseSummary,
  state: CaseState | undefined,
  now: number,
): number {
  if (revision.kind === "redaction") return -1;
  const told =
    state?.state === "present"
      ? [state.record.revision, state.corrected, state.earlier]
      : [];
  return Math.max(
    0,
    ...told.flatMap((one) =>
      one && now < newsUntil(one) && leads(one) ? Date.parse(one.liveAt) : [],
    ),
  );
}

/**
 * Fresh releases, other news of where people are, and corrections first; then
 * the others, newest first; redacted cases last.
 * @param page newest first
 * @param states of the cases with fresh news, by id
 * @param now milliseconds since the epoch
 */
export const newsFirst = (
  page: CaseSummary[],
  states: ReadonlyMap<string, CaseState>,
  now: number,
): CaseSummary[] =>
  page.toSorted(
    (one, other) =>
      weightOf(other, states.get(other.id), now) -
      weightOf(one, states.get(one.id), now),
  );
