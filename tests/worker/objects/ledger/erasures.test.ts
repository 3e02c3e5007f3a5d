/** Restores of an older backup, with the erasures that were made since. */

import { describe, expect } from "vitest";
import {
  type CaseSummary,
  standingCorrections,
} from "../../../../shared/view/summary.ts";
import { inventedCase } from "../../../support/invented.ts";
import { casesIn, changedIn } from "../../all-cases.ts";
import {
  A,
  B,
  C,
  done,
  it,
  type Newsroom,
  NOTHING,
  refused,
  resealed,
} from "./newsroom.ts";

describe("An older backup", () => {
  it("brings back nothing that was withdrawn, redacted or undone since", async (room) => {
    const [D, E] = ["ua-4-00", "ua-5-00"] as const;
    for (const id of [A, B, C, D]) room.publish(id);
    room.pass();
    room.goLive(B);
    room.publish(D, { liveAt: room.clock + 3_600_000 });
    room.work(A);
    room.work(C);
    const backup = await room.export();
    // Since the backup: A updated and withdrawn, B redacted, D's embargo
    // undone, E new and withdrawn; C untouched.
    room.publish(A);
    room.publish(E);
    room.redact(B);
    done(room.journal.undo(D, 2, "tester"));
    room.pass();
    done(room.journal.withdraw(A, "safety", "tester"));
    done(room.journal.withdraw(E, "consent", "tester"));
    room.pass();
    const erasures = room.erasures();
    expect(erasures).not.toContain("Secret");
    const trace = room.state(A);
    await room.wipe();
    room.pass(3_600_000);

    // Nothing can be read before the erasures are applied too, and a crash
    // between the rows and their erasures leaves nothing.
    room.meanwhile = () =>
      expect([A, B].map((id) => room.shown(id))).toEqual(["absent", "absent"]);
    room.journal.eraseBefore = () => {
      expect(room.everything()).toContain(`Secret ${B}`);
      throw new Error("the process ends");
    };
    await expect(room.restore(erasures + backup, false)).rejects.toThrow(
      "the process ends",
    );
    expect([room.everything(), room.shown(B)]).toEqual([NOTHING, "absent"]);
    room.restart();
    const restored = done(await room.restore(erasures + backup, false));
    expect(refused(await room.restore(backup + erasures, true))).toEqual({
      tag: "not-empty",
    });
    room.journal.settle();
    expect(room.journal.audit.newest(D, 1)).toMatchObject([
      { action: "restore", number: 2 },
    ]);
    expect(restored).toMatchObject({
      erasures: 4,
      lost: [{ case: B, number: 3 }],
      pending: [],
    });
    for (const id of [A, B, E])
      expect([id, room.everything().includes(`Secret ${id}`)]).toEqual([
        id,
        false,
      ]);
    expect(room.state(A)).toEqual(trace);
    expect(room.state(B)).toMatchObject({
      state: "withdrawn",
      revision: { kind: "redaction" },
    });
    expect([C, D, E].map((id) => room.shown(id))).toEqual([1, 1, "withdrawn"]);
    expect(room.dump("drafts", "proposals")).toMatchObject([
      [{ case_id: C }],
      [{ case_id: C }],
    ]);
    const { cases } = casesIn(room.journal);
    expect(cases.map(({ id }) => id).sort()).toEqual([C, D]);
    expect(room.journal.announcements.due(100)).toEqual([]);
    expect(
      JSON.stringify(room.journal.readings.recent(null).value),
    ).not.toContain(`Secret ${B}`);
    // The redacted case can be published again, and a new backup restores all
    // of it.
    expect([room.goLive(B), room.shown(B)]).toEqual([4, 4]);
    const again = await room.export();
    const sinceThen = room.erasures();
    expect(await room.restored(sinceThen + again, false)).toMatchObject({
      erasures: 0,
      lost: [],
    });
  });

  it("brings back no unfinished work of a case that was withdrawn before it was ever live", async (room) => {
    room.publish(A);
    room.publish(B, { liveAt: room.clock + 3_600_000 });
    room.pass();
    // B is pending, C is still a draft.
    room.work(B);
    room.work(C, 0);
    const backup = await room.export();
    for (const id of [B, C])
      done(room.journal.withdraw(id, "consent", "tester"));
    const erasures = room.erasures();
    room.work(C, 0);
    const later = await room.export();
    const laterErasures = room.erasures();

    for (const [file, drafts] of [
      [erasures + backup, 0],
      [laterErasures + later, 1],
    ] as const) {
      await room.wipe();
      room.pass(60_000);
      expect(done(await room.restore(file, false))).toMatchObject({
        drafts,
        proposals: drafts,
      });
      expect(
        [B, C].map((id) => room.everything().includes(`Secret ${id}`)),
      ).toEqual([false, drafts > 0]);
      // The erasure is stored for good, and it removes nothing from backups
      // made after it.
      const again = await room.export();
      const known = room.erasures();
      expect(await room.restored(known + again, false)).toMatchObject({
        drafts,
        erasures: 0,
      });
      if (drafts === 0)
        expect(await room.restored(known + backup, false)).toMatchObject({
          drafts: 0,
          proposals: 0,
        });
    }
  });

  it("is refused without the erasures made since, with those of another ledger, or with damaged ones", async (room) => {
    room.live();
    const backup = await room.export();
    const erasures = room.erasures();
    await room.wipe();
    room.pass();
    room.live();
    const foreign = room.erasures();
    const stale = erasures.replace(
      /"madeAt":"[^"]*"/,
      '"madeAt":"2025-12-31T00:00:00.000Z"',
    );
    await room.wipe();
    expect(refused(await room.restore(backup, false))).toEqual({
      tag: "erasures-missing",
    });
    expect(room.everything()).toBe(NOTHING);
    const lines = erasures.trimEnd().split("\n");
    for (const [file, reason] of [
      [foreign, "foreign-erasures"],
      [resealed(stale, (rows) => rows), "older-erasures"],
      [erasures + erasures, "wrong-file"],
    ] as const) {
      expect(refused(await room.restore(file + backup, false))).toMatchObject({
        tag: "unfit-backup",
        reason,
      });
      expect(room.everything()).toBe(NOTHING);
    }
    for (const file of [
      erasures.slice(0, -20),
      `${lines.slice(0, -1).join("\n")}\n`,
      `${lines.with(1, lines[2]!).join("\n")}\n`,
      resealed(erasures, (rows) => rows.with(0, { ...rows[0], content: {} })),
    ]) {
      expect(refused(await room.restore(file + backup, false))).toMatchObject({
        tag: "damaged-backup",
      });
      expect(room.everything()).toBe(NOTHING);
    }
    done(await room.restore(erasures + backup, false));
  });
});

const DAY_MS = 86_400_000;
const released = inventedCase(1);
released.people[0]!.custody!.value = "released";

describe("A correction", () => {
  /**
   * The correction before the head, as the case says it and, alike, every list.
   */
  const corrected = (room: Newsroom) => {
    const { journal, clock } = room;
    const state = room.state(A);
    const { corrected } = state.state === "present" ? state : {};
    const expected = corrected && {
      number: corrected.number,
      kind: "correction",
      liveAt: corrected.liveAt,
    };
    // An answer at hand may still name one that has run out, so each surface
    // looks at the clock.
    const [newest] = JSON.parse(journal.list.newest().text) as CaseSummary[];
    for (const entry of [
      newest,
      casesIn(journal).cases[0],
      changedIn(journal)[0]?.summary,
    ])
      expect(
        standingCorrections(entry!, clock).filter(
          ({ number }) => number !== entry!.revision.number,
        ),
      ).toEqual(expected ? [expected] : []);
    return corrected?.number;
  };

  it("is read with the later head for two weeks, and goes with a redaction, which erases its note", (room) => {
    room.goLive(A);
    room.goLive(A, { kind: "correction" });
    // The head itself is no earlier correction.
    expect(corrected(room)).toBeUndefined();
    room.goLive(A);
    expect(corrected(room)).toBe(2);
    room.pass(13 * DAY_MS);
    expect(corrected(room)).toBe(2);
    room.pass(DAY_MS);
    expect(corrected(room)).toBeUndefined();
    room.goLive(A, { kind: "correction" });
    room.redact(A);
    room.pass();
    expect(corrected(room)).toBeUndefined();
  });

  it("marks the update that it denies on whichever page of the history that stands", (room) => {
    const jailed = inventedCase(1);
    room.goLive(A, { case: jailed });
    room.goLive(A, { case: released });
    room.goLive(A, { case: released, note: { en: "More of the same" } });
    room.goLive(A, { case: jailed, kind: "correction" });
    const pages = [null, 4, 3, 2].map(
      (before) => room.journal.readings.historyPage(A, before, 1).value!,
    );
    expect(
      pages.map(({ revisions: [one], corrections }) => [
        one!.number,
        corrections,
      ]),
    ).toEqual([
      [4, []],
      [3, []],
      [2, [[2, 4]]],
      [1, []],
    ]);
  });
});

describe("Greater news before the head", () => {
  const earlier = (room: Newsroom) => {
    const state = room.state(A);
    return state.state === "present" ? state.earlier?.number : null;
  };

  it("is read with a lesser head for a week, and goes with a redaction", (room) => {
    room.goLive(A);
    room.goLive(A, { case: released });
    expect(earlier(room)).toBeUndefined();
    room.goLive(A, { case: { ...released, title: { en: "Another title" } } });
    expect(earlier(room)).toBe(2);
    room.pass(6 * DAY_MS);
    expect(earlier(room)).toBe(2);
    room.redact(A);
    room.pass();
    expect(earlier(room)).toBeUndefined();
  });
});
