/**
 * Backup and restore on the Ledger's own storage, with a clock that the test
 * moves.
 */

import { describe, expect } from "vitest";
import { CONTENT_VERSION } from "../../../../shared/case/versions/steps.ts";
import { Backup } from "../../../../worker/objects/ledger/backup.ts";
import {
  auditHash,
  hashesOf,
} from "../../../../worker/objects/ledger/hash-chain.ts";
import { RecentRows } from "../../../../worker/objects/ledger/recent-rows.ts";
import { LEASE_MARGIN_MS } from "../../../../worker/runtime/lease.ts";
import { inventedCase } from "../../../support/invented.ts";
import { scaled } from "../../../support/scaled.ts";
import { changedIn } from "../../all-cases.ts";
import {
  A,
  B,
  C,
  changed,
  done,
  it,
  LEASE_MS,
  type Newsroom,
  NOTHING,
  rechained,
  refused,
  resealed,
} from "./newsroom.ts";

/**
 * What a backup holds of the rows. An erasure's number and the bytes before the
 * words are no part of it.
 */
const rowsOf = (room: Newsroom) =>
  ["revisions", "drafts", "proposals", "mark"].map((table) =>
    room
      .sql(`SELECT * FROM ${table}`)
      .map(({ erasure: _, pad: __, ...row }) => JSON.stringify(row))
      .toSorted(),
  );

describe("A backup", () => {
  it("is restored with the same rows, hashes, moments and log", async (room) => {
    room.live();
    const text = await room.export();
    const before = rowsOf(room);
    const audit = room.journal.audit.all();
    expect(audit.at(-1)).toMatchObject({
      action: "export",
      subject: JSON.parse(text.split("\n").at(-2)!).sha256,
    });
    const restored = await room.restored(text);
    expect(restored).toMatchObject({
      revisions: 8,
      audit: 9,
      drafts: 1,
      proposals: 1,
      erasures: 0,
      lost: [],
    });
    expect(restored.pending).toEqual([
      { case: B, number: 3, liveAt: expect.any(String) },
    ]);
    expect(rowsOf(room)).toEqual(before);
    expect(room.journal.audit.all().slice(0, -1)).toEqual(audit.slice(0, -1));
    expect(room.journal.audit.all().at(-1)).toMatchObject({
      action: "restore",
      editor: "restorer",
      sequence: 10,
    });
    expect(room.storage.sql.exec("SELECT * FROM staged").toArray()).toEqual([]);
    // The restored Ledger works like any other, and can be backed up and
    // restored again.
    expect(room.publish(A)).toBe(4);
    await room.restored(await room.export());
  });

  it("is aborted when something is published meanwhile, and is then refused by a restore", async (room) => {
    const summary = { en: "word ".repeat(750) };
    for (let number = 1; number <= 150; number++)
      room.publish(`ua-${number}-00`, {
        case: inventedCase(number, { summary }),
      });
    const reader = new Backup(room.journal).export("tester").getReader();
    const { value } = await reader.read();
    room.publish("ua-151-00");
    const rest = async () => {
      while (!(await reader.read()).done);
    };
    await expect(rest()).rejects.toThrow("Export aborted");
    await room.wipe();
    expect(refused(await room.restore(value!))).toMatchObject({
      tag: "damaged-backup",
    });
  });

  it("is restored with the files of changes after it, to the state of the last one", async (room) => {
    room.live();
    room.work(A, 3);
    const backup = await room.export();
    const recent = new RecentRows(room.journal);
    const changes: string[] = [];
    const next = async () => {
      changes.push(await new Response(recent.file()).text());
      await recent.stored(null as never, "");
    };
    await next();
    const drafts = room.sql("SELECT id FROM drafts");
    room.journal.drafts.remove("tester", String(drafts[0]!.id), 1);
    room.publish("ua-4-00");
    await next();
    done(room.journal.undo(B, 3, "tester"));
    room.work("ua-4-00");
    room.pass();
    await next();
    // After a hundred files, one has all of it.
    for (let more = changes.length; more < 100; more++) {
      recent.file();
      await recent.stored(null as never, "");
    }
    const whole = await new Response(recent.file()).text();
    expect(whole.match(/"row":"revision"/g)).toHaveLength(9);
    const before = rowsOf(room);
    const audit = room.journal.audit.all();
    // The first file began before the backup ended.
    expect(await room.restored(backup + changes.join(""))).toMatchObject({
      revisions: 9,
      drafts: 2,
    });
    expect(rowsOf(room)).toEqual(before);
    expect(room.journal.audit.all().slice(0, -1)).toEqual(audit);
    await room.wipe();
    const [first, , last] = changes;
    expect(refused(await room.restore(backup + first + last))).toMatchObject({
      tag: "damaged-backup",
      fault: expect.stringContaining("is missing before it"),
    });
    expect(room.everything()).toBe(NOTHING);
  });

  it("of an empty ledger leaves nothing behind, so that a restore stays possible", async (room) => {
    await room.export();
    expect(room.everything()).toBe(NOTHING);
  });
});

describe("A restore", () => {
  it("refuses a backup that is damaged anywhere, and stores nothing", async (room) => {
    const text = await room.lose();
    const lines = text.trimEnd().split("\n");
    const damaged: Record<string, string | Uint8Array> = {
      empty: "",
      "not a backup": '{"hello":"world"}\n',
      "no JSON": "hello\n",
      "not UTF-8": new Uint8Array([0xff, 0xfe, 0x00]),
      "a newer format": text.replace('"version":1', '"version":2'),
      "another version's audit lines": text.replaceAll('"action":', '"deed":'),
      "an erasures file": text.replace("casewire-backup", "casewire-erasures"),
      twice: text + text,
      "more after the end": `${text}x`,
      "lines in another order": [
        lines[0],
        lines[2],
        lines[1],
        ...lines.slice(3),
      ].join("\n"),
      "a byte order mark": `\ufeff${text}`,
      "Windows line ends": text.replaceAll("\n", "\r\n"),
    };
    const unfit = ["a newer format", "twice"];
    for (const [at, line] of lines.entries()) {
      const middle = Math.floor(line.length / 2);
      const letter = line[middle] === "0" ? "1" : "0";
      const faults = {
        missing: `${lines.toSpliced(at, 1).join("\n")}\n`,
        twice: lines.toSpliced(at, 0, line).join("\n"),
        changed: lines
          .with(at, line.slice(0, middle) + letter + line.slice(middle + 1))
          .join("\n"),
      };
      // Each line has one fault, in turn; in `npm run test:properties` it has
      // all.
      for (const [turn, [fault, file]] of Object.entries(faults).entries())
        if (scaled(at % 3, turn) === turn)
          damaged[`line ${at + 1} ${fault}`] = file;
    }
    for (const share of [0.1, 0.35, 0.6, 0.85, 0.99])
      damaged[`cut at ${share}`] = text.slice(
        0,
        Math.floor(text.length * share),
      );
    for (const [what, file] of Object.entries(damaged)) {
      const tag = unfit.includes(what) ? "unfit-backup" : "damaged-backup";
      expect([what, refused(await room.restore(file)).tag]).toEqual([
        what,
        tag,
      ]);
      expect([what, room.everything()]).toEqual([what, NOTHING]);
    }
    const latin = new TextEncoder().encode(text);
    latin[text.indexOf("\n") + 40] = 0xff;
    expect(refused(await room.restore(latin))).toMatchObject({
      fault: "line 2: it is not UTF-8: the file is damaged",
    });
    done(await room.restore(text));
  });

  it("verifies both hash chains, so that a re-sealed forgery is found too", async (room) => {
    const text = await room.lose();
    const of = (row: any, id: string, number: number) =>
      row.row === "revision" && row.case === id && row.number === number;
    const edit = (id: string, number: number, change: (row: any) => unknown) =>
      changed("revision", (row) => of(row, id, number) && change(row));
    const forged: Record<string, (rows: any[]) => any[]> = {
      "content changed": edit(
        B,
        1,
        (row) => (row.content.summary.en = "Nothing happened"),
      ),
      "moment changed": edit(
        B,
        3,
        (row) => (row.liveAt = "2026-01-01T00:10:00.000Z"),
      ),
      "no case": edit(B, 1, (row) => delete row.content.people),
      "another case's content": edit(
        B,
        1,
        (row) => (row.content = inventedCase(9)),
      ),
      "note removed": edit(B, 1, (row) => (row.note = null)),
      "hash changed": edit(B, 1, (row) => (row.hash = "0".repeat(64))),
      "content and hashes changed": edit(B, 1, (row) => {
        row.content.summary.en = "Nothing happened";
        const {
          content,
          kind,
          liveAt,
          note,
          number,
          salt,
          contentVersion: version,
          previousHash,
        } = row;
        Object.assign(
          row,
          hashesOf(
            { case: content, kind, liveAt, note, number, salt, version },
            previousHash,
          ),
        );
      }),
      "another content version": edit(
        B,
        1,
        (row) => (row.contentVersion = CONTENT_VERSION - 1),
      ),
      "another salt": edit(B, 1, (row) => (row.salt = "0".repeat(64))),
      "salt removed": edit(B, 1, (row) => (row.salt = null)),
      "salt left when its content was erased": edit(
        C,
        1,
        (row) => (row.salt = room.salts.get(`${C} 1`)),
      ),
      "content pasted in again without its salt": edit(C, 1, (row) =>
        Object.assign(row, {
          content: inventedCase(3),
          note: { en: "Note 1" },
        }),
      ),
      "revision removed": (rows) => rows.filter((row) => !of(row, A, 2)),
      "first revision removed": (rows) => rows.filter((row) => !of(row, B, 1)),
      "last revision removed": (rows) => rows.filter((row) => !of(row, B, 3)),
      "withdrawal removed": (rows) => rows.filter((row) => !of(row, C, 2)),
      "an undone revision stands again": edit(B, 2, (row) => (row.fate = null)),
      "a cancelled revision is live": edit(B, 2, (row) => (row.shown = true)),
      "erased for no reason": edit(B, 1, (row) =>
        Object.assign(row, { content: null, note: null }),
      ),
      "an action changed": changed(
        "audit",
        (row) => (row.editor = row.action === "undo" ? "nobody" : row.editor),
      ),
      "an action removed": (rows) =>
        rows.filter((row) => row.row !== "audit" || row.sequence !== 4),
      "the last actions removed": (rows) =>
        rows.filter((row) => row.row !== "audit" || row.sequence < 9),
      "an action changed and hashed": changed("audit", (row) => {
        if (row.sequence !== 2) return;
        const { row: _, ...entry } = Object.assign(row, { editor: "nobody" });
        row.hash = auditHash(entry);
      }),
      "another editor": edit(B, 1, (row) => (row.editor = "mallory")),
      "another second editor": edit(
        B,
        1,
        (row) => (row.approvedBy = "mallory"),
      ),
      "another time": edit(
        B,
        1,
        (row) => (row.committedAt = "2026-01-01T00:00:00.001Z"),
      ),
      "another notification": edit(B, 1, (row) => (row.notify = "none")),
      "an undo without its line": (rows) =>
        rechained(rows.filter((row) => row.action !== "undo")),
      "a line of an undo that was none": (rows) => {
        const [undo, publish] = ["undo", "publish"].map((action) =>
          rows.find((row) => row.action === action),
        );
        return rechained([
          ...rows,
          { ...undo, case: B, number: 1, subject: publish.subject },
        ]);
      },
      "an unknown field": edit(B, 1, (row) => (row.more = 1)),
      "an unknown column": changed(
        "draft",
        ({ columns }) => (columns.more = 1),
      ),
      "a column of another type": changed(
        "draft",
        ({ columns }) => (columns.version = "3"),
      ),
    };
    for (const [what, change] of Object.entries(forged)) {
      expect([
        what,
        refused(await room.restore(resealed(text, change))).tag,
      ]).toEqual([what, "damaged-backup"]);
      expect([what, room.everything()]).toEqual([what, NOTHING]);
    }
    // A mark in the future would stop the clock until then.
    for (const [what, was, is] of [
      [
        "made in the future",
        /"madeAt":"[^"]*"/,
        '"madeAt":"2099-01-01T00:00:00.000Z"',
      ],
      [
        "made before what it tells of",
        /"madeAt":"[^"]*"/,
        '"madeAt":"2025-01-01T00:00:00.000Z"',
      ],
      [
        "a mark in the future",
        /"mark":"[^"]*"/,
        '"mark":"2099-01-01T00:00:00.000Z"',
      ],
    ] as const) {
      const file = resealed(text.replace(was, is), (rows) => rows);
      expect([what, refused(await room.restore(file)).tag]).toEqual([
        what,
        "damaged-backup",
      ]);
      expect([what, room.everything(), room.journal.clock.shown()]).toEqual([
        what,
        NOTHING,
        0,
      ]);
    }
    // Erased content can't be pasted back in, even with its valid hash.
    const content = inventedCase(3, { summary: { en: `Secret ${C} 1` } });
    const [note, salt] = [{ en: "Note 1" }, room.salts.get(`${C} 1`)];
    const pasted = edit(C, 1, (row) =>
      Object.assign(row, { content, note, salt }),
    );
    done(await room.restore(resealed(text, pasted)));
    expect(room.everything().includes(`Secret ${C}`)).toBe(false);
  });

  it("does not touch a ledger that holds anything, even when it came while the restore waited", async (room) => {
    room.live();
    const text = await room.export();
    const before = room.everything();
    expect(refused(await room.restore(text))).toEqual({ tag: "not-empty" });
    expect(room.everything()).toBe(before);
    await room.wipe();
    room.meanwhile = () => void room.publish(A);
    expect(refused(await room.restore(text))).toEqual({ tag: "not-empty" });
    expect(changedIn(room.journal)).toMatchObject([
      { id: A, summary: { revision: { number: 1 } } },
    ]);
  });

  it("does not run twice at once", async (room) => {
    const text = await room.lose();
    const outcomes = await Promise.all([
      room.restore(text),
      room.restore(text),
    ]);
    done(outcomes[0]!);
    expect(refused(outcomes[1]!)).toEqual({ tag: "restore-under-way" });
  });

  it("happens at one moment, and no copy of the empty ledger outlives it", async (room) => {
    const text = await room.lose();
    const asked = room.clock;
    const terms: number[] = [];
    room.meanwhile = () => {
      room.clock += 1_000;
      terms.push(room.journal.readings.case(A).validFor);
      room.clock += 3_000;
      terms.push(room.journal.list.newest().validFor);
      room.clock = asked;
    };
    const { at } = done(await room.restore(text));
    expect(Date.parse(at)).toBe(asked + LEASE_MS + LEASE_MARGIN_MS);
    expect(terms).toEqual([LEASE_MS - 1_000, LEASE_MS - 4_000]);
    room.meanwhile = () => {};
    expect(room.journal.readings.case(A).validFor).toBe(LEASE_MS);
  });
});

describe("A pending revision in a backup", () => {
  it("keeps its moment, and goes live with the restore when that has passed, by the lease rule", async (room) => {
    room.live();
    const moment = Date.parse(room.journal.desk.record(B)!.pending[0]!.liveAt);
    const text = await room.export();
    expect(room.clock).toBeLessThan(moment);
    await room.restored(text);
    room.journal.settle();
    expect([room.shown(B), room.journal.nextAlarm()]).toEqual([1, moment]);
    room.clock = moment;
    expect(room.shown(B)).toBe(3);

    room.clock = moment + 60_000;
    await room.wipe();
    const empty = room.journal.readings.case(B);
    const { at } = done(await room.restore(text));
    expect(Date.parse(at)).toBeGreaterThanOrEqual(
      moment + 60_000 + empty.validFor,
    );
    room.journal.settle();
    expect(room.shown(B)).toBe(3);
    // Followers receive this update and no other again.
    const due = room.journal.announcements.due(100);
    expect(
      due
        .map(({ audience, id, number }) => `${audience} ${id} ${number}`)
        .sort(),
    ).toEqual([...[`channel ${B} 3`, `dispatcher ${B} 3`]]);
  });
});
