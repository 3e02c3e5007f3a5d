/** Stored content and storage schemas of other versions than the code's. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { plainTexts, sourceDigest, withPlainTexts } from "../../../../shared/case/text.ts";
import { CONTENT_VERSION } from "../../../../shared/case/versions/steps.ts";
import type { CaseRecord } from "../../../../shared/revision.ts";
import { viewCase, viewSummary } from "../../../../shared/view/view.ts";
import { Backup } from "../../../../worker/objects/ledger/backup.ts";
import { auditHash, GENESIS, hashesOf } from "../../../../worker/objects/ledger/hash-chain.ts";
import { Journal } from "../../../../worker/objects/ledger/journal.ts";
import { ledgerMigrations } from "../../../../worker/objects/ledger/migrations.ts";
import { Restore } from "../../../../worker/objects/ledger/restore.ts";
import { Review } from "../../../../worker/objects/ledger/review.ts";
import { Section } from "../../../../worker/objects/storage/backup-lines.ts";
import { migrate } from "../../../../worker/objects/storage/migrate.ts";
import { inventedCase } from "../../../invented.ts";
import { profile } from "../../../profile.ts";
import { casesIn } from "../../all-cases.ts";

const [A, B] = ["ua-1-00", "ua-2-00"] as const;

class Newsroom {
  clock = Date.parse("2026-01-01T00:00:00Z");
  readonly storage: DurableObjectStorage;
  journal!: Journal;

  constructor(storage: DurableObjectStorage) {
    this.storage = storage;
    this.open();
  }

  open(): void {
    this.journal = new Journal(this.storage, 5_000, () => this.clock, profile);
  }

  async wipe(): Promise<void> {
    await this.storage.deleteAll();
    this.open();
  }

  publish(id: string): void {
    const number = Number(id.split("-")[1]);
    const basedOn = this.journal.desk.record(id)?.revision.number ?? 0;
    const command = { id, case: inventedCase(number), note: { en: "Note" }, kind: "update", notify: "none" } as const;
    const outcome = this.journal.publish({ ...command, editor: "anna", basedOn });
    if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
    this.clock += 8_000;
    this.journal.settle();
  }

  export(): Promise<string> {
    return new Response(new Backup(this.storage, this.journal).export("anna")).text();
  }

  restore(text: string) {
    const restore = new Restore(this.storage, this.journal, async (milliseconds) => {
      this.clock += milliseconds;
    });
    return restore.run(new Response(text).body!, "anna", true);
  }

  damage(id: string, sql: string): void {
    this.storage.sql.exec(`UPDATE revisions SET ${sql} WHERE case_id = ?`, id);
  }
}

const withNewsroom = <T>(run: (room: Newsroom) => T | Promise<T>): Promise<T> =>
  runInDurableObject(env.LEDGER.getByName("versions"), async (_, state) => {
    await state.storage.deleteAll();
    return run(new Newsroom(state.storage));
  });

/** A backup of one revision as older code would have made it: other content, with hashes, log and seal that are true of it. */
function madeOf(text: string, change: (revision: any) => void): string {
  const [first, ...lines] = text.trimEnd().split("\n");
  const section = Section.from(first!);
  const rows = lines.slice(0, -1).map((line) => JSON.parse(line));
  const revision = rows.find(({ row }) => row === "revision");
  change(revision);
  const { content, kind, liveAt, note, number, salt, contentVersion: version } = revision;
  Object.assign(revision, hashesOf({ case: content, kind, liveAt, note, number, salt, version }, GENESIS));
  const entry = rows.find(({ row }) => row === "audit");
  const { row: _, hash: __, ...rest } = { ...entry, subject: revision.hash };
  Object.assign(entry, rest, { hash: auditHash(rest) });
  return [`${first}\n`, ...rows.map((row) => section.write(row)), section.seal().line].join("");
}

describe("Data of a newer version", () => {
  it("is refused at the start with both versions, a storage schema as well as content", () =>
    withNewsroom((room) => {
      const known = ledgerMigrations.length;
      room.storage.sql.exec("UPDATE schema SET version = ?", known + 2);
      const text = `Refusing to serve: the Ledger's storage has schema version ${known + 2}, and this code knows only versions up to ${known}.`;
      expect(() => room.open()).toThrow(text);
      expect(() => migrate(room.storage, [], "Dispatcher")).toThrow("the Dispatcher's storage");
      room.storage.sql.exec("UPDATE schema SET version = ?", known);
      room.publish(A);
      room.open();
      for (const table of ["revisions", "derived"]) {
        room.storage.sql.exec(`UPDATE ${table} SET content_version = ?`, CONTENT_VERSION + 5);
        expect(() => room.open()).toThrow(
          `Refusing to serve: the Ledger holds content of version ${CONTENT_VERSION + 5}, and this code knows only versions up to ${CONTENT_VERSION}.`,
        );
        room.storage.sql.exec(`UPDATE ${table} SET content_version = ?`, CONTENT_VERSION);
      }
    }));

  it("is refused in a backup, and nothing is stored", () =>
    withNewsroom(async (room) => {
      room.publish(A);
      const newer = madeOf(await room.export(), (revision) => {
        revision.contentVersion = CONTENT_VERSION + 1;
      });
      await room.wipe();
      expect(await room.restore(newer)).toEqual({
        failure: {
          tag: "unfit-backup",
          reason: "other-version",
          fault: `the content has version ${CONTENT_VERSION + 1}, and this code knows only versions up to ${CONTENT_VERSION}`,
        },
      });
      expect(room.storage.sql.exec("SELECT * FROM revisions").toArray()).toEqual([]);
    }));
});

describe("An older backup", () => {
  it("whose case lacks a list is read with the list, and keeps the bytes that were hashed", () =>
    withNewsroom(async (room) => {
      room.publish(A);
      const older = madeOf(await room.export(), ({ content }) => {
        delete content.impact;
        delete content.quotations;
      });
      await room.wipe();
      expect(await room.restore(older)).toHaveProperty("done");
      const { record } = room.journal.readings.case(A).value as { record: CaseRecord };
      expect(record.case).toMatchObject({ impact: [], quotations: [] });
      const again = await room.export();
      expect(JSON.parse(again.split("\n")[1]!)).toEqual(JSON.parse(older.split("\n")[1]!));
      await room.wipe();
      expect(await room.restore(again)).toHaveProperty("done");
    }));

  it("of version 1 is read with its translations and their reviews, and keeps the bytes that were hashed", () =>
    withNewsroom(async (room) => {
      room.publish(A);
      const older = madeOf(await room.export(), (revision) => {
        revision.contentVersion = 1;
        revision.content = { ...withPlainTexts(revision.content), translations: { uk: { reviewed: true } } };
      });
      await room.wipe();
      expect(await room.restore(older)).toHaveProperty("done");
      const { record } = room.journal.readings.case(A).value as { record: CaseRecord };
      const { en, uk } = plainTexts(inventedCase(1).title);
      expect(record.case.title).toEqual({ en, uk: { text: uk, of: sourceDigest(en as string), reviewed: true } });
      expect(record.case).not.toHaveProperty("translations");
      expect(JSON.parse((await room.export()).split("\n")[1]!)).toEqual(JSON.parse(older.split("\n")[1]!));
    }));

  it("whose case lacks a list can be redacted, and its proposals approved", () =>
    withNewsroom((room) => {
      const review = new Review(room.storage, room.journal);
      room.publish(A);
      room.publish(B);
      room.storage.sql.exec("UPDATE revisions SET content = json_remove(content, '$.impact', '$.quotations')");
      const command = { id: A, case: inventedCase(1), note: { en: "Note" }, notify: "none", editor: "anna" } as const;
      const redacted = review.redact({ ...command, kind: "redaction", basedOn: 1 });
      expect(redacted).toMatchObject({ done: { revision: 2 } });
      const proposed = review.propose({ ...command, id: B, case: inventedCase(2), kind: "update", basedOn: 1 });
      if ("failure" in proposed) throw new Error(proposed.failure.tag);
      const { proposal } = proposed.done;
      const hash = room.journal.proposals.find(proposal)!.hash;
      room.storage.sql.exec("UPDATE proposals SET command = json_remove(command, '$.case.impact')");
      expect(review.read(proposal)).toMatchObject({ content: { case: { impact: [] } } });
      room.storage.sql.exec("UPDATE proposals SET command = json_remove(command, '$.case.people')");
      expect(room.journal.proposals.list()).toMatchObject([{ id: proposal, case: B }]);
      expect(review.approve(proposal, hash, "boris")).toMatchObject({ failure: { tag: "unshowable", id: B } });
      room.storage.sql.exec("UPDATE proposals SET command = json_set(command, '$.case.people', json('[]'))");
      expect(review.approve(proposal, hash, "boris")).toMatchObject({ done: { revision: 2 } });
    }));
});

describe("A row that can't be read", () => {
  it("takes down no list, is logged once by id, and is listed again once it can be read", () =>
    withNewsroom((room) => {
      const log = vi.spyOn(console, "error").mockImplementation(() => {});
      room.publish(A);
      room.publish(B);
      const { readings, desk } = room.journal;
      const whole = room.storage.sql.exec<{ content: string }>("SELECT content FROM revisions WHERE case_id = ?", B);
      const { content } = whole.one();
      for (const damage of [
        "content = json_remove(content, '$.people')",
        "content = '{'",
        "content = 'null'",
        "content = json_set(content, '$.id', 'ua-9-00')",
      ]) {
        room.damage(B, damage);
        expect([damage, readings.case(B).value.state]).toEqual([damage, "unshowable"]);
        expect(readings.revision(B, 1).value.state).toBe("unshowable");
        expect(casesIn(room.journal)).toMatchObject({
          cases: [{ id: A }],
          unshowable: [{ id: B, number: "UA 2/00" }],
        });
        expect(readings.recent(null).value).toMatchObject([{ id: B, summary: null, unshowable: true }, { id: A }]);
        expect(desk.cases()).toMatchObject([{ id: B, title: null, state: "present" }, { id: A }]);
        expect(readings.countUnshowable()).toBe(1);
        expect(desk.isUnshowable(B)).toBe(true);
      }
      expect(log.mock.calls).toEqual([
        [
          {
            level: "error",
            part: "Ledger",
            message: "Ledger: ua-2-00 revision 1 cannot be shown: its stored content is invalid at people",
            case: B,
            revision: 1,
          },
        ],
      ]);
      log.mockRestore();

      room.storage.sql.exec("UPDATE revisions SET content = ? WHERE case_id = ?", content, B);
      expect(readings.case(B).value.state).toBe("present");
      expect(casesIn(room.journal)).toMatchObject({ cases: [{ id: B }, { id: A }], unshowable: [] });
      expect(readings.countUnshowable()).toBe(0);
    }));

  it("in a derived column loses only what that column says", () =>
    withNewsroom((room) => {
      room.publish(A);
      room.publish(B);
      room.damage(B, "summary = '{\"title\":', note = 'x', changes = '[{\"what\":\"new\"}]'");
      const { readings, desk } = room.journal;
      expect(casesIn(room.journal)).toMatchObject({ cases: [{ id: A }], unshowable: [{ id: B }] });
      expect(readings.historyPage(B, null, 9).value?.revisions).toMatchObject([{ note: {}, changes: [] }]);
      const { value } = readings.case(B);
      if (value.state !== "present") throw new Error(value.state);
      const { record } = value;
      expect(viewCase(record.case, record.revision, "uk", room.clock, profile).revision.note).toEqual({ text: "" });
      expect(desk.cases()).toHaveLength(2);
    }));

  it("whose summary is older than the translations' sources is listed with its title", () =>
    withNewsroom((room) => {
      room.publish(A);
      room.damage(A, 'summary = json_set(summary, \'$.title\', json(\'{"en":"An old title","uk":"Стара назва"}\'))');
      const [listed] = casesIn(room.journal).cases;
      expect(viewSummary(listed!, "uk", 0).title).toEqual({ text: "Стара назва" });
      expect(room.journal.desk.cases()).toMatchObject([{ title: { en: "An old title", uk: "Стара назва" } }]);
    }));

  it("has its summary derived again when the version of content has changed", () =>
    withNewsroom((room) => {
      room.publish(A);
      const before = casesIn(room.journal);
      room.damage(A, "summary = '{}'");
      room.storage.sql.exec("UPDATE derived SET content_version = 0");
      room.open();
      expect(casesIn(room.journal)).toEqual(before);
    }));
});
