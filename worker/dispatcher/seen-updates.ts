/** Which of Telegram's updates were taken: it brings one again for a day until it hears that it was. */

/** How long an update's id is remembered, in milliseconds. */
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

  /** Forgets what Telegram will not bring again. */
  dropOld(now: number): void {
    this.#sql.exec("DELETE FROM updates WHERE at < ?", now - RETENTION_MS);
  }
}
