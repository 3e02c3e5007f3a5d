/**
 * The authors whom each revision names: issuers, courts, ministries. One whom
 * no live revision of this newsroom named before is asked about. The table has
 * no names, only keys of the revisions that may hold one, and is erased with
 * them.
 */
import type { Case } from "../../../shared/case/schema.ts";
import { authorPlacesIn } from "../../editing/rules/questions.ts";
import { digest } from "../../runtime/digest.ts";
import { LedgerPart } from "./ledger-part.ts";

/**
 * A key of 16 bits: it finds the revisions to look into, and confirms no guess
 * of a name once they are erased.
 */
const keyOf = (name: string): number =>
  Number.parseInt(digest(name).slice(0, 4), 16);

export class KnownAuthors extends LedgerPart {
  isKnown = (name: string): boolean => {
    const query =
      "SELECT case_id AS id, number FROM authors JOIN revisions USING (case_id, number) WHERE key = ? AND shown = 1";
    // One by one: the first that is found is nearly always right.
    for (const { id, number } of this.sql.exec<{ id: string; number: number }>(
      query,
      keyOf(name),
    )) {
      const fields = this.journal.desk.caseAt(id, number);
      if (fields !== null && authorPlacesIn(fields).has(name)) return true;
    }
    return false;
  };

  add(number: number, fields: Case): void {
    const keys = new Set([...authorPlacesIn(fields).keys()].map(keyOf));
    for (const key of keys)
      this.sql.exec(
        "INSERT INTO authors VALUES (?, ?, ?)",
        fields.id,
        number,
        key,
      );
  }

  /** Erases those of a case's revisions from `first` to `last`. */
  erase(id: string, first: number, last: number): void {
    this.sql.exec(
      "DELETE FROM authors WHERE case_id = ? AND number BETWEEN ? AND ?",
      id,
      first,
      last,
    );
  }
}
