/** The contract in the field's own formats: JSON Schema 2020-12 and OpenAPI 3.1, generated from the schemas that check the input. */
import { toJsonSchema } from "@valibot/to-json-schema";
import { Hono } from "hono";
import type * as v from "valibot";
import { Case } from "../../shared/case.ts";
import { routes } from "../../shared/protocol.ts";
import { Publish } from "../../shared/publication.ts";
import { notifications, revisionKinds, withdrawalReasons } from "../../shared/revision.ts";
import { anyOrigin, notModified, type Public } from "../freshness.ts";

// What JSON Schema cannot say (a day that exists, a source that is listed) is said by the 422 of a publish.
const generated = (schema: v.GenericSchema) => {
  const { $schema: _, ...rest } = toJsonSchema(schema as never, {
    target: "draft-2020-12",
    typeMode: "input",
    errorMode: "ignore",
  });
  return rest;
};

const moment = { type: "string", format: "date-time" };
const hash = { type: "string", pattern: "^[0-9a-f]{64}$" };
const Text = { type: "object", additionalProperties: { type: "string" } };
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const object = (properties: Record<string, unknown>, optional: string[] = []) => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});

const Revision = object(
  {
    number: { type: "integer", minimum: 1 },
    sequence: { type: "integer", minimum: 1 },
    kind: { enum: revisionKinds },
    note: Text,
    committedAt: moment,
    liveAt: moment,
    hash,
    contentHash: hash,
    previousHash: hash,
    changes: { type: "array", items: { type: "object" } },
    reason: { enum: withdrawalReasons },
  },
  ["reason"],
);

const Problem = object({
  type: { type: "string" },
  title: { type: "string" },
  status: { type: "integer" },
  detail: { type: "string" },
  remedy: { type: "string" },
});

const json = (schema: unknown) => ({ "application/json": { schema } });
const answer = (description: string, schema: unknown) => ({ description, content: json(schema) });
const refused = (...statuses: number[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: refusals[status] ?? "Refused",
        content: { "application/problem+json": { schema: ref("Problem") } },
      },
    ]),
  );
const refusals: Record<number, string> = {
  400: "A parameter, precondition or body is not valid",
  401: "No editor's token",
  404: "No such case or revision",
  406: "JSON is not accepted",
  409: "A pending revision stands in the way",
  410: "Withdrawn or erased",
  412: "Somebody published before",
  413: "The body is too large",
  415: "The body is not JSON",
  422: "A field is not valid",
  428: "No precondition",
  429: "Too many failed attempts",
  503: "Not available for a moment; no old answer is given",
};

const parameter = (name: string, where: "path" | "query" | "header", schema: unknown, description = "") => ({
  name,
  in: where,
  required: where === "path",
  schema,
  ...(description ? { description } : {}),
});
const id = parameter("id", "path", { type: "string", examples: ["ua-126-19"] });
const number = parameter("number", "path", { type: "integer", minimum: 1 });
const lang = parameter("lang", "query", { type: "string" }, "BCP 47; one that is not spoken falls back visibly");
const editors = [{ editor: [] }];
const Published = object({ revision: { type: "integer" }, liveAt: moment });
const Record = object({ case: ref("Case"), revision: ref("Revision"), contact: { type: "string" } });

const openapi = (publicUrl: string) => ({
  openapi: "3.1.0",
  info: {
    title: "Casewire",
    version: "1",
    description: "The status of human-rights cases, with the source and date of every fact.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  servers: [{ url: publicUrl }],
  paths: {
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
          200: answer(
            "The cases",
            object({ cases: { type: "array", items: { type: "object" } }, contact: { type: "string" } }),
          ),
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
          304: { description: "Not modified" },
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
        ],
        requestBody: { required: true, content: json(ref("Publish")) },
        responses: {
          201: answer("Committed", Published),
          ...refused(400, 401, 409, 410, 412, 413, 415, 422, 428, 429, 503),
        },
      },
      delete: {
        operationId: "withdraw",
        summary: "Withdraw the case: at its moment its content is erased from the history",
        security: editors,
        parameters: [id, parameter("reason", "query", { enum: withdrawalReasons })],
        responses: { 200: answer("Committed", { type: "object" }), ...refused(400, 401, 404, 410, 429, 503) },
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
          200: answer("The view", { type: "object" }),
          304: { description: "Not modified" },
          ...refused(404, 406, 410, 503),
        },
      },
    },
    "/v1/cases/{id}/revisions": {
      get: {
        operationId: "listRevisions",
        summary: "Live revisions, newest first",
        parameters: [id],
        responses: {
          200: answer("The history", object({ revisions: { type: "array", items: ref("Revision") } })),
          ...refused(404, 406, 410, 503),
        },
      },
    },
    "/v1/cases/{id}/revisions/{number}": {
      get: {
        operationId: "readRevision",
        summary: "One live revision as it was",
        parameters: [id, number],
        responses: { 200: answer("The record", Record), ...refused(404, 406, 410, 503) },
      },
      delete: {
        operationId: "undo",
        summary: "Take back the newest pending revision",
        security: editors,
        parameters: [id, number],
        responses: { 200: answer("Undone", { type: "object" }), ...refused(401, 404, 409, 429, 503) },
      },
    },
  },
  components: {
    securitySchemes: { editor: { type: "http", scheme: "bearer" } },
    schemas: {
      Case: generated(Case),
      Publish: { ...generated(Publish), description: `notify: ${notifications.join(", ")}` },
      Revision,
      Problem,
    },
  },
});

export const schemas = new Hono<Public>();

let made: { url: string; bodies: Record<string, string> } | null = null;

/** Made at the first request: nobody else should pay for it. */
function bodiesFor(publicUrl: string): Record<string, string> {
  if (made?.url !== publicUrl)
    made = {
      url: publicUrl,
      bodies: {
        [routes.openapi]: JSON.stringify(openapi(publicUrl)),
        [routes.caseSchema]: JSON.stringify({
          $schema: "https://json-schema.org/draft/2020-12/schema",
          $id: publicUrl + routes.caseSchema,
          title: "Case",
          ...generated(Case),
        }),
      },
    };
  return made.bodies;
}

for (const [path, type] of [
  [routes.openapi, "application/json; charset=utf-8"],
  [routes.caseSchema, "application/schema+json; charset=utf-8"],
] as const)
  schemas.get(path, (c) => {
    const etag = `"${c.env.VERSION.id.slice(0, 8)}"`;
    c.set("leasedUntil", Number.POSITIVE_INFINITY);
    if (notModified(c, etag)) return c.body(null, 304, { ETag: etag });
    return c.body(bodiesFor(c.env.PUBLIC_URL)[path] ?? "", 200, { "Content-Type": type, ETag: etag, ...anyOrigin });
  });
