/** What the Ledger tells its readers. */

import type { LocaleTag } from "../../shared/locale.ts";
import type { CaseRecord, Notification, Revision, WithdrawalReason } from "../../shared/revision.ts";
import type { RefusalView, View } from "../../shared/view/schema.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import { viewCase, viewUnknown, viewWithdrawn } from "../../shared/view/view.ts";

export type CaseState =
  | { state: "present"; record: CaseRecord }
  | { state: "absent" }
  /** `revision` is the withdrawal itself. */
  | { state: "withdrawn"; revision: Revision };

/** What stands in a case's place when it cannot be shown. */
export const refusalViewOf = (
  id: string,
  state: Exclude<CaseState, { state: "present" }>,
  locale: LocaleTag,
): RefusalView => (state.state === "withdrawn" ? viewWithdrawn(id, state.revision, locale) : viewUnknown(id, locale));

/** The finished view of any state of a case. @param now milliseconds since the epoch */
export const viewOf = (id: string, state: CaseState, locale: LocaleTag, now: number): View =>
  state.state === "present"
    ? viewCase(state.record.case, state.record.revision, locale, now)
    : refusalViewOf(id, state, locale);

export type RevisionState =
  | { state: "present"; record: CaseRecord }
  | { state: "absent" }
  | { state: "withdrawn"; revision: Revision }
  /** The content went with a later redaction; what stays is here. */
  | { state: "erased"; revision: Revision };

/** Live revisions, newest first; null when there is no such case. */
export type History = Revision[] | null;

/** A live revision among those of all cases, newest first: what feeds tell of it. */
export interface Recent {
  id: string;
  revision: Revision;
  /** The case as that revision had it; null for a withdrawal, and once erased. */
  summary: Omit<CaseSummary, "revision"> | null;
  /** When a later redaction erased it; ISO 8601, UTC, milliseconds. */
  erasedAt?: string;
}

/** A known case and its live head. */
export interface Head {
  id: string;
  number: number;
}

export type { WithdrawalReason };

/** What goes out at a moment: to the Channel of the case, and to the Dispatcher. */
export interface Announcement {
  id: string;
  number: number;
  liveAt: string;
  notify: Notification;
}
