/** The types of the Ledger's answers to readers. */

import type { LocaleTag } from "../../shared/locale.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import type { CaseRecord, Notification, Revision } from "../../shared/revision.ts";
import type { RefusalView, View } from "../../shared/view/schema.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import { viewCase, viewUnknown, viewUnshowable, viewWithdrawn } from "../../shared/view/view.ts";

export type CaseState =
  | { state: "present"; record: CaseRecord }
  | { state: "absent" }
  /** `revision` is the withdrawal itself. */
  | { state: "withdrawn"; revision: Revision }
  /** The stored content isn't a valid case. */
  | { state: "unshowable"; revision: Revision };

/** The live head of a case; for a withdrawn case the withdrawal. */
export const headOf = (state: Exclude<CaseState, { state: "absent" }>): Revision =>
  state.state === "present" ? state.record.revision : state.revision;

/** The view of a case that is withdrawn, unknown or can't be shown. */
export const refusalViewOf = (
  id: string,
  state: Exclude<CaseState, { state: "present" }>,
  locale: LocaleTag,
  profile: Profile,
): RefusalView => {
  if (state.state === "absent") return viewUnknown(id, locale);
  const view = state.state === "withdrawn" ? viewWithdrawn : viewUnshowable;
  return view(id, state.revision, locale, profile);
};

/** The view of a case in any state. @param now milliseconds since the epoch */
export const viewOf = (id: string, state: CaseState, locale: LocaleTag, now: number, profile: Profile): View =>
  state.state === "present"
    ? viewCase(state.record.case, state.record.revision, locale, now, profile)
    : refusalViewOf(id, state, locale, profile);

export type RevisionState =
  | { state: "present"; record: CaseRecord }
  | { state: "absent" }
  | { state: "withdrawn"; revision: Revision }
  /** A later redaction erased the content; `revision` is the metadata that remains. */
  | { state: "erased"; revision: Revision }
  | { state: "unshowable"; revision: Revision };

/** Live revisions, newest first; null when there is no such case. */
export type History = Revision[] | null;

/** A live revision as feeds show it. */
export interface Recent {
  id: string;
  revision: Revision;
  /** The case in that revision; null for a withdrawal, once erased, and when it can't be shown. */
  summary: Omit<CaseSummary, "revision"> | null;
  unshowable?: true;
  /** When a later redaction erased it; ISO 8601, UTC, milliseconds. */
  erasedAt?: string;
}

/** A known case and its live head. */
export interface Head {
  id: string;
  number: number;
}

/** A revision that went live, as the Dispatcher is told of it. */
export interface Announcement {
  id: string;
  number: number;
  liveAt: string;
  notify: Notification;
}
