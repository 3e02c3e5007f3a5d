/** Re-encrypts rows from older keys of FOLLOWER_KEY to the newest, page by page, while the Dispatcher keeps working. */
import type { SqlFollowers } from "./followers.ts";
import type { Sealed, SealedRow, Vault } from "./vault.ts";

/** Rows in one page: about 20 ms of work. */
const PAGE_ROWS = 200;

/** Every table with sealed ids, in its columns `id`, `hash`, `key_id` and `sealed`. */
const sealedTables = ["chats", "cards", "card_sharers"] as const;

export interface KeyStatus {
  /** Ids of the configured keys, newest first. */
  keys: [newest: string, ...older: string[]];
  /** Rows under the newest key. */
  current: number;
  /** Rows under an older key that is configured. */
  older: number;
  /** Rows under a key that is not configured: they can't be decrypted without it. */
  closed: number;
}

export class KeyRotation {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #followers: SqlFollowers;
  readonly #vault: Vault;
  readonly #size: number;

  /** @param size rows a page */
  constructor(storage: DurableObjectStorage, followers: SqlFollowers, vault: Vault, size = PAGE_ROWS) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#followers = followers;
    this.#vault = vault;
    this.#size = size;
  }

  status(): KeyStatus {
    const keys = this.#vault.keyIds;
    const status: KeyStatus = { keys, current: 0, older: 0, closed: 0 };
    for (const table of sealedTables)
      for (const { key_id, count } of this.#sql.exec<{ key_id: string; count: number }>(
        `SELECT key_id, COUNT(*) AS count FROM ${table} GROUP BY key_id`,
      ))
        status[key_id === keys[0] ? "current" : keys.includes(key_id) ? "older" : "closed"] += count;
    return status;
  }

  /** Re-encrypts one page of rows that are under an older key. @returns the number of rows; 0 when none is left */
  async page(): Promise<number> {
    const [, ...older] = this.#vault.keyIds;
    for (const table of sealedTables) {
      const rows = this.#sql
        .exec<{ id: number } & SealedRow & Record<string, SqlStorageValue>>(
          `SELECT id, hash, key_id, sealed FROM ${table} WHERE key_id IN (SELECT value FROM json_each(?)) LIMIT ?`,
          JSON.stringify(older),
          this.#size,
        )
        .toArray();
      if (rows.length === 0) continue;
      const sealed = await Promise.all(rows.map(async (row) => this.#vault.seal(await this.#vault.unseal(row))));
      this.#storage.transactionSync(() => {
        for (const [index, row] of rows.entries()) {
          const fresh = sealed[index] as Sealed;
          this.#makeRoom(table, row.id, fresh);
          // The condition on the hash skips a row that was deleted or moved meanwhile.
          this.#sql.exec(
            `UPDATE ${table} SET hash = ?, key_id = ?, sealed = ? WHERE id = ? AND hash = ?`,
            fresh.hashes[0],
            fresh.keyId,
            fresh.sealed,
            row.id,
            row.hash,
          );
        }
      });
      return rows.length;
    }
    return 0;
  }

  /** While a wrong key was configured, the same id may have got a second row under that key. The two are merged. */
  #makeRoom(table: (typeof sealedTables)[number], id: number, fresh: Sealed): void {
    const [other] = this.#sql
      .exec<{ id: number }>(`SELECT id FROM ${table} WHERE hash = ? AND id != ?`, fresh.hashes[0], id)
      .toArray();
    if (!other) return;
    if (table === "chats") this.#followers.move(id, fresh);
    if (table === "card_sharers") this.#sql.exec("UPDATE cards SET sharer = ? WHERE sharer = ?", other.id, id);
    this.#sql.exec(`DELETE FROM ${table} WHERE id = ?`, id);
  }
}
