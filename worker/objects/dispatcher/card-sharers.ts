/** Chats that have read the notice about sharing or have cards, so that /forget finds their cards. In the Dispatcher's SQLite. */
import { oneValue } from "../storage/queries.ts";
import { findByHash } from "./find-by-hash.ts";
import type { Sealed } from "./vault.ts";

export class CardSharers {
  readonly #sql: SqlStorage;
  readonly #lifetimeMs: number;

  /** @param lifetimeMs how long a chat without cards is kept */
  constructor(sql: SqlStorage, lifetimeMs: number) {
    this.#sql = sql;
    this.#lifetimeMs = lifetimeMs;
  }

  find(chat: Sealed["hashes"]): number | null {
    return findByHash(this.#sql, "card_sharers", chat);
  }

  /** True if a chat has read the notice about sharing, and hasn't been idle for too long since. */
  isWelcome(chat: Sealed["hashes"], now: number): boolean {
    const query = "SELECT EXISTS (SELECT 1 FROM card_sharers WHERE id = ? AND seen_at > ?)";
    return oneValue(this.#sql, query, this.find(chat), now - this.#lifetimeMs) === 1;
  }

  /** Stores a chat that has read the notice or shared a card. @returns the id of its row */
  welcome({ hashes, keyId, sealed }: Sealed, now: number): number {
    const known = this.find(hashes);
    if (known !== null) {
      this.#sql.exec("UPDATE card_sharers SET seen_at = ? WHERE id = ?", now, known);
      return known;
    }
    const query = "INSERT INTO card_sharers (hash, key_id, sealed, seen_at) VALUES (?, ?, ?, ?) RETURNING id";
    return oneValue(this.#sql, query, hashes[0], keyId, sealed, now);
  }

  delete(sharer: number): void {
    this.#sql.exec("DELETE FROM card_sharers WHERE id = ?", sharer);
  }

  /** Deletes idle chats that have no cards left. */
  dropIdle(now: number): void {
    this.#sql.exec(
      "DELETE FROM card_sharers WHERE seen_at <= ? AND NOT EXISTS (SELECT 1 FROM cards WHERE sharer = card_sharers.id)",
      now - this.#lifetimeMs,
    );
  }
}
