/** Leased copies of a real journal: slow connections, many concurrent readers, and an isolate's clock that is wrong and jumps. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Journal } from "../../../worker/ledger/journal.ts";
import type { Leased } from "../../../worker/ledger/lease.ts";
import { type LedgerReads, Reads } from "../../../worker/reads/reads.ts";
import { inventedCase } from "../../invented.ts";
import { profile } from "../../profile.ts";

const ID = "ua-1-00";
const numberIn = (state: Awaited<ReturnType<Reads["case"]>>) =>
  state.state === "present" ? state.record.revision.number : 0;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Puts a delay in both directions in front of the journal, and counts the requests. */
class Line {
  asked = { readCase: 0, readHeads: 0 };
  there = 0;
  back = 0;
  readonly journal: Journal;

  constructor(storage: DurableObjectStorage) {
    this.journal = new Journal(storage, 5_000, () => Date.now(), profile);
  }

  publish(basedOn: number): number {
    const outcome = this.journal.publish({
      id: ID,
      case: inventedCase(1),
      note: { en: "note" },
      kind: "update",
      notify: "none",
      editor: "tester",
      basedOn,
    });
    if ("failure" in outcome) throw new Error(outcome.failure.tag);
    return Date.parse(outcome.done.liveAt);
  }

  ledger = (): LedgerReads => {
    const over = async <T>(read: () => Leased<T>): Promise<Leased<T>> => {
      const { there, back } = this;
      await wait(there);
      const answer = read();
      await wait(back);
      return answer;
    };
    return {
      readCase: (id) => {
        this.asked.readCase++;
        return over(() => this.journal.readings.case(id));
      },
      readHeads: () => {
        this.asked.readHeads++;
        return over(() => this.journal.readings.heads());
      },
      readHistory: (id) => over(() => this.journal.readings.history(id)),
      readRevision: (id, number) => over(() => this.journal.readings.revision(id, number)),
      readSummaries: () => over(() => this.journal.readings.summaries()),
      readRecent: (id) => over(() => this.journal.readings.recent(id)),
    };
  };
}

const withSlowConnection = (run: (line: Line) => Promise<void>) =>
  runInDurableObject(env.LEDGER.getByName("reads under test"), async (_, state) => {
    await state.storage.deleteAll();
    await run(new Line(state.storage));
  });

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("A read through leased copies", () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ what: fc.constant("read" as const), readers: fc.integer({ min: 1, max: 4 }) }),
    },
    { weight: 6, arbitrary: fc.record({ what: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 3_000 }) }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constant("publish" as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        what: fc.constant("line" as const),
        there: fc.integer({ min: 0, max: 3_000 }),
        back: fc.integer({ min: 0, max: 3_000 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ what: fc.constant("step" as const), ms: fc.integer({ min: -7_200_000, max: 7_200_000 }) }),
    },
  );

  it(
    "never shows a revision that was replaced before it started, nor one that is not live yet",
    () =>
      fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) =>
          withSlowConnection(async (line) => {
            let offset = 3_600_000;
            const reads = new Reads(
              line.ledger,
              () => Date.now() + offset,
              () => {},
            );
            const moments = [{ number: 1, liveAt: line.publish(0) }];
            const results: { start: number; end: number; shown: number }[] = [];
            const pending: Promise<void>[] = [];
            for (const move of steps) {
              if (move.what === "wait") await vi.advanceTimersByTimeAsync(move.ms);
              if (move.what === "line") Object.assign(line, move);
              if (move.what === "step") offset += move.ms;
              if (move.what === "publish" && Date.now() > moments.at(-1)!.liveAt)
                moments.push({ number: moments.length + 1, liveAt: line.publish(moments.length) });
              if (move.what === "read")
                for (let reader = 0; reader < move.readers; reader++) {
                  const start = Date.now();
                  pending.push(
                    reads
                      .case(ID)
                      .then((state) => void results.push({ start, end: Date.now(), shown: numberIn(state) })),
                  );
                }
            }
            await vi.advanceTimersByTimeAsync(60_000);
            await Promise.all(pending);
            for (const { start, end, shown } of results) {
              const due = moments.filter((moment) => moment.liveAt <= start).length;
              const possible = moments.filter((moment) => moment.liveAt <= end).length;
              expect(shown).toBeGreaterThanOrEqual(due);
              expect(shown).toBeLessThanOrEqual(possible);
            }
          }),
        ),
        { numRuns: 40 },
      ),
    60_000,
  );

  it("does not join a Ledger read that was answered before the moment and is still in flight after it", () =>
    withSlowConnection(async (line) => {
      line.publish(0);
      await vi.advanceTimersByTimeAsync(20_000);
      const liveAt = line.publish(1);
      const reads = new Reads(line.ledger, Date.now, () => {});
      await vi.advanceTimersByTimeAsync(liveAt - 100 - Date.now());
      line.back = 1_500;
      const shown = async () => (await reads.summaries())[0]?.revision.number;
      const early = shown();
      await vi.advanceTimersByTimeAsync(110);
      const late = shown();
      await vi.advanceTimersByTimeAsync(10_000);
      expect([await early, await late]).toEqual([1, 2]);
    }));

  it("asks the Ledger once for many readers, renews early in the background, and never asks for unknown ids", () =>
    withSlowConnection(async (line) => {
      line.publish(0);
      await vi.advanceTimersByTimeAsync(20_000);
      const reads = new Reads(line.ledger, Date.now, () => {});
      line.there = line.back = 50;
      const crowd = Promise.all(Array.from({ length: 1_000 }, () => reads.case(ID)));
      await vi.advanceTimersByTimeAsync(1_000);
      expect(new Set((await crowd).map(numberIn))).toEqual(new Set([1]));
      expect(line.asked).toEqual({ readCase: 1, readHeads: 1 });
      for (let time = 0; time < 15_000; time += 100) {
        await vi.advanceTimersByTimeAsync(100);
        expect(reads.caseAtHand(ID)).not.toBeNull();
      }
      expect(line.asked.readCase).toBeLessThan(10);
      const before = line.asked.readCase;
      const strangers = Promise.all(Array.from({ length: 500 }, (_, index) => reads.case(`ua-${index}-77`)));
      await vi.advanceTimersByTimeAsync(1_000);
      expect(new Set((await strangers).map((state) => state.state))).toEqual(new Set(["absent"]));
      expect(line.asked.readCase).toBe(before);
    }));

  it("serves many readers with few Ledger reads in the last seconds before a moment, when no copy may be kept", () =>
    withSlowConnection(async (line) => {
      line.publish(0);
      await vi.advanceTimersByTimeAsync(20_000);
      const reads = new Reads(line.ledger, Date.now, () => {});
      line.there = line.back = 20;
      await Promise.all([reads.case(ID), vi.advanceTimersByTimeAsync(200)]);
      const liveAt = line.publish(1);
      await vi.advanceTimersByTimeAsync(liveAt - Date.now() - 1_000);
      const before = line.asked.readCase;
      const crowd: Promise<unknown>[] = [];
      for (let time = 0; time < 300; time++) {
        crowd.push(reads.case(ID));
        await vi.advanceTimersByTimeAsync(1);
      }
      await vi.advanceTimersByTimeAsync(5_000);
      await Promise.all(crowd);
      expect(line.asked.readCase - before).toBeLessThan(40);
    }));

  it("drops its copy when its own clock has gone back", () =>
    withSlowConnection(async (line) => {
      line.publish(0);
      await vi.advanceTimersByTimeAsync(20_000);
      let offset = 0;
      const reads = new Reads(
        line.ledger,
        () => Date.now() + offset,
        () => {},
      );
      await Promise.all([reads.case(ID), vi.advanceTimersByTimeAsync(10)]);
      expect(reads.caseAtHand(ID)).not.toBeNull();
      offset = -3_000;
      expect(reads.caseAtHand(ID)).toBeNull();
    }));
});
