/**
 * An erasure in the Ledger: one transaction, which can be undone as a whole
 * until its moment, and no more after it.
 */
import { describe, expect } from "vitest";
import type { Erase, Erased } from "../../../../worker/editing/rules/erase.ts";
import type { EraseCommand } from "../../../../worker/objects/ledger/erasures.ts";
import {
  draftOf,
  inventedCase,
  inventedPerson,
  stated,
} from "../../../support/invented.ts";
import { A, B, C, done, it, type Newsroom, refused } from "./newsroom.ts";

const ROZA: Erase = { what: "person", person: "roza-demchuk" };

/** A case of two people, of whom one will be erased. */
const told = (number: number, more: object = {}) =>
  inventedCase(number, {
    title: {
      en: "Roza Demchuk and Olena Inventar held",
      uk: "Роза Демчук та Олена Інвентар під вартою",
    },
    summary: {
      en: "Roza Demchuk is held in Demoland. Her sister visited. Olena Inventar is held too.",
    },
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
  return room.publish(A, {
    case: told(1, { summary: text }),
    liveAt: room.clock + 3_600_000,
  });
}

const headOf = (room: Newsroom, id: string = A) => {
  const state = room.state(id);
  if (state.state !== "present") throw new Error(state.state);
  return state.record;
};
const stored = (room: Newsroom) =>
  JSON.stringify(room.dump("revisions", "authors", "drafts", "proposals"));

describe("An erasure", () => {
  it("takes a person out at its moment, and all that earlier revisions said, for good", (room) => {
    room.goLive(A, { case: told(1) });
    const { revision, again } = room.erase(A, [ROZA]);
    expect([revision, again]).toEqual([2, []]);
    expect(stored(room)).toContain("Demchuk");
    room.pass();
    expect(room.shown()).toBe(2);
    expect(headOf(room).case.people.map(({ id }) => id)).toEqual([
      "olena-inventar",
    ]);
    expect(headOf(room).revision).toMatchObject({
      kind: "redaction",
      changes: [],
    });
    expect(stored(room)).not.toMatch(/Demchuk|Роз|Демчук|roza/i);
    expect(refused(room.journal.undo(A, revision, "tester")).tag).toBe(
      "not-pending",
    );
  });

  it("commits what is pending again, without the person, at its old moment", (room) => {
    const pending = withPending(room);
    const before = room.journal.desk.record(A)!.revision;
    const erased = room.erase(A, [ROZA]);
    expect(erased).toMatchObject({
      revision: pending + 1,
      cancelled: [pending],
    });
    expect(erased.again).toEqual([
      { revision: pending + 2, liveAt: before.liveAt },
    ]);
    room.pass();
    expect(room.shown()).toBe(pending + 1);
    expect(stored(room)).not.toMatch(/Demchuk|Демчук/);
    room.pass(3_600_000);
    expect(headOf(room).case.summary.en).toBe(
      "[…] is ill. Olena Inventar is held too.",
    );
    expect(headOf(room).revision).toMatchObject({
      number: pending + 2,
      kind: "update",
      note: before.note,
    });
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
    expect(room.journal.desk.record(A)).toMatchObject({
      case: { summary },
      revision: { number: pending + 3, liveAt },
    });
    room.pass();
    expect(headOf(room).case.people).toHaveLength(2);
    // What the undo committed again isn't stored twice.
    expect(
      room.sql(
        "SELECT number FROM revisions WHERE content IS NOT NULL ORDER BY number",
      ),
    ).toEqual([{ number: 1 }, { number: pending + 3 }]);
    expect(refused(room.journal.undo(A, revision, "tester")).tag).toBe(
      "unknown-revision",
    );
  });

  it("is one erasure in several cases, and an undo takes all of it back", (room) => {
    room.goLive(A, { case: told(1) });
    room.goLive(B, { case: told(2, { title: { en: "About Roza Demchuk" } }) });
    const cases = [{ id: B, basedOn: 1 }];
    const shown = done(
      room.review.previewErasure(room.eraseCommand(A, [ROZA]), false),
    );
    expect(shown.cases).toMatchObject([{ id: B, basedOn: 1, remaining: [] }]);
    const erased = room.erase(A, [ROZA], { cases });
    expect(erased.cases).toEqual([
      { id: B, revision: 2, liveAt: erased.liveAt, again: [] },
    ]);
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
    const seen = room.eraseCommand(A, [
      { what: "sentence", sentence: "Her sister visited." },
    ]).seen!;
    const command = room.eraseCommand(A, [ROZA]);
    for (const other of [seen, ""])
      expect(
        refused(room.review.erase({ ...command, seen: other }, false)).tag,
      ).toBe("erasure-unseen");
    expect(room.journal.newest(A)).toBe(1);
  });

  it("spares a word that an editor confirmed to be no form of the name", (room) => {
    room.goLive(A, { case: told(1, { issuer: "Demchuk Institute" }) });
    const { marked } = done(
      room.review.previewErasure(room.eraseCommand(A, [ROZA]), false),
    );
    const alike = marked
      .filter(({ pointer }) => pointer === "/issuer")
      .map(({ pointer, word }) => ({ pointer, word }));
    room.erase(A, [ROZA], { alike });
    room.pass();
    expect(headOf(room).case).toMatchObject({
      issuer: "Demchuk Institute",
      title: { en: "[…] and Olena Inventar held" },
    });
  });

  it("is refused where nothing stands, and by whoever hasn't seen the newest revision", (room) => {
    const none = { alike: [], cases: [], leave: [], drafts: [], proposals: [] };
    const command = { id: A, erase: [ROZA], editor: "tester", ...none };
    const tag = (basedOn: number) =>
      refused(room.review.previewErasure({ ...command, basedOn }, false)).tag;
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

  it("ends the drafts and proposals of the case at its moment, and those that the editor named in other cases", (room) => {
    room.goLive(A, { case: told(1) });
    room.goLive(B);
    for (const id of [A, B]) room.work(id);
    const [draft] = room.journal.drafts
      .list("tester")
      .drafts.filter((one) => one.case === B);
    const [proposal] = room.journal.proposals
      .list()
      .proposals.filter((one) => one.case === B);
    const kept = () => [
      room.sql("SELECT id FROM drafts").length,
      room.sql("SELECT id FROM proposals").length,
    ];
    const { revision } = room.erase(A, [ROZA], {
      drafts: [draft!.id],
      proposals: [proposal!.id],
    });
    done(room.journal.undo(A, revision, "tester"));
    room.pass();
    expect(kept()).toEqual([2, 2]);
    room.erase(A, [ROZA], { drafts: [draft!.id], proposals: [proposal!.id] });
    expect(kept()).toEqual([2, 2]);
    room.pass();
    expect(kept()).toEqual([0, 0]);
    expect(
      refused(
        room.review.erase(
          room.eraseCommand(A, [{ what: "earlier" }], { drafts: [draft!.id] }),
          false,
        ),
      ).tag,
    ).toBe("unknown-draft");
  });

  it("finds the name in the document of a proposal in another case", (room) => {
    room.goLive(A, { case: told(1) });
    const source = { name: "Roza Demchuk.pdf", text: "She is held." } as never;
    room.journal.proposals.add(
      room.clock,
      { ...room.command(0, B), source },
      null,
    );
    const { elsewhere } = done(
      room.review.previewErasure(room.eraseCommand(A, [ROZA]), false),
    );
    expect(elsewhere).toMatchObject([
      { place: "proposal", case: B, word: "Roza Demchuk" },
    ]);
  });

  it("lets the owner of a draft that holds the name publish only after a look, and stores no name for that", (room) => {
    room.goLive(A, { case: told(1) });
    const fields = inventedCase(2, { summary: { en: "Roza Demchuk again" } });
    const id = crypto.randomUUID();
    const save = (version: number, more: object = {}) =>
      room.journal.drafts.save(
        "owner",
        id,
        draftOf(fields, more) as never,
        version,
      );
    done(save(0));
    const { hidden } = done(
      room.review.previewErasure(room.eraseCommand(A, [ROZA]), false),
    );
    expect(hidden).toBe(1);
    room.erase(A, [ROZA]);
    room.pass();
    // A form that was open saves nothing over the mark, and nothing can be
    // published of it.
    expect(refused(save(1)).tag).toBe("draft-changed");
    const command = {
      ...room.command(0, B),
      editor: "owner",
      draft: { id, version: null },
    };
    expect(refused(room.journal.publish(command)).tag).toBe("draft-unread");
    expect(refused(room.review.propose(command)).tag).toBe("draft-unread");
    const read = room.journal.drafts.read("owner", id);
    expect(read).toMatchObject({ look: true, version: 2 });
    done(save(2, { case: inventedCase(2) }));
    expect(room.journal.drafts.read("owner", id)).not.toHaveProperty("look");
    expect(done(room.journal.publish(command)).revision).toBe(1);
    expect(stored(room)).not.toMatch(/Demchuk/);
  });

  it("is in a backup without what an undo would bring back", async (room) => {
    withPending(room);
    room.erase(A, [ROZA]);
    const backup = await room.export();
    await room.restored(backup);
    room.pass();
    expect(stored(room)).not.toMatch(/Demchuk/);
    expect(headOf(room).revision.kind).toBe("redaction");
  });

  it("comes back with what is pending when a withdrawal that overtook it is undone", (room) => {
    const pending = withPending(room);
    room.goLive(B, { case: told(2) });
    const erasure = room.erase(
      A,
      [ROZA],
      { cases: [{ id: B, basedOn: 1 }] },
      [7],
    );
    const { published, cancelled } = done(
      room.journal.withdraw(A, "consent", "second", { words: [8] }),
    );
    expect(cancelled).toEqual([pending + 1, pending + 2]);
    // Neither can be undone without the other.
    expect(refused(room.journal.undo(B, 2, "tester"))).toMatchObject({
      tag: "not-newest-pending",
      number: pending + 1,
    });
    done(room.journal.undo(A, published!.revision, "tester"));
    const { revision, pending: again } = room.journal.desk.record(A)!;
    expect(again.map(({ kind }) => kind)).toEqual(["redaction", "update"]);
    expect(room.journal.desk.caseAt(A, revision.number)?.summary.en).toBe(
      "[…] is ill. Olena Inventar is held too.",
    );
    // It is still one erasure of two cases, and can be undone.
    done(room.journal.undo(B, erasure.cases[0]!.revision, "tester"));
    expect(room.journal.desk.record(A)).toMatchObject({
      case: { people: [{}, {}] },
      pending: [{ kind: "update" }],
    });
    expect(room.sql("SELECT * FROM followed")).toEqual([]);

    room.erase(A, [ROZA], {}, [7]);
    const overtaking = done(room.journal.withdraw(A, "consent", "second"));
    done(room.journal.undo(A, overtaking.published!.revision, "tester"));
    const redaction = room.journal.desk.record(A)!.pending[0]!;
    room.pass();
    const left =
      "SELECT number FROM revisions WHERE case_id = ? AND (content LIKE '%Demchuk%' OR content LIKE '%Демчук%')";
    expect(room.sql(left, A)).toEqual([]);
    expect(headOf(room).case.people).toHaveLength(1);
    expect(room.sql("SELECT * FROM followed")).toEqual([
      { case_id: A, number: redaction.number, word: 7 },
    ]);
    done(room.journal.withdraw(A, "consent", "second"));
    room.pass();
    expect(
      room.sql(
        "SELECT number FROM revisions WHERE case_id = ? AND content IS NOT NULL",
        A,
      ),
    ).toEqual([]);
  });

  it("says of each other case that holds the same whether it goes there too", (room) => {
    room.goLive(A, { case: told(1) });
    for (const [index, id] of [B, C].entries())
      room.goLive(id, {
        case: told(index + 2, { title: { en: "About Roza Demchuk" } }),
      });
    const erase = (more: Partial<EraseCommand>) =>
      room.review.erase(
        room.eraseCommand(A, [ROZA], { leave: [], ...more }),
        false,
      );
    // From a case that was never live nothing can be erased.
    room.publish("ua-4-00", { case: told(4) });
    const { cases, unreached } = done(
      room.review.previewErasure(room.eraseCommand(A, [ROZA]), false),
    );
    expect([cases.map(({ id }) => id), unreached]).toEqual([
      [B, C],
      ["ua-4-00"],
    ]);
    expect(refused(erase({}))).toEqual({
      tag: "name-elsewhere",
      cases: [B, C],
    });
    expect(refused(erase({ leave: [C] }))).toEqual({
      tag: "name-elsewhere",
      cases: [B],
    });
    expect(
      done(erase({ leave: [C], cases: [{ id: B, basedOn: 1 }] })),
    ).toMatchObject({ cases: [{ id: B }] });
    expect(room.journal.newest(C)).toBe(1);
  });

  it("takes the followed words of its names with it, in its own transaction, but for a name that another case still has", (room) => {
    room.goLive(A, { case: told(1) });
    const other = (number: number, name: string) =>
      told(number, {
        title: { en: "Other" },
        summary: { en: `They know ${name}.` },
        people: [inventedPerson(name)],
      });
    room.goLive(B, { case: other(2, "Roza Other") });
    const command = room.eraseCommand(A, [ROZA]);
    expect(room.review.unsaid(command)!.last).toEqual(["Roza Demchuk"]);
    const withdrawal = {
      id: A,
      reason: "safety",
      editor: "tester",
      basedOn: 1,
    } as const;
    expect(room.review.unsaid(withdrawal)!.last).toEqual([
      "Roza Demchuk",
      "Olena Inventar",
    ]);
    room.goLive(C, { case: other(3, "Olena Inventar") });
    expect(room.review.unsaid(withdrawal)!.last).toEqual(["Roza Demchuk"]);
    const { revision } = room.erase(A, [ROZA], {}, [3, 4, 4]);
    room.pass();
    const told1 = () =>
      room.journal.announcements
        .due(9)
        .filter((one) => one.id === A && one.number === revision);
    expect(told1().map(({ audience, words }) => [audience, words])).toEqual([
      ["channel", undefined],
      ["dispatcher", [3, 4]],
    ]);
    // Until it is acknowledged, a restart tells it again.
    room.restart();
    for (const one of told1()) room.journal.announcements.acknowledge(one);
    expect(room.sql("SELECT * FROM followed")).toEqual([]);
    done(
      room.review.withdraw({ ...withdrawal, basedOn: revision }, false, [9]),
    );
    room.pass();
    expect(
      room.journal.announcements.due(9).flatMap(({ words = [] }) => words),
    ).toEqual([9]);
  });
});

describe("Where two editors must agree, an erasure", () => {
  const two = (
    room: Newsroom,
    command: EraseCommand,
    expected?: "committed" | "proposed",
  ) => room.review.erase(command, true, expected);
  const earlier: Erase[] = [{ what: "earlier" }];

  it("takes effect alone once an hour, whichever case, with withdrawals counted too", (room) => {
    for (const id of [A, B, C]) room.goLive(id);
    done(two(room, room.eraseCommand(A, earlier)));
    room.pass();
    expect(
      refused(two(room, room.eraseCommand(B, earlier), "committed")),
    ).toEqual({
      tag: "other-outcome",
      would: "proposed",
    });
    expect(done(two(room, room.eraseCommand(B, earlier)))).toHaveProperty(
      "proposal",
    );
    const basedOn = room.journal.newest(C);
    const withdrawn = room.review.withdraw(
      { id: C, reason: "consent", editor: "tester", basedOn },
      true,
    );
    expect(done(withdrawn)).toHaveProperty("proposal");
    // Another editor has an hour of their own, and so has this one after it.
    done(
      two(
        room,
        room.eraseCommand(A, earlier, { editor: "second" }),
        "committed",
      ),
    );
    room.pass(3_600_000);
    done(two(room, room.eraseCommand(B, earlier), "committed"));
  });

  it("of several cases counts once, and an undone one not at all", (room) => {
    room.goLive(A, { case: told(1) });
    room.goLive(B, { case: told(2) });
    const all = () =>
      room.eraseCommand(A, [ROZA], {
        cases: [{ id: B, basedOn: room.journal.newest(B) }],
      });
    const first = done(two(room, all(), "committed")) as Erased;
    done(room.journal.undo(A, first.revision, "tester"));
    done(two(room, all(), "committed"));
  });

  it("that is proposed is approved under the same checks, in all its cases, and leaves nothing behind", (room) => {
    for (const [index, id] of [A, B].entries())
      room.goLive(id, { case: told(index + 1) });
    room.goLive(C);
    done(two(room, room.eraseCommand(C, earlier)));
    room.pass();
    const propose = () => {
      const made = done(
        two(
          room,
          room.eraseCommand(A, [ROZA], {
            cases: [{ id: B, basedOn: room.journal.newest(B) }],
          }),
        ),
      );
      if (!("proposal" in made)) throw new Error("it was committed");
      return made.proposal;
    };
    const approve = (id: string) => {
      const proposal = room.review.read(id);
      if (proposal === null || proposal === "damaged")
        throw new Error("no proposal");
      expect(proposal).toMatchObject({
        kind: "erasure",
        erasure: { erase: [ROZA], cases: [{ id: B }] },
      });
      return room.review.approve(id, proposal.hash, "second");
    };
    const rejected = propose();
    expect(done(room.review.reject(rejected, "second", ""))).toEqual({
      draft: null,
    });
    const stale = propose();
    room.goLive(B, { case: told(2) });
    expect(refused(approve(stale)).tag).toBe("precondition-failed");
    done(room.review.reject(stale, "tester", ""));
    const approved = done(approve(propose()));
    room.pass();
    expect(headOf(room).revision.number).toBe(approved.revision);
    expect(room.journal.desk.record(B)).toMatchObject({
      revision: { editor: "tester", approvedBy: "second", kind: "redaction" },
    });
    expect(stored(room)).not.toMatch(/Demchuk|roza/i);
    // It doesn't count as the editor's own.
    room.pass(3_590_000);
    done(two(room, room.eraseCommand(A, earlier), "committed"));
  });

  it("is told to every other editor at once", (room) => {
    room.goLive(A);
    let told = 0;
    room.journal.audit.onTold = () => told++;
    done(room.review.erase(room.eraseCommand(A, earlier), true));
    expect(told).toBe(1);
    expect(room.journal.audit.proposalEvents(null, 10)?.changes).toMatchObject([
      { id: A, action: "redact", editor: "tester" },
    ]);
  });
});
