/** The routes for editors only, in OpenAPI; worker/editorial/desk.ts documents each field. */
import { AuditLine } from "./backup-paths.ts";
import { answer, editors, hash, id, json, moment, object, Published, parameter, ref, refused, Text } from "./words.ts";

const uuid = (what: string) => parameter("id", "path", { type: "string", format: "uuid" }, what);
const list = (name: string, items: unknown) => object({ [name]: { type: "array", items } });
const integer = { type: "integer", minimum: 1 };
const text = { type: "string" };
const ifMatch = (what: string) => parameter("If-Match", "header", text, what);
const ifNew = parameter("If-None-Match", "header", { const: "*" }, "To create");

const DeskRevision = {
  allOf: [ref("Revision"), object({ editor: text, notify: text, approvedBy: text }, ["approvedBy"])],
};
const DraftEntry = object(
  {
    id: text,
    case: { type: ["string", "null"] },
    title: Text,
    savedAt: moment,
    version: integer,
    proposal: text,
    returned: object({ by: text, at: moment, reason: text }),
  },
  ["proposal", "returned"],
);
const ProposalEntry = object(
  {
    id: text,
    case: text,
    number: text,
    title: Text,
    language: text,
    kind: { enum: ["update", "correction"] },
    notify: text,
    editor: text,
    proposedAt: moment,
    liveAt: { type: ["string", "null"] },
    basedOn: { type: "integer", minimum: 0 },
    replace: integer,
    hash,
    refused: ref("Problem"),
  },
  ["replace", "refused"],
);
const changes = { type: "array", items: { type: "object" } };
const proposal = uuid("The proposal");
const draft = uuid("Chosen by the browser; one editor's drafts are never another's");

export const deskPaths = {
  "/v1/desk/me": {
    get: {
      operationId: "readMe",
      summary: "Who is signed in, and the rules here",
      security: editors,
      responses: {
        200: answer(
          "The editor",
          object({
            editor: text,
            review: { enum: ["one", "two"] },
            lease: { type: "number" },
            lead: { type: "number" },
            locales: { type: "array", items: text },
          }),
        ),
        ...refused(401, 429),
      },
    },
  },
  "/v1/desk/cases": {
    get: {
      operationId: "listDeskCases",
      summary: "Every case in every state, the one worked on last first",
      security: editors,
      responses: {
        200: answer(
          "The cases",
          list(
            "cases",
            object({
              id: text,
              number: text,
              title: { anyOf: [Text, { type: "null" }] },
              language: { type: ["string", "null"] },
              state: { enum: ["present", "withdrawn", "unpublished"] },
              newest: { type: "integer", minimum: 0 },
              live: { type: ["integer", "null"] },
              pending: { type: "array", items: { type: "object" } },
              waiting: { type: "integer", minimum: 0 },
            }),
          ),
        ),
        ...refused(401, 429, 503),
      },
    },
  },
  "/v1/desk/cases/{id}": {
    get: {
      operationId: "readDeskCase",
      summary: "The newest committed revision, pending or not; its ETag is what a publish is based on",
      security: editors,
      parameters: [id],
      responses: {
        200: answer(
          "The record",
          object({
            case: { anyOf: [ref("Case"), { type: "null" }] },
            revision: DeskRevision,
            live: { type: ["integer", "null"] },
            pending: { type: "array", items: DeskRevision },
            next: integer,
          }),
        ),
        ...refused(401, 404, 429, 503),
      },
    },
  },
  "/v1/desk/cases/{id}/trace": {
    get: {
      operationId: "readTrace",
      summary: "What readers would find if the case were withdrawn now; nothing is stored",
      security: editors,
      parameters: [id, parameter("lang", "query", text, "The readers' language")],
      responses: {
        200: answer("The trace", object({ view: { type: "object" }, telegram: { type: "object" } })),
        ...refused(401, 404, 429, 503),
      },
    },
  },
  "/v1/desk/preview": {
    post: {
      operationId: "preview",
      summary: "How a draft would appear on each surface, and what it still lacks; nothing is stored",
      security: editors,
      requestBody: { required: true, content: json(ref("PreviewRequest")) },
      responses: {
        200: answer(
          "The preview; its pointers lead into the body",
          object({
            view: { type: ["object", "null"] },
            telegram: { type: ["object", "null"] },
            record: { type: ["object", "null"] },
            problems: { type: "array", items: object({ pointer: text, message: text }) },
            missing: object({
              translations: { type: "array", items: { type: "object" } },
              sources: { type: "array", items: text },
              undated: { type: "array", items: text },
            }),
            changes,
          }),
        ),
        ...refused(400, 401, 413, 415, 422, 429),
      },
    },
  },
  "/v1/desk/drafts": {
    get: {
      operationId: "listDrafts",
      summary: "The editor's own saved drafts, newest first",
      security: editors,
      responses: { 200: answer("The drafts", list("drafts", DraftEntry)), ...refused(401, 429, 503) },
    },
  },
  "/v1/desk/drafts/{id}": {
    get: {
      operationId: "readDraft",
      summary: "A saved draft; its version is its ETag",
      security: editors,
      parameters: [draft],
      responses: {
        200: answer("The draft", { allOf: [DraftEntry, object({ draft: ref("DeskDraft") })] }),
        ...refused(401, 404, 429, 503),
      },
    },
    put: {
      operationId: "saveDraft",
      summary: "Save a draft; a version that another device saved is never overwritten",
      security: editors,
      parameters: [draft, ifMatch('The version it is based on in quotes, such as "3"'), ifNew],
      requestBody: { required: true, content: json(ref("DeskDraft")) },
      responses: {
        200: answer("Saved", object({ version: integer, savedAt: moment })),
        201: answer("Saved as a new draft", object({ version: integer, savedAt: moment })),
        ...refused(400, 401, 404, 409, 410, 412, 413, 415, 422, 428, 429, 503),
      },
    },
    delete: {
      operationId: "deleteDraft",
      summary: "Delete a saved draft",
      security: editors,
      parameters: [draft],
      responses: { 204: { description: "Deleted" }, ...refused(401, 404, 429, 503) },
    },
  },
  "/v1/desk/proposals": {
    get: {
      operationId: "listProposals",
      summary: "What waits for a second editor, oldest first",
      security: editors,
      responses: { 200: answer("The proposals", list("proposals", ProposalEntry)), ...refused(401, 429, 503) },
    },
  },
  "/v1/desk/proposals/{id}": {
    get: {
      operationId: "readProposal",
      summary: "A proposal with its content; its hash is its ETag",
      security: editors,
      parameters: [proposal],
      responses: {
        200: answer("The proposal", {
          allOf: [ProposalEntry, object({ content: object({ case: ref("Case"), note: Text }), changes })],
        }),
        ...refused(401, 404, 429, 503),
      },
    },
    delete: {
      operationId: "takeBackProposal",
      summary: "Take back one's own proposal, or reject another's without a word: it is its author's draft again",
      security: editors,
      parameters: [proposal],
      responses: { 200: answer("The draft", object({ draft: text })), ...refused(401, 404, 429, 503) },
    },
  },
  "/v1/desk/proposals/{id}/reject": {
    post: {
      operationId: "rejectProposal",
      summary: "Reject a proposal with a reason for its author, whose draft it is again",
      security: editors,
      parameters: [proposal],
      requestBody: {
        required: true,
        content: json(object({ reason: { type: "string", maxLength: 500 } }, ["reason"])),
      },
      responses: {
        200: answer("The draft", object({ draft: text })),
        ...refused(400, 401, 404, 413, 415, 422, 429, 503),
      },
    },
  },
  "/v1/desk/proposals/{id}/approve": {
    post: {
      operationId: "approveProposal",
      summary: "Commit another editor's proposal by the rules of every publish",
      security: editors,
      parameters: [proposal, ifMatch("The quoted hash of the proposal that was read")],
      responses: {
        201: answer("Committed", Published),
        ...refused(400, 401, 403, 404, 409, 410, 412, 422, 428, 429, 503),
      },
    },
  },
  "/v1/desk/audit": {
    get: {
      operationId: "readAudit",
      summary: "Who did what, newest first",
      security: editors,
      parameters: [parameter("case", "query", text), parameter("limit", "query", { ...integer, maximum: 1000 })],
      responses: { 200: answer("The log", list("audit", AuditLine)), ...refused(400, 401, 429, 503) },
    },
  },
};
