/** Removes content from a backup that its erasures file lists, before anything is stored. */
import type { AuditEntry } from "../../editing/rules/desk.ts";
import type { RevisionLine, TableLine } from "../storage/backup-lines.ts";

/** True for a live redaction or withdrawal: it has erased the revisions before it. */
export const erases = ({ kind, fate, shown }: Pick<RevisionLine, "kind" | "fate" | "shown">) =>
  fate === null && shown && (kind === "redaction" || kind === "withdrawal");

/** The revision that a proposal is based on; 0 when its command is damaged, so that any erasure drops it. */
function basedOn(command: string): number {
  try {
    return Number(JSON.parse(command).basedOn) || 0;
  } catch {
    return 0;
  }
}

export class ErasureFilter {
  /** Per case, the newest revision that erased the revisions before it. */
  readonly #before = new Map<string, number>();
  readonly #cancelled = new Set<string>();
  /** Per case, the newest revision that a withdrawal cancelled. */
  readonly #withdrawn = new Map<string, number>();
  /** Cases with a revision in the backup that was not cancelled. */
  readonly #standing = new Set<string>();
  /** Withdrawals of cases without a committed revision, by the hash of their audit entry. */
  readonly #uncommitted: Map<string, AuditEntry>;

  /**
   * @param withdrawals withdrawals of cases without a committed revision
   * @param now milliseconds since the epoch; a redaction or withdrawal that is due by then counts as live
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

  /** @returns the revision, without content if it was erased */
  apply(line: RevisionLine): RevisionLine {
    const cancelled = this.#cancelled.has(`${line.case} ${line.number}`);
    if (line.fate === null && !cancelled) this.#standing.add(line.case);
    return cancelled || line.number < (this.#before.get(line.case) ?? 0)
      ? { ...line, content: null, note: null, salt: null }
      : line;
  }

  /** A withdrawal in the backup's own log was made before the backup, which therefore holds nothing that it erased. */
  see({ hash }: AuditEntry): void {
    this.#uncommitted.delete(hash);
  }

  /** Withdrawals made after the backup. Complete once the backup's whole log was seen. */
  get withdrawals(): AuditEntry[] {
    return [...this.#uncommitted.values()];
  }

  /** Drafts and proposals based on a revision of the case before this one are dropped. */
  #droppedBefore(id: string): number {
    if (this.withdrawals.some((entry) => entry.case === id)) return Number.POSITIVE_INFINITY;
    const withdrawn = this.#withdrawn.get(id);
    // A case that was withdrawn before it was ever live leaves nothing.
    const all = withdrawn === undefined || this.#standing.has(id) ? 0 : withdrawn + 1;
    return Math.max(all, this.#before.get(id) ?? 0);
  }

  /** True for a draft or proposal that was erased. Call it after all revisions and audit entries. */
  drops({ row, columns }: TableLine): boolean {
    const { case_id, base_id, base_number } = columns;
    // Its note goes with the erasure itself, which the restore repeats.
    if (row === "place") return false;
    // Pictures stay while a later revision stands. The restore then erases those that it doesn't name.
    if (row === "portrait") return this.#droppedBefore(String(case_id)) > 0 && !this.#standing.has(String(case_id));
    if (row === "proposal") return basedOn(String(columns.command)) < this.#droppedBefore(String(case_id));
    return [case_id, base_id].some((id) => {
      const number = this.#droppedBefore(String(id));
      return number > 0 && (base_id !== id || Number(base_number) < number);
    });
  }
}
