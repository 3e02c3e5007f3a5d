/** Everything that can be refused, and its one mapping to problem+json (RFC 9457). */

/** Why no text could be read from a document. */
export type Unreadable = "empty" | "binary" | "pdf" | "old-word" | "rich-text" | "web-source";

/** Where a field went wrong: a JSON Pointer (RFC 6901) and what it must be. */
export interface FieldIssue {
  pointer: string;
  message: string;
}

export type Failure =
  | { tag: "unknown-case"; id: string }
  | { tag: "unknown-revision"; id: string; number: number }
  | { tag: "withdrawn"; id: string; number: number; liveAt: string }
  | { tag: "erased"; id: string; number: number }
  | { tag: "no-such-address"; path: string }
  | { tag: "method-not-allowed"; allow: string }
  | { tag: "not-acceptable"; offered: string }
  | { tag: "no-such-format"; offered: string }
  | { tag: "not-embeddable"; url: string; example: string }
  | { tag: "invalid-query"; issues: FieldIssue[] }
  | { tag: "broken-json"; detail: string }
  | { tag: "invalid-case"; issues: FieldIssue[] }
  | { tag: "too-large"; limit: number }
  | { tag: "not-json" }
  | { tag: "not-a-document" }
  | { tag: "document-too-large"; limit: number }
  | { tag: "unreadable-document"; reason: Unreadable | "broken-docx" | "docx-too-large" }
  | { tag: "not-an-upgrade" }
  | { tag: "unauthorized" }
  | { tag: "too-many-attempts"; seconds: number }
  | { tag: "precondition-required" }
  | { tag: "malformed-precondition" }
  | { tag: "precondition-failed"; newest: number }
  | { tag: "exists"; newest: number }
  | { tag: "overtakes-pending"; pending: number; liveAt: string }
  | { tag: "not-pending"; number: number }
  | { tag: "not-newest-pending"; number: number; newest: number }
  | { tag: "too-early"; earliest: string }
  | { tag: "nothing-to-redact"; id: string }
  | { tag: "redaction-adds"; issues: FieldIssue[] }
  | { tag: "unknown-draft"; id: string }
  | { tag: "draft-changed"; version: number; savedAt: string }
  | { tag: "draft-erased"; id: string; number: number }
  | { tag: "too-many-drafts"; most: number }
  | { tag: "unknown-proposal"; id: string }
  | { tag: "proposal-changed"; hash: string }
  | { tag: "own-proposal" }
  | { tag: "proposal-overdue"; asked: string; earliest: string }
  | { tag: "too-many-proposals"; most: number }
  | { tag: "not-empty" }
  | { tag: "cases-first" }
  | { tag: "followers-there" }
  | { tag: "restore-under-way" }
  | { tag: "erasures-missing" }
  | { tag: "damaged-backup"; fault: string }
  | { tag: "unavailable" }
  | { tag: "unexpected" };

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** What to do now. */
  remedy: string;
  [extension: string]: unknown;
}

/** What a document turned out to be, and what to do with it. */
const unreadable: Record<Extract<Failure, { tag: "unreadable-document" }>["reason"], [detail: string, remedy: string]> =
  {
    empty: ["There is no text in it.", "Paste the document's text."],
    binary: ["It is not text.", "Paste the document's text, or send a .docx."],
    pdf: ["It is a PDF.", "Open it, select everything, and paste its text."],
    "old-word": ["It is a Word document of the old kind (.doc).", "Save it as .docx, or paste its text."],
    "rich-text": ["It is rich text (.rtf).", "Save it as .docx, or paste its text."],
    "web-source": ["It is a web page's source.", "Open the page, select the document, and paste its text."],
    "broken-docx": ["It is cut short, damaged, or not a Word document.", "Save it again as .docx, or paste its text."],
    "docx-too-large": ["It unpacks to more than a document can hold.", "Paste the document's text."],
  };

type Words<T> = [status: number, title: string, words: (failure: T) => [detail: string, remedy: string]];

const problems: { [T in Failure["tag"]]: Words<Extract<Failure, { tag: T }>> } = {
  "unknown-case": [
    404,
    "No such case",
    ({ id }) => [`There is no case ${id} here.`, "Check its number; GET /v1/cases lists the cases."],
  ],
  "unknown-revision": [
    404,
    "No such revision",
    ({ id, number }) => [
      `Case ${id} has no revision ${number} that readers can see.`,
      `GET /v1/cases/${id}/revisions lists them.`,
    ],
  ],
  withdrawn: [
    410,
    "This case was withdrawn",
    ({ number, liveAt }) => [
      `Its content was removed with revision ${number} at ${liveAt}.`,
      "Please remove copies and quotations of it too.",
    ],
  ],
  erased: [
    410,
    "This revision was erased",
    ({ number }) => [
      `The content of revision ${number} was removed by a later redaction.`,
      "Its number, moment and hash stay; please remove copies of it.",
    ],
  ],
  "no-such-address": [
    404,
    "No such address",
    ({ path }) => [`There is nothing at ${path}.`, "GET /v1/cases lists the cases."],
  ],
  "method-not-allowed": [405, "Method not allowed", ({ allow }) => [`This address takes ${allow}.`, `Use ${allow}.`]],
  "not-acceptable": [
    406,
    "Not acceptable",
    ({ offered }) => [`This address answers ${offered} only.`, `Send Accept: ${offered}, or no Accept at all.`],
  ],
  "no-such-format": [
    501,
    "No such format",
    ({ offered }) => [`This address answers ${offered}.`, `Ask for format=${offered.replace(/,.*/, "")}.`],
  ],
  "not-embeddable": [
    404,
    "Not embeddable",
    ({ url, example }) => [`${url} is not the address of a case's page or frame here.`, `Give one like ${example}.`],
  ],
  "invalid-query": [
    400,
    "A parameter is not valid",
    () => ["See issues for each parameter and what it must be.", "Mend the parameters named in issues."],
  ],
  "broken-json": [
    400,
    "The body is not JSON",
    ({ detail }) => [detail, "Mend the JSON at the place named; nothing was changed."],
  ],
  "invalid-case": [
    422,
    "The body is not valid",
    () => [
      "See issues for each field and what it must be; nothing was changed.",
      "Mend the fields named in issues and send it again.",
    ],
  ],
  "too-large": [
    413,
    "The body is too large",
    ({ limit }) => [`At most ${limit} bytes are taken; nothing was changed.`, "Shorten the case's texts."],
  ],
  "not-json": [
    415,
    "The body must be JSON",
    () => ["The Content-Type is not application/json; nothing was changed.", "Send Content-Type: application/json."],
  ],
  "not-a-document": [
    415,
    "The body must be a document",
    () => [
      "Plain text and Word's .docx are read.",
      "Send Content-Type: text/plain, or the file with its own Content-Type.",
    ],
  ],
  "document-too-large": [
    413,
    "The document is too large",
    ({ limit }) => [`At most ${limit} bytes are taken.`, "Take its pictures out, or paste its text."],
  ],
  "unreadable-document": [422, "The document can't be read", ({ reason }) => [...unreadable[reason]]],
  "not-an-upgrade": [
    426,
    "A WebSocket is needed",
    () => ["This address only speaks WebSocket.", "Connect with the WebSocket protocol, or poll the view."],
  ],
  unauthorized: [
    401,
    "Sign in first",
    () => ["The bearer token is missing or not known.", "Send Authorization: Bearer with an editor's token."],
  ],
  "too-many-attempts": [
    429,
    "Too many failed attempts",
    ({ seconds }) => [
      "Too many tokens that are not known came from this address.",
      `Wait ${seconds} seconds and try again.`,
    ],
  ],
  "precondition-required": [
    428,
    "Say which revision this is based on",
    () => [
      "A change needs If-Match, or If-None-Match: * to create.",
      "Send If-Match with the ETag that was read: a case's is that of GET /v1/desk/cases/{id}.",
    ],
  ],
  "malformed-precondition": [
    400,
    "The precondition is not valid",
    () => [
      'If-Match takes one quoted number, such as "3"; If-None-Match takes *.',
      "Send If-Match with the ETag that was read: a case's is that of GET /v1/desk/cases/{id}.",
    ],
  ],
  "precondition-failed": [
    412,
    "Somebody published before you",
    ({ newest }) => [
      newest === 0 ? "There is no such case yet." : `The newest committed revision is ${newest}; nothing was changed.`,
      newest === 0
        ? "Send If-None-Match: * to create it."
        : "Read GET /v1/desk/cases/{id}, merge, and send its ETag in If-Match.",
    ],
  ],
  exists: [
    412,
    "The case exists",
    ({ newest }) => [
      `The case is there already; its newest committed revision is ${newest}.`,
      `Send If-Match: "${newest}" to publish an update.`,
    ],
  ],
  "overtakes-pending": [
    409,
    "A pending revision stands before",
    ({ pending, liveAt }) => [
      `Revision ${pending} goes live at ${liveAt}; this one would not come after it.`,
      `Undo it (DELETE .../revisions/${pending}), or replace it (?replace=${pending}).`,
    ],
  ],
  "not-pending": [
    409,
    "Too late to undo",
    ({ number }) => [`Revision ${number} is not pending.`, "Publish a correction instead."],
  ],
  "not-newest-pending": [
    409,
    "Not the newest pending revision",
    ({ number, newest }) => [
      `Revision ${newest} is pending after revision ${number}.`,
      `Undo revision ${newest} first.`,
    ],
  ],
  "too-early": [
    422,
    "The moment is too early",
    ({ earliest }) => [
      `liveAt must be ${earliest} or later: every copy must have run out by then.`,
      "Leave liveAt out to publish as soon as possible, or choose a later moment.",
    ],
  ],
  "nothing-to-redact": [
    409,
    "There is nothing to redact",
    ({ id }) => [
      `Readers see nothing of ${id} now; a redaction erases what they see.`,
      "Publish it as an update; what is pending can be undone, and what was never live leaves no trace.",
    ],
  ],
  "redaction-adds": [
    409,
    "A redaction only takes away here",
    ({ issues }) => [
      `Two editors are needed, and one alone may only leave out fields, entries and words ([…] may stand for them). This one says something new at ${issues
        .slice(0, 5)
        .map(({ pointer }) => pointer)
        .join(", ")}${issues.length > 5 ? `, and in ${issues.length - 5} more places` : ""}; nothing was changed.`,
      "Leave out what must go now, and propose the rest as an update afterwards; or withdraw the case.",
    ],
  ],
  "unknown-draft": [
    404,
    "No such draft",
    ({ id }) => [
      `You have no saved draft ${id}: it was published, deleted, or erased with its case.`,
      "GET /v1/desk/drafts lists yours; send If-None-Match: * to save it as a new one.",
    ],
  ],
  "draft-changed": [
    412,
    "The draft was saved elsewhere",
    ({ version, savedAt }) => [
      `Version ${version} of it was saved at ${savedAt}, perhaps on another device; nothing was changed.`,
      `Read it again, merge, and send If-Match: "${version}".`,
    ],
  ],
  "draft-erased": [
    410,
    "The case was redacted",
    ({ id, number }) => [
      `Revision ${number} of ${id} erased what was said before, and every draft based on that.`,
      `Begin anew from GET /v1/desk/cases/${id}.`,
    ],
  ],
  "too-many-drafts": [
    409,
    "Too many drafts",
    ({ most }) => [
      `An editor keeps at most ${most} drafts; this one was not saved.`,
      "Publish or delete a draft that is no longer needed.",
    ],
  ],
  "unknown-proposal": [
    404,
    "No such proposal",
    ({ id }) => [
      `There is no proposal ${id}: it was approved, rejected, taken back, or erased with its case.`,
      "GET /v1/desk/proposals lists what waits.",
    ],
  ],
  "proposal-changed": [
    412,
    "This is not the proposal that was read",
    ({ hash }) => [
      "An approval is for exactly what its editor has read; nothing was changed.",
      `Read the proposal, and send If-Match: "${hash}" if you approve it.`,
    ],
  ],
  "own-proposal": [
    403,
    "A second editor must approve it",
    () => ["Nobody approves a proposal of their own.", "Ask another editor, or take it back (DELETE)."],
  ],
  "proposal-overdue": [
    409,
    "The moment it asked for has passed",
    ({ asked, earliest }) => [
      `It asked for ${asked}; the earliest moment now is ${earliest}. The proposal stays as it is.`,
      "Reject it: it goes back to its author's drafts, to be proposed for a later moment or as soon as possible.",
    ],
  ],
  "too-many-proposals": [
    409,
    "Too many proposals",
    ({ most }) => [
      `At most ${most} revisions of a case wait for a second editor.`,
      "Approve or reject one, or take one back.",
    ],
  ],
  "not-empty": [
    409,
    "Something is there already",
    () => [
      "A backup is restored into an empty deployment only; nothing was changed.",
      "Restore into a new deployment, before anything is published or saved there.",
    ],
  ],
  "cases-first": [
    409,
    "The cases come first",
    () => [
      "Followers are restored after the backup of the cases, which then would find that something is there; nothing was changed.",
      "Restore the backup, and then this file.",
    ],
  ],
  "followers-there": [
    409,
    "Somebody follows here already",
    () => [
      "Followers are restored where nobody has used the bot yet; nothing was changed.",
      "Restore them into a new deployment, before anybody uses its bot.",
    ],
  ],
  "restore-under-way": [
    409,
    "A restore is under way",
    () => [
      "Somebody is restoring a backup here right now.",
      "Wait until it has ended, and look at what is there then.",
    ],
  ],
  "erasures-missing": [
    400,
    "The erasures are missing",
    () => [
      "What was withdrawn or redacted after the backup was made would be shown again; nothing was stored.",
      "Send the newest erasures file (GET /v1/desk/erasures) and then the backup; with ?erasures=none, the backup alone.",
    ],
  ],
  "damaged-backup": [
    422,
    "The backup is damaged",
    ({ fault }) => [
      `${fault.charAt(0).toUpperCase()}${fault.slice(1)}. Nothing was stored.`,
      "Take another copy of the file, or an older backup with the newest erasures file.",
    ],
  ],
  unavailable: [
    503,
    "Not available for a moment",
    () => [
      "The source of truth could not be reached, and no old answer is given in its place.",
      "Try again in a second.",
    ],
  ],
  unexpected: [
    500,
    "Something went wrong",
    () => [
      "The request could not be completed; nothing was changed.",
      "Try again; if it stays, report it to the contact.",
    ],
  ],
};

/** The extra members a reader's program can use. */
function extensions(failure: Failure): Record<string, unknown> {
  const { tag: _, ...rest } = failure;
  if (failure.tag === "too-early") return { pointer: "/liveAt", ...rest };
  return rest;
}

/** The HTTP status of a refusal. */
export const statusOf = (tag: Failure["tag"]): number => problems[tag][0];

export function problemOf(failure: Failure): Problem {
  const [status, title, words] = problems[failure.tag] as Words<Failure>;
  const [detail, remedy] = words(failure);
  return { type: `urn:casewire:problem:${failure.tag}`, title, status, detail, remedy, ...extensions(failure) };
}

/** Thrown by handlers, turned into problem+json at the one place where errors end. */
export class Refusal extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.tag);
    this.failure = failure;
  }
}
