/** What the clock alone changes of a revision: a deadline passes, facts grow old. */

import { lastDay } from "../case/partial-date.ts";
import type { Case } from "../case/schema.ts";

/** Facts older than this many days say that nothing later is known here. */
const STALE_AFTER_DAYS = 180;
const DAY = 86_400_000;

/** The end of a day anywhere on Earth (UTC-12), so that no deadline ends early for anyone. */
const endOfDay = (day: string) => Date.parse(`${day}T23:59:59.999Z`) + 12 * 3_600_000;

/** Whether a deadline has passed everywhere on Earth. */
export const hasLapsed = (until: string | undefined, now: number): boolean =>
  until !== undefined && now > endOfDay(until);

/** From when on the facts are old, in milliseconds since the epoch. */
export function staleSince({ asOf }: Pick<Case, "asOf">): number {
  const day = lastDay(asOf.date);
  return day ? Date.parse(`${day}T00:00:00Z`) + (STALE_AFTER_DAYS + 1) * DAY : Number.POSITIVE_INFINITY;
}

/**
 * The instant, ISO 8601, from which this same revision reads differently.
 * @param now milliseconds since the epoch
 */
export function readsOtherwiseFrom({ action, asOf }: Pick<Case, "action" | "asOf">, now: number): string | undefined {
  const lapse = action.state === "active" && action.until ? endOfDay(action.until) + 1 : Number.POSITIVE_INFINITY;
  const next = Math.min(...[staleSince({ asOf }), lapse].filter((instant) => instant > now));
  return Number.isFinite(next) ? new Date(next).toISOString() : undefined;
}
