/** Which cases a list shows: the one meaning of its parameters, for the JSON and for the front page. */

import { matches, numberIn } from "../../shared/case/names.ts";
import { hasLapsed } from "../../shared/view/age.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import type { ListQuery } from "../contract/parameters.ts";

/** True when a name, a title or the number of the case answers the query; what has the form of a number must be that number. */
export function matchesQuery(query: string, summary: CaseSummary): boolean {
  const own = numberIn(summary.number);
  const wanted = numberIn(query);
  if (wanted)
    return (
      own?.number === wanted.number &&
      own.year === wanted.year &&
      (wanted.series === null || own.series === wanted.series)
    );
  const number = `${own?.series} ${own?.number}`;
  return matches(query, [number, ...summary.spellings, ...Object.values(summary.title)].join(" "));
}

const cursorOf = ({ revision }: CaseSummary) => `${Date.parse(revision.liveAt)}.${revision.sequence}`;

/** True when the summary stands behind the cursor in the order newest moment, then newest sequence. */
function isBehind(summary: CaseSummary, cursor: string): boolean {
  const [at = 0, sequence = 0] = cursor.split(".").map(Number);
  const liveAt = Date.parse(summary.revision.liveAt);
  return liveAt < at || (liveAt === at && summary.revision.sequence < sequence);
}

export interface Selection {
  page: CaseSummary[];
  /** How many answer, this page and those behind it. */
  found: number;
  /** The cursor of the page behind this one, when there is one. */
  next?: string;
}

/** @param now milliseconds since the epoch */
export function select(summaries: CaseSummary[], { q, action, limit, cursor }: ListQuery, now: number): Selection {
  const found = summaries.filter(
    (summary) =>
      (!q || matchesQuery(q, summary)) &&
      (!action || summary.action === action) &&
      // Who asks for what is open wants nothing whose deadline has passed.
      !(action === "active" && hasLapsed(summary.until, now)) &&
      (!cursor || isBehind(summary, cursor)),
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { page, found: found.length, ...(last && found.length > limit ? { next: cursorOf(last) } : {}) };
}

/** What an ETag of a list depends on. */
export const headsOf = (page: CaseSummary[]) => page.map(({ id, revision }) => `${id} ${revision.number}`).join(",");

/** Deadlines pass at noon, UTC: what is finished text depends on the halfDay of a day. */
export const halfDay = (now: number) => Math.floor(now / 43_200_000);
