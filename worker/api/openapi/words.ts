/** The words that the OpenAPI document is made of. */
import { revisionKinds, withdrawalReasons } from "../../../shared/revision.ts";

export const moment = { type: "string", format: "date-time" };
export const hash = { type: "string", pattern: "^[0-9a-f]{64}$" };
export const Text = { type: "object", additionalProperties: { type: "string" } };
export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
export const object = (properties: Record<string, unknown>, optional: string[] = []) => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});

export const Revision = object(
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

export const Problem = object(
  {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    remedy: { type: "string" },
    issues: { type: "array", items: object({ pointer: { type: "string" }, message: { type: "string" } }) },
  },
  ["issues"],
);

export const notModified = { 304: { description: "Not modified" } };
export const json = (schema: unknown) => ({ "application/json": { schema } });
export const answer = (description: string, schema: unknown) => ({ description, content: json(schema) });
export const refused = (...statuses: number[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: refusals[status] ?? "Refused",
        content: { "application/problem+json": { schema: ref("Problem") } },
      },
    ]),
  );
export const refusals: Record<number, string> = {
  400: "A parameter, precondition or body is not valid",
  401: "No editor's token",
  403: "A second editor must do it",
  404: "No such case, revision, draft or proposal",
  406: "JSON is not accepted",
  409: "Something stands in the way: a pending revision, a limit, a moment gone by",
  410: "Withdrawn or erased",
  412: "Somebody published or saved before",
  413: "The body is too large",
  415: "The body is of another kind than this address takes",
  422: "A field is not valid",
  428: "No precondition",
  429: "Too many failed attempts",
  503: "Not available for a moment; no old answer is given",
};

export const parameter = (name: string, where: "path" | "query" | "header", schema: unknown, description = "") => ({
  name,
  in: where,
  required: where === "path",
  schema,
  ...(description ? { description } : {}),
});
export const id = parameter("id", "path", { type: "string", examples: ["ua-126-19"] });
export const number = parameter("number", "path", { type: "integer", minimum: 1 });
export const lang = parameter("lang", "query", { type: "string" }, "BCP 47; one that is not spoken falls back visibly");
export const editors = [{ editor: [] }];
export const Published = object({ revision: { type: "integer" }, liveAt: moment });
export const Record = object({ case: ref("Case"), revision: ref("Revision"), contact: { type: "string" } });
