/**
 * Reads the log of changes for `GET /v1/changes`: each revision that readers
 * can see, in the order in which they went live.
 */
import type {
  ChangeCursor,
  ChangePage,
  LoggedChange,
} from "../../reads/state.ts";
import type { Leased } from "../../runtime/lease.ts";
import { LeasedPart } from "./ledger-part.ts";
import { type RevisionRow, revisionOf } from "./revisions.ts";

/** A page ends after the revision whose content reaches this. */
const CHANGES_PAGE_BYTES = 200_000;

interface Position {
  position: number;
  case_id: string;
  number: number;
  size: number | null;
}

export class ChangeFeed extends LeasedPart {
  /**
   * The changes after a position, each revision as it stands now. A withdrawn
   * case has only its withdrawal.
   * @param since a position in a log; null for the start
   * @returns null when the position is of another log
   */
  page(since: ChangeCursor | null, limit: number): Leased<ChangePage | null> {
    const now = this.journal.settled();
    const log = this.journal.changes.logName();
    const newest = this.journal.changes.newest();
    const isKnown =
      since === null || (since.log === log && since.position <= newest);
    const value = isKnown
      ? {
          log,
          newest,
          ...this.#after(since?.position ?? 0, newest, limit, now),
        }
      : null;
    return this.leased(value, now);
  }

  #after(
    position: number,
    newest: number,
    limit: number,
    now: number,
  ): Omit<ChangePage, "log" | "newest"> {
    // Content is read row by row afterwards, because the read may write.
    const rows = this.sql.allRows<Position>(
      `SELECT position, l.case_id, l.number, LENGTH(content) AS size
       FROM change_log l JOIN revisions r ON r.case_id = l.case_id AND r.number = l.number
       WHERE position > ?1 AND (
         SELECT kind != 'withdrawal' OR h.number = l.number FROM revisions h
         WHERE h.case_id = l.case_id AND fate IS NULL AND live_at <= ?2 ORDER BY live_at DESC LIMIT 1)
       ORDER BY position LIMIT ?3`,
      position,
      now,
      limit + 1,
    );
    const changes: LoggedChange[] = [];
    let bytes = 0;
    for (const row of rows) {
      if (changes.length === limit || bytes > CHANGES_PAGE_BYTES)
        return { changes, next: changes.at(-1)!.change, more: true };
      bytes += row.size ?? 0;
      changes.push(
        this.#change(
          row.position,
          this.journal.revisions.row(row.case_id, row.number),
        ),
      );
    }
    return { changes, next: newest, more: false };
  }

  #change(position: number, row: RevisionRow): LoggedChange {
    const revision = revisionOf(row);
    const erases = row.kind === "redaction" || row.kind === "withdrawal";
    const common = {
      change: position,
      id: row.case_id,
      revision,
      ...(erases ? { tombstone: { before: row.number } } : {}),
    };
    if (row.kind === "withdrawal") return { ...common, state: "withdrawn" };
    const fields = this.journal.readings.read(row);
    if (fields === null) return { ...common, state: "erased" };
    return fields === "unshowable"
      ? { ...common, state: "unshowable" }
      : { ...common, state: "present", case: fields };
  }
}
