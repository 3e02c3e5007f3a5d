/**
 * Restores a backup into an empty Ledger: all or nothing, with the same hashes.
 * What was erased since is erased again, in the same transaction, as any
 * erasure does it.
 */
import type { Failure } from "../../../shared/failure.ts";
import type { AuditEntry, Restored } from "../../editing/rules/desk.ts";
import { iso } from "../../runtime/iso.ts";
import {
  BACKUP,
  BadLine,
  CHANGES,
  caseIn,
  discardBody,
  ERASURES,
  eachLine,
  fileFailure,
  type Header,
  keyColumns,
  type LogLine,
  must,
  type RevisionLine,
  Section,
  type TableLine,
  tableNames,
  UnfitFile,
} from "../storage/backup-lines.ts";
import { PAD_BYTES } from "../storage/queries.ts";
import { Staging } from "../storage/staging.ts";
import {
  checkColumns,
  insertColumns,
  isEmptyTable,
} from "../storage/table-rows.ts";
import { ledgerRowNames, revisionLineOf, revisionRowOf } from "./backup.ts";
import type { Outcome } from "./command.ts";
import { auditHash, GENESIS } from "./hash-chain.ts";
import { LedgerPart } from "./ledger-part.ts";
import { derivedColumns, type StoredRow } from "./revisions.ts";
import { checkedColumns } from "./row-checks.ts";
import {
  chainFault,
  type ErasableLink,
  hashFault,
  headerFault,
  historyFault,
  linkOf,
} from "./verification.ts";

/**
 * True for a live redaction or withdrawal: it has erased the revisions before
 * it.
 */
const erases = ({
  kind,
  fate,
  shown,
}: Pick<RevisionLine, "kind" | "fate" | "shown">) =>
  fate === null && shown && (kind === "redaction" || kind === "withdrawal");

/** Dates in the header of a backup or an erasures file. */
type Dates = Pick<Header, "madeAt" | "mark">;

interface StagedBackup {
  sha256: string;
  header: Dates;
  audit: AuditEntry[];
  log: LogLine[];
  /** Of each revision, by case and number. */
  links: Map<string, ErasableLink>;
  /** Null when there was no erasures file before the backup. */
  erasures: {
    header: Dates;
    lines: RevisionLine[];
    withdrawals: AuditEntry[];
  } | null;
}

export class Restore extends LedgerPart {
  readonly #wait: (milliseconds: number) => Promise<unknown>;
  readonly #staging = new Staging(this.sql);
  #running = false;

  /** @param wait a parameter, so that tests don't wait for real */
  constructor(
    journal: WholeJournal,
    wait: (milliseconds: number) => Promise<unknown>,
  ) {
    super(journal);
    this.#wait = wait;
  }

  /** A backup can be restored only into an empty Ledger. */
  isEmpty(): boolean {
    return [
      "revisions",
      "audit",
      ...ledgerRowNames.map((row) => tableNames[row]),
    ].every((table) => isEmptyTable(this.sql, table));
  }

  /**
   * A restore has a moment, as early as the leases allow. Until then readers
   * get "unknown case", and every copy of that answer expires before the
   * moment. So a restore takes as long as a publish needs to go live.
   * @param body the newest erasures file, followed by a backup, and by the
   * changes that came after it in their order
   * @param withoutErasures true when the caller states that there is no
   * erasures file
   */
  async run(
    body: ReadableStream<Uint8Array>,
    editor: string,
    withoutErasures: boolean,
  ): Promise<Outcome<Restored>> {
    const { clock } = this.journal;
    const refused = (failure: Failure) => ({ failure });
    if (this.#running || !this.isEmpty()) {
      const failure = {
        tag: this.#running ? "restore-under-way" : "not-empty",
      } as const;
      await discardBody(body);
      return refused(failure);
    }
    this.#running = true;
    try {
      const read = await this.#stage(body, withoutErasures);
      if (read === null) return refused({ tag: "erasures-missing" });
      const now = clock.now();
      must(
        historyFault(read.header, [...read.links.values()], read.audit, now),
      );
      if (read.erasures)
        must(headerFault(read.erasures.header, read.erasures.lines, now));
      const moment = clock.earliestMoment(now);
      clock.endLeasesBefore(moment);
      await this.#wait(moment - now);
      if (!this.isEmpty()) return refused({ tag: "not-empty" });
      const done = this.storage.transactionSync(() =>
        this.#commit(read, editor),
      );
      this.journal.settle();
      this.journal.onCommitted();
      return { done };
    } catch (error) {
      if (error instanceof BadLine) return refused(fileFailure(error));
      throw error;
    } finally {
      clock.endLeasesBefore(null);
      this.#staging.clear();
      this.#running = false;
    }
  }

  /**
   * Checks and stages every line.
   * @returns null when the erasures file is missing and the caller didn't state
   * that there is none
   * @throws BadLine
   */
  async #stage(
    body: ReadableStream<Uint8Array>,
    withoutErasures: boolean,
  ): Promise<StagedBackup | null> {
    const read: StagedBackup = {
      sha256: "",
      header: { madeAt: "", mark: "" },
      links: new Map(),
      audit: [],
      log: [],
      erasures: null,
    };
    let section: Section | null = null;
    let missing = false;
    await eachLine(body, (line) => {
      if (missing) return;
      if (section === null) {
        section = Section.from(line);
        const { format, madeAt, mark } = section.header;
        if (
          format === CHANGES &&
          read.sha256 !== "" &&
          madeAt >= read.header.madeAt
        ) {
          read.header = { madeAt, mark };
          return;
        }
        if (read.sha256 !== "")
          throw new UnfitFile(
            "wrong-file",
            "only later changes may follow the backup: the erasures file must come first",
          );
        if (format === BACKUP) {
          missing = read.erasures === null && !withoutErasures;
          if (read.erasures && read.erasures.header.madeAt < madeAt)
            throw new UnfitFile(
              "older-erasures",
              `the erasures file was made at ${read.erasures.header.madeAt}, before the backup (${madeAt}), so it may lack erasures`,
            );
          read.header = { madeAt, mark };
        } else if (format === ERASURES && read.erasures === null)
          read.erasures = {
            header: { madeAt, mark },
            lines: [],
            withdrawals: [],
          };
        else
          throw new UnfitFile(
            "wrong-file",
            `the format must be ${BACKUP}, not ${format}`,
          );
        return;
      }
      const { format } = section.header;
      const row = section.read(line);
      if (row.row === "seal") {
        if (format === BACKUP) read.sha256 = row.sha256;
        section = null;
      } else if (row.row === "revision") {
        must(hashFault(row));
        if (format === ERASURES) {
          if (row.content !== null || row.note !== null || row.salt !== null)
            throw new BadLine("an erasures file must not contain content");
          read.erasures?.lines.push(row);
          return;
        }
        const key = `${row.case} ${row.number}`;
        const before = read.links.get(key);
        if (before && before.hash !== row.hash)
          throw new UnfitFile(
            "foreign-changes",
            `the changes have another revision ${row.number} of ${row.case}`,
          );
        read.links.set(key, linkOf(row));
        this.#keep(`revision ${key}`, line);
      } else if (row.row === "audit") {
        const { row: _, ...entry } = row;
        if (format === ERASURES) {
          if (auditHash(entry) !== entry.hash)
            throw new BadLine("it was changed after it was written");
          read.erasures?.withdrawals.push(entry);
          return;
        }
        const before = read.audit[entry.sequence - 1];
        if (before && before.hash !== entry.hash && format === CHANGES)
          throw new UnfitFile(
            "foreign-changes",
            `the changes have another line ${entry.sequence} of the audit log`,
          );
        if (before && format === CHANGES) return;
        read.audit.push(entry);
      } else if (format === ERASURES)
        throw new BadLine(
          `an erasures file must not contain rows of the kind ${row.row}`,
        );
      else if (row.row === "log") {
        // Verifiers say whether it fits the revisions: a log that was tampered
        // with must not make a backup useless.
        if (format === CHANGES && row.position < read.log.length) return;
        if (row.position !== read.log.length)
          throw new BadLine("an entry of the signed log is missing before it");
        read.log.push(row);
      } else {
        if (row.row === "gone" && format === CHANGES)
          return this.#staging.put(`${row.kind} ${row.key.join(" ")}`, null);
        const kept = ledgerRowNames.find((name) => name === row.row);
        if (!kept || !("columns" in row))
          throw new BadLine(
            `a backup must not contain rows of the kind ${row.row}`,
          );
        checkColumns(this.sql, tableNames[kept], row.columns);
        const key = `${kept} ${keyColumns[kept].map((column) => row.columns[column]).join(" ")}`;
        this.#keep(
          key,
          JSON.stringify({ ...row, columns: checkedColumns(row) }),
        );
      }
    });
    if (missing) return null;
    if (section !== null || read.sha256 === "")
      throw new BadLine("the file is truncated: its last line is missing");
    return read;
  }

  /** Spaces first, as in the column `pad`. */
  #keep(key: string, line: string): void {
    this.#staging.put(key, " ".repeat(PAD_BYTES) + line);
  }

  #commit(read: StagedBackup, editor: string): Restored {
    const { clock, audit, log, revisions } = this.journal;
    const unshowable: Restored["unshowable"] = [];
    for (const line of this.#staging.lines()) {
      const row = JSON.parse(line) as RevisionLine | TableLine;
      if (row.row === "revision") {
        if (this.#insert(row) === "unshowable")
          unshowable.push({ case: row.case, number: row.number });
      } else insertColumns(this.sql, tableNames[row.row], row.columns);
    }
    for (const entry of read.audit) audit.insert(entry);
    for (const header of [read.header, read.erasures?.header])
      if (header) clock.mark(Date.parse(header.mark));
    // A revision that was live and erases others erases them again, even if the
    // backup still has their content.
    for (const link of read.links.values()) {
      if (link.shown) clock.mark(Date.parse(link.liveAt));
      if (!erases(link)) continue;
      revisions.eraseBefore(link.case, link.number);
      this.journal.authors.erase(link.case, 0, link.number - 1);
      this.journal.content.forget();
      this.journal.portraits.eraseUnnamed(link.case, link.number, true);
    }
    // Their proposals are restored too.
    this.sql.exec(
      "INSERT INTO newcomers SELECT name, added_by, added_at FROM editors",
    );
    const now = clock.now();
    audit.append({
      at: now,
      editor,
      action: "restore",
      case: null,
      number: null,
      subject: read.sha256,
    });
    const { erasures, lost } = this.#applyErasures(
      read.erasures?.lines ?? [],
      [...read.links.values()],
      now,
      editor,
    );
    // Those of cases that were never committed. One in the backup's own log was
    // made before the backup, which holds nothing that it erased.
    const known = new Set(read.audit.map(({ hash }) => hash));
    const withdrawals = (read.erasures?.withdrawals ?? []).filter(
      ({ hash }) => !known.has(hash),
    );
    for (const { case: id, hash } of withdrawals) {
      if (id && !revisions.newest(id))
        this.journal.eraseBefore(id, revisions.nextNumber(id));
      audit.append({
        at: now,
        editor,
        action: "restore",
        case: id,
        number: null,
        subject: hash,
      });
    }
    must(chainFault(this.#links()));
    log.restore(read.log);
    this.journal.onErased();
    this.journal.changes.startAfresh();
    // The next nightly backup has them, within a minute.
    this.sql.exec("DELETE FROM recent_rows");
    const rows = (table: string) =>
      this.sql.oneValue(`SELECT COUNT(*) FROM ${table}`);
    const waiting =
      'SELECT case_id AS "case", number, live_at FROM revisions WHERE fate IS NULL AND shown = 0 ORDER BY live_at, sequence';
    return {
      at: iso(now),
      ...{
        revisions: read.links.size,
        audit: read.audit.length,
        drafts: rows("drafts"),
        proposals: rows("proposals"),
      },
      ...{
        portraits: rows("portraits"),
        places: rows("places"),
        editors: rows("editors"),
      },
      erasures: erasures + withdrawals.length,
      lost,
      unshowable: unshowable.filter(
        (one) => revisions.row(one.case, one.number).content !== null,
      ),
      damaged: [
        ...this.journal.drafts
          .list(null)
          .damaged.map(({ id }) => ({ row: "draft" as const, id })),
        ...this.journal.proposals
          .list()
          .damaged.map(({ id }) => ({ row: "proposal" as const, id })),
      ],
      pending: this.sql
        .allRows<{ case: string; number: number; live_at: number }>(waiting)
        .map(({ live_at, ...rest }) => ({ ...rest, liveAt: iso(live_at) })),
    };
  }

  #insert(line: RevisionLine): ReturnType<typeof caseIn> {
    const { content, revisions, authors } = this.journal;
    const found = caseIn(line);
    const fields = found === "unshowable" ? null : found;
    const query = "SELECT * FROM revisions WHERE case_id = ? AND hash = ?";
    const previous = this.sql.firstRow<StoredRow>(
      query,
      line.case,
      line.previousHash,
    );
    const derived = derivedColumns(
      line.kind,
      fields,
      previous && content.valid(previous),
    );
    revisions.insert({ ...revisionRowOf(line), ...derived });
    if (fields && line.fate === null) authors.add(line.number, fields);
    return found;
  }

  /**
   * Applies withdrawals, redactions and cancellations made after the backup.
   * The content of a redaction that isn't in the backup is lost: readers see
   * its case as withdrawn until an editor publishes it again.
   */
  #applyErasures(
    lines: RevisionLine[],
    known: ErasableLink[],
    now: number,
    editor: string,
  ) {
    const links = new Map(
      known.map((link) => [`${link.case} ${link.number}`, link]),
    );
    const hashes = new Set([GENESIS, ...known.map(({ hash }) => hash)]);
    const last = known.reduce(
      (newest, { sequence }) => Math.max(newest, sequence),
      0,
    );
    const lost: Restored["lost"] = [];
    const withdrawn: { id: string; number: number }[] = [];
    let erasures = 0;
    for (const line of lines) {
      const { case: id, number, hash, sequence, kind, fate, shown } = line;
      const before = links.get(`${id} ${number}`);
      if (before ? before.hash !== hash : sequence <= last)
        throw new UnfitFile(
          "foreign-erasures",
          `revision ${number} of ${id} in the erasures file is not the backup's, so the files are of two deployments`,
        );
      // A case that was withdrawn before it was ever live leaves no drafts or
      // proposals.
      if (fate === "withdrawn" && before?.fate !== fate)
        withdrawn.push({ id, number });
      if (!before) {
        // A cancelled revision whose base is lost can't be linked into the
        // chain, and nothing depends on it.
        if (fate !== null && !hashes.has(line.previousHash)) continue;
        hashes.add(hash);
        this.#insert(line);
        this.journal.audit.append({
          at: now,
          editor,
          action: "restore",
          case: id,
          number,
          subject: hash,
        });
        if (fate === null && kind === "redaction")
          lost.push({ case: id, number });
      }
      if (fate !== null && before && before.fate === null) {
        this.journal.revisions.cancel(id, number, fate);
        this.journal.audit.append({
          at: now,
          editor,
          action: "restore",
          case: id,
          number,
          subject: hash,
        });
        erasures++;
      }
      if (!shown || before?.shown) continue;
      this.journal.clock.mark(Date.parse(line.liveAt));
      this.journal.revisions.markShown([{ case_id: id, number }]);
      if (!erases(line)) continue;
      this.journal.eraseBefore(id, number);
      erasures++;
    }
    for (const { id, number } of withdrawn)
      if (!this.journal.revisions.newest(id))
        this.journal.eraseBefore(id, number + 1);
    const isNewest = (one: Restored["lost"][number]) =>
      this.journal.revisions.newest(one.case)?.number === one.number;
    return { erasures, lost: lost.filter(isNewest) };
  }

  *#links(): Generator<ErasableLink> {
    for (const row of this.sql.exec<StoredRow>(
      "SELECT * FROM revisions ORDER BY case_id, number",
    ))
      yield linkOf(revisionLineOf(row));
  }
}
