/** What editors' programs and the Worker say to each other: the wire types of `/v1/desk` and of editing. */
import * as v from "valibot";
import { Case, type Text as CaseText } from "../../shared/case/schema.ts";
import { Change } from "../../shared/change.ts";
import type { Problem as RefusedProblem } from "../../shared/failure.ts";
import { localeTags } from "../../shared/locale.ts";
import { notifications, Revision, revisionKinds } from "../../shared/revision.ts";
import { RefusalView, View } from "../../shared/view/schema.ts";
import type { Draft } from "../importer/draft.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const number = v.pipe(v.number(), v.integer(), v.minValue(1));
const moment = v.pipe(v.string(), v.isoTimestamp());
const hash = Revision.entries.hash;
const texts = v.record(v.string(), v.string());
const described = <S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));

/** A body that was parsed before it was stored: its type is the schema's output, its JSON Schema says "an object". */
const object = <T>() =>
  v.custom<T>((value) => typeof value === "object" && value !== null && !Array.isArray(value), "must be an object");

/** How many editors a revision needs. */
export const reviews = ["one", "two"] as const;
export type Review = (typeof reviews)[number];

/** Who is signed in, and the rules here. */
export const Me = v.object({
  editor: v.string(),
  review: v.picklist(reviews),
  lease: described(v.number(), "How long a copy may be used, in seconds"),
  lead: described(
    v.number(),
    "From a publish to its moment when none is chosen, in seconds: it can be undone until then",
  ),
  locales: described(v.array(v.picklist(localeTags)), "The languages every surface speaks"),
});
export type Me = v.InferOutput<typeof Me>;

/** The answer to a publish. */
export const Published = v.object({
  revision: number,
  liveAt: described(moment, "Until then the revision can be undone"),
});
export type Published = v.InferOutput<typeof Published>;

/** Messages of one revision that Telegram refused for one unforeseen reason. */
export const Parked = v.object({
  id: v.string(),
  revision: number,
  trouble: described(v.string(), "Telegram's words, without the chat"),
  count: number,
});
export type Parked = v.InferOutput<typeof Parked>;

/** Text with any of its languages still missing. */
export type UnfinishedText = Record<string, string>;

/** A case with any of its fields still missing. */
export type UnfinishedCase = Draft["case"];

export const DeskRevision = v.object({
  ...Revision.entries,
  editor: v.string(),
  notify: v.picklist(notifications),
  approvedBy: v.exactOptional(described(v.string(), "The second editor, when one was needed")),
});
export type DeskRevision = v.InferOutput<typeof DeskRevision>;

/** What an editor sees of a case: the newest committed revision, pending or not. */
export const DeskRecord = v.object({
  case: described(v.nullable(Case), "Null when the newest revision is a withdrawal"),
  revision: DeskRevision,
  live: described(v.nullable(number), "The number readers see now"),
  pending: described(v.array(DeskRevision), "Oldest first"),
  next: described(number, "The number that the next revision gets: one that was undone is never used again"),
});
export type DeskRecord = v.InferOutput<typeof DeskRecord>;

/** A line of the desk's list of all cases. */
export const DeskCase = v.object({
  id: v.string(),
  number: described(v.string(), '"UA 126/19"'),
  title: described(v.nullable(texts), "Null once withdrawn: it was erased"),
  language: described(v.nullable(v.string()), "The case's own; null once withdrawn"),
  state: described(
    v.picklist(["present", "withdrawn", "unpublished"]),
    "What readers find now; `unpublished` until its first moment",
  ),
  newest: described(count, "The newest committed number"),
  live: v.nullable(number),
  pending: described(
    v.array(v.pick(DeskRevision, ["number", "kind", "liveAt", "editor", "approvedBy"])),
    "Oldest first",
  ),
  waiting: described(count, "How many proposals wait for a second editor"),
});
export type DeskCase = v.InferOutput<typeof DeskCase>;

/** The document a draft came from: what `POST /v1/drafts` answered, but for the case itself. */
export type DraftSource = Omit<Draft, "case"> & { name: string; text: string };

/** An editor's work as it stands. Its shape is checked; the case in it may still lack anything. */
export const DeskDraft = v.strictObject({
  base: described(
    v.nullable(v.strictObject({ number, case: object<Case>() })),
    "The committed revision it began from; null for a new case",
  ),
  case: object<UnfinishedCase>(),
  note: texts,
  kind: v.picklist(["update", "correction", "redaction"]),
  notify: v.picklist(notifications),
  liveAt: described(v.nullable(v.string()), "ISO 8601; null for as soon as possible"),
  source: v.nullable(object<DraftSource>()),
  resolved: described(v.array(v.string()), "Warnings ticked off, by whatever the desk knows them by"),
});
export type DeskDraft = v.InferOutput<typeof DeskDraft>;

/** The largest saved draft, as JSON. */
export const DRAFT_LIMIT_BYTES = 512 * 1024;
/** How many drafts an editor keeps. */
export const MOST_DRAFTS = 50;

/** Why a draft is with its author again. */
export const Returned = v.object({
  by: described(v.string(), "The editor who rejected it"),
  at: moment,
  reason: described(v.string(), "Empty when none was given"),
});
export type Returned = v.InferOutput<typeof Returned>;

/** A line of an editor's own drafts, newest first. */
export const SavedDraftEntry = v.object({
  id: v.string(),
  case: described(v.nullable(v.string()), "The case's id, once its number is known"),
  title: texts,
  savedAt: moment,
  version: described(number, "1, 2, ...: its ETag, quoted"),
  proposal: v.exactOptional(described(v.string(), "The proposal made of it that still waits")),
  returned: v.exactOptional(Returned),
});
export type SavedDraftEntry = v.InferOutput<typeof SavedDraftEntry>;

export const SavedDraft = v.object({ ...SavedDraftEntry.entries, draft: DeskDraft });
export type SavedDraft = v.InferOutput<typeof SavedDraft>;

/** The answer to a saved draft. */
export const Saved = v.pick(SavedDraftEntry, ["version", "savedAt"]);
export type Saved = v.InferOutput<typeof Saved>;

/** What a preview is made of. */
export const PreviewRequest = v.strictObject({
  base: v.optional(DeskDraft.entries.base, null),
  case: DeskDraft.entries.case,
  note: v.optional(DeskDraft.entries.note, {}),
  kind: v.optional(v.picklist(revisionKinds.filter((kind) => kind !== "withdrawal")), "update"),
  liveAt: v.optional(DeskDraft.entries.liveAt, null),
  lang: v.optional(v.string()),
});

const FieldIssue = v.object({
  pointer: described(v.string(), "JSON Pointer (RFC 6901), or the parameter's name after a slash"),
  message: described(v.string(), "What it must be"),
});

/** A refusal (RFC 9457). Some have more members, such as `newest` or `liveAt`. */
export const Problem = v.looseObject({
  type: described(v.string(), "urn:casewire:problem: and a stable name"),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  detail: v.string(),
  remedy: described(v.string(), "What to do now"),
  issues: v.exactOptional(v.array(FieldIssue)),
});

/** What is not there yet, by JSON Pointers (RFC 6901) into the request's body, as in `problems`. */
export const Missing = v.object({
  translations: described(
    v.array(v.object({ lang: v.string(), pointers: v.array(v.string()), of: count, reviewed: v.boolean() })),
    "Per language but the case's own: texts without it, of how many",
  ),
  sources: described(v.array(v.string()), "Facts that name no document, or one that is not listed"),
  undated: described(v.array(v.string()), "Statuses and events without a date"),
});
export type Missing = v.InferOutput<typeof Missing>;

/** The bot's message to followers. */
const TelegramPreview = v.object({
  text: v.string(),
  entities: v.array(v.unknown()),
  buttons: v.array(v.array(v.object({ text: v.string(), url: v.exactOptional(v.string()) }))),
});

/** How a draft would appear on each surface; nothing is stored. */
export const Preview = v.object({
  view: described(
    v.nullable(View),
    "Entries that are not valid yet are left out; null while number, language, date or action are missing",
  ),
  telegram: v.nullable(TelegramPreview),
  record: described(
    v.nullable(
      v.object({
        case: Case,
        revision: v.object({
          ...Revision.entries,
          ...v.object({
            sequence: v.string(),
            committedAt: v.string(),
            hash: v.string(),
            contentHash: v.string(),
            previousHash: v.string(),
          }).entries,
        }),
        contact: v.string(),
      }),
    ),
    'The record as it would be; "…" stands for what only a commit can say',
  ),
  problems: described(v.array(FieldIssue), "What a publish would refuse"),
  missing: Missing,
  changes: described(v.array(Change), "From the revision it is based on"),
});
export type Preview = v.InferOutput<typeof Preview>;

/** What would be left of a case if it were withdrawn now, on each surface. */
export const Trace = v.object({ view: RefusalView, telegram: v.nullable(TelegramPreview) });
export type Trace = v.InferOutput<typeof Trace>;

/** The answer to a publish that waits for a second editor. */
export const Proposed = v.object({ proposal: v.string(), waitsFor: v.literal("second editor") });
export type Proposed = v.InferOutput<typeof Proposed>;

/** The answer to a proposal rejected or taken back: the draft of its author that it is again. */
export const Rejected = v.object({ draft: v.string() });
export type Rejected = v.InferOutput<typeof Rejected>;

/** A line of what waits for a second editor, oldest first. */
export const ProposalEntry = v.object({
  id: v.string(),
  case: v.string(),
  number: described(v.string(), '"UA 126/19"'),
  title: texts,
  language: v.string(),
  kind: v.picklist(["update", "correction"]),
  notify: v.picklist(notifications),
  editor: described(v.string(), "Who proposed it; anybody else may approve"),
  proposedAt: moment,
  liveAt: described(v.nullable(v.string()), "The moment asked for; null for as soon as possible"),
  basedOn: described(count, "The committed revision it is based on; 0 creates the case"),
  replace: v.exactOptional(described(number, "The pending revision it replaces")),
  hash: described(hash, "SHA-256 of the whole command: its ETag, quoted; an approval names what was read"),
  refused: v.exactOptional(described(Problem, "Why the last approval did not go through")),
});
export type ProposalEntry = Omit<v.InferOutput<typeof ProposalEntry>, "refused"> & { refused?: RefusedProblem };

export const Proposal = v.object({
  ...ProposalEntry.entries,
  content: v.object({ case: Case, note: texts }),
  changes: described(v.array(Change), "From the revision it is based on"),
});
export type Proposal = ProposalEntry & { content: { case: Case; note: CaseText }; changes: Change[] };

export const auditActions = [
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
export type AuditAction = (typeof auditActions)[number];

/** A line of the audit log, which holds no content. */
export const AuditEntry = v.object({
  sequence: described(number, "1, 2, ... without a gap"),
  at: moment,
  editor: described(v.string(), "The name in EDITORS"),
  deed: described(v.picklist(auditActions), "What the editor did"),
  case: described(v.nullable(v.string()), "The case's id; null for what was done to the whole ledger"),
  number: described(
    v.nullable(number),
    "The revision's number; null for a proposal, for a case of which nothing was committed, and for the whole ledger",
  ),
  subject: described(hash, "SHA-256 of exactly what it was done to; docs/storage.md says what that is for each action"),
  previousHash: described(hash, "The `hash` of the line before; 64 zeros for the first"),
  hash: described(hash, "SHA-256 over the canonical JSON (RFC 8785) of everything else in the line"),
  notify: v.optional(described(v.picklist(notifications), "How followers were to be told, of a publish")),
});
export type AuditEntry = v.InferOutput<typeof AuditEntry>;

/** The answer to a restore. */
export const Restored = v.object({
  at: described(moment, "From when on readers see it"),
  revisions: count,
  audit: count,
  drafts: count,
  proposals: count,
  erasures: described(
    count,
    "How many withdrawals, redactions and cancellations later than the backup were carried out again",
  ),
  lost: described(
    v.array(v.object({ case: v.string(), number })),
    "Redactions whose content is lost: each case is shown as withdrawn until it is published again",
  ),
  pending: described(
    v.array(v.object({ case: v.string(), number, liveAt: moment })),
    "What is still to go live, soonest first; what stands in the past goes live with the restore",
  ),
});
export type Restored = v.InferOutput<typeof Restored>;
