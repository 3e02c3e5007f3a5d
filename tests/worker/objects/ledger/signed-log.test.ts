/** The signed log: the tree, the notes, and that whoever rewrites the database is noticed by anyone with an earlier checkpoint. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import type { CopiedRevision } from "../../../../worker/editing/contract/copy.ts";
import {
  entriesIn,
  hashesIn,
  type Tile,
  tileAt,
  tilePath,
  tilesAt,
} from "../../../../worker/editing/contract/log-entry.ts";
import { shownFault } from "../../../../worker/editing/contract/log-faults.ts";
import { LogTree, leafHash } from "../../../../worker/editing/contract/log-tree.ts";
import { revisionLineOf } from "../../../../worker/objects/ledger/backup.ts";
import { auditHash } from "../../../../worker/objects/ledger/hash-chain.ts";
import { Revisions } from "../../../../worker/objects/ledger/revisions.ts";
import { linkOf, logFault } from "../../../../worker/objects/ledger/verification.ts";
import {
  checkpointIn,
  isSigned,
  keyIn,
  keyLine,
  type Signer,
  signerOf,
} from "../../../../worker/runtime/checkpoint.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import { copyLog, type LogSource, mustContinue, treeOf } from "../../../../worker/tools/cli/log-copy.ts";
import { inventedCase } from "../../../invented.ts";
import { changedIn } from "../../all-cases.ts";
import { A, B, C, done, type Newsroom, resealed, withNewsroom } from "./newsroom.ts";

const SEED = "AgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICE=";
const NAME = "casewire.test/v1/log";

/** RFC 6962, section 2.1, word for word. */
function treeHash(entries: Uint8Array[]): Uint8Array {
  if (entries.length === 0) return sha256(new Uint8Array());
  if (entries.length === 1) return leafHash(entries[0]!);
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  const halves = [treeHash(entries.slice(0, split)), treeHash(entries.slice(split))];
  return sha256(concatBytes(new Uint8Array([1]), ...halves));
}

describe("The tree", () => {
  it("has the roots of Certificate Transparency's test vectors", () => {
    const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const tree = new LogTree(leaves.map(hexToBytes));
    expect(leaves.map((_, index) => bytesToHex(tree.rootAt(index + 1)))).toEqual([
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]);
  });

  it("has at every size the root that RFC 6962 defines, also beyond a tile", () => {
    const entries = Array.from({ length: 600 }, (_, index) => utf8ToBytes(String(index)));
    const tree = new LogTree(entries);
    for (const size of [0, 1, 2, 3, 7, 8, 100, 255, 256, 257, 511, 512, 513, 600])
      expect(tree.rootAt(size), String(size)).toEqual(treeHash(entries.slice(0, size)));
  });

  it("names tiles as C2SP does, each in one way", () => {
    const full = (number: number) => ({ level: 0, number, width: 256 });
    expect([full(1234067), full(5)].map(tilePath)).toEqual(["0/x001/x234/067", "0/005"]);
    expect(tileAt("entries/x001/000.p/3")).toEqual({ level: "entries", number: 1000, width: 3 });
    for (const wrong of ["0/5", "0/x000/005", "00/005", "0/005.p/0", "0/005.p/256", "0/005.p/03", "0/005/", "x/005"])
      expect(tileAt(wrong), wrong).toBeNull();
    expect(tilesAt(0, 70_000).at(-1)).toEqual({ level: 0, number: 273, width: 112 });
    expect(tilesAt(1, 70_000).at(-1)).toEqual({ level: 1, number: 1, width: 17 });
    expect(tilesAt(2, 70_000)).toEqual([{ level: 2, number: 0, width: 1 }]);
  });
});

describe("A checkpoint", () => {
  it("is signed, and no other key, text or form passes", async () => {
    const signer = await signerOf(NAME, SEED);
    const line = keyLine(signer.public);
    expect(keyIn(line)).toEqual(signer.public);
    expect(keyIn(line.replace("casewire", "other"))).toBeNull();
    const note = await signer.sign({ size: 1, root: sha256(new Uint8Array()) });
    const checkpoint = checkpointIn(note)!;
    expect(checkpoint).toMatchObject({ origin: NAME, size: 1 });
    expect(await isSigned(checkpoint, signer.public)).toBe(true);
    const other = await signerOf(NAME, btoa("x".repeat(32)));
    expect(await isSigned(checkpoint, other.public)).toBe(false);
    expect(await isSigned(checkpointIn(note.replace("\n1\n", "\n2\n"))!, signer.public)).toBe(false);
    for (const wrong of ["", "x", note.replace("\n1\n", "\n01\n"), note.replace("— ", "- ")])
      expect(checkpointIn(wrong)).toBeNull();
  });
});

class Reader {
  readonly room: Newsroom;
  readonly signer: Signer;

  constructor(room: Newsroom, signer: Signer) {
    this.room = room;
    this.signer = signer;
  }

  get source(): LogSource {
    const { log } = this.room.journal;
    const bytes = (tile: Tile) => log.tile(tile) ?? new Uint8Array();
    return {
      key: async () => keyLine(this.signer.public),
      checkpoint: () => this.signer.sign(log.head()),
      bundle: async (tile) => bytes(tile),
    };
  }

  /** What readers see of every case. */
  shown(): Map<string, CopiedRevision[]> {
    const { readings } = this.room.journal;
    return new Map(
      changedIn(this.room.journal).map(({ id }): [string, CopiedRevision[]] => {
        const { value: head } = readings.case(id);
        if (head.state === "withdrawn") return [id, [{ state: "withdrawn", revision: head.revision }]];
        return [
          id,
          (readings.historyPage(id, null, 1_000).value?.revisions ?? []).map((revision) => ({
            state: "present",
            revision,
          })),
        ];
      }),
    );
  }

  /** Everything that a verifier with an earlier checkpoint does. @returns the fault that it finds */
  async fault(seen: string | null): Promise<string | null> {
    try {
      const log = await copyLog(this.source);
      if (seen) mustContinue(log.tree, checkpointIn(seen)!, "your checkpoint");
      return shownFault(log.entries, this.shown(), { settled: log.tree.size, isWhole: true, withdrawn: null });
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** What the newsroom finds in its own storage. */
  ownFault(): string | null {
    const { storage, journal } = this.room;
    const links = new Revisions(storage.sql).after(0, 100).map((row) => linkOf(revisionLineOf(row)));
    return logFault([...journal.log.rows()], links, journal.audit.all());
  }
}

const withReader = (run: (reader: Reader, room: Newsroom) => Promise<void>) =>
  withNewsroom(async (room) => run(new Reader(room, await signerOf(NAME, SEED)), room));

/** Rewrites the audit log from a line on, with hashes that fit each other. */
function rewriteAudit(room: Newsroom, change: (entry: any) => any): void {
  let previousHash = "0".repeat(64);
  for (const entry of room.journal.audit.all()) {
    const { hash: _, ...rest } = change({ ...entry, previousHash });
    previousHash = auditHash(rest);
    room.storage.sql.exec(
      "UPDATE audit SET editor = ?, previous_hash = ?, hash = ? WHERE id = ?",
      ...[rest.editor, rest.previousHash, previousHash, rest.sequence],
    );
  }
}

describe("The log", () => {
  it("has each revision at its moment and not before, in step with its tiles", () =>
    withReader(async (reader, room) => {
      room.live();
      const size = room.journal.log.size();
      expect(size).toBe(6);
      expect(await reader.fault(null)).toBeNull();
      expect(reader.ownFault()).toBeNull();
      const { entries } = await copyLog(reader.source);
      expect(entries.map((entry) => `${entry.case} ${entry.number} ${entry.kind}`)).toEqual([
        ...[`${A} 1 update`, `${B} 1 update`, `${C} 1 update`, `${A} 2 update`],
        ...[`${A} 3 redaction`, `${C} 2 withdrawal`],
      ]);
      const seen = await reader.source.checkpoint();
      room.pass(3_600_000);
      expect(room.journal.log.size()).toBe(7);
      expect(await reader.fault(seen)).toBeNull();
    }));

  it("is made once for revisions that it lacks, and grows beyond tiles by many at once", () =>
    withNewsroom(async (room) => {
      room.live();
      const addRevisions = (from: number, to: number) => {
        for (let number = from; number <= to; number++)
          room.storage.sql.exec(
            `INSERT INTO revisions (content_version, case_id, number, kind, changes, editor, notify, committed_at, live_at, content_hash, previous_hash, hash, shown)
             VALUES (1, 'ua-9-00', ?1, 'update', '[]', 'tester', 'none', ?1, ?1, '', '', ?2, 1)`,
            number,
            digest(String(number)),
          );
      };
      addRevisions(1, 600);
      room.storage.sql.exec("DELETE FROM log_entries");
      room.storage.sql.exec("DELETE FROM log_tiles");
      room.restart();
      const { log } = room.journal;
      log.restore([]);
      const checkTiles = (size: number) => {
        expect(log.size()).toBe(size);
        const leaves = tilesAt("entries", size).flatMap((tile) => entriesIn(log.tile(tile)!));
        const tree = treeOf(leaves, log.head());
        for (const level of [0, 1])
          for (const tile of tilesAt(level, size))
            expect(hashesIn(log.tile(tile)!)).toEqual(tree.tile(level, tile.number).slice(0, tile.width));
      };
      checkTiles(606);
      expect(log.tile({ level: 0, number: 2, width: 200 })).toBeNull();
      expect(log.tile({ level: "entries", number: 3, width: 1 })).toBeNull();
      addRevisions(601, 1_200);
      log.restore([]);
      checkTiles(1_206);
    }));

  /** Replaces a revision's content with another whose hashes fit. @returns the revision's new hash */
  function forgeText(storage: DurableObjectStorage): string {
    const content = digest("forged");
    const hash = digest("0".repeat(64) + content);
    storage.sql.exec("UPDATE revisions SET content_hash = ?, hash = ? WHERE case_id = ?", content, hash, B);
    return hash;
  }

  const rewrites: [what: string, rewrite: (room: Newsroom) => void, found: RegExp][] = [
    [
      "a revision's text, with new hashes",
      ({ storage }) => void forgeText(storage),
      /Revision 1 of ua-2-00: its hash is not the one in the log/,
    ],
    [
      "the log's entry too",
      ({ storage }) => {
        const hash = forgeText(storage);
        storage.sql.exec("UPDATE log_entries SET hash = ? WHERE case_id = ?", hash, B);
      },
      /The entries of the log are not those that its checkpoint signs/,
    ],
    [
      "the log's entry and its tree too",
      (room) => {
        const hash = digest("0".repeat(64) + digest("forged"));
        const { sql } = room.storage;
        sql.exec("UPDATE revisions SET content_hash = ?, hash = ? WHERE case_id = ?", digest("forged"), hash, B);
        rebuild(room, (line) => (line.case === B ? { ...line, hash } : line));
      },
      /The first 6 entries of the log are not those of your checkpoint/,
    ],
    [
      "the order of the log",
      (room) => rebuild(room, (line, all) => ({ ...all[5 - line.position], position: line.position })),
      /not those of your checkpoint/,
    ],
    [
      "the log's last entry, by removing it with its revision",
      (room) => {
        room.storage.sql.exec("DELETE FROM revisions WHERE case_id = ? AND number > 1", C);
        rebuild(room, (line) => (line.position === 5 ? null : line));
      },
      /The log has 5 entries, but your checkpoint has 6: entries were removed/,
    ],
    [
      "a revision's moment",
      ({ storage }) => void storage.sql.exec("UPDATE revisions SET live_at = live_at - 1 WHERE case_id = ?", B),
      /Revision 1 of ua-2-00: it is said to be live since/,
    ],
    [
      "a whole case, by removing it",
      ({ storage }) => void storage.sql.exec("DELETE FROM revisions WHERE case_id = ?", B),
      /Revision 1 of ua-2-00: it is in the log, but it is not shown/,
    ],
    [
      "a withdrawal, by making it an update",
      ({ storage }) => void storage.sql.exec("UPDATE revisions SET kind = 'update' WHERE case_id = ?", C),
      /Revision 2 of ua-3-00: its kind is shown as update/,
    ],
  ];

  it.each(rewrites)("shows a verifier who rewrote %s", (_, rewrite, found) =>
    withReader(async (reader, room) => {
      room.live();
      const seen = await reader.source.checkpoint();
      expect(await reader.fault(seen)).toBeNull();
      rewrite(room);
      room.restart();
      expect(await reader.fault(seen)).toMatch(found);
    }),
  );

  it("shows the newsroom who rewrote the audit log with hashes that fit, also an old line", () =>
    withReader(async (reader, room) => {
      room.live();
      const seen = await reader.source.checkpoint();
      rewriteAudit(room, (entry) => (entry.sequence === 2 ? { ...entry, editor: "somebody-else" } : entry));
      expect(reader.ownFault()).toMatch(/line \d+ of the audit log is not the one that was there/);
      // Whoever makes the log's entries anew as well is noticed by everyone with a checkpoint.
      room.storage.sql.exec("DELETE FROM log_entries");
      room.storage.sql.exec("DELETE FROM log_tiles");
      room.journal.log.restore([]);
      expect(reader.ownFault()).toBeNull();
      expect(await reader.fault(seen)).toMatch(/not those of your checkpoint/);
    }));

  it("goes on after a restore of the newest backup, and says nothing else than before", () =>
    withReader(async (reader, room) => {
      room.live();
      const seen = await reader.source.checkpoint();
      const backup = await room.export();
      await room.wipe();
      done(await room.restore(backup));
      expect(await reader.fault(seen)).toBeNull();
      expect(reader.ownFault()).toBeNull();
      room.publish(B, { liveAt: room.clock + 7_200_000 });
      room.pass(7_200_000);
      expect(await reader.fault(seen)).toBeNull();
    }));

  it("is restored as it was even if it doesn't fit, and verifiers still notice; a gap in it is refused", () =>
    withReader(async (reader, room) => {
      room.live();
      const seen = await reader.source.checkpoint();
      const backup = await room.export();
      const restored = async (change: (row: any) => any) => {
        await room.wipe();
        return room.restore(resealed(backup, (rows) => rows.map((row) => (row.row === "log" ? change(row) : row))));
      };
      done(await restored((row) => ({ ...row, hash: digest("forged") })));
      expect(reader.ownFault()).toMatch(
        /entry 1 of the signed log: revision 1 of ua-1-00 is not the one that went live/,
      );
      expect(await reader.fault(seen)).toMatch(/not those of your checkpoint/);
      done(await restored((row) => ({ ...row, auditSalt: digest("forged") })));
      expect(reader.ownFault()).toMatch(/line \d+ of the audit log is not the one/);
      expect(await restored((row) => ({ ...row, position: row.position + 1 }))).toMatchObject({
        failure: { tag: "damaged-backup", fault: expect.stringContaining("an entry of the signed log is missing") },
      });
    }));

  it("holds nothing that confirms a guess of an editor's name", () =>
    withNewsroom(async (room) => {
      room.publish(A, { case: inventedCase(1) });
      room.pass();
      const [row] = [...room.journal.log.rows()];
      const [line] = room.journal.audit.all();
      const guessed = [line!.hash, auditHash(line!), digest(line!.hash)];
      const entry = new TextDecoder().decode(
        entriesIn(room.journal.log.tile({ level: "entries", number: 0, width: 1 })!)[0],
      );
      for (const hash of guessed) expect(entry).not.toContain(hash);
      expect(entry).not.toContain(row!.auditSalt);
      expect(entry).not.toContain("tester");
    }));
});

/** Makes the log anew from changed lines, as someone with write access to the database could. */
function rebuild({ storage, journal }: Newsroom, change: (line: any, all: any[]) => any): void {
  const lines = [...journal.log.rows()];
  storage.sql.exec("DELETE FROM log_entries");
  storage.sql.exec("DELETE FROM log_tiles");
  journal.log.restore(lines.map((line) => change(line, lines)).filter(Boolean));
}
