/** Lines put aside until the whole of them is found to be good; in storage, since they may be more than memory holds. */
export class Staging {
  readonly #sql: SqlStorage;

  /** Needs a table `staged (id INTEGER PRIMARY KEY, line TEXT NOT NULL)`. Whatever a crash left half-way goes. */
  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.clear();
  }

  add(line: string): void {
    this.#sql.exec("INSERT INTO staged (line) VALUES (?)", line);
  }

  /** In the order they were added. */
  *lines(): Generator<string> {
    for (const { line } of this.#sql.exec<{ line: string }>("SELECT line FROM staged ORDER BY id")) yield line;
  }

  clear(): void {
    this.#sql.exec("DELETE FROM staged");
  }
}
