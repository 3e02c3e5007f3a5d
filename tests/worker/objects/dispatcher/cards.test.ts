/** Shared cards on real storage: one edit of a card at a time, through presses, changes, lost answers and crashes. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { message } from "../../../../shared/messages.ts";
import type { Revision } from "../../../../shared/revision.ts";
import { CardEditor } from "../../../../worker/objects/dispatcher/card-editor.ts";
import { type CardEdit, postMarks } from "../../../../worker/objects/dispatcher/card-rows.ts";
import { CARD_LIFETIME_MS, PINNED_TOUCHED_AT_MS, SqlCards } from "../../../../worker/objects/dispatcher/cards.ts";
import { CircuitBreaker } from "../../../../worker/objects/dispatcher/circuit-breaker.ts";
import type { Dispatcher } from "../../../../worker/objects/dispatcher/dispatcher.ts";
import { type Delivery, type Outbox, TokenBucket } from "../../../../worker/objects/dispatcher/drain.ts";
import { isEdit, Queue } from "../../../../worker/objects/dispatcher/queue.ts";
import type { TelegramApi } from "../../../../worker/objects/dispatcher/telegram-api.ts";
import { Vault } from "../../../../worker/objects/dispatcher/vault.ts";
import type { Verdict } from "../../../../worker/objects/dispatcher/verdict.ts";
import { profile } from "../../../profile.ts";
import { scaled } from "../../../scaled.ts";

const NOW = Date.parse("2026-01-01T00:00:00.000Z");
const ID = "ua-1-00";
const USER = 7301928466;
const DONE: Verdict = { do: "done" };

let nextName = 0;
let nextCard = 0;

interface Opened {
  cards: SqlCards;
  breaker: CircuitBreaker;
  vault: Vault;
  sql: SqlStorage;
  /** Stores a card that shows revision 1. @returns its id */
  share(settings?: { id?: string; by?: number | null; at?: number }): Promise<number>;
}

function withCards(body: (opened: Opened) => Promise<void>) {
  const stub = env.DISPATCHER.getByName(`cards ${nextName++}`);
  return runInDurableObject<Dispatcher, void>(stub, async (_, { storage }) => {
    const vault = await Vault.open(env.FOLLOWER_KEY);
    const breaker = new CircuitBreaker(storage, "token");
    const cards = new SqlCards(storage, breaker);
    await body({
      cards,
      breaker,
      vault,
      sql: storage.sql,
      async share({ id = ID, by = USER, at = NOW } = {}) {
        const place = await vault.seal(`inline AAAA${USER}-${nextCard++}`);
        const sharer = by === null ? null : await vault.seal(by);
        const card = cards.add(place, sharer, { caseId: id, locale: "en", shown: 1 }, at);
        cards.markCurrent(card, 1);
        return card;
      },
    });
  });
}

describe("A shared card", () => {
  it("says that its case can't be shown, and is edited again later", () =>
    withCards(async ({ cards, breaker, vault, share }) => {
      const revision = { number: 2, kind: "update", liveAt: "2026-01-01T00:00:00.000Z" } as Revision;
      const texts: string[] = [];
      const api = async (_: string, { text }: { text: string }) => {
        texts.push(text);
        return { ok: true };
      };
      const editor = new CardEditor({
        ...{ cards, breaker, vault, api: api as unknown as TelegramApi, bot: "bot", bucket: new TokenBucket(25, 25) },
        links: { publicUrl: "https://casewire.test", profile },
        read: async () => ({ state: "unshowable", revision }),
      });
      await share();
      cards.announce(ID, 2);
      const edit = cards.take(NOW)!;
      expect(await editor.edit(edit)).toEqual({ answer: { ok: true }, told: 2 });
      expect(texts).toEqual([expect.stringContaining(message("en", "view.unshowable.text"))]);
      expect(texts[0]).toContain("UA 1/00");
      expect(edit.last).toBe(false);
      expect(edit.lapses).toBeGreaterThan(Date.now());
    }));

  it("is edited to the new revision after a press that read the old one, never before it", () =>
    withCards(async ({ cards, share }) => {
      const card = await share();
      cards.touch(card, "uk", NOW);
      const press = cards.take(NOW, card)!;
      expect(press).toMatchObject({ locale: "uk", atLeast: 1 });
      // The moment comes while Telegram handles the press. Neither the queue nor another press may overtake it.
      cards.announce(ID, 2);
      expect(cards.take(NOW)).toBeNull();
      cards.touch(card, null, NOW);
      expect(cards.take(NOW, card)).toBeNull();
      await cards.settle(press, DONE, NOW + 900, 1);
      expect(cards.take(NOW + 900)).toBeNull();
      const update = cards.take(NOW + 1_900)!;
      expect(update).toMatchObject({ locale: "uk", atLeast: 2 });
      await cards.settle(update, DONE, NOW + 2_000, 2);
      expect(cards.nextDue()).toBeGreaterThan(NOW + CARD_LIFETIME_MS - 1);
    }));

  it("is edited once per change, and not again for a change that it shows already", () =>
    withCards(async ({ cards, share }) => {
      await share();
      cards.announce(ID, 1);
      cards.announce("ua-2-00", 2);
      expect(cards.take(NOW)).toBeNull();
      cards.announce(ID, 2);
      cards.announce(ID, 2);
      await cards.settle(cards.take(NOW)!, DONE, NOW, 3);
      cards.announce(ID, 2);
      cards.announce(ID, 3);
      expect(cards.take(NOW + 60_000)).toBeNull();
    }));

  it("is tried again once Telegram may accept what it refused, in that chat or everywhere", () =>
    withCards(async ({ cards, vault, share }) => {
      const [one, other] = [await share({ by: -1_005 }), await share()];
      cards.announce(ID, 2);
      const refused: Verdict = { do: "park", trouble: "400 Bad Request: need administrator rights" };
      for (let times = 0; times < 2; times++) await cards.settle(cards.take(NOW)!, refused, NOW, 2);
      expect(cards.take(NOW + 60_000)).toBeNull();
      cards.retry(NOW, await vault.hashes(-1_005));
      const edit = cards.take(NOW)!;
      expect(edit).toMatchObject({ card: one, atLeast: 2 });
      await cards.settle(edit, DONE, NOW, 2);
      expect(cards.take(NOW + 60_000)).toBeNull();
      cards.retry(NOW);
      expect(cards.take(NOW)).toMatchObject({ card: other });
      expect(cards.take(NOW)).toBeNull();
    }));

  it("is edited when its words change, as when a deadline passes", () =>
    withCards(async ({ cards, share }) => {
      const card = await share();
      cards.touch(card, null, NOW);
      await cards.settle({ ...cards.take(NOW)!, lapses: NOW + 86_400_000 }, DONE, NOW, 1);
      expect(cards.nextDue()).toBe(NOW + 86_400_000);
      expect(cards.take(NOW + 86_399_999)).toBeNull();
      expect(cards.take(NOW + 86_400_000)).toMatchObject({ card, retire: false });
    }));

  it("is no longer kept once it is gone, withdrawn or untouched for 90 days, and a press keeps it", () =>
    withCards(async ({ cards, sql, share }) => {
      const [gone, withdrawn, old, used] = [await share(), await share(), await share(), await share()];
      cards.announce(ID, 2);
      for (let edit = cards.take(NOW); edit; edit = cards.take(NOW)) {
        if (edit.card === gone)
          await cards.settle(edit, { do: "park", trouble: "400 Bad Request: MESSAGE_ID_INVALID" }, NOW, 2);
        else await cards.settle({ ...edit, last: edit.card === withdrawn }, DONE, NOW, 2);
      }
      const left = () =>
        sql
          .exec<{ id: number }>("SELECT id FROM cards ORDER BY id")
          .toArray()
          .map(({ id }) => id);
      expect(left()).toEqual([old, used]);
      cards.touch(used, null, NOW + 1_000_000);
      await cards.settle(cards.take(NOW + 1_000_000, used)!, DONE, NOW + 1_000_000, 2);
      const last = cards.take(NOW + CARD_LIFETIME_MS)!;
      expect(last).toMatchObject({ card: old, retire: true });
      // Someone uses the card at the last moment.
      cards.touch(old, null, NOW + CARD_LIFETIME_MS);
      await cards.settle(last, DONE, NOW + CARD_LIFETIME_MS, 2);
      const kept = cards.take(NOW + CARD_LIFETIME_MS + 1_000)!;
      expect(kept).toMatchObject({ card: old, retire: false });
      await cards.settle(kept, DONE, NOW + CARD_LIFETIME_MS + 1_000, 2);
      const other = cards.take(NOW + 1_000_000 + CARD_LIFETIME_MS)!;
      await cards.settle(other, DONE, NOW + 1_000_000 + CARD_LIFETIME_MS, 2);
      expect(left()).toEqual([old]);
    }));

  it("is kept as long as it exists when it is pinned, and stays up to date", () =>
    withCards(async ({ cards, vault }) => {
      const place = await vault.seal("message -1005 7");
      const pinned = cards.add(
        place,
        await vault.seal(-1_005),
        { caseId: ID, locale: "en", shown: 1 },
        NOW,
        PINNED_TOUCHED_AT_MS,
      );
      // The card was outdated before it was stored, so `markCurrent` leaves it due.
      cards.markCurrent(pinned, 2);
      const edit = cards.take(NOW)!;
      expect(edit).toMatchObject({ card: pinned, retire: false });
      await cards.settle(edit, DONE, NOW, 2);
      expect(cards.take(NOW + 10 * CARD_LIFETIME_MS)).toBeNull();
      cards.announce(ID, 3);
      expect(cards.take(NOW + 10 * CARD_LIFETIME_MS)).toMatchObject({ card: pinned, retire: false });
    }));

  it("waits for the key that its address is sealed with, and for nothing else", () =>
    withCards(async ({ cards, vault, share }) => {
      const card = await share();
      cards.announce(ID, 2);
      await cards.settle(cards.take(NOW)!, { do: "hold" }, NOW, 0);
      cards.recover(NOW + CARD_LIFETIME_MS, ["another"]);
      expect(cards.take(NOW + 2 * CARD_LIFETIME_MS)).toBeNull();
      cards.recover(NOW + 1, vault.keyIds);
      expect(cards.take(NOW + 1)).toMatchObject({ card, atLeast: 2 });
    }));

  it("waits until a pause is over or a refused token is replaced", () =>
    withCards(async ({ cards, share }) => {
      await share();
      cards.announce(ID, 2);
      await cards.settle(cards.take(NOW)!, { do: "pause", for: 7_000 }, NOW, 0);
      expect(cards.nextDue()).toBe(NOW + 7_000);
      await cards.settle(cards.take(NOW + 7_000)!, { do: "stop", trouble: "token refused" }, NOW + 7_000, 0);
      expect(cards.nextDue()).toBeNull();
    }));
});

it("A shared card never goes back and always reaches the newest revision, whatever comes between", () =>
  withCards(async ({ cards, sql, vault, share }) => {
    const step = fc.constantFrom(
      "change",
      "press",
      "queue",
      "ok",
      "ok",
      "lost",
      "late",
      "refused",
      "crash",
      "wait",
      "long",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        sql.exec("DELETE FROM cards");
        sql.exec("DELETE FROM cards_behind");
        let now = NOW;
        let head = 1;
        let onCard = 1;
        let newest = 1;
        const card = await share();
        let underWay: { edit: CardEdit; read: number; since: number }[] = [];
        /** Edits that timed out but that Telegram applies later, within the timeout. */
        let late: { read: number; at: number }[] = [];
        const take = (one?: number) => {
          const edit = cards.take(now, one);
          if (!edit) return;
          expect(underWay).toEqual([]);
          expect(head).toBeGreaterThanOrEqual(edit.atLeast);
          underWay.push({ edit, read: head, since: now });
        };
        const land = (read: number) => {
          expect(read).toBeGreaterThanOrEqual(newest);
          newest = onCard = read;
        };
        const lost: Verdict = { do: "again-silently", after: 1_000, trouble: "no answer" };
        const pass = async (milliseconds: number) => {
          now += milliseconds;
          for (const { edit, read, since } of underWay.filter((each) => now - each.since >= 10_000)) {
            late.push({ read, at: since + 12_000 });
            await cards.settle(edit, lost, now, read);
          }
          underWay = underWay.filter((each) => now - each.since < 10_000);
          for (const { read, at } of late) if (at <= now) onCard = read;
          late = late.filter(({ at }) => at > now);
        };
        for (const what of steps) {
          if (what === "change") cards.announce(ID, ++head);
          else if (what === "press") {
            cards.touch(card, null, now);
            take(card);
          } else if (what === "queue") take();
          else if (what === "wait") await pass(700);
          else if (what === "long") await pass(11_000);
          else if (what === "crash") {
            late.push(...underWay.map(({ read, since }) => ({ read, at: since + 12_000 })));
            underWay = [];
            cards.recover(now, vault.keyIds);
          } else {
            const flight = underWay.shift();
            if (!flight) continue;
            const { edit, read, since } = flight;
            if (what === "ok" || what === "lost") land(read);
            if (what === "late") late.push({ read, at: since + 12_000 });
            const verdict = what === "ok" ? DONE : what === "refused" ? { ...lost, trouble: "answer 502" } : lost;
            await cards.settle(edit, verdict, now, read);
          }
        }
        for (let due = cards.nextDue(); due !== null && due < now + 86_400_000; due = cards.nextDue()) {
          await pass(Math.max(0, due - now));
          take();
          for (const { edit, read } of underWay.splice(0)) {
            land(read);
            await cards.settle(edit, DONE, now, read);
          }
        }
        expect(late).toEqual([]);
        expect(onCard).toBe(head);
      }),
      { numRuns: scaled(400) },
    );
  }));

describe("Many shared cards", () => {
  it("are marked for an edit page by page, and a crash leaves none out", () =>
    withCards(async ({ cards, sql, vault, share }) => {
      for (let count = 0; count < 1_100; count++) await share({ by: null });
      cards.announce(ID, 2);
      expect(cards.nextDue()).toBe(0);
      const marked = () => sql.exec<{ n: number }>("SELECT COUNT(*) AS n FROM cards WHERE wanted = 2").one().n;
      cards.take(NOW);
      expect(marked()).toBe(500);
      cards.recover(NOW, vault.keyIds);
      const edited = new Set<number>();
      for (let edit = cards.take(NOW); edit; edit = cards.take(NOW)) {
        edited.add(edit.card);
        await cards.settle(edit, DONE, NOW, 2);
      }
      expect(edited.size).toBe(1_100);
      expect(marked()).toBe(1_100);
      // The edit that the crash interrupted is repeated.
      expect(cards.nextDue()).toBe(NOW + 15_000);
    }));

  it("are deleted by /forget, which keeps their last edits only in memory, and no column identifies anyone", () =>
    withCards(async ({ cards, vault, sql, share }) => {
      const hashes = await vault.hashes(USER);
      expect(cards.sharers.isWelcome(hashes, NOW)).toBe(false);
      cards.sharers.welcome(await vault.seal(USER), NOW);
      await Promise.all([share(), share(), share({ by: 5 })]);
      for (const table of ["cards", "card_sharers"])
        for (const row of sql.exec(`SELECT * FROM ${table}`).toArray())
          for (const value of Object.values(row)) {
            const text = value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : String(value);
            expect(text).not.toContain(String(USER));
          }
      const farewell = cards.forget(hashes);
      expect(farewell).toHaveLength(2);
      for (const edit of farewell) {
        expect(edit.retire).toBe(true);
        expect(await vault.unseal(edit.address)).toContain(`inline AAAA${USER}`);
      }
      expect(sql.exec("SELECT id FROM cards").toArray()).toHaveLength(1);
      expect(sql.exec("SELECT id FROM card_sharers").toArray()).toHaveLength(1);
      expect(cards.sharers.isWelcome(hashes, NOW)).toBe(false);
      expect(cards.forget(hashes)).toEqual([]);
    }));

  it("keep the record of who read the warning no longer than that of who shared", () =>
    withCards(async ({ cards, vault, sql, share }) => {
      cards.sharers.welcome(await vault.seal(USER), NOW);
      await share({ by: 5 });
      expect(cards.sharers.isWelcome(await vault.hashes(USER), NOW + CARD_LIFETIME_MS - 1)).toBe(true);
      expect(cards.sharers.isWelcome(await vault.hashes(USER), NOW + CARD_LIFETIME_MS)).toBe(false);
      cards.sharers.dropIdle(NOW + CARD_LIFETIME_MS);
      expect(sql.exec("SELECT id FROM card_sharers").toArray()).toHaveLength(1);
    }));
});

describe("The queue of edits and messages", () => {
  const message = (index: number): Delivery => ({
    caseId: ID,
    number: 2,
    chat: index,
    topic: 0,
    silent: false,
    attempts: 0,
    trouble: null,
  });

  const messagesOf = (waiting: Delivery[]): Outbox<Delivery> => ({
    pausedUntil: () => 0,
    take: (_, count) => waiting.splice(0, count),
    settle: async () => {},
  });

  it("puts removals of withdrawn and redacted content before everything else", () =>
    withCards(async ({ cards, breaker, share }) => {
      await share();
      const erased = [await share({ id: "ua-2-00" }), await share({ id: "ua-2-00" })];
      cards.announce(ID, 2);
      const waiting = [message(1), message(2)];
      const messages = messagesOf(waiting);
      const queue = new Queue(messages, cards, breaker);
      expect(queue.take(NOW, 1)[0]).toMatchObject({ chat: 1 });
      cards.announce("ua-2-00", 2, postMarks.erased);
      const first = [queue.take(NOW, 1)[0]!, queue.take(NOW, 1)[0]!].map((job) => isEdit(job) && job.card);
      expect(first).toEqual(erased);
      expect(queue.take(NOW, 1)[0]).toMatchObject({ chat: 2 });
      expect(queue.take(NOW, 1)[0]).toMatchObject({ caseId: ID });
    }));

  it("sends messages first, and still edits a card now and then", () =>
    withCards(async ({ cards, breaker, share }) => {
      for (let count = 0; count < 5; count++) await share();
      cards.announce(ID, 2);
      const queue = new Queue(messagesOf(Array.from({ length: 30 }, (_, index) => message(index))), cards, breaker);
      const batches = Array.from({ length: 10 }, () => queue.take(NOW, 4));
      expect(batches.map((batch) => batch.filter(isEdit).length)).toEqual([0, 0, 1, 0, 1, 0, 0, 1, 0, 2]);
      expect(batches.flat()).toHaveLength(35);
      expect(queue.take(NOW, 4)).toEqual([]);
    }));
});
