/**
 * The Ledger's rules on its own storage: its clock, the order of revisions and
 * erasures.
 */
import { describe, expect } from "vitest";
import { CONTENT_VERSION } from "../../../../shared/case/versions/steps.ts";
import type { CaseRecord } from "../../../../shared/revision.ts";
import { hashesOf } from "../../../../worker/objects/ledger/hash-chain.ts";
import { Journal } from "../../../../worker/objects/ledger/journal.ts";
import { MAX_SETTLED } from "../../../../worker/objects/ledger/revisions.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import { profile } from "../../../support/profile.ts";
import { casesIn, changedIn } from "../../all-cases.ts";
import {
  A,
  done,
  it,
  LEASE_MS,
  type Newsroom,
  refused,
  shownBy,
} from "./newsroom.ts";

describe("The Ledger's clock", () => {
  it("never shows an older revision again when the machine's clock goes back 3 s at a moment", (room) => {
    done(room.offer(0));
    room.clock += 6_999;
    expect(room.shown()).toBe("absent");
    room.clock++;
    expect(room.shown()).toBe(1);
    const { liveAt } = done(room.offer(1));
    room.clock = Date.parse(liveAt);
    expect(room.shown()).toBe(2);
    room.clock -= 3_000;
    expect(room.shown()).toBe(2);
    room.restart();
    expect(room.shown()).toBe(2);
    expect(refused(room.journal.undo(A, 2, "tester"))).toEqual({
      tag: "not-pending",
      number: 2,
    });
    const next = done(room.offer(2));
    expect(Date.parse(next.liveAt)).toBe(Date.parse(liveAt) + 7_000);
  });

  it("stores its mark before it shows a moment that comes between two looks at the clock", (room) => {
    const moment = Date.parse(done(room.offer(0)).liveAt);
    const { readings } = new Journal(
      room.storage,
      LEASE_MS,
      () => room.clock++,
      profile,
    );
    // The moment comes earlier and earlier during the read.
    for (let before = 10; before > 0; before--) {
      room.clock = moment - before;
      const shown = shownBy(readings.case(A));
      room.clock = moment - 1_000;
      expect([before, room.shown()]).toEqual([before, shown]);
    }
  });

  it("counts a longer lease until it has run out after the setting changes from 30 s to 1 s", (room) => {
    room.restart(30_000);
    done(room.offer(0));
    room.clock += 100_000;
    expect(room.journal.readings.case(A).validFor).toBe(30_000);
    room.restart(1_000);
    expect(room.journal.readings.case(A).validFor).toBe(1_000);
    expect(Date.parse(done(room.offer(1)).liveAt)).toBe(room.clock + 32_000);
    room.clock += 29_999;
    room.restart(1_000);
    expect(
      Date.parse(done(room.offer(2, { liveAt: room.clock + 60_000 })).liveAt),
    ).toBe(room.clock + 60_000);
    done(room.journal.undo(A, 3, "tester"));
    done(room.journal.undo(A, 2, "tester"));
    expect(Date.parse(done(room.offer(1)).liveAt)).toBe(room.clock + 32_000);
    done(room.journal.undo(A, 4, "tester"));
    room.clock += 1;
    expect(Date.parse(done(room.offer(1)).liveAt)).toBe(room.clock + 3_000);
  });
});

describe("The order of revisions", () => {
  it("allows an undo until the last millisecond before the moment, and not at it", (room) => {
    done(room.offer(0));
    room.clock += 6_999;
    done(room.journal.undo(A, 1, "tester"));
    room.clock += 10;
    expect(room.shown()).toBe("absent");
    for (const late of [0, 1]) {
      const newest = room.journal.desk.record(A)?.revision.number ?? 0;
      const { revision } = done(room.offer(newest));
      room.clock += 7_000 + late;
      expect(refused(room.journal.undo(A, revision, "tester"))).toEqual({
        tag: "not-pending",
        number: revision,
      });
      expect(room.shown()).toBe(revision);
    }
  });

  it("refuses a publish that would overtake a pending one, and names the remedies", (room) => {
    done(room.offer(0));
    room.clock += 10_000;
    const later = room.clock + 100_000;
    done(room.offer(1, { liveAt: later }));
    const before = room.journal.desk.record(A);
    expect(refused(room.offer(2))).toEqual({
      tag: "overtakes-pending",
      pending: 2,
      liveAt: new Date(later).toISOString(),
    });
    expect(refused(room.offer(2, { liveAt: later }))).toMatchObject({
      tag: "overtakes-pending",
    });
    expect(room.journal.desk.record(A)).toEqual(before);
    expect(refused(room.offer(7, { replace: 2 }))).toMatchObject({
      tag: "precondition-failed",
    });
    // Based on the live head, or on the revision that it replaces: both authors
    // have seen what readers see.
    done(room.offer(1, { replace: 2, liveAt: later }));
    const replaced = done(room.offer(3, { replace: 3 }));
    expect(replaced.revision).toBe(4);
    room.clock += 7_000;
    expect(room.shown()).toBe(4);
    const { revisions } = room.journal.readings.historyPage(A, null, 9).value!;
    expect(revisions.map(({ number }) => number)).toEqual([4, 1]);
  });

  it("allows only the newest pending revision to be undone or replaced", (room) => {
    done(room.offer(0));
    done(room.offer(1, { liveAt: room.clock + 20_000 }));
    expect(refused(room.journal.undo(A, 1, "tester"))).toEqual({
      tag: "not-newest-pending",
      number: 1,
      newest: 2,
    });
    expect(refused(room.offer(2, { replace: 1 }))).toEqual({
      tag: "not-newest-pending",
      number: 1,
      newest: 2,
    });
    expect(refused(room.journal.undo(A, 9, "tester"))).toMatchObject({
      tag: "unknown-revision",
    });
    done(room.journal.undo(A, 2, "tester"));
    done(room.journal.undo(A, 1, "tester"));
    expect(room.journal.desk.record(A)).toBeNull();
  });

  it("never uses a number twice", (room) => {
    expect(done(room.offer(0)).revision).toBe(1);
    done(room.journal.undo(A, 1, "tester"));
    expect(done(room.offer(0)).revision).toBe(2);
    expect(
      refused(room.offer(2, { liveAt: room.clock + 6_999 })),
    ).toMatchObject({ tag: "too-early" });
    const actions = room.journal.audit
      .newest(A, 10)
      .map(({ action, number }) => `${action} ${number}`);
    expect(actions).toEqual(["publish 2", "undo 1", "publish 1"]);
  });
});

describe("Proposals", () => {
  it("wait in limited numbers: 20 of a case, 50 of an editor", (room) => {
    const propose = (number: number) =>
      room.review.propose(room.command(0, `ua-${number}-00`));
    for (let count = 0; count < 20; count++) done(propose(1));
    expect(refused(propose(1))).toEqual({
      tag: "too-many-proposals",
      most: 20,
      of: "case",
    });
    for (let number = 2; number < 32; number++) done(propose(number));
    expect(refused(propose(32))).toEqual({
      tag: "too-many-proposals",
      most: 50,
      of: "editor",
    });
  });
});

describe("An erasure in the Ledger", () => {
  const rows = (room: Newsroom) =>
    JSON.stringify(
      room.sql("SELECT content, note, summary, changes FROM revisions"),
    );

  it("by withdrawal cancels pending revisions, erases them and the history at its moment, and is final", (room) => {
    done(room.offer(0));
    room.clock += 8_000;
    done(
      room.offer(1, {
        liveAt: room.clock + 50_000,
        note: { en: "pending note" },
      }),
    );
    const { cancelled, published } = done(
      room.journal.withdraw(A, "consent", "tester"),
    );
    expect(cancelled).toEqual([2]);
    expect(room.shown()).toBe(1);
    room.clock = Date.parse(published!.liveAt);
    expect(room.shown()).toBe("withdrawn");
    expect(rows(room)).not.toMatch(/Invented|Note|pending/);
    expect(casesIn(room.journal).cases).toEqual([]);
    expect(changedIn(room.journal)).toMatchObject([{ id: A }]);
    expect(room.journal.readings.revision(A, 1).value).toMatchObject({
      state: "withdrawn",
      revision: { reason: "consent" },
    });
    room.clock += 60_000;
    expect(room.shown()).toBe("withdrawn");
    expect(refused(room.offer(3))).toMatchObject({ tag: "withdrawn" });
  });

  it("by withdrawal can be undone until its moment", (room) => {
    done(room.offer(0));
    room.clock += 8_000;
    const { published } = done(room.journal.withdraw(A, "mistake", "tester"));
    for (const replace of [{}, { replace: 2 }])
      expect(refused(room.offer(2, replace))).toMatchObject({
        tag: "overtakes-pending",
        pending: 2,
      });
    done(room.journal.undo(A, published!.revision, "tester"));
    room.clock += 8_000;
    expect(room.shown()).toBe(1);
  });

  it("by redaction removes earlier content, keeps the case, and leaves a hash chain that verifies", (room) => {
    done(room.offer(0, { note: { en: "names Somebody Invented" } }));
    room.clock += 8_000;
    room.erase(A, [{ what: "person", person: "invented-person-one" }]);
    expect(room.journal.readings.revision(A, 1).value.state).toBe("present");
    room.clock += 8_000;
    expect(room.shown()).toBe(2);
    expect(rows(room)).not.toMatch(/Inventid|Somebody/);
    expect(room.journal.readings.revision(A, 1).value.state).toBe("erased");
    const [second, first] = room.journal.readings.historyPage(A, null, 9).value!
      .revisions;
    expect(second!.previousHash).toBe(first!.hash);
    // Hashes can still be recomputed: of the erased revision from its stored
    // hashes, of the other from its content and salt.
    expect(digest(first!.previousHash + first!.contentHash)).toBe(first!.hash);
    const { case: fields, revision } = (room.state() as { record: CaseRecord })
      .record;
    const { kind, liveAt, note, number } = revision;
    const [erased, standing] = room.sql(
      "SELECT salt FROM revisions ORDER BY number",
    );
    expect(erased!.salt).toBeNull();
    const salt = standing!.salt as string;
    const content = {
      case: fields,
      kind,
      liveAt,
      note,
      number,
      salt,
      version: CONTENT_VERSION,
    };
    const { contentHash, hash } = second!;
    expect(hashesOf(content, first!.hash)).toEqual({ contentHash, hash });
    expect(first!.note).toEqual({});
  });
});

it("The recent revisions are at most fifty, newest first", (room) => {
  for (let number = 1; number <= 60; number++)
    done(room.offer(0, { id: `ua-${number}-00` }));
  room.clock += 8_000;
  const ids = room.journal.readings.recent(null).value.map(({ id }) => id);
  expect(ids).toEqual(
    Array.from({ length: 50 }, (_, index) => `ua-${60 - index}-00`),
  );
});

describe("Moments that many cases share", () => {
  const numbered = (number: number) => `ua-${number}-00`;

  it("are settled to the end after a restart in the middle, when several have passed unnoticed", (room) => {
    const cases = MAX_SETTLED + 20;
    for (let number = 1; number <= cases; number++)
      done(
        room.offer(0, {
          id: numbered(number),
          liveAt: room.clock + (number > 20 ? 8_000 : 9_000),
        }),
      );
    room.clock += 60_000;
    const { log } = room.journal;
    const append = log.append.bind(log);
    let transactions = 0;
    log.append = (due) => {
      if (++transactions === 2) throw new Error("the process ends");
      append(due);
    };
    expect(() => room.journal.settle()).toThrow("the process ends");
    room.restart();
    expect(room.shown(numbered(1))).toBe(1);
    const [order, logged] = ["change_log", "log_entries"].map((table) =>
      room
        .sql(`SELECT case_id FROM ${table} ORDER BY position`)
        .map((row) => row.case_id),
    );
    const byMoment = Array.from({ length: cases }, (_, index) =>
      numbered(1 + ((index + 20) % cases)),
    );
    expect([order, logged]).toEqual([byMoment, byMoment]);
    expect(room.journal.log.head().size).toBe(cases);
  });
});
