/**
 * Chats, their follows and their settings, in the Dispatcher's SQLite. Every
 * method is one transaction.
 */
import type { FollowScope, Forgotten, Manner } from "../../../bot/ports.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { StoragePart } from "../storage/queries.ts";
import type { Follower } from "./carrier.ts";
import { ringsOf, setRings, wakeResting } from "./chat-hours.ts";
import { FIRST_DESK_NUMBER } from "./desk-notices.ts";
import { type FanOut, scopesOf } from "./fan-out.ts";
import { findByHash } from "./find-by-hash.ts";
import { dropIdleChat } from "./idle-chats.ts";
import type { Rank } from "./rank.ts";
import type { Sealed, SealedRow } from "./vault.ts";

const DAY_MS = 86_400_000;

/** Tables whose column `chat` refers to `chats.id`. */
const keyedByChat = [
  "follows",
  "told",
  "deliveries",
  "cards",
  "desk_chats",
] as const;

/** A case, and the chat and topic that hears of it. */
export interface Address {
  caseId: string;
  /** The row of the chat. */
  chat: number;
  topic: number;
}

/** The recipient of a delivery. */
export interface Recipient extends Follower {
  /** The address, sealed. */
  sealed: SealedRow;
  /**
   * The day on which the oldest of its follows began, in milliseconds since the
   * epoch.
   */
  since: number;
  /** The newest revision that was sent there; 0 for none. */
  told: number;
}

/** @param stored what differs from the usual, as JSON */
const mannerOf = (stored: string): Manner => ({
  silent: false,
  neutral: false,
  ...JSON.parse(stored),
});

export class SqlFollowers extends StoragePart {
  readonly #fanOut: FanOut;

  constructor(storage: DurableObjectStorage, fanOut: FanOut) {
    super(storage);
    this.#fanOut = fanOut;
  }

  find(hashes: Sealed["hashes"]): number | null {
    return findByHash(this.sql, "chats", hashes);
  }

  /** @param service the push service of a device, as a keyed hash */
  findOrAdd(
    { hashes, keyId, sealed }: Sealed,
    rank: Rank,
    service = "",
  ): number {
    const query =
      "INSERT INTO chats (hash, key_id, sealed, rank, service) VALUES (?, ?, ?, ?, ?) RETURNING id";
    return (
      this.find(hashes) ??
      this.sql.oneValue(query, hashes[0], keyId, sealed, rank, service)
    );
  }

  /**
   * @param told for a case, the newest revision the follower has seen; else 0
   * @returns false if the chat follows the scope already
   */
  follow(
    sealed: Sealed,
    rank: Rank,
    topic: number,
    scope: FollowScope,
    locale: LocaleTag,
    told: number,
    now: number,
  ): boolean {
    return this.storage.transactionSync(() => {
      const chat = this.findOrAdd(sealed, rank);
      this.sql.exec("UPDATE chats SET spoken = ? WHERE id = ?", locale, chat);
      const follow = { scope, chat, topic, rank, since: now - (now % DAY_MS) };
      const isNew = this.sql.insert("follows", follow, "INSERT OR IGNORE");
      if (told > 0) {
        this.recordTold({ caseId: scope, chat, topic, number: told });
        if (isNew) this.#fanOut.catchUp(scope, chat, topic, rank, told, now);
      }
      return isNew;
    });
  }

  /** Revisions up to `number` are not sent to this place again. */
  recordTold({
    caseId,
    chat,
    topic,
    number,
  }: Address & { number: number }): void {
    this.sql.exec(
      `INSERT INTO told (case_id, chat, topic, number) VALUES (?, ?, ?, ?)
       ON CONFLICT (case_id, chat, topic) DO UPDATE SET number = MAX(number, excluded.number)`,
      ...[caseId, chat, topic, number],
    );
  }

  unfollow(
    hashes: Sealed["hashes"],
    topic: number,
    scope: FollowScope,
  ): boolean {
    return this.storage.transactionSync(() => {
      const chat = this.find(hashes);
      if (chat === null) return false;
      return this.#endFollow(scope, chat, topic);
    });
  }

  /** Ends a follow once the place has heard of the case's withdrawal. */
  endCase({ caseId, chat, topic }: Address): void {
    this.storage.transactionSync(() => this.#endFollow(caseId, chat, topic));
  }

  /** @returns false when there was no such follow */
  #endFollow(scope: FollowScope, chat: number, topic: number): boolean {
    const query =
      "DELETE FROM follows WHERE scope = ? AND chat = ? AND topic = ?";
    const { rowsWritten } = this.sql.exec(query, scope, chat, topic);
    // Rows that another follow of the same place still needs are kept, and
    // messages to editors, which no follow asks for.
    for (const table of ["deliveries", "told"])
      this.sql.exec(
        `DELETE FROM ${table} AS d WHERE d.chat = ? AND d.topic = ? AND d.number > ${FIRST_DESK_NUMBER} AND NOT EXISTS (SELECT 1 FROM follows f
           WHERE f.chat = d.chat AND f.topic = d.topic AND f.scope IN ${scopesOf("d.case_id", "d.number")})`,
        chat,
        topic,
      );
    dropIdleChat(this.sql, chat);
    return rowsWritten > 0;
  }

  /** The follows of all topics of a chat, in the order of the topics. */
  followingEverywhere(
    hashes: Sealed["hashes"],
  ): { scope: FollowScope; topic: number }[] {
    const query =
      "SELECT scope, topic FROM follows WHERE chat = ? ORDER BY topic, since, scope";
    return this.sql.allRows(query, this.find(hashes));
  }

  language(hashes: Sealed["hashes"]): LocaleTag | null {
    const query = "SELECT chosen FROM chats WHERE id = ?";
    return (
      this.sql.allValues<LocaleTag | null>(query, this.find(hashes))[0] ?? null
    );
  }

  setLanguage(sealed: Sealed, rank: Rank, locale: LocaleTag): void {
    this.storage.transactionSync(() => {
      this.sql.exec(
        "UPDATE chats SET chosen = ? WHERE id = ?",
        locale,
        this.findOrAdd(sealed, rank),
      );
    });
  }

  /** @param topic the topic whose cases' sounds are told */
  manner(hashes: Sealed["hashes"], topic = 0): Manner {
    const chat = this.find(hashes);
    const query = "SELECT manner, paused_at FROM chats WHERE id = ?";
    const row = this.sql.firstRow<{ manner: string; paused_at: number }>(
      query,
      chat,
    );
    const rings = ringsOf(this.sql, chat, topic);
    return {
      ...mannerOf(row?.manner ?? "{}"),
      ...(row && row.paused_at > 0 && { paused: true }),
      ...(rings && { rings }),
    };
  }

  setManner(
    sealed: Sealed,
    rank: Rank,
    changes: Partial<Manner>,
    now: number,
    topic = 0,
  ): void {
    this.storage.transactionSync(() => {
      const before = this.manner(sealed.hashes);
      const {
        silent,
        neutral,
        brief,
        paused = false,
        hours,
        reminders,
      } = { ...before, ...changes };
      const stored = {
        ...(silent && { silent }),
        ...(neutral && { neutral }),
        ...(brief && { brief }),
        ...(hours && { hours }),
        ...(reminders === false && { reminders }),
      };
      const chat = this.findOrAdd(sealed, rank);
      this.sql.exec(
        "UPDATE chats SET manner = ? WHERE id = ?",
        JSON.stringify(stored),
        chat,
      );
      setRings(this.sql, chat, topic, changes.rings);
      if (changes.hours !== undefined) wakeResting(this.sql, chat, now);
      if (before.paused && !paused) this.#fanOut.resume(chat, now);
      if (Boolean(before.paused) !== paused)
        this.sql.exec(
          "UPDATE chats SET paused_at = ? WHERE id = ?",
          paused ? now : 0,
          chat,
        );
      dropIdleChat(this.sql, chat);
    });
  }

  /**
   * True if rows are sealed with a key that is not configured: any chat may
   * have one.
   */
  hasUnreadable(keyIds: string[]): boolean {
    const query =
      "SELECT EXISTS (SELECT 1 FROM chats WHERE key_id NOT IN (SELECT value FROM json_each(?1)))";
    return this.sql.oneValue(query, JSON.stringify(keyIds)) === 1;
  }

  forget(
    hashes: Sealed["hashes"],
  ): Pick<Forgotten, "follows" | "deliveries" | "posts" | "chosen" | "desk"> {
    return this.storage.transactionSync(() => {
      const chat = this.find(hashes);
      if (chat === null)
        return { follows: 0, deliveries: 0, posts: 0, chosen: false, desk: 0 };
      const { silent, neutral, hours, reminders = true } = this.manner(hashes);
      const chosen =
        silent ||
        neutral ||
        hours !== undefined ||
        !reminders ||
        this.language(hashes) !== null;
      const countIn = (table: (typeof keyedByChat)[number]) =>
        this.sql.oneValue(
          `SELECT COUNT(*) FROM ${table} WHERE chat = ? AND chat != 0`,
          chat,
        );
      const counts = {
        follows: countIn("follows"),
        deliveries: countIn("deliveries"),
        posts: countIn("cards"),
        desk: countIn("desk_chats"),
      };
      this.delete(chat);
      return { ...counts, chosen };
    });
  }

  /** Deletes everything about a topic that no longer exists. */
  endTopic({ chat, topic }: Address): void {
    this.storage.transactionSync(() => {
      for (const table of keyedByChat)
        this.sql.exec(
          `DELETE FROM ${table} WHERE chat = ? AND topic = ?`,
          chat,
          topic,
        );
      dropIdleChat(this.sql, chat);
    });
  }

  /**
   * Deletes everything about a chat, but not which cards it shared: they stay
   * up to date, and /forget finds them.
   */
  delete(chat: number): void {
    this.storage.transactionSync(() => {
      for (const table of keyedByChat)
        this.sql.exec(`DELETE FROM ${table} WHERE chat = ?`, chat);
      const none = "chosen = NULL, spoken = NULL, manner = '{}', paused_at = 0";
      this.sql.exec(`UPDATE chats SET ${none} WHERE id = ?`, chat);
      dropIdleChat(this.sql, chat);
    });
  }

  /**
   * The recipient of a delivery; null when no follow of the place matches the
   * case any more, and while the chat has paused.
   */
  recipient({
    caseId,
    number,
    chat,
    topic,
  }: Address & { number: number }): Recipient | null {
    const row = this.sql.firstRow<
      SealedRow & {
        rank: Rank;
        locale: LocaleTag;
        manner: string;
        silent: number | null;
        told: number;
        follows: string;
      }
    >(
      `SELECT hash, key_id, sealed, rank, COALESCE(chosen, spoken, 'en') AS locale, manner,
         (SELECT silent FROM follows WHERE scope = ?1 AND chat = ?2 AND topic = ?3) AS silent,
         COALESCE((SELECT number FROM told WHERE case_id = ?1 AND chat = ?2 AND topic = ?3), 0) AS told,
         (SELECT json_group_array(json_array(scope, since)) FROM (SELECT scope, since FROM follows
            WHERE chat = ?2 AND topic = ?3 AND scope IN ${scopesOf("?1", "?4")} ORDER BY since, scope)) AS follows
       FROM chats WHERE id = ?2 AND paused_at = 0`,
      caseId,
      chat,
      topic,
      number,
    );
    const follows: [FollowScope, number][] = row ? JSON.parse(row.follows) : [];
    if (!row || !follows[0]) return null;
    const { hash, key_id, sealed, rank, locale, told } = row;
    const { hours: _, ...manner } = mannerOf(row.manner);
    return {
      sealed: { hash, key_id, sealed },
      rank,
      locale,
      manner: {
        ...manner,
        ...(row.silent !== null && { silent: row.silent === 1 }),
      },
      scopes: follows.map(([scope]) => scope),
      since: follows[0][1],
      told,
    };
  }

  /**
   * Moves a group that became a supergroup to its new id. If that has a row
   * already, the two are merged.
   */
  move(from: number, to: Sealed): void {
    this.storage.transactionSync(() => {
      const there = this.find(to.hashes);
      if (there === from) return;
      if (there === null) {
        const query =
          "UPDATE chats SET hash = ?, key_id = ?, sealed = ? WHERE id = ?";
        this.sql.exec(query, to.hashes[0], to.keyId, to.sealed, from);
        return;
      }
      // Merge the settings: the quieter one wins, and a language chosen in
      // either chat is kept.
      this.sql.exec(
        `UPDATE chats AS c SET manner = json_patch(f.manner, c.manner), paused_at = MAX(c.paused_at, f.paused_at),
           chosen = COALESCE(c.chosen, f.chosen), spoken = COALESCE(c.spoken, f.spoken), shares_at = MAX(c.shares_at, f.shares_at)
         FROM chats AS f WHERE c.id = ? AND f.id = ?`,
        there,
        from,
      );
      this.sql.exec(
        "UPDATE deliveries SET state = 'pending' WHERE chat = ? AND state = 'sending'",
        from,
      );
      this.sql.exec(
        "UPDATE cards SET sharer = ? WHERE sharer = ?",
        there,
        from,
      );
      for (const table of keyedByChat) {
        this.sql.exec(
          `UPDATE OR IGNORE ${table} SET chat = ? WHERE chat = ?`,
          there,
          from,
        );
        this.sql.exec(`DELETE FROM ${table} WHERE chat = ?`, from);
      }
      this.sql.exec("DELETE FROM chats WHERE id = ?", from);
    });
  }
}
