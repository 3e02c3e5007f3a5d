/** What the Ledger is asked to commit, and how it answers. */
import type { Case, Text } from "../../shared/case/schema.ts";
import type { Failure } from "../../shared/failure.ts";
import type { Notification, RevisionKind } from "../../shared/revision.ts";

export interface PublishCommand {
  id: string;
  case: Case;
  note: Text;
  kind: Exclude<RevisionKind, "withdrawal">;
  /** Milliseconds since the epoch; as soon as the leases allow when absent. */
  liveAt?: number;
  notify: Notification;
  editor: string;
  /** The second editor, when one was needed. */
  approvedBy?: string;
  /** The newest committed number the editor has seen; 0 to create. */
  basedOn: number;
  /** A pending revision to cancel in the same transaction. */
  replace?: number;
  /** The editor's saved draft that it was made of, and that goes in the same transaction, unless a newer version was saved since. */
  draft?: { id: string; version: number | null };
}

export type Outcome<T> = { done: T } | { failure: Failure };
