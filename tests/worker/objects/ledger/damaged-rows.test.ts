/** Stored rows that can't be read: none takes down a list, an erasure or a backup, and each is restored as it was. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addresses, paths } from "../../../../shared/addresses.ts";
import { hashesOf } from "../../../../worker/objects/ledger/hash-chain.ts";
import type { Ledger } from "../../../../worker/objects/ledger/ledger.ts";
import { draftOf, inventedCase } from "../../../invented.ts";
import { casesIn } from "../../all-cases.ts";
import { send } from "../../send.ts";
import { A, B, type Newsroom, resealed, withNewsroom } from "./newsroom.ts";

const SOUND = "5b0a1c86-5c2e-4f4c-9f0a-0c8d5d2a1b11";
const BAD = "6c1b2d97-6d3f-4a5d-8e1b-1d9e6e3b2c22";

/** Two published cases, and of each an editor's draft and a proposal made of it. The second ones are to be damaged. */
const withWork = (run: (room: Newsroom) => void | Promise<void>): Promise<void> =>
  withNewsroom((room) => {
    for (const id of [A, B]) {
      room.publish(id, { case: inventedCase(Number(id.split("-")[1])), editor: "anna" });
      room.pass();
    }
    for (const [draft, number] of [
      [SOUND, 1],
      [BAD, 2],
    ] as const) {
      const fields = inventedCase(number);
      const whole = draftOf(fields, { base: { number: 1, case: fields } });
      room.journal.drafts.save("anna", draft, whole as never, 0);
      const command = { ...room.command(1, fields.id), editor: "anna" };
      room.journal.proposals.add(room.clock, command, { id: draft, version: 1 });
    }
    return run(room);
  });

let log: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  log = vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => log.mockRestore());

/** The lines of a backup except those that every export has of its own: the header, the log and the seal. */
const contentIn = (text: string) =>
  text.split("\n").filter((line) => /^\{"row":"(revision|draft|proposal)"/.test(line));

/** Changes a revision's content together with its hashes, as an upgrade that turned out to be faulty would leave it. */
function storeUnshowable(room: Newsroom): void {
  const { people: _, ...rest } = inventedCase(2);
  const { salt, live_at } = room.sql("SELECT salt, live_at FROM revisions WHERE case_id = ?", B)[0] as any;
  const liveAt = new Date(live_at).toISOString();
  const said = { kind: "update", liveAt, note: { en: "Note 1" }, number: 1, salt, version: 1 } as const;
  const { contentHash, hash } = hashesOf({ case: rest, ...said }, "0".repeat(64));
  const set = "UPDATE revisions SET content = ?, content_hash = ?, hash = ? WHERE case_id = ?";
  room.sql(set, JSON.stringify(rest), contentHash, hash, B);
  room.sql("DELETE FROM audit");
  for (const row of room.sql("SELECT * FROM revisions ORDER BY sequence") as any[])
    room.journal.audit.append({
      at: row.committed_at,
      editor: row.editor,
      action: "publish",
      case: row.case_id,
      number: row.number,
      subject: row.hash,
      notify: row.notify,
    });
}

const damaged = (set: string) => (room: Newsroom) => void room.sql(`UPDATE revisions SET ${set} WHERE case_id = ?`, B);

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
  it.each(Object.entries(revisions))(
    "%s is restored as the same unshowable row, and the report names it",
    (_, damage) =>
      withWork(async (room) => {
        damage(room);
        const stored = room.sql("SELECT * FROM revisions");
        const text = await room.export();
        await room.wipe();
        const outcome = await room.restore(text);
        expect(outcome).toMatchObject({
          done: { revisions: 2, unshowable: [{ case: B, number: 1 }], damaged: [] },
        });
        const { readings } = room.journal;
        expect(readings.case(A).value.state).toBe("present");
        expect(readings.case(B).value.state).toBe("unshowable");
        expect(casesIn(room.journal).unshowable).toEqual([{ id: B, number: "UA 2/00" }]);
        const columns = (rows: any[]) => rows.map(({ summary: _, ...row }) => row);
        expect(columns(room.sql("SELECT * FROM revisions"))).toEqual(columns(stored));
        expect(contentIn(await room.export())).toEqual(contentIn(text));
        // An editor can publish it again.
        room.publish(B);
        room.pass();
        expect(readings.case(B).value.state).toBe("present");
      }),
  );

  it("was changed but can be shown is still refused, under its damaged form too", () =>
    withNewsroom(async (room) => {
      room.publish(B);
      room.sql("UPDATE revisions SET content = json_set(content, '$.summary.en', 'Nothing happened')");
      const text = await room.export();
      expect(JSON.parse(text.split("\n")[1]!).content).toEqual(expect.any(String));
      await room.wipe();
      expect(await room.restore(text)).toMatchObject({
        failure: { tag: "damaged-backup", fault: "line 2: its content was changed after it was committed" },
      });
    }));

  it("was damaged doesn't hide a newer version of content", () =>
    withNewsroom(async (room) => {
      room.publish(B);
      room.sql("UPDATE revisions SET content = '{', content_version = 9");
      const text = await room.export();
      await room.wipe();
      expect(await room.restore(text)).toMatchObject({ failure: { tag: "unfit-backup", reason: "other-version" } });
    }));
});

const unreadable = ["content = '{'", "content = ''", "content = 'null'", "content = '[]'", `content = '{"case":7}'`];

describe("A draft or proposal that can't be read", () => {
  it.each([...unreadable, "content = substr(content, 1, 50)"])("is listed by id, logged and discarded: %s", (damage) =>
    withWork((room) => {
      room.sql(`UPDATE drafts SET ${damage} WHERE id = ?`, BAD);
      room.sql(`UPDATE proposals SET ${damage.replaceAll("content", "command")} WHERE draft = ?`, BAD);
      const { drafts, proposals, desk } = room.journal;
      const [bad] = proposals.damaged();
      if (!bad) throw new Error("no damaged proposal");
      expect(drafts.list("anna").drafts).toMatchObject([{ id: SOUND, case: A }]);
      expect(drafts.damaged("anna")).toEqual([{ id: BAD, case: B, editor: "anna", at: expect.any(String) }]);
      expect(drafts.damaged("boris")).toEqual([]);
      expect(proposals.list()).toMatchObject([{ case: A }]);
      expect(bad).toMatchObject({ case: B, editor: "anna" });
      expect(desk.cases()).toHaveLength(2);
      expect(drafts.read("anna", BAD)).toBe("damaged");
      expect(room.review.read(bad.id)).toBe("damaged");
      const hash = String(room.sql("SELECT hash FROM proposals WHERE draft = ?", BAD)[0]!.hash);
      expect(room.review.approve(bad.id, hash, "boris")).toMatchObject({ failure: { tag: "damaged", id: bad.id } });
      drafts.damaged(null);
      const lines = log.mock.calls.map(([line]: unknown[]) => (line as { message: string }).message);
      expect(lines.sort()).toEqual([
        `Ledger: draft ${BAD} cannot be read: its stored content is damaged`,
        `Ledger: proposal ${bad.id} cannot be read: its stored content is damaged`,
      ]);
      expect(drafts.remove("anna", BAD)).toBe(true);
      expect(room.review.reject(bad.id, "boris", "Damaged")).toEqual({ done: { draft: null } });
      expect([drafts.damaged(null), proposals.damaged()]).toEqual([[], []]);
      expect(room.journal.audit.newest(B, 1)).toMatchObject([{ action: "reject", subject: hash }]);
    }),
  );

  it("keeps the draft that it was made of when it is discarded", () =>
    withWork((room) => {
      room.sql("UPDATE proposals SET command = '{' WHERE draft = ?", BAD);
      const [bad] = room.journal.proposals.damaged();
      expect(room.review.reject(bad!.id, "boris", "Damaged")).toEqual({ done: { draft: BAD } });
      expect(room.journal.drafts.read("anna", BAD)).toMatchObject({ returned: { by: "boris", reason: "Damaged" } });
    }));

  it("loses only what a damaged column beside its content says", () =>
    withWork(async (room) => {
      room.sql("UPDATE drafts SET title = '{' WHERE id = ?", BAD);
      room.sql("UPDATE proposals SET refused = '{' WHERE draft = ?", BAD);
      expect(room.journal.drafts.list("anna").drafts.find(({ id }) => id === BAD)).toMatchObject({ title: {} });
      expect(room.journal.proposals.list()).toHaveLength(2);
      const text = await room.export();
      await room.wipe();
      expect(await room.restore(text)).toMatchObject({ done: { drafts: 2, proposals: 2, damaged: [] } });
      expect(room.journal.drafts.list("anna").drafts.find(({ id }) => id === BAD)?.title).toHaveProperty("en");
    }));

  it("is overwritten by a save that names its version", () =>
    withWork((room) => {
      room.sql("UPDATE drafts SET content = '{', title = '{' WHERE id = ?", BAD);
      const saved = room.journal.drafts.save("anna", BAD, draftOf({}) as never, 1);
      expect(saved).toMatchObject({ done: { version: 2 } });
      expect(room.journal.drafts.damaged(null)).toEqual([]);
    }));

  it("is erased with its case", () =>
    withWork((room) => {
      room.sql("UPDATE drafts SET content = '{' WHERE id = ?", BAD);
      room.sql("UPDATE proposals SET command = '{' WHERE draft = ?", BAD);
      room.journal.withdraw(B, "consent", "anna");
      room.pass();
      expect([room.journal.drafts.damaged(null), room.journal.proposals.damaged()]).toEqual([[], []]);
      expect(room.journal.proposals.list()).toMatchObject([{ case: A }]);
    }));

  it.each([...unreadable, "content = substr(content, 1, 50)"])("is restored as the same row, and named: %s", (damage) =>
    withWork(async (room) => {
      room.sql(`UPDATE drafts SET ${damage} WHERE id = ?`, BAD);
      room.sql(`UPDATE proposals SET ${damage.replaceAll("content", "command")} WHERE draft = ?`, BAD);
      const proposal = String(room.sql("SELECT id FROM proposals WHERE draft = ?", BAD)[0]!.id);
      const before = [room.sql("SELECT * FROM drafts ORDER BY id"), room.sql("SELECT * FROM proposals ORDER BY id")];
      const text = await room.export();
      await room.wipe();
      expect(await room.restore(text)).toMatchObject({
        done: {
          drafts: 2,
          proposals: 2,
          unshowable: [],
          damaged: [
            { row: "draft", id: BAD },
            { row: "proposal", id: proposal },
          ],
        },
      });
      expect([room.sql("SELECT * FROM drafts ORDER BY id"), room.sql("SELECT * FROM proposals ORDER BY id")]).toEqual(
        before,
      );
      expect(contentIn(await room.export())).toEqual(contentIn(text));
    }),
  );

  it("is dropped by a restore when its case was withdrawn after the backup", () =>
    withWork(async (room) => {
      room.sql("UPDATE drafts SET content = '{' WHERE id = ?", BAD);
      room.sql("UPDATE proposals SET command = '{' WHERE draft = ?", BAD);
      const text = await room.export();
      room.journal.withdraw(B, "consent", "anna");
      room.pass();
      const erasures = room.erasures();
      await room.wipe();
      expect(await room.restore(erasures + text)).toMatchObject({ done: { drafts: 1, proposals: 1, damaged: [] } });
    }));

  it("is accepted from a backup only where it is damaged", () =>
    withWork(async (room) => {
      const text = await room.export();
      await room.wipe();
      for (const kind of ["draft", "proposal"]) {
        const forged = resealed(text, (rows) =>
          rows.map((row) => (row.row === kind ? { ...row, damaged: true } : row)),
        );
        expect(await room.restore(forged)).toMatchObject({ failure: { tag: "damaged-backup" } });
      }
    }));
});

describe("The API", () => {
  const TOKEN = { Authorization: "Bearer test-token" };
  const call = async (path: string, init: RequestInit = {}) => {
    const request = new Request(`https://casewire.test${path}`, { ...init, headers: { ...TOKEN, ...init.headers } });
    const response = await send(request);
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : (JSON.parse(text) as any) };
  };

  it("lists damaged drafts, counts them for operators, and deletes them", async () => {
    for (const id of [SOUND, BAD]) {
      const init = { method: "PUT", headers: { "If-None-Match": "*", "Content-Type": "application/json" } };
      const saved = await call(addresses.deskDraft(id), { ...init, body: JSON.stringify(draftOf({})) });
      expect(saved.status).toBe(201);
    }
    await runInDurableObject<Ledger, void>(env.LEDGER.getByName("ledger"), (_, { storage }) => {
      storage.sql.exec("UPDATE drafts SET content = '{' WHERE id = ?", BAD);
    });
    const list = await call(paths.deskDrafts);
    expect(list).toMatchObject({ status: 200, body: { drafts: [{ id: SOUND }], damaged: [{ id: BAD, case: null }] } });
    expect((await call(addresses.deskDraft(BAD))).body).toMatchObject({
      type: "urn:casewire:problem:damaged",
      row: "draft",
      id: BAD,
    });
    expect((await call(paths.health)).body).toMatchObject({ unshowable: 0, damaged: 1 });
    expect((await call(addresses.deskDraft(BAD), { method: "DELETE" })).status).toBe(204);
    expect((await call(paths.health)).body).toMatchObject({ damaged: 0 });
  });
});
