/**
 * Cards shared in Telegram, and the queue of their edits, in the Dispatcher's SQLite. Every edit of a card, also the one a
 * button asks for, is taken here first, and one at a time: its text is read after the edit before it has ended, so that none
 * brings an older revision back.
 */
import type { CardContent, CardKept } from "../../bot/ports.ts";
import type { LocaleTag } from "../../shared/locale.ts";
import { CardSharers } from "./card-sharers.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import type { Outbox, Unsent } from "./drain.ts";
import { findByHash } from "./find-by-hash.ts";
import type { Sealed, SealedRow } from "./vault.ts";
import type { Verdict } from "./verdict.ts";

/** How long a card that nobody touches is kept up to date, in milliseconds: 90 days. */
export const CARD_LIFETIME_MS = 90 * 86_400_000;
/** When nobody will touch a card that is kept for as long as it is there: an instant in the year 2200. */
export const PINNED_TOUCHED_AT_MS = Date.UTC(2200, 0);
/** How long a card rests after an edit, in milliseconds; presses in between become one edit. */
const EDIT_INTERVAL_MS = 1_000;
/** How long after a lost answer an edit may still land; then the card is edited once more. In milliseconds. */
const LATE_EDIT_WINDOW_MS = 15_000;
/** An edit that has not ended after this never will, in milliseconds; longer than the wait for Telegram. */
const EDIT_TIMEOUT_MS = 30_000;
/** A card whose address is sealed with a key that is not configured is due then: an instant in the year 2201. */
const HELD_DUE_AT_MS = Date.UTC(2201, 0);
/** How many cards one transaction marks for an edit. */
const PAGE_ROWS = 500;

/** What Telegram says of a message that is not there any more, or cannot be edited any more. */
const MESSAGE_GONE = /message to edit not found|message_id_invalid|message can't be edited|inline message/i;

export interface CardEdit {
  card: number;
  /** Where the card is, as `addressText` writes it. */
  address: SealedRow;
  caseId: string;
  locale: LocaleTag;
  /** The newest revision that was on the card or announced for it; an older one must not be written. */
  atLeast: number;
  /** Nobody keeps the card up to date any more: this is its last edit. */
  retire: boolean;
  /** Which edit of the card this is. */
  turn: number;
  attempts: number;
  trouble: string | null;
  /** Set with the text: when its words change by themselves, in milliseconds since the epoch. */
  lapses?: number;
  /** Set with the text: nothing will follow it, and the card can be let go. */
  last?: boolean;
}

type CardRow = {
  id: number;
  hash: string;
  key_id: string;
  sealed: ArrayBuffer;
  case_id: string;
  locale: LocaleTag;
  wanted: number;
  shown: number;
  state: "idle" | "editing";
  turn: number;
  attempts: number;
  trouble: string | null;
  touched_at: number;
};

const COLUMNS = "id, hash, key_id, sealed, case_id, locale, wanted, shown, state, turn, attempts, trouble, touched_at";

const editOf = (row: CardRow): CardEdit => ({
  card: row.id,
  address: { hash: row.hash, key_id: row.key_id, sealed: row.sealed },
  caseId: row.case_id,
  locale: row.locale,
  atLeast: Math.max(row.wanted, row.shown),
  retire: false,
  turn: row.turn,
  attempts: row.attempts,
  trouble: row.trouble,
});

export class SqlCards implements Outbox<CardEdit> {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #breaker: CircuitBreaker;
  readonly sharers: CardSharers;

  constructor(storage: DurableObjectStorage, breaker: CircuitBreaker) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#breaker = breaker;
    this.sharers = new CardSharers(storage.sql, CARD_LIFETIME_MS);
  }

  find(address: Sealed["hashes"]): number | null {
    return findByHash(this.#sql, "cards", address);
  }

  content(card: number): CardKept {
    return this.#sql
      .exec<{ caseId: string; locale: LocaleTag }>("SELECT case_id AS caseId, locale FROM cards WHERE id = ?", card)
      .one();
  }

  /**
   * Keeps a card; one that is known already only counts as touched. It is due at once, which `check` takes back.
   * @param sharer the chat whose /forget lets the card go; null when nobody is known to have shared it
   * @param touched when it was touched, PINNED_TOUCHED_AT_MS for a card that is kept for as long as it is there
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
      return this.#sql
        .exec<{ id: number }>(
          `INSERT INTO cards (hash, key_id, sealed, sharer, case_id, locale, wanted, shown, state, touched_at, due_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'idle', ?, ?) RETURNING id`,
          hashes[0],
          keyId,
          sealed,
          by,
          card.caseId,
          card.locale,
          card.shown,
          card.shown,
          touched,
          now,
        )
        .one().id;
    });
  }

  /** The head is what the card shows: nothing is to be done until its words change by themselves. */
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

  /** Somebody pressed a button under it: it is to be edited, in another language if one is given. */
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

  /** Every card that a chat holds is to be edited into another language. */
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

  /** What Telegram refused to edit is tried again. @param chat only the cards that it holds; all when absent */
  retry(now: number, chat?: Sealed["hashes"]): void {
    this.#sql.exec(
      `UPDATE cards SET due_at = ?, attempts = 0
       WHERE state = 'idle' AND trouble IS NOT NULL ${chat ? "AND sharer = ?" : ""}`,
      now,
      ...(chat ? [this.sharers.find(chat)] : []),
    );
  }

  /**
   * Every card of the case is to be edited; the same announcement again changes nothing.
   * @param urgent what the cards show must go: they come before everything else
   */
  announce(id: string, number: number, urgent = false): void {
    this.#sql.exec(
      `INSERT INTO cards_behind SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM cards WHERE case_id = ?1 AND wanted < ?2)
       ON CONFLICT (case_id) DO UPDATE SET number = MAX(number, excluded.number), urgent = MAX(urgent, excluded.urgent)`,
      id,
      number,
      urgent ? 1 : 0,
    );
  }

  /** Whether a card waits that must not show what it shows. */
  hasUrgent(): boolean {
    return (
      this.#sql
        .exec<{ urgent: number }>(
          "SELECT EXISTS (SELECT 1 FROM cards WHERE due_at = 0) OR EXISTS (SELECT 1 FROM cards_behind WHERE urgent = 1) AS urgent",
        )
        .one().urgent === 1
    );
  }

  /** Marks a page of the cards that an announcement asks to edit; what is left is found again after a crash. */
  #markPage(now: number): void {
    const [behind] = this.#sql
      .exec<{ case_id: string; number: number; urgent: number }>(
        "SELECT * FROM cards_behind ORDER BY urgent DESC LIMIT 1",
      )
      .toArray();
    if (!behind) return;
    const { rowsWritten } = this.#sql.exec(
      `UPDATE cards SET wanted = ?2, attempts = 0,
         again = CASE state WHEN 'editing' THEN 1 ELSE again END,
         due_at = CASE state WHEN 'editing' THEN due_at ELSE ?3 END
       WHERE id IN (SELECT id FROM cards WHERE case_id = ?1 AND wanted < ?2 LIMIT ?4)`,
      behind.case_id,
      behind.number,
      behind.urgent ? 0 : now,
      PAGE_ROWS,
    );
    if (rowsWritten === 0)
      this.#sql.exec("DELETE FROM cards_behind WHERE case_id = ? AND number = ?", behind.case_id, behind.number);
  }

  pausedUntil(): number {
    return this.#breaker.pausedUntil();
  }

  /** @param card only this one; any when absent */
  take(now: number, card?: number): CardEdit | null {
    return this.#storage.transactionSync(() => {
      if (card === undefined) this.#markPage(now);
      const [row] = this.#sql
        .exec<CardRow>(
          `SELECT ${COLUMNS} FROM cards
           WHERE due_at <= ?1 ${card === undefined ? "" : "AND id = ?2"} ORDER BY due_at LIMIT 1`,
          ...(card === undefined ? [now] : [now, card]),
        )
        .toArray();
      if (!row) return null;
      const stuck = row.state === "editing";
      const trouble = stuck ? "interrupted" : row.trouble;
      // An edit that is under way is due only once it is stuck.
      this.#sql.exec(
        `UPDATE cards SET state = 'editing', again = 0, turn = ?, trouble = ?, doubt_until = MAX(doubt_until, ?), due_at = ?
         WHERE id = ?`,
        row.turn + 1,
        trouble,
        stuck ? now + LATE_EDIT_WINDOW_MS : 0,
        now + EDIT_TIMEOUT_MS,
        row.id,
      );
      return { ...editOf(row), retire: now >= row.touched_at + CARD_LIFETIME_MS, turn: row.turn + 1, trouble };
    });
  }

  async settle(edit: CardEdit, verdict: Verdict | Unsent, now: number, told: number): Promise<void> {
    this.#storage.transactionSync(() => this.#settle(edit, verdict, now, told));
  }

  #settle(edit: CardEdit, verdict: Verdict | Unsent, now: number, told: number): void {
    const [row] = this.#sql
      .exec<{ again: number; touched_at: number; doubt_until: number }>(
        "SELECT again, touched_at, doubt_until FROM cards WHERE id = ? AND turn = ?",
        edit.card,
        edit.turn,
      )
      .toArray();
    // It was let go meanwhile, or counted as stuck and taken again.
    if (!row) return;
    const rest = (due: number, trouble: string | null, attempts: number) =>
      this.#sql.exec(
        "UPDATE cards SET state = 'idle', again = 0, due_at = ?, trouble = ?, attempts = ? WHERE id = ?",
        row.again ? Math.min(due, now + EDIT_INTERVAL_MS) : due,
        trouble,
        attempts,
        edit.card,
      );
    const remove = () => this.delete(edit.card);
    switch (verdict.do) {
      case "done": {
        // What may still land late is looked over once more, also after the last edit.
        if ((edit.last || edit.retire) && !row.again && row.doubt_until <= now) {
          remove();
          return;
        }
        this.#sql.exec(
          "UPDATE cards SET shown = MAX(shown, ?1), wanted = MAX(wanted, ?1), edited_at = ?2 WHERE id = ?3",
          told,
          now,
          edit.card,
        );
        const kept = Math.min(row.touched_at + CARD_LIFETIME_MS, edit.lapses ?? Number.POSITIVE_INFINITY);
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
        rest(row.touched_at + CARD_LIFETIME_MS, verdict.trouble, 0);
        console.error(`a card of ${edit.caseId} stays as it is for now: ${verdict.trouble}`);
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
      // A group that migrates leaves its messages behind, where nobody edits them.
      case "migrate":
      case "end":
      case "end-topic":
      case "drop":
        remove();
        return;
    }
  }

  /**
   * At a start: edits that were under way may have landed, or land late; and cards that waited for a key wait no more.
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

  /** When a card must be looked at next, in milliseconds since the epoch; null when there is none. */
  nextDue(): number | null {
    const { behind, due } = this.#sql
      .exec<{ behind: number; due: number | null }>(
        "SELECT EXISTS (SELECT 1 FROM cards_behind) AS behind, (SELECT MIN(due_at) FROM cards) AS due",
      )
      .one();
    const paused = this.pausedUntil();
    if (!Number.isFinite(paused) || due === null) return null;
    return Math.max(behind ? 0 : due, paused);
  }

  /** A chat's cards of a case. */
  ofCase(chat: Sealed["hashes"], caseId: string): (SealedRow & { id: number })[] {
    return this.#sql
      .exec<SealedRow & { id: number } & Record<string, SqlStorageValue>>(
        "SELECT id, hash, key_id, sealed FROM cards WHERE sharer = ? AND case_id = ?",
        this.sharers.find(chat),
        caseId,
      )
      .toArray();
  }

  delete(card: number): void {
    this.#sql.exec("DELETE FROM cards WHERE id = ?", card);
  }

  /** Lets go of every card that a chat shared or holds. @returns a last edit for each, kept nowhere */
  forget(chat: Sealed["hashes"]): CardEdit[] {
    return this.#storage.transactionSync(() => {
      const sharer = this.sharers.find(chat);
      if (sharer === null) return [];
      const rows = this.#sql.exec<CardRow>(`DELETE FROM cards WHERE sharer = ? RETURNING ${COLUMNS}`, sharer).toArray();
      this.sharers.delete(sharer);
      return rows.map((row) => ({ ...editOf(row), retire: true }));
    });
  }
}
