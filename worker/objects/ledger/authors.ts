/**
 * The authors whom each revision names: issuers, courts, ministries. One whom no live revision of this newsroom named before is asked about.
 * Derived from the cases, and erased with them.
 */
import type { Case } from "../../../shared/case/schema.ts";
import { authorPlacesIn } from "../../editing/rules/questions.ts";

export class KnownAuthors {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  isKnown = (name: string): boolean =>
    this.#sql
      .exec("SELECT 1 FROM authors JOIN revisions USING (case_id, number) WHERE name = ? AND shown = 1 LIMIT 1", name)
      .toArray().length > 0;

  add(number: number, fields: Case): void {
    for (const name of authorPlacesIn(fields).keys())
      this.#sql.exec("INSERT INTO authors (case_id, number, name) VALUES (?, ?, ?)", fields.id, number, name);
  }

  /** Erases those of a case's revisions up to `last`. Overwritten first, because deleted bytes stay in the file. */
  erase(id: string, last: number): void {
    this.#sql.exec(
      "UPDATE authors SET name = printf('%.*c', octet_length(name), 'x') WHERE case_id = ? AND number <= ?",
      id,
      last,
    );
    this.#sql.exec("DELETE FROM authors WHERE case_id = ? AND number <= ?", id, last);
  }

  /** Forgets those of a revision that was cancelled. */
  cancel(id: string, number: number): void {
    this.#sql.exec("DELETE FROM authors WHERE case_id = ? AND number = ?", id, number);
  }
}
