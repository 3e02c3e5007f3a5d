/** Filters and pages the list of cases. The JSON and the front page share it, so that parameters mean the same in both. */

import { matcher, type SearchWords, searchWords } from "../../shared/case/names.ts";
import { plainTexts } from "../../shared/case/text.ts";
import { placeNames } from "../../shared/place-names.ts";
import { numberWords, typedIdsIn } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { hasLapsed } from "../../shared/view/age.ts";
import type { CaseSummary, Summaries, Unshowable } from "../../shared/view/summary.ts";
import type { ListQuery } from "../contract/parameters.ts";

/** Each summary's words, made once, because a copy of the list serves many searches. */
const wordsOf = new WeakMap<CaseSummary, SearchWords>();

function searchWordsOf(summary: CaseSummary, profile: Profile): SearchWords {
  const known = wordsOf.get(summary);
  if (known) return known;
  const names = [
    numberWords(summary.id, profile) ?? summary.number,
    ...summary.spellings,
    ...Object.values(plainTexts(summary.title)),
    ...(summary.placeNames ?? []).flatMap((place) => place.names),
    ...summary.places.flatMap(placeNames),
  ];
  const words = searchWords([...new Set(names)].join(" "));
  wordsOf.set(summary, words);
  return words;
}

/** Cases that can't be shown: all of them, or those whose number the query names. */
export function unshowableMatching(unshowable: Unshowable[], query: string, profile: Profile): Unshowable[] {
  const ids = typedIdsIn(query, profile);
  return unshowable.filter(({ id }) => query === "" || ids?.includes(id));
}

/** A test of cases: true when a name, title, place or number matches the query. A query in the form of a number must match the number. */
export function summaryMatcher(query: string, profile: Profile): (summary: CaseSummary) => boolean {
  const ids = typedIdsIn(query, profile);
  if (ids) return ({ id }) => ids.includes(id);
  const isMatch = matcher(query);
  return (summary) => isMatch(searchWordsOf(summary, profile));
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
