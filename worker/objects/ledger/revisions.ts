/**
 * The `revisions` table. Rows never change, except for the fate, `shown` and
 * erasures that docs/storage.md describes.
 */
import * as v from "valibot";
import type { Case } from "../../../shared/case/schema.ts";
import { Change, changesBetween } from "../../../shared/change.ts";
import type {
  Notification,
  Revision,
  RevisionKind,
  WithdrawalReason,
} from "../../../shared/revision.ts";
import { correctionsIn } from "../../../shared/view/corrected.ts";
import { summaryOf } from "../../reads/summary.ts";
import { iso } from "../../runtime/iso.ts";
import { LedgerPart } from "./ledger-part.ts";

export type Fate = "undone" | "replaced" | "withdrawn";

export type RevisionRow = {
  sequence: number;
  case_id: string;
  number: number;
  kind: RevisionKind;
  content: string | null;
  /** The version of the case's schema that `content` was written with. */
  content_version: number;
  note: string | null;
  /** The answers to its questions, as a JSON list. */
  answers: string | null;
  /**
   * The document that the draft was made from, as JSON, until the moment.
   * Absent in a restored row.
   */
  source?: string | null;
  changes: string;
  summary: string | null;
  /**
   * Part of what `content_hash` covers. Never leaves the Ledger except in a
   * backup.
   */
  salt: string | null;
  reason: WithdrawalReason | null;
  editor: string;
  /** The second editor, if one was needed. */
  approved_by: string | null;
  notify: Notification;
  committed_at: number;
  live_at: number;
  content_hash: string;
  previous_hash: string;
  hash: string;
};

/**
 * `fate`: why the revision was cancelled, else null. `shown`: 1 once its moment was settled. `erasure`: the erasure that committed or
 * cancelled it. What an erasure or a withdrawal cancelled keeps its content
 * until their moment, so that they can be undone.
 */
export type StoredRow = RevisionRow & {
  fate: Fate | null;
  shown: number;
  erasure?: number | null;
};

export type Moment = { number: number; liveAt: number };

/** Names a revision. */
export type Key = Pick<RevisionRow, "case_id" | "number">;
/** `is_republication`: 1 when the revision before it is a withdrawal. */
export type DueRow = Key &
  Pick<RevisionRow, "kind" | "reason" | "live_at" | "sequence" | "hash"> & {
    is_republication: number;
    erasure: number | null;
  };

/** The live head of a case. */
export type HeadRow = Moment &
  Pick<RevisionRow, "kind" | "reason"> & { hasContent: number };

/**
 * The columns that `revisionOf` reads. Content is left out, because it can be a
 * thousand times as long.
 */
const METADATA =
  "case_id, number, sequence, kind, note, changes, summary, reason, committed_at, live_at, content_hash, previous_hash, hash";
export type MetadataRow = Omit<
  RevisionRow,
  | "content"
  | "content_version"
  | "answers"
  | "source"
  | "salt"
  | "editor"
  | "approved_by"
  | "notify"
>;
export type DeskRow = MetadataRow &
  Pick<RevisionRow, "editor" | "approved_by" | "notify">;

export const StoredNote = v.record(v.string(), v.string());
const Changes = v.array(Change);

/**
 * Parses a JSON column.
 * @returns null when the column is NULL or damaged, so that one bad row doesn't
 * fail a whole list
 */
export function stored<S extends v.GenericSchema>(
  schema: S,
  text: string | null,
): v.InferOutput<S> | null {
  if (text === null) return null;
  try {
    return v.parse(schema, JSON.parse(text));
  } catch {
    return null;
  }
}

/** The public metadata of a revision. */
export function revisionOf(
  row: Omit<MetadataRow, "case_id" | "summary">,
): Revision {
  return {
    number: row.number,
    kind: row.kind,
    note: stored(StoredNote, row.note) ?? {},
    committedAt: iso(row.committed_at).slice(0, 10),
    liveAt: iso(row.live_at),
    hash: row.hash,
    contentHash: row.content_hash,
    previousHash: row.previous_hash,
    changes: stored(Changes, row.changes) ?? [],
    ...(row.reason === null ? {} : { reason: row.reason }),
  };
}

/**
 * The columns that are derived from a case. The changes of a redaction are
 * empty, because they would repeat what it removed.
 */
export function derivedColumns(
  kind: RevisionKind,
  fields: Case | null,
  previous: Case | null,
) {
  return {
    changes: JSON.stringify(
      fields
        ? changesBetween(kind === "redaction" ? null : previous, fields)
        : [],
    ),
    summary: fields && JSON.stringify(summaryOf(fields)),
  };
}

/**
 * A read of the head looks no further back, so that its cost doesn't grow with
 * the history.
 */
const MAX_REVISIONS_BEFORE_HEAD = 10;

/**
 * Selects the last few revisions before one of a case that went live after
 * `since`, newest first, without the first and erased ones.
 * @param also further conditions
 */
const before = (
  columns: string,
  id: string,
  liveAt: string,
  since: string,
  also = "",
) =>
  // The index alone yields the sequences: other columns lie behind long ones.
  `SELECT ${columns} FROM revisions WHERE sequence IN (
     SELECT sequence FROM revisions
     WHERE case_id = ${id} AND fate IS NULL AND live_at < ${liveAt} AND live_at > ${since}
     ORDER BY live_at DESC LIMIT ${MAX_REVISIONS_BEFORE_HEAD})
   AND number > 1 AND note IS NOT NULL ${also} ORDER BY live_at DESC`;

/**
 * Number and moment of the newest correction among them as a JSON list, for a
 * list of heads.
 * @param head their table
 * @param since a parameter of the query
 */
export const correctedColumn = (head: string, since: string) =>
  `(${before("json_array(number, live_at)", `${head}.case_id`, `${head}.live_at`, since, "AND kind = 'correction'")} LIMIT 1) AS corrected`;
export type Corrected = { corrected: string | null };
/** Revisions that are settled in one transaction. */
export const MAX_SETTLED = 500;

const ERASED =
  "content = NULL, note = NULL, answers = NULL, source = NULL, salt = NULL, summary = NULL, changes = '[]', pad = x''";
const MOMENT =
  "SELECT number, live_at AS liveAt FROM revisions WHERE case_id = ? AND fate IS NULL";

export class Revisions extends LedgerPart {
  #moment(where: string, ...values: SqlStorageValue[]): Moment | null {
    return this.sql.firstRow(`${MOMENT} AND ${where} LIMIT 1`, ...values);
  }

  #rows(where: string, ...values: SqlStorageValue[]): StoredRow[] {
    return this.sql.allRows(
      `SELECT * FROM revisions WHERE ${where}`,
      ...values,
    );
  }

  row(id: string, number: number): StoredRow {
    const [row] = this.#rows("case_id = ? AND number = ?", id, number);
    if (!row) throw new Error(`${id} has no revision ${number}`);
    return row;
  }

  /**
   * The revisions that an erasure committed or cancelled, in the order of their
   * commits.
   */
  ofErasure(erasure: number): StoredRow[] {
    return this.#rows("erasure = ? ORDER BY sequence", erasure);
  }

  /**
   * The newest revision of a case that was not cancelled, other than `except`.
   */
  newest(id: string, except = 0): Moment | null {
    // By moment and not by number: the index has no cancelled revisions, and
    // moments increase with numbers.
    return this.#moment("number != ? ORDER BY live_at DESC", id, except);
  }

  /** The newest live revision of a case. */
  head(id: string, now: number): HeadRow | null {
    const query = `SELECT number, live_at AS liveAt, kind, reason, content IS NOT NULL AS hasContent FROM revisions
      WHERE case_id = ? AND fate IS NULL AND live_at <= ? ORDER BY live_at DESC LIMIT 1`;
    return this.sql.firstRow(query, id, now);
  }

  /**
   * The last few revisions before one that went live after `since`, newest
   * first, without the first and erased ones.
   */
  before(id: string, { liveAt }: Moment, since: number): MetadataRow[] {
    return this.sql.allRows(before(METADATA, "?", "?", "?"), id, liveAt, since);
  }

  /** The first live revision of a case. */
  first(id: string, now: number): Moment | null {
    return this.#moment("live_at <= ? ORDER BY live_at", id, now);
  }

  /** A revision of a case, unless it was cancelled. */
  standing(id: string, number: number): Moment | null {
    return this.#moment("number = ?", id, number);
  }

  /** The revisions of a case whose moment is ahead, oldest first. */
  pending(id: string, now: number): DeskRow[] {
    const query = `SELECT ${METADATA}, editor, approved_by, notify FROM revisions
      WHERE case_id = ? AND fate IS NULL AND live_at > ? ORDER BY live_at`;
    return this.sql.allRows(query, id, now);
  }

  /** The next moment of a case; null when none is pending. */
  nextMomentOf(id: string, now: number): number | null {
    const query =
      "SELECT MIN(live_at) FROM revisions WHERE case_id = ? AND fate IS NULL AND live_at > ?";
    return this.sql.oneValue<number | null>(query, id, now);
  }

  /**
   * Live revisions of a case, newest first.
   * @param before only those with lower numbers
   */
  live(id: string, now: number, before: number, limit: number): MetadataRow[] {
    const query = `SELECT ${METADATA} FROM revisions
      WHERE case_id = ? AND fate IS NULL AND live_at <= ? AND number < ? ORDER BY number DESC LIMIT ?`;
    return this.sql.allRows(query, id, now, before, limit);
  }

  /**
   * The live corrections of a case, by the number of the revision that each
   * denies.
   */
  corrections(id: string, now: number): Map<number, Pick<Revision, "number">> {
    const live =
      "FROM revisions WHERE case_id = ? AND fate IS NULL AND live_at <= ?";
    if (
      !this.sql.firstRow(
        `SELECT 1 ${live} AND kind = 'correction' LIMIT 1`,
        id,
        now,
      )
    )
      return new Map();
    const query = `SELECT number, kind, changes ${live} ORDER BY live_at DESC`;
    const rows = this.sql.allRows<
      Pick<MetadataRow, "number" | "kind" | "changes">
    >(query, id, now);
    return correctionsIn(
      rows.map((row) => ({
        ...row,
        changes: stored(Changes, row.changes) ?? [],
      })),
    );
  }

  /** The live revision that followed `number`; null for the head. */
  following(id: string, now: number, number: number): Moment | null {
    return this.#moment(
      "number > ? AND live_at <= ? ORDER BY number",
      id,
      number,
      now,
    );
  }

  /** The revisions of a case that were not cancelled, oldest first. */
  moments(id: string): Moment[] {
    return this.sql.allRows(`${MOMENT} ORDER BY number`, id);
  }

  /**
   * The next revisions whose moment has come but isn't settled, in the order
   * they go live.
   */
  due(now: number): DueRow[] {
    const query = `SELECT case_id, number, kind, reason, live_at, sequence, hash, erasure,
        (SELECT kind FROM revisions before WHERE before.case_id = r.case_id AND fate IS NULL AND before.live_at < r.live_at
           ORDER BY before.live_at DESC LIMIT 1) IS 'withdrawal' AS is_republication
      FROM revisions r WHERE fate IS NULL AND shown = 0 AND live_at <= ? ORDER BY live_at, sequence LIMIT ${MAX_SETTLED}`;
    return this.sql.allRows(query, now);
  }

  /**
   * The first pending moment of any case after `after`; null when there is
   * none.
   */
  nextMoment(after = Number.NEGATIVE_INFINITY): number | null {
    const query =
      "SELECT MIN(live_at) FROM revisions WHERE fate IS NULL AND shown = 0 AND live_at > ?";
    return this.sql.oneValue<number | null>(query, after);
  }

  /** Numbers are never reused, not even after an undo. */
  nextNumber(id: string): number {
    return this.sql.oneValue(
      "SELECT COALESCE(MAX(number), 0) + 1 FROM revisions WHERE case_id = ?",
      id,
    );
  }

  /**
   * @param row a new revision, or a restored one with its sequence, fate and
   * `shown`
   */
  insert(
    row:
      | (Omit<RevisionRow, "sequence"> & { erasure?: number | null })
      | StoredRow,
  ): void {
    this.sql.insert("revisions", row);
  }

  /** A page of revisions of all cases, in the order they were committed. */
  after(sequence: number, limit: number): StoredRow[] {
    return this.#rows(
      "sequence > ? ORDER BY sequence LIMIT ?",
      sequence,
      limit,
    );
  }

  setSummary(sequence: number, summary: string | null): void {
    this.sql.rewrite("revisions", { summary }, "sequence = ?", sequence);
  }

  markShown(revisions: readonly Key[]): void {
    const keys = JSON.stringify(revisions);
    const isAmong =
      "(case_id, number) IN (SELECT value ->> 'case_id', value ->> 'number' FROM json_each(?))";
    this.sql.rewrite(
      "revisions",
      { source: null },
      `source IS NOT NULL AND ${isAmong}`,
      keys,
    );
    this.sql.exec(`UPDATE revisions SET shown = 1 WHERE ${isAmong}`, keys);
  }

  /** A cancelled revision was never live, so its content is erased at once. */
  cancel(id: string, number: number, fate: Fate): void {
    this.#erase("case_id = ? AND number = ?", id, number);
    this.sql.exec(
      "UPDATE revisions SET fate = ? WHERE case_id = ? AND number = ?",
      fate,
      id,
      number,
    );
  }

  /**
   * Cancels a revision for an erasure or a withdrawal. Its content stays until
   * their moment, so that they can be undone.
   */
  hold(
    id: string,
    number: number,
    changes: { fate: Fate; erasure?: number },
  ): void {
    this.sql.rewrite(
      "revisions",
      changes,
      "case_id = ? AND number = ?",
      id,
      number,
    );
  }

  /**
   * The revisions that a pending withdrawal cancelled, in the order of their
   * commits.
   */
  withdrawn(id: string): StoredRow[] {
    return this.#rows(
      "case_id = ? AND fate = 'withdrawn' AND content IS NOT NULL ORDER BY sequence",
      id,
    );
  }

  /** Erases what was held, once it is committed again. */
  eraseHeld(id: string, fate: Fate): void {
    this.#erase("case_id = ? AND fate = ? AND content IS NOT NULL", id, fate);
  }

  /** Only rows that have something, because each is written twice. */
  #erase(where: string, ...values: SqlStorageValue[]): void {
    const stored = `(salt IS NOT NULL OR content IS NOT NULL) AND (${where})`;
    this.sql.overwrite("revisions", stored, ...values);
    this.sql.exec(`UPDATE revisions SET ${ERASED} WHERE ${stored}`, ...values);
  }

  /**
   * Erases the content of a case's revisions before `number`. Numbers, moments
   * and hashes stay, so the chain still verifies.
   */
  eraseBefore(id: string, number: number): void {
    this.#erase("case_id = ? AND number < ?", id, number);
  }
}
