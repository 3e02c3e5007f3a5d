import * as v from "valibot";
import { parseEdtf } from "./case/partial-date.ts";
import { type Case, Note } from "./case/schema.ts";
import { Change } from "./change.ts";
import {
  Ordinal as count,
  described,
  Timestamp as moment,
} from "./described.ts";

export const revisionKinds = [
  "update",
  "correction",
  "redaction",
  "withdrawal",
] as const;
export type RevisionKind = (typeof revisionKinds)[number];

export const withdrawalReasons = [
  "consent",
  "safety",
  "law",
  "mistake",
  "unstated",
] as const;
export type WithdrawalReason = (typeof withdrawalReasons)[number];

/** The number of editors that a revision needs. */
export const reviews = ["one", "two"] as const;
export type ReviewMode = (typeof reviews)[number];

const hash = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex"),
);

/**
 * The public part of a revision. Days and times are ISO 8601 in UTC, times with
 * milliseconds.
 */
export const Revision = v.object({
  number: described(
    count,
    "1, 2, ... within its case; a number is never reused",
  ),
  kind: v.picklist(revisionKinds),
  note: described(
    v.record(v.string(), v.string()),
    "The editor's note on what changed, by BCP 47 tag; empty after an erasure",
  ),
  committedAt: v.pipe(
    v.string(),
    v.isoDate(),
    v.description(
      "A day: when exactly somebody was at work is nobody's business",
    ),
  ),
  liveAt: moment,
  hash: described(
    hash,
    "SHA-256 over the previous revision's hash and this content's hash; see docs/storage.md",
  ),
  contentHash: described(
    hash,
    "SHA-256 over the content and a secret salt that is erased with it; see docs/storage.md",
  ),
  previousHash: hash,
  changes: described(
    v.array(Change),
    "Differences from the previous revision, computed when it was published",
  ),
  reason: v.exactOptional(
    described(
      v.picklist(withdrawalReasons),
      "Why the case was withdrawn, in one word; a longer reason could reveal what was erased",
    ),
  ),
});
export type Revision = v.InferOutput<typeof Revision>;

export interface CaseRecord {
  case: Case;
  revision: Revision;
}

/** How followers are notified of a revision. */
export const notifications = ["loud", "silent", "none"] as const;
export type Notification = (typeof notifications)[number];

/** The fields of a publish besides the case. */
export const PublishFields = {
  note: Note,
  kind: v.picklist(["update", "correction"]),
  liveAt: v.optional(
    v.pipe(
      v.string(),
      v.isoTimestamp("must be a moment such as 2026-11-25T12:00:00.000Z"),
      // Date.parse alone would turn 30 February into a day in March.
      v.check(
        (text) =>
          parseEdtf(text.slice(0, 10)) !== null &&
          !Number.isNaN(Date.parse(text)),
        "must be a moment that exists",
      ),
    ),
  ),
  notify: v.optional(v.picklist(notifications), "loud"),
};
