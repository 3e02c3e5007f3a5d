import type { Notification, RevisionKind } from "../../shared/revision.ts";
import type { Announcement } from "../reads/state.ts";
import type { Key as RevisionKey } from "./revisions.ts";

/** The delay after the first failure; it doubles with each further one. */
const RETRY_DELAY_MS = 250;
const MAX_RETRY_DELAY_MS = 60_000;
/** Readers don't wait for search engines. */
const SEARCH_RETRY_DELAY_MS = 60_000;

/** `search`: search engines, in a deployment with an IndexNow key. */
export type Audience = "channel" | "dispatcher" | "search";
export type DueAnnouncement = Announcement & { audience: Audience };
type Key = Pick<DueAnnouncement, "id" | "number" | "audience">;

/**
 * The Ledger's outbox: one row for each audience that has not yet acknowledged a revision that went live. Due times are on the
 * machine's clock, because the alarm is too.
 */
export class Announcements {
  readonly #sql: SqlStorage;
  readonly #machine: () => number;
  /** Who is told of each revision that goes live. */
  audiences: readonly Audience[] = ["channel", "dispatcher"];

  constructor(sql: SqlStorage, machine: () => number) {
    this.#sql = sql;
    this.#machine = machine;
  }

  add(revisions: readonly RevisionKey[]): void {
    this.#sql.exec(
      `INSERT OR IGNORE INTO announcements (case_id, number, audience, due_at)
         SELECT r.value ->> 'case_id', r.value ->> 'number', audience.value, ? FROM json_each(?) r CROSS JOIN json_each(?) audience`,
      this.#machine(),
      JSON.stringify(revisions),
      JSON.stringify(this.audiences),
    );
  }

  /**
   * Announcements to send now: redactions and withdrawals first, then to Channels that listen, to the Dispatcher, and to all others; within
   * each, the oldest moment first.
   */
  due(): DueAnnouncement[] {
    return this.#sql
      .exec<{
        id: string;
        number: number;
        audience: Audience;
        live_at: number;
        notify: Notification;
        kind: RevisionKind;
      }>(
        `SELECT a.case_id AS id, a.number, audience, live_at, notify, kind FROM announcements a
         JOIN revisions r ON r.case_id = a.case_id AND r.number = a.number
         WHERE due_at <= ? ORDER BY CASE
           WHEN kind IN ('redaction', 'withdrawal') THEN 0
           WHEN audience = 'channel' THEN
             IIF(EXISTS (SELECT 1 FROM channels c WHERE c.case_id = a.case_id AND empty_in IS NULL), 1, 3)
           ELSE IIF(audience = 'dispatcher', 2, 3)
         END, live_at, sequence LIMIT 100`,
        this.#machine(),
      )
      .toArray()
      .map(({ live_at, ...rest }) => ({ ...rest, liveAt: new Date(live_at).toISOString() }));
  }

  acknowledge({ id, number, audience }: Key): void {
    this.#sql.exec("DELETE FROM announcements WHERE case_id = ? AND number = ? AND audience = ?", id, number, audience);
  }

  postpone({ id, number, audience }: Key): void {
    this.#sql.exec(
      `UPDATE announcements SET attempts = attempts + 1, due_at = ? + MIN(?, ? << MIN(attempts, 8))
       WHERE case_id = ? AND number = ? AND audience = ?`,
      this.#machine(),
      MAX_RETRY_DELAY_MS,
      audience === "search" ? SEARCH_RETRY_DELAY_MS : RETRY_DELAY_MS,
      id,
      number,
      audience,
    );
  }

  /** How many wait, and the milliseconds since the moment of the oldest; 0 for none. */
  status(now: number): { waiting: number; oldest: number } {
    const { waiting, oldest } = this.#sql
      .exec<{ waiting: number; oldest: number | null }>(
        `SELECT COUNT(*) AS waiting, MIN(live_at) AS oldest FROM announcements a
         JOIN revisions r ON r.case_id = a.case_id AND r.number = a.number`,
      )
      .one();
    return { waiting, oldest: oldest === null ? 0 : Math.max(0, now - oldest) };
  }

  isDue(): boolean {
    return (this.nextDue() ?? Number.POSITIVE_INFINITY) <= this.#machine();
  }

  /** When the next one is due, in milliseconds since the epoch; null when there is none. */
  nextDue(): number | null {
    return this.#sql.exec<{ next: number | null }>("SELECT MIN(due_at) AS next FROM announcements").one().next;
  }
}
