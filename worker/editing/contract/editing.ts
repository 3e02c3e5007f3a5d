/**
 * Routes for editors: what they write, erase and decide, and the pages that
 * quote a case.
 */
import * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import { Case } from "../../../shared/case/schema.ts";
import {
  Count as count,
  described,
  Timestamp as moment,
} from "../../../shared/described.ts";
import { withdrawalReasons } from "../../../shared/revision.ts";
import type { Draft } from "../importer/draft.ts";
import { AskedQuestion, QuestionAnswer } from "../rules/answers.ts";
import {
  AuditEntry,
  anyObject,
  DamagedEntry,
  DeskCase,
  DeskDraft,
  DeskRecord,
  type DraftSource,
  MAX_DRAFT_BYTES,
  Me,
  Preview,
  PreviewRequest,
  Proposal,
  ProposalEntry,
  Proposed,
  PublishedRevision,
  Rejected,
  Saved,
  SavedDraft,
  SavedDraftEntry,
  Trace,
} from "../rules/desk.ts";
import { Erased, ErasurePreview, ErasureRequest } from "../rules/erase.ts";
import { NewPlace, Place } from "../rules/places.ts";
import { Expected, Publish } from "../rules/publication.ts";
import type { ListedSentence } from "../rules/reading.ts";
import { lang, revisionNumber, wholeNumber } from "./parameters.ts";
import { drafts, object, proposes, publishes, reads, route } from "./route.ts";

/** The limit for a case as JSON. */
const CASE_LIMIT_BYTES = 256 * 1024;
/** Large enough for a .docx with pictures. */
const DOCUMENT_LIMIT_BYTES = 8 * 1024 * 1024;
/** Of a reason, an answer to a proposal or a page elsewhere. */
const SMALL_LIMIT_BYTES = 16 * 1024;

const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
export const uuid = v.pipe(
  v.string(),
  v.check(isUuid, "must be a UUID in lower case, as from crypto.randomUUID()"),
  v.metadata({ format: "uuid" }),
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

const erasureRefusals = [
  "unknown-case",
  "withdrawn",
  "nothing-to-erase",
  "precondition-failed",
  "overtakes-pending",
  "unshowable",
] as const;
/** Of an erasure that is made, and not only shown. */
const madeRefusals = [
  ...erasureRefusals,
  "name-remains",
  "name-elsewhere",
  "erasure-unseen",
] as const;

const proposedAlone = {
  description:
    "Proposed; where two editors must agree, one editor alone erases or withdraws once within an hour",
  schema: Proposed,
};

const replace = described(
  v.optional(
    wholeNumber("must be the number of the pending revision to replace"),
  ),
  "The pending revision to cancel in the same transaction",
);

/** The body of an approval. */
const Approval = v.strictObject({
  answers: v.optional(v.array(QuestionAnswer), []),
});
/** The reason stands in the body, because addresses end up in logs. */
const Rejection = v.strictObject({
  reason: v.optional(
    v.pipe(v.string(), v.maxLength(500, "must be at most 500 characters")),
    "",
  ),
});

export const editingRoutes = {
  publish: proposes("PUT", paths.case, {
    summary: "Publish a revision, or create the case",
    query: {
      replace,
      draft: described(
        v.optional(
          v.pipe(
            v.string(),
            v.check(isUuid, "must be the UUID of a saved draft"),
          ),
        ),
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
      202: {
        description: "Proposed; waits for a second editor",
        schema: Proposed,
      },
    },
    refuses: [
      ...publishRefusals,
      "other-outcome",
      "too-many-proposals",
      "draft-changed",
    ],
  }),
  listQuestions: proposes("POST", paths.questions, {
    summary:
      "List what a publish of this body would be asked; nothing is stored",
    query: { replace },
    precondition: "number",
    body: { schema: Publish, limitBytes: CASE_LIMIT_BYTES },
    answers: {
      200: object("The questions", { questions: v.array(AskedQuestion) }),
    },
    refuses: publishRefusals,
  }),
  withdraw: publishes("DELETE", paths.case, {
    summary:
      "Withdraw the case, and cancel its pending revisions; all its content is erased at the withdrawal's moment",
    query: {
      reason: described(
        v.picklist(
          withdrawalReasons,
          `must be one of ${withdrawalReasons.join(", ")}`,
        ),
        "Readers find it in /v1/changes and in the log, on no page. After `mistake` the number can be used again",
      ),
      expect: Expected,
    },
    precondition: "number",
    answers: {
      202: proposedAlone,
      200: object(
        "Committed. Without a revision when the case was never live: its drafts and proposals are erased at once",
        {
          cancelled: v.array(count),
          revision: v.exactOptional(count),
          liveAt: v.exactOptional(moment),
        },
      ),
    },
    refuses: [
      "unknown-case",
      "withdrawn",
      "precondition-failed",
      "too-many-proposals",
      "other-outcome",
    ],
  }),
  undo: publishes("DELETE", paths.revision, {
    summary:
      "Undo the newest pending revision, or an erasure that is pending, in all its cases",
    params: { number: revisionNumber },
    answers: {
      200: object(
        "Undone; `case` is null when the revision was a withdrawal or an erasure",
        {
          undone: count,
          case: v.nullable(Case),
          note: v.record(v.string(), v.string()),
          source: v.exactOptional(
            described(
              anyObject<DraftSource>(),
              "The document that its draft was made from",
            ),
          ),
        },
      ),
    },
    refuses: [
      "unknown-case",
      "unknown-revision",
      "not-pending",
      "not-newest-pending",
    ],
  }),
  readDocument: reads("POST", paths.drafts, {
    summary:
      "Read a document (text, PDF, .docx, .odt, .rtf, mail or saved web page) into a draft case with warnings, and the sentences about people that wait for a verdict; nothing is stored",
    query: {
      case: described(
        v.optional(v.string()),
        "The id of the case that a document without a number is about",
      ),
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
        schema: anyObject<
          Draft & { text: string; sentences: ListedSentence[] }
        >(),
      },
    },
    refuses: ["not-a-document", "unreadable-document", "workshop-unavailable"],
  }),
  readMe: reads("GET", paths.deskMe, {
    summary: "The signed-in editor, and the deployment's settings for editing",
    answers: { 200: { description: "The editor", schema: Me } },
  }),
  listDeskCases: reads("GET", paths.deskCases, {
    summary:
      "Every case in every state, with what readers see of it; most recently edited first",
    answers: { 200: object("The cases", { cases: v.array(DeskCase) }) },
  }),
  readDeskCase: reads("GET", paths.deskCase, {
    summary:
      "The newest committed revision, pending or not; publish with its ETag in If-Match",
    query: {
      revision: described(
        v.optional(wholeNumber("must be the number of a revision")),
        "Another committed revision in place of the newest, such as an earlier pending one",
      ),
    },
    answers: { 200: { description: "The record", schema: DeskRecord } },
    refuses: ["unknown-case", "unknown-revision"],
  }),
  readTrace: reads("GET", paths.deskTrace, {
    summary:
      "Preview what readers would see if the case were withdrawn now; nothing is stored",
    query: { lang },
    answers: { 200: { description: "The preview", schema: Trace } },
    refuses: ["unknown-case"],
  }),
  preview: reads("POST", paths.deskPreview, {
    summary:
      "Preview a draft on each surface and list what it still lacks; nothing is stored",
    body: { schema: PreviewRequest, limitBytes: MAX_DRAFT_BYTES },
    answers: {
      200: {
        description: "The preview; pointers refer to the request's body",
        schema: Preview,
      },
    },
  }),
  listDrafts: drafts("GET", paths.deskDrafts, {
    summary: "The editor's own saved drafts, newest first",
    answers: {
      200: object("The drafts", {
        drafts: v.array(SavedDraftEntry),
        damaged: v.array(DamagedEntry),
      }),
    },
  }),
  readDraft: drafts("GET", paths.deskDraft, {
    summary: "A saved draft; its version is its ETag",
    answers: { 200: { description: "The draft", schema: SavedDraft } },
    refuses: ["unknown-draft", "damaged"],
  }),
  saveDraft: drafts("PUT", paths.deskDraft, {
    summary:
      "Save a draft; never overwrites a version that was saved elsewhere",
    precondition: "number",
    body: { schema: DeskDraft, limitBytes: MAX_DRAFT_BYTES },
    answers: {
      200: { description: "Saved", schema: Saved },
      201: { description: "Saved as a new draft", schema: Saved },
    },
    refuses: [
      "unknown-draft",
      "draft-changed",
      "draft-erased",
      "too-many-drafts",
      "withdrawn",
    ],
  }),
  deleteDraft: drafts("DELETE", paths.deskDraft, {
    summary: "Delete a saved draft",
    answers: { 204: { description: "Deleted" } },
    refuses: ["unknown-draft"],
  }),
  listProposals: reads("GET", paths.deskProposals, {
    summary: "Proposals that wait for a second editor, oldest first",
    answers: {
      200: object("The proposals", {
        proposals: v.array(ProposalEntry),
        damaged: v.array(DamagedEntry),
      }),
    },
  }),
  readProposal: reads("GET", paths.deskProposal, {
    summary: "A proposal with its content; its hash is its ETag",
    answers: { 200: { description: "The proposal", schema: Proposal } },
    refuses: ["unknown-proposal", "damaged"],
  }),
  takeBackProposal: proposes("DELETE", paths.deskProposal, {
    summary:
      "Take back your own proposal, or reject another editor's without a reason; a publish becomes its author's draft again",
    answers: { 200: { description: "The draft", schema: Rejected } },
    refuses: ["unknown-proposal"],
  }),
  approveProposal: publishes("POST", paths.deskApproval, {
    // Two tokens of one program are no two people.
    scope: "editors",
    summary:
      "Commit another editor's proposal, with the same checks as a publish",
    precondition: "hash",
    body: { schema: Approval, limitBytes: SMALL_LIMIT_BYTES },
    answers: { 201: { description: "Committed", schema: PublishedRevision } },
    refuses: [
      ...publishRefusals,
      ...madeRefusals,
      "unknown-proposal",
      "proposal-changed",
      "own-proposal",
      "new-pair",
      "proposal-overdue",
      "damaged",
    ],
  }),
  rejectProposal: proposes("POST", paths.deskRejection, {
    summary:
      "Reject a proposal with a reason; a publish becomes its author's draft again",
    body: { schema: Rejection, limitBytes: SMALL_LIMIT_BYTES },
    answers: { 200: { description: "The draft", schema: Rejected } },
    refuses: ["unknown-proposal"],
  }),
  readAudit: reads("GET", paths.deskAudit, {
    summary: "The audit log, newest first",
    query: {
      case: v.optional(v.string()),
      limit: v.optional(wholeNumber("must be a number from 1"), "100"),
    },
    answers: { 200: object("The log", { audit: v.array(AuditEntry) }) },
  }),
  erase: publishes("POST", paths.deskErasure, {
    summary:
      "Erase people, names, sentences or entries from a case, its pending revisions and other cases",
    precondition: "number",
    body: { schema: ErasureRequest, limitBytes: CASE_LIMIT_BYTES },
    answers: {
      201: { description: "Committed", schema: Erased },
      202: proposedAlone,
    },
    refuses: [
      ...madeRefusals,
      "other-outcome",
      "too-many-proposals",
      "unknown-draft",
      "unknown-proposal",
    ],
  }),
  previewErasure: publishes("POST", paths.deskErasurePreview, {
    summary:
      "Preview an erasure: each place, and what it leaves; nothing is stored",
    precondition: "number",
    body: { schema: ErasureRequest, limitBytes: CASE_LIMIT_BYTES },
    answers: {
      200: { description: "What the erasure would do", schema: ErasurePreview },
    },
    refuses: erasureRefusals,
  }),
  tellPlace: route("POST", paths.places, {
    keep: "never",
    summary:
      "Tell the newsroom of a page that quotes a case. An editor looks at it first",
    query: { lang },
    body: {
      types: ["application/x-www-form-urlencoded"],
      description:
        "The form of the embed guide: `case`, `url`, `contact`, `note`",
      limitBytes: SMALL_LIMIT_BYTES,
    },
    // Browsers also get refusals as pages.
    answers: {
      303: {
        description: "Told; also when the page is known already",
        type: "text/html",
      },
    },
    refuses: [
      "invalid-case",
      "unknown-case",
      "too-many-attempts",
      "unavailable",
    ],
  }),
  listPlaces: reads("GET", paths.deskPlaces, {
    summary:
      "Pages elsewhere that quote a case, or all that an editor should see to, with a letter to the owner of each old one",
    query: {
      case: v.pipe(
        v.exactOptional(v.string()),
        v.description("All pages of this case"),
      ),
    },
    answers: {
      200: object(
        "At most 500 pages: those that wait for an editor, then old ones",
        { places: v.array(Place) },
      ),
    },
    refuses: ["workshop-unavailable"],
  }),
  addPlace: publishes("POST", paths.deskPlaces, {
    summary:
      "Add a page, change what is said of it, or accept one that a partner told of",
    body: { schema: NewPlace, limitBytes: SMALL_LIMIT_BYTES },
    answers: {
      201: object("The page is looked at within minutes", { id: v.string() }),
    },
    refuses: ["unknown-case", "too-many-places"],
  }),
  removePlace: publishes("DELETE", paths.deskPlace, {
    summary: "Remove a page: it isn't looked at any more",
    answers: { 204: { description: "Removed" } },
    refuses: ["unknown-place"],
  }),
} as const;
