/** The routes of cases and of drafts out of documents, in OpenAPI. */
import { revisionKinds, withdrawalReasons } from "../../../shared/revision.ts";
import {
  answer,
  editors,
  id,
  json,
  lang,
  moment,
  notModified,
  number,
  object,
  Published,
  parameter,
  Record,
  ref,
  refused,
  Text,
} from "./words.ts";

const text = { type: "string" };
const texts = { type: "array", items: text };
const dir = { enum: ["ltr", "rtl"] };
const revision = { number: { type: "integer", minimum: 1 }, kind: { enum: revisionKinds }, liveAt: moment };
const Run = object({ text, lang: text, dir }, ["lang", "dir"]);

const Summary = object(
  {
    id: text,
    number: text,
    demo: { type: "boolean" },
    title: Text,
    language: text,
    issuer: text,
    action: { enum: ["active", "closed", "suspended"] },
    until: { type: "string", format: "date" },
    asOf: { type: "string", description: "EDTF, ISO 8601-2" },
    inferred: texts,
    places: texts,
    people: texts,
    revision: object({ ...revision, sequence: { type: "integer", minimum: 1 } }),
    view: {
      ...object({ lang: text, dir, title: Run, asOf: text, action: text }),
      description: "Finished text, when lang was given",
    },
  },
  ["until", "inferred", "view"],
);

// Of the sections shared/view/view.ts documents each field.
const section = { type: "object" };
const RevisionView = { ...revision, label: text, published: text };
const View = object(
  {
    state: { const: "present" },
    id: text,
    lang: text,
    dir,
    number: text,
    issuer: text,
    demo: text,
    title: Run,
    summary: Run,
    asOf: object({ label: text, date: text, text, stated: text, note: text }, ["note"]),
    action: object({ state: { enum: ["active", "closed", "suspended", "lapsed"] }, label: text, text: Run }, ["text"]),
    people: section,
    places: section,
    timeline: section,
    assessments: { type: "array", items: section },
    quotations: section,
    impact: section,
    next: section,
    revision: object({ ...RevisionView, note: Run, changes: object({ label: text, list: texts }) }),
    sources: section,
    notes: texts,
    rights: object({ text: Run, href: text }),
    words: section,
    until: moment,
  },
  ["demo", "until"],
);
const RefusalView = object(
  {
    state: { enum: ["withdrawn", "unknown"] },
    id: text,
    lang: text,
    dir,
    title: text,
    text,
    number: text,
    revision: object(RevisionView),
  },
  ["number", "revision"],
);
const refusedWithView = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: { allOf: [ref("Problem"), object({ view: RefusalView })] } } },
});

export const publicPaths = {
  "/v1/cases": {
    get: {
      operationId: "listCases",
      summary: "Summaries, newest change first",
      parameters: [
        parameter("q", "query", { type: "string", maxLength: 200 }, "Names and numbers fold: Aliev finds Aliyev"),
        parameter("action", "query", { enum: ["active", "closed", "suspended"] }),
        lang,
        parameter("limit", "query", { type: "integer", minimum: 1, maximum: 100, default: 50 }),
        parameter("cursor", "query", { type: "string" }, "Out of the Link header"),
      ],
      responses: {
        200: answer("The cases", object({ cases: { type: "array", items: Summary }, contact: text })),
        ...notModified,
        ...refused(400, 406, 503),
      },
    },
  },
  "/v1/cases/{id}": {
    get: {
      operationId: "readCase",
      summary: "The record that readers see now",
      parameters: [id],
      responses: {
        200: answer("The record", Record),
        ...notModified,
        ...refused(404, 406, 410, 503),
      },
    },
    put: {
      operationId: "publish",
      summary: "Publish a revision, or create the case",
      security: editors,
      parameters: [
        id,
        parameter("If-Match", "header", { type: "string" }, 'The newest committed number in quotes, such as "3"'),
        parameter("If-None-Match", "header", { const: "*" }, "To create"),
        parameter("replace", "query", { type: "integer" }, "The pending revision to cancel in the same transaction"),
        parameter("draft", "query", { type: "string", format: "uuid" }, "The saved draft that goes with it"),
        parameter(
          "version",
          "query",
          { type: "integer", minimum: 1 },
          "That draft goes only if this is still its version",
        ),
      ],
      requestBody: { required: true, content: json(ref("Publish")) },
      responses: {
        201: answer("Committed", Published),
        202: answer(
          "It waits for a second editor",
          object({ proposal: { type: "string" }, waitsFor: { const: "second editor" } }),
        ),
        ...refused(400, 401, 409, 410, 412, 413, 415, 422, 428, 429, 503),
      },
    },
    delete: {
      operationId: "withdraw",
      summary: "Withdraw the case: at its moment its content is erased from the history",
      security: editors,
      parameters: [id, parameter("reason", "query", { enum: withdrawalReasons })],
      responses: {
        200: answer(
          "Committed; without a revision when nothing was ever live, so that nothing had to be withdrawn",
          object({ cancelled: { type: "array", items: number.schema }, revision: number.schema, liveAt: moment }, [
            "revision",
            "liveAt",
          ]),
        ),
        ...refused(400, 401, 404, 410, 429, 503),
      },
    },
  },
  "/v1/drafts": {
    post: {
      operationId: "draft",
      summary: "Read an Urgent Action document, text or .docx, into a draft case with warnings; nothing is stored",
      security: editors,
      requestBody: {
        required: true,
        content: {
          "text/plain": { schema: { type: "string" } },
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document": { schema: {} },
        },
      },
      responses: {
        200: answer(
          "The draft; its pointers lead into its case, its lines into its text",
          object({
            case: { type: "object" },
            provenance: { type: "array", items: { type: "object" } },
            toRestate: { type: "array", items: { type: "object" } },
            dates: { type: "array", items: { type: "object" } },
            ages: { type: "array", items: { type: "object" } },
            warnings: { type: "array", items: { type: "object" } },
            text: { type: "string" },
          }),
        ),
        ...refused(401, 413, 415, 422, 429),
      },
    },
  },
  "/v1/cases/{id}/view": {
    get: {
      operationId: "readView",
      summary: "Finished, localized text without markup; what every surface shows",
      parameters: [id, lang],
      responses: {
        200: answer("The view", View),
        ...notModified,
        ...refused(406, 503),
        404: refusedWithView("No such case, in the reader's words too"),
        410: refusedWithView("Withdrawn, in the reader's words too"),
      },
    },
  },
  "/v1/cases/{id}/revisions": {
    get: {
      operationId: "listRevisions",
      summary: "Live revisions, newest first",
      parameters: [id],
      responses: {
        200: answer("The history", object({ revisions: { type: "array", items: ref("Revision") }, contact: text })),
        ...notModified,
        ...refused(404, 406, 410, 503),
      },
    },
  },
  "/v1/cases/{id}/revisions/{number}": {
    get: {
      operationId: "readRevision",
      summary: "One live revision as it was",
      parameters: [id, number],
      responses: { 200: answer("The record", Record), ...notModified, ...refused(404, 406, 410, 503) },
    },
    delete: {
      operationId: "undo",
      summary: "Take back the newest pending revision",
      security: editors,
      parameters: [id, number],
      responses: {
        200: answer(
          "Undone; the case is null when it was a withdrawal",
          object({ undone: number.schema, case: { anyOf: [ref("Case"), { type: "null" }] }, note: Text }),
        ),
        ...refused(401, 404, 409, 429, 503),
      },
    },
  },
};
