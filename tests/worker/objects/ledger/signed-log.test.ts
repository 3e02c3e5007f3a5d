/**
 * The signed log: the tree, the checkpoints, and rewrites of the database,
 * which an earlier checkpoint reveals.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import {
  bytesToHex,
  concatBytes,
  hexToBytes,
  utf8ToBytes,
} from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import {
  entriesIn,
  hashesIn,
  type Tile,
  tileAt,
  tilePath,
  tilesAt,
} from "../../../../worker/editing/contract/log-entry.ts";
import { shownFault } from "../../../../worker/editing/contract/log-faults.ts";
import {
  LogTree,
  leafHash,
} from "../../../../worker/editing/contract/log-tree.ts";
import { revisionLineOf } from "../../../../worker/objects/ledger/backup.ts";
import { auditHash } from "../../../../worker/objects/ledger/hash-chain.ts";
import {
  linkOf,
  logFault,
} from "../../../../worker/objects/ledger/verification.ts";
import {
  checkpointIn,
  isSigned,
  keyIn,
  keyLine,
  type Signer,
  signerOf,
} from "../../../../worker/runtime/checkpoint.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import {
  copyLog,
  type LogSource,
  mustContinue,
  treeOf,
} from "../../../../worker/tools/cli/log-copy.ts";
import {
  A,
  B,
  C,
  changed,
  it as inNewsroom,
  type Newsroom,
  refused,
  resealed,
  seenIn,
} from "./newsroom.ts";

const SEED = "AgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICE=";
const NAME = "casewire.test/v1/log";

/** RFC 6962, section 2.1, word for word. */
function treeHash(entries: Uint8Array[]): Uint8Array {
  if (entries.length === 0) return sha256(new Uint8Array());
  if (entries.length === 1) return leafHash(entries[0]!);
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  const halves = [
    treeHash(entries.slice(0, split)),
    treeHash(entries.slice(split)),
  ];
  return sha256(concatBytes(new Uint8Array([1]), ...halves));
}

describe("The tree", () => {
  test("has the roots of Certificate Transparency's test vectors", () => {
    const leaves = [
      "",
      "00",
      "10",
      "2021",
      "3031",
      "40414243",
      "5051525354555657",
      "606162636465666768696a6b6c6d6e6f",
    ];
    const tree = new LogTree(leaves.map(hexToBytes));
    expect([1, 8].map((size) => bytesToHex(tree.rootAt(size)))).toEqual([
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]);
  });

  test("has at every size the root that RFC 6962 defines, also beyond a tile", () => {
    const entries = Array.from({ length: 600 }, (_, index) =>
      utf8ToBytes(String(index)),
    );
    const tree = new LogTree(entries);
    for (const size of [
      0, 1, 2, 3, 7, 8, 100, 255, 256, 257, 511, 512, 513, 600,
    ])
      expect(tree.rootAt(size), String(size)).toEqual(
        treeHash(entries.slice(0, size)),
      );
  });

  test("names tiles as C2SP does, each in one way", () => {
    const full = (number: number) => ({ level: 0, number, width: 256 });
    expect([full(1234067), full(5)].map(tilePath)).toEqual([
      "0/x001/x234/067",
      "0/005",
    ]);
    expect(tileAt("entries/x001/000.p/3")).toEqual({
      level: "entries",
      number: 1000,
      width: 3,
    });
    for (const wrong of [
      "0/5",
      "0/x000/005",
      "00/005",
      "0/005.p/0",
      "0/005.p/256",
      "0/005.p/03",
      "0/005/",
      "x/005",
    ])
      expect(tileAt(wrong), wrong).toBeNull();
    expect(tilesAt(0, 70_000).at(-1)).toEqual({
      level: 0,
      number: 273,
      width: 112,
    });
    expect(tilesAt(1, 70_000).at(-1)).toEqual({
      level: 1,
      number: 1,
      width: 17,
    });
    expect(tilesAt(2, 70_000)).toEqual([{ level: 2, number: 0, width: 1 }]);
  });
});

test("A checkpoint is signed, and no other key, text or form passes", async () => {
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
  expect(
    await isSigned(
      checkpointIn(note.replace("\n1\n", "\n2\n"))!,
      signer.public,
    ),
  ).toBe(false);
  for (const wrong of [
    "",
    "x",
    note.replace("\n1\n", "\n01\n"),
    note.replace("— ", "- "),
  ])
    expect(checkpointIn(wrong)).toBeNull();
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

  /**
   * Everything that a verifier with an earlier checkpoint does.
   * @returns the fault that it finds
   */
  async fault(seen: string | null): Promise<string | null> {
    try {
      const log = await copyLog(this.source);
      if (seen) mustContinue(log.tree, checkpointIn(seen)!, "your checkpoint");
      const shown = new Map(Object.entries(seenIn(this.room.journal)));
      return shownFault(log.entries, shown, {
        settled: log.tree.size,
        isWhole: true,
        withdrawn: null,
      });
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** What the newsroom finds in its own storage. */
  ownFault(): string | null {
    const { journal } = this.room;
    const links = journal.revisions
      .after(0, 100)
      .map((row) => linkOf(revisionLineOf(row)));
    return logFault([...journal.log.rows()], links, journal.audit.all());
  }
}

const it = (
  what: string,
  run: (reader: Reader, room: Newsroom) => Promise<void>,
) =>
  inNewsroom(what, async (room) =>
    run(new Reader(room, await signerOf(NAME, SEED)), room),
  );

/** Rewrites the audit log from a line on, with hashes that fit each other. */
function rewriteAudit(room: Newsroom, change: (entry: any) => any): void {
  let previousHash = "0".repeat(64);
  for (const entry of room.journal.audit.all()) {
    const { hash: _, ...rest } = change({ ...entry, previousHash });
    previousHash = auditHash(rest);
    room.sql(
      "UPDATE audit SET editor = ?, previous_hash = ?, hash = ? WHERE id = ?",
      ...[rest.editor, rest.previousHash, previousHash, rest.sequence],
    );
  }
}

describe("The log", () => {
  it("is made once for revisions that it lacks, and grows beyond tiles by many at once", async (_, room) => {
    room.live();
    const addRevisions = (from: number, to: number) => {
      for (let number = from; number <= to; number++)
        room.sql(
          `INSERT INTO revisions (content_version, case_id, number, kind, changes, editor, notify, committed_at, live_at, content_hash, previous_hash, hash, shown)
           VALUES (1, 'ua-9-00', ?1, 'update', '[]', 'tester', 'none', ?1, ?1, '', '', ?2, 1)`,
          number,
          digest(String(number)),
        );
    };
    addRevisions(1, 600);
    dropLog(room);
    room.restart();
    const { log } = room.journal;
    log.restore([]);
    const checkTiles = (size: number) => {
      expect(log.size()).toBe(size);
      const leaves = tilesAt("entries", size).flatMap((tile) =>
        entriesIn(log.tile(tile)!),
      );
      const tree = treeOf(leaves, log.head());
      for (const level of [0, 1])
        for (const tile of tilesAt(level, size))
          expect(hashesIn(log.tile(tile)!)).toEqual(
            tree.tile(level, tile.number).slice(0, tile.width),
          );
    };
    checkTiles(606);
    expect(log.tile({ level: 0, number: 2, width: 200 })).toBeNull();
    expect(log.tile({ level: "entries", number: 3, width: 1 })).toBeNull();
    addRevisions(601, 1_200);
    log.restore([]);
    checkTiles(1_206);
  });

  /**
   * Replaces a revision's content with another whose hashes fit.
   * @returns the revision's new hash
   */
  function forgeText(room: Newsroom): string {
    const content = digest("forged");
    const hash = digest("0".repeat(64) + content);
    room.sql(
      "UPDATE revisions SET content_hash = ?, hash = ? WHERE case_id = ?",
      content,
      hash,
      B,
    );
    return hash;
  }

  const set = (column: string, where: string) => (room: Newsroom) =>
    void room.sql(`UPDATE revisions SET ${column} WHERE ${where}`);
  const isWithdrawal = `case_id = '${C}' AND number = 2`;
  /** How the database is rewritten, and what a verifier finds. */
  const rewrites: Record<
    string,
    [rewrite: (room: Newsroom) => void, found: RegExp]
  > = {
    "a revision's text, with new hashes": [
      (room) => void forgeText(room),
      /Revision 1 of ua-2-00: its hash is not the one in the log/,
    ],
    "the log's entry too": [
      (room) =>
        void room.sql(
          "UPDATE log_entries SET hash = ? WHERE case_id = ?",
          forgeText(room),
          B,
        ),
      /The entries of the log are not those that its checkpoint signs/,
    ],
    "the log's entry and its tree too": [
      (room) => {
        const hash = forgeText(room);
        rebuild(room, (line) => (line.case === B ? { ...line, hash } : line));
      },
      /The first 6 entries of the log are not those of your checkpoint/,
    ],
    "the order of the log": [
      (room) =>
        rebuild(room, (line, all) => ({
          ...all[5 - line.position],
          position: line.position,
        })),
      /not those of your checkpoint/,
    ],
    "the log's last entry, by removing it with its revision": [
      (room) => {
        room.sql("DELETE FROM revisions WHERE case_id = ? AND number > 1", C);
        rebuild(room, (line) => (line.position === 5 ? null : line));
      },
      /The log has 5 entries, but your checkpoint has 6: entries were removed/,
    ],
    "a revision's moment": [
      set("live_at = live_at - 1", `case_id = '${B}'`),
      /Revision 1 of ua-2-00: it is said to be live since/,
    ],
    "a whole case, by removing it": [
      (room) => void room.sql("DELETE FROM revisions WHERE case_id = ?", B),
      /Revision 1 of ua-2-00: it is in the log, but it is not shown/,
    ],
    "a withdrawal, by making it an update": [
      set("kind = 'update'", isWithdrawal),
      /Revision 2 of ua-3-00: its kind is shown as update/,
    ],
    "the reason of a withdrawal": [
      set("reason = 'mistake'", isWithdrawal),
      /Revision 2 of ua-3-00: its reason is shown as mistake, but the log says consent/,
    ],
    "the reason of a withdrawal, with the log's entry and its tree": [
      (room) => {
        set("reason = 'mistake'", isWithdrawal)(room);
        rebuild(room, (line) =>
          line.case === C && line.number === 2
            ? { ...line, reason: "mistake" }
            : line,
        );
      },
      /not those of your checkpoint/,
    ],
  };

  for (const [what, [rewrite, found]] of Object.entries(rewrites))
    it(`fails a verification with an earlier checkpoint after a rewrite of ${what}`, async (reader, room) => {
      room.live();
      const seen = await reader.source.checkpoint();
      expect(await reader.fault(seen)).toBeNull();
      rewrite(room);
      room.restart();
      expect(await reader.fault(seen)).toMatch(found);
    });

  it("doesn't fit an audit log that was rewritten with valid hashes, even in an old line", async (reader, room) => {
    room.live();
    const seen = await reader.source.checkpoint();
    rewriteAudit(room, (entry) =>
      entry.sequence === 2 ? { ...entry, editor: "somebody-else" } : entry,
    );
    expect(reader.ownFault()).toMatch(
      /line \d+ of the audit log is not the one that was there/,
    );
    // When the log's entries are made anew as well, everyone with a checkpoint
    // notices.
    dropLog(room);
    room.journal.log.restore([]);
    expect(reader.ownFault()).toBeNull();
    expect(await reader.fault(seen)).toMatch(/not those of your checkpoint/);
  });

  it("shows the newsroom itself that the reason of a withdrawal was changed", async (reader, room) => {
    room.live();
    expect(reader.ownFault()).toBeNull();
    room.sql(
      "UPDATE revisions SET reason = 'law' WHERE case_id = ? AND number = 2",
      C,
    );
    expect(reader.ownFault()).toMatch(
      /revision 2 of ua-3-00 is not the one that went live/,
    );
  });

  it("goes on after a restore of the newest backup, and says nothing else than before", async (reader, room) => {
    room.live();
    const seen = await reader.source.checkpoint();
    const backup = await room.export();
    await room.restored(backup);
    expect(await reader.fault(seen)).toBeNull();
    expect(reader.ownFault()).toBeNull();
    room.publish(B, { liveAt: room.clock + 7_200_000 });
    room.pass(7_200_000);
    expect(await reader.fault(seen)).toBeNull();
  });

  it("is restored as it was even if it doesn't fit, and verifiers still notice; a gap in it is refused", async (reader, room) => {
    room.live();
    const seen = await reader.source.checkpoint();
    const backup = await room.export();
    const forged = (change: (row: any) => void) =>
      resealed(backup, changed("log", change));
    await room.restored(forged((row) => (row.hash = digest("forged"))));
    expect(reader.ownFault()).toMatch(
      /entry 1 of the signed log: revision 1 of ua-1-00 is not the one that went live/,
    );
    expect(await reader.fault(seen)).toMatch(/not those of your checkpoint/);
    await room.restored(forged((row) => (row.auditSalt = digest("forged"))));
    expect(reader.ownFault()).toMatch(
      /line \d+ of the audit log is not the one/,
    );
    await room.wipe();
    expect(
      refused(await room.restore(forged((row) => row.position++))),
    ).toMatchObject({
      ...{
        tag: "damaged-backup",
        fault: expect.stringContaining("an entry of the signed log is missing"),
      },
    });
  });

  it("holds nothing that confirms a guess of an editor's name", async (_, room) => {
    room.goLive(A);
    const [row] = [...room.journal.log.rows()];
    const [line] = room.journal.audit.all();
    const guessed = [line!.hash, auditHash(line!), digest(line!.hash)];
    const entry = new TextDecoder().decode(
      entriesIn(
        room.journal.log.tile({ level: "entries", number: 0, width: 1 })!,
      )[0],
    );
    for (const hash of guessed) expect(entry).not.toContain(hash);
    expect(entry).not.toContain(row!.auditSalt);
    expect(entry).not.toContain("tester");
  });
});

const dropLog = (room: Newsroom) => {
  for (const table of ["log_entries", "log_tiles"])
    room.sql(`DELETE FROM ${table}`);
};

/**
 * Makes the log anew from changed lines, as someone with write access to the
 * database could.
 */
function rebuild(room: Newsroom, change: (line: any, all: any[]) => any): void {
  const { log } = room.journal;
  const lines = [...log.rows()];
  dropLog(room);
  log.restore(lines.map((line) => change(line, lines)).filter(Boolean));
}
