/**
 * What readers of leased copies ask the Ledger, and how long they keep its
 * answer.
 */
import { describe, expect, it, vi } from "vitest";
import type { CaseSummary } from "../../../shared/view/summary.ts";
import { type Source, serialOf } from "../../../worker/reads/bodies.ts";
import { firstOf } from "../../../worker/reads/state.ts";
import {
  answered,
  casesOf,
  ID,
  letTimePassByHand,
  numberIn,
  untilLive,
  withLive,
} from "./line.ts";

letTimePassByHand();

describe("An isolate with leased copies", () => {
  it("asks the Ledger once for many readers, renews early in the background, and never asks for unknown ids", () =>
    withLive({}, async (line, reads) => {
      line.there = line.back = 50;
      const crowd = Promise.all(
        Array.from({ length: 100 }, () => reads.case(ID)),
      );
      await vi.advanceTimersByTimeAsync(1_000);
      expect(new Set((await crowd).map(numberIn))).toEqual(new Set([1]));
      expect(line.questions.toSorted()).toEqual([
        "cases.changesSince",
        "readings.case",
      ]);
      for (let time = 0; time < 15_000; time += 100) {
        await vi.advanceTimersByTimeAsync(100);
        expect(reads.caseAtHand(ID)).not.toBeNull();
      }
      expect(line.asked("cases.changesSince")).toBeLessThan(10);
      expect(line.asked("readings.case")).toBe(1);
      // The first unknown id makes it read all cases.
      expect((await answered(reads.case("ua-0-77"))).state).toBe("absent");
      await vi.advanceTimersByTimeAsync(1_000);
      const before = line.asked("readings.case");
      const strangers = Promise.all(
        Array.from({ length: 100 }, (_, index) => reads.case(`ua-${index}-77`)),
      );
      await vi.advanceTimersByTimeAsync(1_000);
      expect(new Set((await strangers).map((state) => state.state))).toEqual(
        new Set(["absent"]),
      );
      expect(line.asked("readings.case")).toBe(before);
      expect(line.asked("cases.casesBetween")).toBe(1);
    }));

  it("answers for made-up numbers of a history with its newest page, and doesn't ask the Ledger for each", () =>
    withLive({ revisions: 3 }, async (line, reads) => {
      const numbersBefore = async (before: number | null) => {
        const page = await answered(reads.leasedHistory(ID, before, 2));
        return (
          page.value &&
          firstOf(page.value, 2).revisions.map(({ number }) => number)
        );
      };
      for (let madeUp = 4; madeUp < 100; madeUp++)
        expect(await numbersBefore(madeUp)).toEqual([3, 2]);
      expect(line.asked("readings.historyPage")).toBe(1);
      expect([await numbersBefore(3), await numbersBefore(2)]).toEqual([
        [2, 1],
        [1],
      ]);
      await untilLive(line.publish(3));
      expect([await numbersBefore(4), await numbersBefore(null)]).toEqual([
        [3, 2],
        [4, 3],
      ]);
    }));

  it("serves many readers with few Ledger reads in the last seconds before a moment, when no copy may be kept", () =>
    withLive({}, async (line, reads) => {
      line.there = line.back = 20;
      await Promise.all([reads.case(ID), vi.advanceTimersByTimeAsync(200)]);
      const liveAt = line.publish(1);
      await vi.advanceTimersByTimeAsync(liveAt - Date.now() - 1_000);
      const asked = () =>
        line.asked("readings.case") + line.asked("cases.changesSince");
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
    withLive({ cases: 50 }, async (line, reads, ids) => {
      const readAll = () =>
        answered(
          Promise.all([
            ...ids.flatMap((id) => [
              reads.case(id),
              reads.leasedHistory(id, null, 20),
              reads.leasedRevision(id, 1),
            ]),
            casesOf(reads),
          ]),
        );
      line.there = line.back = 1;
      await readAll();
      expect(line.asked("readings.case")).toBe(ids.length);
      const before = line.asked("cases.changesSince");
      for (let second = 0; second < 10; second++) {
        await readAll();
        await vi.advanceTimersByTimeAsync(1_000);
      }
      expect(line.asked("cases.changesSince") - before).toBeLessThanOrEqual(10);
      expect(line.asked("readings.case")).toBe(ids.length);
      const list = (await reads.allCases()).value;
      await untilLive(line.publish(1, "ua-7-00"));
      await readAll();
      await readAll();
      expect(line.asked("readings.case")).toBe(ids.length + 1);
      const next = (await reads.allCases()).value;
      expect(next.cases[0]).toMatchObject({
        id: "ua-7-00",
        revision: { number: 2 },
      });
      // The other entries are the same objects, so their search words are too.
      expect(next.cases.slice(1)).toEqual(
        list.cases.filter(({ id }) => id !== "ua-7-00"),
      );
      expect(
        next.cases.slice(1).every((entry) => list.cases.includes(entry)),
      ).toBe(true);
    }));

  it("has the list made once for all who wait at its moment, and gives nobody an older one", () =>
    withLive({}, async (line, reads) => {
      const bodies: { of: Source[]; cases: readonly CaseSummary[] }[] = [];
      let before = 0;
      const read = async () => {
        const start = reads.start();
        const kept = bodies.at(-1);
        const confirmed =
          kept &&
          (await reads.confirmed(kept, () => bodies.at(-1) ?? null, start));
        if (confirmed) return confirmed.body.cases;
        const asked = line.asked("cases.changesSince");
        const { value, name } = await reads.allCases(start);
        before = line.asked("cases.changesSince") - asked;
        bodies.push({
          of: [{ copy: name!, serial: serialOf(value) }],
          cases: value.cases,
        });
        return value.cases;
      };
      await answered(read());
      expect(bodies).toHaveLength(1);
      const liveAt = line.publish(1);
      await vi.advanceTimersByTimeAsync(liveAt - Date.now() - 1);
      [line.there, line.back] = [50, 5];
      const lists = await answered(
        Promise.all(Array.from({ length: 40 }, read)),
      );
      expect(lists.map(([first]) => first?.revision.number)).toEqual(
        lists.map(() => 2),
      );
      expect(bodies).toHaveLength(2);
      expect(before).toBe(0);

      // Another reader may have made a body of what was replaced once more.
      const second = line.publish(2);
      await vi.advanceTimersByTimeAsync(second - Date.now() - 1_000);
      const [older, current] = [bodies[0]!, bodies.at(-1)!];
      expect(
        await answered(reads.confirmed(current, () => older, reads.start())),
      ).toBe(null);
    }));

  it("asks for few lengths of a history, and never for made-up cursors of the log of changes", () =>
    withLive({ revisions: 3 }, async (line, reads) => {
      for (let limit = 1; limit <= 100; limit++) {
        const { value } = await answered(reads.leasedHistory(ID, null, limit));
        const page = firstOf(value!, limit);
        expect(page.revisions.map(({ number }) => number)).toEqual(
          [3, 2, 1].slice(0, limit),
        );
        expect(page.older?.number).toBe([2, 1][limit - 1]);
      }
      expect(line.asked("readings.historyPage")).toBe(2);
      const log = line.journal.changes.logName();
      const changesAfter = async (position: number, of = log) =>
        (await answered(reads.leasedChanges({ position, log: of }, 10))).value
          ?.changes.length;
      for (let position = 4; position < 100; position++)
        expect(await changesAfter(position)).toBeUndefined();
      expect(await changesAfter(1, log.replace(/.$/, "x"))).toBeUndefined();
      expect([await changesAfter(1), await changesAfter(3)]).toEqual([2, 0]);
      expect(line.asked("feed.page")).toBe(3);
      await untilLive(line.publish(3));
      expect([
        await changesAfter(3),
        await changesAfter(4),
        await changesAfter(5),
      ]).toEqual([1, 0, undefined]);
    }));

  it("keeps copies up to a number of bytes, and drops those that were not used for the longest time", () =>
    withLive({ cases: 60, memoryBytes: 200_000 }, async (_, reads, ids) => {
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
});
