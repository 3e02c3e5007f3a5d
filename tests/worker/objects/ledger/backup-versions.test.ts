/** Kept backups of every older version of the format: each is restored and verified. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Backup } from "../../../../worker/objects/ledger/backup.ts";
import { Journal } from "../../../../worker/objects/ledger/journal.ts";
import { migrations } from "../../../../worker/objects/ledger/migrations.ts";
import { Restore } from "../../../../worker/objects/ledger/restore.ts";
import { auditFault } from "../../../../worker/objects/ledger/verification.ts";
import { auditEntryIn, BadLine, Section } from "../../../../worker/objects/storage/backup-lines.ts";
import { migrate } from "../../../../worker/objects/storage/migrate.ts";
import { profile } from "../../../profile.ts";
import audit2 from "./backup-versions/2-audit.ndjson?raw";
import backup2 from "./backup-versions/2-backup.ndjson?raw";
import erasures2 from "./backup-versions/2-erasures.ndjson?raw";

interface Ledger {
  storage: DurableObjectStorage;
  journal: Journal;
  export(): Promise<string>;
  restore(text: string, withoutErasures?: boolean): ReturnType<Restore["run"]>;
}

const withLedger = <T>(run: (ledger: Ledger) => Promise<T>, prepare = (_: DurableObjectStorage) => {}): Promise<T> =>
  runInDurableObject(env.LEDGER.getByName("backup versions"), async (_, { storage }) => {
    await storage.deleteAll();
    prepare(storage);
    let clock = Date.parse("2026-06-01T00:00:00Z");
    const journal = new Journal(storage, 5_000, () => clock, profile);
    return run({
      storage,
      journal,
      export: () => new Response(new Backup(storage, journal).export("anna")).text(),
      restore: (text, withoutErasures = true) =>
        new Restore(storage, journal, async (ms) => {
          clock += ms;
        }).run(new Response(text).body!, "anna", withoutErasures),
    });
  });

const rowsIn = (text: string, kind: string): any[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ row }) => row === kind);

describe("A backup of version 2, whose audit lines have their action in the field `deed`", () => {
  it("is restored with the same log, which still verifies, and is exported in today's format", () =>
    withLedger(async ({ journal, ...ledger }) => {
      expect(await ledger.restore(backup2)).toMatchObject({
        done: { revisions: 8, audit: 9, drafts: 1, proposals: 1 },
      });
      const log = journal.audit.all();
      const kept = rowsIn(backup2, "audit");
      expect(log.slice(0, kept.length).map(({ hash, action }) => ({ hash, action }))).toEqual(
        kept.map(({ hash, deed }) => ({ hash, action: deed })),
      );
      expect(log.at(-1)).toMatchObject({ action: "restore" });
      expect(auditFault(log)).toBe(null);
      const again = await ledger.export();
      expect(again).toMatch(/^\{"format":"casewire-backup","version":5,/);
      expect(again).not.toContain('"deed"');
      await ledger.storage.deleteAll();
    }));

  it("is restored again after it was exported in today's format", async () => {
    const again = await withLedger(async (ledger) => {
      expect(await ledger.restore(backup2)).toHaveProperty("done");
      return ledger.export();
    });
    await withLedger(async (ledger) => {
      expect(await ledger.restore(again)).toHaveProperty("done");
      expect(auditFault(ledger.journal.audit.all())).toBe(null);
    });
  });

  it("is restored with its erasures file", () =>
    withLedger(async (ledger) => {
      const outcome = await ledger.restore(erasures2 + backup2, false);
      expect(outcome).toMatchObject({ done: { revisions: 8, erasures: expect.any(Number) } });
      expect(JSON.stringify(ledger.storage.sql.exec("SELECT content FROM revisions").toArray())).not.toContain(
        "Secret ua-2-00",
      );
      expect(auditFault(ledger.journal.audit.all())).toBe(null);
    }));

  it("has a log that verifies on its own, and that shows a change of an action under either name", () => {
    const entries = audit2.trimEnd().split("\n").map(auditEntryIn);
    expect(auditFault(entries)).toBe(null);
    expect(auditFault(entries.with(3, { ...entries[3]!, action: "undo" }))).toMatch(/^line 4 .* changed/);
    const both = JSON.stringify({ ...JSON.parse(audit2.split("\n")[0]!), action: "undo" });
    expect(() => auditEntryIn(both)).toThrow(BadLine);
  });

  it("has a word that a file of version 3 may not have", () => {
    const [first, ...lines] = backup2.split("\n");
    const entry = lines.find((line) => line.startsWith('{"row":"audit"'))!;
    expect(Section.from(first!).read(entry)).toMatchObject({ action: "publish" });
    expect(() => Section.from(first!.replace('"version":2', '"version":3')).read(entry)).toThrow(BadLine);
  });
});

describe("A database from before the rename", () => {
  const renamed = migrations.findIndex((step) => step.some((statement) => statement.includes("RENAME COLUMN deed")));

  it("keeps its log, which still verifies and grows", () =>
    withLedger(
      async ({ journal, storage }) => {
        expect(auditFault(journal.audit.all())).toBe(null);
        const { length } = journal.audit.all();
        journal.audit.append({
          at: Date.now(),
          editor: "anna",
          action: "export",
          case: null,
          number: null,
          subject: "0".repeat(64),
        });
        expect(journal.audit.all()).toHaveLength(length + 1);
        expect(auditFault(journal.audit.all())).toBe(null);
        expect(storage.sql.exec("SELECT action FROM audit").columnNames).toEqual(["action"]);
      },
      (storage) => {
        migrate(storage, migrations.slice(0, renamed), "Ledger");
        for (const { sequence, at, editor, deed, case: id, number, subject, previousHash, hash, notify } of audit2
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line)))
          storage.sql.exec(
            "INSERT INTO audit (id, at, editor, deed, case_id, number, subject, previous_hash, hash, notify) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ...[sequence, Date.parse(at), editor, deed, id, number, subject, previousHash, hash, notify ?? null],
          );
      },
    ));
});
