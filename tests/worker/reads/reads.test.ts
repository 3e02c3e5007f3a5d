/**
 * Leased copies of a real journal: slow connections, many concurrent readers,
 * and an isolate's clock that is wrong and jumps.
 */
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { ListPage } from "../../../worker/reads/all-cases.ts";
import { type Source, serialOf } from "../../../worker/reads/bodies.ts";
import type { Copy, Start } from "../../../worker/reads/copies.ts";
import { type Made, Reads } from "../../../worker/reads/reads.ts";
import { profile } from "../../support/profile.ts";
import { weighed } from "../../support/random-steps.ts";
import { scaled } from "../../support/scaled.ts";
import {
  answered,
  casesOf,
  ID,
  letTimePassByHand,
  numberIn,
  untilLive,
  withLive,
  withSlowConnection,
} from "./line.ts";

letTimePassByHand();

describe("A read through leased copies", () => {
  /**
   * @param hows ways to read
   * @param disturbances how often versions, histories and pages change, beside
   * 6 for a read
   */
  const stepsOf = (ids: string[], hows: string[], disturbances: number) => {
    const id = fc.constantFrom(...ids);
    const readers = fc.integer({ min: 1, max: 4 });
    const ms = fc.integer({ min: 0, max: 3_000 });
    const aside = fc.integer({ min: -7_200_000, max: 7_200_000 });
    const step = fc.oneof(
      weighed(6, "read", { readers, id, how: fc.constantFrom(...hows) }),
      weighed(6, "wait", { ms }),
      weighed(3, "publish", { id }),
      weighed(2, "line", { there: ms, back: ms }),
      weighed(disturbances, "pages", { isPaged: fc.boolean() }),
      weighed(disturbances, "other history"),
      weighed(disturbances, "step", { ms: aside }),
    );
    return fc.array(step, { minLength: 10, maxLength: 60 });
  };
  const ids = ["ua-1-00", "ua-2-00", "ua-3-00"];
  const bodies = ["kept body", "kept list"];
  const hows = [
    "case",
    "case",
    "list",
    "first page",
    "search",
    "history",
    "feed",
    "revision",
    "changes",
  ];

  it.each([
    ["in every way", stepsOf(ids, [...hows, ...bodies], 1)],
    // Few things may disturb a body until the moment at which it is wrong.
    ["in finished bodies", stepsOf(ids.slice(0, 1), bodies, 0)],
  ])(
    "never shows a revision that was replaced before it started, nor one that is not live yet, %s",
    (_, steps) =>
      fc.assert(
        fc.asyncProperty(steps, (steps) =>
          withSlowConnection(async (line) => {
            let offset = 3_600_000;
            line.isPaged = true;
            const now = () => Date.now() + offset;
            const reads = new Reads(line.ledger, now, () => {}, profile);
            const moments = new Map([
              ["ua-1-00", [line.publish(0, "ua-1-00")]],
            ]);
            const results: {
              id: string;
              how: string;
              start: number;
              end: number;
              shown: number;
            }[] = [];
            const bodies = new Map<
              string,
              { of: Source[]; shown: Map<string, number> }
            >();
            /**
             * What a finished body shows, made anew when the Ledger doesn't
             * confirm what it is made of.
             */
            const kept = async (
              key: string,
              id: string,
              make: (
                start: Start,
              ) => Promise<[Copy<object | null>, [string, number][]]>,
            ) => {
              const find = () => bodies.get(key) ?? null;
              const start = reads.start();
              const before = find();
              if (before && reads.now() < reads.expiryOf(before.of))
                return before.shown.get(id) ?? 0;
              const confirmed =
                before && (await reads.confirmed(before, find, start));
              if (confirmed) return confirmed.body.shown.get(id) ?? 0;
              const [{ name, value }, shown] = await make(start);
              const body = {
                of: name ? [{ copy: name, serial: serialOf(value) }] : [],
                shown: new Map(shown),
              };
              if (name) bodies.set(key, body);
              return body.shown.get(id) ?? 0;
            };
            const read: Record<string, (id: string) => Promise<number>> = {
              "kept body": (id) =>
                kept(id, id, async () => {
                  const copy = await reads.leasedCase(id);
                  return [copy, [[id, numberIn(copy.value)]]];
                }),
              "kept list": (id) =>
                kept("list", id, async (start) => {
                  const copy = await reads.allCases(start);
                  return [
                    copy,
                    copy.value.cases.map(({ id, revision }) => [
                      id,
                      revision.number,
                    ]),
                  ];
                }),
              case: async (id) => numberIn(await reads.case(id)),
              list: async (id) =>
                (await casesOf(reads)).find((summary) => summary.id === id)
                  ?.revision.number ?? 0,
              search: async (id) =>
                numberOn(await reads.leasedPage({ ...whole, q: "Person" }), id),
              "first page": async (id) =>
                numberOn(await reads.leasedPage(whole), id),
              history: async (id) =>
                (await reads.leasedHistory(id, null, 20)).value?.newest
                  .number ?? 0,
              feed: async (id) =>
                (await reads.leasedRecent()).value.find(
                  (recent) => recent.id === id,
                )?.revision.number ?? 0,
              changes: async (id) =>
                (await reads.leasedChanges(null, 100)).value?.changes.findLast(
                  (change) => change.id === id,
                )?.revision.number ?? 0,
              // The newest revision that readers may see.
              revision: async (id) => {
                const newest = moments.get(id)?.length ?? 0;
                for (let number = newest; number > 0; number--)
                  if (
                    (await reads.leasedRevision(id, number)).value.state ===
                    "present"
                  )
                    return number;
                return 0;
              },
            };
            const whole = {
              q: undefined,
              action: undefined,
              cursor: undefined,
              limit: 3,
            };
            const numberOn = ({ at }: Made<ListPage>, id: string) =>
              at(0).selection.page.find((summary) => summary.id === id)
                ?.revision.number ?? 0;
            const pending: Promise<void>[] = [];
            for (const move of steps) {
              if (move.what === "wait")
                await vi.advanceTimersByTimeAsync(move.ms);
              if (move.what === "line" || move.what === "pages")
                Object.assign(line, move);
              if (move.what === "step") offset += move.ms;
              if (move.what === "other history")
                line.journal.changes.startAfresh();
              if (move.what === "publish") {
                const known = moments.get(move.id) ?? [];
                if (Date.now() > (known.at(-1) ?? 0))
                  known.push(line.publish(known.length, move.id));
                moments.set(move.id, known);
              }
              if (move.what === "read")
                for (let reader = 0; reader < move.readers; reader++) {
                  const start = Date.now();
                  const { id, how } = move;
                  pending.push(
                    read[how]!(id).then(
                      (shown) =>
                        void results.push({
                          id,
                          how,
                          start,
                          end: Date.now(),
                          shown,
                        }),
                    ),
                  );
                }
            }
            await vi.advanceTimersByTimeAsync(60_000);
            await Promise.all(pending);
            expect(results).toHaveLength(pending.length);
            for (const { id, how, start, end, shown } of results) {
              const known = moments.get(id) ?? [];
              const due = known.filter((liveAt) => liveAt <= start).length;
              const possible = known.filter((liveAt) => liveAt <= end).length;
              expect([how, shown >= due, shown <= possible]).toEqual([
                how,
                true,
                true,
              ]);
            }
          }),
        ),
        { numRuns: scaled(30, 2_000), endOnFailure: true },
      ),
    scaled(600_000, 1_200_000),
  );

  it("does not join a Ledger read that was answered before the moment and is still in flight after it", () =>
    withLive({}, async (line, reads) => {
      await untilLive(line.publish(1) - 100);
      line.back = 1_500;
      const query = {
        q: undefined,
        action: undefined,
        cursor: undefined,
        limit: 3,
      };
      const shown = async () =>
        (await reads.leasedPage(query)).at(0).selection.page[0]?.revision
          .number;
      const early = shown();
      await vi.advanceTimersByTimeAsync(110);
      const late = shown();
      await vi.advanceTimersByTimeAsync(10_000);
      expect([await early, await late]).toEqual([1, 2]);
    }));

  it("does not answer from lists that were asked for before a moment, while a later question is under way", () =>
    withLive({ cases: 0 }, async (line, reads) => {
      await untilLive(line.publish(0) - 500);
      line.back = 3_000;
      const lists = casesOf(reads);
      await vi.advanceTimersByTimeAsync(1_000);
      line.back = 4_000;
      // It starts after the moment, and the cases of before the moment arrive
      // first.
      const late = reads.case(ID);
      await vi.advanceTimersByTimeAsync(30_000);
      await lists;
      expect(numberIn(await late)).toBe(1);
    }));

  it("counts what a renewal extends from before the question, however late the answer comes", () =>
    withLive({}, async (line, reads) => {
      const shown = async () => numberIn(await answered(reads.case(ID)));
      expect(await shown()).toBe(1);
      await vi.advanceTimersByTimeAsync(3_000);
      // The answer to this renewal in the background takes three seconds.
      // Meanwhile an update is published.
      line.back = 3_000;
      expect(await shown()).toBe(1);
      const liveAt = line.publish(1);
      await untilLive(liveAt);
      line.back = 0;
      expect([
        line.asked("cases.changesSince"),
        line.asked("readings.case"),
      ]).toEqual([2, 1]);
      expect(await shown()).toBe(2);
    }));

  it("says that the Ledger can't be reached when it doesn't answer, and recovers by itself", () =>
    withLive({}, async (line, reads) => {
      line.there = 60_000;
      const asked = Date.now();
      const readers = await answered(
        Promise.allSettled([reads.case(ID), reads.case(ID), reads.allCases()]),
      );
      for (const reader of readers)
        expect(reader).toMatchObject({
          reason: { failure: { tag: "unavailable" } },
        });
      // Twice: a question may also fail because the request that sent it was
      // cancelled.
      expect(Date.now() - asked).toBeLessThan(25_000);
      const late = Date.now();
      const crowd = Array.from({ length: 50 }, () => reads.case(ID));
      for (const reader of await answered(Promise.allSettled(crowd)))
        expect(reader.status).toBe("rejected");
      expect(Date.now() - late).toBeLessThan(20_000);
      line.there = 0;
      expect(numberIn(await answered(reads.case(ID)))).toBe(1);
    }));

  it("drops its copy when its own clock has gone back", () => {
    let offset = 0;
    return withLive({ now: () => Date.now() + offset }, async (_, reads) => {
      await answered(reads.case(ID));
      expect(reads.caseAtHand(ID)).not.toBeNull();
      offset = -3_000;
      expect(reads.caseAtHand(ID)).toBeNull();
    });
  });
});
