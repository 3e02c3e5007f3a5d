/**
 * Leases end before the next moment, and a holder of copies learns what has
 * changed.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Journal } from "../../../../worker/objects/ledger/journal.ts";
import type { Changed } from "../../../../worker/reads/state.ts";
import {
  type Epoch,
  LEASE_MARGIN_MS,
  type Leased,
  type LeaseRule,
  leaseRule,
} from "../../../../worker/runtime/lease.ts";
import { profile } from "../../../support/profile.ts";
import { takeAll } from "../../../support/random-steps.ts";
import { scaled } from "../../../support/scaled.ts";
import { casesIn } from "../../all-cases.ts";
import {
  A,
  B,
  done,
  it,
  LEASE_MS,
  type Newsroom,
  weighed,
  withNewsroom,
} from "./newsroom.ts";

function ask(room: Newsroom, since: Epoch | null) {
  const { text, ...answer } = room.journal.list.changesSince(since);
  return { ...answer, changed: JSON.parse(text) as Changed[] };
}

describe("Every lease ends a margin before the next moment", () => {
  const id = fc.constantFrom(A, B);
  const action = fc.oneof(
    weighed(4, "wait", {
      ms: fc.oneof(
        fc.constant(0),
        fc.constant(1),
        fc.integer({ min: 0, max: 9_000 }),
      ),
    }),
    weighed(4, "read", { which: fc.integer({ min: 0, max: 5 }), id }),
    weighed(3, "publish", {
      id,
      later: fc.option(fc.integer({ min: 0, max: 20_000 })),
      replace: fc.boolean(),
    }),
    weighed(1, "undo", { id }),
    weighed(1, "withdraw", { id }),
    weighed(3, "renew"),
    weighed(1, "restart", { lease: fc.constantFrom(1_000, 5_000, 30_000) }),
  );
  type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

  /**
   * Runs a history. Throws when a lease ends less than LEASE_MARGIN_MS before a
   * moment of the content it covers, or when a renewal extends a copy that
   * differs from what reading it again would have said.
   */
  function live(room: Newsroom, history: Action[]): void {
    const grants: { scope: string; ends: number }[] = [];
    /** The moments ahead. */
    let moments: { id: string; at: number }[] = [];
    const overlaps = () => {
      for (const { scope, ends } of grants)
        for (const { at } of moments.filter(
          ({ id }) => scope === "all" || scope === id,
        ))
          if (ends > at - LEASE_MARGIN_MS)
            throw new Error(
              `a lease ends at ${ends}, less than LEASE_MARGIN_MS before ${at}`,
            );
    };
    // Only leases granted before a moment cover the content before it. A lease
    // of 0 covers nothing.
    const grant = (
      scope: string,
      { validFor }: Pick<Leased<unknown>, "validFor">,
    ) => {
      if (validFor > 0) grants.push({ scope, ends: room.clock + validFor });
    };
    const newest = (id: string) =>
      room.journal.desk.record(id)?.revision.number ?? 0;
    const cancelNewest = (id: string) => {
      const newest = moments.findLast((moment) => moment.id === id)!;
      moments = moments.filter((moment) => moment !== newest);
    };
    const commit = (id: string, published: { liveAt: string } | null) => {
      if (published) moments.push({ id, at: Date.parse(published.liveAt) });
    };
    const readers = [
      (id: string) => grant(id, room.journal.readings.case(id)),
      (id: string) =>
        grant(id, room.journal.readings.historyPage(id, null, 100)),
      (id: string) => grant(id, room.journal.readings.revision(id, 1)),
      () => grant("all", room.journal.list.newest()),
      () => grant("all", room.journal.readings.recent(null)),
      (id: string) => grant(id, room.journal.readings.recent(id)),
    ];
    const ids = [A, B];
    const copyOf = (id: string) => {
      const { readings } = room.journal;
      const answer = readings.case(id);
      const all = [
        answer,
        readings.historyPage(id, null, 100),
        readings.recent(id),
        readings.revision(id, 1),
      ];
      const said = JSON.stringify(all.map(({ value }) => value));
      return { epoch: answer.epoch!.number, said, validFor: answer.validFor };
    };
    const copies = new Map(ids.map((id) => [id, copyOf(id)]));
    const index = new Map<string, Changed>();
    let since = room.journal.changes.epoch();
    /** A holder asks what changed, and extends what did not. */
    const renew = () => {
      const answer = ask(room, since);
      since = answer.epoch;
      for (const changed of answer.changed) index.set(changed.id, changed);
      const terms = new Map(answer.terms);
      for (const id of ids) {
        const copy = copies.get(id)!;
        const now = copyOf(id);
        const validFor = terms.get(id) ?? answer.validFor;
        expect([id, validFor]).toEqual([id, now.validFor]);
        if (copy.epoch >= (index.get(id)?.epoch ?? 0))
          expect(copy.said).toBe(now.said);
        else copies.set(id, now);
        grant(id, { validFor });
      }
      const all = Math.min(answer.validFor, ...terms.values());
      expect(all).toBe(room.journal.list.newest().validFor);
      const { cases } = casesIn(room.journal);
      const listed = [...index.values()].flatMap(
        ({ summary }) => summary ?? [],
      );
      expect(listed).toEqual(expect.arrayContaining([...cases]));
      expect(listed).toHaveLength(cases.length);
      grant("all", { validFor: all });
    };
    /** Every surface reads in the very millisecond before a commit. */
    const readAll = (id: string) => {
      for (const read of readers) read(id);
      renew();
    };
    for (const step of history) {
      moments = moments.filter(({ at }) => at > room.clock);
      takeAll([step], {
        wait({ ms }) {
          room.clock += ms;
        },
        read: ({ which, id }) => readers[which]?.(id),
        publish({ id, later, replace }) {
          readAll(id);
          const pending = room.journal.desk.record(id)?.pending.at(-1)?.number;
          const replaces = replace && pending !== undefined;
          const outcome = room.offer(newest(id), {
            id,
            ...(replaces ? { replace: pending } : {}),
            ...(later === null ? {} : { liveAt: room.clock + 7_000 + later }),
          });
          if ("failure" in outcome) return;
          if (replaces) cancelNewest(id);
          commit(id, outcome.done);
        },
        undo({ id }) {
          if (!("failure" in room.journal.undo(id, newest(id), "tester")))
            cancelNewest(id);
        },
        withdraw({ id }) {
          readAll(id);
          const outcome = room.journal.withdraw(id, "unstated", "tester");
          if ("failure" in outcome) return;
          moments = moments.filter((moment) => moment.id !== id);
          commit(id, outcome.done.published);
        },
        renew,
        restart: ({ lease }) => room.restart(lease),
      });
      overlaps();
    }
  }

  const property = (rule: LeaseRule, seed: number) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 1, maxLength: 25 }),
        (history) => withNewsroom((room) => live(room, history), rule),
      ),
      // A rule that is broken on purpose needs no shortest history.
      rule === leaseRule
        ? { numRuns: scaled(12, 1_200), seed }
        : { numRuns: 60, seed, endOnFailure: true },
    );

  test(
    "for every lease and every later moment",
    () => property(leaseRule, Date.now()),
    scaled(600_000, 1_200_000),
  );

  test("and a lead that is 1 ms too short is noticed", () =>
    expect(
      property(
        {
          ...leaseRule,
          earliestMoment: (now, lease) =>
            leaseRule.earliestMoment(now, lease) - 1,
        },
        1,
      ),
    ).rejects.toThrow(/Property failed/));

  test("and a lease that is 1 ms too long is noticed", () =>
    expect(
      property(
        {
          ...leaseRule,
          validFor: (...args) => leaseRule.validFor(...args) + 1,
        },
        1,
      ),
    ).rejects.toThrow(/Property failed/));
});

describe("What changed since an epoch", () => {
  it("begins at the newest epoch for a holder of another history: after a restore, or of other code", (room) => {
    done(room.offer(0));
    room.clock += 8_000;
    const { epoch } = ask(room, null);
    for (const known of [epoch, null])
      expect(ask(room, known)).toMatchObject({
        epoch,
        since: epoch.number,
        changed: [],
      });
    for (const other of [{ history: "another" }, { number: epoch.number + 1 }])
      expect(ask(room, { ...epoch, ...other })).toMatchObject({
        epoch,
        since: epoch.number,
        changed: [],
      });
    const historyNow = () => ask(room, epoch).epoch.history;
    room.journal = new Journal(
      room.storage,
      LEASE_MS,
      () => room.clock,
      profile,
      leaseRule,
      "another version",
    );
    expect(historyNow()).not.toBe(epoch.history);
    room.restart();
    expect(historyNow()).toBe(epoch.history);
    room.journal.changes.startAfresh();
    expect(historyNow()).not.toBe(epoch.history);
  });

  it("lists a withdrawn case without words, and a case again when it can be shown no more", (room) => {
    done(room.offer(0));
    done(room.offer(0, { id: B }));
    room.clock += 8_000;
    const { epoch } = ask(room, null);
    done(room.journal.withdraw(A, "consent", "tester"));
    room.clock += 8_000;
    expect(ask(room, epoch).changed).toEqual([
      { id: A, epoch: epoch.number + 1 },
    ]);
    const next = ask(room, epoch).epoch;
    room.sql(
      "UPDATE revisions SET content = json_remove(content, '$.people') WHERE case_id = ?",
      B,
    );
    room.journal.content.forget();
    expect(room.journal.readings.case(B)).toMatchObject({
      value: { state: "unshowable" },
    });
    const [unshowable] = ask(room, next).changed;
    expect(unshowable).toMatchObject({
      id: B,
      unshowable: { id: B, number: "UA 2/00" },
    });
    expect(unshowable).not.toHaveProperty("summary");
  });

  it("comes in pages of a bounded size, like all cases, and a case that changes meanwhile comes again", (room) => {
    const cases = 200;
    const begun = room.journal.changes.epoch();
    for (let number = 1; number <= cases; number++)
      done(room.offer(0, { id: `ua-${number}-00` }));
    room.clock += 8_000;
    room.journal.settle();
    // As long as those of cases with many people.
    room.sql(
      "UPDATE revisions SET summary = json_set(summary, '$.issuer', ?)",
      "x".repeat(5_000),
    );
    const { list, changes } = room.journal;
    const upTo = changes.epoch().number;
    const page = list.casesBetween(0, upTo);
    expect(page.text.length).toBeLessThan(500_000);
    let answer = ask(room, begun);
    done(room.offer(1));
    room.clock += 8_000;
    const seen = new Map<string, number | undefined>();
    let pages = 1;
    for (; ; pages++) {
      for (const { id, summary } of answer.changed)
        seen.set(id, summary?.revision.number);
      if (!answer.more) break;
      answer = ask(room, answer.epoch);
    }
    expect(pages).toBe(3);
    expect(seen.size).toBe(cases);
    expect(seen.get(A)).toBe(2);
    expect(answer.epoch).toEqual(changes.epoch());
    // It has left the pages of cases that didn't change.
    const listed = [
      page,
      list.casesBetween(page.to, upTo),
      list.casesBetween(0, page.to),
    ].map(
      ({ text }) =>
        (JSON.parse(text) as Changed[]).filter(({ id }) => id === A).length,
    );
    expect(listed).toEqual([1, 0, 0]);
    expect(casesIn(room.journal).cases).toHaveLength(cases);
  });

  it("gives the terms of the earliest moments, and of every other case none that is longer, when thousands are near", (room) => {
    // Only the moments count, and to publish so many cases would take seconds.
    room.sql(
      `WITH RECURSIVE n(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n LIMIT 2010)
       INSERT INTO revisions (content_version, case_id, number, kind, changes, editor, notify, committed_at, live_at, content_hash, previous_hash, hash)
         SELECT 1, printf('ua-%d-00', n), 1, 'update', '[]', 'tester', 'none', 0, ? + 2 * n, '', '', '' FROM n`,
      room.clock + 7_000,
    );
    room.clock += 5_000;
    const { terms, validFor } = ask(room, null);
    expect([terms.length, terms[0], terms.at(-1)]).toEqual([
      2_000,
      [A, 2],
      ["ua-2000-00", 4_000],
    ]);
    expect(validFor).toBe(4_002);
  });
});
