/**
 * Shared cards on real storage: one edit of a card at a time, through presses,
 * changes, lost answers and crashes.
 */

import fc from "fast-check";
import { describe, expect } from "vitest";
import { message } from "../../../../shared/messages.ts";
import {
  type CardEdit,
  postMarks,
} from "../../../../worker/objects/dispatcher/card-rows.ts";
import {
  CARD_LIFETIME_MS,
  PINNED_TOUCHED_AT_MS,
} from "../../../../worker/objects/dispatcher/cards.ts";
import { isEdit } from "../../../../worker/objects/dispatcher/queue.ts";
import { Vault } from "../../../../worker/objects/dispatcher/vault.ts";
import type { Verdict } from "../../../../worker/objects/dispatcher/verdict.ts";
import { inventedRevision } from "../../../support/invented.ts";
import { scaled } from "../../../support/scaled.ts";
import {
  announcement,
  it as inOutbox,
  NOW,
  type Opened,
  open,
  written,
} from "../../outbox.ts";

const ID = "ua-1-00";
const USER = 7301928466;
const DONE: Verdict = { do: "done" };

let nextCard = 0;

/** Stores a card that shows revision 1. @returns its id */
type Share = (settings?: {
  id?: string;
  by?: number | null;
}) => Promise<number>;

const it = (
  what: string,
  body: (opened: Opened & { share: Share }) => Promise<void>,
) =>
  inOutbox(what, (opened) => {
    const { cards, followers, vault } = opened;
    const share: Share = async ({ id = ID, by = USER } = {}) => {
      const place = await vault.seal(`inline AAAA${USER}-${nextCard++}`);
      const sharer =
        by === null
          ? null
          : followers.findOrAdd(await vault.seal(by), by > 0 ? 2 : 1);
      const card = cards.add(
        place,
        sharer,
        { caseId: id, locale: "en", shown: 1 },
        NOW,
      );
      cards.markCurrent(card, 1);
      return card;
    };
    return body({ ...opened, share });
  });

describe("A shared card", () => {
  it("says that its case can't be shown, and is edited again later", async (opened) => {
    const { cards, share } = opened;
    await share();
    cards.announce(ID, 2);
    const edit = cards.take(NOW)!;
    const state = {
      state: "unshowable",
      revision: inventedRevision({ number: 2 }),
    } as const;
    const { sent, text } = await written(opened, edit, state);
    expect(sent).toEqual({ answer: { ok: true }, told: 2 });
    expect(text).toContain(message("en", "view.unshowable.text"));
    expect(text).toContain("UA 1/00");
    expect(edit.last).toBe(false);
    expect(edit.lapses).toBeGreaterThan(Date.now());
  });

  it("is edited once per change, not again for a change that it shows already, and after a press at most once a second", async (opened) => {
    const { cards, share } = opened;
    const card = await share();
    cards.announce(ID, 1);
    cards.announce("ua-2-00", 2);
    expect(cards.take(NOW)).toBeNull();
    cards.announce(ID, 2);
    cards.announce(ID, 2);
    await cards.settle(cards.take(NOW)!, DONE, NOW, 3);
    cards.announce(ID, 2);
    cards.announce(ID, 3);
    expect(cards.take(NOW + 60_000)).toBeNull();
    cards.touch(card, null, NOW + 900);
    expect(cards.take(NOW + 900)).toBeNull();
    expect(cards.take(NOW + 1_000)).toMatchObject({ card });
  });

  it("is tried again once Telegram may accept what it refused, in that chat or everywhere", async (opened) => {
    const { cards, share } = opened;
    const [one, other] = [await share({ by: -1_005 }), await share()];
    cards.announce(ID, 2);
    const refused: Verdict = {
      do: "park",
      trouble: "400 Bad Request: need administrator rights",
    };
    for (let times = 0; times < 2; times++)
      await cards.settle(cards.take(NOW)!, refused, NOW, 2);
    expect(cards.take(NOW + 60_000)).toBeNull();
    cards.retry(NOW, (await opened.chat(-1_005))!);
    const edit = cards.take(NOW)!;
    expect(edit).toMatchObject({ card: one, atLeast: 2 });
    await cards.settle(edit, DONE, NOW, 2);
    expect(cards.take(NOW + 60_000)).toBeNull();
    cards.retry(NOW);
    expect(cards.take(NOW)).toMatchObject({ card: other });
    expect(cards.take(NOW)).toBeNull();
  });

  it("is edited when its words change, as when a deadline passes, in the language of the last press", async (opened) => {
    const { cards, share } = opened;
    const card = await share();
    cards.touch(card, "uk", NOW);
    await cards.settle(
      { ...cards.take(NOW)!, lapses: NOW + 86_400_000 },
      DONE,
      NOW,
      1,
    );
    expect(cards.nextDue(NOW + 1_000)).toBe(NOW + 86_400_000);
    expect(cards.take(NOW + 86_399_999)).toBeNull();
    expect(cards.take(NOW + 86_400_000)).toMatchObject({
      card,
      locale: "uk",
      retire: false,
    });
  });

  it("is no longer kept once it is gone, withdrawn or untouched for 90 days, and a press keeps it", async (opened) => {
    const { cards, sql, share } = opened;
    const [gone, withdrawn, old, used] = [
      await share(),
      await share(),
      await share(),
      await share(),
    ];
    cards.announce(ID, 2);
    for (let edit = cards.take(NOW); edit; edit = cards.take(NOW)) {
      if (edit.card === gone)
        await cards.settle(
          edit,
          { do: "park", trouble: "400 Bad Request: MESSAGE_ID_INVALID" },
          NOW,
          2,
        );
      else
        await cards.settle(
          { ...edit, last: edit.card === withdrawn },
          DONE,
          NOW,
          2,
        );
    }
    const left = () =>
      Array.from(sql.exec("SELECT id FROM cards ORDER BY id").raw()).flat();
    expect(left()).toEqual([old, used]);
    cards.touch(used, null, NOW + 1_000_000);
    await cards.settle(cards.take(NOW + 1_000_000)!, DONE, NOW + 1_000_000, 2);
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
  });

  it("is kept as long as it exists when it is pinned, and stays up to date", async ({
    cards,
    followers,
    vault,
  }) => {
    const place = await vault.seal("message -1005 7");
    const shows = { caseId: ID, locale: "en", shown: 1 } as const;
    const pinned = cards.add(
      place,
      followers.findOrAdd(await vault.seal(-1_005), 0),
      shows,
      NOW,
      PINNED_TOUCHED_AT_MS,
    );
    // The card was outdated before it was stored, so `markCurrent` leaves it
    // due.
    cards.markCurrent(pinned, 2);
    const edit = cards.take(NOW)!;
    expect(edit).toMatchObject({ card: pinned, retire: false });
    await cards.settle(edit, DONE, NOW, 2);
    expect(cards.take(NOW + 10 * CARD_LIFETIME_MS)).toBeNull();
    cards.announce(ID, 3);
    expect(cards.take(NOW + 10 * CARD_LIFETIME_MS)).toMatchObject({
      card: pinned,
      retire: false,
    });
  });

  it("waits for the key that its address is sealed with, and for nothing else", async (opened) => {
    const card = await opened.share();
    opened.cards.announce(ID, 2);
    const wrong = open(opened.storage, await Vault.open(btoa("n".repeat(32))));
    for (let times = 0; times < 2; times++)
      expect(wrong.cards.take(NOW)).toBeNull();
    expect(wrong.cards.nextDue(NOW)).toBeNull();
    expect(opened.cards.take(NOW)).toMatchObject({ card, atLeast: 2 });
  });

  it("waits until a pause is over or a refused token is replaced", async ({
    cards,
    share,
  }) => {
    await share();
    cards.announce(ID, 2);
    await cards.settle(cards.take(NOW)!, { do: "pause", for: 7_000 }, NOW, 0);
    expect(cards.nextDue(NOW)).toBe(NOW + 7_000);
    await cards.settle(
      cards.take(NOW + 7_000)!,
      { do: "stop", trouble: "token refused" },
      NOW + 7_000,
      0,
    );
    expect(cards.nextDue(NOW + 7_000)).toBeNull();
  });
});

it("A shared card never goes back and always reaches the newest revision, whatever comes between", async (opened) => {
  const { cards, sql, share } = opened;
  const steps = [
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
  ] as const;
  const step = fc.constantFrom(...steps);
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
      /**
       * Edits that timed out but that Telegram applies later, within the
       * timeout.
       */
      let late: { read: number; at: number }[] = [];
      const take = () => {
        const edit = cards.take(now);
        if (!edit) return;
        expect(underWay).toEqual([]);
        expect(head).toBeGreaterThanOrEqual(edit.atLeast);
        underWay.push({ edit, read: head, since: now });
      };
      const land = (read: number) => {
        expect(read).toBeGreaterThanOrEqual(newest);
        newest = onCard = read;
      };
      const lost: Verdict = {
        do: "again-silently",
        after: 1_000,
        trouble: "no answer",
      };
      const pass = async (milliseconds: number) => {
        now += milliseconds;
        for (const { edit, read, since } of underWay.filter(
          (each) => now - each.since >= 10_000,
        )) {
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
          take();
        } else if (what === "queue") take();
        else if (what === "wait") await pass(700);
        else if (what === "long") await pass(11_000);
        else if (what === "crash") {
          late.push(
            ...underWay.map(({ read, since }) => ({
              read,
              at: since + 12_000,
            })),
          );
          underWay = [];
        } else {
          const flight = underWay.shift();
          if (!flight) continue;
          const { edit, read, since } = flight;
          if (what === "ok" || what === "lost") land(read);
          if (what === "late") late.push({ read, at: since + 12_000 });
          const verdict =
            what === "ok"
              ? DONE
              : what === "refused"
                ? { ...lost, trouble: "answer 502" }
                : lost;
          await cards.settle(edit, verdict, now, read);
        }
      }
      for (
        let due = cards.nextDue(now);
        due !== null && due < now + 86_400_000;
        due = cards.nextDue(now)
      ) {
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
});

describe("Many shared cards", () => {
  it("are marked for an edit page by page, and a crash leaves none out", async ({
    cards,
    sql,
    share,
  }) => {
    for (let count = 0; count < 1_100; count++) await share({ by: null });
    cards.announce(ID, 2);
    expect(cards.nextDue(NOW)).toBe(0);
    const marked = () =>
      sql
        .exec<{ n: number }>("SELECT COUNT(*) AS n FROM cards WHERE wanted = 2")
        .one().n;
    cards.take(NOW);
    expect(marked()).toBe(500);
    const edited = new Set<number>();
    for (let edit = cards.take(NOW); edit; edit = cards.take(NOW)) {
      edited.add(edit.card);
      await cards.settle(edit, DONE, NOW, 2);
    }
    expect(edited.size).toBe(1_099);
    expect(marked()).toBe(1_100);
    // The first edit, which a crash interrupted, is repeated.
    expect(cards.nextDue(NOW)).toBe(NOW + 15_000);
  });

  it("are deleted by /forget, which keeps their last edits only in memory, and no column identifies anyone", async (opened) => {
    const { cards, vault, sql, share, chat } = opened;
    expect(cards.mayShare(await chat(USER), NOW)).toBe(false);
    await Promise.all([share(), share(), share({ by: 5 })]);
    expect(cards.mayShare(await chat(USER), NOW)).toBe(true);
    for (const table of ["cards", "chats"])
      for (const row of sql.exec(`SELECT * FROM ${table}`).toArray())
        for (const value of Object.values(row)) {
          const text =
            value instanceof ArrayBuffer
              ? new TextDecoder("latin1").decode(value)
              : String(value);
          expect(text).not.toContain(String(USER));
        }
    // Who blocks the bot may still ask later that they are forgotten.
    opened.followers.delete((await chat(USER))!);
    const farewell = cards.forget(await chat(USER));
    expect(farewell).toHaveLength(2);
    for (const edit of farewell) {
      expect(edit.retire).toBe(true);
      expect(await vault.unseal(edit)).toContain(`inline AAAA${USER}`);
    }
    expect(sql.exec("SELECT id FROM cards").toArray()).toHaveLength(1);
    opened.followers.forget(await vault.hashes(USER));
    expect(await chat(USER)).toBeNull();
    expect(await chat(5)).not.toBeNull();
  });

  it("keep the record of who read the warning no longer than that of who shared", async (opened) => {
    const { cards, vault, followers, share, chat } = opened;
    cards.noteSharing(followers.findOrAdd(await vault.seal(USER), 2), NOW);
    await share({ by: 5 });
    expect(cards.mayShare(await chat(USER), NOW + CARD_LIFETIME_MS - 1)).toBe(
      true,
    );
    expect(cards.mayShare(await chat(USER), NOW + CARD_LIFETIME_MS)).toBe(
      false,
    );
    cards.dropIdleSharers(NOW + CARD_LIFETIME_MS);
    expect(await chat(USER)).toBeNull();
    expect(await chat(5)).not.toBeNull();
  });
});

describe("The queue of edits and messages", () => {
  it("puts removals of withdrawn and redacted content before everything else", async (opened) => {
    const { cards, queue, share, follow, fanOut } = opened;
    await share({ by: null });
    const other = { id: "ua-2-00", by: null };
    const erased = [await share(other), await share(other)];
    for (const chat of [1, 2]) await follow(chat);
    fanOut.announce(announcement(2), NOW);
    cards.announce(ID, 2);
    /** A chat, or a card. */
    const next = () =>
      queue
        .take(NOW, 1)
        .map((job) =>
          isEdit(job) ? `card ${job.card}` : `chat ${job.chat}`,
        )[0];
    expect(next()).toBe("chat 1");
    cards.announce("ua-2-00", 2, postMarks.erased);
    expect([next(), next()]).toEqual(erased.map((card) => `card ${card}`));
    expect([next(), next()]).toEqual(["chat 2", "card 1"]);
  });

  it("sends messages first, and still edits a card now and then", async ({
    cards,
    queue,
    share,
    follow,
    fanOut,
  }) => {
    for (let count = 0; count < 5; count++) await share();
    for (let chat = 1; chat <= 30; chat++) await follow(chat);
    fanOut.announce(announcement(2), NOW);
    cards.announce(ID, 2);
    const batches = Array.from({ length: 10 }, () => queue.take(NOW, 4));
    expect(batches.map((batch) => batch.filter(isEdit).length)).toEqual([
      0, 0, 1, 0, 1, 0, 0, 1, 0, 2,
    ]);
    expect(batches.flat()).toHaveLength(35);
    expect(queue.take(NOW, 4)).toEqual([]);
  });
});
