/** An erasure in the Ledger: one transaction, which can be undone as a whole until its moment, and no more after it. */
import { describe, expect } from "vitest";
import type { Erase } from "../../../../worker/editing/rules/erase.ts";
import { inventedCase, inventedPerson, stated } from "../../../invented.ts";
import { A, B, done, it, type Newsroom, refused } from "./newsroom.ts";

const ROZA: Erase = { what: "person", person: "roza-demchuk" };

/** A case of two people, of whom one will be erased. */
const told = (number: number, more: object = {}) =>
  inventedCase(number, {
    title: { en: "Roza Demchuk and Olena Inventar held", uk: "Роза Демчук та Олена Інвентар під вартою" },
    summary: { en: "Roza Demchuk is held in Demoland. Her sister visited. Olena Inventar is held too." },
    people: [
      inventedPerson("Roza Demchuk", { custody: stated("imprisoned") }),
      inventedPerson("Olena Inventar", { custody: stated("imprisoned") }),
    ],
    events: [],
    ...more,
  });

/** Case A with a live revision and a pending one that names the same person. */
function withPending(room: Newsroom): number {
  room.goLive(A, { case: told(1) });
  const text = { en: "Roza Demchuk is ill. Olena Inventar is held too." };
  return room.publish(A, { case: told(1, { summary: text }), liveAt: room.clock + 3_600_000 });
}

const headOf = (room: Newsroom, id: string = A) => {
  const state = room.state(id);
  if (state.state !== "present") throw new Error(state.state);
  return state.record;
};
const stored = (room: Newsroom) => JSON.stringify(room.dump("revisions", "authors", "drafts", "proposals"));

describe("An erasure", () => {
  it("takes a person out at its moment, and all that earlier revisions said", (room) => {
    room.goLive(A, { case: told(1) });
    const { revision, again } = room.erase(A, [ROZA]);
    expect([revision, again]).toEqual([2, []]);
    expect(stored(room)).toContain("Demchuk");
    room.pass();
    expect(room.shown()).toBe(2);
    expect(headOf(room).case.people.map(({ id }) => id)).toEqual(["olena-inventar"]);
    expect(headOf(room).revision).toMatchObject({ kind: "redaction", changes: [] });
    expect(stored(room)).not.toMatch(/Demchuk|Роз|Демчук|roza/i);
  });

  it("commits what is pending again, without the person, at its old moment", (room) => {
    const pending = withPending(room);
    const before = room.journal.desk.record(A)!.revision;
    const erased = room.erase(A, [ROZA]);
    expect(erased).toMatchObject({ revision: pending + 1, cancelled: [pending] });
    expect(erased.again).toEqual([{ revision: pending + 2, liveAt: before.liveAt }]);
    room.pass();
    expect(room.shown()).toBe(pending + 1);
    expect(stored(room)).not.toMatch(/Demchuk|Демчук/);
    room.pass(3_600_000);
    expect(headOf(room).case.summary.en).toBe("[…] is ill. Olena Inventar is held too.");
    expect(headOf(room).revision).toMatchObject({ number: pending + 2, kind: "update", note: before.note });
  });

  it("comes before a pending revision whose moment is nearer", (room) => {
    room.goLive(A, { case: told(1) });
    room.publish(A, { case: told(1) });
    room.pass(3_000);
    const { liveAt, again } = room.erase(A, [ROZA]);
    expect(Date.parse(again[0]!.liveAt)).toBe(Date.parse(liveAt) + 1);
  });

  it("is undone as a whole until its moment", (room) => {
    const pending = withPending(room);
    const { summary } = room.journal.desk.caseAt(A, pending)!;
    const { liveAt } = room.journal.desk.record(A)!.revision;
    const { revision } = room.erase(A, [ROZA]);
    done(room.journal.undo(A, revision, "tester"));
    expect(room.journal.desk.record(A)).toMatchObject({ case: { summary }, revision: { number: pending + 3, liveAt } });
    room.pass();
    expect(headOf(room).case.people).toHaveLength(2);
    // What the undo committed again isn't stored twice.
    expect(room.sql("SELECT number FROM revisions WHERE content IS NOT NULL ORDER BY number")).toEqual([
      { number: 1 },
      { number: pending + 3 },
    ]);
    expect(refused(room.journal.undo(A, revision, "tester")).tag).toBe("unknown-revision");
  });

  it("is final at its moment", (room) => {
    room.goLive(A, { case: told(1) });
    const { revision } = room.erase(A, [ROZA]);
    room.pass();
    expect(refused(room.journal.undo(A, revision, "tester")).tag).toBe("not-pending");
  });

  it("is one erasure in several cases, and an undo takes all of it back", (room) => {
    room.goLive(A, { case: told(1) });
    room.goLive(B, { case: told(2, { title: { en: "About Roza Demchuk" } }) });
    const cases = [{ id: B, basedOn: 1 }];
    const shown = done(room.review.previewErasure(room.eraseCommand(A, [ROZA]), false));
    expect(shown.cases).toMatchObject([{ id: B, basedOn: 1, remaining: [] }]);
    const erased = room.erase(A, [ROZA], { cases });
    expect(erased.cases).toEqual([{ id: B, revision: 2, liveAt: erased.liveAt }]);
    done(room.journal.undo(A, erased.revision, "tester"));
    room.pass();
    expect([room.shown(A), room.shown(B)]).toEqual([1, 1]);
    room.erase(A, [ROZA], { cases });
    room.pass();
    expect(headOf(room, B).case.title.en).toBe("About […]");
    expect(stored(room)).not.toMatch(/Demchuk/);
  });

  it("needs the preview of exactly this erasure", (room) => {
    room.goLive(A, { case: told(1) });
    const seen = room.eraseCommand(A, [{ what: "sentence", sentence: "Her sister visited." }]).seen!;
    const command = room.eraseCommand(A, [ROZA]);
    for (const other of [
      { ...command, seen },
      { ...command, seen: "" },
    ])
      expect(refused(room.review.erase(other, false)).tag).toBe("erasure-unseen");
    expect(room.journal.newest(A)).toBe(1);
  });

  it("spares a word that an editor confirmed to be no form of the name", (room) => {
    room.goLive(A, { case: told(1, { issuer: "Demchuk Institute" }) });
    const { marked } = done(room.review.previewErasure(room.eraseCommand(A, [ROZA]), false));
    const alike = marked.filter(({ pointer }) => pointer === "/issuer").map(({ pointer, word }) => ({ pointer, word }));
    room.erase(A, [ROZA], { alike });
    room.pass();
    expect(headOf(room).case).toMatchObject({
      issuer: "Demchuk Institute",
      title: { en: "[…] and Olena Inventar held" },
    });
  });

  it("is refused where nothing stands, and by whoever hasn't seen the newest revision", (room) => {
    const command = { id: A, erase: [ROZA], editor: "tester", alike: [], cases: [], drafts: [], proposals: [] };
    const tag = (basedOn: number) => refused(room.review.previewErasure({ ...command, basedOn }, false)).tag;
    expect(tag(1)).toBe("unknown-case");
    room.publish(A, { case: told(1) });
    expect(tag(1)).toBe("nothing-to-erase");
    room.pass();
    expect(tag(2)).toBe("precondition-failed");
    room.erase(A, [ROZA]);
    expect(tag(2)).toBe("overtakes-pending");
    room.pass();
    expect(tag(2)).toBe("invalid-case");
    done(room.journal.withdraw(A, "consent", "tester"));
    room.pass();
    expect(tag(3)).toBe("withdrawn");
  });
});
