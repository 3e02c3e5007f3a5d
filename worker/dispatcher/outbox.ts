/** Followers and what waits to be sent to them, in the Dispatcher's SQLite. Every method is one transaction. */
import type { Manner, Scope } from "../../bot/ports.ts";
import type { LocaleTag } from "../../shared/locale.ts";
import { migrate } from "../ledger/migrations.ts";
import type { Announcement } from "../ledger/state.ts";
import type { Delivery, Outbox, Unsent } from "./drain.ts";
import { migrations } from "./migrations.ts";
import { Pace } from "./pace.ts";
import type { SealedChat, Vault } from "./vault.ts";
import type { Verdict } from "./verdict.ts";

export type Rank = 0 | 1 | 2;
/** Channels are told first, then groups, then private chats. */
export const rankOf = { channel: 0, group: 1, private: 2 } as const;

/** How long a chat rests after a message, in milliseconds: Telegram allows about one a second, and twenty a minute to a group. */
const REST = { 0: 3_000, 1: 3_000, 2: 1_000 } as const;

/** How long an update's id is remembered: Telegram tries again for a day. */
const REMEMBER = 2 * 86_400_000;

type DeliveryRow = {
  case_id: string;
  number: number;
  chat: string;
  topic: number;
  since: number;
  rank: Rank;
  silent: number;
  attempts: number;
  trouble: string | null;
};

/** Every table but `chats` whose rows belong to a chat, by its keyed hash in `chat`. */
export const keyedByChat = ["follows", "told", "deliveries"] as const;

/** What a case can be followed by: itself, everything, and the places it was last announced under. */
const scopesOf = (id: string) =>
  `(SELECT s.value FROM announced a, json_each(a.scopes) s WHERE a.case_id = ${id} AND a.number =
     (SELECT MAX(number) FROM announced WHERE case_id = ${id}) UNION SELECT ${id} UNION SELECT 'all')`;

/** Where a delivery goes, and how. */
export interface Recipient {
  chat: number;
  rank: Rank;
  locale: LocaleTag;
  manner: Manner;
  /** The follows that ask for it, oldest first. */
  scopes: Scope[];
  /** The newest revision the place has seen. */
  told: number;
}

export interface OutboxStatus {
  /** Messages not yet sent. */
  depth: number;
  /** How long the oldest of them has been due, in milliseconds. */
  oldest: number;
  /** How long after its moment the last message left, in milliseconds; null before the first. */
  lag: number | null;
  /** Messages that need a person to look at. */
  parked: number;
  /** False when Telegram refused the token. */
  running: boolean;
}

export class SqlOutbox implements Outbox {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #vault: Vault;
  readonly pace: Pace;
  #lag: number | null = null;

  /** @param token a fingerprint of the bot's token: a new token lifts the stop that an old one caused */
  constructor(storage: DurableObjectStorage, vault: Vault, token: string) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#vault = vault;
    this.pace = new Pace(storage, token);
    migrate(storage, migrations);
  }

  #one<T extends Record<string, SqlStorageValue>>(query: string, ...bindings: SqlStorageValue[]): T {
    return this.#sql.exec<T>(query, ...bindings).one();
  }

  #count(query: string, ...bindings: SqlStorageValue[]): number {
    return this.#one<{ count: number }>(query, ...bindings).count;
  }

  // Followers

  follow(
    chat: SealedChat,
    rank: Rank,
    topic: number,
    scope: Scope,
    locale: LocaleTag,
    told: number,
    now: number,
  ): boolean {
    return this.#storage.transactionSync(() => {
      this.#sql.exec(
        `INSERT INTO chats (chat, key_id, sealed, rank, spoken) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (chat) DO UPDATE SET spoken = excluded.spoken, rank = excluded.rank`,
        chat.chat,
        chat.keyId,
        chat.sealed,
        rank,
        locale,
      );
      const { rowsWritten } = this.#sql.exec(
        "INSERT OR IGNORE INTO follows (scope, chat, topic, since) VALUES (?, ?, ?, ?)",
        scope,
        chat.chat,
        topic,
        now,
      );
      if (told > 0) this.#hasBeenTold({ caseId: scope, chat: chat.chat, topic }, told);
      return rowsWritten > 0;
    });
  }

  /** Nobody is told again of a revision up to this one. */
  #hasBeenTold({ caseId, chat, topic }: Pick<Delivery, "caseId" | "chat" | "topic">, number: number): void {
    this.#sql.exec(
      `INSERT INTO told (case_id, chat, topic, number) VALUES (?, ?, ?, ?)
       ON CONFLICT (case_id, chat, topic) DO UPDATE SET number = MAX(number, excluded.number)`,
      caseId,
      chat,
      topic,
      number,
    );
  }

  unfollow(chat: string, topic: number, scope: Scope): boolean {
    return this.#storage.transactionSync(() => {
      const known = this.#count(
        "SELECT COUNT(*) AS count FROM follows WHERE scope = ? AND chat = ? AND topic = ?",
        scope,
        chat,
        topic,
      );
      this.#endFollow(scope, chat, topic);
      return known > 0;
    });
  }

  #endFollow(scope: Scope, chat: string, topic: number): void {
    this.#sql.exec("DELETE FROM follows WHERE scope = ? AND chat = ? AND topic = ?", scope, chat, topic);
    // What another follow of the same place still asks for stays.
    for (const table of ["deliveries", "told"])
      this.#sql.exec(
        `DELETE FROM ${table} AS d WHERE d.chat = ? AND d.topic = ? AND NOT EXISTS (SELECT 1 FROM follows f
           WHERE f.chat = d.chat AND f.topic = d.topic AND f.scope IN ${scopesOf("d.case_id")})`,
        chat,
        topic,
      );
    this.#dropIdleChat(chat);
  }

  /** What nobody needs any more is not kept. */
  #dropIdleChat(chat: string): void {
    this.#sql.exec(
      `DELETE FROM chats WHERE chat = ?1 AND chosen IS NULL AND silent = 0 AND neutral = 0 AND NOT EXISTS (SELECT 1 FROM follows WHERE chat = ?1)
         AND NOT EXISTS (SELECT 1 FROM deliveries WHERE chat = ?1)`,
      chat,
    );
  }

  following(chat: string, topic: number): Scope[] {
    return this.#sql
      .exec<{ scope: Scope }>(
        "SELECT scope FROM follows WHERE chat = ? AND topic = ? ORDER BY since, scope",
        chat,
        topic,
      )
      .toArray()
      .map((row) => row.scope);
  }

  language(chat: string): LocaleTag | null {
    const [row] = this.#sql
      .exec<{ chosen: LocaleTag | null }>("SELECT chosen FROM chats WHERE chat = ?", chat)
      .toArray();
    return row?.chosen ?? null;
  }

  setLanguage(chat: SealedChat, rank: Rank, locale: LocaleTag): void {
    this.#sql.exec(
      `INSERT INTO chats (chat, key_id, sealed, rank, chosen) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (chat) DO UPDATE SET chosen = excluded.chosen`,
      chat.chat,
      chat.keyId,
      chat.sealed,
      rank,
      locale,
    );
  }

  manner(chat: string): Manner {
    const [row] = this.#sql
      .exec<{ silent: number; neutral: number }>("SELECT silent, neutral FROM chats WHERE chat = ?", chat)
      .toArray();
    return { silent: row?.silent === 1, neutral: row?.neutral === 1 };
  }

  setManner(chat: SealedChat, rank: Rank, { silent, neutral }: Manner): void {
    this.#storage.transactionSync(() => {
      this.#sql.exec(
        `INSERT INTO chats (chat, key_id, sealed, rank, silent, neutral) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (chat) DO UPDATE SET silent = excluded.silent, neutral = excluded.neutral`,
        chat.chat,
        chat.keyId,
        chat.sealed,
        rank,
        Number(silent),
        Number(neutral),
      );
      this.#dropIdleChat(chat.chat);
    });
  }

  forget(chat: string): { follows: number; deliveries: number } {
    return this.#storage.transactionSync(() => {
      const follows = this.#count("SELECT COUNT(*) AS count FROM follows WHERE chat = ?", chat);
      const deliveries = this.#count("SELECT COUNT(*) AS count FROM deliveries WHERE chat = ?", chat);
      this.#deleteChat(chat);
      return { follows, deliveries };
    });
  }

  // Updates from Telegram

  hasSeen(update: number): boolean {
    return this.#count("SELECT COUNT(*) AS count FROM updates WHERE id = ?", update) > 0;
  }

  remember(update: number, now: number): void {
    this.#sql.exec("INSERT OR IGNORE INTO updates VALUES (?, ?)", update, now);
    if (update % 64 === 0) this.#sql.exec("DELETE FROM updates WHERE at < ?", now - REMEMBER);
  }

  // Announcements and deliveries

  /**
   * One delivery per place that follows the case, or what it stands under, and has not been told yet; an announcement that
   * comes again changes nothing.
   * @param places ISO 3166 codes the case stands under; null for those of its announcement before, when its content is gone
   */
  announce({ id, number, liveAt, notify }: Announcement, now: number, places: string[] | null = null): void {
    this.#storage.transactionSync(() => {
      const [before] = this.#sql
        .exec<{ scopes: string }>("SELECT scopes FROM announced WHERE case_id = ? ORDER BY number DESC LIMIT 1", id)
        .toArray();
      const scopes = places ? JSON.stringify([id, "all", ...places]) : (before?.scopes ?? JSON.stringify([id, "all"]));
      const { rowsWritten } = this.#sql.exec(
        "INSERT OR IGNORE INTO announced (case_id, number, at, scopes) VALUES (?, ?, ?, ?)",
        id,
        number,
        now,
        scopes,
      );
      if (rowsWritten === 0 || notify === "none") return;
      this.#sql.exec(
        `INSERT OR IGNORE INTO deliveries (case_id, number, chat, topic, since, live_at, rank, silent, state, due_at)
         SELECT ?1, ?2, f.chat, f.topic, ?2, ?3, c.rank, ?4, 'pending', ?5
         FROM follows f JOIN chats c ON c.chat = f.chat
         LEFT JOIN told t ON t.case_id = ?1 AND t.chat = f.chat AND t.topic = f.topic
         WHERE f.scope IN (SELECT value FROM json_each(?6)) AND COALESCE(t.number, 0) < ?2`,
        id,
        number,
        Date.parse(liveAt),
        notify === "silent" ? 1 : 0,
        now,
        scopes,
      );
    });
  }

  /** Sends that were under way when the process died may have arrived: they are sent again, silently. */
  recover(now: number): void {
    this.#sql.exec(
      "UPDATE deliveries SET state = 'uncertain', silent = 1, attempts = attempts + 1, trouble = 'interrupted', due_at = ? WHERE state = 'sending'",
      now,
    );
  }

  pausedUntil(): number {
    return this.pace.pausedUntil();
  }

  take(now: number): Delivery | null {
    return this.#storage.transactionSync(() => {
      const [row] = this.#sql
        .exec<DeliveryRow>(
          `SELECT case_id, number, chat, topic, since, rank, silent, attempts, trouble FROM deliveries d
           WHERE state IN ('pending', 'uncertain') AND due_at <= ?
             AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.chat = d.chat AND o.state = 'sending')
           ORDER BY rank, live_at, due_at LIMIT 1`,
          now,
        )
        .toArray();
      if (!row) return null;
      // Older and newer revisions that wait for the same place become one message, as loud as the loudest.
      const same = this.#sql
        .exec<{ number: number; since: number; silent: number }>(
          "SELECT number, since, silent FROM deliveries WHERE case_id = ? AND chat = ? AND topic = ? AND state IN ('pending', 'uncertain')",
          row.case_id,
          row.chat,
          row.topic,
        )
        .toArray();
      const number = Math.max(...same.map((other) => other.number));
      const since = Math.min(...same.map((other) => other.since));
      const silent = same.every((other) => other.silent === 1);
      const place = [row.case_id, row.chat, row.topic] as const;
      if (same.length > 1)
        this.#sql.exec(
          "DELETE FROM deliveries WHERE case_id = ? AND chat = ? AND topic = ? AND state IN ('pending', 'uncertain') AND number < ?",
          ...place,
          number,
        );
      this.#sql.exec(
        "UPDATE deliveries SET state = 'sending', since = ?, silent = ?, attempts = ?, trouble = ? WHERE case_id = ? AND chat = ? AND topic = ? AND number = ?",
        since,
        silent ? 1 : 0,
        row.attempts,
        row.trouble,
        ...place,
        number,
      );
      return {
        caseId: row.case_id,
        number,
        since,
        chat: row.chat,
        topic: row.topic,
        silent,
        attempts: row.attempts,
        trouble: row.trouble,
      };
    });
  }

  /** Whether the place still follows, in which language, and where to send; null when the delivery has lost its follower. */
  async recipient(delivery: Delivery): Promise<Recipient | null> {
    const { caseId, chat, topic } = delivery;
    const scopes = this.#sql
      .exec<{ scope: Scope }>(
        `SELECT scope FROM follows WHERE chat = ?2 AND topic = ?3 AND scope IN ${scopesOf("?1")} ORDER BY since, scope`,
        caseId,
        chat,
        topic,
      )
      .toArray()
      .map((row) => row.scope);
    const [row] = this.#sql
      .exec<{ chat: string; sealed: ArrayBuffer; rank: Rank; locale: LocaleTag; silent: number; neutral: number }>(
        "SELECT chat, sealed, rank, COALESCE(chosen, spoken, 'en') AS locale, silent, neutral FROM chats WHERE chat = ?",
        chat,
      )
      .toArray();
    if (!row || scopes.length === 0) return null;
    const told = this.#one<{ told: number }>(
      "SELECT COALESCE(MAX(number), 0) AS told FROM told WHERE case_id = ? AND chat = ? AND topic = ?",
      caseId,
      chat,
      topic,
    );
    return {
      chat: await this.#vault.unseal(row),
      rank: row.rank,
      locale: row.locale,
      manner: { silent: row.silent === 1, neutral: row.neutral === 1 },
      scopes,
      ...told,
    };
  }

  async settle(delivery: Delivery, verdict: Verdict | Unsent, now: number, told: number): Promise<void> {
    // Sealing waits for the platform's cryptography, and a transaction must not wait.
    const moved = verdict.do === "migrate" ? await this.#vault.seal(verdict.to) : null;
    this.#storage.transactionSync(() => this.#settle(delivery, verdict, now, told, moved));
  }

  #settle(delivery: Delivery, verdict: Verdict | Unsent, now: number, told: number, moved: SealedChat | null): void {
    const key = [delivery.caseId, delivery.number, delivery.chat, delivery.topic] as const;
    const where = "WHERE case_id = ? AND number = ? AND chat = ? AND topic = ?";
    const again = (state: string, after: number, trouble: string, silent: boolean) =>
      this.#sql.exec(
        `UPDATE deliveries SET state = ?, due_at = ?, attempts = attempts + 1, trouble = ?, silent = MAX(silent, ?) ${where}`,
        state,
        now + after,
        trouble,
        silent ? 1 : 0,
        ...key,
      );
    switch (verdict.do) {
      case "done": {
        const [sent] = this.#sql
          .exec<{ live_at: number; rank: Rank }>(`SELECT live_at, rank FROM deliveries ${where}`, ...key)
          .toArray();
        this.#sql.exec(`DELETE FROM deliveries ${where}`, ...key);
        if (told > 0 && this.#follows(delivery)) this.#hasBeenTold(delivery, told);
        // The text was the head's: what waits for a revision up to it has been said.
        this.#sql.exec(
          "DELETE FROM deliveries WHERE case_id = ? AND chat = ? AND topic = ? AND number <= ? AND state != 'sending'",
          delivery.caseId,
          delivery.chat,
          delivery.topic,
          told,
        );
        if (sent) {
          this.#lag = now - sent.live_at;
          this.#sql.exec(
            "UPDATE deliveries SET due_at = MAX(due_at, ?) WHERE chat = ? AND state IN ('pending', 'uncertain')",
            now + REST[sent.rank],
            delivery.chat,
          );
        }
        return;
      }
      case "drop":
        this.#sql.exec(`DELETE FROM deliveries ${where}`, ...key);
        this.#dropIdleChat(delivery.chat);
        return;
      case "wait":
        this.#sql.exec(`UPDATE deliveries SET state = 'pending', due_at = ? ${where}`, now + verdict.after, ...key);
        return;
      case "end":
        this.#deleteChat(delivery.chat);
        return;
      case "again":
        again("pending", verdict.after, verdict.trouble, false);
        return;
      case "again-silently":
        again("uncertain", verdict.after, verdict.trouble, true);
        return;
      case "park":
        again("parked", 0, verdict.trouble, false);
        console.error(`a delivery of ${delivery.caseId} revision ${delivery.number} is parked: ${verdict.trouble}`);
        return;
      case "pause":
        this.pace.pause(now + verdict.for);
        this.#sql.exec(`UPDATE deliveries SET state = 'pending', due_at = ? ${where}`, now, ...key);
        return;
      case "stop":
        this.pace.stop();
        this.#sql.exec(`UPDATE deliveries SET state = 'pending' ${where}`, ...key);
        return;
      case "migrate": {
        if (!moved) return;
        this.#move(delivery.chat, moved);
        this.#sql.exec(
          "UPDATE deliveries SET state = 'pending', due_at = ? WHERE chat = ? AND state = 'sending'",
          now,
          moved.chat,
        );
        return;
      }
    }
  }

  #follows({ caseId, chat, topic }: Delivery): boolean {
    return (
      this.#count(
        `SELECT COUNT(*) AS count FROM follows WHERE chat = ?2 AND topic = ?3 AND scope IN ${scopesOf("?1")}`,
        caseId,
        chat,
        topic,
      ) > 0
    );
  }

  /** A group that became a supergroup has another id. */
  move(from: string, to: SealedChat): void {
    this.#storage.transactionSync(() => this.#move(from, to));
  }

  #move(from: string, { chat, keyId, sealed }: SealedChat): void {
    if (from === chat) return;
    this.#sql.exec(
      `INSERT OR IGNORE INTO chats (chat, key_id, sealed, rank, chosen, spoken, silent, neutral)
       SELECT ?, ?, ?, rank, chosen, spoken, silent, neutral FROM chats WHERE chat = ?`,
      chat,
      keyId,
      sealed,
      from,
    );
    for (const table of keyedByChat) {
      this.#sql.exec(`UPDATE OR IGNORE ${table} SET chat = ? WHERE chat = ?`, chat, from);
      this.#sql.exec(`DELETE FROM ${table} WHERE chat = ?`, from);
    }
    this.#sql.exec("DELETE FROM chats WHERE chat = ?", from);
  }

  #deleteChat(chat: string): void {
    for (const table of [...keyedByChat, "chats"]) this.#sql.exec(`DELETE FROM ${table} WHERE chat = ?`, chat);
  }

  /** For a place that was told that the case is gone: there is nothing left to follow. */
  endFollow(delivery: Delivery): void {
    this.#storage.transactionSync(() => {
      this.#endFollow(delivery.caseId, delivery.chat, delivery.topic);
    });
  }

  /** When something can be sent next, in milliseconds since the epoch; null when nothing waits or nothing may be sent. */
  nextDue(): number | null {
    const { due } = this.#one<{ due: number | null }>(
      "SELECT MIN(due_at) AS due FROM deliveries WHERE state IN ('pending', 'uncertain', 'sending')",
    );
    const paused = this.pausedUntil();
    return due === null || !Number.isFinite(paused) ? null : Math.max(due, paused);
  }

  status(now: number): OutboxStatus {
    const { depth, oldest } = this.#one<{ depth: number; oldest: number | null }>(
      "SELECT COUNT(*) AS depth, MIN(live_at) AS oldest FROM deliveries WHERE state IN ('pending', 'uncertain', 'sending')",
    );
    return {
      depth,
      oldest: oldest === null ? 0 : Math.max(0, now - oldest),
      lag: this.#lag,
      parked: this.#count("SELECT COUNT(*) AS count FROM deliveries WHERE state = 'parked'"),
      running: Number.isFinite(this.pausedUntil()),
    };
  }
}
