/**
 * Cards shared in Telegram, posts about updates, and the queue of their edits,
 * in the Dispatcher's SQLite. Every edit of a card is taken from here, one at a
 * time. The text is read only after the previous edit has ended, so no edit
 * brings back an older revision.
 */
import type { CardContent, CardKept } from "../../../bot/ports.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { log } from "../../runtime/log.ts";
import { StoragePart } from "../storage/queries.ts";
import {
  CARD_COLUMNS,
  type CardEdit,
  type CardRow,
  type PostMark,
  postMarks,
  type SentPost,
} from "./card-rows.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import type { Unsent } from "./drain.ts";
import { findByHash } from "./find-by-hash.ts";
import { dropIdleChat } from "./idle-chats.ts";
import { CHAT_INTERVAL_MS } from "./rank.ts";
import type { Sealed, SealedRow, Vault } from "./vault.ts";
import type { Verdict } from "./verdict.ts";

const DAY_MS = 86_400_000;
/**
 * How long a card is kept up to date after the last press of a button, and who
 * read the notice about sharing isn't asked again: 90 days.
 */
export const CARD_LIFETIME_MS = 90 * DAY_MS;
/**
 * `touched_at` of a pinned card, which never expires: an instant in the year
 * 2200.
 */
export const PINNED_TOUCHED_AT_MS = Date.UTC(2200, 0);
/**
 * The least time between two edits of a card; presses in between become one
 * edit.
 */
const EDIT_INTERVAL_MS = 1_000;
/**
 * How long an edit may still take effect whose answer was lost. Longer than the
 * wait for Telegram. The card isn't edited before.
 */
const EDIT_WINDOW_MS = 15_000;
/** Cards that one transaction marks for an edit. */
const PAGE_ROWS = 500;

/**
 * How long a post in a group or a private chat can be edited. A channel's posts
 * can be as long as the channel follows something.
 */
export const POST_LIFETIME_MS = 365 * DAY_MS;
/** `due_at` of a post that needs no edit: an instant in the year 2202. */
const POST_IDLE_DUE_AT_MS = Date.UTC(2202, 0);

/**
 * Telegram's errors for a message that no longer exists or can no longer be
 * edited.
 */
const MESSAGE_GONE =
  /message to edit not found|message_id_invalid|message can't be edited|inline message/i;

/** A post to store. */
interface NewPost {
  caseId: string;
  chat: number;
  topic: number;
  post: SentPost;
  /** The revision that it is about. */
  shown: number;
}

export class SqlCards extends StoragePart {
  readonly #breaker: CircuitBreaker;
  /**
   * The ids of the keys that are configured, as JSON. A card under another one
   * waits for its key.
   */
  readonly #keys: string;

  constructor(
    storage: DurableObjectStorage,
    breaker: CircuitBreaker,
    vault: Vault,
  ) {
    super(storage);
    this.#breaker = breaker;
    this.#keys = JSON.stringify(vault.keyIds);
  }

  /** A card; a post isn't one. */
  find(address: Sealed["hashes"]): number | null {
    const id = findByHash(this.sql, "cards", address);
    return (
      this.sql.firstRow("SELECT 1 FROM cards WHERE id = ? AND chat = 0", id) &&
      id
    );
  }

  content(card: number): CardKept {
    return this.sql
      .exec<{ caseId: string; locale: LocaleTag }>(
        "SELECT case_id AS caseId, locale FROM cards WHERE id = ?",
        card,
      )
      .one();
  }

  /**
   * True if a chat has read the notice about sharing, and hasn't been idle for
   * too long since.
   */
  mayShare(chat: number | null, now: number): boolean {
    const query = "SELECT 1 FROM chats WHERE id = ? AND shares_at > ?";
    return this.sql.firstRow(query, chat, now - CARD_LIFETIME_MS) !== null;
  }

  /** Notes that a chat has read the notice, or shared a card. */
  noteSharing(chat: number, now: number): void {
    this.sql.exec("UPDATE chats SET shares_at = ? WHERE id = ?", now, chat);
  }

  /**
   * Forgets the sharing of chats that have been idle for too long and have no
   * cards left.
   */
  dropIdleSharers(now: number): void {
    const chats = this.sql.allValues<number>(
      `UPDATE chats SET shares_at = 0 WHERE shares_at BETWEEN 1 AND ?
         AND NOT EXISTS (SELECT 1 FROM cards WHERE sharer = chats.id) RETURNING id`,
      now - CARD_LIFETIME_MS,
    );
    for (const chat of chats) dropIdleChat(this.sql, chat);
  }

  /**
   * Stores a card; a card that is stored already only counts as touched. It is
   * due at once, until `markCurrent` says otherwise.
   * @param sharer the row of the chat whose /forget deletes the card; null when
   * it isn't known
   * @param touched when it was touched; PINNED_TOUCHED_AT_MS for a card that
   * never expires
   * @returns the card's id
   */
  add(
    { hashes, keyId, sealed }: Sealed,
    sharer: number | null,
    card: CardContent,
    now: number,
    touched: number = now,
  ): number {
    if (sharer !== null) this.noteSharing(sharer, now);
    const known = this.find(hashes);
    if (known !== null) {
      const query =
        "UPDATE cards SET touched_at = ?, sharer = COALESCE(sharer, ?) WHERE id = ?";
      this.sql.exec(query, touched, sharer, known);
      return known;
    }
    return this.sql.oneValue(
      `INSERT INTO cards (hash, key_id, sealed, sharer, case_id, locale, wanted, shown, touched_at, due_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      ...[
        hashes[0],
        keyId,
        sealed,
        sharer,
        card.caseId,
        card.locale,
        card.shown,
        card.shown,
        touched,
        now,
      ],
    );
  }

  /**
   * The card shows the head: it is next due when its text lapses or the card
   * expires.
   */
  markCurrent(
    card: number,
    head: number,
    lapses = Number.MAX_SAFE_INTEGER,
  ): void {
    this.sql.exec(
      `UPDATE cards SET due_at = MIN(touched_at + ?, ?)
       WHERE id = ? AND asked = 0 AND busy_until = 0 AND shown = ? AND wanted <= ?`,
      CARD_LIFETIME_MS,
      lapses,
      card,
      head,
      head,
    );
  }

  /**
   * Marks a card for an edit after a press, in another language if one is
   * given.
   */
  touch(card: number, locale: LocaleTag | null, now: number): void {
    this.sql.exec(
      `UPDATE cards SET touched_at = MAX(touched_at, ?1), locale = COALESCE(?2, locale), attempts = 0, asked = asked + 1, due_at = ?1
       WHERE id = ?3`,
      now,
      locale,
      card,
    );
  }

  /** Marks a chat's cards for an edit into another language. */
  translate(chat: number | null, locale: LocaleTag, now: number): void {
    this.sql.exec(
      "UPDATE cards SET locale = ?1, attempts = 0, asked = asked + 1, due_at = ?2 WHERE sharer = ?3 AND locale != ?1",
      locale,
      now,
      chat,
    );
  }

  /**
   * Marks cards that Telegram refused to edit for another try.
   * @param chat only this chat's cards; all when absent
   */
  retry(now: number, chat?: number): void {
    this.sql.exec(
      `UPDATE cards SET due_at = ?1, attempts = 0, asked = asked + 1
       WHERE trouble IS NOT NULL AND busy_until <= ?1 ${chat === undefined ? "" : "AND (sharer = ?2 OR (chat = ?2 AND chat != 0))"}`,
      now,
      ...(chat === undefined ? [] : [chat]),
    );
  }

  /**
   * Records that every card of the case needs an edit, and after a correction
   * or an erasure every post about an older revision. Idempotent.
   * @param mark with `erased`, the cards show content that was erased: they are
   * edited before everything else
   * @param from the first revision whose posts are marked
   */
  announce(
    id: string,
    number: number,
    mark: PostMark = postMarks.none,
    from = 0,
  ): void {
    this.sql.exec(
      `INSERT INTO cards_behind (case_id, number, urgent, post_number, mark, post_from)
       SELECT ?1, ?2, ?3 = ${postMarks.erased} AND EXISTS (SELECT 1 FROM cards WHERE case_id = ?1 AND wanted < ?2 AND chat = 0),
         IIF(?3 > 0, ?2, 0), ?3, ?4
       WHERE EXISTS (SELECT 1 FROM cards WHERE case_id = ?1 AND wanted < ?2 AND (chat = 0 OR ?3 > 0))
       ON CONFLICT (case_id) DO UPDATE SET number = MAX(number, excluded.number), urgent = MAX(urgent, excluded.urgent),
         post_number = MAX(post_number, excluded.post_number), mark = MAX(mark, excluded.mark),
         post_from = IIF(mark = ${postMarks.none}, excluded.post_from, MIN(post_from, excluded.post_from))`,
      id,
      number,
      mark,
      mark === postMarks.corrected ? from : 0,
    );
  }

  /**
   * Whether posts (`erased`) and cards (`urgent`) wait that show erased words.
   */
  waiting(now: number): { erased: boolean; urgent: boolean } {
    const { erased, urgent } = this.sql
      .exec<{ erased: number; urgent: number }>(
        `SELECT EXISTS (SELECT 1 FROM cards WHERE mark = 2 AND due_at <= ?1 AND busy_until <= ?1)
             OR EXISTS (SELECT 1 FROM cards_behind WHERE mark = 2) AS erased,
           EXISTS (SELECT 1 FROM cards WHERE due_at = 0 AND busy_until <= ?1) OR EXISTS (SELECT 1 FROM cards_behind WHERE urgent = 1) AS urgent`,
        now,
      )
      .one();
    return { erased: erased === 1, urgent: urgent === 1 };
  }

  /**
   * Marks a page of cards for the edits that an announcement asks for. The rest
   * is found again after a crash.
   */
  #markPage(now: number): void {
    const behind = this.sql.firstRow<{
      case_id: string;
      number: number;
      urgent: number;
      post_number: number;
      mark: PostMark;
      post_from: number;
    }>("SELECT * FROM cards_behind ORDER BY urgent DESC, mark DESC LIMIT 1");
    if (!behind) return;
    const { rowsWritten } = this.sql.exec(
      `UPDATE cards SET wanted = ?2, attempts = 0, asked = asked + 1, due_at = ?3
       WHERE id IN (SELECT id FROM cards WHERE case_id = ?1 AND wanted < ?2 AND chat = 0 LIMIT ?4)`,
      behind.case_id,
      behind.number,
      behind.urgent ? 0 : now,
      PAGE_ROWS,
    );
    const posts = this.#markPosts(
      behind.case_id,
      behind.post_number,
      behind.mark,
      behind.post_from,
      PAGE_ROWS,
      now,
    );
    if (rowsWritten === 0 && posts === 0)
      this.sql.exec(
        "DELETE FROM cards_behind WHERE case_id = ?",
        behind.case_id,
      );
  }

  /**
   * The next card that may be edited: at most one at a time in a chat with
   * posts.
   */
  #next(now: number): CardRow | null {
    return this.sql.firstRow<CardRow>(
      `SELECT ${CARD_COLUMNS} FROM cards WHERE due_at <= ?1 AND busy_until <= ?1 AND key_id IN (SELECT value FROM json_each(?2))
         AND (chat = 0 OR NOT EXISTS (SELECT 1 FROM cards o WHERE o.chat = cards.chat AND o.chat != 0 AND o.busy_until > ?1))
       ORDER BY due_at LIMIT 1`,
      now,
      this.#keys,
    );
  }

  take(now: number): CardEdit | null {
    return this.storage.transactionSync(() => {
      this.#markPage(now);
      const row = this.#next(now);
      if (!row) return null;
      const busyUntil = now + EDIT_WINDOW_MS;
      this.sql.exec(
        "UPDATE cards SET busy_until = ? WHERE id = ?",
        busyUntil,
        row.card,
      );
      const retire = row.chat === 0 && now >= row.touchedAt + CARD_LIFETIME_MS;
      return { ...row, retire, busyUntil };
    });
  }

  settle(
    edit: CardEdit,
    verdict: Verdict | Unsent,
    now: number,
    told: number,
  ): void {
    this.storage.transactionSync(() => this.#settle(edit, verdict, now, told));
  }

  #settle(
    edit: CardEdit,
    verdict: Verdict | Unsent,
    now: number,
    told: number,
  ): unknown {
    const row = this.sql.firstRow<{ asked: number; touched_at: number }>(
      "SELECT asked, touched_at FROM cards WHERE id = ? AND busy_until = ?",
      edit.card,
      edit.busyUntil,
    );
    // The card was deleted meanwhile, or the edit counted as lost and was taken
    // again.
    if (!row) return null;
    const rest = (
      due: number,
      trouble: string | null,
      attempts: number,
      busy = 0,
    ) =>
      this.sql.exec(
        // What was asked for meanwhile is still due.
        "UPDATE cards SET due_at = IIF(asked = ?, ?, due_at), busy_until = ?, trouble = ?, attempts = ? WHERE id = ?",
        ...[edit.asked, due, busy, trouble, attempts, edit.card],
      );
    const isPost = edit.chat !== 0;
    const remove = () =>
      isPost
        ? this.#removePost(edit.card, verdict.do === "end")
        : this.delete(edit.card);
    if (isPost) this.#restChat(edit.card, now + CHAT_INTERVAL_MS[edit.rank]);
    switch (verdict.do) {
      case "done": {
        if ((edit.last || edit.retire) && row.asked === edit.asked)
          return remove();
        // A post that already shows a later change must still be marked or
        // emptied for it.
        this.sql.exec(
          "UPDATE cards SET shown = MAX(shown, ?1), wanted = CASE chat WHEN 0 THEN MAX(wanted, ?1) ELSE wanted END WHERE id = ?2",
          told,
          edit.card,
        );
        const kept = Math.min(
          isPost ? POST_IDLE_DUE_AT_MS : row.touched_at + CARD_LIFETIME_MS,
          edit.lapses ?? Number.POSITIVE_INFINITY,
        );
        return rest(kept, null, 0, now + EDIT_INTERVAL_MS);
      }
      case "wait":
        return rest(now + verdict.after, edit.trouble, edit.attempts);
      case "again":
        return rest(now + verdict.after, verdict.trouble, edit.attempts + 1);
      case "again-silently":
        // It may still take effect, over a newer one.
        return rest(
          now + verdict.after,
          verdict.trouble,
          edit.attempts + 1,
          now + EDIT_WINDOW_MS,
        );
      case "park":
        if (edit.retire || MESSAGE_GONE.test(verdict.trouble)) return remove();
        rest(
          isPost ? POST_IDLE_DUE_AT_MS : row.touched_at + CARD_LIFETIME_MS,
          verdict.trouble,
          0,
        );
        return log.error(
          `Dispatcher: editing a ${isPost ? "post" : "card"} of ${edit.caseId} failed: ${verdict.trouble}`,
        );
      case "pause":
        this.#breaker.pause(now + verdict.for);
        return rest(now, edit.trouble, edit.attempts);
      case "stop":
        this.#breaker.refuseToken(now);
        return rest(now, verdict.trouble, edit.attempts + 1);
      // The messages of a group that migrates stay in the old chat, where they
      // can't be edited.
      case "migrate":
      case "end":
      case "end-topic":
      case "drop":
        return remove();
    }
  }

  /**
   * When the next card is due, in milliseconds since the epoch; null when there
   * is none.
   */
  nextDue(now: number): number | null {
    const paused = this.#breaker.pausedUntil();
    if (!Number.isFinite(paused)) return null;
    if (this.sql.firstRow("SELECT 1 FROM cards_behind") || this.#next(now))
      return paused;
    // Those that are due wait for an edit of theirs, or of another post in
    // their chat.
    const due = this.sql.oneValue<number | null>(
      `SELECT MIN(at) FROM (
         SELECT MAX(busy_until, COALESCE((SELECT MAX(busy_until) FROM cards o WHERE o.chat = cards.chat AND o.chat != 0), 0)) AS at
         FROM cards WHERE due_at <= ?1 AND key_id IN (SELECT value FROM json_each(?2))
         UNION ALL SELECT MIN(due_at) FROM cards WHERE due_at > ?1)`,
      now,
      this.#keys,
    );
    return due === null ? null : Math.max(due, paused);
  }

  /** A chat's cards of a case. */
  ofCase(chat: number | null, caseId: string): (SealedRow & { id: number })[] {
    const query =
      "SELECT id, hash, key_id, sealed FROM cards WHERE sharer = ? AND case_id = ?";
    return this.sql.allRows(query, chat, caseId);
  }

  delete(card: number): void {
    this.sql.exec("DELETE FROM cards WHERE id = ?", card);
  }

  /**
   * Deletes every card that a chat shared.
   * @returns a last edit for each, which isn't stored
   */
  forget(chat: number | null): CardEdit[] {
    this.sql.exec("UPDATE chats SET shares_at = 0 WHERE id = ?", chat);
    const rows = this.sql.allRows<CardRow>(
      `DELETE FROM cards WHERE sharer = ? RETURNING ${CARD_COLUMNS}`,
      chat,
    );
    return rows.map((row) => ({ ...row, retire: true, busyUntil: 0 }));
  }

  /**
   * Stores a post of a chat that has a row. One whose case was corrected or
   * erased meanwhile is due at once.
   */
  addPost(
    { caseId, chat, topic, post: { address, locale, neutral }, shown }: NewPost,
    now: number,
  ): void {
    this.sql.exec(
      `INSERT OR IGNORE INTO cards (hash, key_id, sealed, case_id, locale, shown, about, touched_at, chat, topic, neutral, wanted, mark, due_at)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, chats.id, ?9, ?10, COALESCE(MAX(number), ?6),
         MAX(CASE WHEN a.kind IS NULL THEN ${postMarks.none} WHEN a.kind = 'correction' THEN ${postMarks.corrected} ELSE ${postMarks.erased} END),
         IIF(MAX(number) IS NULL, ${POST_IDLE_DUE_AT_MS}, ?11)
       FROM chats LEFT JOIN announced a ON case_id = ?4 AND number > ?6 AND a.kind != 'update' WHERE chats.id = ?8 GROUP BY chats.id`,
      ...[
        address.hashes[0],
        address.keyId,
        address.sealed,
        caseId,
        locale,
        shown,
        now - (now % DAY_MS),
      ],
      ...[chat, topic, neutral ? 1 : 0, now],
    );
  }

  /**
   * Marks posts about older revisions for an edit. Those with erased words come
   * before all cards, and channels before groups before private chats.
   * @param from the first revision whose posts are marked
   * @returns how many rows it marked, at most `count`
   */
  #markPosts(
    id: string,
    number: number,
    mark: PostMark,
    from: number,
    count: number,
    now: number,
  ): number {
    if (mark === postMarks.none) return 0;
    return this.sql.exec(
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
  #restChat(post: number, until: number): void {
    this.sql.exec(
      `UPDATE cards SET busy_until = ?1 WHERE due_at < ?1 AND busy_until < ?1 AND id != ?2
         AND chat != 0 AND chat = (SELECT chat FROM cards WHERE id = ?2)`,
      until,
      post,
    );
  }

  /** The addresses of a chat's posts of the last two days, newest first. */
  recentPosts(chat: number, now: number): SealedRow[] {
    return this.sql.allRows(
      "SELECT hash, key_id, sealed FROM cards WHERE chat = ? AND chat != 0 AND touched_at > ? ORDER BY id DESC LIMIT 10",
      chat,
      now - 3 * DAY_MS,
    );
  }

  /**
   * Deletes a post.
   * @param all deletes every post of its chat, which can't be reached any more
   */
  #removePost(post: number, all: boolean): void {
    const [chat] = this.sql.allValues<number>(
      "DELETE FROM cards WHERE id = ? RETURNING chat",
      post,
    );
    if (chat === undefined) return;
    if (all)
      this.sql.exec("DELETE FROM cards WHERE chat = ? AND chat != 0", chat);
    dropIdleChat(this.sql, chat);
  }

  /**
   * Deletes posts that are too old to be edited, and chats about which nothing
   * else is stored.
   */
  dropOldPosts(now: number): void {
    const chats = this.sql.allValues<number>(
      `DELETE FROM cards WHERE chat IN (SELECT id FROM chats WHERE rank != 0) AND touched_at <= ? AND mark != ${postMarks.erased}
       RETURNING chat`,
      now - POST_LIFETIME_MS,
    );
    for (const chat of new Set(chats)) dropIdleChat(this.sql, chat);
  }
}
