/**
 * The signed log: an entry for each revision that went live, in the order of moments, and the tree of their hashes. Entries are only ever
 * added, in the transaction that settles the moment, so anyone who keeps a checkpoint notices when a row is changed later.
 */
import type { RevisionKind } from "../../../shared/revision.ts";
import {
  bundleOf,
  entryBytes,
  hashesIn,
  type LogEntry,
  type Tile,
  tileBytes,
} from "../../editing/contract/log-entry.ts";
import { fullRoot, HASH_BYTES, leafHash, rootOf, TILE_WIDTH } from "../../editing/contract/log-tree.ts";
import type { LogHead } from "../../runtime/checkpoint.ts";
import { newSalt } from "../../runtime/digest.ts";
import { iso } from "../../runtime/iso.ts";
import type { LogLine } from "../storage/backup-lines.ts";
import { auditCommitment, GENESIS } from "./hash-chain.ts";

/** Entries in memory at once. */
const PAGE_ROWS = 500;

export type LogRow = {
  position: number;
  case_id: string;
  number: number;
  kind: RevisionKind;
  live_at: number;
  hash: string;
  /** The newest line of the audit log at that time. */
  audit_sequence: number;
  audit_salt: string;
  audit: string;
};

type Loggable = Pick<LogRow, "case_id" | "number" | "kind" | "live_at" | "hash">;

const recordedIn = (row: LogRow) => ({
  case: row.case_id,
  number: row.number,
  kind: row.kind,
  liveAt: iso(row.live_at),
  hash: row.hash,
  audit: row.audit,
});

export const entryOf = (row: LogRow): LogEntry => ({ version: 1, ...recordedIn(row) });

export const logLineOf = (row: LogRow): LogLine => ({
  row: "log",
  position: row.position,
  ...recordedIn(row),
  auditSequence: row.audit_sequence,
  auditSalt: row.audit_salt,
});

const rowOf = (line: LogLine): LogRow => ({
  position: line.position,
  case_id: line.case,
  number: line.number,
  kind: line.kind,
  live_at: Date.parse(line.liveAt),
  hash: line.hash,
  audit_sequence: line.auditSequence,
  audit_salt: line.auditSalt,
  audit: line.audit,
});

/** The entry of a line in a backup. */
export const entryOfLine = (line: LogLine): LogEntry => entryOf(rowOf(line));

export class SignedLog {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  size(): number {
    return this.#sql.exec<{ size: number }>("SELECT COALESCE(MAX(position) + 1, 0) AS size FROM log_entries").one()
      .size;
  }

  /** Must run in the transaction that shows the revisions. */
  append(revisions: readonly Loggable[]): void {
    const [audit] = this.#sql
      .exec<{ id: number; hash: string }>("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1")
      .toArray();
    const { id: sequence, hash: auditHash } = audit ?? { id: 0, hash: GENESIS };
    const size = this.size();
    const rows = revisions.map(({ case_id, number, kind, live_at, hash }, index): LogRow => {
      const salt = newSalt();
      const audit = auditCommitment(sequence, auditHash, salt);
      const committed = { audit_sequence: sequence, audit_salt: salt, audit };
      return { position: size + index, case_id, number, kind, live_at, hash, ...committed };
    });
    this.#insert(rows);
  }

  /** @param rows as they follow the last one */
  #insert(rows: readonly LogRow[]): void {
    const names = Object.keys(rows[0] ?? {});
    const values = names.map((_, index) => `value ->> ${index}`);
    for (let from = 0; from < rows.length; from += PAGE_ROWS)
      this.#sql.exec(
        `INSERT INTO log_entries (${names}) SELECT ${values} FROM json_each(?)`,
        JSON.stringify(rows.slice(from, from + PAGE_ROWS).map((row) => Object.values(row))),
      );
    const leaves = rows.map((row) => leafHash(entryBytes(entryOf(row))));
    this.#addHashes(0, rows[0]?.position ?? 0, leaves);
  }

  /** Takes over the log of a backup, and adds the live revisions that it lacks. The lines must have been checked. */
  restore(lines: readonly LogLine[]): void {
    this.#insert(lines.map(rowOf));
    const missing = this.#sql
      .exec<Loggable>(
        `SELECT r.case_id, r.number, r.kind, r.live_at, r.hash FROM revisions r
         LEFT JOIN log_entries l ON l.case_id = r.case_id AND l.number = r.number
         WHERE r.fate IS NULL AND r.shown = 1 AND l.position IS NULL ORDER BY r.live_at, r.sequence`,
      )
      .toArray();
    this.append(missing);
  }

  /** All rows, oldest first. Holds only a page of them in memory. */
  *rows(): Generator<LogRow> {
    for (let next = 0; ; next += PAGE_ROWS) {
      const page = this.#page(next, PAGE_ROWS);
      yield* page;
      if (page.length < PAGE_ROWS) return;
    }
  }

  #page(from: number, limit: number): LogRow[] {
    return this.#sql
      .exec<LogRow>("SELECT * FROM log_entries WHERE position >= ? ORDER BY position LIMIT ?", from, limit)
      .toArray();
  }

  /** Writes each tile once, however many hashes it gets. @param index of the first hash, which follows the last one of its level */
  #addHashes(level: number, index: number, hashes: readonly Uint8Array[]): void {
    const first = Math.floor(index / TILE_WIDTH);
    const roots: { number: number; root: Uint8Array }[] = [];
    for (let number = first, from = 0; from < hashes.length; number++) {
      const before = this.#hashes(level, number);
      const tile = [...before, ...hashes.slice(from, from + TILE_WIDTH - before.length)];
      from += tile.length - before.length;
      this.#sql.exec("INSERT OR REPLACE INTO log_tiles VALUES (?, ?, ?)", level, number, tileBytes(tile));
      if (tile.length === TILE_WIDTH) roots.push({ number, root: fullRoot(tile) });
    }
    if (roots[0])
      this.#addHashes(
        level + 1,
        roots[0].number,
        roots.map(({ root }) => root),
      );
  }

  #hashes(level: number, number: number): Uint8Array[] {
    const [tile] = this.#sql
      .exec<{ hashes: ArrayBuffer }>("SELECT hashes FROM log_tiles WHERE level = ? AND number = ?", level, number)
      .toArray();
    return tile ? hashesIn(new Uint8Array(tile.hashes)) : [];
  }

  head(): LogHead {
    const size = this.size();
    return { size, root: rootOf(size, (level, number) => this.#hashes(level, number)) };
  }

  /** The bytes of a tile; null when there are not as many hashes or entries yet. */
  tile({ level, number, width }: Tile): Uint8Array<ArrayBuffer> | null {
    if (level === "entries") {
      const rows = this.#page(number * TILE_WIDTH, width);
      return rows.length === width ? bundleOf(rows.map((row) => entryBytes(entryOf(row)))) : null;
    }
    const bytes = tileBytes(this.#hashes(level, number).slice(0, width));
    return bytes.length === width * HASH_BYTES ? bytes : null;
  }
}
