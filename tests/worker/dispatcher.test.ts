/** The outbox on real storage, the drain under a clock of its own, and the table of Telegram's answers. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Dispatcher } from "../../worker/dispatcher/dispatcher.ts";
import { type Delivery, drain, type Outbox, TokenBucket } from "../../worker/dispatcher/drain.ts";
import { SqlOutbox } from "../../worker/dispatcher/outbox.ts";
import { Vault } from "../../worker/dispatcher/vault.ts";
import { type Answer, type Verdict, verdictOn } from "../../worker/dispatcher/verdict.ts";

const CHAT = 7301928465;
const LIVE = "2026-01-01T00:00:00.000Z";
const NOW = Date.parse(LIVE);

let nextName = 0;

/** A fresh outbox on storage of its own. */
function withOutbox(
  body: (
    outbox: SqlOutbox,
    tools: { vault: Vault; sql: SqlStorage; reopen: (token: string) => SqlOutbox },
  ) => Promise<void>,
) {
  const stub = env.DISPATCHER.getByName(`outbox ${nextName++}`);
  return runInDurableObject<Dispatcher, void>(stub, async (_, state) => {
    const vault = await Vault.open(env.FOLLOWER_KEY);
    const reopen = (token: string) => new SqlOutbox(state.storage, vault, token);
    await body(reopen("token"), { vault, sql: state.storage.sql, reopen });
  });
}

const announcement = (number: number, notify: "loud" | "silent" | "none" = "loud", id = "ua-1-00") => ({
  id,
  number,
  liveAt: LIVE,
  notify,
});

const tables = ["chats", "follows", "deliveries"];
const rows = (sql: SqlStorage) => tables.map((table) => sql.exec(`SELECT * FROM ${table}`).toArray().length);

const refused = (code: number, description = "", more = {}): Answer => ({ ok: false, code, description, ...more });

describe("what Telegram's answers mean", () => {
  it.each<[what: string, answer: Answer, attempts: number, trouble: string | null, verdict: Verdict]>([
    ["sent", { ok: true }, 0, null, { do: "done" }],
    ["blocked", refused(403, "Forbidden: bot was blocked by the user"), 0, null, { do: "end" }],
    ["deactivated", refused(403, "Forbidden: user is deactivated"), 3, null, { do: "end" }],
    ["kicked", refused(403, "Forbidden: bot was kicked from the group chat"), 0, null, { do: "end" }],
    [
      "chat not found, once",
      refused(400, "Bad Request: chat not found"),
      0,
      null,
      { do: "again", after: 60_000, trouble: "chat not found" },
    ],
    ["chat not found, twice", refused(400, "Bad Request: chat not found"), 1, "chat not found", { do: "end" }],
    [
      "migrated",
      refused(400, "Bad Request: group chat was upgraded to a supergroup chat", { migrateTo: -100123 }),
      0,
      null,
      { do: "migrate", to: -100123 },
    ],
    ["not modified", refused(400, "Bad Request: message is not modified"), 0, null, { do: "done" }],
    [
      "any other 400",
      refused(400, "Bad Request: can't parse entities"),
      0,
      null,
      { do: "park", trouble: "400 Bad Request: can't parse entities" },
    ],
    ["token refused", refused(401, "Unauthorized"), 0, null, { do: "stop" }],
    ["too many", refused(429, "Too Many Requests", { retryAfter: 7 }), 0, null, { do: "pause", for: 7_000 }],
    ["no answer", refused(0, "no answer"), 0, null, { do: "again-silently", after: 1_000, trouble: "no answer" }],
    ["5xx", refused(502, "Bad Gateway"), 3, null, { do: "again-silently", after: 8_000, trouble: "answer 502" }],
    ["5xx for hours", refused(502, "Bad Gateway"), 25, null, { do: "park", trouble: "answer 502" }],
  ])("%s", (_, answer, attempts, trouble, verdict) => {
    expect(verdictOn(answer, attempts, trouble)).toEqual(verdict);
  });
});

describe("the drain", () => {
  /** An outbox in memory under a clock that only sleeping moves. */
  function bench(count: number, reply: (delivery: Delivery, now: number) => Answer) {
    let now = 0;
    let sleeping: { until: number; wake: () => void }[] = [];
    let pausedUntil = 0;
    let underWay = 0;
    let most = 0;
    const sent: number[] = [];
    const waiting = Array.from(
      { length: count },
      (_, index): Delivery => ({
        caseId: "ua-1-00",
        number: 1,
        since: 1,
        chat: `chat ${index}`,
        topic: 0,
        silent: false,
        attempts: 0,
        trouble: null,
      }),
    );
    const outbox: Outbox = {
      pausedUntil: () => pausedUntil,
      take: () => waiting.shift() ?? null,
      async settle(delivery, verdict) {
        if (verdict.do === "pause") {
          pausedUntil = now + verdict.for;
          waiting.unshift(delivery);
        }
      },
    };
    const sleep = (milliseconds: number) =>
      new Promise<void>((wake) => sleeping.push({ until: now + milliseconds, wake }));
    const send = async (delivery: Delivery) => {
      most = Math.max(most, ++underWay);
      const answer = reply(delivery, now);
      if (answer.ok) sent.push(now);
      await sleep(80);
      underWay--;
      return { answer, told: 1 };
    };
    const run = async (until = Number.POSITIVE_INFINITY) => {
      let over = false;
      const result = drain({
        outbox,
        clock: { now: () => now, sleep },
        send,
        bucket: new TokenBucket(25, 5),
        lanes: 4,
        until,
      });
      void result.then(() => {
        over = true;
      });
      while (!over) {
        for (let turn = 0; turn < 20; turn++) await Promise.resolve();
        const first = Math.min(...sleeping.map(({ until }) => until));
        if (!Number.isFinite(first)) continue;
        now = first;
        const due = sleeping.filter(({ until }) => until <= now);
        sleeping = sleeping.filter(({ until }) => until > now);
        for (const { wake } of due) wake();
      }
      return result;
    };
    return { run, sent, most: () => most, left: () => waiting.length, pausedUntil: () => pausedUntil };
  }

  it("stays just under the limit, on a few lanes, and reaches it", async () => {
    const { run, sent, most } = bench(300, () => ({ ok: true }));
    expect(await run()).toBe(300);
    for (const start of sent)
      expect(sent.filter((at) => at >= start && at < start + 1000).length).toBeLessThanOrEqual(30);
    expect(sent.at(-1)! - sent[0]!).toBeLessThanOrEqual((300 / 25) * 1000);
    expect(most()).toBeLessThanOrEqual(4);
  });

  it("stops every lane when Telegram says too many", async () => {
    let refusals = 0;
    const { run, sent, left, pausedUntil } = bench(100, (_, now) =>
      now >= 1000 && refusals++ < 1 ? refused(429, "Too Many Requests", { retryAfter: 9 }) : { ok: true },
    );
    await run();
    expect(left()).toBeGreaterThan(50);
    expect(pausedUntil()).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...sent)).toBeLessThan(1_200);
  });

  it("takes nothing more after its slice", async () => {
    const { run, sent, left } = bench(500, () => ({ ok: true }));
    await run(2_000);
    expect(Math.max(...sent)).toBeLessThanOrEqual(2_000);
    expect(left()).toBeGreaterThan(400);
  });
});

describe("the outbox", () => {
  it("makes one delivery per follower, once, and none when nobody is to be told", () =>
    withOutbox(async (outbox, { vault, sql }) => {
      for (const chat of [CHAT, -CHAT])
        outbox.follow(await vault.seal(chat), chat < 0 ? 1 : 2, 0, "ua-1-00", "en", 1, NOW);
      outbox.announce(announcement(2, "none"), NOW);
      expect(outbox.nextDue()).toBeNull();
      outbox.announce(announcement(3, "silent"), NOW);
      outbox.announce(announcement(3, "silent"), NOW);
      expect(outbox.status(NOW).depth).toBe(2);
      outbox.announce(announcement(3, "loud", "ua-2-00"), NOW);
      expect(outbox.status(NOW).depth).toBe(2);
      const group = outbox.take(NOW)!;
      expect(group).toMatchObject({ chat: await vault.hash(-CHAT), number: 3, silent: true });
      await outbox.settle(group, { do: "done" }, NOW, 3);
      const person = outbox.take(NOW)!;
      expect(person.chat).toBe(await vault.hash(CHAT));
      await outbox.settle(person, { do: "done" }, NOW, 3);
      expect(outbox.take(NOW + 60_000)).toBeNull();
      expect(rows(sql)).toEqual([2, 2, 0]);
      outbox.announce(announcement(3), NOW);
      expect(outbox.take(NOW)).toBeNull();
    }));

  it("never tells what the follower has seen already, nor twice what the head told", () =>
    withOutbox(async (outbox, { vault }) => {
      outbox.follow(await vault.seal(CHAT), 2, 0, "ua-1-00", "en", 2, NOW);
      outbox.announce(announcement(2), NOW);
      expect(outbox.take(NOW)).toBeNull();
      outbox.announce(announcement(3), NOW);
      const delivery = outbox.take(NOW)!;
      // The head was 4 already when the text was made; the announcement of 4 comes later.
      await outbox.settle(delivery, { do: "done" }, NOW, 4);
      outbox.announce(announcement(4), NOW);
      expect(outbox.take(NOW + 60_000)).toBeNull();
    }));

  it("keeps a chat's order, lets it rest, and makes one message of what waits", () =>
    withOutbox(async (outbox, { vault }) => {
      outbox.follow(await vault.seal(CHAT), 2, 0, "ua-1-00", "en", 0, NOW);
      outbox.announce(announcement(1), NOW);
      const first = outbox.take(NOW)!;
      outbox.announce(announcement(2), NOW);
      outbox.announce(announcement(3, "silent"), NOW);
      expect(outbox.take(NOW)).toBeNull();
      await outbox.settle(first, { do: "done" }, NOW, 1);
      expect(outbox.take(NOW)).toBeNull();
      expect(outbox.take(NOW + 1_000)).toMatchObject({ number: 3, since: 2, silent: false });
      expect(outbox.status(NOW).depth).toBe(1);
    }));

  it("sends again what was under way when the process died, silently", () =>
    withOutbox(async (outbox, { vault, reopen }) => {
      outbox.follow(await vault.seal(CHAT), 2, 0, "ua-1-00", "en", 0, NOW);
      outbox.announce(announcement(1), NOW);
      outbox.take(NOW);
      const revived = reopen("token");
      expect(revived.take(NOW)).toBeNull();
      revived.recover(NOW);
      expect(revived.take(NOW)).toMatchObject({ number: 1, silent: true, trouble: "interrupted" });
    }));

  it("keeps a pause, and stops for a refused token until another comes", () =>
    withOutbox(async (outbox, { vault, reopen }) => {
      outbox.follow(await vault.seal(CHAT), 2, 0, "ua-1-00", "en", 0, NOW);
      outbox.announce(announcement(1), NOW);
      await outbox.settle(outbox.take(NOW)!, { do: "pause", for: 7_000 }, NOW, 0);
      expect(reopen("token").pausedUntil()).toBe(NOW + 7_000);
      expect(outbox.nextDue()).toBe(NOW + 7_000);
      await outbox.settle(outbox.take(NOW + 7_000)!, { do: "stop" }, NOW, 0);
      expect(reopen("token").nextDue()).toBeNull();
      expect(reopen("token").status(NOW).running).toBe(false);
      expect(reopen("another").nextDue()).toBe(NOW + 7_000);
    }));

  it("ends everything of a chat that is gone, and moves what migrated", () =>
    withOutbox(async (outbox, { vault, sql }) => {
      outbox.follow(await vault.seal(-5), 1, 0, "ua-1-00", "uk", 0, NOW);
      outbox.announce(announcement(1), NOW);
      await outbox.settle(outbox.take(NOW)!, { do: "migrate", to: -1005 }, NOW, 0);
      const moved = outbox.take(NOW)!;
      expect(moved.chat).toBe(await vault.hash(-1005));
      expect(await outbox.recipient(moved)).toMatchObject({ chat: -1005, locale: "uk" });
      expect(rows(sql)).toEqual([1, 1, 1]);
      await outbox.settle(moved, { do: "end" }, NOW, 0);
      expect(rows(sql)).toEqual([0, 0, 0]);
    }));

  it("forgets a chat at once, its pending deliveries too", () =>
    withOutbox(async (outbox, { vault, sql }) => {
      outbox.follow(await vault.seal(CHAT), 2, 0, "ua-1-00", "en", 0, NOW);
      outbox.follow(await vault.seal(CHAT), 2, 9, "ua-2-00", "en", 0, NOW);
      outbox.setLanguage(await vault.seal(CHAT), 2, "uk");
      outbox.announce(announcement(1), NOW);
      expect(outbox.forget(await vault.hash(CHAT))).toEqual({ follows: 2, deliveries: 1 });
      expect(rows(sql)).toEqual([0, 0, 0]);
      expect(outbox.nextDue()).toBeNull();
    }));

  it("keeps no row about a chat that neither follows nor chose a language", () =>
    withOutbox(async (outbox, { vault, sql }) => {
      outbox.follow(await vault.seal(CHAT), 2, 0, "ua-1-00", "en", 0, NOW);
      expect(outbox.unfollow(await vault.hash(CHAT), 0, "ua-1-00")).toBe(true);
      expect(outbox.unfollow(await vault.hash(CHAT), 0, "ua-1-00")).toBe(false);
      expect(rows(sql)).toEqual([0, 0, 0]);
    }));

  it("holds no chat id in any column", () =>
    withOutbox(async (outbox, { vault, sql }) => {
      outbox.follow(await vault.seal(CHAT), 2, 0, "ua-1-00", "en", 0, NOW);
      outbox.announce(announcement(1), NOW);
      for (const table of tables)
        for (const row of sql.exec(`SELECT * FROM ${table}`).toArray())
          for (const value of Object.values(row)) {
            const text = value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : String(value);
            expect(text).not.toContain(String(CHAT));
          }
    }));
});

describe("the vault", () => {
  it("opens what it sealed, never twice alike, and nothing that was moved or sealed with another key", async () => {
    const vault = await Vault.open(env.FOLLOWER_KEY);
    const [one, two] = [await vault.seal(CHAT), await vault.seal(CHAT)];
    expect(await vault.unseal(one)).toBe(CHAT);
    expect(one.chat).toBe(two.chat);
    expect(new Uint8Array(one.sealed)).not.toEqual(new Uint8Array(two.sealed));
    await expect(vault.unseal({ ...one, chat: await vault.hash(1) })).rejects.toThrow();
    const other = await Vault.open(btoa("x".repeat(32)));
    expect(other.keyId).not.toBe(vault.keyId);
    await expect(other.unseal(one)).rejects.toThrow();
    await expect(Vault.open("c2hvcnQ=")).rejects.toThrow("32 bytes");
  });
});
