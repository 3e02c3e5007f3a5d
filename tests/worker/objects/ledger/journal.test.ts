/** The Ledger's rules on its own storage: its clock, the order of revisions, erasures and announcements. */
import { describe, expect, it } from "vitest";
import { CONTENT_VERSION } from "../../../../shared/case/versions/steps.ts";
import type { CaseRecord } from "../../../../shared/revision.ts";
import { hashesOf } from "../../../../worker/objects/ledger/hash-chain.ts";
import { Journal } from "../../../../worker/objects/ledger/journal.ts";
import { MAX_SETTLED } from "../../../../worker/objects/ledger/revisions.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import { inventedCase } from "../../../invented.ts";
import { profile } from "../../../profile.ts";
import { casesIn, changedIn } from "../../all-cases.ts";
import { A, done, LEASE_MS, refused, shownBy, type World, withJournal } from "./journal-world.ts";

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
        const newest = world.journal.desk.record(A)?.revision.number ?? 0;
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
      const before = world.journal.desk.record(A);
      expect(refused(world.publish(2))).toEqual({
        tag: "overtakes-pending",
        pending: 2,
        liveAt: new Date(later).toISOString(),
      });
      expect(refused(world.publish(2, { liveAt: later }))).toMatchObject({ tag: "overtakes-pending" });
      expect(world.journal.desk.record(A)).toEqual(before);
      expect(refused(world.publish(7, { replace: 2 }))).toMatchObject({ tag: "precondition-failed" });
      // Based on the live head, or on the revision that it replaces: both authors have seen what readers see.
      done(world.publish(1, { replace: 2, liveAt: later }));
      const replaced = done(world.publish(3, { replace: 3 }));
      expect(replaced.revision).toBe(4);
      world.clock += 7_000;
      expect(world.shown()).toBe(4);
      expect(world.journal.readings.historyPage(A, null, 9).value?.revisions.map(({ number }) => number)).toEqual([
        4, 1,
      ]);
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
      expect(world.journal.desk.record(A)).toBeNull();
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
      expect(casesIn(world.journal).cases).toEqual([]);
      expect(changedIn(world.journal)).toMatchObject([{ id: A }]);
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
      const [second, first] = world.journal.readings.historyPage(A, null, 9).value!.revisions;
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
      expect(world.journal.announcements.due(100)).toEqual([]);
      world.clock = Date.parse(liveAt);
      expect(world.journal.settle()).toBe(1);
      expect(world.journal.settle()).toBe(0);
      const due = world.journal.announcements.due(100);
      expect(due.map(({ audience, number }) => [audience, number]).sort()).toEqual([
        ["channel", 1],
        ["dispatcher", 1],
      ]);
      world.journal.announcements.acknowledge(due[0]!);
      world.journal.announcements.postpone(due[1]!);
      expect(world.journal.announcements.due(100)).toEqual([]);
      expect(world.journal.nextAlarm()).toBe(world.clock + 250);
      world.clock += 250;
      expect(world.journal.announcements.due(100)).toHaveLength(1);
    }));

  it("to a Channel that begins to listen while they wait come early, and late again once it is empty", () =>
    withJournal(async (world) => {
      const [B, C] = ["ua-2-00", "ua-3-00"];
      for (const id of [A, B, C]) world.publish(0, { id, liveAt: world.clock + 60_000 });
      world.clock += 60_000;
      world.journal.settle();
      const { announcements, channels } = world.journal;
      const channelsInOrder = () =>
        announcements.due(100).flatMap(({ audience, id }) => (audience === "channel" ? id : []));
      const followers = Array.from({ length: 3 }, () => "dispatcher");
      const audiences = () => announcements.due(100).map(({ audience }) => audience);
      expect(audiences()).toEqual([...followers, "channel", "channel", "channel"]);
      for (const shard of [0, 1]) channels.register({ id: C, shard });
      expect(audiences()).toEqual(["channel", ...followers, "channel", "channel"]);
      expect(channelsInOrder()).toEqual([C, A, B]);
      const isEmpty = (shard: number) => channels.beginRound()([{ id: C, shard, sockets: null }]);
      isEmpty(0);
      expect(channelsInOrder()).toEqual([C, A, B]);
      isEmpty(1);
      expect(channelsInOrder()).toEqual([A, B, C]);
    }));
});

describe("Moments that many cases share", () => {
  const numbered = (number: number) => `ua-${number}-00`;

  it("are settled to the end after a restart in the middle, when several have passed unnoticed", () =>
    withJournal((world) => {
      const cases = MAX_SETTLED + 20;
      for (let number = 1; number <= cases; number++)
        done(world.publish(0, { id: numbered(number), liveAt: world.clock + (number > 20 ? 8_000 : 9_000) }));
      world.clock += 60_000;
      const { log } = world.journal;
      const append = log.append.bind(log);
      let transactions = 0;
      log.append = (due) => {
        if (++transactions === 2) throw new Error("the process ends");
        append(due);
      };
      expect(() => world.journal.settle()).toThrow("the process ends");
      world.restart();
      expect(world.shown(numbered(1))).toBe(1);
      const [order, logged] = ["change_log ORDER BY position", "log_entries ORDER BY position"].map((from) =>
        world.storage.sql
          .exec<{ case_id: string }>(`SELECT case_id FROM ${from}`)
          .toArray()
          .map((row) => row.case_id),
      );
      const byMoment = Array.from({ length: cases }, (_, index) => numbered(1 + ((index + 20) % cases)));
      expect([order, logged]).toEqual([byMoment, byMoment]);
      expect(world.journal.log.head().size).toBe(cases);
    }));
});
