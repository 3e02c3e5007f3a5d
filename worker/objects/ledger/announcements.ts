import type { Announcement } from "../../reads/state.ts";
import { iso } from "../../runtime/iso.ts";
import { LedgerPart } from "./ledger-part.ts";
import type { DueRow } from "./revisions.ts";

/** The delay after the first failure; it doubles with each further one. */
const RETRY_DELAY_MS = 250;
const MAX_RETRY_DELAY_MS = 60_000;
/** Who is told of each revision that goes live. */
export const audiences = ["channel", "dispatcher"] as const;
export type Audience = (typeof audiences)[number];
export type DueAnnouncement = Announcement & { audience: Audience };
type Key = Pick<DueAnnouncement, "id" | "number" | "audience">;

/**
 * If the object ends while announcements are under way, the alarm tells them
 * again after this time.
 */
const RECOVERY_DELAY_MS = 1_000;

const keyOf = ({ id, number, audience }: Key) =>
  JSON.stringify([id, number, audience]);

/**
 * The Ledger's outbox: one row for each audience that has not yet acknowledged
 * a revision that went live. Due times are on the machine's clock, because the
 * alarm is too. A row whose due time is 0 is in the index that orders what is
 * told next, so a reading costs the same however many wait.
 */
export class Announcements extends LedgerPart {
  /**
   * Those that are being told. In memory only: they stay due, so that a restart
   * tells them again.
   */
  readonly #underWay = new Set<string>();

  add(revisions: readonly DueRow[]): void {
    this.sql.exec(
      `INSERT OR IGNORE INTO announcements (case_id, number, audience, due_at, class, live_at, sequence)
         SELECT r.value ->> 'case_id', r.value ->> 'number', audience.value, 0,
           CASE
             WHEN r.value ->> 'kind' IN ('redaction', 'withdrawal') THEN 0
             WHEN audience.value = 'channel' THEN
               IIF(EXISTS (SELECT 1 FROM channels c WHERE c.case_id = r.value ->> 'case_id' AND until > ?3), 1, 3)
             ELSE 2
           END,
           r.value ->> 'live_at', r.value ->> 'sequence'
         FROM json_each(?1) r CROSS JOIN json_each(?2) audience`,
      JSON.stringify(revisions),
      JSON.stringify(audiences),
      this.journal.clock.machine(),
    );
  }

  /**
   * The next announcements to send, without those under way. First redactions
   * and withdrawals, then those to Channels that were registered at the moment,
   * to the Dispatcher, and to all others. Within each of these, those that
   * never failed come first, and then the oldest moment.
   */
  due(limit: number): DueAnnouncement[] {
    this.sql.exec(
      "UPDATE announcements SET due_at = 0 WHERE due_at > 0 AND due_at <= ?",
      this.journal.clock.machine(),
    );
    const query = `SELECT a.case_id AS id, a.number, audience, a.live_at AS liveAt, notify, kind,
        (SELECT json_group_array(word) FROM followed f WHERE f.case_id = a.case_id AND f.number = a.number) AS words
      FROM announcements a INDEXED BY next_announcements
      CROSS JOIN revisions r ON r.case_id = a.case_id AND r.number = a.number
      WHERE due_at = 0 ORDER BY class, attempts > 0, a.live_at, a.sequence LIMIT ?`;
    type Row = Omit<DueAnnouncement, "liveAt" | "words"> & {
      liveAt: number;
      words: string;
    };
    return this.sql
      .allRows<Row>(query, this.#underWay.size + limit)
      .filter((row) => !this.#underWay.has(keyOf(row)))
      .slice(0, limit)
      .map(({ liveAt, words, ...rest }) => ({
        ...rest,
        liveAt: iso(liveAt),
        ...(rest.audience === "dispatcher" && {
          words: JSON.parse(words) as number[],
        }),
      }));
  }

  /**
   * Call it when it is sent. It isn't due again until it is acknowledged or
   * postponed.
   */
  begin(key: Key): void {
    this.#underWay.add(keyOf(key));
  }

  acknowledge(key: Key): void {
    const { id, number, audience } = key;
    this.#underWay.delete(keyOf(key));
    this.sql.exec(
      "DELETE FROM announcements WHERE case_id = ? AND number = ? AND audience = ?",
      id,
      number,
      audience,
    );
    if (audience === "dispatcher") this.setWords(id, number, []);
  }

  /**
   * Stores which followed words an erasure takes with it: their rows in the
   * Dispatcher, which the announcement carries.
   */
  setWords(id: string, number: number, words: readonly number[]): void {
    this.sql.exec(
      "DELETE FROM followed WHERE case_id = ? AND number = ?",
      id,
      number,
    );
    const query = "INSERT INTO followed SELECT ?, ?, value FROM json_each(?)";
    this.sql.exec(query, id, number, JSON.stringify([...new Set(words)]));
  }

  /** The same words go with a revision that is committed again. */
  moveWords(id: string, from: number, to: number): void {
    this.sql.exec(
      "UPDATE followed SET number = ?3 WHERE case_id = ?1 AND number = ?2",
      id,
      from,
      to,
    );
  }

  postpone(key: Key): void {
    const { id, number, audience } = key;
    this.#underWay.delete(keyOf(key));
    this.sql.exec(
      `UPDATE announcements SET attempts = attempts + 1, due_at = ? + MIN(?, ? << MIN(attempts, 8))
       WHERE case_id = ? AND number = ? AND audience = ?`,
      this.journal.clock.machine(),
      MAX_RETRY_DELAY_MS,
      RETRY_DELAY_MS,
      id,
      number,
      audience,
    );
  }

  /**
   * How many wait, and the milliseconds since the moment of the oldest; 0 for
   * none.
   */
  status(now: number): { waiting: number; oldest: number } {
    const query =
      "SELECT COUNT(*) AS waiting, MIN(live_at) AS oldest FROM announcements";
    const { waiting, oldest } = this.sql
      .exec<{ waiting: number; oldest: number | null }>(query)
      .one();
    return { waiting, oldest: oldest === null ? 0 : Math.max(0, now - oldest) };
  }

  /**
   * When the next one is due, in milliseconds since the epoch; null when there
   * is none.
   */
  nextDue(): number | null {
    const ready = this.sql.oneValue(
      "SELECT EXISTS (SELECT 1 FROM announcements WHERE due_at = 0)",
    );
    const next = this.sql.oneValue<number | null>(
      "SELECT MIN(due_at) FROM announcements WHERE due_at > 0",
    );
    if (!ready) return next;
    // An announcement that becomes due earlier has an alarm of its own, and one
    // that waits for a place gets it with the next answer.
    const wait = this.#underWay.size > 0 ? RECOVERY_DELAY_MS : 0;
    return Math.min(
      this.journal.clock.machine() + wait,
      next ?? Number.POSITIVE_INFINITY,
    );
  }
}
