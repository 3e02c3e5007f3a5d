/** Compares revisions that are shown with the entries of a signed log. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { CopiedRevision } from "./copy.ts";
import type { LogEntry } from "./log-entry.ts";

interface Scope {
  /**
   * The number of first entries that must be shown; later ones may have gone
   * live since.
   */
  settled: number;
  /** True when every case is shown. */
  isWhole: boolean;
  /** A withdrawn case of which nothing but this is known. */
  withdrawn: { id: string; number: number; liveAt: string } | null;
}

function revisionFault(
  { revision }: CopiedRevision,
  entry: LogEntry | undefined,
): string | null {
  const { hash, contentHash, previousHash, kind, reason, liveAt } = revision;
  if (!entry) return "it is shown, but it is not in the log";
  if (bytesToHex(sha256(utf8ToBytes(previousHash + contentHash))) !== hash)
    return "its hashes don't match each other";
  if (entry.hash !== hash)
    return "its hash is not the one in the log, so it is not what went live";
  if (entry.liveAt !== liveAt)
    return `it is said to be live since ${liveAt}, but the log says ${entry.liveAt}`;
  if (entry.kind !== kind)
    return `its kind is shown as ${kind}, but the log says ${entry.kind}`;
  return entry.reason === reason
    ? null
    : `its reason is shown as ${reason ?? "none"}, but the log says ${entry.reason ?? "none"}`;
}

/**
 * @param shown the visible revisions of each case, newest first; of a withdrawn
 * one only its withdrawal
 * @returns the first fault; null when there is none
 */
export function shownFault(
  entries: readonly LogEntry[],
  shown: ReadonlyMap<string, CopiedRevision[]>,
  { settled, isWhole, withdrawn }: Scope,
): string | null {
  const logged = new Map<string, Map<number, LogEntry>>();
  for (const entry of entries) {
    const own = logged.get(entry.case) ?? new Map<number, LogEntry>();
    if (own.has(entry.number))
      return `Revision ${entry.number} of ${entry.case}: it is in the log twice.`;
    logged.set(entry.case, own.set(entry.number, entry));
  }
  if (withdrawn) {
    const newest = [...(logged.get(withdrawn.id)?.values() ?? [])].at(-1);
    const fits =
      newest?.kind === "withdrawal" &&
      newest.number === withdrawn.number &&
      newest.liveAt === withdrawn.liveAt;
    if (!fits)
      return `${withdrawn.id}: it is shown as withdrawn, but the log doesn't say so.`;
  }
  for (const [id, revisions] of shown)
    for (const [index, shownRevision] of revisions.entries()) {
      const { revision } = shownRevision;
      const about = `Revision ${revision.number} of ${id}`;
      const fault = revisionFault(
        shownRevision,
        logged.get(id)?.get(revision.number),
      );
      if (fault) return `${about}: ${fault}.`;
      const before = revisions[index + 1]?.revision;
      if (before && before.hash !== revision.previousHash)
        return `${about}: it doesn't follow revision ${before.number}.`;
    }
  for (const entry of entries.slice(0, settled)) {
    const revisions = shown.get(entry.case);
    if (!revisions && !isWhole) continue;
    const head = revisions?.[0];
    const isHidden =
      head?.state === "withdrawn" && head.revision.number > entry.number;
    if (
      !isHidden &&
      !revisions?.some(({ revision }) => revision.number === entry.number)
    )
      return `Revision ${entry.number} of ${entry.case}: it is in the log, but it is not shown.`;
  }
  return null;
}
