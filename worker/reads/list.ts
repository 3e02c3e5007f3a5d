/** Pages of the list of cases, and what names them in ETags. */
import { typedIdsIn } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { newsUntil } from "../../shared/view/age.ts";
import {
  type CaseSummary,
  standingCorrections,
  type Unshowable,
} from "../../shared/view/summary.ts";
import {
  DEFAULT_LIMIT,
  type ListQuery,
  MAX_LIMIT,
} from "../editing/contract/parameters.ts";
import { revisionTag } from "./freshness.ts";
import { type Filters, isFiltered } from "./list-filters.ts";

/**
 * Cases that can't be shown: all of them, or those whose number the query
 * names.
 */
export function unshowableMatching(
  unshowable: readonly Unshowable[],
  query: string,
  profile: Profile,
): Unshowable[] {
  const ids = typedIdsIn(query, profile);
  return unshowable.filter(({ id }) => query === "" || ids?.includes(id));
}

/** What a case's place in the list depends on. */
export interface Placed {
  id: string;
  revision: Pick<CaseSummary["revision"], "liveAt">;
}

export const cursorOf = ({ id, revision }: Placed) =>
  `${Date.parse(revision.liveAt)}.${id}`;

/** A cursor before every case. */
const BEFORE_ALL = "999999999999999.";

/**
 * Cases on the first page of the list that isolates without all cases ask for.
 * No page is longer.
 */
export const FIRST_PAGE_CASES = MAX_LIMIT;

/** The question for a page of the list. */
export interface PageQuery
  extends Filters,
    Pick<ListQuery, "limit" | "cursor"> {
  /**
   * The number of matches before the page. Used by the bot, in place of a
   * cursor.
   */
  from?: number | undefined;
}

/**
 * The part of the list that a cursor stands for: cases before `position`, and
 * after `floor` if there is one.
 */
export interface Span {
  position: string;
  /** The newest case at the time of the first page. */
  start: string;
  floor: string | undefined;
}

/** @param newest the newest case of the list */
export function spanOf(
  cursor: string | undefined,
  newest: Placed | undefined,
): Span {
  const [
    position = BEFORE_ALL,
    start = newest ? cursorOf(newest) : BEFORE_ALL,
    floor,
  ] = cursor?.split("~") ?? [];
  return { position, start, floor };
}

/**
 * The position of the first summary behind a cursor. The order is newest moment
 * first, then the case's id.
 * @param isAt finds the case of the cursor itself too
 */
export function positionBehind(
  cases: readonly CaseSummary[],
  cursor: string,
  isAt = false,
): number {
  const [moment, of = ""] = cursor.split(".");
  const at = Number(moment);
  let [from, to] = [0, cases.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const { id, revision } = cases[middle] as CaseSummary;
    const liveAt = Date.parse(revision.liveAt);
    if (liveAt < at || (liveAt === at && (id > of || (isAt && id === of))))
      to = middle;
    else from = middle + 1;
  }
  return from;
}

/** The position of the first summary at a cursor or behind it. */
export const positionAt = (
  cases: readonly CaseSummary[],
  cursor: string,
): number => positionBehind(cases, cursor, true);

/**
 * Names a list by its filters, for keeping it. Null for searches, filters and
 * older pages: there are too many to keep, and they would push copies of cases
 * out of memory.
 */
export const listKey = ({
  action,
  limit,
  lang: _,
  ...others
}: ListQuery): string | null =>
  limit !== DEFAULT_LIMIT ||
  Object.values(others).some((value) => value !== undefined && value !== "")
    ? null
    : (action ?? "all");

/** A case with a person whose name is near what was searched. */
export interface NearCase {
  name: string;
  summary: CaseSummary;
}

export interface Selection {
  page: CaseSummary[];
  /**
   * When nothing is found: cases of people with names near to the query, the
   * nearest first.
   */
  near: NearCase[];
  /** The number of matches on this page and on those after it. */
  found: number;
  /**
   * Cases that can't be shown: all of them on the first page of the whole list,
   * in a search those whose number matches.
   */
  unshowable: Unshowable[];
  /** The cursor of the next page, if there is one. */
  next?: string;
  /**
   * On the last page, the cursor of a page with the cases that changed since
   * the first page, if there are any.
   */
  changed?: string;
}

/**
 * True for the first cases of the list, which an isolate without all cases can
 * ask for.
 */
export const isFirstPage = ({
  q,
  action,
  at,
  cursor,
  from = 0,
  limit,
  ...filters
}: PageQuery): boolean =>
  !(
    q ||
    action ||
    at ||
    cursor ||
    from > 0 ||
    isFiltered(filters as PageQuery)
  ) && limit <= FIRST_PAGE_CASES;

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
  if (last && more)
    return {
      next: [
        cursorOf(last),
        start,
        ...(floor === undefined ? [] : [floor]),
      ].join("~"),
    };
  return hasChanged
    ? {
        changed: [
          BEFORE_ALL,
          newest ? cursorOf(newest) : BEFORE_ALL,
          start,
        ].join("~"),
      }
    : {};
}

/**
 * The part of a list's ETag that names its heads, their corrections and the
 * names that are offered.
 */
export const headsOf = (
  page: CaseSummary[],
  now: number,
  {
    unshowable = [],
    near = [],
  }: Partial<Pick<Selection, "unshowable" | "near">> = {},
) =>
  [
    ...page.map((entry) => [
      entry.id,
      revisionTag(entry.revision),
      ...standingCorrections(entry, now).map(({ number }) => number),
    ]),
    ...unshowable.map(({ id }) => [id]),
    ...near.map(({ name, summary: { id, revision } }) => [
      name,
      id,
      revisionTag(revision),
    ]),
  ]
    .map((parts) => parts.join(" "))
    .join();

/**
 * When time alone ends a correction that a list shows, in milliseconds since
 * the epoch.
 */
export const correctionsEnd = (page: CaseSummary[], now: number): number =>
  Math.min(
    ...page.flatMap((entry) => standingCorrections(entry, now).map(newsUntil)),
  );

const HALF_DAY_MS = 43_200_000;

/**
 * The number of the half day, for ETags: deadlines pass at noon UTC, and
 * localized texts change then.
 */
export const halfDay = (now: number) => Math.floor(now / HALF_DAY_MS);

/** When the half day began, in milliseconds since the epoch. */
export const startOfHalfDay = (now: number) => halfDay(now) * HALF_DAY_MS;

/** When the next half day begins, in milliseconds since the epoch. */
export const nextHalfDay = (now: number) => (halfDay(now) + 1) * HALF_DAY_MS;
