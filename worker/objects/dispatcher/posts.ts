/**
 * Posts: the bot's messages about updates, in the table `cards`. A correction marks them, a redaction or a withdrawal empties them. Until
 * then they are left as they are. Their rows refer to their chat, so that everything that deletes a chat deletes them.
 */
import type { LocaleTag } from "../../../shared/locale.ts";
import { allRows, allValues } from "../storage/queries.ts";
import { type PostMark, postMarks } from "./card-rows.ts";
import { dropIdleChat } from "./idle-chats.ts";
import type { Sealed, SealedRow } from "./vault.ts";

const DAY_MS = 86_400_000;
/** How long a post in a group or a private chat can be edited. A channel's posts can be as long as the channel follows something. */
export const POST_LIFETIME_MS = 365 * DAY_MS;
/** `due_at` of a post that needs no edit: an instant in the year 2202. */
export const POST_IDLE_DUE_AT_MS = Date.UTC(2202, 0);

/** A message that Telegram has accepted. */
export interface SentPost {
  /** Its address, sealed. */
  address: Sealed;
  locale: LocaleTag;
  neutral: boolean;
}

/** A post to store. */
export interface NewPost {
  caseId: string;
  chat: number;
  topic: number;
  post: SentPost;
  /** The revision that it is about. */
  shown: number;
}

export class SqlPosts {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Stores a post of a chat that has a row. One whose case was corrected or erased meanwhile is due at once. */
  add({ caseId, chat, topic, post: { address, locale, neutral }, shown }: NewPost, now: number): void {
    this.#sql.exec(
      `INSERT OR IGNORE INTO cards (hash, key_id, sealed, case_id, locale, shown, about, touched_at, chat, topic, neutral, wanted, mark, due_at)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, chats.id, ?9, ?10, COALESCE(MAX(number), ?6),
         MAX(CASE WHEN a.kind IS NULL THEN ${postMarks.none} WHEN a.kind = 'correction' THEN ${postMarks.corrected} ELSE ${postMarks.erased} END),
         IIF(MAX(number) IS NULL, ${POST_IDLE_DUE_AT_MS}, ?11)
       FROM chats LEFT JOIN announced a ON case_id = ?4 AND number > ?6 AND a.kind != 'update' WHERE chats.id = ?8 GROUP BY chats.id`,
      ...[address.hashes[0], address.keyId, address.sealed, caseId, locale, shown, now - (now % DAY_MS)],
      ...[chat, topic, neutral ? 1 : 0, now],
    );
  }

  /**
   * Marks posts about older revisions for an edit. Those with erased words come before all cards, and channels before groups before
   * private chats.
   * @param from the first revision whose posts are marked
   * @returns how many rows it marked, at most `count`
   */
  mark(id: string, number: number, mark: PostMark, from: number, count: number, now: number): number {
    if (mark === postMarks.none) return 0;
    return this.#sql.exec(
      `UPDATE cards SET wanted = ?2, mark = MAX(mark, ?3), attempts = 0, asked = asked + 1,
         due_at = IIF(?3 = ${postMarks.erased}, 1 + COALESCE((SELECT rank FROM chats WHERE chats.id = cards.chat), 2), ?4)
       WHERE id IN (SELECT id FROM cards WHERE case_id = ?1 AND wanted < ?2 AND shown >= ?6 AND chat != 0 LIMIT ?5)`,
      id,
      number,
      mark,
      now,
      count,
      from,
    ).rowsWritten;
  }

  /** After an edit, the other posts of its chat wait a little. */
  rest(post: number, until: number): void {
    this.#sql.exec(
      `UPDATE cards SET busy_until = ?1 WHERE due_at < ?1 AND busy_until < ?1 AND id != ?2
         AND chat != 0 AND chat = (SELECT chat FROM cards WHERE id = ?2)`,
      until,
      post,
    );
  }

  /** The addresses of a chat's posts of the last two days, newest first. */
  recent(chat: number, now: number): SealedRow[] {
    return allRows(
      this.#sql,
      "SELECT hash, key_id, sealed FROM cards WHERE chat = ? AND chat != 0 AND touched_at > ? ORDER BY id DESC LIMIT 10",
      chat,
      now - 3 * DAY_MS,
    );
  }

  /** Deletes a post. @param all deletes every post of its chat, which can't be reached any more */
  remove(post: number, all: boolean): void {
    const [chat] = allValues<number>(this.#sql, "DELETE FROM cards WHERE id = ? RETURNING chat", post);
    if (chat === undefined) return;
    if (all) this.#sql.exec("DELETE FROM cards WHERE chat = ? AND chat != 0", chat);
    dropIdleChat(this.#sql, chat);
  }

  /** Deletes posts that are too old to be edited, and chats about which nothing else is stored. */
  dropOld(now: number): void {
    const chats = allValues<number>(
      this.#sql,
      `DELETE FROM cards WHERE chat IN (SELECT id FROM chats WHERE rank != 0) AND touched_at <= ? AND mark != ${postMarks.erased}
       RETURNING chat`,
      now - POST_LIFETIME_MS,
    );
    for (const chat of new Set(chats)) dropIdleChat(this.#sql, chat);
  }
}
