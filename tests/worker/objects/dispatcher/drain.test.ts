/** The drain with a clock of its own, and the table of Telegram's answers. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type Delivery,
  drain,
  lanesFor,
  type Outbox,
  TokenBucket,
} from "../../../../worker/objects/dispatcher/drain.ts";
import { telegramApi } from "../../../../worker/objects/dispatcher/telegram-api.ts";
import {
  NO_ANSWER_IN_TIME,
  type SendAnswer,
  type Verdict,
  verdictOn,
} from "../../../../worker/objects/dispatcher/verdict.ts";

const refused = (code: number, description = "", more = {}): SendAnswer => ({
  ok: false,
  code,
  description,
  ...more,
});

const again = (after: number, trouble: string): Verdict => ({
  do: "again",
  after,
  trouble,
});
const silently = (after: number, trouble: string): Verdict => ({
  do: "again-silently",
  after,
  trouble,
});
const park = (trouble: string): Verdict => ({ do: "park", trouble });
const stop: Verdict = { do: "stop", trouble: "token refused" };
const end: Verdict = { do: "end" };
const done: Verdict = { do: "done" };

type Given = [attempts?: number, trouble?: string | null, more?: object];
it.each<
  [what: string, code: number, description: string, verdict: Verdict, ...Given]
>([
  ["sent", 200, "", done],
  ["blocked", 403, "Forbidden: bot was blocked by the user", end],
  ["deactivated", 403, "Forbidden: user is deactivated", end, 3],
  ["kicked", 403, "Forbidden: bot was kicked from the group chat", end],
  [
    "topic gone",
    400,
    "Bad Request: message thread not found",
    { do: "end-topic" },
  ],
  [
    "chat not found, once",
    400,
    "Bad Request: chat not found",
    again(60_000, "chat not found"),
  ],
  [
    "chat not found, twice",
    400,
    "Bad Request: chat not found",
    end,
    1,
    "chat not found",
  ],
  ["not modified", 400, "Bad Request: message is not modified", done],
  [
    "any other 400",
    400,
    "Bad Request: can't parse entities",
    park("400 Bad Request: can't parse entities"),
  ],
  [
    "one that names the chat",
    400,
    "chat -1007301928465 has no such thing",
    park("400 chat -… has no such thing"),
  ],
  ["token refused", 401, "Unauthorized", stop],
  ["no such token", 404, "Not Found", stop],
  ["no answer", 0, "no answer", silently(1_000, "no answer")],
  [
    "no answer in time, which may still land",
    0,
    NO_ANSWER_IN_TIME,
    silently(15_000, "no answer in time"),
  ],
  [
    "no connection, says Cloudflare",
    521,
    "Web server is down",
    again(8_000, "not connected"),
    3,
  ],
  [
    "no connection for a day",
    523,
    "Origin is unreachable",
    park("not connected"),
    300,
  ],
  ["a connection that took too long", 522, "", silently(1_000, "answer 522")],
  ["5xx", 502, "Bad Gateway", silently(8_000, "answer 502"), 3],
  ["5xx for a day", 502, "Bad Gateway", park("answer 502"), 300],
  [
    "group moved",
    400,
    "upgraded to a supergroup",
    { do: "migrate", to: -100123 },
    0,
    null,
    { migrateTo: -100123 },
  ],
  [
    "too fast",
    429,
    "Too Many Requests",
    { do: "pause", for: 7_000 },
    0,
    null,
    { retryAfter: 7 },
  ],
])(
  "Telegram's answer is judged: %s",
  (_, code, description, verdict, attempts = 0, trouble = null, more = {}) => {
    const answer =
      code === 200 ? ({ ok: true } as const) : refused(code, description, more);
    expect(verdictOn(answer, attempts, trouble)).toEqual(verdict);
  },
);

/** Requests of an invocation on the free plan, and connections at once. */
const [MAX_REQUESTS, MAX_CONNECTIONS] = [50, 6];

describe("On a platform that refuses the 51st request of an invocation and the seventh connection", () => {
  /**
   * Runs drains, each in an invocation of its own, until everything is sent.
   * @returns how each message was sent, and the refused requests
   */
  async function deliverAll(count: number, sends: number) {
    const counts = { requests: 0, open: 0, refused: 0 };
    const arrived: { chat: number; silent: boolean }[] = [];
    const fetcher = async (_: string, { body }: { body: string }) => {
      if (++counts.requests > MAX_REQUESTS || counts.open >= MAX_CONNECTIONS) {
        counts.refused++;
        throw new Error("Too many subrequests by single Worker invocation.");
      }
      counts.open++;
      await Promise.resolve();
      counts.open--;
      const { chat_id: chat, disable_notification: silent } = JSON.parse(body);
      arrived.push({ chat, silent });
      return Response.json({ ok: true, result: { message_id: 1 } });
    };
    vi.stubGlobal("fetch", fetcher);
    try {
      const api = telegramApi("1:invented", "https://telegram.test");
      const job = {
        caseId: "ua-1-00",
        number: 1,
        topic: 0,
        silent: false,
        attempts: 0,
        trouble: null,
      };
      const waiting: Delivery[] = Array.from({ length: count }, (_, chat) => ({
        ...job,
        chat,
      }));
      const outbox: Outbox = {
        pausedUntil: () => 0,
        take: (_, most) => waiting.splice(0, most),
        async settle(outcomes) {
          for (const { job, verdict } of outcomes)
            if (verdict.do === "again")
              waiting.push({
                ...job,
                attempts: job.attempts + 1,
                trouble: verdict.trouble,
              });
            else if (verdict.do === "again-silently")
              waiting.push({ ...job, silent: true });
        },
      };
      let invocations = 0;
      for (; waiting.length > 0; invocations++) {
        Object.assign(counts, { requests: 0, open: 0 });
        await drain({
          outbox,
          clock: {
            now: Date.now,
            sleep: () => new Promise((wake) => setTimeout(wake, 0)),
          },
          send: async ({ chat, silent }) => {
            const answer = await api("sendMessage", {
              chat_id: chat,
              text: "x",
              disable_notification: silent,
            });
            return { answer: answer.ok ? { ok: true } : answer, told: 1 };
          },
          bucket: new TokenBucket(1_000_000, 1_000),
          lanes: lanesFor(25),
          sends,
          until: Number.POSITIVE_INFINITY,
        });
      }
      return { arrived, refused: counts.refused, invocations };
    } finally {
      vi.unstubAllGlobals();
    }
  }

  it("each of 1,000 followers hears once, with sound, and no request is refused", async () => {
    const { arrived, refused, invocations } = await deliverAll(1_000, 45);
    expect(refused).toBe(0);
    expect(new Set(arrived.map(({ chat }) => chat)).size).toBe(1_000);
    expect(arrived).toHaveLength(1_000);
    expect(arrived.filter(({ silent }) => silent)).toEqual([]);
    expect(invocations).toBe(Math.ceil(1_000 / 45));
  });

  it("a request that was refused never left, so the next one rings, and the drain ends with the first", async () => {
    const { arrived, refused } = await deliverAll(
      500,
      Number.POSITIVE_INFINITY,
    );
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThanOrEqual(10 * MAX_CONNECTIONS);
    expect(arrived).toHaveLength(500);
    expect(arrived.filter(({ silent }) => silent)).toEqual([]);
  });
});

describe("The drain of the outbox", () => {
  beforeAll(() => void vi.useFakeTimers());
  afterAll(() => void vi.useRealTimers());

  type Reply = (delivery: Delivery, now: number) => SendAnswer;
  /**
   * An outbox in memory, on a clock that only sleeping advances.
   * @param slow the delivery that takes 10 s to send
   */
  function bench(
    count: number,
    reply: Reply,
    { slow = -1, bucket = new TokenBucket(25, 5) } = {},
  ) {
    const seen = {
      sent: [] as number[],
      settled: [] as number[],
      underWay: 0,
      inDoubt: 0,
      most: 0,
      pausedUntil: 0,
    };
    const job = {
      caseId: "ua-1-00",
      number: 1,
      topic: 0,
      silent: false,
      attempts: 0,
      trouble: null,
    };
    const waiting: Delivery[] = Array.from({ length: count }, (_, chat) => ({
      ...job,
      chat,
    }));
    const sleep = (milliseconds: number) =>
      new Promise<void>((wake) => setTimeout(wake, milliseconds));
    const outbox: Outbox = {
      pausedUntil: () => seen.pausedUntil,
      take(_, most) {
        const taken = waiting.splice(0, most);
        seen.inDoubt += taken.length;
        seen.most = Math.max(seen.most, seen.inDoubt);
        return taken;
      },
      async settle(outcomes) {
        // A commit takes a moment, in which other sends end.
        await sleep(2);
        seen.inDoubt -= outcomes.length;
        seen.settled.push(outcomes.length);
        for (const { job, verdict } of outcomes)
          if (verdict.do === "pause") {
            seen.pausedUntil = Date.now() + verdict.for;
            waiting.unshift(job);
          }
      },
    };
    const send = async (delivery: Delivery) => {
      const now = Date.now();
      const answer = reply(delivery, now);
      if (answer.ok) seen.sent.push(now);
      seen.underWay++;
      await sleep(delivery.chat === slow ? 10_000 : 80);
      seen.underWay--;
      return { answer, told: 1 };
    };
    const run = async (until = Number.POSITIVE_INFINITY) => {
      vi.setSystemTime(0);
      const clock = { now: Date.now, sleep };
      const result = drain({ outbox, clock, send, bucket, lanes: 4, until });
      await Promise.allSettled([result, vi.runAllTimersAsync()]);
      return result;
    };
    return { run, seen, left: () => waiting.length };
  }
  const ok = (): SendAnswer => ({ ok: true });
  const fast = () => new TokenBucket(1_000_000, 4);
  const tooMany = (retryAfter: number) =>
    refused(429, "Too Many Requests", { retryAfter });

  it("stays just under Telegram's limit with a few lanes, and reaches it", async () => {
    const { run, seen } = bench(300, ok);
    expect(await run()).toBe(300);
    const { sent } = seen;
    for (const start of sent)
      expect(
        sent.filter((at) => at >= start && at < start + 1000).length,
      ).toBeLessThanOrEqual(30);
    expect(sent.at(-1)! - sent[0]!).toBeLessThanOrEqual((300 / 25) * 1000);
  });

  it("has as many lanes as the rate needs, within what the platform allows", () => {
    expect([1, 25, 41, 60, 1_000].map(lanesFor)).toEqual([4, 4, 5, 6, 6]);
  });

  it("stops every lane when Telegram answers 429", async () => {
    let refusals = 0;
    const { run, seen, left } = bench(100, (_, now) =>
      now >= 1000 && refusals++ < 1 ? tooMany(9) : ok(),
    );
    await run();
    expect(left()).toBeGreaterThan(50);
    expect(seen.pausedUntil).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...seen.sent)).toBeLessThan(1_200);
  });

  it("continues when the pause is over although one lane still waits for Telegram", async () => {
    let refusals = 0;
    const { run, seen } = bench(
      100,
      ({ chat }) => (chat === 10 && refusals++ < 1 ? tooMany(1) : ok()),
      { slow: 5 },
    );
    await run();
    expect(seen.sent).toHaveLength(100);
    expect(Math.max(...seen.sent)).toBeLessThan(6_000);
  });

  it("waits for every lane when one fails, settles the others, and then ends", async () => {
    const reply: Reply = ({ chat }) => {
      if (chat === 2) throw new Error("storage is down");
      return ok();
    };
    const { run, seen } = bench(40, reply, { bucket: fast() });
    await expect(run()).rejects.toThrow("down");
    expect(seen).toMatchObject({ underWay: 0, settled: [3] });
  });

  it("never has more in doubt than lanes, and settles together what ends together", async () => {
    const { run, seen } = bench(40, ok, { bucket: fast() });
    expect(await run()).toBe(40);
    expect(seen).toMatchObject({ inDoubt: 0, most: 4 });
    expect(Math.max(...seen.settled)).toBe(4);
  });

  it("takes nothing more after its time slice", async () => {
    const { run, seen, left } = bench(500, ok);
    await run(2_000);
    expect(Math.max(...seen.sent)).toBeLessThanOrEqual(2_000);
    expect(left()).toBeGreaterThan(400);
  });
});
