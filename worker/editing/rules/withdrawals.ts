/** Warns an editor who withdraws several cases in a short time. */
import type { AuditEntry } from "./desk.ts";

const HOUR_MS = 3_600_000;

/** The ids of the other cases that an editor withdrew within the last hour, without withdrawals that were undone. */
export function withdrawnWithinHour(audit: readonly AuditEntry[], editor: string, now: number, id: string): string[] {
  const undone = new Set(audit.flatMap((entry) => (entry.action === "undo" ? [`${entry.case} ${entry.number}`] : [])));
  const counts = (entry: AuditEntry) =>
    entry.action === "withdraw" &&
    entry.editor === editor &&
    entry.number !== null &&
    entry.case !== id &&
    !undone.has(`${entry.case} ${entry.number}`) &&
    Date.parse(entry.at) > now - HOUR_MS;
  return [...new Set(audit.filter(counts).flatMap((entry) => entry.case ?? []))];
}
