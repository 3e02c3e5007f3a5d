/** Leased copies of a real journal: slow connections, many concurrent readers, and an isolate's clock that is wrong and jumps. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CaseSummary } from "../../../shared/view/summary.ts";
import { Journal } from "../../../worker/ledger/journal.ts";
import type { Leased } from "../../../worker/ledger/lease.ts";
import { type Source, serialOf } from "../../../worker/reads/bodies.ts";
import { answerOf } from "../../../worker/reads/leased.ts";
import { type Copy, type LedgerReads, Reads, type Start } from "../../../worker/reads/reads.ts";
import { parseRenewal } from "../../../worker/reads/renewals.ts";
import { firstOf, type Renewal } from "../../../worker/reads/state.ts";
import { inventedCase } from "../../invented.ts";
import { profile } from "../../profile.ts";
import { scaled } from "../../scaled.ts";

const ID = "ua-1-00";
const numberIn = (state: Awaited<ReturnType<Reads["case"]>>) =>
  state.state === "present" ? state.record.revision.number : 0;
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Puts a delay in both directions in front of the journal, and counts the requests. */
class Line {
  asked = { changesSince: 0, changesFrom: 0, readCase: 0, readHistoryPage: 0, readChanges: 0, readHeads: 0 };
  /** False for a Ledger that still runs the code of the deployment before. */
  knowsChanges = true;
  /** True for a Ledger whose answers hold one change each, as if every case were large. */
  isPaged = false;
  there = 0;
  back = 0;
  readonly journal: Journal;

  constructor(storage: DurableObjectStorage) {
    this.journal = new Journal(storage, 5_000, () => Date.now(), profile);
  }

  publish(basedOn: number, id = ID): number {
    const outcome = this.journal.publish({
      id,
      case: inventedCase(Number(id.split("-")[1])),
      note: { en: "note" },
      kind: "update",
      notify: "none",
      editor: "tester",
      basedOn,
    });
    if ("failure" in outcome) throw new Error(outcome.failure.tag);
    return Date.parse(outcome.done.liveAt);
  }

  #paged(renewal: Renewal): Renewal {
    const { text: _, ...answer } = parseRenewal(renewal);
    const [first, ...others] = answer.changed;
    if (!this.isPaged || !first || others.length === 0) return answer;
    return { ...answer, changed: [first], more: true, epoch: { ...answer.epoch, number: first.epoch } };
  }

  ledger = (): LedgerReads => {
    const over = async <T extends object>(read: () => T): Promise<T> => {
      const { there, back } = this;
      await wait(there);
      const answer = read();
      await wait(back);
      if (this.knowsChanges || !("value" in answer)) return answer;
      const { epoch: _, ...older } = answer as unknown as Leased<unknown>;
      return older as T;
    };
    return {
      changesSince: (since, lists, asText) => {
        this.asked.changesSince++;
        if (!this.knowsChanges)
          return Promise.reject(new TypeError('The RPC receiver does not implement the method "changesSince".'));
        return over(() => this.#paged(this.journal.readings.changesSince(since, lists, asText)));
      },
      changesFrom: (since) => {
        this.asked.changesFrom++;
        if (!this.knowsChanges)
          return Promise.reject(new TypeError('The RPC receiver does not implement the method "changesFrom".'));
        return over(() => this.#paged(this.journal.list.changesFrom(since)));
      },
      readList: (question) => {
        if (!this.knowsChanges)
          return Promise.reject(new TypeError('The RPC receiver does not implement the method "readList".'));
        return over(() => this.journal.list.answer(question));
      },
      readCase: (id) => {
        this.asked.readCase++;
        return over(() => this.journal.readings.case(id));
      },
      readHeads: () => {
        this.asked.readHeads++;
        return over(() => this.journal.readings.heads());
      },
      readHistory: (id) => over(() => this.journal.readings.history(id)),
      readHistoryPage: (id, before, limit) => {
        this.asked.readHistoryPage++;
        return over(() => this.journal.readings.historyPage(id, before, limit));
      },
      readRevision: (id, number) => over(() => this.journal.readings.revision(id, number)),
      readSummaries: () => over(() => this.journal.readings.summaries()),
      readChanges: (since, limit) => {
        this.asked.readChanges++;
        return over(() => this.journal.feed.page(since, limit));
      },
      readLogHead: () => over(() => this.journal.logHead()),
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

/** Lets time pass until it is answered. */
async function answered<T>(reading: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  reading.then(settle, settle);
  for (let step = 5; !isSettled; step *= 1.2) await vi.advanceTimersByTimeAsync(step);
  return reading;
}

const casesOf = async (reads: Reads) => (await reads.leasedSummaries()).value.cases;

describe("A read through leased copies", () => {
  /** @param hows ways to read @param disturbances how often versions, histories and pages change, beside 6 for a read */
  const stepsOf = (ids: string[], hows: string[], disturbances: number) => {
    const id = fc.constantFrom(...ids);
    const readers = fc.integer({ min: 1, max: 4 });
    const ms = fc.integer({ min: 0, max: 3_000 });
    const aside = fc.integer({ min: -7_200_000, max: 7_200_000 });
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ what: fc.constant("read" as const), readers, id, how: fc.constantFrom(...hows) }),
      },
      { weight: 6, arbitrary: fc.record({ what: fc.constant("wait" as const), ms }) },
      { weight: 3, arbitrary: fc.record({ what: fc.constant("publish" as const), id }) },
      {
        weight: disturbances,
        arbitrary: fc.record({ what: fc.constant("pages" as const), isPaged: fc.boolean() }),
      },
      {
        weight: disturbances,
        arbitrary: fc.record({ what: fc.constantFrom("deployment" as const, "other history" as const) }),
      },
      { weight: 2, arbitrary: fc.record({ what: fc.constant("line" as const), there: ms, back: ms }) },
      { weight: disturbances, arbitrary: fc.record({ what: fc.constant("step" as const), ms: aside }) },
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
    "first page",
    "look-up",
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
            const reads = new Reads(
              line.ledger,
              () => Date.now() + offset,
              () => {},
            );
            const moments = new Map([["ua-1-00", [line.publish(0, "ua-1-00")]]]);
            const results: { id: string; how: string; start: number; end: number; shown: number }[] = [];
            const bodies = new Map<string, { of: Source[]; shown: Map<string, number> }>();
            /** What a finished body shows, made anew when the Ledger doesn't confirm what it is made of. */
            const kept = async (
              key: string,
              id: string,
              make: (start: Start) => Promise<[Copy<object | null>, [string, number][]]>,
            ) => {
              const find = () => bodies.get(key) ?? null;
              const start = reads.start();
              const before = find();
              if (before && reads.now() < reads.expiryOf(before.of)) return before.shown.get(id) ?? 0;
              const confirmed = await reads.confirmed(find, start);
              if (confirmed) return confirmed.body.shown.get(id) ?? 0;
              const [{ name, value }, shown] = await make(start);
              const body = { of: name ? [{ copy: name, serial: serialOf(value) }] : [], shown: new Map(shown) };
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
                  const copy = await reads.leasedSummaries(start);
                  return [copy, copy.value.cases.map(({ id, revision }) => [id, revision.number])];
                }),
              case: async (id) => numberIn(await reads.case(id)),
              list: async (id) => (await casesOf(reads)).find((summary) => summary.id === id)?.revision.number ?? 0,
              "first page": async (id) => {
                const query = { q: "Person", action: undefined, cursor: undefined, limit: 3 };
                const { at } = await answerOf(reads, { about: "page", query }, profile);
                return at(0).selection.page.find((summary) => summary.id === id)?.revision.number ?? 0;
              },
              "look-up": async (id) => {
                const { at } = await answerOf(reads, { about: "cases", ids: [id], keys: [], limit: 0 }, profile, false);
                return at(0)[0]?.revision.number ?? 0;
              },
              history: async (id) => (await reads.leasedHistory(id, null, 20)).value?.newest.number ?? 0,
              feed: async (id) =>
                (await reads.leasedRecent()).value.find((recent) => recent.id === id)?.revision.number ?? 0,
              changes: async (id) =>
                (await reads.leasedChanges(null, 100)).value?.changes.findLast((change) => change.id === id)?.revision
                  .number ?? 0,
              // The newest revision that readers may see.
              revision: async (id) => {
                const newest = moments.get(id)?.length ?? 0;
                for (let number = newest; number > 0; number--)
                  if ((await reads.leasedRevision(id, number)).value.state === "present") return number;
                return 0;
              },
            };
            const pending: Promise<void>[] = [];
            for (const move of steps) {
              if (move.what === "wait") await vi.advanceTimersByTimeAsync(move.ms);
              if (move.what === "line" || move.what === "pages") Object.assign(line, move);
              if (move.what === "step") offset += move.ms;
              if (move.what === "other history") line.journal.changes.startAfresh();
              if (move.what === "deployment") line.knowsChanges = !line.knowsChanges;
              if (move.what === "publish") {
                const known = moments.get(move.id) ?? [];
                if (Date.now() > (known.at(-1) ?? 0)) known.push(line.publish(known.length, move.id));
                moments.set(move.id, known);
              }
              if (move.what === "read")
                for (let reader = 0; reader < move.readers; reader++) {
                  const start = Date.now();
                  const { id, how } = move;
                  pending.push(
                    read[how]!(id).then((shown) => void results.push({ id, how, start, end: Date.now(), shown })),
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
              expect([how, shown >= due, shown <= possible]).toEqual([how, true, true]);
            }
          }),
        ),
        { numRuns: scaled(20, 800), endOnFailure: true },
      ),
    scaled(60_000, 1_200_000),
  );

  it("does not join a Ledger read that was answered before the moment and is still in flight after it", () =>
    withSlowConnection(async (line) => {
      line.publish(0);
      await vi.advanceTimersByTimeAsync(20_000);
      const liveAt = line.publish(1);
      const reads = new Reads(line.ledger, Date.now, () => {});
      await vi.advanceTimersByTimeAsync(liveAt - 100 - Date.now());
      line.back = 1_500;
      const shown = async () => (await casesOf(reads))[0]?.revision.number;
      const early = shown();
      await vi.advanceTimersByTimeAsync(110);
      const late = shown();
      await vi.advanceTimersByTimeAsync(10_000);
      expect([await early, await late]).toEqual([1, 2]);
    }));

  it("does not answer from lists that were asked for before a moment, while a later question is under way", () =>
    withSlowConnection(async (line) => {
      const liveAt = line.publish(0);
      const reads = new Reads(line.ledger, Date.now, () => {});
      await vi.advanceTimersByTimeAsync(liveAt - 500 - Date.now());
      line.back = 3_000;
      const lists = casesOf(reads);
      await vi.advanceTimersByTimeAsync(1_000);
      line.back = 4_000;
      // It starts after the moment, and the lists of before the moment arrive first.
      const late = reads.case(ID);
      await vi.advanceTimersByTimeAsync(30_000);
      expect([(await lists).length, numberIn(await late)]).toEqual([0, 1]);
    }));

  it("counts what a renewal extends from before the question, however late the answer comes", () =>
    withSlowConnection(async (line) => {
      line.publish(0);
      await vi.advanceTimersByTimeAsync(20_000);
      const reads = new Reads(line.ledger, Date.now, () => {});
      const shown = async () => {
        return numberIn(await answered(reads.case(ID)));
      };
      expect(await shown()).toBe(1);
      await vi.advanceTimersByTimeAsync(3_000);
      // The answer to this renewal in the background takes three seconds. Meanwhile an update is published.
      line.back = 3_000;
      expect(await shown()).toBe(1);
      const liveAt = line.publish(1);
      await vi.advanceTimersByTimeAsync(liveAt - Date.now());
      line.back = 0;
      expect(line.asked).toMatchObject({ changesSince: 2, readCase: 1 });
      expect(await shown()).toBe(2);
    }));

  it("asks the Ledger once for many readers, renews early in the background, and never asks for unknown ids", () =>
    withSlowConnection(async (line) => {
      line.publish(0);
      await vi.advanceTimersByTimeAsync(20_000);
      const reads = new Reads(line.ledger, Date.now, () => {});
      line.there = line.back = 50;
      const crowd = Promise.all(Array.from({ length: 100 }, () => reads.case(ID)));
      await vi.advanceTimersByTimeAsync(1_000);
      expect(new Set((await crowd).map(numberIn))).toEqual(new Set([1]));
      expect(line.asked).toEqual({
        changesSince: 1,
        changesFrom: 0,
        readCase: 1,
        readHistoryPage: 0,
        readChanges: 0,
        readHeads: 0,
      });
      for (let time = 0; time < 15_000; time += 100) {
        await vi.advanceTimersByTimeAsync(100);
        expect(reads.caseAtHand(ID)).not.toBeNull();
      }
      expect(line.asked.changesSince).toBeLessThan(10);
      expect(line.asked.readCase).toBe(1);
      const before = line.asked.readCase;
      const strangers = Promise.all(Array.from({ length: 100 }, (_, index) => reads.case(`ua-${index}-77`)));
      await vi.advanceTimersByTimeAsync(1_000);
      expect(new Set((await strangers).map((state) => state.state))).toEqual(new Set(["absent"]));
      expect(line.asked.readCase).toBe(before);
      // Nor once the lists have taken over.
      const listed = casesOf(reads).then(() => reads.case("ua-1-77"));
      await vi.advanceTimersByTimeAsync(1_000);
      expect((await listed).state).toBe("absent");
      expect(line.asked.readCase).toBe(before);
    }));

  it("answers for made-up numbers of a history with its newest page, and doesn't ask the Ledger for each", () =>
    withSlowConnection(async (line) => {
      for (const number of [0, 1, 2]) {
        line.publish(number, "ua-1-00");
        await vi.advanceTimersByTimeAsync(20_000);
      }
      const reads = new Reads(line.ledger, Date.now, () => {});
      const numbersBefore = async (before: number | null) => {
        const page = await answered(reads.leasedHistory("ua-1-00", before, 2));
        return page.value && firstOf(page.value, 2).revisions.map(({ number }) => number);
      };
      for (let madeUp = 4; madeUp < 100; madeUp++) expect(await numbersBefore(madeUp)).toEqual([3, 2]);
      expect(line.asked.readHistoryPage).toBe(1);
      expect([await numbersBefore(3), await numbersBefore(2)]).toEqual([[2, 1], [1]]);
      const liveAt = line.publish(3, "ua-1-00");
      await vi.advanceTimersByTimeAsync(liveAt - Date.now());
      expect([await numbersBefore(4), await numbersBefore(null)]).toEqual([
        [3, 2],
        [4, 3],
      ]);
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
      const asked = () => line.asked.readCase + line.asked.changesSince;
      const before = asked();
      const crowd: Promise<unknown>[] = [];
      for (let time = 0; time < 300; time++) {
        crowd.push(reads.case(ID));
        await vi.advanceTimersByTimeAsync(1);
      }
      await vi.advanceTimersByTimeAsync(5_000);
      await Promise.all(crowd);
      expect(asked() - before).toBeLessThan(40);
    }));

  it("renews hundreds of copies with one question per lease, and reads again only the case that changed", () =>
    withSlowConnection(async (line) => {
      const ids = Array.from({ length: 50 }, (_, index) => `ua-${index + 1}-00`);
      for (const id of ids) line.publish(0, id);
      await vi.advanceTimersByTimeAsync(20_000);
      const reads = new Reads(line.ledger, Date.now, () => {});
      const readAll = () =>
        answered(
          Promise.all(
            ids.flatMap((id) => [
              reads.case(id),
              reads.leasedHistory(id, null, 20),
              reads.leasedRevision(id, 1),
              casesOf(reads),
            ]),
          ),
        );
      line.there = line.back = 1;
      await readAll();
      expect(line.asked.readCase).toBe(ids.length);
      const before = line.asked.changesSince;
      for (let second = 0; second < 10; second++) {
        await readAll();
        await vi.advanceTimersByTimeAsync(1_000);
      }
      expect(line.asked.changesSince - before).toBeLessThanOrEqual(10);
      expect(line.asked.readCase).toBe(ids.length);
      const list = (await reads.leasedSummaries()).value;
      const liveAt = line.publish(1, "ua-7-00");
      await vi.advanceTimersByTimeAsync(liveAt - Date.now());
      await readAll();
      await readAll();
      expect(line.asked.readCase).toBe(ids.length + 1);
      const next = (await reads.leasedSummaries()).value;
      expect(next.cases[0]).toMatchObject({ id: "ua-7-00", revision: { number: 2 } });
      // The other entries are the same objects, so their search words are too.
      expect(next.cases.slice(1)).toEqual(list.cases.filter(({ id }) => id !== "ua-7-00"));
      expect(next.cases.slice(1).every((entry) => list.cases.includes(entry))).toBe(true);
    }));

  it("has the list made once for all who wait at its moment, and gives nobody an older one", () =>
    withSlowConnection(async (line) => {
      line.publish(0);
      await vi.advanceTimersByTimeAsync(20_000);
      const reads = new Reads(line.ledger, Date.now, () => {});
      const bodies: { of: Source[]; cases: CaseSummary[] }[] = [];
      let before = 0;
      const read = async () => {
        const start = reads.start();
        const confirmed = await reads.confirmed(() => bodies.at(-1) ?? null, start);
        if (confirmed) return confirmed.body.cases;
        const asked = line.asked.changesSince;
        const { value, name } = await reads.leasedSummaries(start);
        before = line.asked.changesSince - asked;
        bodies.push({ of: [{ copy: name!, serial: serialOf(value) }], cases: value.cases });
        return value.cases;
      };
      await answered(read());
      expect(bodies).toHaveLength(1);
      const liveAt = line.publish(1);
      await vi.advanceTimersByTimeAsync(liveAt - Date.now() - 1);
      [line.there, line.back] = [50, 5];
      const lists = await answered(Promise.all(Array.from({ length: 40 }, read)));
      expect(lists.map(([first]) => first?.revision.number)).toEqual(lists.map(() => 2));
      expect(bodies).toHaveLength(2);
      expect(before).toBe(0);

      // Another reader may have made a body of what was replaced once more.
      const second = line.publish(2);
      await vi.advanceTimersByTimeAsync(second - Date.now() - 1_000);
      let found = 0;
      const current = bodies.at(-1)!;
      const older = bodies[0]!;
      const given = await answered(reads.confirmed(() => (found++ === 0 ? current : older), reads.start()));
      expect([found, given]).toEqual([2, null]);
    }));

  it("asks for few lengths of a history, and never for made-up cursors of the log of changes", () =>
    withSlowConnection(async (line) => {
      for (const number of [0, 1, 2]) {
        line.publish(number);
        await vi.advanceTimersByTimeAsync(20_000);
      }
      const reads = new Reads(line.ledger, Date.now, () => {});
      for (let limit = 1; limit <= 100; limit++) {
        const { value } = await answered(reads.leasedHistory(ID, null, limit));
        const page = firstOf(value!, limit);
        expect(page.revisions.map(({ number }) => number)).toEqual([3, 2, 1].slice(0, limit));
        expect(page.older?.number).toBe([2, 1][limit - 1]);
      }
      expect(line.asked.readHistoryPage).toBe(2);
      const log = line.journal.changes.logName();
      const changesAfter = async (position: number, of = log) =>
        (await answered(reads.leasedChanges({ position, log: of }, 10))).value?.changes.length;
      for (let position = 4; position < 100; position++) expect(await changesAfter(position)).toBeUndefined();
      expect(await changesAfter(1, log.replace(/.$/, "x"))).toBeUndefined();
      expect([await changesAfter(1), await changesAfter(3)]).toEqual([2, 0]);
      expect(line.asked.readChanges).toBe(3);
      const liveAt = line.publish(3);
      await vi.advanceTimersByTimeAsync(liveAt - Date.now());
      expect([await changesAfter(3), await changesAfter(4), await changesAfter(5)]).toEqual([1, 0, undefined]);
    }));

  it("keeps copies up to a number of bytes, and drops those that were not used for the longest time", () =>
    withSlowConnection(async (line) => {
      const ids = Array.from({ length: 60 }, (_, index) => `ua-${index + 1}-00`);
      for (const id of ids) line.publish(0, id);
      await vi.advanceTimersByTimeAsync(20_000);
      const reads = new Reads(line.ledger, Date.now, () => {}, 200_000);
      const read = (id: string) => answered(reads.case(id));
      for (const id of ids) {
        await read(id);
        await read(ids[0]!);
      }
      const kept = ids.filter((id) => reads.caseAtHand(id) !== null);
      expect(kept.length).toBeGreaterThan(5);
      expect(kept.length).toBeLessThan(50);
      expect(kept).toEqual([ids[0], ...ids.slice(1 - kept.length)]);
    }));

  it("says that the Ledger can't be reached when it doesn't answer, and recovers by itself", () =>
    withSlowConnection(async (line) => {
      line.publish(0);
      await vi.advanceTimersByTimeAsync(20_000);
      const reads = new Reads(line.ledger, Date.now, () => {});
      line.there = 60_000;
      const asked = Date.now();
      const readers = await answered(Promise.allSettled([reads.case(ID), reads.case(ID), reads.leasedSummaries()]));
      for (const reader of readers) expect(reader).toMatchObject({ reason: { failure: { tag: "unavailable" } } });
      // Twice: a question may also fail because the request that sent it was cancelled.
      expect(Date.now() - asked).toBeLessThan(25_000);
      const late = Date.now();
      const crowd = Array.from({ length: 50 }, () => reads.case(ID));
      for (const reader of await answered(Promise.allSettled(crowd))) expect(reader.status).toBe("rejected");
      expect(Date.now() - late).toBeLessThan(20_000);
      line.there = 0;
      expect(numberIn(await answered(reads.case(ID)))).toBe(1);
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
      await answered(reads.case(ID));
      expect(reads.caseAtHand(ID)).not.toBeNull();
      offset = -3_000;
      expect(reads.caseAtHand(ID)).toBeNull();
    }));
});
