/**
 * Reminders of deadlines. They are announced and delivered like revisions, so they share their paging, pace and recovery. In place of a
 * revision's number they have the negative of the deadline's day: each deadline of a case is announced at most once.
 */
import type { CaseSummary } from "../../../shared/view/summary.ts";
import type { Reads } from "../../reads/reads.ts";
import { isDeskNotice } from "./desk-notices.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LEAD_DAYS = 2;
/** The hour on that day: a waking hour in most of the world. */
const REMINDER_HOUR_UTC = 10;
/** A reminder that could not be announced for so long, because the service was down, comes no more. */
const MAX_DELAY_MS = DAY_MS;

export interface Reminder {
  id: string;
  /** The day of the deadline, ISO 8601. */
  until: string;
  /** Its moment, in milliseconds since the epoch. */
  at: number;
}

export const isReminder = ({ number }: { number: number }): boolean => number < 0 && !isDeskNotice({ number });
export const reminderNumber = (until: string): number => -Math.floor(Date.parse(until) / DAY_MS);

/** The reminders whose moment has come. None for a case that changed after that moment: its followers were told the deadline then. */
export function remindersDue(summaries: CaseSummary[], now: number): Reminder[] {
  return summaries.flatMap(({ id, action, until, revision }) => {
    if (action !== "active" || until === undefined) return [];
    const at = Date.parse(until) - LEAD_DAYS * DAY_MS + REMINDER_HOUR_UTC * HOUR_MS;
    return at <= now && now < at + MAX_DELAY_MS && Date.parse(revision.liveAt) < at ? [{ id, until, at }] : [];
  });
}

/** Reads the reminders whose moment has come. */
export async function readReminders(reads: Reads, now: number): Promise<Reminder[]> {
  const day = Math.floor((now - REMINDER_HOUR_UTC * HOUR_MS) / DAY_MS) + LEAD_DAYS;
  return remindersDue(await reads.leasedDeadlines(new Date(day * DAY_MS).toISOString().slice(0, 10)), now);
}

/** For the log. */
export const deliveryName = ({ number }: { number: number }): string =>
  number > 0 ? `revision ${number}` : isDeskNotice({ number }) ? "desk notice" : "reminder";
