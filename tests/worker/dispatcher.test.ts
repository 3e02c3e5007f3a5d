/** The outbox on real storage. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { SqlCards } from "../../worker/dispatcher/cards.ts";
import type { Dispatcher } from "../../worker/dispatcher/dispatcher.ts";
import { FanOut } from "../../worker/dispatcher/fan-out.ts";
import { rankOf, SqlFollowers } from "../../worker/dispatcher/followers.ts";
import { SqlOutbox } from "../../worker/dispatcher/outbox.ts";
import { Pace } from "../../worker/dispatcher/pace.ts";
import { Queue } from "../../worker/dispatcher/queue.ts";
import { Vault } from "../../worker/dispatcher/vault.ts";
import type { Answer } from "../../worker/dispatcher/verdict.ts";

const CHAT = 7301928465;
const LIVE = "2026-01-01T00:00:00.000Z";
const NOW = Date.parse(LIVE);

let nextName = 0;

/** What a Dispatcher is made of, opened on storage that may have been used before. */
function open(storage: DurableObjectStorage, vault: Vault, { token = "token", page = 500 } = {}) {
  const fanOut = new FanOut(storage, page);
  const followers = new SqlFollowers(storage, fanOut);
  const pace = new Pace(storage, token);
  const outbox = new SqlOutbox(storage, followers, fanOut, vault, pace);
  const { sql } = storage;
  return {
    storage,
    pace,
    fanOut,
    followers,
    outbox,
    vault,
    sql,
    again: (settings: { token?: string; page?: number }) => open(storage, vault, settings),
    async follow(chat: number, { topic = 0, scope = "ua-1-00", told = 0, locale = "en" as "en" | "uk" } = {}) {
      const kind = chat > 0 ? "private" : "group";
      return followers.follow(await vault.seal(chat), rankOf[kind], topic, scope, locale, told, NOW);
    },
    /** The row of a chat. */
    chat: async (id: number) => followers.find(await vault.hashes(id)),
  };
}

/** A fresh outbox on storage of its own. */
function withOutbox(body: (opened: ReturnType<typeof open>) => Promise<void>, settings: { page?: number } = {}) {
  const stub = env.DISPATCHER.getByName(`outbox ${nextName++}`);
  return runInDurableObject<Dispatcher, void>(stub, async (_, state) =>
    body(open(state.storage, await Vault.open(env.FOLLOWER_KEY), settings)),
  );
}

const announcement = (number: number, notify: "loud" | "silent" | "none" = "loud", id = "ua-1-00") => ({
  id,
  number,
  liveAt: LIVE,
  notify,
});

const tables = ["chats", "follows", "told", "deliveries"];
const rows = (sql: SqlStorage) => tables.map((table) => sql.exec(`SELECT * FROM ${table}`).toArray().length);

it("takes Telegram to be away after eight sends without an answer: the others wait, and still ring", () =>
  withOutbox(async ({ outbox, fanOut, follow, pace, storage }) => {
    const queue = new Queue(outbox, new SqlCards(storage, pace), pace);
    for (let chat = 0; chat < 20; chat++) await follow(CHAT + chat);
    fanOut.announce(announcement(1), NOW);
    const lost = { do: "again-silently", after: 300_000, trouble: "no answer" } as const;
    /** Sends until nothing may be sent. @returns how many, and how long everything waits then */
    const lose = async (now: number) => {
      let sent = 0;
      for (; queue.pausedUntil() <= now; sent++) await queue.settle(queue.take(now)!, lost, now, 0);
      return [sent, queue.pausedUntil() - now];
    };
    expect(await lose(NOW)).toEqual([8, 1_000]);
    expect(await lose(NOW + 1_000)).toEqual([1, 2_000]);
    expect(await lose(NOW + 3_000)).toEqual([1, 4_000]);
    const delivery = queue.take(NOW + 7_000)!;
    expect(delivery).toMatchObject({ silent: false });
    await queue.settle(delivery, { do: "done" }, NOW + 7_000, 1);
    expect(await lose(NOW + 7_000)).toEqual([8, 1_000]);
  }));

describe("the outbox", () => {
  it("makes one delivery per follower, groups first, once, and none when nobody is to be told", () =>
    withOutbox(async ({ outbox, fanOut, follow, chat, sql }) => {
      for (const id of [CHAT, -CHAT]) await follow(id, { told: 1 });
      fanOut.announce(announcement(2, "none"), NOW);
      expect(outbox.nextDue()).toBeNull();
      fanOut.announce(announcement(3, "silent"), NOW);
      fanOut.announce(announcement(3, "silent"), NOW);
      expect(outbox.status(NOW).depth).toBe(2);
      fanOut.announce(announcement(3, "loud", "ua-2-00"), NOW);
      expect(outbox.status(NOW).depth).toBe(2);
      const group = outbox.take(NOW)!;
      expect(group).toMatchObject({ chat: await chat(-CHAT), number: 3, silent: true });
      await outbox.settle(group, { do: "done" }, NOW, 3);
      const person = outbox.take(NOW)!;
      expect(person.chat).toBe(await chat(CHAT));
      await outbox.settle(person, { do: "done" }, NOW, 3);
      expect(outbox.take(NOW + 60_000)).toBeNull();
      expect(rows(sql)).toEqual([2, 2, 2, 0]);
      fanOut.announce(announcement(3), NOW);
      expect(outbox.take(NOW)).toBeNull();
    }));

  it("makes deliveries page by page, and goes on behind the last page after a crash at any", () =>
    withOutbox(
      async ({ follow, fanOut, again }) => {
        for (let index = 0; index < 23; index++) await follow(index % 5 === 0 ? -1 - index : 1 + index);
        fanOut.announce(announcement(1), NOW);
        const sent: number[] = [];
        for (let at = NOW; ; at += 5_000) {
          // Whoever opens the storage anew knows nothing but what it holds.
          const { outbox, sql } = again({ page: 3 });
          outbox.recover(at);
          const delivery = outbox.take(at);
          if (!delivery) break;
          expect(sql.exec("SELECT * FROM deliveries").toArray().length).toBeLessThanOrEqual(5);
          expect(outbox.status(at).depth).toBe(23 - sent.length);
          await outbox.settle(delivery, { do: "done" }, at, 1);
          sent.push(delivery.chat);
        }
        expect(new Set(sent).size).toBe(23);
        expect(sent).toHaveLength(23);
      },
      { page: 3 },
    ));

  it("lets a later update's groups go before the rest of an earlier one's people", () =>
    withOutbox(
      async ({ follow, fanOut, outbox, chat }) => {
        for (let id = 1; id <= 9; id++) await follow(id);
        await follow(-7, { scope: "ua-2-00" });
        fanOut.announce(announcement(1), NOW);
        await outbox.settle(outbox.take(NOW)!, { do: "done" }, NOW, 1);
        fanOut.announce(announcement(1, "loud", "ua-2-00"), NOW + 1);
        expect(outbox.take(NOW + 1)!.chat).toBe(await chat(-7));
      },
      { page: 3 },
    ));

  it("tells a place once whatever it follows the case by", () =>
    withOutbox(async ({ follow, fanOut, outbox }) => {
      for (const scope of ["ua-1-00", "all", "UA-43", "RU"]) await follow(CHAT, { scope });
      await follow(CHAT, { scope: "all", topic: 7 });
      fanOut.announce(announcement(1), NOW, ["UA-43"]);
      const topics: number[] = [];
      for (let at = NOW; topics.length < 5; at += 2_000) {
        const delivery = outbox.take(at);
        if (!delivery) break;
        topics.push(delivery.topic);
        await outbox.settle(delivery, { do: "done" }, at, 1);
      }
      expect(topics.sort()).toEqual([0, 7]);
    }));

  it("tells whoever follows a place of the revision that takes it away, and of none after that", () =>
    withOutbox(async ({ follow, fanOut, followers, outbox, sql }) => {
      await follow(CHAT, { scope: "RU" });
      await follow(CHAT + 1, { scope: "UA" });
      const heard: number[][] = [];
      const drained = async (at: number) => {
        const numbers: number[] = [];
        for (let delivery = outbox.take(at); delivery; delivery = outbox.take(at)) {
          const recipient = followers.recipient(delivery)!;
          numbers.push(delivery.number);
          expect(recipient.scopes).toEqual([recipient.scopes[0] === "RU" ? "RU" : "UA"]);
          await outbox.settle(delivery, { do: "done" }, at, delivery.number);
        }
        heard.push(numbers);
      };
      const announce = (number: number, places: string[] | null, notify: "loud" | "none" = "loud") =>
        fanOut.announce(announcement(number, notify), NOW, places);
      announce(1, ["RU"]);
      await drained(NOW);
      announce(2, ["UA"]);
      await drained(NOW + 10_000);
      announce(3, ["UA"]);
      await drained(NOW + 20_000);
      // What waits is not dropped because the place is gone since; what nobody was told of is told with the next.
      announce(4, ["RU"], "none");
      announce(5, []);
      expect(sql.exec("SELECT own FROM announced WHERE number = 5").one()).toEqual({ own: 2 });
      expect(outbox.status(NOW).depth).toBe(2);
      announce(6, []);
      await drained(NOW + 30_000);
      announce(7, null);
      await drained(NOW + 40_000);
      expect(heard).toEqual([[1], [2, 2], [3], [5, 5], []]);
      expect(sql.exec("SELECT * FROM deliveries").toArray()).toEqual([]);
    }));

  it("never tells what the follower has seen already, nor twice what the head told", () =>
    withOutbox(async ({ outbox, fanOut, follow }) => {
      await follow(CHAT, { told: 2 });
      fanOut.announce(announcement(2), NOW);
      expect(outbox.take(NOW)).toBeNull();
      fanOut.announce(announcement(3), NOW);
      const delivery = outbox.take(NOW)!;
      // The head was 4 already when the text was made; the announcement of 4 comes later.
      await outbox.settle(delivery, { do: "done" }, NOW, 4);
      fanOut.announce(announcement(4), NOW);
      expect(outbox.take(NOW + 60_000)).toBeNull();
    }));

  it("tells who saw the old revision last and followed just after the moment", () =>
    withOutbox(async ({ outbox, fanOut, follow }) => {
      fanOut.announce(announcement(2), NOW);
      expect(outbox.take(NOW)).toBeNull();
      await follow(CHAT, { told: 1 });
      expect(outbox.take(NOW)).toMatchObject({ number: 2 });
    }));

  it("keeps a chat's order, lets it rest, and makes one message of what waits, with all notes", () =>
    withOutbox(async ({ outbox, fanOut, follow, followers }) => {
      await follow(CHAT);
      fanOut.announce(announcement(1), NOW);
      const first = outbox.take(NOW)!;
      fanOut.announce(announcement(2), NOW);
      fanOut.announce(announcement(3, "none"), NOW);
      fanOut.announce(announcement(4, "silent"), NOW);
      expect(outbox.take(NOW)).toBeNull();
      await outbox.settle(first, { do: "done" }, NOW, 1);
      expect(outbox.take(NOW)).toBeNull();
      const both = outbox.take(NOW + 1_000)!;
      expect(both).toMatchObject({ number: 4, silent: false });
      const { told, since } = followers.recipient(both)!;
      expect(fanOut.between("ua-1-00", told, since, 4)).toEqual([2]);
      expect(outbox.status(NOW).depth).toBe(1);
    }));

  it("lets nothing newer of a case pass a message that may still land; other cases and topics go on", () =>
    withOutbox(async ({ outbox, fanOut, follow }) => {
      await follow(CHAT, { scope: "all" });
      fanOut.announce(announcement(1), NOW);
      await outbox.settle(
        outbox.take(NOW)!,
        { do: "again-silently", after: 15_000, trouble: "no answer in time" },
        NOW + 10_000,
        0,
      );
      fanOut.announce(announcement(2), NOW + 10_000);
      fanOut.announce(announcement(1, "loud", "ua-2-00"), NOW + 10_000);
      const other = outbox.take(NOW + 10_000)!;
      expect(other.caseId).toBe("ua-2-00");
      await outbox.settle(other, { do: "done" }, NOW + 10_000, 1);
      expect(outbox.take(NOW + 24_999)).toBeNull();
      expect(outbox.take(NOW + 25_000)).toMatchObject({ caseId: "ua-1-00", number: 2, silent: false });
    }));

  it("sends again what was under way when the process died, silently", () =>
    withOutbox(async ({ outbox, fanOut, follow, again }) => {
      await follow(CHAT);
      fanOut.announce(announcement(1), NOW);
      outbox.take(NOW);
      const revived = again({}).outbox;
      expect(revived.take(NOW)).toBeNull();
      revived.recover(NOW);
      expect(revived.take(NOW)).toMatchObject({ number: 1, silent: true, trouble: "interrupted" });
    }));

  it("keeps a pause, and stops for a refused token until another comes", () =>
    withOutbox(async ({ outbox, fanOut, follow, again }) => {
      await follow(CHAT);
      fanOut.announce(announcement(1), NOW);
      await outbox.settle(outbox.take(NOW)!, { do: "pause", for: 7_000 }, NOW, 0);
      expect(again({}).outbox.pausedUntil()).toBe(NOW + 7_000);
      expect(outbox.nextDue()).toBe(NOW + 7_000);
      await outbox.settle(outbox.take(NOW + 7_000)!, { do: "stop", trouble: "token refused" }, NOW, 0);
      expect(again({}).outbox.nextDue()).toBeNull();
      expect(again({}).outbox.status(NOW).running).toBe(false);
      expect(again({ token: "another" }).outbox.nextDue()).toBe(NOW + 7_000);
    }));

  it("asks ever less often whether a refused token works after all, also after a restart, until a message leaves", () =>
    withOutbox(async ({ again, storage }) => {
      const { pace } = again({});
      const says = (answer: Answer) => async () => answer;
      const refused = says({ ok: false, code: 401, description: "Unauthorized" });
      expect(pace.askAt()).toBeNull();
      pace.stop(NOW);
      const waits = [pace.askAt()! - NOW];
      for (let times = 0; times < 5; times++) {
        const now = pace.askAt()!;
        await again({}).pace.ask(now - 1, says({ ok: true }));
        await again({}).pace.ask(now, refused);
        waits.push(pace.askAt()! - now);
      }
      expect(waits.map((wait) => wait / 60_000)).toEqual([1, 2, 4, 8, 10, 10]);
      expect(again({ token: "another" }).pace.askAt()).toBeNull();
      const now = pace.askAt()!;
      await pace.ask(now, says({ ok: false, code: 0, description: "no answer" }));
      expect(pace.askAt()).toBe(now + 60_000);
      await pace.ask(now + 60_000, says({ ok: true }));
      expect([pace.askAt(), pace.pausedUntil()]).toEqual([null, 0]);
      // It worked for the question only.
      pace.stop(NOW);
      expect(pace.askAt()).toBe(NOW + 600_000);
      await pace.ask(NOW + 600_000, says({ ok: true }));
      const queue = new Queue(again({}).outbox, new SqlCards(storage, pace), pace);
      const sent = { caseId: "ua-1-00", number: 1, chat: 0, topic: 0, silent: false, attempts: 0, trouble: null };
      await queue.settle(sent, { do: "done" }, NOW, 1);
      pace.stop(NOW);
      expect(pace.askAt()).toBe(NOW + 60_000);
      again({ token: "another" }).pace.stop(NOW);
      expect(again({ token: "another" }).pace.askAt()).toBe(NOW + 60_000);
    }));

  it("holds what it cannot address until the key is configured, and sends the others", () =>
    withOutbox(async ({ outbox, fanOut, follow, again, storage, sql }) => {
      const fresh = btoa("n".repeat(32));
      const wrong = open(storage, await Vault.open(fresh));
      await follow(CHAT);
      await wrong.follow(CHAT + 1);
      fanOut.announce(announcement(1), NOW);
      for (let times = 0; times < 2; times++) {
        const delivery = wrong.outbox.take(NOW)!;
        const { sealed } = wrong.followers.recipient(delivery)!;
        await wrong.outbox.settle(delivery, wrong.vault.holds(sealed) ? { do: "done" } : { do: "hold" }, NOW, 1);
      }
      expect(wrong.outbox.take(NOW)).toBeNull();
      const held = { depth: 0, parked: 0, held: 1 };
      expect(wrong.outbox.status(NOW)).toMatchObject(held);
      expect(wrong.outbox.nextDue()).toBeNull();
      wrong.outbox.open(NOW);
      expect(wrong.outbox.status(NOW)).toMatchObject(held);
      outbox.open(NOW + 5_000);
      expect(again({}).outbox.take(NOW + 5_000)).toMatchObject({ number: 1, silent: false, attempts: 0 });
      expect(sql.exec("SELECT * FROM told").toArray()).toHaveLength(1);
    }));

  it("ends everything of a chat that is gone, and moves what migrated", () =>
    withOutbox(async ({ outbox, fanOut, follow, followers, vault, sql }) => {
      await follow(-5, { locale: "uk" });
      fanOut.announce(announcement(1), NOW);
      await outbox.settle(outbox.take(NOW)!, { do: "migrate", to: -1005 }, NOW, 0);
      const moved = outbox.take(NOW)!;
      const recipient = followers.recipient(moved)!;
      expect(await vault.unseal(recipient.sealed)).toBe("-1005");
      expect(recipient.locale).toBe("uk");
      expect(rows(sql)).toEqual([1, 1, 0, 1]);
      await outbox.settle(moved, { do: "end" }, NOW, 0);
      expect(rows(sql)).toEqual([0, 0, 0, 0]);
    }));

  it("ends what was followed in a topic that is gone, and nothing else of its chat", () =>
    withOutbox(async ({ outbox, fanOut, follow, sql }) => {
      await follow(-5, { topic: 7 });
      await follow(-5, { topic: 8 });
      fanOut.announce(announcement(1), NOW);
      await outbox.settle(outbox.take(NOW)!, { do: "end-topic" }, NOW, 0);
      expect(rows(sql)).toEqual([1, 1, 0, 1]);
      await outbox.settle(outbox.take(NOW)!, { do: "end-topic" }, NOW, 0);
      expect(rows(sql)).toEqual([0, 0, 0, 0]);
    }));

  it("makes one of a group and the supergroup it became when both follow", () =>
    withOutbox(async ({ outbox, fanOut, follow, sql, chat }) => {
      await follow(-5);
      await follow(-1005);
      await follow(-5, { scope: "all" });
      fanOut.announce(announcement(1), NOW);
      const delivery = outbox.take(NOW)!;
      expect(delivery.chat).toBe(await chat(-5));
      await outbox.settle(delivery, { do: "migrate", to: -1005 }, NOW, 0);
      expect(rows(sql)).toEqual([1, 2, 0, 1]);
      await outbox.settle(outbox.take(NOW)!, { do: "done" }, NOW, 1);
      expect(outbox.take(NOW + 60_000)).toBeNull();
    }));

  it("keeps the quieter of a group's settings and its supergroup's, and the language that was chosen", () =>
    withOutbox(async ({ followers, follow, vault, chat }) => {
      const [group, supergroup] = [await vault.seal(-5), await vault.seal(-1005)];
      for (const id of [-5, -1005]) await follow(id);
      followers.setLanguage(group, 1, "uk");
      followers.setManner(group, 1, { silent: true });
      followers.setManner(supergroup, 1, { neutral: true });
      followers.move((await chat(-5))!, supergroup);
      expect(followers.manner(supergroup.hashes)).toEqual({ silent: true, neutral: true });
      expect(followers.language(supergroup.hashes)).toBe("uk");
      expect(followers.find(group.hashes)).toBeNull();
    }));

  it("tries again what it could not write in one chat, as one message, once it may write there", () =>
    withOutbox(async ({ outbox, fanOut, follow, chat }) => {
      for (const id of [-5, -6]) await follow(id);
      for (const number of [1, 2]) {
        fanOut.announce(announcement(number), NOW);
        const park = { do: "park", trouble: "400 Bad Request: not enough rights" } as const;
        for (let times = 0; times < 2; times++) await outbox.settle(outbox.take(NOW)!, park, NOW, 0);
      }
      expect(outbox.retryParked(NOW, (await chat(-5))!)).toBe(2);
      expect(outbox.status(NOW)).toMatchObject({ depth: 2, parked: 2 });
      const delivery = outbox.take(NOW)!;
      expect(delivery).toMatchObject({ number: 2, chat: await chat(-5) });
      await outbox.settle(delivery, { do: "done" }, NOW, 2);
      expect(outbox.take(NOW + 60_000)).toBeNull();
    }));

  it("says what is parked without saying whose, and tries it again as if it were new", () =>
    withOutbox(async ({ outbox, fanOut, follow, followers, vault }) => {
      for (const chat of [CHAT, CHAT + 1, CHAT + 2]) await follow(chat);
      fanOut.announce(announcement(2), NOW);
      const trouble = "400 Bad Request: not foreseen";
      for (let times = 0; times < 3; times++) await outbox.settle(outbox.take(NOW)!, { do: "park", trouble }, NOW, 0);
      expect(outbox.take(NOW + 60_000)).toBeNull();
      expect(outbox.parked()).toEqual([{ id: "ua-1-00", revision: 2, trouble, count: 3 }]);
      followers.forget(await vault.hashes(CHAT + 2));
      expect(outbox.retryParked(NOW)).toBe(2);
      expect(outbox.parked()).toEqual([]);
      for (let times = 0; times < 2; times++) {
        const delivery = outbox.take(NOW)!;
        expect(delivery).toMatchObject({ number: 2, silent: false, attempts: 0, trouble: null });
        await outbox.settle(delivery, { do: "done" }, NOW, 2);
      }
      expect(outbox.status(NOW)).toMatchObject({ depth: 0, parked: 0 });
      expect(outbox.retryParked(NOW)).toBe(0);
    }));

  it("forgets a chat at once, its pending deliveries too", () =>
    withOutbox(async ({ outbox, fanOut, follow, followers, vault, sql }) => {
      await follow(CHAT);
      await follow(CHAT, { topic: 9, scope: "ua-2-00" });
      followers.setLanguage(await vault.seal(CHAT), 2, "uk");
      fanOut.announce(announcement(1), NOW);
      await outbox.settle(outbox.take(NOW)!, { do: "wait", after: 9_000 }, NOW, 0);
      expect(followers.forget(await vault.hashes(CHAT))).toMatchObject({ follows: 2, deliveries: 1 });
      expect(rows(sql)).toEqual([0, 0, 0, 0]);
      expect(outbox.take(NOW + 10_000)).toBeNull();
      expect(outbox.nextDue()).toBeNull();
    }));

  it("leaves no trace of who forgets while a message is under way", () =>
    withOutbox(async ({ outbox, fanOut, follow, followers, vault, sql }) => {
      await follow(CHAT);
      fanOut.announce(announcement(1), NOW);
      const delivery = outbox.take(NOW)!;
      followers.forget(await vault.hashes(CHAT));
      await outbox.settle(delivery, { do: "done" }, NOW, 1);
      expect(rows(sql)).toEqual([0, 0, 0, 0]);
    }));

  it("keeps no row about a chat that neither follows nor chose a language", () =>
    withOutbox(async ({ follow, followers, vault, sql }) => {
      await follow(CHAT, { told: 1 });
      expect(followers.unfollow(await vault.hashes(CHAT), 0, "ua-1-00")).toBe(true);
      expect(followers.unfollow(await vault.hashes(CHAT), 0, "ua-1-00")).toBe(false);
      expect(rows(sql)).toEqual([0, 0, 0, 0]);
    }));

  it("holds no chat id in any column", () =>
    withOutbox(async ({ outbox, fanOut, follow, sql }) => {
      await follow(CHAT, { told: 1 });
      fanOut.announce(announcement(2), NOW);
      outbox.take(NOW);
      for (const table of tables)
        for (const row of sql.exec(`SELECT * FROM ${table}`).toArray())
          for (const value of Object.values(row)) {
            const text = value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : String(value);
            expect(text).not.toContain(String(CHAT));
          }
    }));
});
