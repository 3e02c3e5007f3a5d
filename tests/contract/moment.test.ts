/**
 * The short form of `npm run moment`, and a check that its judge notices
 * violations.
 */
import { describe, expect, it } from "vitest";
import { tableOf, violationsOf } from "./moment/report.ts";
import {
  ABSENT,
  judgeReplies,
  judgeSessions,
  type Plan,
  type Reply,
  type Session,
  WITHDRAWN,
} from "./moment/rules.ts";
import { run } from "./moment/run.ts";

describe("The judge of the measured replies", () => {
  const plan: Plan = {
    moments: [
      { number: 1, liveAt: 1_000 },
      { number: 3, liveAt: 2_000 },
      { number: 4, liveAt: 3_000, withdrawal: true },
    ],
    cancelled: [2],
  };
  const reply = (
    start: number,
    end: number,
    shown: number,
    more: Partial<Reply> = {},
  ): Reply => ({
    start,
    end,
    shown,
    trace: Number.isFinite(shown) ? shown : 0,
    ...more,
  });
  const rules = (
    kind: Parameters<typeof judgeReplies>[0],
    ...replies: Reply[]
  ) =>
    judgeReplies(kind, replies, plan).violations.map(
      ({ rule, off }) => `${rule} ${off}`,
    );

  it.each([
    ["no revision before the first moment", reply(900, 950, ABSENT)],
    [
      "the old revision in a reply across the moment",
      reply(990, 1_010, ABSENT),
    ],
    ["the new revision in a reply across the moment", reply(990, 1_010, 1)],
    ["the first revision after its moment", reply(1_500, 1_510, 1)],
    ["a gap where a revision was undone", reply(2_500, 2_510, 3)],
    ["a withdrawn case", reply(3_500, 3_510, WITHDRAWN)],
  ])("accepts %s", (_, seen) => {
    expect(rules("head", seen)).toEqual([]);
  });

  it.each([
    [
      "a revision before its moment",
      reply(1_990, 1_996, 3),
      "shown before its moment -4",
    ],
    [
      "an old revision after the moment",
      reply(2_006, 2_010, 1),
      "the old shown after the moment 6",
    ],
    [
      "a 404 after the first moment",
      reply(1_500, 1_510, ABSENT),
      "the old shown after the moment 500",
    ],
    [
      "a withdrawal before its moment",
      reply(2_500, 2_510, WITHDRAWN),
      "shown before its moment -490",
    ],
    [
      "a revision after the withdrawal",
      reply(3_500, 3_510, 3),
      "the old shown after the moment 500",
    ],
    [
      "a 404 after the withdrawal",
      reply(3_500, 3_510, ABSENT),
      "the old shown after the moment 2500",
    ],
    [
      "an undone revision",
      reply(1_500, 1_510, 2),
      "a cancelled revision appeared 0",
    ],
    [
      "words of the next revision in the old one",
      reply(1_500, 1_510, 1, { trace: 3 }),
      "shown before its moment -490",
    ],
    [
      "a revision that was never published",
      reply(1_500, 1_510, 9),
      "what was never published appeared 0",
    ],
  ])("refuses %s", (_, seen, rule) => {
    expect(rules("head", seen)).toContain(rule);
  });

  it("knows that a list leaves out withdrawn cases and nothing else", () => {
    expect(
      rules("list", reply(500, 510, ABSENT), reply(3_500, 3_510, ABSENT)),
    ).toEqual([]);
    expect(rules("list", reply(1_500, 1_510, ABSENT))).toEqual([
      "the old shown after the moment 500",
    ]);
    expect(rules("list", reply(2_500, 2_510, ABSENT))).toHaveLength(1);
  });

  it("expects one revision's address to answer 404, then 200, then 410", () => {
    const of = (number: number, start: number, shown: number) =>
      rules("revision", reply(start, start + 5, shown, { of: number }));
    expect([
      ...of(3, 1_500, ABSENT),
      ...of(3, 2_500, 3),
      ...of(1, 2_500, 1),
      ...of(1, 3_500, WITHDRAWN),
    ]).toEqual([]);
    expect(of(3, 2_500, ABSENT)).toHaveLength(1);
    expect(of(3, 1_500, 3)).not.toEqual([]);
    expect(of(1, 3_500, 1)).toHaveLength(1);
    expect(of(2, 2_500, 2)).not.toEqual([]);
  });

  it("expects a connected client never to go back, never to be early, and to end on the newest revision in time", () => {
    const sessionOf = (
      ...arrivals: [at: number, shown: number][]
    ): Session => ({
      from: 1_500,
      until: 2_900,
      known: ABSENT,
      arrivals: arrivals.map(([at, shown]) => ({ at, shown })),
    });
    const faults = (...arrivals: [number, number][]) =>
      judgeSessions([sessionOf(...arrivals)], plan, {
        withinMs: 300,
      }).violations.map(({ rule }) => rule);
    expect(faults([1_510, 1], [2_020, 3])).toEqual([]);
    expect(faults([1_510, 1], [1_990, 3])).toEqual(["shown before its moment"]);
    expect(faults([1_510, 1], [2_020, 3], [2_030, 1])).toEqual([
      "a client went back",
    ]);
    expect(faults([1_510, 1])).toEqual(["a client did not end on the head"]);
    expect(faults([1_510, 1], [2_400, 3])).toEqual([
      "not within 300 ms of the moment",
    ]);
  });
});

describe("An update on the real runtime", () => {
  it("appears on every surface at its moment, directly and through two caches, and caches that break the lease rule are caught", async () => {
    const rows = await run({
      // The shortest lease at which caches may keep anything.
      leaseSeconds: 4,
      life: "short",
      naive: true,
      browser: true,
      say: () => {},
    });
    console.log(tableOf(rows));
    const kept = rows.filter(({ path }) => path !== "naive caches");
    expect(violationsOf(kept)).toEqual([]);
    for (const { surface, path, replies } of kept)
      expect.soft(replies, `${surface} ${path}`).toBeGreaterThan(0);
    expect(
      kept
        .filter(({ path }) => path === "caches")
        .reduce((sum, row) => sum + row.kept, 0),
    ).toBeGreaterThan(100);
    expect(
      rows
        .filter(({ path }) => path === "naive caches")
        .flatMap(({ violations }) => violations),
    ).not.toEqual([]);
  });
});
