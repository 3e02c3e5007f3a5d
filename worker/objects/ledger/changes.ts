/**
 * The order of changes for readers, kept twice. `changes` has a row for each
 * case and tells holders of copies which of them are out of date. `change_log`
 * has a row for each revision and is what `GET /v1/changes` reads.
 */
import { CONTENT_VERSION } from "../../../shared/case/versions/steps.ts";
import type { Epoch } from "../../runtime/lease.ts";
import { LedgerPart } from "./ledger-part.ts";
import type { Key } from "./revisions.ts";

/** The columns of `changes` after `epoch`, from the row of a case's head. */
const HEAD_COLUMNS = `
  case_id, number, live_at, sequence,
  CASE WHEN content IS NULL THEN 'withdrawn' WHEN json_valid(summary) THEN 'present' ELSE 'unshowable' END,
  CASE WHEN json_valid(summary) AND summary ->> '$.action' = 'active' THEN summary ->> '$.until' END,
  CASE WHEN json_valid(summary) THEN summary -> '$.places' END,
  CASE WHEN json_valid(summary) THEN summary -> '$.authorities' END,
  CASE WHEN json_valid(summary) THEN summary ->> '$.demo' END`;

export class Changes extends LedgerPart {
  /**
   * Call it in the transaction that changes what readers see of revisions.
   * @param revisions in the order in which they went live
   */
  touch(revisions: readonly Key[]): void {
    const touched = JSON.stringify(
      revisions.map(({ case_id, number }) => [case_id, number]),
    );
    this.#insert(
      `json_each(?) t CROSS JOIN revisions r ON r.sequence =
         (SELECT sequence FROM revisions WHERE case_id = t.value ->> 0 AND fate IS NULL AND shown = 1 ORDER BY live_at DESC LIMIT 1)
       ORDER BY t.key`,
      touched,
    );
    this.sql.exec(
      "INSERT INTO change_log (case_id, number) SELECT value ->> 0, value ->> 1 FROM json_each(?) ORDER BY key",
      touched,
    );
  }

  /**
   * Call it when summaries were derived again. Holders then read every case's
   * entry in lists again.
   */
  renew(): void {
    this.#insert(
      "revisions WHERE sequence IN (SELECT sequence FROM changes) ORDER BY live_at, sequence",
    );
  }

  /**
   * Replaces the rows of cases, each by one with a new epoch.
   * @param heads rows of `revisions` in the order of the epochs
   */
  #insert(heads: string, ...values: SqlStorageValue[]): void {
    this.sql.exec(
      `INSERT OR REPLACE INTO changes (case_id, number, live_at, sequence, state, until, places, authorities, demo)
         SELECT ${HEAD_COLUMNS} FROM ${heads}`,
      ...values,
    );
  }

  /**
   * Logs the revisions of a case that was withdrawn and is published again: its
   * history can be read again.
   */
  touchHistory(id: string, before: number): void {
    this.#logAll("case_id = ? AND number < ?", id, before);
  }

  #logAll(where: string, ...values: SqlStorageValue[]): void {
    const query = `INSERT INTO change_log (case_id, number) SELECT case_id, number FROM revisions
      WHERE ${where} AND fate IS NULL AND shown = 1 ORDER BY live_at, sequence`;
    this.sql.exec(query, ...values);
  }

  #history(): string {
    return this.sql.oneValue("SELECT id FROM history");
  }

  /** Names the audit log for cursors: a restore begins another one. */
  auditName(): string {
    return `audit-${this.#history()}`;
  }

  epoch(): Epoch {
    // In one statement, because every answer to an isolate names the epoch.
    const query =
      "SELECT id, (SELECT COALESCE(MAX(epoch), 0) FROM changes) AS number FROM history";
    const { id, number } = this.sql
      .exec<{ id: string; number: number }>(query)
      .one();
    // Another version of the code may read the same content differently, so
    // holders start afresh.
    return { history: `${id} ${this.journal.version}`, number };
  }

  /**
   * Names the log for cursors. Positions in two logs can't be compared, nor can
   * cases of two versions of the schema.
   */
  logName(): string {
    return `${CONTENT_VERSION}-${this.#history()}`;
  }

  /** The position of the newest change in the log; 0 for none. */
  newest(): number {
    return this.sql.oneValue(
      "SELECT COALESCE(MAX(position), 0) FROM change_log",
    );
  }

  /**
   * Makes every holder start afresh. Call it when what readers see changed in
   * another way than by a revision that goes live.
   */
  startAfresh(): void {
    for (const table of ["changes", "change_log"])
      this.sql.exec(`DELETE FROM ${table}`);
    this.#insert(
      // SQLite takes the other columns from the row with the largest moment.
      `(SELECT *, MAX(live_at) AS newest FROM revisions WHERE fate IS NULL AND shown = 1 GROUP BY case_id)
       ORDER BY newest, sequence`,
    );
    this.#logAll("TRUE");
    this.sql.exec("UPDATE history SET id = lower(hex(randomblob(16)))");
  }
}
