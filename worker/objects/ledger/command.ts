/** The publish command, and the outcome of a command. */
import type { Case, Note } from "../../../shared/case/schema.ts";
import type { Failure } from "../../../shared/failure.ts";
import type {
  Notification,
  WithdrawalReason,
} from "../../../shared/revision.ts";
import type { GivenAnswer } from "../../editing/rules/answers.ts";
import type { DraftSource } from "../../editing/rules/desk.ts";
import type { ReadSentences } from "../../editing/rules/reading.ts";

export interface PublishCommand {
  id: string;
  case: Case;
  note: Note;
  kind: "update" | "correction";
  /**
   * Milliseconds since the epoch. When absent, the revision goes live as soon
   * as the leases allow.
   */
  liveAt?: number;
  notify: Notification;
  editor: string;
  /** The second editor, if one was needed. */
  approvedBy?: string;
  /**
   * The newest committed revision number the editor has seen; 0 to create the
   * case.
   */
  basedOn: number;
  /** A pending revision to cancel in the same transaction. */
  replace?: number;
  /** Answers to the revision's questions, each with the editor who gave it. */
  answers?: GivenAnswer[];
  /**
   * The document that the draft was made from. An undo and a returned proposal
   * give it back.
   */
  source?: DraftSource;
  /** What was read of a document that the server doesn't have. */
  reading?: ReadSentences;
  /**
   * The saved draft to delete in the same transaction, unless it has a newer
   * version by then.
   */
  draft?: { id: string; version: number | null };
}

/** The content of an undone revision, from which its draft is made again. */
export interface Undone {
  /** Null for a withdrawal. */
  case: Case | null;
  note: Note;
  source?: DraftSource;
}

export interface WithdrawCommand {
  id: string;
  reason: WithdrawalReason;
  editor: string;
  /**
   * The newest committed revision number the editor has seen; 0 when nothing
   * was committed.
   */
  basedOn: number;
  /** What the editor was told that happens. */
  expect?: "committed" | "proposed";
}

export type Outcome<T> = { done: T } | { failure: Failure };
