/** The drain with a clock of its own, and the table of Telegram's answers. */
import { describe, expect, it } from "vitest";
import {
  type Delivery,
  drain,
  lanesFor,
  type Outbox,
  TokenBucket,
} from "../../../../worker/objects/dispatcher/drain.ts";
import {
  NO_ANSWER_IN_TIME,
  type SendAnswer,
  type Verdict,
  verdictOn,
} from "../../../../worker/objects/dispatcher/verdict.ts";
import { pause } from "../../../waiting.ts";

const refused = (code: number, description = "", more = {}): SendAnswer => ({ ok: false, code, description, ...more });

describe("The meaning of Telegram's answers", () => {
  it.each<[what: string, answer: SendAnswer, attempts: number, trouble: string | null, verdict: Verdict]>([
    ["sent", { ok: true }, 0, null, { do: "done" }],
    ["blocked", refused(403, "Forbidden: bot was blocked by the user"), 0, null, { do: "end" }],
    ["deactivated", refused(403, "Forbidden: user is deactivated"), 3, null, { do: "end" }],
    ["kicked", refused(403, "Forbidden: bot was kicked from the group chat"), 0, null, { do: "end" }],
    ["topic gone", refused(400, "Bad Request: message thread not found"), 0, null, { do: "end-topic" }],
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
    [
      "one that names the chat",
      refused(400, "Bad Request: chat -1007301928465 has no such thing"),
      0,
      null,
      { do: "park", trouble: "400 Bad Request: chat -… has no such thing" },
    ],
    ["token refused", refused(401, "Unauthorized"), 0, null, { do: "stop", trouble: "token refused" }],
    ["no such token", refused(404, "Not Found"), 0, null, { do: "stop", trouble: "token refused" }],
    [
      "refused again, though getMe found the token good",
      refused(401, "Unauthorized"),
      1,
      "token refused",
      { do: "again", after: 60_000, trouble: "token refused" },
    ],
    ["too many", refused(429, "Too Many Requests", { retryAfter: 7 }), 0, null, { do: "pause", for: 7_000 }],
    ["no answer", refused(0, "no answer"), 0, null, { do: "again-silently", after: 1_000, trouble: "no answer" }],
    [
      "no answer in time, which may still land",
      refused(0, NO_ANSWER_IN_TIME),
      0,
      null,
      { do: "again-silently", after: 15_000, trouble: "no answer in time" },
    ],
    [
      "no connection, says Cloudflare",
      refused(521, "Web server is down"),
      3,
      null,
      { do: "again", after: 8_000, trouble: "not connected" },
    ],
    [
      "no connection for a day",
      refused(523, "Origin is unreachable"),
      300,
      null,
      { do: "park", trouble: "not connected" },
    ],
    [
      "a connection that took too long",
      refused(522),
      0,
      null,
      { do: "again-silently", after: 1_000, trouble: "answer 522" },
    ],
    ["5xx", refused(502, "Bad Gateway"), 3, null, { do: "again-silently", after: 8_000, trouble: "answer 502" }],
    ["5xx for a day", refused(502, "Bad Gateway"), 300, null, { do: "park", trouble: "answer 502" }],
  ])("is decided for: %s", (_, answer, attempts, trouble, verdict) => {
    expect(verdictOn(answer, attempts, trouble)).toEqual(verdict);
  });
});

describe("The drain of the outbox", () => {
  /** An outbox in memory, with a clock that only sleeping advances. */
  function bench(count: number, reply: (delivery: Delivery, now: number) => SendAnswer, slow = -1) {
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
        chat: index,
        topic: 0,
        silent: false,
        attempts: 0,
        trouble: null,
      }),
    );
    const outbox: Outbox = {
      pausedUntil: () => pausedUntil,
      take: (_, count) => waiting.splice(0, count),
      async settle(outcomes) {
        for (const { job, verdict } of outcomes)
          if (verdict.do === "pause") {
            pausedUntil = now + verdict.for;
            waiting.unshift(job);
          }
      },
    };
    const sleep = (milliseconds: number) =>
      new Promise<void>((wake) => sleeping.push({ until: now + milliseconds, wake }));
    const send = async (delivery: Delivery) => {
      most = Math.max(most, ++underWay);
      const answer = reply(delivery, now);
      if (answer.ok) sent.push(now);
      await sleep(delivery.chat === slow ? 10_000 : 80);
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

  it("stays just under Telegram's limit with a few lanes, and reaches it", async () => {
    const { run, sent, most } = bench(300, () => ({ ok: true }));
    expect(await run()).toBe(300);
    for (const start of sent)
      expect(sent.filter((at) => at >= start && at < start + 1000).length).toBeLessThanOrEqual(30);
    expect(sent.at(-1)! - sent[0]!).toBeLessThanOrEqual((300 / 25) * 1000);
    expect(most()).toBeLessThanOrEqual(4);
  });

  it("has as many lanes as the rate needs, within what the platform allows", () => {
    expect([1, 25, 41, 60, 1_000].map(lanesFor)).toEqual([4, 4, 5, 6, 6]);
  });

  it("stops every lane when Telegram answers 429", async () => {
    let refusals = 0;
    const { run, sent, left, pausedUntil } = bench(100, (_, now) =>
      now >= 1000 && refusals++ < 1 ? refused(429, "Too Many Requests", { retryAfter: 9 }) : { ok: true },
    );
    await run();
    expect(left()).toBeGreaterThan(50);
    expect(pausedUntil()).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...sent)).toBeLessThan(1_200);
  });

  it("continues when the pause is over although one lane still waits for Telegram", async () => {
    let refusals = 0;
    const { run, sent } = bench(
      100,
      ({ chat }) =>
        chat === 10 && refusals++ < 1 ? refused(429, "Too Many Requests", { retryAfter: 1 }) : { ok: true },
      5,
    );
    await run();
    expect(sent).toHaveLength(100);
    expect(sent.sort((a, b) => a - b).at(-1)).toBeLessThan(6_000);
  });

  /** Jobs that are counted while they are in doubt, with the machine's clock. @param send sends the job with that number */
  function counted(count: number, send: (number: number) => Promise<void>) {
    const jobs = Array.from({ length: count }, (_, number) => ({ attempts: number, trouble: null }));
    const inDoubt = { now: 0, most: 0 };
    const settled: number[] = [];
    const outbox: Outbox<(typeof jobs)[0]> = {
      pausedUntil: () => 0,
      take(_, most) {
        const taken = jobs.splice(0, most);
        inDoubt.now += taken.length;
        inDoubt.most = Math.max(inDoubt.most, inDoubt.now);
        return taken;
      },
      async settle(outcomes) {
        await pause(2, "A commit takes a moment, in which other sends end.");
        inDoubt.now -= outcomes.length;
        settled.push(outcomes.length);
      },
    };
    const run = () =>
      drain({
        outbox,
        clock: { now: Date.now, sleep: (ms) => pause(ms, "The drain's own.") },
        send: async ({ attempts: number }) => {
          await send(number);
          return { answer: { ok: true }, told: 1 };
        },
        bucket: new TokenBucket(1_000_000, 4),
        lanes: 4,
        until: Number.POSITIVE_INFINITY,
      });
    return { run, inDoubt, settled };
  }

  it("waits for every lane when one fails, settles the others, and then ends", async () => {
    let underWay = 0;
    const { run, settled } = counted(40, async (number) => {
      underWay++;
      if (number !== 2)
        await pause(5, "A send takes a moment, so that all lanes are under way when one of them fails.");
      underWay--;
      if (number === 2) throw new Error("storage is down");
    });
    await expect(run()).rejects.toThrow("down");
    expect(underWay).toBe(0);
    expect(settled.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  it("never has more in doubt than lanes, and settles together what ends together", async () => {
    const { run, inDoubt, settled } = counted(40, async () => {});
    expect(await run()).toBe(40);
    expect(inDoubt).toEqual({ now: 0, most: 4 });
    expect(Math.max(...settled)).toBe(4);
  });

  it("spends more of a fast bucket on a job that isn't paid for", () => {
    const bucket = new TokenBucket(1_000, 1);
    bucket.spend(0);
    expect(bucket.delay(0)).toBe(1);
    bucket.spend(1, 40);
    expect(bucket.delay(1)).toBe(40);
    expect(bucket.available(30)).toBe(0);
    expect(bucket.available(41)).toBe(1);
  });

  it("takes nothing more after its time slice", async () => {
    const { run, sent, left } = bench(500, () => ({ ok: true }));
    await run(2_000);
    expect(Math.max(...sent)).toBeLessThanOrEqual(2_000);
    expect(left()).toBeGreaterThan(400);
  });
});
