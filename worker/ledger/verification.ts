/** Whether a history is what it was when it was written: every hash, every link, every deed. Pure, for the restore and for the shell. */
import type { AuditEntry, Deed } from "../../shared/desk.ts";
import { digest } from "../digest.ts";
import type { RevisionLine } from "./backup-lines.ts";
import { auditHash, GENESIS, hashesOf } from "./chain.ts";

/** A revision without its content. */
export type Link = Omit<RevisionLine, "row" | "content" | "note">;

/** What is wrong with a revision in itself: its content's hash, and its own. */
export function hashFault({ case: _, content, note, ...link }: RevisionLine): string | null {
  const { kind, liveAt, number, contentHash, previousHash, hash } = link;
  if (digest(previousHash + contentHash) !== hash) return "its hash does not follow from the revision before";
  const whole = content !== null || (kind === "withdrawal" && note !== null);
  if (!whole) return note === null ? null : "its content is gone, but not its note";
  if (note === null) return "its note is gone, but not its content";
  const found = hashesOf({ case: content as never, kind, liveAt, note, number }, previousHash);
  return found.contentHash === contentHash ? null : "its content was changed after it was committed";
}

/**
 * Follows each case's revisions link by link.
 * @param links of any number of cases, each case's in the order of their numbers
 */
export function chainFault(links: Iterable<Link & { erased: boolean }>): string | null {
  const cases = new Map<
    string,
    { hashes: Set<string>; standing: string; liveAt: string; number: number; bare: number }
  >();
  const sequences = new Set<number>();
  for (const link of links) {
    const { case: id, number, sequence, kind, previousHash, hash, liveAt, fate, shown, erased } = link;
    const fault = (text: string) => `revision ${number} of ${id}: ${text}`;
    const known = cases.get(id) ?? { hashes: new Set([GENESIS]), standing: GENESIS, liveAt: "", number: 0, bare: 0 };
    cases.set(id, known);
    if (sequences.has(sequence)) return fault(`sequence ${sequence} is taken`);
    sequences.add(sequence);
    if (number <= known.number) return fault("it is there twice, or out of order");
    known.number = number;
    if (!known.hashes.has(previousHash)) return fault("the revision it was based on is missing");
    known.hashes.add(hash);
    if (fate !== null) {
      if (shown || !erased) return fault("it was cancelled, and can be neither live nor kept");
      continue;
    }
    if (previousHash !== known.standing) return fault("it does not follow from the one before");
    if (liveAt <= known.liveAt) return fault("its moment is not after that of the one before");
    known.standing = hash;
    known.liveAt = liveAt;
    // An erasing revision accounts for what is gone before it; one restored without its content, for itself too.
    if (kind === "withdrawal" || kind === "redaction") known.bare = 0;
    else if (erased && known.bare === 0) known.bare = number;
  }
  for (const [id, { bare }] of cases)
    if (bare > 0) return `revision ${bare} of ${id}: its content is gone, and nothing says why`;
  return null;
}

/** Deeds that put a revision there. */
const putting = new Set<Deed>(["publish", "withdraw", "restore"]);

/**
 * Follows the audit log link by link.
 * @returns what is wrong with its first broken line; null when it holds
 */
export function auditFault(lines: Iterable<AuditEntry>): string | null {
  let before = { sequence: 0, hash: GENESIS };
  for (const line of lines) {
    const { sequence, previousHash, hash } = line;
    const fault = (text: string) => `line ${sequence} of the audit log: ${text}`;
    if (sequence !== before.sequence + 1) return fault(`line ${before.sequence + 1} is missing before it`);
    if (previousHash !== before.hash) return fault("it does not follow from the line before");
    if (auditHash(line) !== hash) return fault("it was changed after it was written");
    before = line;
  }
  return null;
}

/**
 * Compares the log with the revisions it tells of.
 * @param links every revision of every case, the cancelled ones too
 */
export function deedsFault(
  audit: Iterable<AuditEntry>,
  links: Iterable<Pick<Link, "case" | "number" | "hash">>,
): string | null {
  const key = (id: string, number: number) => `revision ${number} of ${id}`;
  const revisions = new Map([...links].map((link) => [key(link.case, link.number), link.hash]));
  const told = new Map<string, string>();
  for (const { case: id, number, deed, subject } of audit)
    if (id !== null && number !== null && putting.has(deed)) told.set(key(id, number), subject);
  for (const [revision, hash] of revisions) {
    if (!told.has(revision)) return `${revision}: no line of the audit log tells of it`;
    if (told.get(revision) !== hash) return `${revision}: the audit log tells of another content`;
  }
  for (const revision of told.keys())
    if (!revisions.has(revision)) return `${revision}: the audit log tells of it, and it is not there`;
  return null;
}
