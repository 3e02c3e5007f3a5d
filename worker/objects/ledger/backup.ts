/**
 * Exports the Ledger as NDJSON. Followers are in the Dispatcher and have a file
 * of their own.
 */
import type { Text } from "../../../shared/case/schema.ts";
import { type Fields, isFields } from "../../../shared/fields.ts";
import { iso } from "../../runtime/iso.ts";
import {
  BACKUP,
  type BackupRow,
  ERASURES,
  type KeyedKind,
  keyColumns,
  type RevisionLine,
  revisionFields,
  Section,
  type TableLine,
  tableNames,
} from "../storage/backup-lines.ts";
import { CHUNK_CHARS, streamOf } from "../storage/line-stream.ts";
import { columnsOf } from "../storage/table-rows.ts";
import { LedgerPart } from "./ledger-part.ts";
import type { StoredRow } from "./revisions.ts";
import { hashFault } from "./verification.ts";

/** Rows in memory at once: a case has about 20 KB. */
const PAGE_ROWS = 50;
/** Kinds of rows that a backup copies column by column. */
export const ledgerRowNames = Object.keys(keyColumns) as KeyedKind[];

/**
 * The object in a JSON column; the column's text when it holds none, so that
 * one damaged row doesn't prevent a backup.
 */
function objectIn<T extends object>(text: string | null): T | string | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? (value as T) : text;
  } catch {
    return text;
  }
}

/**
 * Each field of a revision's line, with its column. Others are derived again.
 */
const named = revisionFields.map((name) => {
  const column =
    name === "case"
      ? "case_id"
      : name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
  return [name, column as keyof StoredRow] as const;
});

export function revisionLineOf(row: StoredRow): RevisionLine {
  const copied = Object.fromEntries(
    named.map(([name, column]) => [name, row[column]]),
  );
  return {
    ...(copied as unknown as RevisionLine),
    row: "revision",
    content: objectIn<Fields>(row.content),
    note: objectIn<Text>(row.note),
    answers: row.answers === null ? null : JSON.parse(row.answers),
    committedAt: iso(row.committed_at),
    liveAt: iso(row.live_at),
    shown: row.shown === 1,
  };
}

/** The row of a line, without the columns that are derived from the content. */
export function revisionRowOf(
  line: RevisionLine,
): Omit<StoredRow, "changes" | "summary"> {
  const copied = Object.fromEntries(
    named.map(([name, column]) => [column, line[name]]),
  );
  return {
    ...(copied as unknown as Omit<StoredRow, "changes" | "summary">),
    content:
      typeof line.content === "string"
        ? line.content
        : line.content && JSON.stringify(line.content),
    note: line.note && JSON.stringify(line.note),
    answers: line.answers && JSON.stringify(line.answers),
    committed_at: Date.parse(line.committedAt),
    live_at: Date.parse(line.liveAt),
    shown: Number(line.shown),
  };
}

/**
 * A revision for a backup. Content that isn't what was committed is exported as
 * text.
 */
export function checkedLineOf(stored: StoredRow): RevisionLine {
  // What is kept for the undo of a pending erasure is in no backup.
  const row =
    stored.fate === null
      ? stored
      : { ...stored, content: null, note: null, salt: null, answers: null };
  const line = revisionLineOf(row);
  return isFields(line.content) && hashFault(line) !== null
    ? { ...line, content: row.content }
    : line;
}

export function tableLineOf(
  row: KeyedKind,
  { pad: _, ...columns }: Record<string, SqlStorageValue>,
): TableLine {
  return { row, columns: columnsOf(columns) };
}

/**
 * Revisions that are erased, will be erased at a pending moment, or erase
 * others: a restore of an older backup must not bring these back.
 */
const ERASED = `SELECT * FROM revisions r WHERE fate IS NOT NULL OR EXISTS
  (SELECT 1 FROM revisions later WHERE later.case_id = r.case_id AND later.number >= r.number AND later.fate IS NULL
     AND later.kind IN ('redaction', 'withdrawal'))
  ORDER BY case_id, number`;

export class Backup extends LedgerPart {
  #header(format: typeof BACKUP | typeof ERASURES) {
    const { clock } = this.journal;
    return Section.begin({
      format,
      madeAt: iso(clock.now()),
      mark: iso(clock.shown()),
    });
  }

  /**
   * Changes with every commit and every moment, but not with drafts: they don't
   * depend on each other.
   */
  #stateKey(): string {
    this.journal.settle();
    return `${this.journal.audit.newest(null, 1)[0]?.hash} ${this.journal.clock.shown()}`;
  }

  /**
   * Streams the whole ledger. Publishing takes priority: if a revision is
   * committed or goes live during the export, the stream fails before its last
   * line and the caller must start again.
   */
  export(editor: string): ReadableStream<Uint8Array> {
    const stateKey = this.#stateKey();
    return streamOf(this.#lines(editor), CHUNK_CHARS, () => {
      if (this.#stateKey() !== stateKey)
        throw new Error(
          "Export aborted: a revision was committed or went live. Export again.",
        );
    });
  }

  /**
   * Streams the audit log as NDJSON, up to the entry that is the last one when
   * a part is read.
   */
  audit(): ReadableStream<Uint8Array> {
    return streamOf(this.#auditLines());
  }

  *#auditLines(): Generator<string, undefined> {
    for (const entry of this.journal.audit.entries())
      yield `${JSON.stringify(entry)}\n`;
    return undefined;
  }

  *#lines(editor: string): Generator<string, string> {
    const { section, line } = this.#header(BACKUP);
    yield line;
    let rows = 0;
    const write = (row: BackupRow) => {
      rows++;
      return section.write(row);
    };
    for (
      let page = this.journal.revisions.after(0, PAGE_ROWS);
      page.length > 0;
    ) {
      for (const row of page) yield write(checkedLineOf(row));
      page = this.journal.revisions.after(page.at(-1)!.sequence, PAGE_ROWS);
    }
    for (const entry of this.journal.audit.entries())
      yield write({ row: "audit", ...entry });
    for (const row of this.journal.log.rows()) yield write(row);
    for (const row of ledgerRowNames)
      for (const { rowid } of this.sql
        .exec<{ rowid: number }>(`SELECT rowid FROM ${tableNames[row]}`)
        .toArray()) {
        const [whole] = this.sql
          .exec(`SELECT * FROM ${tableNames[row]} WHERE rowid = ?`, rowid)
          .toArray();
        // The row may have been deleted since the ids were read.
        if (!whole || whole.erasure != null) continue;
        yield write(tableLineOf(row, whole));
      }
    const seal = section.seal();
    // An audit row would make an empty ledger non-empty, and then nothing could
    // be restored into it.
    if (rows > 0) this.journal.audit.record("export", editor, seal.sha256);
    return seal.line;
  }

  /**
   * Every revision that was withdrawn, redacted or cancelled, without content,
   * and every withdrawal of a case that had only drafts. The file is small.
   * Operators keep the newest one beside older backups, so that a restore
   * doesn't bring back erased content.
   */
  erasures(): string {
    this.journal.settle();
    const { section, line } = this.#header(ERASURES);
    const rows = this.sql
      .exec<StoredRow>(ERASED)
      .toArray()
      .map((row) =>
        section.write(
          revisionLineOf({ ...row, content: null, note: null, salt: null }),
        ),
      );
    const withdrawals = this.journal.audit
      .uncommittedWithdrawals()
      .map((entry) => section.write({ row: "audit", ...entry }));
    return [line, ...rows, ...withdrawals, section.seal().line].join("");
  }
}
