/** Filters and pages the list of cases. The JSON and the front page share it, so that parameters mean the same in both. */
import { typedIdsIn } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { newsUntil } from "../../shared/view/age.ts";
import { type CaseSummary, type Summaries, standingCorrections, type Unshowable } from "../../shared/view/summary.ts";
import { DEFAULT_LIMIT, type ListQuery } from "../editing/contract/parameters.ts";
import { revisionTag } from "./freshness.ts";
import { type Filters, isFiltered } from "./list-filters.ts";
import { SearchIndex } from "./search-index.ts";

/** Cases that can't be shown: all of them, or those whose number the query names. */
export function unshowableMatching(unshowable: Unshowable[], query: string, profile: Profile): Unshowable[] {
  const ids = typedIdsIn(query, profile);
  return unshowable.filter(({ id }) => query === "" || ids?.includes(id));
}

const byProfile = new WeakMap<Profile, SearchIndex>();

function indexFor(profile: Profile): SearchIndex {
  const index = byProfile.get(profile) ?? new SearchIndex(profile);
  byProfile.set(profile, index);
  return index;
}

/** The index of a list, until another list's is asked for. */
export const indexOf = (cases: CaseSummary[], profile: Profile): SearchIndex => indexFor(profile).of(cases);

/** Prepares the index of a list that will have these cases. */
export const prepareIndex = (cases: CaseSummary[], profile: Profile): void => indexFor(profile).prepare(cases);

/** What a case's place in the list depends on. */
export interface Placed {
  revision: Pick<CaseSummary["revision"], "liveAt" | "sequence">;
}

export const cursorOf = ({ revision }: Placed) => `${Date.parse(revision.liveAt)}.${revision.sequence}`;

/** A cursor before every case. */
const BEFORE_ALL = "999999999999999.0";

/** The question for a page of the list. */
export interface PageQuery extends Filters, Pick<ListQuery, "limit" | "cursor"> {
  /** The number of matches before the page. Used by the bot, in place of a cursor. */
  from?: number | undefined;
}

/** The part of the list that a cursor stands for: cases before `position`, and after `floor` if there is one. */
export interface Span {
  position: string;
  /** The newest case at the time of the first page. */
  start: string;
  floor: string | undefined;
}

/** @param newest the newest case of the list */
export function spanOf(cursor: string | undefined, newest: Placed | undefined): Span {
  const [position = BEFORE_ALL, start = newest ? cursorOf(newest) : BEFORE_ALL, floor] = cursor?.split("~") ?? [];
  return { position, start, floor };
}

/** The position of the first summary behind a cursor. The order is newest moment first, then newest sequence. */
function positionBehind(cases: CaseSummary[], cursor: string): number {
  const [at = 0, sequence = 0] = cursor.split(".").map(Number);
  let [from, to] = [0, cases.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const { revision } = cases[middle] as CaseSummary;
    const liveAt = Date.parse(revision.liveAt);
    if (liveAt < at || (liveAt === at && revision.sequence < sequence)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** The position of the first summary at a cursor or behind it. */
function positionAt(cases: CaseSummary[], cursor: string): number {
  const [at, sequence] = cursor.split(".");
  return positionBehind(cases, `${at}.${Number(sequence) + 1}`);
}

/**
 * Names a list by its filters, for keeping it. Null for searches, filters and older pages: there are too many to keep, and they would
 * push copies of cases out of memory.
 */
export const listKey = ({ action, limit, lang: _, ...others }: ListQuery): string | null =>
  limit !== DEFAULT_LIMIT || Object.values(others).some((value) => value !== undefined && value !== "")
    ? null
    : (action ?? "all");

export interface Selection {
  page: CaseSummary[];
  /** The number of matches on this page and on those after it. */
  found: number;
  /** Cases that can't be shown: all of them on the first page of the whole list, in a search those whose number matches. */
  unshowable: Unshowable[];
  /** The cursor of the next page, if there is one. */
  next?: string;
  /** On the last page, the cursor of a page with the cases that changed since the first page, if there are any. */
  changed?: string;
}

/**
 * A page of the cases that match. A query in the form of a number must match the number.
 *
 * A case that changes while somebody pages moves to the top, behind the reader's back. So a cursor also holds the newest case at the
 * time of the first page (`start`). After the last page come the cases that changed since then, down to that one (`floor`), and so on
 * until nothing has changed.
 * @param now milliseconds since the epoch
 */
export function select({ cases, unshowable }: Summaries, query: PageQuery, now: number, profile: Profile): Selection {
  const { q, changedSince, limit, cursor, from = 0 } = query;
  const ids = q ? typedIdsIn(q, profile) : null;
  const flags = indexOf(cases, profile).find(query, ids, now);
  const span = spanOf(cursor, cases[0]);
  const { position, start, floor } = span;
  const last = changedSince === undefined ? cases.length : positionBehind(cases, `${changedSince}.0`);
  const end = floor === undefined ? last : Math.min(last, positionAt(cases, floor));
  const page: CaseSummary[] = [];
  let found = 0;
  for (let at = positionBehind(cases, position); at < end; at++) {
    if (flags && !flags[at]) continue;
    found++;
    if (found > from && page.length < limit) page.push(cases[at] as CaseSummary);
  }
  const newest = flags ? flags.indexOf(1) : 0;
  const hasChanged = newest >= 0 && newest < Math.min(last, positionAt(cases, start));
  return {
    page,
    found,
    unshowable: showsUnshowable(query) ? unshowableMatching(unshowable, q ?? "", profile) : [],
    ...followingOf(span, page.at(-1), found > from + limit, hasChanged, cases[0]),
  };
}

/** True for a page that names the cases that can't be shown. */
export const showsUnshowable = (query: PageQuery): boolean =>
  !(query.action || query.cursor || query.at || isFiltered(query));

/**
 * The cursors of a page.
 * @param more true when more matches follow
 * @param hasChanged true when a match is newer than the start
 * @param newest the newest case of the list
 */
export function followingOf(
  { start, floor }: Span,
  last: Placed | undefined,
  more: boolean,
  hasChanged: boolean,
  newest: Placed | undefined,
): Pick<Selection, "next" | "changed"> {
  if (last && more) return { next: [cursorOf(last), start, ...(floor === undefined ? [] : [floor])].join("~") };
  return hasChanged ? { changed: [BEFORE_ALL, newest ? cursorOf(newest) : BEFORE_ALL, start].join("~") } : {};
}

/** The part of a list's ETag that names its heads, what was derived from them, and their corrections. */
export const headsOf = (page: CaseSummary[], now: number, unshowable: Unshowable[] = []) =>
  [
    ...page.map((entry) => [
      entry.id,
      revisionTag(entry.revision),
      entry.version,
      ...standingCorrections(entry, now).map(({ number }) => number),
    ]),
    ...unshowable.map(({ id }) => [id]),
  ]
    .map((parts) => parts.join(" "))
    .join();

/** When time alone ends a correction that a list shows, in milliseconds since the epoch. */
export const correctionsEnd = (page: CaseSummary[], now: number): number =>
  Math.min(...page.flatMap((entry) => standingCorrections(entry, now).map(newsUntil)));

const HALF_DAY_MS = 43_200_000;

/** The number of the half day, for ETags: deadlines pass at noon UTC, and localized texts change then. */
export const halfDay = (now: number) => Math.floor(now / HALF_DAY_MS);

/** When the half day began, in milliseconds since the epoch. */
export const startOfHalfDay = (now: number) => halfDay(now) * HALF_DAY_MS;

/** When the next half day begins, in milliseconds since the epoch. */
export const nextHalfDay = (now: number) => (halfDay(now) + 1) * HALF_DAY_MS;
