/**
 * Verifies hashes, links and audit entries of a history. Pure: the restore and
 * the command line share it. Each check returns its first fault, or null.
 */

import type { AuditAction, AuditEntry } from "../../editing/rules/desk.ts";
import { digest } from "../../runtime/digest.ts";
import {
  isShowable,
  type LogLine,
  type RevisionLine,
} from "../storage/backup-lines.ts";
import { auditCommitment, auditHash, GENESIS, hashesOf } from "./hash-chain.ts";

/** A revision without its content. */
export type Link = Omit<
  RevisionLine,
  "row" | "content" | "contentVersion" | "note" | "salt"
>;

export type ErasableLink = Link & { erased: boolean };

export const linkOf = (line: RevisionLine): ErasableLink => {
  const {
    row: _,
    content,
    contentVersion: __,
    note,
    salt: ___,
    ...link
  } = line;
  return { ...link, erased: content === null && line.kind !== "withdrawal" };
};

/**
 * Checks a revision's content hash and its own hash. Content that was damaged
 * before the export has no hash that matches, so it is accepted only if nobody
 * can be shown it.
 */
export function hashFault({
  case: _,
  content,
  contentVersion,
  note,
  salt,
  ...link
}: RevisionLine): string | null {
  const { kind, liveAt, number, contentHash, previousHash, hash } = link;
  if (digest(previousHash + contentHash) !== hash)
    return "its hash doesn't match its content hash and the previous hash";
  const whole = content !== null || (kind === "withdrawal" && note !== null);
  if (!whole && note !== null)
    return "its content is missing, but not its note";
  if (!whole)
    return salt === null ? null : "its content is missing, but not its salt";
  if (note === null) return "its note is missing, but not its content";
  if (salt === null) return "its salt is missing, but not its content";
  if (typeof note === "string") return "its stored note is damaged";
  if (typeof content === "string")
    return isShowable(content, contentVersion)
      ? "its content was changed after it was committed"
      : null;
  const found = hashesOf(
    {
      case: content,
      kind,
      liveAt,
      note,
      number,
      salt,
      version: contentVersion,
    },
    previousHash,
  );
  return found.contentHash === contentHash
    ? null
    : "its content was changed after it was committed";
}

/**
 * Follows each case's revisions link by link.
 * @param links of any number of cases, each case's in the order of their
 * numbers
 */
export function chainFault(links: Iterable<ErasableLink>): string | null {
  const begun = () => ({
    hashes: new Set([GENESIS]),
    standing: GENESIS,
    liveAt: "",
    number: 0,
    unexplained: 0,
  });
  const cases = new Map<string, ReturnType<typeof begun>>();
  const sequences = new Set<number>();
  for (const link of links) {
    const {
      case: id,
      number,
      sequence,
      kind,
      previousHash,
      hash,
      liveAt,
      fate,
      shown,
      erased,
    } = link;
    const fault = (text: string) => `revision ${number} of ${id}: ${text}`;
    const known = cases.get(id) ?? begun();
    cases.set(id, known);
    if (sequences.has(sequence))
      return fault(`another revision has the sequence ${sequence} too`);
    sequences.add(sequence);
    if (number <= known.number)
      return fault("it is duplicated or out of order");
    known.number = number;
    if (!known.hashes.has(previousHash))
      return fault("the revision it was based on is missing");
    known.hashes.add(hash);
    if (fate !== null) {
      if (shown || !erased)
        return fault(
          "it was cancelled, but it is marked as live or still has content",
        );
      continue;
    }
    if (previousHash !== known.standing)
      return fault("it doesn't follow the revision before it");
    if (liveAt <= known.liveAt)
      return fault("its moment is not after that of the revision before it");
    known.standing = hash;
    known.liveAt = liveAt;
    // A withdrawal or redaction explains why content before it is erased. A
    // redaction that was restored without its content explains that too.
    if (kind === "withdrawal" || kind === "redaction") known.unexplained = 0;
    else if (erased && known.unexplained === 0) known.unexplained = number;
  }
  for (const [id, { unexplained }] of cases)
    if (unexplained > 0)
      return `revision ${unexplained} of ${id}: its content is missing, and no redaction or withdrawal explains it`;
  return null;
}

/**
 * Checks that the lines of a backup agree with each other. Each line's own
 * hashes must have been checked before.
 * @param now milliseconds since the epoch
 */
export function historyFault(
  header: { madeAt: string; mark: string },
  links: ErasableLink[],
  audit: AuditEntry[],
  now: number,
): string | null {
  return (
    chainFault(
      links.toSorted((a, b) => {
        if (a.case === b.case) return a.number - b.number;
        return a.case < b.case ? -1 : 1;
      }),
    ) ??
    auditFault(audit) ??
    auditCoverageFault(audit, links) ??
    headerFault(header, links, now)
  );
}

/**
 * The difference that two clocks of one ledger may have, since a machine's
 * clock may step.
 */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * Checks the dates in a header against the lines and the clock: a mark in the
 * future would stop the Ledger's clock until then.
 * @param now milliseconds since the epoch
 */
export function headerFault(
  { madeAt, mark }: { madeAt: string; mark: string },
  links: readonly Link[],
  now: number,
): string | null {
  const latest = Date.parse(madeAt) + CLOCK_TOLERANCE_MS;
  if (latest > now + 2 * CLOCK_TOLERANCE_MS)
    return `its date ${madeAt} is in the future`;
  if (Date.parse(mark) > latest)
    return `its mark ${mark} is later than its date ${madeAt}`;
  const ahead = links.find(
    ({ shown, liveAt }) => shown && Date.parse(liveAt) > latest,
  );
  return ahead
    ? `revision ${ahead.number} of ${ahead.case}: it was live after the date ${madeAt}`
    : null;
}

/**
 * Checks the audit log line by line.
 * @returns what is wrong with its first broken line; null when there is none
 */
export function auditFault(lines: Iterable<AuditEntry>): string | null {
  let before = { sequence: 0, hash: GENESIS };
  for (const line of lines) {
    const { sequence, previousHash } = line;
    const fault = (text: string) =>
      `line ${sequence} of the audit log: ${text}`;
    if (sequence !== before.sequence + 1)
      return fault(`line ${before.sequence + 1} is missing before it`);
    if (previousHash !== before.hash)
      return fault("it doesn't follow the line before it");
    if (auditHash(line) !== line.hash)
      return fault("it was changed after it was written");
    before = line;
  }
  return null;
}

/**
 * Actions that commit or cancel a revision. A restore logs `restore` for each
 * revision that it takes from an erasures file.
 */
const committingActions = new Set<AuditAction>([
  "publish",
  "redact",
  "withdraw",
  "restore",
]);
const cancellingActions = new Set<AuditAction>(["undo", "replace", "cancel"]);

/**
 * Compares the audit log with the revisions: who committed, approved and
 * cancelled each, when, and with which hash.
 * @param links every revision of every case, the cancelled ones too
 */
function auditCoverageFault(
  audit: Iterable<AuditEntry>,
  links: Iterable<Link>,
): string | null {
  const key = (id: string, number: number) => `revision ${number} of ${id}`;
  const entriesByRevision = new Map<string, AuditEntry[]>();
  for (const entry of audit) {
    if (entry.case === null || entry.number === null) continue;
    const revision = key(entry.case, entry.number);
    entriesByRevision.set(revision, [
      ...(entriesByRevision.get(revision) ?? []),
      entry,
    ]);
  }
  for (const link of links) {
    const revision = key(link.case, link.number);
    const fault = revisionAuditFault(
      link,
      entriesByRevision.get(revision) ?? [],
    );
    if (fault !== null) return `${revision}: ${fault}`;
    entriesByRevision.delete(revision);
  }
  for (const revision of entriesByRevision.keys())
    return `${revision}: it is in the audit log, but the revision is missing`;
  return null;
}

/** @param entries the log's entries about this revision */
function revisionAuditFault(link: Link, entries: AuditEntry[]): string | null {
  const put = entries.find(({ action }) => committingActions.has(action));
  if (!put) return "the audit log has no entry about its commit";
  if (
    entries.some(
      ({ action, subject }) => action !== "approve" && subject !== link.hash,
    )
  )
    return "the audit log has another hash for it";
  const cancelled = entries.some(({ action }) => cancellingActions.has(action));
  const restored = entries.some(({ action }) => action === "restore");
  if (link.fate === null && cancelled)
    return "it was cancelled according to the audit log, but it is not marked so";
  if (link.fate !== null && !cancelled && !restored)
    return "it is marked as cancelled, but the audit log has no entry about that";
  // The log of an older backup doesn't have the commit of a revision that came
  // from an erasures file.
  if (put.action === "restore") return null;
  const kinds = { withdraw: "withdrawal", redact: "redaction" } as const;
  const kind = kinds[put.action as keyof typeof kinds] ?? null;
  if (
    kind === null
      ? link.kind === "withdrawal" || link.kind === "redaction"
      : link.kind !== kind
  )
    return "the audit log has another kind for it";
  if (put.editor !== link.editor) return "the audit log names another editor";
  if (put.at !== link.committedAt) return "the audit log names another time";
  if (put.notify !== link.notify)
    return "the audit log has another notification for it";
  const approved =
    entries.find(({ action }) => action === "approve")?.editor ?? null;
  return approved === link.approvedBy
    ? null
    : "the audit log names another second editor";
}

/**
 * Compares the rows of the signed log with the revisions, and its commitments
 * with the audit log.
 * @param links every revision of every case
 */
export function logFault(
  log: readonly LogLine[],
  links: readonly ErasableLink[],
  audit: readonly AuditEntry[],
): string | null {
  const key = (id: string, number: number) => `revision ${number} of ${id}`;
  const shown = new Map(
    links
      .filter((link) => link.shown && link.fate === null)
      .map((link) => [key(link.case, link.number), link]),
  );
  for (const [index, line] of log.entries()) {
    const fault = (text: string) =>
      `entry ${line.position + 1} of the signed log: ${text}`;
    if (line.position !== index)
      return fault(`entry ${index + 1} is missing before it`);
    const revision = key(line.case, line.number);
    const link = shown.get(revision);
    if (!link) return fault(`${revision} is missing, or it is there twice`);
    if (
      (["hash", "kind", "reason", "liveAt"] as const).some(
        (field) => link[field] !== line[field],
      )
    )
      return fault(`${revision} is not the one that went live`);
    shown.delete(revision);
    const { auditSequence, auditSalt } = line;
    const head = auditSequence === 0 ? GENESIS : audit[auditSequence - 1]?.hash;
    if (
      head === undefined ||
      auditCommitment(auditSequence, head, auditSalt) !== line.audit
    )
      return fault(
        `line ${auditSequence} of the audit log is not the one that was there at ${line.liveAt}`,
      );
  }
  const [missing] = shown.keys();
  return missing === undefined
    ? null
    : `${missing}: it went live, but it is not in the signed log`;
}
