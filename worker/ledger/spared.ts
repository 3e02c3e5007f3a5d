/** What a restore's erasures take away: of that, no text is written, not even for a moment. */
import type { KeptLine, RevisionLine } from "./backup-lines.ts";

/** Whether a line is of a revision that has erased what was before it. */
export const erases = ({ kind, fate, shown }: Pick<RevisionLine, "kind" | "fate" | "shown">) =>
  fate === null && shown && (kind === "redaction" || kind === "withdrawal");

export class Spared {
  readonly #before = new Map<string, number>();
  readonly #cancelled = new Set<string>();

  /** @param now milliseconds since the epoch: a moment that has come by then will erase too */
  constructor(lines: readonly RevisionLine[], now: number) {
    for (const line of lines) {
      const due = { ...line, shown: line.shown || Date.parse(line.liveAt) <= now };
      if (erases(due)) this.#before.set(line.case, Math.max(line.number, this.#before.get(line.case) ?? 0));
      if (line.fate !== null) this.#cancelled.add(`${line.case} ${line.number}`);
    }
  }

  revision(line: RevisionLine): RevisionLine {
    const gone = line.number < (this.#before.get(line.case) ?? 0) || this.#cancelled.has(`${line.case} ${line.number}`);
    return gone ? { ...line, content: null, note: null } : line;
  }

  /** Whether a draft or a proposal goes: what is based on the erasing revision or a later one stays. */
  takes({ row, columns }: KeptLine): boolean {
    const { case_id, base_id, base_number } = columns;
    if (row === "proposal")
      return JSON.parse(String(columns.command)).basedOn < (this.#before.get(String(case_id)) ?? 0);
    return [case_id, base_id].some((id) => {
      const number = this.#before.get(String(id));
      return number !== undefined && (base_id !== id || Number(base_number) < number);
    });
  }
}
