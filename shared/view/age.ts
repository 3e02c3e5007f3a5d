/**
 * Changes of a view that only time causes: a deadline passes, facts become old.
 */

import { lastDay } from "../case/partial-date.ts";
import type { Case } from "../case/schema.ts";
import type { Revision } from "../revision.ts";

/** Older facts carry a note that nothing newer is known here. */
const STALE_AFTER_DAYS = 180;
const DAY_MS = 86_400_000;

/** How long a view marks its revision as news. */
const NEWS_DAYS = { update: 7, correction: 14, redaction: 0, withdrawal: 0 };

export const CORRECTION_NEWS_MS = NEWS_DAYS.correction * DAY_MS;

/**
 * The instant until which a revision is news, in milliseconds since the epoch.
 * The first one is none: nothing was there before.
 */
export const newsUntil = ({
  number,
  kind,
  liveAt,
}: Pick<Revision, "number" | "kind" | "liveAt">): number =>
  number === 1 ? 0 : Date.parse(liveAt) + NEWS_DAYS[kind] * DAY_MS;

/**
 * How far the last time zone on Earth (UTC-12) is behind UTC, so that a
 * deadline ends early for no one.
 */
const LAST_ZONE_MS = 12 * 3_600_000;

const endOfDay = (day: string) =>
  Date.parse(`${day}T23:59:59.999Z`) + LAST_ZONE_MS;

/** True when a deadline has passed everywhere on Earth. */
export const hasLapsed = (until: string | undefined, now: number): boolean =>
  until !== undefined && now > endOfDay(until);

/** A longer time is no countdown. */
const MOST_DAYS_COUNTED = 100;

const daysTo = (until: string, now: number) =>
  Math.max(0, Math.ceil((Date.parse(until) - now) / DAY_MS));

/**
 * The days from today to a deadline, both in UTC; 0 on the last one, and
 * undefined when there are many.
 */
export function daysLeft(until: string, now: number): number | undefined {
  const days = daysTo(until, now);
  return days <= MOST_DAYS_COUNTED ? days : undefined;
}

/** The instant from which `hasLapsed` counts a deadline as passed, ISO 8601. */
export const lapseOf = (until: string): string =>
  new Date(endOfDay(until) + 1).toISOString();

/** The earliest deadline that `hasLapsed` doesn't count as passed, ISO 8601. */
export const earliestOpenDay = (now: number): string =>
  new Date(now - LAST_ZONE_MS).toISOString().slice(0, 10);

/**
 * The end of the last day on which a portrait is shown, in milliseconds since
 * the epoch.
 */
export const portraitEnd = (until: string): number =>
  Date.parse(`${until}T00:00:00Z`) + DAY_MS;

/**
 * The instant from which the facts count as old, in milliseconds since the
 * epoch.
 */
export function staleSince({ asOf }: Pick<Case, "asOf">): number {
  const day = lastDay(asOf.date);
  return day
    ? Date.parse(`${day}T00:00:00Z`) + (STALE_AFTER_DAYS + 1) * DAY_MS
    : Number.POSITIVE_INFINITY;
}

/**
 * The next instant, ISO 8601, at which the view of the same revision changes.
 * @param now milliseconds since the epoch
 * @param revisions that the view may mark as news
 */
export function nextViewChange(
  { action, asOf, people }: Pick<Case, "action" | "asOf" | "people">,
  now: number,
  revisions: Pick<Revision, "number" | "kind" | "liveAt">[] = [],
): string | undefined {
  const isOpen =
    action.state === "active" &&
    action.until !== undefined &&
    !hasLapsed(action.until, now);
  const lapse = isOpen
    ? endOfDay(action.until as string) + 1
    : Number.POSITIVE_INFINITY;
  // The days left are counted.
  const countedFrom =
    Date.parse(action.until ?? "") - MOST_DAYS_COUNTED * DAY_MS;
  const isCounted =
    isOpen &&
    action.request !== undefined &&
    daysTo(action.until as string, now) > 0;
  const midnight = isCounted
    ? Math.max(countedFrom, (Math.floor(now / DAY_MS) + 1) * DAY_MS)
    : lapse;
  const portraits = people.flatMap(({ portrait }) =>
    portrait ? portraitEnd(portrait.until) : [],
  );
  const next = Math.min(
    ...[
      staleSince({ asOf }),
      lapse,
      midnight,
      ...portraits,
      ...revisions.map(newsUntil),
    ].filter((instant) => instant > now),
  );
  return Number.isFinite(next) ? new Date(next).toISOString() : undefined;
}
