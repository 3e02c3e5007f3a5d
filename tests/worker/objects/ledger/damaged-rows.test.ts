/**
 * Stored rows that can't be read: none takes down a list, an erasure or a
 * backup, and each is restored as it was.
 */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { hashesOf } from "../../../../worker/objects/ledger/hash-chain.ts";
import { draftOf, inventedCase } from "../../../support/invented.ts";
import { casesIn } from "../../all-cases.ts";
import {
  A,
  B,
  it as inNewsroom,
  type Newsroom,
  withNewsroom,
} from "./newsroom.ts";

const SOUND = "5b0a1c86-5c2e-4f4c-9f0a-0c8d5d2a1b11";
const BAD = "6c1b2d97-6d3f-4a5d-8e1b-1d9e6e3b2c22";

/**
 * Two published cases, and of each an editor's draft and a proposal made of it.
 * The second ones are to be damaged.
 */
const withWork = (
  run: (room: Newsroom) => void | Promise<void>,
): Promise<void> =>
  withNewsroom((room) => {
    for (const [draft, id] of Object.entries({ [SOUND]: A, [BAD]: B })) {
      const fields = room.command(0, id).case;
      room.goLive(id, { case: fields, editor: "anna" });
      const whole = draftOf(fields, { base: { number: 1, case: fields } });
      room.journal.drafts.save("anna", draft, whole as never, 0);
      const command = { ...room.command(1, fields.id), editor: "anna" };
      room.journal.proposals.add(room.clock, command, {
        id: draft,
        version: 1,
      });
    }
    return run(room);
  });

const it = (what: string, run: (room: Newsroom) => void | Promise<void>) =>
  test(what, () => withWork(run));

let log: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  log = vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => log.mockRestore());

/**
 * The lines of a backup except those that every export has of its own: the
 * header, the log and the seal.
 */
const contentIn = (text: string) =>
  text
    .split("\n")
    .filter((line) => /^\{"row":"(revision|draft|proposal)"/.test(line));

/**
 * Changes a revision's content together with its hashes, as an upgrade that
 * turned out to be faulty would leave it.
 */
function storeUnshowable(room: Newsroom): void {
  const { people: _, ...rest } = inventedCase(2);
  const { salt, live_at } = room.sql(
    "SELECT salt, live_at FROM revisions WHERE case_id = ?",
    B,
  )[0] as any;
  const liveAt = new Date(live_at).toISOString();
  const said = {
    kind: "update",
    liveAt,
    note: { en: "Note 1" },
    number: 1,
    salt,
    version: 1,
  } as const;
  const { contentHash, hash } = hashesOf(
    { case: rest, ...said },
    "0".repeat(64),
  );
  const set =
    "UPDATE revisions SET content = ?, content_hash = ?, hash = ? WHERE case_id = ?";
  room.sql(set, JSON.stringify(rest), contentHash, hash, B);
  room.sql("DELETE FROM audit");
  const columns =
    "committed_at AS at, editor, case_id AS 'case', number, hash AS subject, notify";
  for (const entry of room.sql(
    `SELECT ${columns} FROM revisions ORDER BY sequence`,
  ) as any[])
    room.journal.audit.append({ action: "publish", ...entry });
}

const damaged = (set: string) => (room: Newsroom) =>
  void room.sql(`UPDATE revisions SET ${set} WHERE case_id = ?`, B);

const revisions: Record<string, (room: Newsroom) => void> = {
  "lacks a list, with hashes that match": storeUnshowable,
  "lacks a list": damaged("content = json_remove(content, '$.people')"),
  "is cut off": damaged("content = substr(content, 1, 200)"),
  "is empty": damaged("content = ''"),
  "is null": damaged("content = 'null'"),
  "is a list": damaged("content = '[]'"),
  "is a text": damaged(`content = '"text"'`),
};

describe("A revision whose content", () => {
  test.each(Object.entries(revisions))(
    "%s is restored as the same unshowable row, and the report names it",
    (_, damage) =>
      withWork(async (room) => {
        damage(room);
        const stored = room.sql("SELECT * FROM revisions");
        const text = await room.export();
        const restored = await room.restored(text);
        expect(restored).toMatchObject({
          revisions: 2,
          unshowable: [{ case: B, number: 1 }],
          damaged: [],
        });
        expect([room.shown(A), room.shown(B)]).toEqual([1, "unshowable"]);
        expect(casesIn(room.journal).unshowable).toEqual([
          { id: B, number: "UA 2/00" },
        ]);
        const columns = (rows: any[]) =>
          rows.map(({ summary: _, ...row }) => row);
        expect(columns(room.sql("SELECT * FROM revisions"))).toEqual(
          columns(stored),
        );
        expect(contentIn(await room.export())).toEqual(contentIn(text));
        // An editor can publish it again.
        expect([room.goLive(B), room.shown(B)]).toEqual([2, 2]);
      }),
  );

  inNewsroom("has another case's id can't be shown", (room) => {
    room.goLive(B);
    damaged("content = json_set(content, '$.id', 'ua-9-00')")(room);
    expect(room.shown(B)).toBe("unshowable");
  });

  inNewsroom(
    "was changed but can be shown is still refused, under its damaged form too",
    async (room) => {
      room.publish(B);
      room.sql(
        "UPDATE revisions SET content = json_set(content, '$.summary.en', 'Nothing happened')",
      );
      const text = await room.export();
      expect(JSON.parse(text.split("\n")[1]!).content).toEqual(
        expect.any(String),
      );
      await room.wipe();
      const fault = "line 2: its content was changed after it was committed";
      expect(await room.restore(text)).toEqual({
        failure: { tag: "damaged-backup", fault },
      });
    },
  );

  inNewsroom(
    "was damaged doesn't hide a newer version of content",
    async (room) => {
      room.publish(B);
      room.sql("UPDATE revisions SET content = '{', content_version = 9");
      const text = await room.export();
      await room.wipe();
      expect(await room.restore(text)).toMatchObject({
        failure: { tag: "unfit-backup", reason: "other-version" },
      });
    },
  );
});

/** Damages the draft and the proposal that was made of it. */
function damageWork(room: Newsroom, content = "'{'"): void {
  room.sql(`UPDATE drafts SET content = ${content} WHERE id = ?`, BAD);
  room.sql(
    `UPDATE proposals SET command = ${content.replace("content", "command")} WHERE draft = ?`,
    BAD,
  );
}

const unreadable = [
  "'{'",
  "''",
  "'null'",
  "'[]'",
  `'{"case":7}'`,
  "substr(content, 1, 50)",
];

describe("A draft or proposal that can't be read", () => {
  test.each(unreadable)(
    "is listed by id, logged and discarded: %s",
    (content) =>
      withWork((room) => {
        damageWork(room, content);
        const { drafts, proposals, desk } = room.journal;
        const [bad] = proposals.list().damaged;
        if (!bad) throw new Error("no damaged proposal");
        expect(drafts.list("anna").drafts).toMatchObject([
          { id: SOUND, case: A },
        ]);
        expect(drafts.list("anna").damaged).toEqual([
          { id: BAD, case: B, editor: "anna", at: expect.any(String) },
        ]);
        expect(drafts.list("boris").damaged).toEqual([]);
        expect(proposals.list().proposals).toMatchObject([{ case: A }]);
        expect(bad).toMatchObject({ case: B, editor: "anna" });
        expect(desk.cases()).toHaveLength(2);
        expect(drafts.read("anna", BAD)).toBe("damaged");
        expect(room.review.read(bad.id)).toBe("damaged");
        const hash = String(
          room.sql("SELECT hash FROM proposals WHERE draft = ?", BAD)[0]!.hash,
        );
        expect(room.review.approve(bad.id, hash, "boris")).toMatchObject({
          failure: { tag: "damaged", id: bad.id },
        });
        drafts.list(null).damaged;
        const lines = log.mock.calls.map(
          ([line]: unknown[]) => (line as { message: string }).message,
        );
        expect(lines.sort()).toEqual([
          `Ledger: draft ${BAD} cannot be read: its stored content is damaged`,
          `Ledger: proposal ${bad.id} cannot be read: its stored content is damaged`,
        ]);
        expect(drafts.remove("anna", BAD)).toBe(true);
        expect(room.review.reject(bad.id, "boris", "Damaged")).toEqual({
          done: { draft: null },
        });
        expect([drafts.list(null).damaged, proposals.list().damaged]).toEqual([
          [],
          [],
        ]);
        expect(room.journal.audit.newest(B, 1)).toMatchObject([
          { action: "reject", subject: hash },
        ]);
      }),
  );

  it("keeps the draft that it was made of when it is discarded", (room) => {
    room.sql("UPDATE proposals SET command = '{' WHERE draft = ?", BAD);
    const [bad] = room.journal.proposals.list().damaged;
    expect(room.review.reject(bad!.id, "boris", "Damaged")).toEqual({
      done: { draft: BAD },
    });
    expect(room.journal.drafts.read("anna", BAD)).toMatchObject({
      returned: { by: "boris", reason: "Damaged" },
    });
  });

  it("loses only what a damaged column beside its content says", async (room) => {
    room.sql("UPDATE drafts SET title = '{' WHERE id = ?", BAD);
    room.sql("UPDATE proposals SET refused = '{' WHERE draft = ?", BAD);
    expect(
      room.journal.drafts.list("anna").drafts.find(({ id }) => id === BAD),
    ).toMatchObject({ title: {} });
    expect(room.journal.proposals.list().proposals).toHaveLength(2);
    expect(await room.restored(await room.export())).toMatchObject({
      drafts: 2,
      proposals: 2,
      damaged: [],
    });
    expect(
      room.journal.drafts.list("anna").drafts.find(({ id }) => id === BAD)
        ?.title,
    ).toHaveProperty("en");
  });

  it("is overwritten by a save that names its version", (room) => {
    room.sql("UPDATE drafts SET content = '{', title = '{' WHERE id = ?", BAD);
    const saved = room.journal.drafts.save(
      "anna",
      BAD,
      draftOf({}) as never,
      1,
    );
    expect(saved).toMatchObject({ done: { version: 2 } });
    expect(room.journal.drafts.list(null).damaged).toEqual([]);
  });

  it("is erased with its case, and dropped by a restore of an older backup", async (room) => {
    damageWork(room);
    const text = await room.export();
    room.journal.withdraw(B, "consent", "anna");
    room.pass();
    expect([
      room.journal.drafts.list(null).damaged,
      room.journal.proposals.list().damaged,
    ]).toEqual([[], []]);
    expect(room.journal.proposals.list().proposals).toMatchObject([
      { case: A },
    ]);
    const restored = await room.restored(room.erasures() + text);
    expect(restored).toMatchObject({ drafts: 1, proposals: 1, damaged: [] });
  });

  test.each(unreadable)(
    "is restored as the same row, and named: %s",
    (content) =>
      withWork(async (room) => {
        damageWork(room, content);
        const stored = () =>
          room.dump("drafts ORDER BY id", "proposals ORDER BY id");
        const before = stored();
        const damaged = [
          { row: "draft", id: BAD },
          {
            row: "proposal",
            id: room.sql("SELECT id FROM proposals WHERE draft = ?", BAD)[0]!
              .id,
          },
        ];
        const text = await room.export();
        expect(await room.restored(text)).toMatchObject({
          drafts: 2,
          proposals: 2,
          unshowable: [],
          damaged,
        });
        expect(stored()).toEqual(before);
        expect(contentIn(await room.export())).toEqual(contentIn(text));
      }),
  );
});
