/**
 * The Ledger's transactions. Everything here is synchronous: a read touches storage and never awaits, and a publish is one
 * transaction. The clock is handed in, so the rules of the moment can be tested on real storage under any clock.
 */
import { type Case, placesOf, preferredName, printNumber, type Text } from "../../shared/case.ts";
import { changesBetween } from "../../shared/change.ts";
import type { Failure } from "../../shared/failure.ts";
import type { CaseSummary, Published } from "../../shared/protocol.ts";
import { head, type Notification, type Revision, type RevisionKind } from "../../shared/revision.ts";
import { Announcements } from "./announcements.ts";
import { GENESIS, hashesOf } from "./chain.ts";
import { LedgerClock } from "./clock.ts";
import { type Leased, type LeaseRule, leaseRule } from "./lease.ts";
import { migrate, migrations } from "./migrations.ts";
import type {
  AuditEntry,
  CaseState,
  DeskRecord,
  Head,
  History,
  Recent,
  RevisionState,
  WithdrawalReason,
} from "./state.ts";

export interface PublishCommand {
  id: string;
  case: Case;
  note: Text;
  kind: Exclude<RevisionKind, "withdrawal">;
  /** Milliseconds since the epoch; as soon as the leases allow when absent. */
  liveAt?: number;
  notify: Notification;
  editor: string;
  /** The newest committed number the editor has seen; 0 to create. */
  basedOn: number;
  /** A pending revision to cancel in the same transaction. */
  replace?: number;
}

export type Outcome<T> = { done: T } | { failure: Failure };

type Row = {
  sequence: number;
  case_id: string;
  number: number;
  kind: RevisionKind;
  content: string | null;
  note: string | null;
  changes: string;
  summary: string | null;
  reason: WithdrawalReason | null;
  editor: string;
  notify: Notification;
  committed_at: number;
  live_at: number;
  content_hash: string;
  previous_hash: string;
  hash: string;
};

/** How many revisions a feed tells of. */
const RECENT = 50;

type Moment = { number: number; liveAt: number };

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

function revisionOf(row: Omit<Row, "content" | "editor" | "notify">): Revision {
  return {
    number: row.number,
    sequence: row.sequence,
    kind: row.kind,
    note: row.note === null ? {} : JSON.parse(row.note),
    committedAt: iso(row.committed_at),
    liveAt: iso(row.live_at),
    hash: row.hash,
    contentHash: row.content_hash,
    previousHash: row.previous_hash,
    changes: JSON.parse(row.changes),
    ...(row.reason === null ? {} : { reason: row.reason }),
  };
}

function summaryOf(fields: Case): Omit<CaseSummary, "revision"> {
  const { id, title, language, issuer, action } = fields;
  return {
    id,
    number: printNumber(fields.number),
    demo: fields.demo,
    title,
    language,
    issuer,
    action: action.state,
    ...(action.until === undefined ? {} : { until: action.until }),
    asOf: fields.asOf.date,
    places: placesOf(fields),
    people: fields.people.map((person) => preferredName(person).value),
    spellings: [...new Set(fields.people.flatMap((person) => person.names.map((name) => name.value)))],
  };
}

export class Journal {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly clock: LedgerClock;
  readonly announcements: Announcements;

  /**
   * @param lease the length that readers get now, in milliseconds
   * @param machine the machine's clock, in milliseconds since the epoch; it may step
   * @param rule handed in so that a test can break it and see that this is noticed
   */
  constructor(storage: DurableObjectStorage, lease: number, machine: () => number, rule: LeaseRule = leaseRule) {
    this.#storage = storage;
    this.#sql = storage.sql;
    migrate(storage, migrations);
    this.clock = new LedgerClock(storage, lease, machine, rule);
    this.announcements = new Announcements(storage.sql, machine);
  }

  #one<T extends Record<string, SqlStorageValue>>(query: string, ...bindings: SqlStorageValue[]): T {
    return this.#sql.exec<T>(query, ...bindings).one();
  }

  /** The revisions of a case that were not cancelled. */
  #moments(id: string): Moment[] {
    return this.#sql
      .exec<Moment>(
        "SELECT number, live_at AS liveAt FROM revisions WHERE case_id = ? AND fate IS NULL ORDER BY number",
        id,
      )
      .toArray();
  }

  #row(id: string, number: number): Row {
    return this.#one<Row>("SELECT * FROM revisions WHERE case_id = ? AND number = ?", id, number);
  }

  #nextMoment(now: number): number | null {
    return this.#one<{ next: number | null }>(
      "SELECT MIN(live_at) AS next FROM revisions WHERE fate IS NULL AND shown = 0 AND live_at > ?",
      now,
    ).next;
  }

  /**
   * Makes every moment that has come a fact, before anybody is shown it: the mark, the erasures, the announcements.
   * @returns how many moments were due
   */
  settle(): number {
    const now = this.clock.now();
    const due = this.#sql
      .exec<{ case_id: string; number: number; kind: RevisionKind; live_at: number }>(
        "SELECT case_id, number, kind, live_at FROM revisions WHERE fate IS NULL AND shown = 0 AND live_at <= ? ORDER BY live_at, sequence",
        now,
      )
      .toArray();
    if (due.length === 0) return 0;
    this.#storage.transactionSync(() => {
      for (const { case_id, number, kind, live_at } of due) {
        this.clock.mark(live_at);
        this.#sql.exec("UPDATE revisions SET shown = 1 WHERE case_id = ? AND number = ?", case_id, number);
        if (kind === "redaction" || kind === "withdrawal") this.#erase(case_id, number);
        this.announcements.add(case_id, number);
      }
    });
    return due.length;
  }

  /** Removes what every revision of a case before `number` said; numbers, moments and hashes stay, so the chain still verifies. */
  #erase(id: string, number: number): void {
    this.#sql.exec(
      "UPDATE revisions SET content = NULL, note = NULL, summary = NULL, changes = '[]' WHERE case_id = ? AND number < ?",
      id,
      number,
    );
  }

  #leasedCase<T>(value: T, now: number, moments: Moment[]): Leased<T> {
    const pending = moments.filter((moment) => moment.liveAt > now).map((moment) => moment.liveAt);
    return this.clock.lease(value, now, pending.length === 0 ? null : Math.min(...pending));
  }

  readCase(id: string): Leased<CaseState> {
    this.settle();
    const now = this.clock.now();
    const moments = this.#moments(id);
    const live = head(moments, now);
    if (!live) return this.#leasedCase<CaseState>({ state: "absent" }, now, moments);
    const row = this.#row(id, live.number);
    const revision = revisionOf(row);
    return this.#leasedCase<CaseState>(
      row.content === null
        ? { state: "withdrawn", revision }
        : { state: "present", record: { case: JSON.parse(row.content), revision } },
      now,
      moments,
    );
  }

  readHistory(id: string): Leased<History> {
    this.settle();
    const now = this.clock.now();
    const moments = this.#moments(id);
    const rows = this.#sql
      .exec<Row>(
        "SELECT * FROM revisions WHERE case_id = ? AND fate IS NULL AND live_at <= ? ORDER BY number DESC",
        id,
        now,
      )
      .toArray();
    return this.#leasedCase<History>(rows.length === 0 ? null : rows.map(revisionOf), now, moments);
  }

  readRevision(id: string, number: number): Leased<RevisionState> {
    this.settle();
    const now = this.clock.now();
    const moments = this.#moments(id);
    const live = head(moments, now);
    const wanted = moments.find((moment) => moment.number === number && moment.liveAt <= now);
    const state = (): RevisionState => {
      if (!live || !wanted) return { state: "absent" };
      const newest = this.#row(id, live.number);
      if (newest.kind === "withdrawal") return { state: "withdrawn", revision: revisionOf(newest) };
      const row = this.#row(id, number);
      const revision = revisionOf(row);
      return row.content === null
        ? { state: "erased", revision }
        : { state: "present", record: { case: JSON.parse(row.content), revision } };
    };
    return this.#leasedCase(state(), now, moments);
  }

  /** Every case that readers can see, withdrawn ones too. */
  readHeads(): Leased<Head[]> {
    this.settle();
    const now = this.clock.now();
    const heads = this.#sql
      .exec<{ id: string; number: number }>(
        "SELECT case_id AS id, MAX(number) AS number FROM revisions WHERE fate IS NULL AND live_at <= ? GROUP BY case_id",
        now,
      )
      .toArray();
    return this.clock.lease(heads, now, this.#nextMoment(now));
  }

  /** Newest change first. */
  readSummaries(): Leased<CaseSummary[]> {
    this.settle();
    const now = this.clock.now();
    const rows = this.#sql
      .exec<Pick<Row, "summary" | "number" | "sequence" | "kind" | "live_at">>(
        `SELECT summary, r.number, sequence, kind, live_at FROM revisions r
         JOIN (SELECT case_id, MAX(number) AS number FROM revisions WHERE fate IS NULL AND live_at <= ? GROUP BY case_id) h
           ON h.case_id = r.case_id AND h.number = r.number
         WHERE kind != 'withdrawal' ORDER BY live_at DESC, sequence DESC`,
        now,
      )
      .toArray();
    const summaries = rows.map(({ summary, number, sequence, kind, live_at }) => ({
      ...(JSON.parse(summary as string) as Omit<CaseSummary, "revision">),
      revision: { number, sequence, kind, liveAt: iso(live_at) },
    }));
    return this.clock.lease(summaries, now, this.#nextMoment(now));
  }

  /**
   * The newest live revisions, by (moment, sequence), of one case or of all; of a withdrawn case the withdrawal alone.
   * @param id null for all cases
   */
  readRecent(id: string | null): Leased<Recent[]> {
    this.settle();
    const now = this.clock.now();
    const rows = this.#sql
      .exec<Omit<Row, "content" | "editor" | "notify"> & { erased_at: number | null }>(
        `SELECT case_id, number, sequence, kind, note, changes, summary, reason, committed_at, live_at, content_hash,
           previous_hash, hash,
           (SELECT MIN(live_at) FROM revisions later WHERE later.case_id = r.case_id AND later.number > r.number
              AND fate IS NULL AND shown = 1 AND kind = 'redaction') AS erased_at
         FROM revisions r
         WHERE fate IS NULL AND shown = 1 AND (?1 IS NULL OR case_id = ?1) AND NOT EXISTS
           (SELECT 1 FROM revisions later WHERE later.case_id = r.case_id AND later.number > r.number
              AND fate IS NULL AND shown = 1 AND kind = 'withdrawal')
         ORDER BY live_at DESC, sequence DESC LIMIT ?2`,
        id,
        RECENT,
      )
      .toArray();
    const recent = rows.map((row) => ({
      id: row.case_id,
      revision: revisionOf(row),
      summary: row.summary === null ? null : JSON.parse(row.summary),
      ...(row.erased_at === null ? {} : { erasedAt: iso(row.erased_at) }),
    }));
    return id === null
      ? this.clock.lease(recent, now, this.#nextMoment(now))
      : this.#leasedCase(recent, now, this.#moments(id));
  }

  /** What an editor sees: the newest committed revision, and what is pending. Null when there was never such a case. */
  readDesk(id: string): DeskRecord | null {
    this.settle();
    const now = this.clock.now();
    const moments = this.#moments(id);
    const newest = moments.at(-1);
    if (!newest) return null;
    const desk = (row: Row) => ({ ...revisionOf(row), editor: row.editor, notify: row.notify });
    const row = this.#row(id, newest.number);
    return {
      case: row.content === null ? null : JSON.parse(row.content),
      revision: desk(row),
      live: head(moments, now)?.number ?? null,
      pending: moments.filter((moment) => moment.liveAt > now).map((moment) => desk(this.#row(id, moment.number))),
    };
  }

  /** Who did what, newest first. */
  readAudit(id: string | null, limit: number): AuditEntry[] {
    return this.#sql
      .exec<{ at: number; editor: string; deed: AuditEntry["deed"]; id: string; number: number }>(
        "SELECT at, editor, deed, case_id AS id, number FROM audit WHERE ?1 IS NULL OR case_id = ?1 ORDER BY audit.id DESC LIMIT ?2",
        id,
        limit,
      )
      .toArray()
      .map((entry) => ({ ...entry, at: iso(entry.at) }));
  }

  #audit(at: number, editor: string, deed: AuditEntry["deed"], id: string, number: number): void {
    this.#sql.exec(
      "INSERT INTO audit (at, editor, deed, case_id, number) VALUES (?, ?, ?, ?, ?)",
      at,
      editor,
      deed,
      id,
      number,
    );
  }

  #cancel(id: string, number: number, fate: "undone" | "replaced" | "withdrawn"): void {
    this.#sql.exec(
      "UPDATE revisions SET fate = ?, content = NULL, note = NULL, summary = NULL, changes = '[]' WHERE case_id = ? AND number = ?",
      fate,
      id,
      number,
    );
  }

  #append(
    now: number,
    liveAt: number,
    previous: Row | null,
    revision: Pick<PublishCommand, "id" | "note" | "notify" | "editor"> & {
      case: Case | null;
      kind: RevisionKind;
      reason?: WithdrawalReason;
    },
  ): Published {
    const { id, case: fields, note, kind, notify, editor, reason } = revision;
    const number =
      (this.#one<{ last: number | null }>("SELECT MAX(number) AS last FROM revisions WHERE case_id = ?", id).last ??
        0) + 1;
    const previousHash = previous?.hash ?? GENESIS;
    const { contentHash, hash } = hashesOf({ case: fields, kind, liveAt: iso(liveAt), note, number }, previousHash);
    // What a redaction removed must not live on as a difference.
    const before = kind === "redaction" || previous?.content == null ? null : (JSON.parse(previous.content) as Case);
    this.#sql.exec(
      `INSERT INTO revisions (case_id, number, kind, content, note, changes, summary, reason, editor, notify, committed_at,
         live_at, content_hash, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      number,
      kind,
      fields && JSON.stringify(fields),
      JSON.stringify(note),
      JSON.stringify(fields ? changesBetween(before, fields) : []),
      fields && JSON.stringify(summaryOf(fields)),
      reason ?? null,
      editor,
      notify,
      now,
      liveAt,
      contentHash,
      previousHash,
      hash,
    );
    this.#audit(now, editor, kind === "withdrawal" ? "withdraw" : "publish", id, number);
    return { revision: number, liveAt: iso(liveAt) };
  }

  /** Commits a revision with its moment; refuses what would overtake a pending one. */
  publish(command: PublishCommand): Outcome<Published> {
    this.settle();
    const now = this.clock.now();
    const { id, basedOn, replace } = command;
    const moments = this.#moments(id);
    const newest = moments.at(-1);
    const standing = moments.filter((moment) => moment.number !== replace);
    const last = standing.at(-1);
    // A replacement names the revision it has seen and may be based on that or on what stands without it.
    const bases = replace === undefined ? [newest] : [newest, last];
    if (!bases.some((base) => (base?.number ?? 0) === basedOn))
      return {
        failure:
          basedOn === 0 && newest
            ? { tag: "exists", newest: newest.number }
            : { tag: "precondition-failed", newest: newest?.number ?? 0 },
      };
    const live = head(moments, now);
    const liveRow = live && this.#row(id, live.number);
    if (liveRow?.kind === "withdrawal")
      return { failure: { tag: "withdrawn", id, number: liveRow.number, liveAt: iso(liveRow.live_at) } };
    const pending = moments.filter((moment) => moment.liveAt > now);
    if (replace !== undefined) {
      const refused = this.#refuseToCancel(pending, replace);
      if (refused) return { failure: refused };
    }
    const earliest = this.clock.earliestMoment(now);
    const liveAt = command.liveAt ?? earliest;
    if (liveAt < earliest) return { failure: { tag: "too-early", earliest: iso(earliest) } };
    const previous = last ? this.#row(id, last.number) : null;
    if (last && (last.liveAt >= liveAt || (previous?.kind === "withdrawal" && last.liveAt > now)))
      return { failure: { tag: "overtakes-pending", pending: last.number, liveAt: iso(last.liveAt) } };
    return {
      done: this.#storage.transactionSync(() => {
        if (replace !== undefined) {
          this.#cancel(id, replace, "replaced");
          this.#audit(now, command.editor, "replace", id, replace);
        }
        return this.#append(now, liveAt, previous, command);
      }),
    };
  }

  #refuseToCancel(pending: Moment[], number: number): Failure | null {
    const newest = pending.at(-1);
    if (!pending.some((moment) => moment.number === number)) return { tag: "not-pending", number };
    return newest && newest.number !== number ? { tag: "not-newest-pending", number, newest: newest.number } : null;
  }

  /** Takes back the newest pending revision and hands its content to the editor, who may want to mend it. */
  undo(id: string, number: number, editor: string): Outcome<{ case: Case | null; note: Text }> {
    this.settle();
    const now = this.clock.now();
    const moments = this.#moments(id);
    if (!moments.some((moment) => moment.number === number))
      return { failure: { tag: "unknown-revision", id, number: String(number) } };
    const refused = this.#refuseToCancel(
      moments.filter((moment) => moment.liveAt > now),
      number,
    );
    if (refused) return { failure: refused };
    const row = this.#row(id, number);
    this.#storage.transactionSync(() => {
      this.#cancel(id, number, "undone");
      this.#audit(now, editor, "undo", id, number);
    });
    return {
      done: {
        case: row.content === null ? null : JSON.parse(row.content),
        note: row.note === null ? {} : JSON.parse(row.note),
      },
    };
  }

  /**
   * Cancels what is pending and commits a withdrawal; the content goes from the history when it goes live. A case that was
   * never live has nothing to withdraw: its pending revisions are cancelled, and no trace is published.
   */
  withdraw(
    id: string,
    reason: WithdrawalReason,
    editor: string,
  ): Outcome<{ cancelled: number[]; published: Published | null }> {
    this.settle();
    const now = this.clock.now();
    const moments = this.#moments(id);
    if (moments.length === 0) return { failure: { tag: "unknown-case", id } };
    const live = head(moments, now);
    const previous = live && this.#row(id, live.number);
    if (previous?.kind === "withdrawal")
      return { failure: { tag: "withdrawn", id, number: previous.number, liveAt: iso(previous.live_at) } };
    const pending = moments.filter((moment) => moment.liveAt > now).map((moment) => moment.number);
    const liveAt = this.clock.earliestMoment(now);
    return {
      done: this.#storage.transactionSync(() => {
        for (const number of pending) {
          this.#cancel(id, number, "withdrawn");
          this.#audit(now, editor, "cancel", id, number);
        }
        const published = previous
          ? this.#append(now, liveAt, previous, {
              id,
              case: null,
              note: {},
              kind: "withdrawal",
              notify: "loud",
              editor,
              reason,
            })
          : null;
        return { cancelled: pending, published };
      }),
    };
  }

  /** When the alarm must ring next, in milliseconds since the epoch; null when nothing waits. */
  nextAlarm(): number | null {
    const { next } = this.#one<{ next: number | null }>(
      "SELECT MIN(live_at) AS next FROM revisions WHERE fate IS NULL AND shown = 0",
    );
    const due = this.announcements.nextDue();
    return next === null || due === null ? (next ?? due) : Math.min(next, due);
  }
}
