/** What a restore's erasures take away: of that, no text is written, not even for a moment. */
import type { AuditEntry } from "../editorial/desk.ts";
import type { RevisionLine, TableLine } from "../storage/backup-lines.ts";

/** Whether a line is of a revision that has erased what was before it. */
export const erases = ({ kind, fate, shown }: Pick<RevisionLine, "kind" | "fate" | "shown">) =>
  fate === null && shown && (kind === "redaction" || kind === "withdrawal");

export class ErasureFilter {
  readonly #before = new Map<string, number>();
  readonly #cancelled = new Set<string>();
  /** Of each case, its newest revision that was cancelled by a withdrawal. */
  readonly #withdrawn = new Map<string, number>();
  /** Cases of which something in the backup stands. */
  readonly #standing = new Set<string>();
  /** Withdrawals of cases of which nothing was committed, by the hash of their line in the log. */
  readonly #uncommitted: Map<string, AuditEntry>;

  /**
   * @param withdrawals of cases of which nothing was committed
   * @param now milliseconds since the epoch: a moment that has come by then will erase too
   */
  constructor(lines: readonly RevisionLine[], withdrawals: readonly AuditEntry[], now: number) {
    const newest = (numbers: Map<string, number>, { case: id, number }: RevisionLine) =>
      numbers.set(id, Math.max(number, numbers.get(id) ?? 0));
    for (const line of lines) {
      const due = { ...line, shown: line.shown || Date.parse(line.liveAt) <= now };
      if (erases(due)) newest(this.#before, line);
      if (line.fate === "withdrawn") newest(this.#withdrawn, line);
      if (line.fate !== null) this.#cancelled.add(`${line.case} ${line.number}`);
    }
    this.#uncommitted = new Map(withdrawals.map((entry) => [entry.hash, entry]));
  }

  apply(line: RevisionLine): RevisionLine {
    const cancelled = this.#cancelled.has(`${line.case} ${line.number}`);
    if (line.fate === null && !cancelled) this.#standing.add(line.case);
    return cancelled || line.number < (this.#before.get(line.case) ?? 0)
      ? { ...line, content: null, note: null }
      : line;
  }

  /** A withdrawal that is in the backup's own log took away nothing that is in the backup. */
  see({ hash }: AuditEntry): void {
    this.#uncommitted.delete(hash);
  }

  /** The withdrawals that the backup did not know of. */
  get withdrawals(): AuditEntry[] {
    return [...this.#uncommitted.values()];
  }

  /** What is based on less than this revision of a case goes. */
  #droppedBefore(id: string): number {
    if (this.withdrawals.some((entry) => entry.case === id)) return Number.POSITIVE_INFINITY;
    const withdrawn = this.#withdrawn.get(id);
    // A case withdrawn before it was ever live leaves nothing.
    const all = withdrawn === undefined || this.#standing.has(id) ? 0 : withdrawn + 1;
    return Math.max(all, this.#before.get(id) ?? 0);
  }

  /** Whether a draft or a proposal goes; asked once all revisions and the log were read. */
  drops({ row, columns }: TableLine): boolean {
    const { case_id, base_id, base_number } = columns;
    if (row === "proposal") return JSON.parse(String(columns.command)).basedOn < this.#droppedBefore(String(case_id));
    return [case_id, base_id].some((id) => {
      const number = this.#droppedBefore(String(id));
      return number > 0 && (base_id !== id || Number(base_number) < number);
    });
  }
}
