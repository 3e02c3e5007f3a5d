import type { Sealed } from "./vault.ts";

/** The row about an id, whichever key it is kept under; null when there is none. */
export function findByHash(sql: SqlStorage, table: "cards" | "card_sharers", hashes: Sealed["hashes"]): number | null {
  for (const hash of hashes) {
    const [row] = sql.exec<{ id: number }>(`SELECT id FROM ${table} WHERE hash = ?`, hash).toArray();
    if (row) return row.id;
  }
  return null;
}
