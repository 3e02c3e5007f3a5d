/** The filters of the desk's list of cases. */
import type { Profile } from "../../../shared/profile/schema.ts";
import { hasLapsed, staleSince } from "../../../shared/view/age.ts";
import { caseMatcher } from "./case-search.ts";
import type { DeskCase } from "./desk.ts";
import {
  type NameWord,
  NEAR,
  nameWords,
  nearness,
  queryWords,
} from "./near-names.ts";

/** Cases that are offered when a search finds nothing. */
const MAX_NEAR = 5;

/** True when the case's action is active and its deadline is still ahead. */
const isDeadlineAhead = ({ action, until }: DeskCase, now: number): boolean =>
  action === "active" && until !== null && !hasLapsed(until, now);

const tests = {
  open: ({ state, action }) => state !== "withdrawn" && action !== "closed",
  withdrawn: ({ state }) => state === "withdrawn",
  pending: ({ pending }) => pending.length > 0,
  waiting: ({ waiting }) => waiting > 0,
  outdated: ({ outdated }) => outdated > 0,
  stale: ({ asOf }, now) =>
    asOf !== null && now >= staleSince({ asOf: { date: asOf } }),
  deadline: isDeadlineAhead,
  /** Readers are asked to write too late, or the deadline was extended. */
  lapsed: ({ action, until }, now) =>
    action === "active" && until !== null && hasLapsed(until, now),
} satisfies Record<string, (one: DeskCase, now: number) => boolean>;
export type CaseFilter = keyof typeof tests;
export const caseFilters = Object.keys(tests) as CaseFilter[];

/** @param now milliseconds since the epoch */
export const passesFilter = (
  one: DeskCase,
  filter: CaseFilter,
  now: number,
): boolean => tests[filter](one, now);

/**
 * The words of each case's names, prepared once: somebody who types asks about
 * all of them at each letter.
 */
const namesOf = new WeakMap<DeskCase, NameWord[][][]>();

function namesIn(one: DeskCase): NameWord[][][] {
  const known = namesOf.get(one) ?? one.spellings.map(nameWords);
  namesOf.set(one, known);
  return known;
}

/**
 * The cases of people whose names are near a query that no case matches, the
 * nearest first.
 */
export function nearCases(cases: DeskCase[], query: string): DeskCase[] {
  const wanted = queryWords(query);
  const near = cases.map((one) => ({
    one,
    nearness: Math.max(
      0,
      ...namesIn(one).map((name) => nearness(wanted, name)),
    ),
  }));
  return near
    .filter(({ nearness }) => nearness >= NEAR)
    .sort((a, b) => b.nearness - a.nearness)
    .slice(0, MAX_NEAR)
    .map(({ one }) => one);
}

/** What the list can be sorted by; at first the newest change. */
export const caseOrders = ["newest", "name", "status", "deadline"] as const;
export type CaseOrder = (typeof caseOrders)[number];

/**
 * The cases in an order; those without a name, a status or a deadline ahead
 * come last.
 * @param statusOf a case's status in the editor's words
 * @param now milliseconds since the epoch
 */
export function sortCases(
  cases: DeskCase[],
  order: CaseOrder,
  statusOf: (one: DeskCase) => string,
  compare: (a: string, b: string) => number,
  now: number,
): DeskCase[] {
  if (order === "newest") return cases;
  const keyOf: Record<
    typeof order,
    (one: DeskCase) => string | null | undefined
  > = {
    name: ({ people }) => people[0]?.name,
    status: statusOf,
    deadline: (one) => (isDeadlineAhead(one, now) ? one.until : null),
  };
  const keyed = cases.map((one) => ({ one, key: keyOf[order](one) || null }));
  return keyed
    .sort(
      (a, b) =>
        Number(a.key === null) - Number(b.key === null) ||
        compare(a.key ?? "", b.key ?? ""),
    )
    .map(({ one }) => one);
}

/**
 * The cases that match the query and pass every filter, in their order.
 * @param query as readers type it; an empty one matches every case
 * @param now milliseconds since the epoch
 */
export function filterCases(
  cases: DeskCase[],
  query: string,
  filters: readonly CaseFilter[],
  now: number,
  profile: Profile,
): DeskCase[] {
  const isMatch =
    query.trim() === ""
      ? () => true
      : caseMatcher<DeskCase>(
          query,
          (one) => ({ ...one, titles: Object.values(one.title ?? {}) }),
          profile,
        );
  return cases.filter(
    (one) =>
      isMatch(one) && filters.every((filter) => passesFilter(one, filter, now)),
  );
}
