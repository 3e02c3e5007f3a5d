/**
 * The wire types of `/v1/desk` and of editing, shared by the Worker and the
 * editors' programs.
 */
import * as v from "valibot";
import { actionStates, Case } from "../../../shared/case/schema.ts";
import {
  Count as count,
  described,
  Timestamp as moment,
  Ordinal as number,
} from "../../../shared/described.ts";
import type { Problem as RefusedProblem } from "../../../shared/failure.ts";
import { isFields } from "../../../shared/fields.ts";
import { localeTags } from "../../../shared/locale.ts";
import { Profile } from "../../../shared/profile/schema.ts";
import {
  notifications,
  Revision,
  reviews,
  revisionKinds,
  withdrawalReasons,
} from "../../../shared/revision.ts";
import { RefusalView, View } from "../../../shared/view/schema.ts";
import type { Draft } from "../importer/draft.ts";
import { AskedQuestion, QuestionAnswer, StoredAnswer } from "./answers.ts";
import { ErasureRequest } from "./erase.ts";
import type { ListedSentence, SentenceVerdict } from "./reading.ts";
import { credentialKinds, roles, scopes } from "./roles.ts";

const hash = Revision.entries.hash;
const texts = v.record(v.string(), v.string());
/**
 * A value checked only for being an object. `T` is its type; its JSON Schema
 * says "an object".
 */
export const anyObject = <T>() => v.custom<T>(isFields, "must be an object");

/** The signed-in editor, and the rules of this deployment. */
export const Me = v.object({
  editor: v.string(),
  role: v.picklist(roles),
  signedInBy: described(
    v.picklist(credentialKinds),
    "`secret` is a token of the setting EDITORS",
  ),
  scopes: described(
    v.nullable(v.array(v.picklist(scopes))),
    "What the token may do; null: what the role may",
  ),
  review: v.picklist(reviews),
  lead: described(
    v.number(),
    "Seconds from a publish to its default moment; until then it can be undone",
  ),
  locales: described(
    v.array(v.picklist(localeTags)),
    "The languages that every surface offers",
  ),
  bot: described(
    v.boolean(),
    "True when this deployment has a bot, whose followers a revision may notify",
  ),
  profile: described(
    Profile,
    "The newsroom's profile. Labels that depend on gender have their neutral form",
  ),
});
export type Me = v.InferOutput<typeof Me>;

/** The answer to a publish. */
export const PublishedRevision = v.object({
  revision: number,
  liveAt: described(moment, "The revision can be undone until this moment"),
});
export type PublishedRevision = v.InferOutput<typeof PublishedRevision>;

/**
 * Messages of one revision that Telegram rejected for the same unexpected
 * reason.
 */
export const Parked = v.object({
  id: v.string(),
  revision: number,
  trouble: described(
    v.string(),
    "Telegram's error text, without the chat's id",
  ),
  count: number,
});
export type Parked = v.InferOutput<typeof Parked>;

/** A text in which any language may still be missing. */
export type UnfinishedText = Record<string, string>;

/** A case in which any field may still be missing. */
export type UnfinishedCase = Draft["case"];

export const DeskRevision = v.object({
  ...Revision.entries,
  committedAt: moment,
  editor: v.string(),
  notify: v.picklist(notifications),
  approvedBy: v.exactOptional(
    described(v.string(), "The second editor, if one was needed"),
  ),
});
export type DeskRevision = v.InferOutput<typeof DeskRevision>;

/** A case for its editors: the newest committed revision, pending or live. */
export const DeskRecord = v.object({
  case: described(v.nullable(Case), "Null when withdrawn, erased or not valid"),
  revision: DeskRevision,
  live: described(
    v.nullable(number),
    "The number of the revision that readers see now",
  ),
  pending: described(v.array(DeskRevision), "Oldest first"),
  next: described(
    number,
    "The number of the next revision; the number of an undone one is never reused",
  ),
  drafts: v.exactOptional(
    described(
      v.array(v.object({ editor: v.string(), savedAt: moment })),
      "Every editor's, newest first",
    ),
  ),
});
export type DeskRecord = v.InferOutput<typeof DeskRecord>;

/** An entry of the desk's list of cases. */
export const DeskCase = v.object({
  id: v.string(),
  number: described(v.string(), "As printed"),
  title: described(
    v.nullable(texts),
    "Null for a withdrawn case. Before a first live revision, this and what follows are as committed",
  ),
  language: described(
    v.nullable(v.string()),
    "The case's own language; null for a withdrawn case",
  ),
  state: described(
    v.picklist(["present", "withdrawn", "unpublished"]),
    "What readers see now",
  ),
  newest: described(
    count,
    "The number of the newest committed revision; 0 when there are only proposals",
  ),
  live: described(
    v.nullable(number),
    "The number of the revision that readers see now",
  ),
  liveAt: described(v.nullable(moment), "When that revision went live"),
  pending: described(
    v.array(
      v.pick(DeskRevision, [
        "number",
        "kind",
        "liveAt",
        "editor",
        "approvedBy",
      ]),
    ),
    "Oldest first",
  ),
  waiting: described(
    count,
    "The number of proposals that wait for a second editor",
  ),
  action: described(
    v.nullable(v.picklist(actionStates)),
    "Null when the content is erased or only proposed",
  ),
  until: described(v.nullable(v.pipe(v.string(), v.isoDate())), "The deadline"),
  asOf: described(
    v.nullable(v.string()),
    "The date of the facts, EDTF (ISO 8601-2)",
  ),
  people: v.array(
    v.object({
      name: v.string(),
      custody: described(v.string(), "Empty when none is stated"),
    }),
  ),
  outdated: described(
    count,
    "The number of translations whose source has changed",
  ),
  spellings: described(
    v.array(v.string()),
    "Every spelling of every person's name, for a search",
  ),
  places: described(
    v.array(v.string()),
    "ISO 3166 codes of the authorities and places, for a search",
  ),
  placeNames: described(
    v.array(v.string()),
    "The places' names in the case's languages, for a search",
  ),
});
export type DeskCase = v.InferOutput<typeof DeskCase>;

/**
 * The document of a draft: the answer of `POST /v1/drafts` without the case.
 */
export type DraftSource = Omit<Draft, "case" | "appeals"> & {
  name: string;
  text: string;
  sentences: ListedSentence[];
  /** By the ids of the sentences. */
  verdicts?: Record<string, SentenceVerdict>;
};

/**
 * An editor's unfinished work. Its shape is checked, but any field of its case
 * may be missing.
 */
export const DeskDraft = v.strictObject({
  base: described(
    v.nullable(v.strictObject({ number, case: anyObject<Case>() })),
    "The revision it is based on; null for a new case",
  ),
  case: anyObject<UnfinishedCase>(),
  note: texts,
  kind: v.picklist(["update", "correction"]),
  notify: v.picklist(notifications),
  liveAt: described(
    v.nullable(v.string()),
    "ISO 8601; null for as soon as possible",
  ),
  source: v.nullable(anyObject<DraftSource>()),
  answers: described(
    v.optional(v.array(QuestionAnswer), []),
    "The editor's answers to the revision's questions",
  ),
  resolved: described(
    v.array(v.string()),
    "Keys of resolved warnings of the importer",
  ),
  statedBy: v.exactOptional(
    described(
      v.string(),
      "The author of a new case's statements, as the editor said; never a suggestion",
    ),
  ),
});
export type DeskDraft = v.InferOutput<typeof DeskDraft>;

/** The largest saved draft, as JSON. */
export const MAX_DRAFT_BYTES = 1024 * 1024;
/** The largest number of saved drafts of one editor. */
export const MAX_DRAFTS = 50;

/**
 * A draft or proposal whose stored content is damaged. It can only be
 * discarded.
 */
export const DamagedEntry = v.object({
  id: v.string(),
  case: described(
    v.nullable(v.string()),
    "The case's id, once its number was known",
  ),
  editor: described(v.string(), "Its author"),
  at: described(moment, "When it was saved or proposed"),
});
export type DamagedEntry = v.InferOutput<typeof DamagedEntry>;

/** Why a draft was returned to its author. */
const Returned = v.object({
  by: described(v.string(), "The editor who rejected it"),
  at: moment,
  reason: described(v.string(), "Empty when none was given"),
});
export type Returned = v.InferOutput<typeof Returned>;

/** An entry of the list of an editor's saved drafts. The newest comes first. */
export const SavedDraftEntry = v.object({
  id: v.string(),
  case: described(
    v.nullable(v.string()),
    "The case's id, once its number is known",
  ),
  title: texts,
  savedAt: moment,
  version: described(number, "1, 2, ...; in quotes it is the ETag"),
  proposal: v.exactOptional(
    described(v.string(), "The proposal made from this draft, while it waits"),
  ),
  look: v.exactOptional(
    described(
      v.literal(true),
      "An erased name stands in it: read and save it before it is published",
    ),
  ),
  returned: v.exactOptional(Returned),
});
export type SavedDraftEntry = v.InferOutput<typeof SavedDraftEntry>;

export const SavedDraft = v.object({
  ...SavedDraftEntry.entries,
  draft: DeskDraft,
});
export type SavedDraft = v.InferOutput<typeof SavedDraft>;

/** The answer to saving a draft. */
export const Saved = v.pick(SavedDraftEntry, ["version", "savedAt"]);
export type Saved = v.InferOutput<typeof Saved>;

/** The body of a preview request. */
export const PreviewRequest = v.strictObject({
  base: v.optional(DeskDraft.entries.base, null),
  case: DeskDraft.entries.case,
  note: v.optional(DeskDraft.entries.note, {}),
  kind: v.optional(
    v.picklist(revisionKinds.filter((kind) => kind !== "withdrawal")),
    "update",
  ),
  liveAt: v.optional(DeskDraft.entries.liveAt, null),
  lang: v.optional(v.string()),
  number: v.exactOptional(
    described(number, "The revision that is shown; the next one when absent"),
  ),
});

const FieldIssue = v.object({
  pointer: described(
    v.string(),
    "JSON Pointer (RFC 6901), or the parameter's name after a slash",
  ),
  message: described(v.string(), "What it must be"),
});

/**
 * An error (RFC 9457). Some have more members, such as `newest` or `liveAt`.
 */
export const ProblemDocument = v.looseObject({
  type: described(
    v.string(),
    "`urn:casewire:problem:` followed by a stable name",
  ),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  detail: v.string(),
  remedy: described(v.string(), "How to solve the problem"),
  issues: v.exactOptional(v.array(FieldIssue)),
});

/** The bot's message to followers. */
const TelegramPreview = v.object({
  text: v.string(),
  entities: v.array(v.unknown()),
  buttons: v.array(
    v.array(v.object({ text: v.string(), url: v.exactOptional(v.string()) })),
  ),
});

/**
 * Sentences that say the changed statuses of a draft, by language, for an
 * editor to take or change.
 */
export const ReadyTexts = v.object({
  note: texts,
  events: described(
    v.array(v.object({ at: v.array(v.string()), text: texts })),
    "For the event of each changed status; people with one status share it",
  ),
  texts: described(
    v.array(v.object({ pointer: v.string(), text: texts })),
    "Texts with another sentence for the one out of step, in the languages where one was found",
  ),
  thanks: described(
    v.nullable(texts),
    "Null while somebody is held, or the action isn't open",
  ),
});
export type ReadyTexts = v.InferOutput<typeof ReadyTexts>;

/** How a draft would appear on each surface; nothing is stored. */
export const Preview = v.object({
  view: described(
    v.nullable(View),
    "Without invalid entries; null while the number, language, date or action is missing",
  ),
  telegram: described(
    v.nullable(TelegramPreview),
    "Null without `view` or bot",
  ),
  ready: described(
    v.nullable(ReadyTexts),
    "Null while no status has changed that readers are told of",
  ),
});
export type Preview = v.InferOutput<typeof Preview>;

/** The notice that each surface would show if the case were withdrawn now. */
export const Trace = v.object({
  view: RefusalView,
  telegram: v.nullable(TelegramPreview),
});
export type Trace = v.InferOutput<typeof Trace>;

/** The answer to a publish that waits for a second editor. */
export const Proposed = v.object({
  proposal: v.string(),
  waitsFor: v.literal("second editor"),
});
export type Proposed = v.InferOutput<typeof Proposed>;

/** The answer to rejecting or taking back a proposal. */
export const Rejected = v.object({
  draft: described(
    v.nullable(v.string()),
    "Its author's draft; null for an erasure, a withdrawal, an author who left, and a damaged proposal",
  ),
});
export type Rejected = v.InferOutput<typeof Rejected>;

/** An entry of the list of proposals. The oldest comes first. */
export const ProposalEntry = v.object({
  id: v.string(),
  case: v.string(),
  number: described(v.string(), "As printed"),
  title: texts,
  language: v.string(),
  kind: v.picklist(["update", "correction", "withdrawal", "erasure"]),
  reason: v.exactOptional(
    described(v.picklist(withdrawalReasons), "Only of a withdrawal"),
  ),
  notify: v.picklist(notifications),
  editor: described(
    v.string(),
    "The editor who proposed it; any other editor may approve it",
  ),
  proposedAt: moment,
  liveAt: described(
    v.nullable(v.string()),
    "The requested moment; null for as soon as possible",
  ),
  basedOn: described(
    count,
    "The committed revision it is based on; 0 creates the case",
  ),
  replace: v.exactOptional(
    described(number, "The number of the pending revision it replaces"),
  ),
  hash: described(
    hash,
    "SHA-256 of the command and a secret salt; the ETag, which an approval repeats",
  ),
  refused: v.exactOptional(
    described(ProblemDocument, "Why the last approval failed"),
  ),
});
export type ProposalEntry = Omit<
  v.InferOutput<typeof ProposalEntry>,
  "refused"
> & { refused?: RefusedProblem };

export const Proposal = v.object({
  ...ProposalEntry.entries,
  erasure: v.exactOptional(
    described(
      ErasureRequest,
      "Only of an erasure, whose preview shows each place; `content` is what it leaves",
    ),
  ),
  content: v.object({ case: Case, note: texts }),
  base: described(
    v.nullable(Case),
    "The revision it is based on; null for a new case, and once it was erased",
  ),
  source: described(
    v.nullable(anyObject<DraftSource>()),
    "The document that its draft was made from",
  ),
  answers: described(v.array(StoredAnswer), "What its author has confirmed"),
  questions: described(
    v.array(AskedQuestion),
    "What an approval must answer: what is new since, and what a token answered",
  ),
});
export type Proposal = Omit<v.InferOutput<typeof Proposal>, "refused"> &
  Pick<ProposalEntry, "refused">;

const revisionActions = [
  "publish",
  "replace",
  "undo",
  "redact",
  "withdraw",
  "cancel",
] as const;
const proposalActions = ["propose", "approve", "reject", "take-back"] as const;
const hookActions = [
  "hook-add",
  "hook-remove",
  "chat-add",
  "chat-remove",
] as const;
const placeActions = [
  "portrait",
  "place-add",
  "place-remove",
  "place-old",
] as const;
const backupActions = [
  "export",
  "followers-export",
  "followers-restore",
] as const;
const editorActions = [
  "invite",
  "uninvite",
  "enrol",
  "role",
  "remove",
  "recover",
  "recovery-codes",
] as const;
const accessActions = [
  "token",
  "token-revoke",
  "passkey-add",
  "passkey-remove",
  "passkey-copied",
] as const;
export const auditActions = [
  ...[
    ...revisionActions,
    ...proposalActions,
    ...backupActions,
    "restore" as const,
  ],
  ...[...hookActions, ...placeActions, ...editorActions, ...accessActions],
] as const;
/** Actions on webhooks and editors' chats. */
export type HookAction = (typeof hookActions)[number];
/** Actions on the whole deployment, not on a case. */
export type WholeAction = (typeof backupActions)[number] | HookAction;
export type AuditAction = (typeof auditActions)[number];

/** A line of the audit log, which holds no content. */
export const AuditEntry = v.object({
  sequence: described(number, "1, 2, ... without gaps"),
  at: moment,
  editor: described(v.string(), "The editor's name"),
  action: described(v.picklist(auditActions), "What the editor did"),
  case: described(
    v.nullable(v.string()),
    "The case's id; null for an action on the whole ledger",
  ),
  number: described(
    v.nullable(number),
    "The revision's; null for a proposal, a case that was never committed, and the whole ledger",
  ),
  subject: described(
    hash,
    "SHA-256 of the subject, as docs/storage.md says for each action",
  ),
  previousHash: described(
    hash,
    "The `hash` of the previous line; 64 zeros for the first",
  ),
  hash: described(
    hash,
    "SHA-256 of the canonical JSON (RFC 8785) of the line without this member",
  ),
  notify: v.optional(
    described(v.picklist(notifications), "Only for a publish"),
  ),
  about: v.optional(
    described(v.string(), "For actions on editors and tokens; never a secret"),
  ),
});
export type AuditEntry = v.InferOutput<typeof AuditEntry>;

/** The answer to a restore. */
export const Restored = v.object({
  at: described(moment, "The moment from which readers see the restored state"),
  revisions: count,
  audit: count,
  drafts: count,
  proposals: count,
  portraits: count,
  places: count,
  editors: described(
    count,
    "Each must be invited again: a backup has no passkeys",
  ),
  erasures: described(
    count,
    "Withdrawals, redactions and cancellations after the backup that were repeated",
  ),
  lost: described(
    v.array(v.object({ case: v.string(), number })),
    "Redactions whose content is lost; such a case is withdrawn until it is published again",
  ),
  unshowable: described(
    v.array(v.object({ case: v.string(), number })),
    "Restored as they were, though no valid cases: they can't be shown",
  ),
  damaged: described(
    v.array(
      v.object({ row: v.picklist(["draft", "proposal"]), id: v.string() }),
    ),
    "Restored as they were: damaged before the backup",
  ),
  pending: described(
    v.array(v.object({ case: v.string(), number, liveAt: moment })),
    "Soonest first; one whose moment has passed goes live with the restore",
  ),
});
export type Restored = v.InferOutput<typeof Restored>;
