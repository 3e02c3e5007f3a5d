/**
 * Hash chains that make a case's history and the audit log tamper-evident. They
 * still verify after content is erased.
 */
import canonicalize from "canonicalize";
import type { Note } from "../../../shared/case/schema.ts";
import type { RevisionKind } from "../../../shared/revision.ts";
import type { AuditEntry } from "../../editing/rules/desk.ts";
import { digest } from "../../runtime/digest.ts";

/** The previous hash of a first revision and of the first audit entry. */
export const GENESIS = "0".repeat(64);

export interface Content {
  /** As stored, so possibly of an older version. Null for a withdrawal. */
  case: object | null;
  kind: RevisionKind;
  liveAt: string;
  note: Note;
  number: number;
  /**
   * Random, secret, and erased with the content: without it nobody can test a
   * guess of what was erased.
   */
  salt: string;
  /** The version of the case's schema (`shared/case/versions`). */
  version: number;
}

/**
 * `contentHash`: SHA-256 of the content and its salt as canonical JSON (RFC
 * 8785). `hash`: SHA-256 of the previous revision's hash followed by
 * `contentHash`.
 */
export function hashesOf(
  content: Content,
  previousHash: string,
): { contentHash: string; hash: string } {
  const contentHash = digest(canonicalize(content) as string);
  return { contentHash, hash: digest(previousHash + contentHash) };
}

/**
 * SHA-256 of an audit entry as canonical JSON, without its own hash and with
 * that of the entry before.
 */
export function auditHash({
  hash: _,
  ...rest
}: Omit<AuditEntry, "hash"> & { hash?: string }): string {
  return digest(canonicalize(rest) as string);
}

/**
 * A commitment to a line of the audit log. Without the salt it confirms no
 * guess of the line, which names an editor.
 */
export const auditCommitment = (
  sequence: number,
  hash: string,
  salt: string,
): string => digest(canonicalize({ hash, salt, sequence }) as string);
