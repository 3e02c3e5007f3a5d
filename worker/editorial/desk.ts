/** What the desk and the Ledger say to each other: wire types of `/v1/desk`, for editors only. */
import * as v from "valibot";
import type { Case, Text } from "../../shared/case/schema.ts";
import type { Change } from "../../shared/change.ts";
import type { FieldIssue, Problem } from "../../shared/failure.ts";
import type { LocaleTag } from "../../shared/locale.ts";
import { type Notification, notifications, type Revision, revisionKinds } from "../../shared/revision.ts";
import type { View } from "../../shared/view/view.ts";
import type { Draft } from "../importer/draft.ts";

/** How many editors a revision needs. */
export const reviews = ["one", "two"] as const;
export type Review = (typeof reviews)[number];

/** Who is signed in, and the rules here. */
export interface Me {
  editor: string;
  review: Review;
  /** How long a copy may be used, in seconds. */
  lease: number;
  /** From a publish to its moment when none is chosen, in seconds: the time in which it can be undone. */
  lead: number;
  /** The languages every surface speaks. */
  locales: LocaleTag[];
}

/** Text with any of its languages still missing. */
export type UnfinishedText = Record<string, string>;

/** A case with any of its fields still missing. */
export type UnfinishedCase = Draft["case"];

export type DeskRevision = Revision & {
  editor: string;
  notify: Notification;
  /** The second editor, when one was needed. */
  approvedBy?: string;
};

/** What an editor sees of a case: the newest committed revision, pending or not. */
export interface DeskRecord {
  /** Null when the newest revision is a withdrawal. */
  case: Case | null;
  revision: DeskRevision;
  /** The number readers see now. */
  live: number | null;
  /** Oldest first. */
  pending: DeskRevision[];
  /** The number that the next revision gets: one that was undone is never used again. */
  next: number;
}

/** A line of the desk's list of all cases. */
export interface DeskCase {
  id: string;
  /** "UA 126/19" */
  number: string;
  /** Null once withdrawn: it was erased. */
  title: Text | null;
  /** The case's own language; null once withdrawn. */
  language: string | null;
  /** What readers find now; `unpublished` until its first moment. */
  state: "present" | "withdrawn" | "unpublished";
  /** The newest committed number. */
  newest: number;
  live: number | null;
  /** Oldest first. */
  pending: (Pick<DeskRevision, "number" | "kind" | "liveAt" | "editor"> & { approvedBy?: string })[];
  /** How many proposals wait for a second editor. */
  waiting: number;
}

const object = <T>() =>
  v.custom<T>((value) => typeof value === "object" && value !== null && !Array.isArray(value), "must be an object");

/** The document a draft came from: what `POST /v1/drafts` answered, but for the case itself. */
export type DraftSource = Omit<Draft, "case"> & { name: string; text: string };

/** An editor's work as it stands. Its shape is checked; the case in it may still lack anything. */
export const DeskDraft = v.strictObject({
  /** The committed revision it began from; null for a new case. */
  base: v.nullable(v.strictObject({ number: v.pipe(v.number(), v.integer(), v.minValue(1)), case: object<Case>() })),
  case: object<UnfinishedCase>(),
  note: v.record(v.string(), v.string()),
  kind: v.picklist(["update", "correction", "redaction"]),
  notify: v.picklist(notifications),
  /** ISO 8601; null for as soon as possible. */
  liveAt: v.nullable(v.string()),
  source: v.nullable(object<DraftSource>()),
  /** Warnings ticked off, by whatever the desk knows them by. */
  resolved: v.array(v.string()),
});
export type DeskDraft = v.InferOutput<typeof DeskDraft>;

/** The largest saved draft, in bytes of JSON. */
export const DRAFT_LIMIT = 512 * 1024;
/** How many drafts an editor keeps. */
export const MOST_DRAFTS = 50;

/** Why a draft is with its author again. */
export interface Returned {
  /** The editor who rejected it. */
  by: string;
  at: string;
  /** Empty when none was given. */
  reason: string;
}

/** A line of an editor's own drafts, newest first. */
export interface SavedDraftEntry {
  id: string;
  /** The case's id, once its number is known. */
  case: string | null;
  title: UnfinishedText;
  /** ISO 8601, UTC, milliseconds. */
  savedAt: string;
  /** 1, 2, ...: its ETag, quoted. */
  version: number;
  /** The proposal made of it that still waits. */
  proposal?: string;
  returned?: Returned;
}

export interface SavedDraft extends SavedDraftEntry {
  draft: DeskDraft;
}

/** The answer to a saved draft. */
export type Saved = Pick<SavedDraftEntry, "version" | "savedAt">;

/** What a preview is made of. */
export const PreviewRequest = v.strictObject({
  base: v.optional(DeskDraft.entries.base, null),
  case: DeskDraft.entries.case,
  note: v.optional(DeskDraft.entries.note, {}),
  kind: v.optional(v.picklist(revisionKinds.filter((kind) => kind !== "withdrawal")), "update"),
  liveAt: v.optional(DeskDraft.entries.liveAt, null),
  lang: v.optional(v.string()),
});

/** What is not there yet, by JSON Pointers (RFC 6901) into the request's body, as in `problems`. */
export interface Missing {
  /** Per language but the case's own: texts without it, of how many. */
  translations: { lang: string; pointers: string[]; of: number; reviewed: boolean }[];
  /** Facts that name no document, or one that is not listed. */
  sources: string[];
  /** Statuses and events without a date. */
  undated: string[];
}

/** How a draft would appear on each surface; nothing is stored. */
export interface Preview {
  /** Entries that are not valid yet are left out; null while number, language, date or action are missing. */
  view: View | null;
  /** The bot's message to followers. */
  telegram: { text: string; entities: unknown[]; buttons: { text: string; url?: string }[][] } | null;
  /** `GET /v1/cases/{id}` as it would be; "…" stands for what only a commit can say. */
  record: {
    case: Case;
    revision: Omit<Revision, "sequence"> & { sequence: "…" };
    contact: string;
  } | null;
  /** What a publish would refuse. */
  problems: FieldIssue[];
  missing: Missing;
  /** From the revision it is based on. */
  changes: Change[];
}

/** What would be left of a case if it were withdrawn now, on each surface. */
export type Trace = Pick<Preview, "telegram"> & { view: View };

/** The answer to a publish that waits for a second editor. */
export interface Proposed {
  proposal: string;
  waitsFor: "second editor";
}

/** The answer to a proposal rejected or taken back: the draft of its author that it is again. */
export interface Rejected {
  draft: string;
}

/** A line of what waits for a second editor, oldest first. */
export interface ProposalEntry {
  id: string;
  case: string;
  /** "UA 126/19" */
  number: string;
  title: Text;
  language: string;
  kind: "update" | "correction";
  notify: Notification;
  /** Who proposed it; anybody else may approve. */
  editor: string;
  proposedAt: string;
  /** The moment asked for; null for as soon as possible. */
  liveAt: string | null;
  /** The committed revision it is based on; 0 creates the case. */
  basedOn: number;
  /** The pending revision it replaces. */
  replace?: number;
  /** SHA-256 of the whole command: its ETag, quoted; an approval names what was read. */
  hash: string;
  /** Why the last approval did not go through. */
  refused?: Problem;
}

export interface Proposal extends ProposalEntry {
  content: { case: Case; note: Text };
  /** From the revision it is based on. */
  changes: Change[];
}

export const deeds = [
  "publish",
  "replace",
  "undo",
  "withdraw",
  "cancel",
  "propose",
  "approve",
  "reject",
  "take-back",
  "export",
  "followers-export",
  "restore",
  "followers-restore",
] as const;
export type Deed = (typeof deeds)[number];

/** Who did what, when: a line of the audit log, which holds no content. */
export interface AuditEntry {
  /** 1, 2, ... without a gap. */
  sequence: number;
  /** ISO 8601, UTC, milliseconds. */
  at: string;
  /** The name in EDITORS. */
  editor: string;
  deed: Deed;
  /** The case's id; null for what was done to the whole ledger. */
  case: string | null;
  /** The revision's number; null for a proposal, for a case of which nothing was committed, and for the whole ledger. */
  number: number | null;
  /** SHA-256 (hex) that says exactly what it was done to; docs/storage.md says which of each deed. */
  subject: string;
  /** The `hash` of the line before; 64 zeros for the first. */
  previousHash: string;
  /** SHA-256 over the canonical JSON (RFC 8785) of everything else in the line. */
  hash: string;
  /** How followers were to be told, of a publish. */
  notify?: Notification | undefined;
}

/** The answer to a restore. */
export interface Restored {
  /** From when on readers see it; ISO 8601, UTC, milliseconds. */
  at: string;
  revisions: number;
  audit: number;
  drafts: number;
  proposals: number;
  /** How many withdrawals, redactions and cancellations later than the backup were carried out again. */
  erasures: number;
  /** Redactions whose content is lost: each case is shown as withdrawn until it is published again. */
  lost: { case: string; number: number }[];
  /** What is still to go live, soonest first; what stands in the past goes live with the restore. */
  pending: { case: string; number: number; liveAt: string }[];
}
