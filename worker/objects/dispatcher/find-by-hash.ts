import type { Queries } from "../storage/queries.ts";
import type { Sealed } from "./vault.ts";

/**
 * The id of the row with one of these hashes, or null. The row may have been
 * sealed with the newest key or an older one.
 */
export function findByHash(
  sql: Queries,
  table: "chats" | "cards" | "words",
  hashes: Sealed["hashes"],
): number | null {
  const query = `SELECT id FROM ${table} WHERE hash = ?`;
  return (
    hashes.flatMap((hash) => sql.allValues<number>(query, hash))[0] ?? null
  );
}
