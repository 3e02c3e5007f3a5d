/**
 * Editors' chats: Telegram groups that hear what editors did and the others
 * must know, and of troubles. A group is linked with a code that the desk shows
 * to an administrator. The audit log is the source: its lines become deliveries
 * in the transaction that stores how far it was read, so none is lost and none
 * is sent twice.
 */
import type { DeskLinked } from "../../../bot/ports.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import {
  DESK_CODE_MS,
  type DeskChat,
  type DeskCode,
  MAX_DESK_CHATS,
} from "../../editing/rules/desk-chats.ts";
import type { Fallen, Registrant } from "../../editing/rules/roles.ts";
import type {
  ChangeCursor,
  ProposalEvent,
  ProposalEventPage,
  WatchTrouble,
} from "../../reads/state.ts";
import { digest } from "../../runtime/digest.ts";
import { iso } from "../../runtime/iso.ts";
import {
  newCode,
  printedCode,
  typedCode,
} from "../../runtime/single-use-code.ts";
import { StoragePart } from "../storage/queries.ts";
import { newsOfTroubles } from "../storage/troubles.ts";
import { deskNoticeNumber, FIRST_DESK_NUMBER } from "./desk-notices.ts";
import type { Address, Recipient, SqlFollowers } from "./followers.ts";
import { dropIdleChat } from "./idle-chats.ts";
import { type Rank, rankOf } from "./rank.ts";
import type { Sealed, SealedRow } from "./vault.ts";

const POSITION = "desk position";
/** Lines of the audit log in one transaction. */
const PAGE_LINES = 100;

/**
 * Reads the audit log's lines about proposals; null when the position is of
 * another log.
 */
export type ReadProposals = (
  since: ChangeCursor | null,
  limit: number,
) => Promise<ProposalEventPage | null>;

/** The Ledger, as far as editors' chats go. */
export interface DeskPorts {
  read: ReadProposals;
  /**
   * Logs the link before it is made.
   * @returns false when the code's editor has lost the role or the passkey
   * since
   */
  record(by: Registrant, id: string): Promise<boolean>;
  /** What has become of the editors whose codes linked the chats. */
  fallen(registrants: Registrant[]): Promise<(Fallen | null)[]>;
}

export class SqlDeskChats extends StoragePart {
  readonly #followers: SqlFollowers;

  constructor(storage: DurableObjectStorage, followers: SqlFollowers) {
    super(storage);
    this.#followers = followers;
  }

  #linked(): number {
    return this.sql.oneValue("SELECT COUNT(*) FROM desk_chats");
  }

  newCode({ editor, passkey }: Registrant, now = Date.now()): DeskCode {
    const code = newCode();
    const until = now + DESK_CODE_MS;
    this.storage.transactionSync(() => {
      this.sql.exec("DELETE FROM desk_codes WHERE until <= ?", now);
      this.sql.exec(
        "INSERT INTO desk_codes VALUES (?, ?, ?, ?)",
        digest(code),
        editor,
        until,
        passkey,
      );
    });
    return { code: printedCode(code), expires: iso(until) };
  }

  /** The editor who made a code that still works; null when there is none. */
  #makerOf(hash: string, now: number): Registrant | null {
    const query =
      "SELECT editor, passkey FROM desk_codes WHERE hash = ? AND until > ?";
    return this.sql.firstRow<{ editor: string; passkey: string | null }>(
      query,
      hash,
      now,
    );
  }

  /** Links a chat and uses up the code. */
  async link(
    sealed: Sealed,
    topic: number,
    code: string,
    locale: LocaleTag,
    now: number,
    { read, record }: Pick<DeskPorts, "read" | "record">,
  ): Promise<DeskLinked> {
    const hash = digest(typedCode(code));
    const maker = this.#makerOf(hash, now);
    if (maker === null) return "unknown";
    if (this.#has(sealed.hashes, topic)) return "already";
    if (this.#linked() >= MAX_DESK_CHATS) return "full";
    const id = crypto.randomUUID();
    // The first chat hears of what comes from now on.
    const newest = await read(null, 1);
    if (!(await record(maker, id))) {
      this.sql.exec("DELETE FROM desk_codes WHERE hash = ?", hash);
      return "unknown";
    }
    return this.storage.transactionSync(() => {
      if (this.#makerOf(hash, now) === null) return "unknown";
      this.sql.exec("DELETE FROM desk_codes WHERE hash = ?", hash);
      if (this.#linked() === 0)
        this.#move({ log: newest?.log ?? "", position: newest?.newest ?? 0 });
      const chat = this.#followers.findOrAdd(sealed, rankOf.group);
      this.sql.exec("UPDATE chats SET spoken = ? WHERE id = ?", locale, chat);
      this.sql.insert(
        "desk_chats",
        { id, chat, topic, ...maker, added: now },
        "INSERT OR IGNORE",
      );
      return "linked";
    });
  }

  #has(hashes: Sealed["hashes"], topic: number): boolean {
    const query = "SELECT 1 FROM desk_chats WHERE chat = ? AND topic = ?";
    return (
      this.sql.firstRow(query, this.#followers.find(hashes), topic) !== null
    );
  }

  list(): DeskChat[] {
    const query = "SELECT id, editor, added FROM desk_chats ORDER BY rowid";
    const rows = this.sql.allRows<{
      id: string;
      editor: string;
      added: number;
    }>(query);
    return rows.map((row) => ({ ...row, added: iso(row.added) }));
  }

  /** @returns false when there is no such chat */
  remove(id: string): boolean {
    return this.#end("id = ?", id);
  }

  /** @returns false when the place is not linked */
  unlink(hashes: Sealed["hashes"], topic: number): boolean {
    return this.#end(
      "chat = ? AND topic = ?",
      this.#followers.find(hashes),
      topic,
    );
  }

  /** For a place that is known by its rows: a group that has become public. */
  unlinkAddress({ chat, topic }: Pick<Address, "chat" | "topic">): void {
    this.#end("chat = ? AND topic = ?", chat, topic);
  }

  /** Deletes what waits for the chat too. */
  #end(where: string, ...bindings: SqlStorageValue[]): boolean {
    return this.storage.transactionSync(() => {
      const remove = `DELETE FROM desk_chats WHERE ${where} RETURNING chat, topic`;
      const ended = this.sql.allRows<{ chat: number; topic: number }>(
        remove,
        ...bindings,
      );
      for (const { chat, topic } of ended) {
        const query =
          "DELETE FROM deliveries WHERE chat = ? AND topic = ? AND number <= ?";
        this.sql.exec(query, chat, topic, FIRST_DESK_NUMBER);
        dropIdleChat(this.sql, chat);
      }
      return ended.length > 0;
    });
  }

  /**
   * Where a message to editors goes; null when the place is not linked any
   * more.
   */
  recipient({
    chat,
    topic,
  }: Pick<Address, "chat" | "topic">): Recipient | null {
    const row = this.sql.firstRow<
      SealedRow & { rank: Rank; locale: LocaleTag; silent: number }
    >(
      `SELECT hash, key_id, sealed, rank, COALESCE(chosen, spoken, 'en') AS locale, COALESCE(manner ->> 'silent', 0) AS silent FROM chats
       WHERE id = ?1 AND EXISTS (SELECT 1 FROM desk_chats WHERE chat = ?1 AND topic = ?2)`,
      chat,
      topic,
    );
    if (!row) return null;
    const { hash, key_id, sealed, rank, locale, silent } = row;
    const manner = { silent: silent === 1, neutral: false };
    return {
      sealed: { hash, key_id, sealed },
      rank,
      locale,
      manner,
      scopes: [],
      since: 0,
      told: 0,
    };
  }

  /** The newest line of the audit log that became messages, and its time. */
  get #position(): ChangeCursor & { at: number } {
    return this.storage.kv.get(POSITION) ?? { log: "", position: 0, at: 0 };
  }

  #move(to: Partial<ChangeCursor & { at: number }>): void {
    this.storage.kv.put(POSITION, { ...this.#position, ...to });
  }

  /**
   * Unlinks the chats of editors who have left, or have lost the role or the
   * passkey.
   */
  async #unlinkFallen(fallen: DeskPorts["fallen"]): Promise<void> {
    const query = "SELECT id, editor, passkey FROM desk_chats";
    const rows = this.sql.allRows<{
      id: string;
      editor: string;
      passkey: string | null;
    }>(query);
    const found =
      rows.length === 0
        ? []
        : await fallen(rows.map(({ id: _, ...registrant }) => registrant));
    for (const [index, { id }] of rows.entries())
      if (found[index]) this.remove(id);
  }

  /**
   * Makes deliveries of everything that happened since the last call, and first
   * unlinks chats that don't stand any more.
   * @returns true when it made some
   */
  async catchUp(
    { read, fallen }: Pick<DeskPorts, "read" | "fallen">,
    now: number,
  ): Promise<boolean> {
    await this.#unlinkFallen(fallen);
    for (let made = false; ; ) {
      if (this.#linked() === 0) return made;
      const since = this.#position;
      const page = await read(since, PAGE_LINES);
      // After a restore, old lines are not news.
      const newest = page ?? (await read(null, 1));
      const isDone = this.storage.transactionSync(() => {
        const { log, position } = this.#position;
        // Another call was faster.
        if (log !== since.log || position !== since.position) return false;
        for (const event of page?.changes ?? [])
          made = this.#deliver(event, now) || made;
        this.#move({
          log: newest?.log ?? "",
          position: (page ? page.next : newest?.newest) ?? 0,
        });
        return !page?.more;
      });
      if (isDone) return made;
    }
  }

  /** @returns true when it made a delivery */
  tellTroubles(troubles: readonly WatchTrouble[], now: number): boolean {
    const events = newsOfTroubles(this.storage.kv, "troubles", troubles, now);
    return this.storage.transactionSync(() =>
      events.map((event) => this.#deliver(event, now)).includes(true),
    );
  }

  #deliver(
    event: Pick<ProposalEvent, "change" | "id" | "action" | "at">,
    now: number,
  ): boolean {
    // The outbox sends in the order of times, and two lines may have the same
    // one.
    const at = Math.max(this.#position.at + 1, Date.parse(event.at));
    this.#move({ at });
    // An earlier one that waits for its chat's pace goes first.
    return (
      this.sql.exec(
        `INSERT OR IGNORE INTO deliveries (case_id, number, chat, topic, live_at, rank, silent, state, due_at)
         SELECT ?1, ?2, chat, topic, ?3, ?4, 0, 'pending', MAX(?5, COALESCE((SELECT MAX(due_at) FROM deliveries e
           WHERE e.chat = c.chat AND e.topic = c.topic AND e.number <= ?6 AND e.state IN ('pending', 'uncertain')), 0))
         FROM desk_chats c`,
        ...[
          event.id,
          deskNoticeNumber(event),
          at,
          rankOf.group,
          now,
          FIRST_DESK_NUMBER,
        ],
      ).rowsWritten > 0
    );
  }
}
