/** Backup and restore on the Ledger's own storage, with a clock that the test moves. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { CONTENT_VERSION } from "../../../shared/case/versions/steps.ts";
import { FollowerBackup } from "../../../worker/dispatcher/follower-backup.ts";
import { Vault } from "../../../worker/dispatcher/vault.ts";
import type { Restored } from "../../../worker/editorial/desk.ts";
import { Backup } from "../../../worker/ledger/backup.ts";
import type { Outcome, PublishCommand } from "../../../worker/ledger/command.ts";
import { auditHash, GENESIS, hashesOf } from "../../../worker/ledger/hash-chain.ts";
import { Journal } from "../../../worker/ledger/journal.ts";
import { LEASE_MARGIN_MS } from "../../../worker/ledger/lease.ts";
import { Restore } from "../../../worker/ledger/restore.ts";
import { Section } from "../../../worker/storage/backup-lines.ts";
import { inventedCase } from "../../invented.ts";
import { profile } from "../../profile.ts";

const LEASE_MS = 5_000;
const [A, B, C] = ["ua-1-00", "ua-2-00", "ua-3-00"] as const;

async function withNewsroom<T>(run: (room: Newsroom) => Promise<T>): Promise<T> {
  return runInDurableObject(env.LEDGER.getByName("backup under test"), async (_, state) => {
    const room = new Newsroom(state.storage);
    await room.wipe();
    return run(room);
  });
}

const done = <T>(outcome: Outcome<T>): T => {
  if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
  return outcome.done;
};
const refused = <T>(outcome: Outcome<T>) => {
  if ("failure" in outcome) return outcome.failure;
  throw new Error(`expected a refusal, got ${JSON.stringify(outcome.done)}`);
};

class Newsroom {
  clock = Date.parse("2026-01-01T00:00:00Z");
  journal!: Journal;
  restoring!: Restore;
  readonly storage: DurableObjectStorage;
  /** The salt of each revision, by case and number, as a thief would have kept it. */
  readonly salts = new Map<string, string>();
  /** Called while a restore waits for its moment. */
  meanwhile = () => {};

  constructor(storage: DurableObjectStorage) {
    this.storage = storage;
  }

  async wipe(): Promise<void> {
    await this.storage.deleteAll();
    this.journal = new Journal(this.storage, LEASE_MS, () => this.clock, profile);
    this.restoring = new Restore(this.storage, this.journal, async (milliseconds) => {
      this.meanwhile();
      this.clock += milliseconds;
    });
  }

  publish(id: string, more: Partial<PublishCommand> = {}): number {
    const basedOn = this.journal.readings.desk(id)?.revision.number ?? 0;
    const fields = inventedCase(Number(id.split("-")[1]), { summary: { en: `Secret ${id} ${basedOn + 1}` } });
    const command = { id, case: fields, note: { en: `Note ${basedOn + 1}` }, kind: "update" as const };
    const whole = { ...command, notify: "loud" as const, editor: "tester", basedOn, ...more };
    const { revision } = done(this.journal.publish(whole));
    const stored = "SELECT salt FROM revisions WHERE case_id = ? AND number = ?";
    const { salt } = this.storage.sql.exec<{ salt: string }>(stored, id, revision).one();
    this.salts.set(`${id} ${revision}`, salt);
    return revision;
  }

  pass(milliseconds = 7_000): void {
    this.clock += milliseconds;
    this.journal.settle();
  }

  /** A history of every kind: A erased by a redaction, B with a pending and an undone revision, C withdrawn. */
  live(): void {
    for (const id of [A, B, C]) this.publish(id);
    this.pass();
    this.publish(A);
    this.pass();
    this.publish(A, { kind: "redaction", case: inventedCase(1) });
    this.publish(B);
    done(this.journal.undo(B, 2, "tester"));
    done(this.journal.withdraw(C, "consent", "second"));
    this.pass();
    this.publish(B, { liveAt: this.clock + 3_600_000 });
    this.work(B);
  }

  /** Saves a draft and a proposal of an editor, based on that revision; 0 for none. */
  work(id: string, number = 1): void {
    const fields = inventedCase(Number(id.split("-")[1]), { summary: { en: `Secret ${id} at work` } });
    const draft = { case: fields, note: {}, kind: "update", notify: "loud", liveAt: null, source: null, resolved: [] };
    const base = number === 0 ? null : { number, case: fields };
    done(this.journal.drafts.save("tester", crypto.randomUUID(), { base, ...draft } as never, 0));
    const said = { note: { en: "Note" }, kind: "update", notify: "loud", editor: "tester" } as const;
    this.journal.proposals.add(this.clock, { id, case: fields, basedOn: number, ...said }, null);
  }

  export(): Promise<string> {
    return new Response(new Backup(this.storage, this.journal).export("tester")).text();
  }

  erasures(): string {
    return new Backup(this.storage, this.journal).erasures();
  }

  restore(text: string | Uint8Array, withoutErasures = true): Promise<Outcome<Restored>> {
    return this.restoring.run(new Response(text).body!, "restorer", withoutErasures);
  }

  dump(...tables: string[]): unknown {
    return tables.map((table) => this.storage.sql.exec(`SELECT * FROM ${table}`).toArray());
  }

  /** Returns the content of all tables as text. */
  everything(): string {
    return JSON.stringify(this.dump("revisions", "audit", "announcements", "drafts", "proposals", "staged"));
  }
}

const NOTHING = JSON.stringify([[], [], [], [], [], []]);

/** Returns the same lines with a valid seal, as a forger would make it. */
function resealed(text: string, change: (rows: any[]) => any[]): string {
  const [first, ...lines] = text.trimEnd().split("\n");
  const section = Section.from(first!);
  const rows = change(lines.slice(0, -1).map((line) => JSON.parse(line)));
  return [`${first}\n`, ...rows.map((row) => section.write(row)), section.seal().line].join("");
}

/** Renumbers and rehashes audit lines, as someone with write access to the whole log could. */
function rechained(rows: any[]): any[] {
  let before = { sequence: 0, hash: GENESIS };
  return rows.map((row) => {
    if (row.row !== "audit") return row;
    const { row: _, hash: __, ...rest } = row;
    const entry = { ...rest, sequence: before.sequence + 1, previousHash: before.hash };
    before = { ...entry, hash: auditHash(entry) };
    return { row: "audit", ...before };
  });
}

describe("A backup", () => {
  it("is restored with the same rows, hashes, moments and log", () =>
    withNewsroom(async (room) => {
      room.live();
      const text = await room.export();
      const tables = ["revisions", "drafts", "proposals", "mark"];
      const before = room.dump(...tables);
      const audit = room.journal.audit.all();
      expect(audit.at(-1)).toMatchObject({ action: "export", subject: JSON.parse(text.split("\n").at(-2)!).sha256 });
      await room.wipe();
      const restored = done(await room.restore(text));
      expect(restored).toMatchObject({ revisions: 8, audit: 9, drafts: 1, proposals: 1, erasures: 0, lost: [] });
      expect(restored.pending).toEqual([{ case: B, number: 3, liveAt: expect.any(String) }]);
      expect(room.dump(...tables)).toEqual(before);
      expect(room.journal.audit.all().slice(0, -1)).toEqual(audit.slice(0, -1));
      expect(room.journal.audit.all().at(-1)).toMatchObject({ action: "restore", editor: "restorer", sequence: 10 });
      expect(room.storage.sql.exec("SELECT * FROM staged").toArray()).toEqual([]);
      // The restored Ledger works like any other, and can be backed up and restored again.
      expect(room.publish(A)).toBe(4);
      const again = await room.export();
      await room.wipe();
      done(await room.restore(again));
    }));

  it("is aborted when something is published meanwhile, and is then refused by a restore", () =>
    withNewsroom(async (room) => {
      for (let number = 1; number <= 150; number++)
        room.publish(`ua-${number}-00`, {
          case: inventedCase(number, { summary: { en: "word ".repeat(750) } }),
        });
      const reader = new Backup(room.storage, room.journal).export("tester").getReader();
      const { value } = await reader.read();
      room.publish("ua-151-00");
      await expect(
        (async () => {
          while (!(await reader.read()).done);
        })(),
      ).rejects.toThrow("Export aborted");
      await room.wipe();
      expect(refused(await room.restore(value!))).toMatchObject({ tag: "damaged-backup" });
    }));

  it("of an empty ledger leaves nothing behind, so that a restore stays possible", () =>
    withNewsroom(async (room) => {
      await room.export();
      expect(room.everything()).toBe(NOTHING);
    }));
});

describe("A restore", () => {
  it("refuses a backup that is damaged anywhere, and stores nothing", () =>
    withNewsroom(async (room) => {
      room.live();
      const text = await room.export();
      await room.wipe();
      const lines = text.trimEnd().split("\n");
      const without = (at: number) => lines.filter((_, index) => index !== at);
      const damaged: Record<string, string | Uint8Array> = {
        empty: "",
        "not a backup": '{"hello":"world"}\n',
        "no JSON": "hello\n",
        "not UTF-8": new Uint8Array([0xff, 0xfe, 0x00]),
        "a newer format": text.replace('"version":3', '"version":4'),
        "another version's audit lines": text.replaceAll('"action":', '"deed":'),
        "the format without salts": text.replace('"version":3', '"version":1'),
        "an erasures file": text.replace("casewire-backup", "casewire-erasures"),
        twice: text + text,
        "more after the end": `${text}x`,
        "lines in another order": [lines[0], lines[2], lines[1], ...lines.slice(3)].join("\n"),
        "a byte order mark": `\ufeff${text}`,
        "Windows line ends": text.replaceAll("\n", "\r\n"),
      };
      const unfit = ["a newer format", "the format without salts", "twice"];
      for (let at = 0; at < lines.length; at++) {
        damaged[`line ${at + 1} missing`] = `${without(at).join("\n")}\n`;
        damaged[`line ${at + 1} twice`] = [...lines.slice(0, at + 1), ...lines.slice(at)].join("\n");
        // One character in the middle of the line.
        const line = lines[at]!;
        const place = Math.floor(line.length / 2);
        const letter = line[place] === "0" ? "1" : "0";
        damaged[`line ${at + 1} changed`] = lines
          .with(at, line.slice(0, place) + letter + line.slice(place + 1))
          .join("\n");
      }
      for (const share of [0.1, 0.35, 0.6, 0.85, 0.99])
        damaged[`cut at ${share}`] = text.slice(0, Math.floor(text.length * share));
      for (const [what, file] of Object.entries(damaged)) {
        const tag = unfit.includes(what) ? "unfit-backup" : "damaged-backup";
        expect([what, refused(await room.restore(file)).tag]).toEqual([what, tag]);
        expect([what, room.everything()]).toEqual([what, NOTHING]);
      }
      const latin = new TextEncoder().encode(text);
      latin[text.indexOf("\n") + 40] = 0xff;
      expect(refused(await room.restore(latin))).toMatchObject({
        fault: "line 2: it is not UTF-8: the file is damaged",
      });
      done(await room.restore(text));
    }));

  it("verifies both hash chains, so that a re-sealed forgery is found too", () =>
    withNewsroom(async (room) => {
      room.live();
      const text = await room.export();
      await room.wipe();
      const of = (row: any, id: string, number: number) =>
        row.row === "revision" && row.case === id && row.number === number;
      const edit = (id: string, number: number, change: (row: any) => void) => (rows: any[]) => {
        change(rows.find((row) => of(row, id, number)));
        return rows;
      };
      const work = (kind: "draft" | "proposal", change: (row: any) => void) => (rows: any[]) => {
        change(rows.find(({ row }) => row === kind));
        return rows;
      };
      const forged: Record<string, (rows: any[]) => any[]> = {
        "content changed": edit(B, 1, (row) => (row.content.summary.en = "Nothing happened")),
        "moment changed": edit(B, 3, (row) => (row.liveAt = "2026-01-01T00:10:00.000Z")),
        "no case": edit(B, 1, (row) => delete row.content.people),
        "another case's content": edit(B, 1, (row) => (row.content = inventedCase(9))),
        "note removed": edit(B, 1, (row) => (row.note = null)),
        "hash changed": edit(B, 1, (row) => (row.hash = "0".repeat(64))),
        "content and hashes changed": edit(B, 1, (row) => {
          row.content.summary.en = "Nothing happened";
          const { content, kind, liveAt, note, number, salt, contentVersion: version, previousHash } = row;
          Object.assign(row, hashesOf({ case: content, kind, liveAt, note, number, salt, version }, previousHash));
        }),
        "another content version": edit(B, 1, (row) => (row.contentVersion = CONTENT_VERSION - 1)),
        "another salt": edit(B, 1, (row) => (row.salt = "0".repeat(64))),
        "salt removed": edit(B, 1, (row) => (row.salt = null)),
        "salt left when its content was erased": edit(C, 1, (row) => (row.salt = room.salts.get(`${C} 1`))),
        "content pasted in again without its salt": edit(C, 1, (row) =>
          Object.assign(row, { content: inventedCase(3), note: { en: "Note 1" } }),
        ),
        "revision removed": (rows) => rows.filter((row) => !of(row, A, 2)),
        "first revision removed": (rows) => rows.filter((row) => !of(row, B, 1)),
        "last revision removed": (rows) => rows.filter((row) => !of(row, B, 3)),
        "withdrawal removed": (rows) => rows.filter((row) => !of(row, C, 2)),
        "an undone revision stands again": edit(B, 2, (row) => (row.fate = null)),
        "a cancelled revision is live": edit(B, 2, (row) => (row.shown = true)),
        "erased for no reason": edit(B, 1, (row) => Object.assign(row, { content: null, note: null })),
        "an action changed": (rows) => rows.map((row) => (row.action === "undo" ? { ...row, editor: "nobody" } : row)),
        "an action removed": (rows) => rows.filter((row) => row.row !== "audit" || row.sequence !== 4),
        "the last actions removed": (rows) => rows.filter((row) => row.row !== "audit" || row.sequence < 9),
        "an action changed and hashed": (rows) =>
          rows.map((row) => {
            if (row.row !== "audit" || row.sequence !== 2) return row;
            const { row: _, ...entry } = { ...row, editor: "nobody" };
            return { row: "audit", ...entry, hash: auditHash(entry) };
          }),
        "another editor": edit(B, 1, (row) => (row.editor = "mallory")),
        "another second editor": edit(B, 1, (row) => (row.approvedBy = "mallory")),
        "another time": edit(B, 1, (row) => (row.committedAt = "2026-01-01T00:00:00.001Z")),
        "another notification": edit(B, 1, (row) => (row.notify = "none")),
        "an undo without its line": (rows) => rechained(rows.filter((row) => row.action !== "undo")),
        "a line of an undo that was none": (rows) => {
          const [undo, publish] = ["undo", "publish"].map((action) => rows.find((row) => row.action === action));
          return rechained([...rows, { ...undo, case: B, number: 1, subject: publish.subject }]);
        },
        "a draft of no shape": work("draft", ({ columns }) => (columns.content = '{"case":{}}')),
        "a draft under another case": work("draft", ({ columns }) => (columns.base_id = A)),
        "a proposal changed": work("proposal", ({ columns }) => {
          columns.command = columns.command.replace("Secret", "Other");
        }),
        "a proposal of no case": work("proposal", ({ columns }) => {
          const { case: _, ...command } = JSON.parse(columns.command);
          columns.command = JSON.stringify(command);
        }),
        "an unknown refusal": work("proposal", ({ columns }) => (columns.refused = '{"tag":"hello"}')),
        "an unknown field": edit(B, 1, (row) => (row.more = 1)),
        "an unknown column": (rows) =>
          rows.map((row) => (row.row === "draft" ? { ...row, columns: { ...row.columns, more: 1 } } : row)),
        "a column of another type": (rows) =>
          rows.map((row) => (row.row === "draft" ? { ...row, columns: { ...row.columns, version: "3" } } : row)),
      };
      for (const [what, change] of Object.entries(forged)) {
        expect([what, refused(await room.restore(resealed(text, change))).tag]).toEqual([what, "damaged-backup"]);
        expect([what, room.everything()]).toEqual([what, NOTHING]);
      }
      // A mark in the future would stop the clock until then.
      for (const [what, was, is] of [
        ["made in the future", /"madeAt":"[^"]*"/, '"madeAt":"2099-01-01T00:00:00.000Z"'],
        ["made before what it tells of", /"madeAt":"[^"]*"/, '"madeAt":"2025-01-01T00:00:00.000Z"'],
        ["a mark in the future", /"mark":"[^"]*"/, '"mark":"2099-01-01T00:00:00.000Z"'],
        ["a mark of no revision", /"mark":"[^"]*"/, '"mark":"2026-01-01T00:00:00.123Z"'],
      ] as const) {
        const file = resealed(text.replace(was, is), (rows) => rows);
        expect([what, refused(await room.restore(file)).tag]).toEqual([what, "damaged-backup"]);
        expect([what, room.everything(), room.journal.clock.shown()]).toEqual([what, NOTHING, 0]);
      }
      // Erased content can't be pasted back in, even with its valid hash.
      const content = inventedCase(3, { summary: { en: `Secret ${C} 1` } });
      const [note, salt] = [{ en: "Note 1" }, room.salts.get(`${C} 1`)];
      done(
        await room.restore(
          resealed(
            text,
            edit(C, 1, (row) => Object.assign(row, { content, note, salt })),
          ),
        ),
      );
      expect(room.everything().includes(`Secret ${C}`)).toBe(false);
    }));

  it("does not touch a ledger that holds anything, even when it came while the restore waited", () =>
    withNewsroom(async (room) => {
      room.live();
      const text = await room.export();
      const before = room.everything();
      expect(refused(await room.restore(text))).toEqual({ tag: "not-empty" });
      expect(room.everything()).toBe(before);
      await room.wipe();
      room.meanwhile = () => void room.publish(A);
      expect(refused(await room.restore(text))).toEqual({ tag: "not-empty" });
      expect(room.journal.readings.heads().value).toEqual([{ id: A, number: 1 }]);
    }));

  it("does not run twice at once", () =>
    withNewsroom(async (room) => {
      room.live();
      const text = await room.export();
      await room.wipe();
      const outcomes = await Promise.all([room.restore(text), room.restore(text)]);
      done(outcomes[0]!);
      expect(refused(outcomes[1]!)).toEqual({ tag: "restore-under-way" });
    }));

  it("happens at one moment, and no copy of the empty ledger outlives it", () =>
    withNewsroom(async (room) => {
      room.live();
      const text = await room.export();
      await room.wipe();
      const asked = room.clock;
      let validFor = -1;
      room.meanwhile = () => {
        room.clock += 1_000;
        validFor = room.journal.readings.case(A).validFor;
        room.clock += 3_000;
        expect(room.journal.readings.summaries().validFor).toBe(LEASE_MS + LEASE_MARGIN_MS - 4_000 - LEASE_MARGIN_MS);
        room.clock = asked;
      };
      const { at } = done(await room.restore(text));
      expect(Date.parse(at)).toBe(asked + LEASE_MS + LEASE_MARGIN_MS);
      expect(validFor).toBe(LEASE_MS + LEASE_MARGIN_MS - 1_000 - LEASE_MARGIN_MS);
      room.meanwhile = () => {};
      expect(room.journal.readings.case(A).validFor).toBe(LEASE_MS);
    }));
});

describe("A pending revision in a backup", () => {
  it("keeps its moment, and goes live with the restore when that has passed, by the lease rule", () =>
    withNewsroom(async (room) => {
      room.live();
      const moment = Date.parse(room.journal.readings.desk(B)!.pending[0]!.liveAt);
      const text = await room.export();
      const start = room.clock;
      await room.wipe();
      done(await room.restore(text));
      room.journal.settle();
      expect(room.journal.readings.case(B).value).toMatchObject({ record: { revision: { number: 1 } } });
      expect(room.journal.nextAlarm()).toBe(moment);
      room.clock = moment;
      expect(room.journal.readings.case(B).value).toMatchObject({ record: { revision: { number: 3 } } });

      room.clock = moment + 60_000;
      await room.wipe();
      const empty = room.journal.readings.case(B);
      const { at } = done(await room.restore(text));
      expect(Date.parse(at)).toBeGreaterThanOrEqual(moment + 60_000 + empty.validFor);
      room.journal.settle();
      expect(room.journal.readings.case(B).value).toMatchObject({ record: { revision: { number: 3 } } });
      // Followers receive this update and no other again.
      expect(room.journal.announcements.due().map(({ id, number }) => [id, number])).toEqual([
        [B, 3],
        [B, 3],
      ]);
      expect(start).toBeLessThan(moment);
    }));
});

describe("An older backup", () => {
  it("needs the erasures made since, or the statement that there are none", () =>
    withNewsroom(async (room) => {
      room.live();
      const text = await room.export();
      await room.wipe();
      expect(refused(await room.restore(text, false))).toEqual({ tag: "erasures-missing" });
      expect(room.everything()).toBe(NOTHING);
    }));

  it("brings back nothing that was withdrawn, redacted or undone since", () =>
    withNewsroom(async (room) => {
      const [D, E] = ["ua-4-00", "ua-5-00"] as const;
      for (const id of [A, B, C, D]) room.publish(id);
      room.pass();
      room.publish(B);
      room.pass();
      room.publish(D, { liveAt: room.clock + 3_600_000 });
      room.work(A);
      room.work(C);
      const backup = await room.export();
      // Since the backup: A updated and withdrawn, B redacted, D's embargo undone, E new and withdrawn; C untouched.
      room.publish(A);
      room.publish(E);
      room.publish(B, { kind: "redaction", case: inventedCase(2) });
      done(room.journal.undo(D, 2, "tester"));
      room.pass();
      done(room.journal.withdraw(A, "safety", "tester"));
      done(room.journal.withdraw(E, "consent", "tester"));
      room.pass();
      const erasures = room.erasures();
      expect(erasures).not.toContain("Secret");
      const trace = room.journal.readings.case(A).value;
      await room.wipe();
      room.pass(3_600_000);

      // Nothing of it is written, not even temporarily.
      room.meanwhile = () => {
        const staged = JSON.stringify(room.dump("staged"));
        expect([A, B, C].map((id) => staged.includes(`Secret ${id}`))).toEqual([false, false, true]);
      };
      const restored = done(await room.restore(erasures + backup, false));
      expect(refused(await room.restore(backup + erasures, true))).toEqual({ tag: "not-empty" });
      room.meanwhile = () => {};
      room.journal.settle();
      expect(room.journal.audit.newest(D, 1)).toMatchObject([{ action: "restore", number: 2 }]);
      expect(restored).toMatchObject({ erasures: 4, lost: [{ case: B, number: 3 }], pending: [] });
      for (const id of [A, B, E]) expect([id, room.everything().includes(`Secret ${id}`)]).toEqual([id, false]);
      expect(room.journal.readings.case(A).value).toEqual(trace);
      expect(room.journal.readings.case(E).value.state).toBe("withdrawn");
      expect(room.journal.readings.case(B).value).toMatchObject({
        state: "withdrawn",
        revision: { kind: "redaction" },
      });
      expect(room.journal.readings.case(C).value.state).toBe("present");
      expect(room.dump("drafts", "proposals")).toMatchObject([[{ case_id: C }], [{ case_id: C }]]);
      expect(room.journal.readings.case(D).value).toMatchObject({ record: { revision: { number: 1 } } });
      expect(
        room.journal.readings
          .summaries()
          .value.cases.map(({ id }) => id)
          .sort(),
      ).toEqual([C, D]);
      expect(room.journal.announcements.due()).toEqual([]);
      expect(JSON.stringify(room.journal.readings.recent(null).value)).not.toContain(`Secret ${B}`);
      // The redacted case can be published again, and a new backup restores all of it.
      expect(room.publish(B)).toBe(4);
      room.pass();
      expect(room.journal.readings.case(B).value.state).toBe("present");
      const again = await room.export();
      const sinceThen = room.erasures();
      await room.wipe();
      expect(done(await room.restore(sinceThen + again, false))).toMatchObject({ erasures: 0, lost: [] });
    }));

  it("brings back no unfinished work of a case that was withdrawn before it was ever live", () =>
    withNewsroom(async (room) => {
      room.publish(A);
      room.publish(B, { liveAt: room.clock + 3_600_000 });
      room.pass();
      // B is pending, C is still a draft.
      room.work(B);
      room.work(C, 0);
      const backup = await room.export();
      for (const id of [B, C]) done(room.journal.withdraw(id, "consent", "tester"));
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
        room.meanwhile = () => expect(JSON.stringify(room.dump("staged")).includes(`Secret ${B}`)).toBe(false);
        expect(done(await room.restore(file, false))).toMatchObject({ drafts, proposals: drafts });
        expect(room.everything().includes(`Secret ${C}`)).toBe(drafts > 0);
        room.meanwhile = () => {};
        // The erasure is stored for good, and it removes nothing from backups made after it.
        const again = await room.export();
        const known = room.erasures();
        await room.wipe();
        expect(done(await room.restore(known + again, false))).toMatchObject({ drafts, erasures: 0 });
        await room.wipe();
        if (drafts === 0)
          expect(done(await room.restore(known + backup, false))).toMatchObject({ drafts: 0, proposals: 0 });
      }
    }));

  it("is refused with the erasures of another ledger, or with damaged ones", () =>
    withNewsroom(async (room) => {
      room.live();
      const backup = await room.export();
      const erasures = room.erasures();
      await room.wipe();
      room.pass();
      room.live();
      const foreign = room.erasures();
      const stale = erasures.replace(/"madeAt":"[^"]*"/, '"madeAt":"2025-12-31T00:00:00.000Z"');
      await room.wipe();
      const lines = erasures.trimEnd().split("\n");
      for (const [file, reason] of [
        [foreign, "foreign-erasures"],
        [resealed(stale, (rows) => rows), "older-erasures"],
        [erasures + erasures, "wrong-file"],
      ] as const) {
        expect(refused(await room.restore(file + backup, false))).toMatchObject({ tag: "unfit-backup", reason });
        expect(room.everything()).toBe(NOTHING);
      }
      for (const file of [
        erasures.slice(0, -20),
        `${lines.slice(0, -1).join("\n")}\n`,
        `${lines.with(1, lines[2]!).join("\n")}\n`,
        resealed(erasures, (rows) => rows.with(0, { ...rows[0], content: {} })),
      ]) {
        expect(refused(await room.restore(file + backup, false))).toMatchObject({ tag: "damaged-backup" });
        expect(room.everything()).toBe(NOTHING);
      }
      done(await room.restore(erasures + backup, false));
    }));
});

describe("Followers that are exported on request", () => {
  const CHAT = 4711_0815;
  const place = { chat: CHAT, kind: "private" } as const;
  const named = (name: string) => env.DISPATCHER.getByName(`followers ${name}`);
  const inside = <T>(name: string, look: (storage: DurableObjectStorage) => T | Promise<T>) =>
    runInDurableObject(named(name) as never, (_, state) => look(state.storage));
  const exported = async (name: string) => new Response((await named(name).exportFollowers()).body).text();
  const restored = (name: string, text: string) => named(name).restoreFollowers(new Response(text).body!);

  it("are restored as they were sealed, only under the same key and only into an empty register", async () => {
    const from = named("one");
    await from.follow(place, A, "uk", 2);
    await from.setManner(place, { silent: true });
    await inside("one", (storage) =>
      storage.sql.exec(
        `INSERT INTO cards (hash, key_id, sealed, case_id, locale, wanted, shown, state, touched_at, due_at)
         SELECT hash, key_id, sealed, ?, 'uk', 2, 2, 'idle', 1, 4102444800000 FROM chats`,
        A,
      ),
    );
    const text = await exported("one");
    expect(text).not.toContain(String(CHAT));
    expect(await restored("two", text)).toMatchObject({ done: { chats: 1, follows: 1, cards: 1 } });
    expect(await named("two").following(place)).toEqual([A]);
    expect(await named("two").manner(place)).toEqual({ silent: true, neutral: false });
    const tables = ["chats", "follows", "told", "cards"];
    const dump = (storage: DurableObjectStorage) =>
      JSON.stringify(
        tables.map((table) => storage.sql.exec(`SELECT * FROM ${table}`).toArray()),
        (_, value) => (value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value),
      );
    expect(await inside("two", dump)).toBe(await inside("one", dump));
    expect(await restored("two", text)).toEqual({ failure: { tag: "followers-there" } });

    await inside("three", async (storage) => {
      const vault = await Vault.open(btoa("another key of thirty-two bytes!"));
      const outcome = await new FollowerBackup(storage, vault).restore(new Response(text).body!);
      expect(outcome).toMatchObject({
        failure: { tag: "unfit-backup", reason: "other-key", fault: expect.stringContaining("FOLLOWER_KEY") },
      });
      expect(dump(storage)).toBe(JSON.stringify(tables.map(() => [])));
    });
    const lines = text.trimEnd().split("\n");
    for (const damaged of [
      text.slice(0, -10),
      lines.toSpliced(1, 1).join("\n"),
      text.replace('"silent":1', '"silent":0'),
      resealed(text, (rows) =>
        rows.map((row) => (row.row === "chat" ? { ...row, columns: { ...row.columns, hash: "0" } } : row)),
      ),
      resealed(text, (rows) => [...rows, rows[0]]),
      resealed(text, (rows) => [...rows, { row: "draft", columns: {} }]),
    ]) {
      expect(await restored("three", damaged)).toMatchObject({ failure: { tag: "damaged-backup" } });
      expect(await inside("three", dump)).toBe(JSON.stringify(tables.map(() => [])));
    }
  });
});
