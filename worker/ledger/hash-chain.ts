/** The chains of hashes that make a case's history and the audit log tamper-evident, and still verify after an erasure. */
import canonicalize from "canonicalize";
import type { Case, Text } from "../../shared/case/schema.ts";
import type { RevisionKind } from "../../shared/revision.ts";
import { digest } from "../digest.ts";
import type { AuditEntry } from "../editorial/desk.ts";

/** What stands before the first revision. */
export const GENESIS = "0".repeat(64);

export interface Content {
  /** Null for a withdrawal. */
  case: Case | null;
  kind: RevisionKind;
  liveAt: string;
  note: Text;
  number: number;
}

/** A revision's two hashes: of its content as canonical JSON (RFC 8785), and of the previous revision's hash followed by that. */
export function hashesOf(content: Content, previousHash: string): { contentHash: string; hash: string } {
  const contentHash = digest(canonicalize(content) as string);
  return { contentHash, hash: digest(previousHash + contentHash) };
}

/** A line of the audit log is hashed with the hash of the line before in it. */
export function auditHash({ hash: _, ...rest }: Omit<AuditEntry, "hash"> & { hash?: string }): string {
  return digest(canonicalize(rest) as string);
}
