/** Every refusal of the API, and its mapping to problem+json (RFC 9457). */

/** The kinds of documents whose text can't be read. */
export type Unreadable = "empty" | "binary" | "pdf" | "old-word" | "rich-text" | "web-source";

/** The kinds of texts that the importer reads but does not import. */
export type Unimportable =
  | "other-issuer"
  | "report"
  | "opinion"
  | "press-release"
  | "empty-form"
  | "language"
  | "no-appeal"
  | "columns";

/** Faults of a .docx file. An encrypted file is one with a password; an embedded document is text in another format inside the file. */
export type BrokenFile = "broken-docx" | "docx-too-large" | "encrypted-docx" | "embedded-document";

/** An invalid field: its JSON Pointer (RFC 6901), and what it must be. */
export interface FieldIssue {
  pointer: string;
  message: string;
}

export type Failure =
  | { tag: "unknown-case"; id: string }
  | { tag: "unknown-revision"; id: string; number: number }
  | { tag: "withdrawn"; id: string; number: number; liveAt: string }
  | { tag: "erased"; id: string; number: number }
  | { tag: "unshowable"; id: string; number: number }
  | { tag: "newer-data"; detail: string }
  | { tag: "no-such-address"; path: string }
  | { tag: "method-not-allowed"; allow: string }
  | { tag: "not-acceptable"; offered: string }
  | { tag: "no-such-format"; offered: string }
  | { tag: "not-embeddable"; url: string; example: string }
  | { tag: "unknown-cursor" }
  | { tag: "no-log" }
  | { tag: "invalid-query"; issues: FieldIssue[] }
  | { tag: "broken-json"; detail: string }
  | { tag: "invalid-case"; issues: FieldIssue[] }
  /** `twoPeople` holds the ids of each pair, as a publish confirms them. */
  | { tag: "people-alike"; issues: FieldIssue[]; twoPeople: string[][] }
  | { tag: "too-large"; limit: number; at?: "webhook" }
  | { tag: "not-json" }
  | { tag: "no-import" }
  | { tag: "not-a-document" }
  | { tag: "document-too-large"; limit: number }
  | { tag: "unreadable-document"; reason: Unreadable | BrokenFile }
  /** `line` and `words` show why; `line` is null when the whole text does. */
  | { tag: "not-importable"; reason: Unimportable; line: number | null; words: string }
  | { tag: "not-an-upgrade" }
  | { tag: "too-many-sockets"; limit: number }
  | { tag: "unauthorized"; at?: "webhook" }
  | { tag: "too-many-attempts"; seconds: number }
  /** A token of EDITORS, after an administrator has a passkey. */
  | { tag: "door-closed" }
  /** `role` or `scope` is what is missing. */
  | { tag: "forbidden"; role?: string; scope?: string }
  | { tag: "passkey-needed"; seconds: number }
  | { tag: "passkey-refused"; why: "challenge" | "unknown" | "copied" | "known" | "invalid" }
  | { tag: "unknown-invitation" }
  | { tag: "unknown-person"; name: string }
  | { tag: "unknown-passkey" }
  | { tag: "unknown-token" }
  | { tag: "last-passkey" }
  | { tag: "last-administrator" }
  | { tag: "name-taken"; name: string }
  | { tag: "too-many-people"; most: number }
  | { tag: "too-many-passkeys"; most: number }
  | { tag: "too-many-tokens"; most: number }
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
  | { tag: "name-remains"; remaining: { pointer: string; before: string; word: string; after: string }[] }
  | { tag: "unknown-draft"; id: string }
  | { tag: "draft-changed"; version: number; savedAt: string }
  | { tag: "draft-erased"; id: string; number: number }
  | { tag: "too-many-drafts"; most: number }
  | { tag: "too-many-portraits"; most: number; unseen?: boolean }
  | { tag: "portrait-named" }
  | { tag: "damaged"; row: "draft" | "proposal"; id: string }
  | { tag: "unknown-proposal"; id: string }
  | { tag: "proposal-changed"; hash: string }
  | { tag: "own-proposal" }
  | { tag: "proposal-overdue"; asked: string; earliest: string }
  | { tag: "too-many-proposals"; most: number }
  | { tag: "unknown-hook"; id: string }
  | { tag: "too-many-hooks"; most: number }
  | { tag: "unknown-chat"; id: string }
  | { tag: "not-empty" }
  | { tag: "cases-first" }
  | { tag: "no-bot" }
  | { tag: "followers-there" }
  | { tag: "restore-under-way" }
  | { tag: "erasures-missing" }
  | { tag: "damaged-backup"; fault: string }
  | { tag: "unfit-backup"; reason: UnfitBackup; fault: string }
  | { tag: "unavailable" }
  | { tag: "workshop-unavailable" }
  | { tag: "unexpected" };

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** What the client can do now. */
  remedy: string;
  [extension: string]: unknown;
}

/** Why an undamaged file can't be restored. */
export type UnfitBackup = "older-erasures" | "foreign-erasures" | "other-version" | "other-key" | "wrong-file";

const unfitRemedies: Record<UnfitBackup, string> = {
  "older-erasures": "Use an erasures file that was saved after the backup.",
  "foreign-erasures": "Use an erasures file of the same deployment as the backup.",
  "other-version": "Use the version of Casewire that made the file.",
  "other-key": "Set FOLLOWER_KEY to the key of the deployment that made the file, and restore again.",
  "wrong-file": "Send the newest erasures file followed by one backup. Send a followers file alone.",
};

/** Texts for each kind of unreadable document. */
const unreadable: Record<Extract<Failure, { tag: "unreadable-document" }>["reason"], [detail: string, remedy: string]> =
  {
    empty: ["The document contains no text.", "Paste the document's text."],
    binary: ["The document is not text.", "Paste the document's text, or send a .docx."],
    pdf: ["The document is a PDF.", "Open it, select everything, and paste its text."],
    "old-word": ["The document is in the old Word format (.doc).", "Save it as .docx, or paste its text."],
    "rich-text": ["The document is rich text (.rtf).", "Save it as .docx, or paste its text."],
    "web-source": ["The document is the source of a web page.", "Open the page, select the text, and paste it."],
    "broken-docx": [
      "The file is truncated, damaged, or not a Word document.",
      "Save it again as .docx, or paste its text.",
    ],
    "docx-too-large": ["The unpacked document is too large.", "Paste the document's text."],
    "encrypted-docx": [
      "The document is protected with a password.",
      "Open it in its program and save it without a password, or paste its text.",
    ],
    "embedded-document": [
      "The document contains another document, whose text only a word processor can show.",
      "Open it in its program, select everything, and paste its text.",
    ],
  };

const MAX_POINTERS_IN_WORDS = 5;

/** The first pointers, in words. */
const pointersIn = (fields: { pointer: string }[]): string => {
  const pointers = [...new Set(fields.map(({ pointer }) => pointer))];
  const more = pointers.length - MAX_POINTERS_IN_WORDS;
  return `${pointers.slice(0, MAX_POINTERS_IN_WORDS).join(", ")}${more > 0 ? ` and in ${more} more places` : ""}`;
};

const BY_HAND = "Start an empty draft and enter the case by hand.";
/** Texts for each kind of text that is not imported. */
const unimportable: Record<Unimportable, [detail: string, remedy: string]> = {
  "other-issuer": ["The text seems to come from another organisation.", BY_HAND],
  report: ["The text seems to be a report, not an appeal.", BY_HAND],
  opinion: ["The text seems to be an opinion piece, not an appeal.", BY_HAND],
  "press-release": ["The text seems to be a press release, not an appeal.", BY_HAND],
  "empty-form": ["The text is a form that nobody has filled in.", "Import the completed document."],
  language: [
    "The importer doesn't read the language of this text.",
    "Import the document in English, Spanish, French, German or Italian, or enter the case by hand.",
  ],
  columns: [
    "Two columns of the page were read straight across, so that its lines mix two texts.",
    "Copy the columns one by one, and paste them below each other.",
  ],
  "no-appeal": ["The text has none of the labels of a document that the importer knows.", BY_HAND],
};

type Words<T> = [status: number, title: string, words: (failure: T) => [detail: string, remedy: string]];

const problems: { [T in Failure["tag"]]: Words<Extract<Failure, { tag: T }>> } = {
  "unknown-case": [
    404,
    "Case not found",
    ({ id }) => [`There is no case ${id}.`, "Check the number. GET /v1/cases lists the cases."],
  ],
  "unknown-revision": [
    404,
    "Revision not found",
    ({ id, number }) => [
      `Case ${id} has no live revision ${number}.`,
      `Check the number. GET /v1/cases/${id}/revisions lists the live revisions.`,
    ],
  ],
  withdrawn: [
    410,
    "The case was withdrawn",
    ({ number, liveAt }) => [
      `Revision ${number} removed the case's content at ${liveAt}.`,
      "Please delete your copies and quotations of it.",
    ],
  ],
  erased: [
    410,
    "The revision was erased",
    ({ number }) => [
      `A later redaction removed the content of revision ${number}. Its number, moment and hash remain.`,
      "Please delete your copies of it.",
    ],
  ],
  unshowable: [
    503,
    "The case can't be shown",
    ({ number }) => [
      `The stored content of revision ${number} is not a valid case, so nothing of it is shown.`,
      "Try again later. Editors can publish a correction or withdraw the case.",
    ],
  ],
  "newer-data": [
    503,
    "The stored data is newer than this version",
    ({ detail }) => [detail, "Deploy the newer version of Casewire again."],
  ],
  "no-such-address": [
    404,
    "Address not found",
    ({ path }) => [`Nothing was found at ${path}.`, "Check the address. GET /v1/cases lists the cases."],
  ],
  "method-not-allowed": [
    405,
    "Method not allowed",
    ({ allow }) => [`This address accepts ${allow}.`, `Use one of these methods: ${allow}.`],
  ],
  "not-acceptable": [
    406,
    "Not acceptable",
    ({ offered }) => [`This address returns only ${offered}.`, `Send Accept: ${offered}, or no Accept header.`],
  ],
  "no-such-format": [
    501,
    "Unsupported format",
    ({ offered }) => [`The supported formats are ${offered}.`, `Use format=${offered.replace(/,.*/, "")}.`],
  ],
  "not-embeddable": [
    404,
    "Not embeddable",
    ({ url, example }) => [
      `${url} is not the address of a case's page or frame on this site.`,
      `Use an address like ${example}.`,
    ],
  ],
  "unknown-cursor": [
    410,
    "The log of changes starts anew",
    () => [
      "The cursor belongs to an earlier log: the deployment was restored from a backup, or the format of cases has changed.",
      "Delete your copy, and read GET /v1/changes without `since`.",
    ],
  ],
  "no-log": [
    404,
    "No signed log",
    () => [
      "This deployment doesn't sign its log, so nobody can check that its history was not rewritten.",
      "Ask the newsroom to set LOG_KEY.",
    ],
  ],
  "invalid-query": [
    400,
    "Invalid parameters",
    () => ["`issues` lists each invalid parameter and what it must be.", "Fix the parameters listed in `issues`."],
  ],
  "broken-json": [
    400,
    "Invalid JSON",
    ({ detail }) => [detail, "Fix the JSON and send it again. Nothing was changed."],
  ],
  "invalid-case": [
    422,
    "Invalid body",
    () => [
      "`issues` lists each invalid field and what it must be. Nothing was changed.",
      "Fix the fields listed in `issues` and send it again.",
    ],
  ],
  "people-alike": [
    422,
    "Two people may be one person",
    () => [
      "`issues` lists each person whose name is almost that of another person in the case. Nothing was changed.",
      "Make them one person. If they are two, confirm it: add the problem's `twoPeople` to the body.",
    ],
  ],
  "too-large": [
    413,
    "The body is too large",
    ({ limit, at }) =>
      at === "webhook"
        ? [`An update has at most ${limit} bytes. It was not handled.`, "Only Telegram sends updates to this address."]
        : [`The limit is ${limit} bytes. Nothing was changed.`, "Shorten the texts and send it again."],
  ],
  "not-json": [
    415,
    "The body must be JSON",
    () => ["The Content-Type is not application/json. Nothing was changed.", "Send Content-Type: application/json."],
  ],
  "no-import": [
    422,
    "This newsroom imports no documents",
    () => [
      "The deployment's profile names no layout of documents.",
      "Enter the case in the desk's form, or publish it as JSON.",
    ],
  ],
  "not-a-document": [
    415,
    "The body must be a document",
    () => [
      "Supported documents are plain text and Word's .docx.",
      "Send the text with Content-Type: text/plain, or the file with its own Content-Type.",
    ],
  ],
  "document-too-large": [
    413,
    "The document is too large",
    ({ limit }) => [`The limit is ${limit} bytes.`, "Remove its pictures, or paste its text."],
  ],
  "unreadable-document": [422, "The document can't be read", ({ reason }) => [...unreadable[reason]]],
  "not-importable": [422, "The document can't be imported", ({ reason }) => [...unimportable[reason]]],
  "not-an-upgrade": [
    426,
    "WebSocket required",
    () => ["This address accepts only WebSocket connections.", "Connect with a WebSocket, or poll the view."],
  ],
  "too-many-sockets": [
    429,
    "Too many sockets",
    ({ limit }) => [
      `Your IP address has ${limit} open sockets for this case already.`,
      "Close some of them, or poll the view.",
    ],
  ],
  unauthorized: [
    401,
    "Not signed in",
    ({ at }) =>
      at === "webhook"
        ? [
            "The webhook's secret is missing or wrong.",
            "Only Telegram sends updates to this address. Set WEBHOOK_SECRET, then run npm run telegram:setup.",
          ]
        : ["The token is missing or isn't recognised.", "Send an editor's token in Authorization: Bearer."],
  ],
  "too-many-attempts": [
    429,
    "Too many failed attempts",
    ({ seconds }) => [
      "Too many unrecognised tokens came from this IP address.",
      `Wait ${seconds} seconds and try again.`,
    ],
  ],
  "precondition-required": [
    428,
    "If-Match is missing",
    () => [
      "A change needs If-Match, or If-None-Match: * to create something.",
      "Send the ETag that you read in If-Match. For a case, read GET /v1/desk/cases/{id}.",
    ],
  ],
  "malformed-precondition": [
    400,
    "Invalid precondition",
    () => [
      'If-Match must be one ETag in quotes, such as "3". If-None-Match must be *.',
      "Send the ETag that you read in If-Match. For a case, read GET /v1/desk/cases/{id}.",
    ],
  ],
  "precondition-failed": [
    412,
    "The case has changed",
    ({ newest }) => [
      newest === 0
        ? "The case doesn't exist. Nothing was changed."
        : `Its newest committed revision is ${newest}. Nothing was changed.`,
      newest === 0
        ? "Send If-None-Match: * to create it."
        : "Read GET /v1/desk/cases/{id}, merge your changes, and send its ETag in If-Match.",
    ],
  ],
  exists: [
    412,
    "The case already exists",
    ({ newest }) => [
      `Its newest committed revision is ${newest}. Nothing was changed.`,
      `To publish an update, send If-Match: "${newest}".`,
    ],
  ],
  "overtakes-pending": [
    409,
    "A pending revision goes live later",
    ({ pending, liveAt }) => [
      `Revision ${pending} goes live at ${liveAt}. A new revision must go live after it.`,
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
      `Revision ${newest} is pending too and comes after revision ${number}.`,
      `Undo revision ${newest} first.`,
    ],
  ],
  "too-early": [
    422,
    "The moment is too early",
    ({ earliest }) => [
      `liveAt must be ${earliest} or later, when every copy has expired.`,
      "Omit liveAt to publish as soon as possible, or choose a later moment.",
    ],
  ],
  "nothing-to-redact": [
    409,
    "Nothing to redact",
    ({ id }) => [
      `${id} has no live content, and a redaction erases only live content.`,
      "Undo the pending revision, or publish an update. A revision that was never live leaves no trace.",
    ],
  ],
  "redaction-adds": [
    409,
    "A redaction must not change other words",
    ({ issues }) => [
      `A redaction may only remove fields and entries, or replace a name by […]. This one does something else at ${pointersIn(issues)}. Nothing was changed.`,
      "Remove whole fields, or mark only names. Publish other changes as an update first; a redaction afterwards erases what was said before. Or withdraw the case.",
    ],
  ],
  "name-remains": [
    409,
    "A redacted name remains",
    ({ remaining }) => [
      `A form of the name remains at ${pointersIn(remaining)}. \`remaining\` lists each with the words around it. Nothing was changed.`,
      "Remove these fields, or replace the name by […]. List a word that only looks like the name in `redacts.alike`.",
    ],
  ],
  "door-closed": [
    401,
    "This token opened only the first door",
    () => [
      "Editors of this deployment have passkeys and tokens of their own, so the tokens of its setting EDITORS open nothing any more.",
      "Sign in at /desk with a passkey, or make a token there under Me.",
    ],
  ],
  forbidden: [
    403,
    "Not allowed",
    ({ role, scope }) =>
      scope === undefined
        ? [
            `This needs the role ${role}. Nothing was changed.`,
            `Ask a colleague who is ${role === "author" ? "an editor" : `${role === "administrator" ? "an" : "a"} ${role}`}, or ask an administrator for the role.`,
          ]
        : [
            `This token may not do that: it lacks the scope ${scope}. Nothing was changed.`,
            scope === "me" || scope === "people"
              ? "Sign in at /desk with a passkey. No token has this scope."
              : `Make a token with the scope ${scope}, or do it in the desk.`,
          ],
  ],
  "passkey-needed": [
    403,
    "Use your passkey again",
    ({ seconds }) => [
      `This needs a passkey that was used in the last ${seconds / 60} minutes. Nothing was changed.`,
      "Sign in with your passkey again, and repeat the request.",
    ],
  ],
  "passkey-refused": [
    422,
    "The passkey was refused",
    ({ why }) =>
      ({
        challenge: ["The answer came too late, was used before, or was for something else.", "Begin again."],
        unknown: ["No editor has this passkey. It may have been removed.", "Use another passkey, or a recovery code."],
        copied: [
          "This passkey's count of signatures went back, so a copy of it may be in use.",
          "Sign in with another passkey or a recovery code, remove this one, and tell an administrator.",
        ],
        known: ["This passkey is already in use here.", "Choose another device or password manager."],
        invalid: [
          "The passkey's answer is not valid for this address.",
          "Open the desk at its own address, and begin again.",
        ],
      })[why] as [string, string],
  ],
  "unknown-invitation": [
    404,
    "The invitation is not valid",
    () => ["It was used, cancelled, or is older than seven days.", "Ask an administrator for a new one."],
  ],
  "unknown-person": [
    404,
    "Editor not found",
    ({ name }) => [`There is no editor ${name}.`, "GET /v1/desk/people lists the editors."],
  ],
  "unknown-passkey": [
    404,
    "Passkey not found",
    () => ["You have no such passkey.", "GET /v1/desk/me/access lists yours."],
  ],
  "unknown-token": [
    404,
    "Token not found",
    () => ["There is no such token, or it is another editor's.", "GET /v1/desk/me/access lists yours."],
  ],
  "last-passkey": [
    409,
    "It is your only passkey",
    () => ["Without it you could not sign in. Nothing was changed.", "Add another passkey first."],
  ],
  "last-administrator": [
    409,
    "It is the last administrator",
    () => [
      "Nobody could invite or remove editors any more. Nothing was changed.",
      "Make another editor administrator first.",
    ],
  ],
  "name-taken": [
    409,
    "The name is taken",
    ({ name }) => [
      `${name} is an editor, or drafts are stored under that name, which nobody else may read.`,
      "Choose another name. To invite a person again, remove them first: that erases their drafts.",
    ],
  ],
  "too-many-people": [
    409,
    "Too many editors",
    ({ most }) => [`The limit is ${most} editors and 100 invitations.`, "Remove an editor or an invitation first."],
  ],
  "too-many-passkeys": [
    409,
    "Too many passkeys",
    ({ most }) => [`The limit is ${most} passkeys for each editor.`, "Remove one that you no longer use."],
  ],
  "too-many-tokens": [
    409,
    "Too many tokens",
    ({ most }) => [`The limit is ${most} tokens for each editor.`, "Revoke one that you no longer use."],
  ],
  "unknown-draft": [
    404,
    "Draft not found",
    ({ id }) => [
      `You have no saved draft ${id}. It may have been published, deleted, or erased with its case.`,
      "GET /v1/desk/drafts lists your drafts. To save a new one, send If-None-Match: *.",
    ],
  ],
  "draft-changed": [
    412,
    "The draft was saved elsewhere",
    ({ version, savedAt }) => [
      `Version ${version} was saved at ${savedAt}, perhaps on another device. Nothing was changed.`,
      `Read the draft again, merge your changes, and send If-Match: "${version}".`,
    ],
  ],
  "draft-erased": [
    410,
    "The case was redacted",
    ({ id, number }) => [
      `Revision ${number} of ${id} erased all earlier content, and every draft based on it.`,
      `Start again from GET /v1/desk/cases/${id}.`,
    ],
  ],
  "too-many-drafts": [
    409,
    "Too many drafts",
    ({ most }) => [
      `The limit is ${most} drafts for each editor. This draft was not saved.`,
      "Publish or delete a draft that you no longer need.",
    ],
  ],
  "too-many-portraits": [
    409,
    "Too many pictures",
    ({ most, unseen }) =>
      unseen
        ? [
            `You have stored ${most} pictures that readers have not seen. This picture was not stored.`,
            "Publish them. Those that no revision names are erased 30 days after they were stored.",
          ]
        : [
            `The limit is ${most} pictures for each case. This picture was not stored.`,
            "Publish the case without the pictures that it no longer needs: they are erased at its moment.",
          ],
  ],
  damaged: [
    500,
    "The stored content is damaged",
    ({ row, id }) => [`The stored content of ${row} ${id} can't be read.`, `Discard the ${row}, and write it again.`],
  ],
  "portrait-named": [
    409,
    "The picture is not only in drafts",
    () => [
      "A revision or a proposal names this picture.",
      "Publish the case without it: the picture is erased at that moment. Or take the proposal back first.",
    ],
  ],
  "unknown-proposal": [
    404,
    "Proposal not found",
    ({ id }) => [
      `There is no proposal ${id}. It may have been approved, rejected, taken back, or erased with its case.`,
      "GET /v1/desk/proposals lists the proposals that wait.",
    ],
  ],
  "proposal-changed": [
    412,
    "The hash is not that of the proposal",
    ({ hash }) => [
      "An editor must approve exactly what they have read. Nothing was changed.",
      `Read the proposal. If you approve it, send If-Match: "${hash}".`,
    ],
  ],
  "own-proposal": [
    403,
    "A second editor must approve it",
    () => ["Editors can't approve their own proposals.", "Ask another editor, or take it back (DELETE)."],
  ],
  "proposal-overdue": [
    409,
    "The proposed moment has passed",
    ({ asked, earliest }) => [
      `The proposed moment is ${asked}, and the earliest possible moment is ${earliest}. The proposal was not changed.`,
      "Reject it. It returns to its author's drafts, and the author can propose it for a later moment.",
    ],
  ],
  "too-many-proposals": [
    409,
    "Too many proposals",
    ({ most }) => [`The limit is ${most} proposals for each case.`, "Approve, reject or take back a proposal first."],
  ],
  "unknown-hook": [
    404,
    "Webhook not found",
    ({ id }) => [`There is no webhook ${id}.`, "GET /v1/desk/hooks lists the webhooks."],
  ],
  "too-many-hooks": [
    409,
    "Too many webhooks",
    ({ most }) => [`The limit is ${most} webhooks.`, "Delete one that is no longer used."],
  ],
  "unknown-chat": [
    404,
    "Group not found",
    ({ id }) => [`There is no linked group ${id}.`, "GET /v1/desk/chats lists the linked groups."],
  ],
  "not-empty": [
    409,
    "The deployment is not empty",
    () => [
      "A backup can only be restored into an empty deployment. Nothing was changed.",
      "Restore into a new deployment, before anything is published or saved there, and before anybody is invited.",
    ],
  ],
  "cases-first": [
    409,
    "Restore the cases first",
    () => [
      "After a restore of followers, the deployment would no longer be empty, and the cases could not be restored. Nothing was changed.",
      "Restore the backup of the cases, and then this file.",
    ],
  ],
  "no-bot": [
    404,
    "This deployment has no bot",
    () => ["The settings of a bot are not given.", "To run a bot, set them as docs/deploy.md describes."],
  ],
  "followers-there": [
    409,
    "The deployment already has followers",
    () => [
      "Followers can only be restored into a deployment without followers. Nothing was changed.",
      "Restore them into a new deployment, before anyone uses its bot.",
    ],
  ],
  "restore-under-way": [
    409,
    "A restore is in progress",
    () => ["Another restore is in progress.", "Wait until it has ended, and check its result before you try again."],
  ],
  "erasures-missing": [
    400,
    "The erasures file is missing",
    () => [
      "Without it, content that was withdrawn or redacted after the backup would be published again. Nothing was stored.",
      "Send the newest erasures file (GET /v1/desk/erasures) followed by the backup. If there is none, add ?erasures=none.",
    ],
  ],
  "damaged-backup": [
    422,
    "The backup is damaged",
    ({ fault }) => [
      `${fault.charAt(0).toUpperCase()}${fault.slice(1)}. Nothing was stored.`,
      "Use another copy of the file, or an older backup with the newest erasures file.",
    ],
  ],
  "unfit-backup": [
    422,
    "The file can't be restored",
    ({ reason, fault }) => [
      `${fault.charAt(0).toUpperCase()}${fault.slice(1)}. Nothing was stored.`,
      unfitRemedies[reason],
    ],
  ],
  unavailable: [
    503,
    "Temporarily unavailable",
    () => ["The current status can't be read, and an old one is never shown in its place.", "Try again in a second."],
  ],
  "workshop-unavailable": [
    503,
    "Temporarily unavailable",
    () => ["This can't be made right now. Cases and their statuses are not affected.", "Try again in a second."],
  ],
  unexpected: [
    500,
    "Something went wrong",
    () => [
      "The request could not be completed because of an error in the server.",
      "Try again. If the error persists, report it to the contact.",
    ],
  ],
};

/** Extension members for clients: the fields of the failure. */
function extensions(failure: Failure): Record<string, unknown> {
  const { tag: _, ...rest } = failure;
  if (failure.tag === "too-early") return { pointer: "/liveAt", ...rest };
  return rest;
}

/** When a client may try again; null when trying again doesn't help. */
export function retryAfterSeconds(tag: Failure["tag"]): number | null {
  if (tag === "unavailable" || tag === "workshop-unavailable") return 1;
  // A person has to fix the first two; sockets close by themselves.
  return tag === "unshowable" || tag === "newer-data" || tag === "too-many-sockets" ? 60 : null;
}

/** The HTTP status of a kind of refusal. */
export const statusOf = (tag: Failure["tag"]): number => problems[tag][0];

export function problemOf(failure: Failure): Problem {
  const [status, title, words] = problems[failure.tag] as Words<Failure>;
  const [detail, remedy] = words(failure);
  return { type: `urn:casewire:problem:${failure.tag}`, title, status, detail, remedy, ...extensions(failure) };
}

/** Thrown by handlers. worker/app.ts turns it into problem+json or an HTML page. */
export class Refusal extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.tag);
    this.failure = failure;
  }
}
