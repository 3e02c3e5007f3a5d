import * as v from "valibot";
import { parseEdtf } from "./case/partial-date.ts";
import { type Case, Text } from "./case/schema.ts";
import { Change } from "./change.ts";

export const revisionKinds = ["update", "correction", "redaction", "withdrawal"] as const;
export type RevisionKind = (typeof revisionKinds)[number];

export const withdrawalReasons = ["consent", "safety", "law", "mistake", "unstated"] as const;
export type WithdrawalReason = (typeof withdrawalReasons)[number];

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hex"));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const moment = v.pipe(v.string(), v.isoTimestamp());

/** What readers see of a revision. Times are ISO 8601 in UTC with milliseconds. */
export const Revision = v.object({
  number: v.pipe(count, v.description("1, 2, ... within its case; a number once given is never used again")),
  sequence: v.pipe(count, v.description("The place in the whole ledger")),
  kind: v.picklist(revisionKinds),
  note: v.pipe(
    v.record(v.string(), v.string()),
    v.description("What changed, in the editor's words, by BCP 47 tag; empty once erased"),
  ),
  committedAt: moment,
  liveAt: moment,
  hash: v.pipe(hash, v.description("Over the previous revision's hash and this content's hash; see docs/storage.md")),
  contentHash: hash,
  previousHash: hash,
  changes: v.pipe(
    v.array(Change),
    v.description("What differs from the revision before, computed when it was published"),
  ),
  reason: v.exactOptional(
    v.pipe(
      v.picklist(withdrawalReasons),
      v.description("Why a case was withdrawn, in one word; more would say too much"),
    ),
  ),
});
export type Revision = v.InferOutput<typeof Revision>;

export interface CaseRecord {
  case: Case;
  revision: Revision;
}

/**
 * What a reader sees: the newest revision whose moment has come.
 * @param now milliseconds since the epoch, by the Ledger's clock
 */
export function head<T extends { number: number; liveAt: number }>(revisions: Iterable<T>, now: number): T | null {
  let newest: T | null = null;
  for (const revision of revisions)
    if (revision.liveAt <= now && (!newest || revision.number > newest.number)) newest = revision;
  return newest;
}

/** How an editor wants followers told. */
export const notifications = ["loud", "silent", "none"] as const;
export type Notification = (typeof notifications)[number];

/** The fields of a publish beside the case itself. */
export const PublishFields = {
  note: Text,
  kind: v.picklist(["update", "correction", "redaction"]),
  liveAt: v.optional(
    v.pipe(
      v.string(),
      v.isoTimestamp("must be a moment such as 2026-11-25T12:00:00.000Z"),
      // Date.parse would roll 30 February over into March.
      v.check(
        (text) => parseEdtf(text.slice(0, 10)) !== null && !Number.isNaN(Date.parse(text)),
        "must be a moment that exists",
      ),
    ),
  ),
  notify: v.optional(v.picklist(notifications), "loud"),
};
