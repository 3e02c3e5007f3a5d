/** The Ledger's rules on its own storage, with injected clocks and lease rules. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { CONTENT_VERSION } from "../../../shared/case/versions/steps.ts";
import type { CaseRecord } from "../../../shared/revision.ts";
import { digest } from "../../../worker/digest.ts";
import type { Outcome, PublishCommand } from "../../../worker/ledger/command.ts";
import { hashesOf } from "../../../worker/ledger/hash-chain.ts";
import { Journal } from "../../../worker/ledger/journal.ts";
import { type Epoch, LEASE_MARGIN_MS, type Leased, type LeaseRule, leaseRule } from "../../../worker/ledger/lease.ts";
import { parseRenewal } from "../../../worker/reads/renewals.ts";
import type { CaseState, Changed } from "../../../worker/reads/state.ts";
import { inventedCase } from "../../invented.ts";
import { profile } from "../../profile.ts";
import { scaled } from "../../scaled.ts";

const LEASE_MS = 5_000;
const START = Date.parse("2026-01-01T00:00:00Z");
const A = "ua-1-00";

/** A journal on new storage, with a clock that the test moves. */
async function withJournal<T>(run: (world: World) => T, rule: LeaseRule = leaseRule): Promise<T> {
  return runInDurableObject(env.LEDGER.getByName("journal under test"), async (_, state) => {
    await state.storage.deleteAll();
    return run(new World(state.storage, rule));
  });
}

class World {
  clock = START;
  journal: Journal;
  readonly storage: DurableObjectStorage;
  readonly rule: LeaseRule;

  constructor(storage: DurableObjectStorage, rule: LeaseRule) {
    this.storage = storage;
    this.rule = rule;
    this.journal = this.open(LEASE_MS);
  }

  open(lease: number): Journal {
    return new Journal(this.storage, lease, () => this.clock, profile, this.rule);
  }

  restart(lease = LEASE_MS): void {
    this.journal = this.open(lease);
  }

  publish(basedOn: number, more: Partial<PublishCommand> = {}) {
    const id = more.id ?? A;
    return this.journal.publish({
      id,
      case: inventedCase(Number(id.split("-")[1])),
      note: { en: `Based on ${basedOn}` },
      kind: "update",
      notify: "none",
      editor: "tester",
      basedOn,
      ...more,
    });
  }

  /** What readers see now: a number, "absent" or "withdrawn". */
  shown(id = A): number | string {
    return shownBy(this.journal.readings.case(id));
  }
}

const shownBy = ({ value }: Leased<CaseState>) =>
  value.state === "present" ? value.record.revision.number : value.state;
const done = <T>(outcome: Outcome<T>): T => {
  if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
  return outcome.done;
};
const refused = (outcome: Outcome<unknown>) => ("failure" in outcome ? outcome.failure : outcome);

describe("Every lease ends a margin before the next moment", () => {
  const action = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        what: fc.constant("wait" as const),
        ms: fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 0, max: 9_000 })),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        what: fc.constant("read" as const),
        which: fc.integer({ min: 0, max: 6 }),
        id: fc.integer({ min: 1, max: 2 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        what: fc.constant("publish" as const),
        id: fc.integer({ min: 1, max: 2 }),
        later: fc.option(fc.integer({ min: 0, max: 20_000 })),
        replace: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ what: fc.constant("undo" as const), id: fc.integer({ min: 1, max: 2 }) }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant("withdraw" as const), id: fc.integer({ min: 1, max: 2 }) }) },
    { weight: 3, arbitrary: fc.record({ what: fc.constant("renew" as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ what: fc.constant("restart" as const), lease: fc.constantFrom(1_000, 5_000, 30_000) }),
    },
  );
  type AuditAction = typeof action extends fc.Arbitrary<infer T> ? T : never;

  /**
   * Runs a history. Throws when a lease ends less than LEASE_MARGIN_MS before a moment of the content it covers, or when a renewal
   * extends a copy that differs from what reading it again would have said.
   */
  function live(world: World, history: AuditAction[]): void {
    const grants: { scope: string; ends: number }[] = [];
    const moments: { id: string; at: number; standing: boolean }[] = [];
    const overlaps = () => {
      for (const grant of grants)
        for (const moment of moments)
          if (
            moment.standing &&
            (grant.scope === "all" || grant.scope === moment.id) &&
            grant.ends > moment.at - LEASE_MARGIN_MS
          )
            throw new Error(`a lease ends at ${grant.ends}, less than LEASE_MARGIN_MS before ${moment.at}`);
    };
    // Only leases granted before a moment cover the content before it. A lease of 0 covers nothing.
    const grant = (scope: string, { validFor }: Pick<Leased<unknown>, "validFor">) => {
      if (validFor > 0) grants.push({ scope, ends: world.clock + validFor });
    };
    const newest = (id: string) => world.journal.readings.desk(id)?.revision.number ?? 0;
    const forgetPast = () => {
      for (const moment of moments) if (moment.at <= world.clock) moment.standing = false;
    };
    const committed = (
      id: string,
      outcome: Outcome<{ revision: number; liveAt: string } | null>,
      cancelled: number[] = [],
    ) => {
      if ("failure" in outcome || !outcome.done) return;
      const pending = moments.filter((moment) => moment.id === id && moment.standing);
      for (const moment of pending.slice(pending.length - cancelled.length)) moment.standing = false;
      moments.push({ id, at: Date.parse(outcome.done.liveAt), standing: true });
    };
    const readers = [
      (id: string) => grant(id, world.journal.readings.case(id)),
      (id: string) => grant(id, world.journal.readings.history(id)),
      (id: string) => grant(id, world.journal.readings.revision(id, 1)),
      () => grant("all", world.journal.readings.heads()),
      () => grant("all", world.journal.readings.summaries()),
      () => grant("all", world.journal.readings.recent(null)),
      (id: string) => grant(id, world.journal.readings.recent(id)),
    ];
    const ids = ["ua-1-00", "ua-2-00"];
    const copyOf = (id: string) => {
      const { readings } = world.journal;
      const answer = readings.case(id);
      const said = [
        answer.value,
        ...[readings.history(id), readings.recent(id), readings.revision(id, 1)].map((it) => it.value),
      ];
      return { epoch: answer.epoch!.number, said: JSON.stringify(said), validFor: answer.validFor };
    };
    const copies = new Map(ids.map((id) => [id, copyOf(id)]));
    const index = new Map<string, Changed>();
    let since: Epoch | null = null;
    /** A holder asks what changed, and extends what did not. */
    const renew = () => {
      const { readings } = world.journal;
      const answer = readings.changesSince(since, true);
      since = answer.epoch;
      for (const changed of answer.changed) index.set(changed.id, changed);
      const terms = new Map(answer.terms);
      for (const id of ids) {
        const copy = copies.get(id)!;
        const now = copyOf(id);
        const validFor = terms.get(id) ?? answer.validFor;
        expect([id, validFor]).toEqual([id, now.validFor]);
        if (copy.epoch >= (index.get(id)?.epoch ?? 0)) expect(copy.said).toBe(now.said);
        else copies.set(id, now);
        grant(id, { validFor });
      }
      const all = Math.min(answer.validFor, ...terms.values());
      expect(all).toBe(readings.heads().validFor);
      const listed = [...index.values()]
        .map(({ listed }) => listed?.summary)
        .filter((summary) => summary !== undefined);
      expect(listed).toEqual(expect.arrayContaining(readings.summaries().value.cases));
      expect(listed).toHaveLength(readings.summaries().value.cases.length);
      grant("all", { validFor: all });
    };
    for (const step of history) {
      forgetPast();
      const id = "id" in step ? `ua-${step.id}-00` : A;
      switch (step.what) {
        case "wait":
          world.clock += step.ms;
          break;
        case "read":
          readers[step.which]?.(id);
          break;
        case "publish": {
          // Every surface reads in the very millisecond before the publish.
          for (const read of readers) read(id);
          renew();
          const pending = world.journal.readings.desk(id)?.pending.at(-1)?.number;
          const replace = step.replace && pending !== undefined ? pending : undefined;
          const liveAt = step.later === null ? undefined : world.clock + 7_000 + step.later;
          const outcome = world.publish(newest(id), {
            id,
            ...(replace === undefined ? {} : { replace }),
            ...(liveAt === undefined ? {} : { liveAt }),
          });
          committed(id, outcome, replace === undefined ? [] : [replace]);
          break;
        }
        case "undo":
          if (!("failure" in world.journal.undo(id, newest(id), "tester")))
            moments.filter((moment) => moment.id === id && moment.standing).at(-1)!.standing = false;
          break;
        case "withdraw": {
          for (const read of readers) read(id);
          renew();
          const outcome = world.journal.withdraw(id, "unstated", "tester");
          if ("failure" in outcome) break;
          for (const moment of moments) if (moment.id === id) moment.standing = false;
          committed(id, { done: outcome.done.published });
          break;
        }
        case "renew":
          renew();
          break;
        case "restart":
          world.restart(step.lease);
      }
      overlaps();
    }
  }

  const property = (rule: LeaseRule, seed: number) =>
    fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 25 }), (history) =>
        withJournal((world) => live(world, history), rule),
      ),
      { numRuns: scaled(60), seed },
    );

  it("for every lease and every later moment", () => property(leaseRule, Date.now()), scaled(60_000));

  it("and a lead that is 1 ms too short is noticed", () =>
    expect(
      property({ ...leaseRule, earliestMoment: (now, lease) => leaseRule.earliestMoment(now, lease) - 1 }, 1),
    ).rejects.toThrow(/Property failed/));

  it("and a lease that is 1 ms too long is noticed", () =>
    expect(property({ ...leaseRule, validFor: (...args) => leaseRule.validFor(...args) + 1 }, 1)).rejects.toThrow(
      /Property failed/,
    ));
});

describe("What changed since an epoch", () => {
  const B = "ua-2-00";
  /** The changes as they are, which the text for a holder that parses it must equal. */
  const ask = (world: World, since: Epoch | null, lists = false) => {
    const answer = world.journal.readings.changesSince(since, lists);
    expect(parseRenewal(world.journal.readings.changesSince(since, lists, true))).toEqual(answer);
    return answer;
  };
  const ids = ({ changed }: ReturnType<typeof ask>) => changed.map(({ id, number }) => `${id} ${number}`);

  it("lists each case that went live since then once, with its head, and an early moment shortens only its own case", () =>
    withJournal((world) => {
      done(world.publish(0));
      done(world.publish(0, { id: B, liveAt: world.clock + 8_000 }));
      expect(ask(world, null)).toMatchObject({ changed: [], validFor: LEASE_MS, terms: [] });
      world.clock += 6_000;
      const before = ask(world, null);
      expect(before).toMatchObject({
        changed: [],
        terms: [
          [A, 0],
          [B, 0],
        ],
      });
      world.clock += 2_000;
      const first = ask(world, before.epoch, true);
      expect(ids(first)).toEqual([`${A} 1`, `${B} 1`]);
      expect(first.changed.map(({ listed }) => listed?.summary)).toEqual(
        [...world.journal.readings.summaries().value.cases].reverse(),
      );
      done(world.publish(1));
      world.clock += 4_000;
      expect(ask(world, first.epoch)).toMatchObject({ changed: [], validFor: LEASE_MS, terms: [[A, 1_000]] });
      world.clock += 3_000;
      expect(ids(ask(world, first.epoch))).toEqual([`${A} 2`]);
      expect(ids(ask(world, null))).toEqual([`${B} 1`, `${A} 2`]);
      world.restart();
      expect(ask(world, first.epoch).since).toBe(first.epoch.number);
    }));

  it("is everything for a holder of another history: after a restore, or of other code", () =>
    withJournal((world) => {
      done(world.publish(0));
      world.clock += 8_000;
      const { epoch } = ask(world, null);
      expect(ask(world, epoch)).toMatchObject({ since: epoch.number, changed: [] });
      for (const other of [
        { ...epoch, history: "another" },
        { ...epoch, number: epoch.number + 1 },
      ])
        expect(ask(world, other)).toMatchObject({ since: 0, changed: [{ id: A, number: 1 }] });
      world.journal = new Journal(world.storage, LEASE_MS, () => world.clock, profile, leaseRule, "another version");
      expect(ask(world, epoch).since).toBe(0);
      world.restart();
      expect(ask(world, epoch).since).toBe(epoch.number);
      world.journal.changes.startAfresh();
      expect(ask(world, epoch)).toMatchObject({ since: 0, changed: [{ id: A, number: 1 }] });
    }));

  it("lists a withdrawn case without words, and a case again when it can be shown no more", () =>
    withJournal((world) => {
      done(world.publish(0));
      done(world.publish(0, { id: B }));
      world.clock += 8_000;
      const { epoch } = ask(world, null);
      done(world.journal.withdraw(A, "consent", "tester"));
      world.clock += 8_000;
      const [withdrawn] = ask(world, epoch, true).changed;
      expect(withdrawn).toMatchObject({ id: A, number: 2, listed: { revision: { kind: "withdrawal" } } });
      expect(Object.keys(withdrawn!.listed!)).toEqual(["revision"]);
      const next = ask(world, epoch).epoch;
      world.storage.sql.exec("UPDATE revisions SET content = json_remove(content, '$.people') WHERE case_id = ?", B);
      world.journal.content.forget();
      expect(world.journal.readings.case(B)).toMatchObject({ value: { state: "unshowable" } });
      const [unshowable] = ask(world, next, true).changed;
      expect(unshowable).toMatchObject({ id: B, listed: { unshowable: { id: B, number: "UA 2/00" } } });
      expect(unshowable!.listed).not.toHaveProperty("summary");
    }));

  it("comes in pages of a bounded size, and a case that changes meanwhile comes again", () =>
    withJournal((world) => {
      const cases = 700;
      for (let number = 1; number <= cases; number++) done(world.publish(0, { id: `ua-${number}-00` }));
      world.clock += 8_000;
      let answer = ask(world, null, true);
      done(world.publish(1));
      world.clock += 8_000;
      const seen = new Map<string, number>();
      let pages = 1;
      for (; ; pages++) {
        expect(JSON.stringify(answer).length).toBeLessThan(160_000);
        for (const { id, number } of answer.changed) seen.set(id, number);
        if (!answer.more) break;
        answer = ask(world, answer.epoch, true);
      }
      expect(pages).toBeGreaterThan(1);
      expect(seen.size).toBe(cases);
      expect(seen.get(A)).toBe(2);
      expect(answer.epoch).toEqual(world.journal.changes.epoch());
    }));

  it("gives the terms of the earliest moments, and of every other case none that is longer, when thousands are near", () =>
    withJournal((world) => {
      const { clock } = world;
      for (let number = 1; number <= 2_100; number++)
        done(world.publish(0, { id: `ua-${number}-00`, liveAt: clock + 7_000 + number }));
      world.clock += 3_000;
      const { terms, validFor } = ask(world, null);
      expect([terms.length, terms[0], terms.at(-1)]).toEqual([2_000, [A, 2_001], ["ua-2000-00", 4_000]]);
      expect(validFor).toBe(4_001);
    }));
});

describe("The Ledger's clock", () => {
  it("never shows an older revision again when the machine's clock goes back 3 s at a moment", () =>
    withJournal((world) => {
      done(world.publish(0));
      world.clock += 7_000;
      expect(world.shown()).toBe(1);
      const { liveAt } = done(world.publish(1));
      world.clock = Date.parse(liveAt);
      expect(world.shown()).toBe(2);
      world.clock -= 3_000;
      expect(world.shown()).toBe(2);
      world.restart();
      expect(world.shown()).toBe(2);
      expect(refused(world.journal.undo(A, 2, "tester"))).toEqual({ tag: "not-pending", number: 2 });
      const next = done(world.publish(2));
      expect(Date.parse(next.liveAt)).toBe(Date.parse(liveAt) + 7_000);
    }));

  it("stores its mark before it shows a moment that comes between two looks at the clock", () =>
    withJournal((world) => {
      const moment = Date.parse(done(world.publish(0)).liveAt);
      const { readings } = new Journal(world.storage, LEASE_MS, () => world.clock++, profile);
      // The moment comes earlier and earlier during the read.
      for (let before = 10; before > 0; before--) {
        world.clock = moment - before;
        const shown = shownBy(readings.case(A));
        world.clock = moment - 1_000;
        expect([before, world.shown()]).toEqual([before, shown]);
      }
    }));

  it("does not show a moment early when the clock goes back before it", () =>
    withJournal((world) => {
      done(world.publish(0));
      world.clock += 6_999;
      expect(world.shown()).toBe("absent");
      world.clock -= 3_000;
      world.clock += 3_000;
      expect(world.shown()).toBe("absent");
      world.clock += 1;
      expect(world.shown()).toBe(1);
    }));

  it("lets no copy of the old revision outlive the moment when the clock jumps half a second forward", () =>
    withJournal((world) => {
      done(world.publish(0));
      world.clock += 7_000;
      const { liveAt } = done(world.publish(1));
      const copy = world.journal.readings.case(A);
      const asked = world.clock;
      // The copy's clock is right. The Ledger's jumps while the copy is valid.
      const liveAfter = Date.parse(liveAt) - asked - 500;
      expect(copy.validFor).toBeLessThan(liveAfter);
    }));

  it("counts a longer lease until it has run out after the setting changes from 30 s to 1 s", () =>
    withJournal((world) => {
      world.restart(30_000);
      done(world.publish(0));
      world.clock += 100_000;
      expect(world.journal.readings.case(A).validFor).toBe(30_000);
      world.restart(1_000);
      expect(world.journal.readings.case(A).validFor).toBe(1_000);
      expect(Date.parse(done(world.publish(1)).liveAt)).toBe(world.clock + 32_000);
      world.clock += 29_999;
      world.restart(1_000);
      expect(Date.parse(done(world.publish(2, { liveAt: world.clock + 60_000 })).liveAt)).toBe(world.clock + 60_000);
      done(world.journal.undo(A, 3, "tester"));
      done(world.journal.undo(A, 2, "tester"));
      expect(Date.parse(done(world.publish(1)).liveAt)).toBe(world.clock + 32_000);
      done(world.journal.undo(A, 4, "tester"));
      world.clock += 1;
      expect(Date.parse(done(world.publish(1)).liveAt)).toBe(world.clock + 3_000);
    }));
});

describe("The order of revisions", () => {
  it("allows an undo until the last millisecond before the moment, and not at it", () =>
    withJournal((world) => {
      done(world.publish(0));
      world.clock += 6_999;
      done(world.journal.undo(A, 1, "tester"));
      world.clock += 10;
      expect(world.shown()).toBe("absent");
      for (const late of [0, 1]) {
        const newest = world.journal.readings.desk(A)?.revision.number ?? 0;
        const { revision } = done(world.publish(newest));
        world.clock += 7_000 + late;
        expect(refused(world.journal.undo(A, revision, "tester"))).toEqual({ tag: "not-pending", number: revision });
        expect(world.shown()).toBe(revision);
      }
    }));

  it("refuses a publish that would overtake a pending one, and names the remedies", () =>
    withJournal((world) => {
      done(world.publish(0));
      world.clock += 10_000;
      const later = world.clock + 100_000;
      done(world.publish(1, { liveAt: later }));
      const before = world.journal.readings.desk(A);
      expect(refused(world.publish(2))).toEqual({
        tag: "overtakes-pending",
        pending: 2,
        liveAt: new Date(later).toISOString(),
      });
      expect(refused(world.publish(2, { liveAt: later }))).toMatchObject({ tag: "overtakes-pending" });
      expect(world.journal.readings.desk(A)).toEqual(before);
      expect(refused(world.publish(7, { replace: 2 }))).toMatchObject({ tag: "precondition-failed" });
      // Based on the live head, or on the revision that it replaces: both authors have seen what readers see.
      done(world.publish(1, { replace: 2, liveAt: later }));
      const replaced = done(world.publish(3, { replace: 3 }));
      expect(replaced.revision).toBe(4);
      world.clock += 7_000;
      expect(world.shown()).toBe(4);
      expect(world.journal.readings.history(A).value?.map((revision) => revision.number)).toEqual([4, 1]);
    }));

  it("allows only the newest pending revision to be undone or replaced", () =>
    withJournal((world) => {
      done(world.publish(0));
      done(world.publish(1, { liveAt: world.clock + 20_000 }));
      expect(refused(world.journal.undo(A, 1, "tester"))).toEqual({ tag: "not-newest-pending", number: 1, newest: 2 });
      expect(refused(world.publish(2, { replace: 1 }))).toEqual({ tag: "not-newest-pending", number: 1, newest: 2 });
      expect(refused(world.journal.undo(A, 9, "tester"))).toMatchObject({ tag: "unknown-revision" });
      done(world.journal.undo(A, 2, "tester"));
      done(world.journal.undo(A, 1, "tester"));
      expect(world.journal.readings.desk(A)).toBeNull();
    }));

  it("never uses a number twice, and refuses a publish based on a revision that was not seen", () =>
    withJournal((world) => {
      expect(done(world.publish(0)).revision).toBe(1);
      done(world.journal.undo(A, 1, "tester"));
      expect(done(world.publish(0)).revision).toBe(2);
      expect(refused(world.publish(0))).toEqual({ tag: "exists", newest: 2 });
      expect(refused(world.publish(1))).toEqual({ tag: "precondition-failed", newest: 2 });
      expect(refused(world.publish(2, { liveAt: world.clock + 6_999 }))).toMatchObject({ tag: "too-early" });
      expect(world.journal.audit.newest(A, 10).map(({ action, number }) => [action, number])).toEqual([
        ["publish", 2],
        ["undo", 1],
        ["publish", 1],
      ]);
    }));
});

describe("An erasure in the Ledger", () => {
  const rows = (world: World) =>
    JSON.stringify(world.storage.sql.exec("SELECT content, note, summary, changes FROM revisions").toArray());

  it("by withdrawal cancels pending revisions at once, erases the history at its moment, and is final", () =>
    withJournal((world) => {
      done(world.publish(0));
      world.clock += 8_000;
      done(world.publish(1, { liveAt: world.clock + 50_000, note: { en: "pending note" } }));
      const { cancelled, published } = done(world.journal.withdraw(A, "consent", "tester"));
      expect(cancelled).toEqual([2]);
      expect(rows(world)).not.toContain("pending note");
      expect(world.shown()).toBe(1);
      world.clock = Date.parse(published!.liveAt);
      expect(world.shown()).toBe("withdrawn");
      expect(rows(world)).not.toMatch(/Invented|Based/);
      expect(world.journal.readings.summaries().value.cases).toEqual([]);
      expect(world.journal.readings.heads().value).toEqual([{ id: A, number: 3 }]);
      expect(world.journal.readings.revision(A, 1).value).toMatchObject({
        state: "withdrawn",
        revision: { reason: "consent" },
      });
      world.clock += 60_000;
      expect(world.shown()).toBe("withdrawn");
      expect(refused(world.publish(3))).toMatchObject({ tag: "withdrawn" });
    }));

  it("by withdrawal can be undone until its moment", () =>
    withJournal((world) => {
      done(world.publish(0));
      world.clock += 8_000;
      const { published } = done(world.journal.withdraw(A, "mistake", "tester"));
      expect(refused(world.publish(2))).toMatchObject({ tag: "overtakes-pending", pending: 2 });
      done(world.journal.undo(A, published!.revision, "tester"));
      world.clock += 8_000;
      expect(world.shown()).toBe(1);
    }));

  it("by redaction removes earlier content, keeps the case, and leaves a hash chain that verifies", () =>
    withJournal((world) => {
      done(world.publish(0, { note: { en: "names Somebody Invented" } }));
      world.clock += 8_000;
      done(world.publish(1, { kind: "redaction", case: inventedCase(1, { people: [] }) }));
      expect(world.journal.readings.revision(A, 1).value.state).toBe("present");
      world.clock += 8_000;
      expect(world.shown()).toBe(2);
      expect(rows(world)).not.toMatch(/Inventid|Somebody/);
      expect(world.journal.readings.revision(A, 1).value.state).toBe("erased");
      const [second, first] = world.journal.readings.history(A).value!;
      expect(second!.previousHash).toBe(first!.hash);
      // Hashes can still be recomputed: of the erased revision from its stored hashes, of the other from its content and salt.
      expect(digest(first!.previousHash + first!.contentHash)).toBe(first!.hash);
      const { case: fields, revision } = (world.journal.readings.case(A).value as { record: CaseRecord }).record;
      const { kind, liveAt, note, number } = revision;
      const salts = "SELECT salt FROM revisions ORDER BY number";
      const [erased, standing] = world.storage.sql.exec<{ salt: string | null }>(salts).toArray();
      expect(erased!.salt).toBeNull();
      const salt = standing!.salt as string;
      const content = { case: fields, kind, liveAt, note, number, salt, version: CONTENT_VERSION };
      expect(hashesOf(content, first!.hash)).toEqual({
        contentHash: second!.contentHash,
        hash: second!.hash,
      });
      expect(first!.note).toEqual({});
    }));
});

describe("The recent revisions", () => {
  const B = "ua-2-00";
  const numbers = (world: World, id: string | null) =>
    world.journal.readings.recent(id).value.map(({ id, revision }) => `${id} ${revision.number}`);

  it("are listed newest first, across cases and for one, and never before their moment", () =>
    withJournal((world) => {
      done(world.publish(0));
      done(world.publish(0, { id: B }));
      expect(numbers(world, null)).toEqual([]);
      world.clock += 8_000;
      done(world.publish(1));
      expect(numbers(world, null)).toEqual([`${B} 1`, `${A} 1`]);
      world.clock += 8_000;
      expect(numbers(world, null)).toEqual([`${A} 2`, `${B} 1`, `${A} 1`]);
      expect(numbers(world, A)).toEqual([`${A} 2`, `${A} 1`]);
      const [newest] = world.journal.readings.recent(A).value;
      expect(newest).toMatchObject({ revision: { note: { en: "Based on 1" } }, summary: { id: A, number: "UA 1/00" } });
      expect(newest).not.toHaveProperty("erasedAt");
    }));

  it("are at most fifty", () =>
    withJournal((world) => {
      for (let number = 1; number <= 60; number++) done(world.publish(0, { id: `ua-${number}-00` }));
      world.clock += 8_000;
      expect(numbers(world, null)).toHaveLength(50);
      expect(numbers(world, null)[0]).toBe("ua-60-00 1");
    }));

  it("say nothing that was erased, and of a withdrawn case only its withdrawal", () =>
    withJournal((world) => {
      done(world.publish(0));
      done(world.publish(0, { id: B }));
      world.clock += 8_000;
      const { liveAt } = done(world.publish(1, { kind: "redaction" }));
      done(world.journal.withdraw(B, "consent", "tester"));
      world.clock += 8_000;
      const recent = world.journal.readings.recent(null).value;
      expect(recent.map(({ id, revision, summary, erasedAt }) => [id, revision.kind, summary?.id, erasedAt])).toEqual([
        [B, "withdrawal", undefined, undefined],
        [A, "redaction", A, undefined],
        [A, "update", undefined, liveAt],
      ]);
      expect(recent[2]?.revision.note).toEqual({});
    }));
});

describe("Announcements", () => {
  it("wait for the moment and are kept until each audience has acknowledged", () =>
    withJournal((world) => {
      const { liveAt } = done(world.publish(0));
      expect(world.journal.nextAlarm()).toBe(Date.parse(liveAt));
      expect(world.journal.announcements.due()).toEqual([]);
      world.clock = Date.parse(liveAt);
      expect(world.journal.settle()).toBe(1);
      expect(world.journal.settle()).toBe(0);
      const due = world.journal.announcements.due();
      expect(due.map(({ audience, number }) => [audience, number]).sort()).toEqual([
        ["channel", 1],
        ["dispatcher", 1],
      ]);
      world.journal.announcements.acknowledge(due[0]!);
      world.journal.announcements.postpone(due[1]!);
      expect(world.journal.announcements.due()).toEqual([]);
      expect(world.journal.nextAlarm()).toBe(world.clock + 250);
      world.clock += 250;
      expect(world.journal.announcements.due()).toHaveLength(1);
    }));
});

beforeEach(() => {
  expect(env.LEASE_SECONDS).toBe("5");
});
