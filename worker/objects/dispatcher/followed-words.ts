/**
 * Words and names that chats follow. Each is sealed like an address and opened
 * only in memory: when an announcement asks which of them a case contains, and
 * to show a chat its own. Everything else names the row, so nothing else has to
 * be erased with the word.
 */
import type { FollowScope } from "../../../bot/ports.ts";
import {
  isErasedBy,
  mentionsWord,
  rowOfScope,
  scopeOfRow,
  wordsOfCase,
} from "../../../bot/scope.ts";
import { searchWords } from "../../../shared/case/names.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { StoragePart } from "../storage/queries.ts";
import { findByHash } from "./find-by-hash.ts";
import { dropIdleChat } from "./idle-chats.ts";
import type { Sealed, SealedRow, Vault } from "./vault.ts";

/**
 * SQL: the row of a scope that is one, as in `scopeOfRow`. The trigger in the
 * migrations has the same expression.
 */
const ROW = "CAST(substr(scope, 2) AS INTEGER)";
/** SQL: a follow of a word that was erased. */
const isErased = `scope LIKE '#%' AND NOT EXISTS (SELECT 1 FROM words WHERE id = ${ROW})`;
/** So that no hash of a word is also the hash of a chat's id. */
const PREFIX = "word ";

type WordRow = SealedRow & { id: number };

export class FollowedWords extends StoragePart {
  readonly #vault: Vault;

  constructor(storage: DurableObjectStorage, vault: Vault) {
    super(storage);
    this.#vault = vault;
  }

  seal(word: string): Promise<Sealed> {
    return this.#vault.seal(PREFIX + word);
  }

  /**
   * Call it in the turn in which the word is followed: a word without a
   * follower is erased.
   * @returns its scope
   */
  add({ hashes, keyId, sealed }: Sealed): FollowScope {
    const known = findByHash(this.sql, "words", hashes);
    if (known !== null) return scopeOfRow(known);
    const query =
      "INSERT INTO words (hash, key_id, sealed) VALUES (?, ?, ?) RETURNING id";
    return scopeOfRow(
      this.sql.allValues<number>(query, hashes[0], keyId, sealed)[0] as number,
    );
  }

  /**
   * The words of rows, by scope. One whose key is missing, or that was erased,
   * is left out.
   * @param rows all when absent
   */
  async opened(rows?: number[]): Promise<Map<FollowScope, string>> {
    const some = rows && "WHERE id IN (SELECT value FROM json_each(?))";
    const query = `SELECT id, hash, key_id, sealed FROM words ${some ?? ""} ORDER BY id`;
    const found = this.sql.allRows<WordRow>(
      query,
      ...(rows ? [JSON.stringify(rows)] : []),
    );
    const words = await Promise.all(
      found.map((row) => this.#vault.unseal(row).catch(() => null)),
    );
    return new Map(
      found.flatMap(({ id }, index) => {
        const word = words[index]?.slice(PREFIX.length);
        return word ? [[scopeOfRow(id), word]] : [];
      }),
    );
  }

  /** The followed words that a case contains. */
  async scopesIn(fields: Case): Promise<FollowScope[]> {
    const text = wordsOfCase(fields);
    return [...(await this.opened())]
      .filter(([, word]) => mentionsWord(word, text))
      .map(([scope]) => scope);
  }

  /**
   * For an erasure, before it is committed: the rows of the followed words that
   * name what it erases. They go with its announcement, so that nothing about
   * the erased is stored.
   */
  async matching(names: string[]): Promise<number[]> {
    const erased = names.map((name) => ({ name, words: searchWords(name) }));
    return [...(await this.opened())]
      .filter(([, word]) => erased.some((one) => isErasedBy(word, one)))
      .map(([scope]) => rowOfScope(scope) as number);
  }

  /**
   * Erases the words of a redaction or withdrawal that is announced. Their
   * follows stay until their chats were told, see `dropTold`.
   * @returns the scopes, which name rows that no longer exist
   */
  erase(rows: readonly number[]): FollowScope[] {
    for (const row of rows) {
      // The file keeps the bytes of a deleted row.
      this.sql.exec(
        "UPDATE words SET hash = 'erased ' || id, sealed = zeroblob(length(sealed)) WHERE id = ?",
        row,
      );
      this.sql.exec("DELETE FROM words WHERE id = ?", row);
    }
    return rows.map(scopeOfRow);
  }

  /** The words among scopes that were erased. */
  erasedOf(scopes: FollowScope[]): FollowScope[] {
    return this.sql.allValues(
      `SELECT scope FROM (SELECT value AS scope FROM json_each(?)) WHERE ${isErased}`,
      JSON.stringify(scopes),
    );
  }

  /** Ends the follows of erased words whose chats have nothing more to hear. */
  dropTold(): void {
    this.storage.transactionSync(() => {
      const chats = this.sql.allValues<number>(
        `DELETE FROM follows WHERE ${isErased} AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.chat = follows.chat)
           AND NOT EXISTS (SELECT 1 FROM pages JOIN announced a USING (case_id, number), json_each(a.scopes) s WHERE s.value = follows.scope)
         RETURNING chat`,
      );
      for (const chat of new Set(chats)) dropIdleChat(this.sql, chat);
    });
  }

  /**
   * After a restore: a word and its follows are in different parts of a file,
   * and may have ended in between.
   */
  dropUnpaired(): void {
    this.sql.exec(`DELETE FROM follows WHERE ${isErased}`);
    this.sql.exec(
      "DELETE FROM words WHERE NOT EXISTS (SELECT 1 FROM follows WHERE scope = '#' || words.id)",
    );
  }
}
