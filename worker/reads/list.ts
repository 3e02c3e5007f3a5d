/** Filters and pages the list of cases. The JSON and the front page share it, so that parameters mean the same in both. */

import { matches, numberIn } from "../../shared/case/names.ts";
import { hasLapsed } from "../../shared/view/age.ts";
import type { CaseSummary, Summaries, Unshowable } from "../../shared/view/summary.ts";
import type { ListQuery } from "../contract/parameters.ts";

/** Compares a query with a case's number. @returns null when the query is not a number */
function matchesNumber(query: string, number: string): boolean | null {
  const own = numberIn(number);
  const wanted = numberIn(query);
  if (!wanted) return null;
  return (
    own?.number === wanted.number &&
    own.year === wanted.year &&
    (wanted.series === null || own.series === wanted.series)
  );
}

/** True when a name, title or number of the case matches the query. A query in the form of a number must match the number. */
export function matchesQuery(query: string, summary: CaseSummary): boolean {
  const byNumber = matchesNumber(query, summary.number);
  if (byNumber !== null) return byNumber;
  const own = numberIn(summary.number);
  const number = `${own?.series} ${own?.number}`;
  return matches(query, [number, ...summary.spellings, ...Object.values(summary.title)].join(" "));
}

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
): Selection {
  const found = cases.filter(
    (summary) =>
      (!q || matchesQuery(q, summary)) &&
      (!action || summary.action === action) &&
      // A filter for active cases leaves out cases whose deadline has passed.
      !(action === "active" && hasLapsed(summary.until, now)) &&
      (!cursor || isBehind(summary, cursor)),
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const numbers = action || cursor ? [] : unshowable.filter((entry) => !q || matchesNumber(q, entry.number) === true);
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
