/** The table of revisions: one row a revision, never edited, erased only as docs/storage.md says. */
import type { Notification, Revision, RevisionKind } from "../../shared/revision.ts";
import type { WithdrawalReason } from "./state.ts";

export type Fate = "undone" | "replaced" | "withdrawn";

export type Row = {
  sequence: number;
  case_id: string;
  number: number;
  kind: RevisionKind;
  content: string | null;
  note: string | null;
  changes: string;
  summary: string | null;
  reason: WithdrawalReason | null;
  editor: string;
  /** The second editor, when one was needed. */
  approved_by: string | null;
  notify: Notification;
  committed_at: number;
  live_at: number;
  content_hash: string;
  previous_hash: string;
  hash: string;
};

export type Moment = { number: number; liveAt: number };

export const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

/** What readers may know of a row, its content apart. */
export function revisionOf(row: Omit<Row, "content" | "editor" | "approved_by" | "notify">): Revision {
  return {
    number: row.number,
    sequence: row.sequence,
    kind: row.kind,
    note: row.note === null ? {} : JSON.parse(row.note),
    committedAt: iso(row.committed_at),
    liveAt: iso(row.live_at),
    hash: row.hash,
    contentHash: row.content_hash,
    previousHash: row.previous_hash,
    changes: JSON.parse(row.changes),
    ...(row.reason === null ? {} : { reason: row.reason }),
  };
}

const ERASED = "content = NULL, note = NULL, summary = NULL, changes = '[]'";

export class Revisions {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  row(id: string, number: number): Row {
    return this.#sql.exec<Row>("SELECT * FROM revisions WHERE case_id = ? AND number = ?", id, number).one();
  }

  /** The revisions of a case that were not cancelled, oldest first. */
  moments(id: string): Moment[] {
    return this.#sql
      .exec<Moment>(
        "SELECT number, live_at AS liveAt FROM revisions WHERE case_id = ? AND fate IS NULL ORDER BY number",
        id,
      )
      .toArray();
  }

  /** Those whose moment has come and was not settled yet, in the order they go live. */
  due(now: number): Pick<Row, "case_id" | "number" | "kind" | "live_at">[] {
    return this.#sql
      .exec<Pick<Row, "case_id" | "number" | "kind" | "live_at">>(
        "SELECT case_id, number, kind, live_at FROM revisions WHERE fate IS NULL AND shown = 0 AND live_at <= ? ORDER BY live_at, sequence",
        now,
      )
      .toArray();
  }

  /** The next moment of any case later than `after`; null when none is pending. */
  nextMoment(after = Number.NEGATIVE_INFINITY): number | null {
    return this.#sql
      .exec<{ next: number | null }>(
        "SELECT MIN(live_at) AS next FROM revisions WHERE fate IS NULL AND shown = 0 AND live_at > ?",
        after,
      )
      .one().next;
  }

  /** A number is never used again, not even after an undo. */
  nextNumber(id: string): number {
    const { last } = this.#sql
      .exec<{ last: number | null }>("SELECT MAX(number) AS last FROM revisions WHERE case_id = ?", id)
      .one();
    return (last ?? 0) + 1;
  }

  insert(row: Omit<Row, "sequence">): void {
    this.#sql.exec(
      `INSERT INTO revisions (case_id, number, kind, content, note, changes, summary, reason, editor, approved_by, notify,
         committed_at, live_at, content_hash, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.case_id,
      row.number,
      row.kind,
      row.content,
      row.note,
      row.changes,
      row.summary,
      row.reason,
      row.editor,
      row.approved_by,
      row.notify,
      row.committed_at,
      row.live_at,
      row.content_hash,
      row.previous_hash,
      row.hash,
    );
  }

  markShown(id: string, number: number): void {
    this.#sql.exec("UPDATE revisions SET shown = 1 WHERE case_id = ? AND number = ?", id, number);
  }

  /** What was cancelled was never live, so its content goes at once. */
  cancel(id: string, number: number, fate: Fate): void {
    this.#sql.exec(`UPDATE revisions SET fate = ?, ${ERASED} WHERE case_id = ? AND number = ?`, fate, id, number);
  }

  /** Removes what every revision of a case before `number` said; numbers, moments and hashes stay, so the chain still verifies. */
  eraseBefore(id: string, number: number): void {
    this.#sql.exec(`UPDATE revisions SET ${ERASED} WHERE case_id = ? AND number < ?`, id, number);
  }
}
