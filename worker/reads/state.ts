/** The types of the Ledger's answers to readers. */

import type { Case } from "../../shared/case/schema.ts";
import type { LocaleTag } from "../../shared/locale.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import type {
  CaseRecord,
  Notification,
  Revision,
  RevisionKind,
} from "../../shared/revision.ts";
import type {
  PresentView,
  RefusalView,
  View,
} from "../../shared/view/schema.ts";
import type { CaseSummary, Unshowable } from "../../shared/view/summary.ts";
import {
  viewCase,
  viewUnknown,
  viewUnshowable,
  viewWithdrawn,
} from "../../shared/view/view.ts";
import type { Epoch, Leased } from "../runtime/lease.ts";

export type CaseState =
  | {
      state: "present";
      record: CaseRecord;
      /**
       * The newest correction before the head, while readers should still hear
       * of it.
       */
      corrected?: Revision;
      /** The update before the head that is greater news. */
      earlier?: Revision;
    }
  | { state: "absent" }
  /** `revision` is the withdrawal itself. */
  | { state: "withdrawn"; revision: Revision }
  /** The stored content isn't a valid case. */
  | { state: "unshowable"; revision: Revision };

/** The live head of a case; for a withdrawn case the withdrawal. */
export const headOf = (
  state: Exclude<CaseState, { state: "absent" }>,
): Revision =>
  state.state === "present" ? state.record.revision : state.revision;

/** The view of a case that is withdrawn, unknown or can't be shown. */
export const refusalViewOf = (
  id: string,
  state: Exclude<CaseState, { state: "present" }>,
  locale: LocaleTag,
  profile: Profile,
): RefusalView => {
  if (state.state === "absent") return viewUnknown(id, locale, profile);
  const view = state.state === "withdrawn" ? viewWithdrawn : viewUnshowable;
  return view(id, state.revision, locale, profile);
};

/** The view of a case's head, with the news before it that still stands. */
export const viewPresent = (
  { record, corrected, earlier }: Extract<CaseState, { state: "present" }>,
  locale: LocaleTag,
  now: number,
  profile: Profile,
): PresentView =>
  viewCase(
    record.case,
    record.revision,
    locale,
    now,
    profile,
    corrected,
    earlier,
  );

/** The view of a case in any state. @param now milliseconds since the epoch */
export const viewOf = (
  id: string,
  state: CaseState,
  locale: LocaleTag,
  now: number,
  profile: Profile,
): View =>
  state.state === "present"
    ? viewPresent(state, locale, now, profile)
    : refusalViewOf(id, state, locale, profile);

export type RevisionState =
  | { state: "present"; record: CaseRecord }
  | { state: "absent" }
  | { state: "withdrawn"; revision: Revision }
  /**
   * A later redaction erased the content; `revision` is the metadata that
   * remains.
   */
  | { state: "erased"; revision: Revision }
  | { state: "unshowable"; revision: Revision };

/** A revision in the log of changes, as it stands now. */
export type LoggedChange = {
  /** The position in the log. */
  change: number;
  id: string;
  revision: Revision;
  /**
   * Present on redactions and withdrawals: everything said of the case before
   * this revision number was erased.
   */
  tombstone?: { before: number };
} & (
  | { state: "present"; case: Case }
  | { state: "withdrawn" | "erased" | "unshowable" }
);

/** A position in a log of changes. */
export interface ChangeCursor {
  log: string;
  position: number;
}

/** A page of the log of changes. */
export interface ChangePage {
  /** Names the log that the positions belong to. */
  log: string;
  changes: LoggedChange[];
  /** The position up to which this page reads. */
  next: number;
  /** True when more changes follow. */
  more: boolean;
  /** The newest position. */
  newest: number;
}

/**
 * What the cron trigger finds wrong: readers get errors, a backup failed, the
 * trigger itself, the workshop is missing, the bot.
 */
export type WatchTrouble =
  | "readers"
  | "backup"
  | "trigger"
  | "workshop"
  | "bot";

/**
 * What an editor did that the others must hear of: with a proposal, alone, or
 * with access to the newsroom and its data.
 */
export type EditorEvent =
  | "propose"
  | "approve"
  | "reject"
  | "take-back"
  | "redact"
  | "withdraw"
  | "export"
  | "invite"
  | "token"
  /** A webhook or a group of editors was added or removed. */
  | "link"
  /** Who may sign in, how, or as what has changed. */
  | "access"
  | "passkey-copied"
  /** A page elsewhere shows an old text. */
  | "place-old";

/** A line of the audit log that editors hear of, or a trouble, or its end. */
export interface ProposalEvent {
  /**
   * Its number in the audit log; of a trouble the time, in milliseconds since
   * the epoch.
   */
  change: number;
  id: string;
  /** Whether readers know the case: its number is public. */
  isPublic: boolean;
  /** The committed revision; null before the approval. */
  revision: { number: number | null };
  action: EditorEvent | WatchTrouble | "over";
  editor: string;
  /** Who proposed it; null when the log doesn't say. */
  author: string | null;
  at: string;
}

export type ProposalEventPage = Omit<ChangePage, "changes"> & {
  changes: ProposalEvent[];
};

/** A live revision's number and moment. */
export type Published = Pick<Revision, "number" | "liveAt">;

/** A page of a case's live revisions. */
export interface HistoryPage {
  /** Newest first. */
  revisions: Revision[];
  /** The revision before the last one of this page; null on the last page. */
  older: Revision | null;
  /** The revision after the first one of this page; null on the first page. */
  newer: Published | null;
  /**
   * Those of this page that a later correction denies, each with the number of
   * that correction.
   */
  corrections: [revision: number, correction: number][];
  /** The case's first live revision. */
  first: Published;
  newest: Published & Pick<Revision, "kind">;
}

/** A page with the first revisions of another one. */
export const firstOf = (page: HistoryPage, limit: number): HistoryPage => ({
  ...page,
  revisions: page.revisions.slice(0, limit),
  older: page.revisions[limit] ?? page.older,
});

/** A live revision as feeds show it. */
export interface Recent {
  id: string;
  revision: Revision;
  /**
   * The case in that revision; null for a withdrawal, once erased, and when it
   * can't be shown.
   */
  summary: Omit<CaseSummary, "revision"> | null;
  unshowable?: true;
  /** When a later redaction erased it; ISO 8601, UTC, milliseconds. */
  erasedAt?: string;
}

/**
 * A case that changed. What lists say of it is a summary, its number when it
 * can't be shown, or nothing once it is withdrawn.
 */
export interface Changed {
  id: string;
  /** The number of the epoch that its last change began. */
  epoch: number;
  summary?: CaseSummary;
  unshowable?: Unshowable;
  /** Only of a case that can't be shown. */
  revision?: CaseSummary["revision"];
}

/**
 * A page of all cases, in the order of their changes. It says of every case in
 * it what reading that case would have said.
 */
export interface CasePage {
  /** When the page was read. */
  epoch: Epoch;
  /** The number of the epoch up to which cases are listed. */
  to: number;
  /** `Changed[]` as JSON. */
  text: string;
}

/**
 * The Ledger's answer to "what changed since this epoch?". It also says that no
 * other live case changed.
 */
export interface Renewal {
  /** The epoch up to which changes are listed. */
  epoch: Epoch;
  /**
   * The number of the epoch after which changes are listed: that of the
   * question, or the newest if the Ledger doesn't know that one.
   */
  since: number;
  /**
   * True when more changes follow. Then the answer renews nothing, and the next
   * question asks since its epoch.
   */
  more: boolean;
  /** `Changed[]` as JSON, in the order of their epochs. */
  text: string;
  /**
   * How long it holds for cases without a term of their own, in milliseconds,
   * counted from before the question.
   */
  validFor: number;
  /**
   * The shorter terms of cases with a moment ahead, also of cases that aren't
   * live yet. 0: it was true only as of the answer.
   */
  terms: [id: string, validFor: number][];
}

/**
 * An answer with cases, which come as they are stored, in JSON: parsing them
 * costs more than reading them.
 */
export interface LeasedText<T> extends Leased<T> {
  /** `CaseSummary[]`, newest change first. */
  text: string;
}

/** A revision that went live, as the Dispatcher is told of it. */
export interface Announcement {
  id: string;
  number: number;
  liveAt: string;
  notify: Notification;
  kind: RevisionKind;
  /**
   * For the Dispatcher: the rows of the followed words that a redaction or
   * withdrawal erases.
   */
  words?: number[];
}
