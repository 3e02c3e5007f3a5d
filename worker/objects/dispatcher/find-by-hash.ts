import type { Sealed } from "./vault.ts";

/** The id of the row with one of these hashes, or null. The row may have been sealed with the newest key or an older one. */
export function findByHash(
  sql: SqlStorage,
  table: "chats" | "cards" | "card_sharers",
  hashes: Sealed["hashes"],
): number | null {
  for (const hash of hashes) {
    const [row] = sql.exec<{ id: number }>(`SELECT id FROM ${table} WHERE hash = ?`, hash).toArray();
    if (row) return row.id;
  }
  return null;
}
