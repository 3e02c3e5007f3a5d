/** Warns an editor who withdraws several cases in a short time. */
import type { AuditEntry } from "./desk.ts";

const HOUR_MS = 3_600_000;

/** The ids of the other cases that an editor withdrew within the last hour. */
export const withdrawnWithinHour = (
  audit: readonly AuditEntry[],
  editor: string,
  now: number,
  id: string,
): string[] => [
  ...new Set(
    audit.flatMap((entry) =>
      entry.action === "withdraw" &&
      entry.editor === editor &&
      entry.case !== null &&
      entry.number !== null &&
      entry.case !== id &&
      Date.parse(entry.at) > now - HOUR_MS
        ? [entry.case]
        : [],
    ),
  ),
];
