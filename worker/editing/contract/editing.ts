/** Routes for editors and the desk. */
import * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import { Case } from "../../../shared/case/schema.ts";
import { Count as count, described, Timestamp as moment } from "../../../shared/described.ts";
import { withdrawalReasons } from "../../../shared/revision.ts";
import type { Draft } from "../importer/draft.ts";
import { AskedQuestion, QuestionAnswer } from "../rules/answers.ts";
import {
  AuditEntry,
  DamagedEntry,
  DeskCase,
  DeskDraft,
  DeskRecord,
  type DraftSource,
  MAX_DRAFT_BYTES,
  Me,
  Parked,
  Preview,
  PreviewRequest,
  Proposal,
  ProposalEntry,
  Proposed,
  PublishedRevision,
  Rejected,
  Restored,
  Saved,
  SavedDraft,
  SavedDraftEntry,
  Trace,
} from "../rules/desk.ts";
import { Expected, Publish } from "../rules/publication.ts";
import type { ListedSentence } from "../rules/reading.ts";
import { lang, revisionNumber, wholeNumber } from "./parameters.ts";
import { type RouteAnswer, route } from "./route.ts";

/** The limit for a case as JSON. */
export const CASE_LIMIT_BYTES = 256 * 1024;
/** Large enough for a .docx with pictures. */
const DOCUMENT_LIMIT_BYTES = 8 * 1024 * 1024;
const REASON_LIMIT_BYTES = 16 * 1024;

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
export const uuid = v.pipe(
  v.string(),
  v.check(isUuid, "must be a UUID in lower case, as from crypto.randomUUID()"),
  v.metadata({ format: "uuid" }),
);

/** For JSON Schema any object; for a client the importer's type. */
const read = <T extends object>() =>
  v.record(v.string(), v.unknown()) as v.GenericSchema<unknown> as v.GenericSchema<T>;
/** What the files of the daily backup contain; the first part of their names in the bucket. */
export const storedKinds = ["backup", "changes", "erasures", "followers", "forgotten"] as const;
/** An NDJSON file; docs/storage.md documents the formats. */
const ndjson = (description: string): RouteAnswer => ({ description, type: "application/x-ndjson" });
const edited = { access: "editor", keep: "never" } as const;
const reads = { ...edited, role: "author", scope: "read" } as const;
const drafts = { ...edited, role: "author", scope: "draft" } as const;
/** Where the role or the scope doesn't allow more, the change only becomes, or only concerns, an own proposal. */
const proposes = { ...edited, role: "author", scope: "propose" } as const;
export const publishes = { ...edited, role: "publisher", scope: "publish" } as const;
const exports = { ...edited, role: "administrator", scope: "export", fresh: true } as const;
const operates = { ...edited, role: "administrator", scope: "operate" } as const;
const noErasures = described(
  v.optional(v.literal("none", "must be none, or omitted")),
  "`none` states that there is no list of erasures before the backup",
);
/** Refusals that depend on a case's state and its pending revisions. */
const publishRefusals = [
  "questions-open",
  "withdrawn",
  "precondition-failed",
  "exists",
  "overtakes-pending",
  "not-pending",
  "too-early",
  "draft-unread",
] as const;

const replace = described(
  v.optional(wholeNumber("must be the number of the pending revision to replace")),
  "The pending revision to cancel in the same transaction",
);

/** The body of an approval. */
const Approval = v.strictObject({ answers: v.optional(v.array(QuestionAnswer), []) });

export const editingRoutes = {
  publish: route({
    ...proposes,
    method: "PUT",
    path: paths.case,
    summary: "Publish a revision, or create the case",
    query: {
      replace,
      draft: described(
        v.optional(v.pipe(v.string(), v.check(isUuid, "must be the UUID of a saved draft"))),
        "The saved draft to delete in the same transaction",
      ),
      version: described(
        v.optional(wholeNumber("must be the version of that draft")),
        "Deletes the draft only if this is still its version",
      ),
    },
    precondition: "number",
    body: { schema: Publish, limitBytes: CASE_LIMIT_BYTES },
    answers: {
      201: { description: "Committed", schema: PublishedRevision },
      202: { description: "Proposed; waits for a second editor", schema: Proposed },
    },
    refuses: [...publishRefusals, "other-outcome", "too-many-proposals", "draft-changed"],
  }),
  listQuestions: route({
    ...proposes,
    method: "POST",
    path: paths.questions,
    summary: "List what a publish of this body would be asked; nothing is stored",
    query: { replace },
    precondition: "number",
    body: { schema: Publish, limitBytes: CASE_LIMIT_BYTES },
    answers: { 200: { description: "The questions", schema: v.object({ questions: v.array(AskedQuestion) }) } },
    refuses: [...publishRefusals],
  }),
  withdraw: route({
    ...publishes,
    method: "DELETE",
    path: paths.case,
    summary:
      "Withdraw the case, and cancel its pending revisions; all its content is erased at the withdrawal's moment",
    query: {
      reason: described(
        v.picklist(withdrawalReasons, `must be one of ${withdrawalReasons.join(", ")}`),
        "Readers see it. After `mistake` the number can be used again",
      ),
      expect: Expected,
    },
    precondition: "number",
    answers: {
      202: {
        description: "Proposed; where two editors must agree, one editor alone erases or withdraws once within an hour",
        schema: Proposed,
      },
      200: {
        description:
          "Committed. Without a revision when the case was never live: its drafts and proposals are erased at once",
        schema: v.object({
          cancelled: v.array(count),
          revision: v.exactOptional(count),
          liveAt: v.exactOptional(moment),
        }),
      },
    },
    refuses: ["unknown-case", "withdrawn", "precondition-failed", "too-many-proposals", "other-outcome"],
  }),
  undo: route({
    ...publishes,
    method: "DELETE",
    path: paths.revision,
    summary: "Undo the newest pending revision, or an erasure that is pending, in all its cases",
    params: { number: revisionNumber },
    answers: {
      200: {
        description: "Undone; `case` is null when the revision was a withdrawal or an erasure",
        schema: v.object({
          undone: count,
          case: v.nullable(Case),
          note: v.record(v.string(), v.string()),
          source: v.exactOptional(described(read<DraftSource>(), "The document that its draft was made from")),
        }),
      },
    },
    refuses: ["unknown-case", "unknown-revision", "not-pending", "not-newest-pending"],
  }),
  readDocument: route({
    ...reads,
    method: "POST",
    path: paths.drafts,
    summary:
      "Read a document (text, PDF, .docx, .odt, .rtf, mail or saved web page) into a draft case with warnings, and the sentences about people that wait for a verdict; nothing is stored",
    query: {
      case: described(v.optional(v.string()), "The id of the case that a document without a number is about"),
    },
    body: {
      types: ["text/plain", "application/octet-stream", "*/*"],
      description: "The document. Its first bytes say what it is.",
      limitBytes: DOCUMENT_LIMIT_BYTES,
      tooLarge: "document-too-large",
    },
    answers: {
      200: {
        description:
          "The draft as `worker/editing/importer/draft.ts` describes it, with the `text` that was read and its `sentences`. Pointers refer to its `case`, line numbers to its `text`",
        schema: read<Draft & { text: string; sentences: ListedSentence[] }>(),
      },
    },
    refuses: ["not-a-document", "unreadable-document", "workshop-unavailable"],
  }),

  readMe: route({
    ...reads,
    method: "GET",
    path: paths.deskMe,
    summary: "The signed-in editor, and the deployment's settings for editing",
    answers: { 200: { description: "The editor", schema: Me } },
  }),
  listDeskCases: route({
    ...reads,
    method: "GET",
    path: paths.deskCases,
    summary: "Every case in every state, with what readers see of it; most recently edited first",
    answers: { 200: { description: "The cases", schema: v.object({ cases: v.array(DeskCase) }) } },
  }),
  readDeskCase: route({
    ...reads,
    method: "GET",
    path: paths.deskCase,
    summary: "The newest committed revision, pending or not; publish with its ETag in If-Match",
    query: {
      revision: described(
        v.optional(wholeNumber("must be the number of a revision")),
        "Another committed revision in place of the newest, such as an earlier pending one",
      ),
    },
    answers: { 200: { description: "The record", schema: DeskRecord } },
    refuses: ["unknown-case", "unknown-revision"],
  }),
  readTrace: route({
    ...reads,
    method: "GET",
    path: paths.deskTrace,
    summary: "Preview what readers would see if the case were withdrawn now; nothing is stored",
    query: { lang },
    answers: { 200: { description: "The preview", schema: Trace } },
    refuses: ["unknown-case"],
  }),
  preview: route({
    ...reads,
    method: "POST",
    path: paths.deskPreview,
    summary: "Preview a draft on each surface and list what it still lacks; nothing is stored",
    body: { schema: PreviewRequest, limitBytes: MAX_DRAFT_BYTES },
    answers: { 200: { description: "The preview; pointers refer to the request's body", schema: Preview } },
  }),

  listDrafts: route({
    ...drafts,
    method: "GET",
    path: paths.deskDrafts,
    summary: "The editor's own saved drafts, newest first",
    answers: {
      200: {
        description: "The drafts",
        schema: v.object({ drafts: v.array(SavedDraftEntry), damaged: v.array(DamagedEntry) }),
      },
    },
  }),
  readDraft: route({
    ...drafts,
    method: "GET",
    path: paths.deskDraft,
    summary: "A saved draft; its version is its ETag",
    answers: { 200: { description: "The draft", schema: SavedDraft } },
    refuses: ["unknown-draft", "damaged"],
  }),
  saveDraft: route({
    ...drafts,
    method: "PUT",
    path: paths.deskDraft,
    summary: "Save a draft; never overwrites a version that was saved elsewhere",
    precondition: "number",
    body: { schema: DeskDraft, limitBytes: MAX_DRAFT_BYTES },
    answers: {
      200: { description: "Saved", schema: Saved },
      201: { description: "Saved as a new draft", schema: Saved },
    },
    refuses: ["unknown-draft", "draft-changed", "draft-erased", "too-many-drafts", "withdrawn"],
  }),
  deleteDraft: route({
    ...drafts,
    method: "DELETE",
    path: paths.deskDraft,
    summary: "Delete a saved draft",
    answers: { 204: { description: "Deleted" } },
    refuses: ["unknown-draft"],
  }),

  listProposals: route({
    ...reads,
    method: "GET",
    path: paths.deskProposals,
    summary: "Proposals that wait for a second editor, oldest first",
    answers: {
      200: {
        description: "The proposals",
        schema: v.object({ proposals: v.array(ProposalEntry), damaged: v.array(DamagedEntry) }),
      },
    },
  }),
  readProposal: route({
    ...reads,
    method: "GET",
    path: paths.deskProposal,
    summary: "A proposal with its content; its hash is its ETag",
    answers: { 200: { description: "The proposal", schema: Proposal } },
    refuses: ["unknown-proposal", "damaged"],
  }),
  takeBackProposal: route({
    ...proposes,
    method: "DELETE",
    path: paths.deskProposal,
    summary:
      "Take back your own proposal, or reject another editor's without a reason; a publish becomes its author's draft again",
    answers: { 200: { description: "The draft", schema: Rejected } },
    refuses: ["unknown-proposal"],
  }),
  approveProposal: route({
    ...publishes,
    // Two tokens of one program are no two people.
    scope: "editors",
    method: "POST",
    path: paths.deskApproval,
    summary: "Commit another editor's proposal, with the same checks as a publish",
    precondition: "hash",
    body: { schema: Approval, limitBytes: REASON_LIMIT_BYTES },
    answers: { 201: { description: "Committed", schema: PublishedRevision } },
    refuses: [
      ...publishRefusals,
      "unknown-proposal",
      "proposal-changed",
      "own-proposal",
      "new-pair",
      "proposal-overdue",
      "damaged",
      ...([
        "unknown-case",
        "nothing-to-erase",
        "unshowable",
        "name-remains",
        "name-elsewhere",
        "erasure-unseen",
      ] as const),
    ],
  }),
  rejectProposal: route({
    ...proposes,
    method: "POST",
    path: paths.deskRejection,
    summary: "Reject a proposal with a reason; a publish becomes its author's draft again",
    body: {
      // In the body, because addresses end up in logs.
      schema: v.strictObject({
        reason: v.optional(v.pipe(v.string(), v.maxLength(500, "must be at most 500 characters")), ""),
      }),
      limitBytes: REASON_LIMIT_BYTES,
    },
    answers: { 200: { description: "The draft", schema: Rejected } },
    refuses: ["unknown-proposal"],
  }),

  readAudit: route({
    ...reads,
    method: "GET",
    path: paths.deskAudit,
    summary: "The audit log, newest first",
    query: {
      case: v.optional(v.string()),
      limit: v.optional(wholeNumber("must be a number from 1"), "100"),
    },
    answers: { 200: { description: "The log", schema: v.object({ audit: v.array(AuditEntry) }) } },
  }),
  exportAudit: route({
    ...reads,
    role: "publisher",
    method: "GET",
    path: paths.deskAuditLog,
    summary: "The whole audit log",
    answers: { 200: ndjson("A line for each action, oldest first; each hash covers the line before") },
  }),
  exportAll: route({
    ...exports,
    method: "GET",
    path: paths.deskExport,
    summary: "A backup of everything except followers",
    answers: { 200: ndjson("Incomplete without its last line: a publish aborts the export") },
  }),
  exportErasures: route({
    ...exports,
    method: "GET",
    path: paths.deskErasures,
    summary: "Every withdrawal, redaction and cancelled revision, without content",
    answers: { 200: ndjson("Keep the newest one with your backups: a restore needs it") },
  }),
  listBackups: route({
    ...exports,
    method: "GET",
    path: paths.deskBackups,
    summary: "The files of the daily backup, newest first",
    answers: {
      200: {
        description: "The files in the bucket",
        schema: v.object({
          files: v.array(
            v.object({
              kind: v.picklist(storedKinds),
              file: described(v.string(), "Its name says when it was begun, in UTC"),
              bytes: count,
            }),
          ),
        }),
      },
    },
    refuses: ["no-bucket"],
  }),
  renewBackups: route({
    ...operates,
    fresh: true,
    method: "POST",
    path: paths.deskBackups,
    summary: "Make a backup now, and delete all older ones: after an erasure that must leave no copy",
    answers: {
      201: { description: "Made", schema: v.object({ deleted: count }) },
    },
    refuses: ["no-bucket"],
  }),
  readBackup: route({
    ...exports,
    method: "GET",
    path: paths.deskBackup,
    summary: "A file of the daily backup, as it is in the bucket",
    answers: {
      200: { description: "Compressed and encrypted for BACKUP_RECIPIENT", type: "application/octet-stream" },
    },
    refuses: ["no-bucket", "unknown-backup"],
  }),
  restore: route({
    ...operates,
    fresh: true,
    method: "POST",
    path: paths.deskRestore,
    summary: "Restore a backup into an empty deployment, all or nothing; answers once the cases are live",
    query: { erasures: noErasures },
    body: {
      types: ["application/x-ndjson"],
      description: "The newest erasures file, followed by a backup",
      limitBytes: null,
    },
    answers: { 201: { description: "Restored", schema: Restored } },
    refuses: ["not-empty", "restore-under-way", "erasures-missing", "damaged-backup", "unfit-backup"],
  }),
  exportFollowers: route({
    ...exports,
    method: "GET",
    path: paths.deskFollowers,
    summary: "A backup of followers and cards",
    answers: { 200: ndjson("Ids are encrypted with FOLLOWER_KEY") },
    refuses: ["no-bot"],
  }),
  restoreFollowers: route({
    ...operates,
    fresh: true,
    method: "POST",
    path: paths.deskFollowers,
    summary: "Restore followers into a deployment that has none and has the same FOLLOWER_KEY",
    query: { erasures: noErasures },
    body: {
      types: ["application/x-ndjson"],
      description: "The newest file in `forgotten/` of the bucket, followed by an export of followers",
      limitBytes: null,
    },
    answers: {
      201: { description: "Restored", schema: v.object({ chats: count, follows: count, cards: count }) },
    },
    refuses: ["no-bot", "cases-first", "followers-there", "erasures-missing", "damaged-backup", "unfit-backup"],
  }),
  rotateKeys: route({
    ...operates,
    method: "POST",
    path: paths.deskKeys,
    summary: "Re-encrypt a page of followers' ids with the newest key; repeat until `older` is 0",
    answers: {
      200: {
        description: "The number of ids under the newest key, under older keys, and under keys that are not configured",
        schema: v.object({
          keys: v.pipe(v.array(v.string()), v.minLength(1)),
          current: count,
          older: count,
          closed: count,
        }),
      },
    },
    refuses: ["no-bot"],
  }),
  listParked: route({
    ...operates,
    method: "GET",
    path: paths.deskDeliveries,
    summary: "Messages that Telegram refused, by case, revision and reason",
    answers: { 200: { description: "The messages", schema: v.object({ parked: v.array(Parked) }) } },
    refuses: ["no-bot"],
  }),
  retryParked: route({
    ...operates,
    method: "POST",
    path: paths.deskDeliveries,
    summary: "Queue refused messages and failed card edits again",
    answers: { 200: { description: "The number of messages", schema: v.object({ retried: count }) } },
    refuses: ["no-bot"],
  }),
} as const;
