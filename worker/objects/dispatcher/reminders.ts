/**
 * Reminders of deadlines and hearings. They are announced and delivered like
 * revisions, so they share their paging, pace and recovery. In place of a
 * revision's number they have the negative of the day: each deadline and each
 * day of hearings of a case is announced at most once.
 */
import type { CaseSummary } from "../../../shared/view/summary.ts";
import type { Reads } from "../../reads/reads.ts";
import { isDeskNotice } from "./desk-notices.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LEAD_DAYS = 2;
/** The hour on that day: a waking hour in most of the world. */
const REMINDER_HOUR_UTC = 10;
/**
 * A reminder that could not be announced for so long, because the service was
 * down, comes no more.
 */
const MAX_DELAY_MS = DAY_MS;

/** Numbers of hearings are below those of deadlines. */
const FIRST_HEARING = -500_000;

export interface Reminder {
  id: string;
  /** Of the day, as `reminderNumber` or `hearingNumber` has it. */
  number: number;
  /** Its moment, in milliseconds since the epoch. */
  at: number;
}

export const isReminder = ({ number }: { number: number }): boolean =>
  number < 0 && !isDeskNotice({ number });
export const reminderNumber = (day: string): number =>
  -Math.floor(Date.parse(day) / DAY_MS);
export const hearingNumber = (day: string): number =>
  FIRST_HEARING + reminderNumber(day);
/** The day of a hearing's reminder, ISO 8601; null for a deadline's. */
export const hearingDay = (number: number): string | null =>
  number > FIRST_HEARING
    ? null
    : new Date((FIRST_HEARING - number) * DAY_MS).toISOString().slice(0, 10);

/**
 * The reminders whose moment has come. None for a case that changed after that
 * moment: its followers were told the day then.
 */
export function remindersDue(
  summaries: CaseSummary[],
  now: number,
): Reminder[] {
  const momentOf = (day: string) =>
    Date.parse(day) - LEAD_DAYS * DAY_MS + REMINDER_HOUR_UTC * HOUR_MS;
  return summaries.flatMap(({ id, action, until, hearings, revision }) => {
    const days = [
      ...(action === "active" && until !== undefined
        ? [{ day: until, number: reminderNumber(until) }]
        : []),
      ...[...new Set(hearings.map(({ date }) => date))].map((day) => ({
        day,
        number: hearingNumber(day),
      })),
    ];
    return days.flatMap(({ day, number }) => {
      const at = momentOf(day);
      return at <= now &&
        now < at + MAX_DELAY_MS &&
        Date.parse(revision.liveAt) < at
        ? [{ id, number, at }]
        : [];
    });
  });
}

/** The day whose reminders are due next, ISO 8601. */
export const dayToRemindOf = (now: number): string =>
  new Date(
    (Math.floor((now - REMINDER_HOUR_UTC * HOUR_MS) / DAY_MS) + LEAD_DAYS) *
      DAY_MS,
  )
    .toISOString()
    .slice(0, 10);

/** Reads the reminders whose moment has come. */
export const readReminders = async (
  reads: Reads,
  now: number,
): Promise<Reminder[]> =>
  remindersDue(await reads.leasedDeadlines(dayToRemindOf(now)), now);

/** For the log. */
export function deliveryName({ number }: { number: number }): string {
  if (number > 0) return `revision ${number}`;
  return isDeskNotice({ number }) ? "desk notice" : "reminder";
}
