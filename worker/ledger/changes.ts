/** The `changes` table: the order in which cases last changed for readers. It tells holders of copies which of them are out of date. */
import type { Epoch } from "./lease.ts";

export class Changes {
  readonly #sql: SqlStorage;
  readonly #version: string;

  /** @param version of the deployed code; another version may read the same content differently, so holders start afresh */
  constructor(sql: SqlStorage, version: string) {
    this.#sql = sql;
    this.#version = version;
  }

  /** Call it in the transaction that changes what readers see of a case. */
  touch(id: string): void {
    this.#sql.exec("INSERT OR REPLACE INTO changes (case_id) VALUES (?)", id);
  }

  epoch(): Epoch {
    const { history, number } = this.#sql
      .exec<{ history: string; number: number }>(
        "SELECT id AS history, (SELECT COALESCE(MAX(epoch), 0) FROM changes) AS number FROM history",
      )
      .one();
    return { history: `${history} ${this.#version}`, number };
  }

  /** Makes every holder start afresh. Call it when what readers see changed in another way than by a revision that goes live. */
  startAfresh(): void {
    this.#sql.exec("DELETE FROM changes");
    this.#sql.exec(
      `INSERT INTO changes (case_id)
         SELECT case_id FROM revisions WHERE fate IS NULL AND shown = 1 GROUP BY case_id ORDER BY MAX(live_at), MAX(sequence)`,
    );
    this.#sql.exec("UPDATE history SET id = lower(hex(randomblob(16)))");
  }
}
