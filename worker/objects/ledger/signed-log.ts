/**
 * The signed log: an entry for each revision that went live, in the order of
 * moments, and the tree of their hashes. Entries are only ever added, in the
 * transaction that settles the moment, so anyone who keeps a checkpoint notices
 * when a row is changed later.
 */
import type {
  RevisionKind,
  WithdrawalReason,
} from "../../../shared/revision.ts";
import {
  bundleOf,
  entryBytes,
  hashesIn,
  type Tile,
  tileBytes,
} from "../../editing/contract/log-entry.ts";
import {
  fullRoot,
  HASH_BYTES,
  leafHash,
  rootOf,
  TILE_WIDTH,
} from "../../editing/contract/log-tree.ts";
import type { LogHead } from "../../runtime/checkpoint.ts";
import { newSalt } from "../../runtime/digest.ts";
import { iso } from "../../runtime/iso.ts";
import { entryOf, type LogLine } from "../storage/backup-lines.ts";
import { auditCommitment, GENESIS } from "./hash-chain.ts";
import { LedgerPart } from "./ledger-part.ts";

/** Entries in memory at once. */
const PAGE_ROWS = 500;

interface Loggable {
  case_id: string;
  number: number;
  kind: RevisionKind;
  reason: WithdrawalReason | null;
  live_at: number;
  hash: string;
}

/** A row as a line of a backup has it, but for its moment. */
const COLUMNS = `position, case_id AS "case", number, kind, reason, live_at AS liveAt, hash, audit, audit_sequence AS auditSequence,
  audit_salt AS auditSalt`;

export class SignedLog extends LedgerPart {
  size(): number {
    return this.sql.oneValue(
      "SELECT COALESCE(MAX(position) + 1, 0) FROM log_entries",
    );
  }

  /** Must run in the transaction that shows the revisions. */
  append(revisions: readonly Loggable[]): void {
    const query = "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1";
    const newest = this.sql.firstRow<{ id: number; hash: string }>(query) ?? {
      id: 0,
      hash: GENESIS,
    };
    const size = this.size();
    const lines = revisions.map(
      (
        { case_id: id, number, kind, reason, live_at, hash },
        index,
      ): LogLine => {
        const auditSalt = newSalt();
        const audit = auditCommitment(newest.id, newest.hash, auditSalt);
        const revision = {
          case: id,
          number,
          kind,
          reason,
          liveAt: iso(live_at),
          hash,
        };
        return {
          row: "log",
          position: size + index,
          ...revision,
          audit,
          auditSequence: newest.id,
          auditSalt,
        };
      },
    );
    this.#insert(lines);
  }

  /** @param lines as they follow the last one */
  #insert(lines: readonly LogLine[]): void {
    for (let from = 0; from < lines.length; from += PAGE_ROWS)
      this.sql.exec(
        `INSERT INTO log_entries (position, case_id, number, kind, reason, live_at, hash, audit, audit_sequence, audit_salt)
           SELECT value ->> 'position', value ->> 'case', value ->> 'number', value ->> 'kind', value ->> 'reason', value ->> 'at',
             value ->> 'hash', value ->> 'audit', value ->> 'auditSequence', value ->> 'auditSalt' FROM json_each(?)`,
        JSON.stringify(
          lines
            .slice(from, from + PAGE_ROWS)
            .map((line) => ({ ...line, at: Date.parse(line.liveAt) })),
        ),
      );
    const leaves = lines.map((line) => leafHash(entryBytes(entryOf(line))));
    this.#addHashes(0, lines[0]?.position ?? 0, leaves);
  }

  /**
   * Takes over the log of a backup, and adds the live revisions that it lacks.
   * The lines must have been checked.
   */
  restore(lines: readonly LogLine[]): void {
    this.#insert(lines);
    const missing = this.sql.allRows<Loggable>(
      `SELECT r.case_id, r.number, r.kind, r.reason, r.live_at, r.hash FROM revisions r
       LEFT JOIN log_entries l ON l.case_id = r.case_id AND l.number = r.number
       WHERE r.fate IS NULL AND r.shown = 1 AND l.position IS NULL ORDER BY r.live_at, r.sequence`,
    );
    this.append(missing);
  }

  /** All rows, oldest first. Holds only a page of them in memory. */
  *rows(): Generator<LogLine> {
    for (let next = 0; ; next += PAGE_ROWS) {
      const page = this.#page(next, PAGE_ROWS);
      yield* page;
      if (page.length < PAGE_ROWS) return;
    }
  }

  row(position: number): LogLine | null {
    return this.#page(position, 1)[0] ?? null;
  }

  #page(from: number, limit: number): LogLine[] {
    const query = `SELECT ${COLUMNS} FROM log_entries WHERE position >= ? ORDER BY position LIMIT ?`;
    const rows = this.sql.allRows<
      Omit<LogLine, "row" | "liveAt"> & { liveAt: number }
    >(query, from, limit);
    return rows.map((row) => ({ row: "log", ...row, liveAt: iso(row.liveAt) }));
  }

  /**
   * Writes each tile once, however many hashes it gets.
   * @param index of the first hash, which follows the last one of its level
   */
  #addHashes(
    level: number,
    index: number,
    hashes: readonly Uint8Array[],
  ): void {
    const first = Math.floor(index / TILE_WIDTH);
    const roots: { number: number; root: Uint8Array }[] = [];
    for (let number = first, from = 0; from < hashes.length; number++) {
      const before = this.#hashes(level, number);
      const tile = [
        ...before,
        ...hashes.slice(from, from + TILE_WIDTH - before.length),
      ];
      from += tile.length - before.length;
      this.sql.exec(
        "INSERT OR REPLACE INTO log_tiles VALUES (?, ?, ?)",
        level,
        number,
        tileBytes(tile),
      );
      if (tile.length === TILE_WIDTH)
        roots.push({ number, root: fullRoot(tile) });
    }
    if (roots[0])
      this.#addHashes(
        level + 1,
        roots[0].number,
        roots.map(({ root }) => root),
      );
  }

  #hashes(level: number, number: number): Uint8Array[] {
    const query = "SELECT hashes FROM log_tiles WHERE level = ? AND number = ?";
    const [tile] = this.sql.allValues<ArrayBuffer>(query, level, number);
    return tile ? hashesIn(new Uint8Array(tile)) : [];
  }

  head(): LogHead {
    const size = this.size();
    return {
      size,
      root: rootOf(size, (level, number) => this.#hashes(level, number)),
    };
  }

  /**
   * The bytes of a tile; null when there are not as many hashes or entries yet.
   */
  tile({ level, number, width }: Tile): Uint8Array<ArrayBuffer> | null {
    if (level === "entries") {
      const rows = this.#page(number * TILE_WIDTH, width);
      return rows.length === width
        ? bundleOf(rows.map((row) => entryBytes(entryOf(row))))
        : null;
    }
    const bytes = tileBytes(this.#hashes(level, number).slice(0, width));
    return bytes.length === width * HASH_BYTES ? bytes : null;
  }
}
