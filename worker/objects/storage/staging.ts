/**
 * Lines of a restore until the whole file is checked. In storage, because a
 * file may be larger than the memory.
 */
import type { Queries } from "./queries.ts";

export class Staging {
  readonly #sql: Queries;

  /**
   * Needs a table `staged (id INTEGER PRIMARY KEY, key TEXT UNIQUE, line TEXT
   * NOT NULL)`. Clears what a crash left in it.
   */
  constructor(sql: Queries) {
    this.#sql = sql;
    this.clear();
  }

  add(line: string): void {
    this.#sql.exec("INSERT INTO staged (line) VALUES (?)", line);
  }

  /**
   * Adds a line that a later one with the same key replaces, in its place.
   * @param line null deletes it
   */
  put(key: string, line: string | null): void {
    this.#sql.overwrite("staged", "key = ?", key);
    const query =
      "INSERT INTO staged (key, line) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET line = excluded.line";
    if (line === null) this.#sql.exec("DELETE FROM staged WHERE key = ?", key);
    else this.#sql.exec(query, key, line);
  }

  /** In the order they were added. */
  *lines(): Generator<string> {
    for (const { line } of this.#sql.exec<{ line: string }>(
      "SELECT line FROM staged ORDER BY id",
    ))
      yield line;
  }

  clear(): void {
    this.#sql.erase("staged", "1");
  }
}
