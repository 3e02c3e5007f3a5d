/** Ids of updates that were handled. Telegram sends an update again for up to a day until it gets a 200. */

/** How long ids are kept: two days. */
const RETENTION_MS = 2 * 86_400_000;

export class SeenUpdates {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  has(update: number): boolean {
    return this.#sql.exec("SELECT 1 FROM updates WHERE id = ?", update).toArray().length > 0;
  }

  add(update: number, now: number): void {
    this.#sql.exec("INSERT OR IGNORE INTO updates VALUES (?, ?)", update, now);
  }

  remove(update: number): void {
    this.#sql.exec("DELETE FROM updates WHERE id = ?", update);
  }

  /** Deletes ids of updates that Telegram no longer sends again. */
  dropOld(now: number): void {
    this.#sql.exec("DELETE FROM updates WHERE at < ?", now - RETENTION_MS);
  }
}
