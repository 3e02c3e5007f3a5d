/**
 * What changed since the last two nightly backups, row by row. Triggers write
 * down the rows in the transaction of each change. A file of them reaches the
 * bucket after each commit, and within a minute of the change of a draft. After
 * the older of two backups, the files bring back all that came later, so a
 * damaged newest backup costs nothing.
 */
import { iso } from "../../runtime/iso.ts";
import { deleteObjects, storedObjects } from "../../runtime/upload.ts";
import {
  type BackupRow,
  CHANGES,
  type KeyedKind,
  keyColumns,
  Section,
  tableNames,
} from "../storage/backup-lines.ts";
import { streamOf } from "../storage/line-stream.ts";
import { checkedLineOf, tableLineOf } from "./backup.ts";
import { LedgerPart } from "./ledger-part.ts";
import type { StoredRow } from "./revisions.ts";

/** In one turn, so that no commit comes between the rows of a usual file. */
const CHUNK_CHARS = 8_000_000;
/** The last number when the running nightly backup began. */
const NIGHT = "backup began at row";
/** Set while files with erased words may be in the bucket, or too many are. */
const SWEEP = "changes to sweep";
/** How many files there are since the last one that replaced others. */
const FILES = "files of changes";
const MAX_FILES = 100;

export class RecentRows extends LedgerPart {
  #made: { last: number; sweep: number | undefined } = {
    last: 0,
    sweep: undefined,
  };

  #last(): number {
    return this.sql.oneValue(
      "SELECT COALESCE(MAX(number), 0) FROM recent_rows",
    );
  }

  /** True when a file would have rows. */
  get hasUnsaved(): boolean {
    return (
      this.sql.oneValue(
        "SELECT EXISTS (SELECT 1 FROM recent_rows WHERE saved = 0)",
      ) === 1
    );
  }

  /**
   * The next file replaces all others. Called in the transaction of an erasure,
   * because they have the words.
   */
  sweep(): void {
    this.storage.kv.put(SWEEP, this.#last());
  }

  nightBegins(): void {
    this.storage.kv.put(NIGHT, this.#last());
  }

  /** The backup is in the bucket. What two have is needed no more. */
  nightEnds(): void {
    const { sql, kv } = this.storage;
    sql.exec(
      "UPDATE recent_rows SET nights = nights + 1 WHERE number <= ?",
      kv.get<number>(NIGHT) ?? 0,
    );
    sql.exec("DELETE FROM recent_rows WHERE nights >= 2");
  }

  /** Where there is no bucket. */
  clear(): void {
    this.sql.exec("DELETE FROM recent_rows");
  }

  /** The next file. Each is uploaded before the next is made. */
  file(): ReadableStream<Uint8Array> {
    this.journal.settle();
    const last = this.#last();
    const sweep = this.storage.kv.get<number>(SWEEP);
    this.#made = { last, sweep };
    return streamOf(this.#lines(sweep !== undefined), CHUNK_CHARS, () => {
      if (this.#last() !== last)
        throw new Error("Something was committed while the file was written.");
    });
  }

  /** What must be done once the file is in the bucket. */
  async stored(bucket: R2Bucket, key: string): Promise<void> {
    const { kv } = this.storage;
    const { last, sweep } = this.#made;
    this.sql.exec("UPDATE recent_rows SET saved = 1 WHERE number <= ?", last);
    const files = sweep === undefined ? (kv.get<number>(FILES) ?? 0) + 1 : 1;
    kv.put(FILES, files);
    // A restore fetches each of them.
    if (files >= MAX_FILES) this.sweep();
    if (sweep === undefined) return;
    const older = (await storedObjects(bucket, "changes")).flatMap((one) =>
      one.key < key ? one.key : [],
    );
    await deleteObjects(bucket, older);
    if (kv.get(SWEEP) === sweep) kv.delete(SWEEP);
  }

  *#lines(all: boolean): Generator<string, string> {
    const { clock } = this.journal;
    const header = {
      format: CHANGES,
      madeAt: iso(clock.now()),
      mark: iso(clock.shown()),
    } as const;
    const { section, line } = Section.begin(header);
    yield line;
    // A restore reads drafts after what was committed, and revisions in their
    // order.
    for (const kind of [
      "revision",
      "audit",
      "log",
      ...(Object.keys(keyColumns) as KeyedKind[]),
    ] as const) {
      const query =
        "SELECT key FROM recent_rows WHERE kind = ? AND saved <= ? ORDER BY key ->> 0";
      for (const { key } of this.sql.allRows<{ key: string }>(
        query,
        kind,
        Number(all),
      )) {
        const row = this.#row(kind, JSON.parse(key));
        if (row) yield section.write(row);
      }
    }
    return section.seal().line;
  }

  #row(
    kind: "revision" | "audit" | "log" | KeyedKind,
    key: string[],
  ): BackupRow | null {
    const [number] = key as unknown as [number];
    if (kind === "revision") {
      const row = this.sql.firstRow<StoredRow>(
        "SELECT * FROM revisions WHERE sequence = ?",
        number,
      );
      return row && checkedLineOf(row);
    }
    if (kind === "audit") {
      const entry = this.journal.audit.entry(number);
      return entry && { row: "audit", ...entry };
    }
    if (kind === "log") return this.journal.log.row(number);
    const where = keyColumns[kind]
      .map((column) => `${column} = ?`)
      .join(" AND ");
    const whole = this.sql
      .exec(`SELECT * FROM ${tableNames[kind]} WHERE ${where}`, ...key)
      .toArray()[0];
    return whole && whole.erasure == null
      ? tableLineOf(kind, whole)
      : { row: "gone", kind, key };
  }
}
