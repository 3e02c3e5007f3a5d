/**
 * Re-encrypts rows from older keys of FOLLOWER_KEY to the newest, page by page,
 * while the Dispatcher keeps working.
 */
import { scopeOfRow } from "../../../bot/scope.ts";
import { Queries } from "../storage/queries.ts";
import type { SqlFollowers } from "./followers.ts";
import type { Sealed, SealedRow, Vault } from "./vault.ts";

/** Rows in one page: about 20 ms of work. */
const PAGE_ROWS = 200;

/**
 * Every table with sealed ids, in its columns `id`, `hash`, `key_id` and
 * `sealed`.
 */
const sealedTables = ["chats", "cards", "words"] as const;

/**
 * How many rows are under the newest key, under older ones, and under keys that
 * are not configured: those can't be decrypted.
 */
export function keyStatus(sql: SqlStorage, { keyIds: keys }: Vault) {
  const status = { keys, current: 0, older: 0, closed: 0 };
  for (const table of sealedTables)
    for (const { key_id, count } of sql.exec<{ key_id: string; count: number }>(
      `SELECT key_id, COUNT(*) AS count FROM ${table} GROUP BY key_id`,
    )) {
      const open = key_id === keys[0] ? "current" : "older";
      status[keys.includes(key_id) ? open : "closed"] += count;
    }
  return status;
}

/**
 * Re-encrypts one page of rows that are under an older key.
 * @param size rows in the page
 * @returns the number of rows; 0 when none is left
 */
export async function rotateKeyPage(
  storage: DurableObjectStorage,
  followers: SqlFollowers,
  vault: Vault,
  size = PAGE_ROWS,
): Promise<number> {
  const sql = new Queries(storage.sql);
  const [, ...older] = vault.keyIds;
  for (const table of sealedTables) {
    const query = `SELECT id, hash, key_id, sealed FROM ${table} WHERE key_id IN (SELECT value FROM json_each(?)) LIMIT ?`;
    const rows = sql.allRows<SealedRow & { id: number }>(
      query,
      JSON.stringify(older),
      size,
    );
    if (rows.length === 0) continue;
    const sealed = await Promise.all(rows.map(vault.reseal));
    storage.transactionSync(() => {
      for (const [index, { id, hash }] of rows.entries()) {
        const fresh = sealed[index] as Sealed;
        // While a wrong key was configured, the same id may have got a second
        // row under that key. The two are merged.
        const [other] = sql.allValues<number>(
          `SELECT id FROM ${table} WHERE hash = ? AND id != ?`,
          fresh.hashes[0],
          id,
        );
        if (other !== undefined) {
          if (table === "chats") followers.move(id, fresh);
          if (table === "words")
            sql.exec(
              "UPDATE OR IGNORE follows SET scope = ? WHERE scope = ?",
              scopeOfRow(other),
              scopeOfRow(id),
            );
          if (table === "words")
            sql.exec("DELETE FROM follows WHERE scope = ?", scopeOfRow(id));
          sql.exec(`DELETE FROM ${table} WHERE id = ?`, id);
        }
        // The condition on the hash skips a row that was deleted or moved
        // meanwhile.
        const update = `UPDATE ${table} SET hash = ?, key_id = ?, sealed = ? WHERE id = ? AND hash = ?`;
        sql.exec(update, fresh.hashes[0], fresh.keyId, fresh.sealed, id, hash);
      }
    });
    return rows.length;
  }
  return 0;
}
