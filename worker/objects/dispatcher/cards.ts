/**
 * Cards shared in Telegram, posts about updates, and the queue of their edits, in the Dispatcher's SQLite. Every edit of a card is taken from here, one at
 * a time. The text is read only after the previous edit has ended, so no edit brings back an
 * older revision.
 */
import type { CardContent, CardKept } from "../../../bot/ports.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { log } from "../../runtime/log.ts";
import { allRows, firstRow, oneValue } from "../storage/queries.ts";
import { CARD_COLUMNS, type CardEdit, type CardRow, editOf, type PostMark, postMarks } from "./card-rows.ts";
import { CardSharers } from "./card-sharers.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import type { Unsent } from "./drain.ts";
import { findByHash } from "./find-by-hash.ts";
import { POST_IDLE_DUE_AT_MS, SqlPosts } from "./posts.ts";
import type { Sealed, SealedRow } from "./vault.ts";
import type { Verdict } from "./verdict.ts";

/** How long a card is kept up to date after the last press of a button: 90 days. */
export const CARD_LIFETIME_MS = 90 * 86_400_000;
/** `touched_at` of a pinned card, which never expires: an instant in the year 2200. */
export const PINNED_TOUCHED_AT_MS = Date.UTC(2200, 0);
/** The least time between two edits of a card; presses in between become one edit. */
const EDIT_INTERVAL_MS = 1_000;
/** How long an edit may still take effect after its answer was lost. Then the card is edited once more. */
const LATE_EDIT_WINDOW_MS = 15_000;
/** After this time an edit counts as lost. Longer than the wait for Telegram. */
const EDIT_TIMEOUT_MS = 30_000;
/** `due_at` of a card whose address is sealed with a key that is not configured: an instant in the year 2201. */
const HELD_DUE_AT_MS = Date.UTC(2201, 0);
/** Cards that one transaction marks for an edit. */
const PAGE_ROWS = 500;

/** Telegram's errors for a message that no longer exists or can no longer be edited. */
const MESSAGE_GONE = /message to edit not found|message_id_invalid|message can't be edited|inline message/i;

export class SqlCards {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #breaker: CircuitBreaker;
  readonly sharers: CardSharers;
  readonly posts: SqlPosts;

  constructor(storage: DurableObjectStorage, breaker: CircuitBreaker) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#breaker = breaker;
    this.sharers = new CardSharers(storage.sql, CARD_LIFETIME_MS);
    this.posts = new SqlPosts(storage.sql);
  }

  /** A card; a post isn't one. */
  find(address: Sealed["hashes"]): number | null {
    const id = findByHash(this.#sql, "cards", address);
    return firstRow(this.#sql, "SELECT 1 FROM cards WHERE id = ? AND chat = 0", id) && id;
  }

  content(card: number): CardKept {
    return this.#sql
      .exec<{ caseId: string; locale: LocaleTag }>("SELECT case_id AS caseId, locale FROM cards WHERE id = ?", card)
      .one();
  }

  /**
   * Stores a card; a card that is stored already only counts as touched. It is due at once, until `markCurrent` says otherwise.
   * @param sharer the chat whose /forget deletes the card; null when it isn't known
   * @param touched when it was touched; PINNED_TOUCHED_AT_MS for a card that never expires
   * @returns the card's id
   */
  add(
    { hashes, keyId, sealed }: Sealed,
    sharer: Sealed | null,
    card: CardContent,
    now: number,
    touched: number = now,
  ): number {
    return this.#storage.transactionSync(() => {
      const by = sharer && this.sharers.welcome(sharer, now);
      const known = this.find(hashes);
      if (known !== null) {
        this.#sql.exec(
          "UPDATE cards SET touched_at = ?, sharer = COALESCE(sharer, ?) WHERE id = ?",
          touched,
          by,
          known,
        );
        return known;
      }
      return oneValue(
        this.#sql,
        `INSERT INTO cards (hash, key_id, sealed, sharer, case_id, locale, wanted, shown, state, touched_at, due_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'idle', ?, ?) RETURNING id`,
        ...[hashes[0], keyId, sealed, by, card.caseId, card.locale, card.shown, card.shown, touched, now],
      );
    });
  }

  /** The card shows the head: it is next due when its text lapses or the card expires. */
  markCurrent(card: number, head: number, lapses = Number.MAX_SAFE_INTEGER): void {
    this.#sql.exec(
      `UPDATE cards SET due_at = MIN(touched_at + ?, ?)
       WHERE id = ? AND state = 'idle' AND turn = 0 AND shown = ? AND wanted <= ?`,
      CARD_LIFETIME_MS,
      lapses,
      card,
      head,
      head,
    );
  }

  /** Marks a card for an edit after a press, in another language if one is given. */
  touch(card: number, locale: LocaleTag | null, now: number): void {
    this.#sql.exec(
      `UPDATE cards SET touched_at = MAX(touched_at, ?1), locale = COALESCE(?2, locale), attempts = 0,
         again = CASE state WHEN 'editing' THEN 1 ELSE 0 END,
         due_at = CASE state WHEN 'editing' THEN due_at ELSE MAX(?1, edited_at + ?3) END
       WHERE id = ?4`,
      now,
      locale,
      EDIT_INTERVAL_MS,
      card,
    );
  }

  /** Marks a chat's cards for an edit into another language. */
  translate(chat: Sealed["hashes"], locale: LocaleTag, now: number): void {
    this.#sql.exec(
      `UPDATE cards SET locale = ?1, attempts = 0, again = CASE state WHEN 'editing' THEN 1 ELSE 0 END,
         due_at = CASE state WHEN 'editing' THEN due_at ELSE MAX(?2, edited_at + ?3) END
       WHERE sharer = ?4 AND locale != ?1`,
      locale,
      now,
      EDIT_INTERVAL_MS,
      this.sharers.find(chat),
    );
  }

  /** Marks cards that Telegram refused to edit for another try. @param chat only this chat's cards; all when absent */
  retry(now: number, chat?: Sealed["hashes"]): void {
    this.#sql.exec(
      `UPDATE cards SET due_at = ?, attempts = 0
       WHERE state = 'idle' AND trouble IS NOT NULL ${chat ? "AND (sharer = ? OR (chat != 0 AND chat = ?))" : ""}`,
      now,
      ...(chat ? [this.sharers.find(chat), findByHash(this.#sql, "chats", chat)] : []),
    );
  }

  /**
   * Records that every card of the case needs an edit, and after a correction or an erasure every post about an older revision. Idempotent.
   * @param mark with `erased`, the cards show content that was erased: they are edited before everything else
   * @param from the first revision whose posts are marked
   */
  announce(id: string, number: number, mark: PostMark = postMarks.none, from = 0): void {
    this.#sql.exec(
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

  /** Whether posts (`erased`) and cards (`urgent`) wait that show erased words. */
  waiting(now: number): { erased: boolean; urgent: boolean } {
    const { erased, urgent } = this.#sql
      .exec<{ erased: number; urgent: number }>(
        `SELECT EXISTS (SELECT 1 FROM cards WHERE mark = 2 AND due_at <= ?) OR EXISTS (SELECT 1 FROM cards_behind WHERE mark = 2) AS erased,
           EXISTS (SELECT 1 FROM cards WHERE due_at = 0) OR EXISTS (SELECT 1 FROM cards_behind WHERE urgent = 1) AS urgent`,
        now,
      )
      .one();
    return { erased: erased === 1, urgent: urgent === 1 };
  }

  /** Marks a page of cards for the edits that an announcement asks for. The rest is found again after a crash. */
  #markPage(now: number): void {
    const behind = firstRow<{
      case_id: string;
      number: number;
      urgent: number;
      post_number: number;
      mark: PostMark;
      post_from: number;
    }>(this.#sql, "SELECT * FROM cards_behind ORDER BY urgent DESC, mark DESC LIMIT 1");
    if (!behind) return;
    const { rowsWritten } = this.#sql.exec(
      `UPDATE cards SET wanted = ?2, attempts = 0,
         again = CASE state WHEN 'editing' THEN 1 ELSE again END,
         due_at = CASE state WHEN 'editing' THEN due_at ELSE ?3 END
       WHERE id IN (SELECT id FROM cards WHERE case_id = ?1 AND wanted < ?2 AND chat = 0 LIMIT ?4)`,
      behind.case_id,
      behind.number,
      behind.urgent ? 0 : now,
      PAGE_ROWS,
    );
    const posts = this.posts.mark(behind.case_id, behind.post_number, behind.mark, behind.post_from, PAGE_ROWS, now);
    if (rowsWritten === 0 && posts === 0) this.#sql.exec("DELETE FROM cards_behind WHERE case_id = ?", behind.case_id);
  }

  take(now: number): CardEdit | null {
    return this.#storage.transactionSync(() => {
      this.#markPage(now);
      const row = firstRow<CardRow>(
        this.#sql,
        `SELECT ${CARD_COLUMNS} FROM cards WHERE due_at <= ? AND ${this.posts.mayBeTaken} ORDER BY due_at LIMIT 1`,
        now,
      );
      if (!row) return null;
      const stuck = row.state === "editing";
      const trouble = stuck ? "interrupted" : row.trouble;
      // The new due_at is when this edit counts as lost.
      this.#sql.exec(
        `UPDATE cards SET state = 'editing', again = 0, turn = ?, trouble = ?, doubt_until = MAX(doubt_until, ?), due_at = ?
         WHERE id = ?`,
        row.turn + 1,
        trouble,
        stuck ? now + LATE_EDIT_WINDOW_MS : 0,
        now + EDIT_TIMEOUT_MS,
        row.id,
      );
      const retire = row.chat === 0 && now >= row.touched_at + CARD_LIFETIME_MS;
      return { ...editOf(row), retire, turn: row.turn + 1, trouble };
    });
  }

  settle(edit: CardEdit, verdict: Verdict | Unsent, now: number, told: number): void {
    this.#storage.transactionSync(() => this.#settle(edit, verdict, now, told));
  }

  #settle(edit: CardEdit, verdict: Verdict | Unsent, now: number, told: number): void {
    const row = firstRow<{ again: number; touched_at: number; doubt_until: number }>(
      this.#sql,
      "SELECT again, touched_at, doubt_until FROM cards WHERE id = ? AND turn = ?",
      edit.card,
      edit.turn,
    );
    // The card was deleted meanwhile, or the edit counted as lost and was taken again.
    if (!row) return;
    const rest = (due: number, trouble: string | null, attempts: number) =>
      this.#sql.exec(
        "UPDATE cards SET state = 'idle', again = 0, due_at = ?, trouble = ?, attempts = ? WHERE id = ?",
        row.again ? Math.min(due, now + EDIT_INTERVAL_MS) : due,
        trouble,
        attempts,
        edit.card,
      );
    const remove = () => (edit.post ? this.posts.remove(edit.card, verdict.do === "end") : this.delete(edit.card));
    if (edit.post) this.posts.rest(edit.card, edit.post, now);
    switch (verdict.do) {
      case "done": {
        // An earlier edit may still take effect late, so the card is edited once more, even after its last edit.
        if ((edit.last || edit.retire) && !row.again && row.doubt_until <= now) {
          remove();
          return;
        }
        // A post that already shows a later change must still be marked or emptied for it.
        this.#sql.exec(
          `UPDATE cards SET shown = MAX(shown, ?1), wanted = CASE chat WHEN 0 THEN MAX(wanted, ?1) ELSE wanted END, edited_at = ?2
           WHERE id = ?3`,
          told,
          now,
          edit.card,
        );
        const kept = Math.min(
          edit.post ? POST_IDLE_DUE_AT_MS : row.touched_at + CARD_LIFETIME_MS,
          edit.lapses ?? Number.POSITIVE_INFINITY,
        );
        rest(row.doubt_until > now ? Math.min(kept, row.doubt_until) : kept, null, 0);
        return;
      }
      case "wait":
        rest(now + verdict.after, edit.trouble, edit.attempts);
        return;
      case "again":
      case "again-silently":
        this.#sql.exec("UPDATE cards SET doubt_until = ? WHERE id = ?", now + LATE_EDIT_WINDOW_MS, edit.card);
        rest(now + verdict.after, verdict.trouble, edit.attempts + 1);
        return;
      case "park":
        if (edit.retire || MESSAGE_GONE.test(verdict.trouble)) {
          remove();
          return;
        }
        rest(edit.post ? POST_IDLE_DUE_AT_MS : row.touched_at + CARD_LIFETIME_MS, verdict.trouble, 0);
        log.error(`Dispatcher: editing a ${edit.post ? "post" : "card"} of ${edit.caseId} failed: ${verdict.trouble}`);
        return;
      case "pause":
        this.#breaker.pause(now + verdict.for);
        rest(now, edit.trouble, edit.attempts);
        return;
      case "stop":
        this.#breaker.refuseToken(now);
        rest(now, verdict.trouble, edit.attempts + 1);
        return;
      case "hold":
        rest(HELD_DUE_AT_MS, edit.trouble, edit.attempts);
        return;
      // The messages of a group that migrates stay in the old chat, where they can't be edited.
      case "migrate":
      case "end":
      case "end-topic":
      case "drop":
        remove();
        return;
    }
  }

  /**
   * Called at start. Releases cards whose key is configured now, and edits cards again whose edits were under way: those may have
   * taken effect, or still will.
   * @param keys ids of the configured keys
   */
  recover(now: number, keys: string[]): void {
    const held = "due_at = ? AND key_id IN (SELECT value FROM json_each(?))";
    this.#sql.exec(`UPDATE cards SET due_at = ? WHERE ${held}`, now, HELD_DUE_AT_MS, JSON.stringify(keys));
    this.#sql.exec(
      "UPDATE cards SET state = 'idle', trouble = 'interrupted', doubt_until = ?, due_at = ? WHERE state = 'editing'",
      now + LATE_EDIT_WINDOW_MS,
      now,
    );
  }

  /** When the next card is due, in milliseconds since the epoch; null when there is none. */
  nextDue(): number | null {
    const { behind, due } = this.#sql
      .exec<{ behind: number; due: number | null }>(
        "SELECT EXISTS (SELECT 1 FROM cards_behind) AS behind, (SELECT MIN(due_at) FROM cards) AS due",
      )
      .one();
    const paused = this.#breaker.pausedUntil();
    if (!Number.isFinite(paused) || due === null) return null;
    return Math.max(behind ? 0 : due, paused);
  }

  /** A chat's cards of a case. */
  ofCase(chat: Sealed["hashes"], caseId: string): (SealedRow & { id: number })[] {
    const query = "SELECT id, hash, key_id, sealed FROM cards WHERE sharer = ? AND case_id = ?";
    return allRows(this.#sql, query, this.sharers.find(chat), caseId);
  }

  delete(card: number): void {
    this.#sql.exec("DELETE FROM cards WHERE id = ?", card);
  }

  /** Deletes every card of a chat. @returns a last edit for each, which isn't stored */
  forget(chat: Sealed["hashes"]): CardEdit[] {
    return this.#storage.transactionSync(() => {
      const sharer = this.sharers.find(chat);
      if (sharer === null) return [];
      const rows = allRows<CardRow>(this.#sql, `DELETE FROM cards WHERE sharer = ? RETURNING ${CARD_COLUMNS}`, sharer);
      this.sharers.delete(sharer);
      return rows.map((row) => ({ ...editOf(row), retire: true }));
    });
  }
}
