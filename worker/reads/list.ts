/** Filters and pages the list of cases. The JSON and the front page share it, so that parameters mean the same in both. */
import { plainTexts } from "../../shared/case/text.ts";
import { typedIdsIn } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { hasLapsed } from "../../shared/view/age.ts";
import type { CaseSummary, Summaries, Unshowable } from "../../shared/view/summary.ts";
import type { ListQuery } from "../contract/parameters.ts";
import { caseMatcher } from "../editorial/case-search.ts";

/** Cases that can't be shown: all of them, or those whose number the query names. */
export function unshowableMatching(unshowable: Unshowable[], query: string, profile: Profile): Unshowable[] {
  const ids = typedIdsIn(query, profile);
  return unshowable.filter(({ id }) => query === "" || ids?.includes(id));
}

/** A test of summaries; see `caseMatcher`. */
export const summaryMatcher = (query: string, profile: Profile): ((summary: CaseSummary) => boolean) =>
  caseMatcher(query, searchableOf, profile);

const searchableOf = ({ title, placeNames = [], ...summary }: CaseSummary) => ({
  ...summary,
  titles: Object.values(plainTexts(title)),
  placeNames: placeNames.flatMap(({ names }) => names),
});

const cursorOf = ({ revision }: CaseSummary) => `${Date.parse(revision.liveAt)}.${revision.sequence}`;

/** True when the summary comes after the cursor. The order is newest moment first, then newest sequence. */
function isBehind(summary: CaseSummary, cursor: string): boolean {
  const [at = 0, sequence = 0] = cursor.split(".").map(Number);
  const liveAt = Date.parse(summary.revision.liveAt);
  return liveAt < at || (liveAt === at && summary.revision.sequence < sequence);
}

export interface Selection {
  page: CaseSummary[];
  /** The number of matches on this page and on those after it. */
  found: number;
  /** Cases that can't be shown: all of them on the first page of the whole list, in a search those whose number matches. */
  unshowable: Unshowable[];
  /** The cursor of the next page, if there is one. */
  next?: string;
}

/** @param now milliseconds since the epoch */
export function select(
  { cases, unshowable }: Summaries,
  { q, action, limit, cursor }: ListQuery,
  now: number,
  profile: Profile,
): Selection {
  const isWanted = q ? summaryMatcher(q, profile) : () => true;
  const found = cases.filter(
    (summary) =>
      isWanted(summary) &&
      (!action || summary.action === action) &&
      // A filter for active cases leaves out cases whose deadline has passed.
      !(action === "active" && hasLapsed(summary.until, now)) &&
      (!cursor || isBehind(summary, cursor)),
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const numbers = action || cursor ? [] : unshowableMatching(unshowable, q ?? "", profile);
  return {
    page,
    found: found.length,
    unshowable: numbers,
    ...(last && found.length > limit ? { next: cursorOf(last) } : {}),
  };
}

/** The part of a list's ETag that names its heads. */
export const headsOf = (page: CaseSummary[], unshowable: Unshowable[] = []) =>
  [...page.map(({ id, revision }) => `${id} ${revision.number}`), ...unshowable.map(({ id }) => id)].join(",");

const HALF_DAY_MS = 43_200_000;

/** The number of the half day, for ETags: deadlines pass at noon UTC, and localized texts change then. */
export const halfDay = (now: number) => Math.floor(now / HALF_DAY_MS);
