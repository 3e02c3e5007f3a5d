/**
 * Generates the OpenAPI document and the JSON Schema of a case from the
 * contract, when the Worker is built.
 */
import { type ConversionConfig, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import { Case } from "../../../shared/case/schema.ts";
import { Change } from "../../../shared/change.ts";
import { statusOf } from "../../../shared/failure.ts";
import { Revision } from "../../../shared/revision.ts";
import * as views from "../../../shared/view/schema.ts";
import { PublicSummary } from "../../../shared/view/summary.ts";
import {
  DeskDraft,
  DeskRevision,
  PreviewRequest,
  ProblemDocument,
} from "../rules/desk.ts";
import { Publish } from "../rules/publication.ts";
import { ChangeEntry } from "./changes.ts";
import { contract, refusalsOf } from "./contract.ts";
import { PUBLIC_URL_PLACEHOLDER } from "./placeholder.ts";
import type { Route, RouteAnswer } from "./route.ts";

const definitions = {
  Case,
  Change,
  ChangeEntry,
  DeskDraft,
  DeskRevision,
  PreviewRequest,
  Problem: ProblemDocument,
  Publish,
  Revision,
  CaseSummary: PublicSummary,
  PresentView: views.PresentView,
  RefusalView: views.RefusalView,
  RevisionView: views.RevisionView,
  PersonView: views.PersonView,
  PeopleView: views.PeopleView,
  ActionView: views.ActionView,
  AppealView: views.AppealView,
  ActAnswer: views.ActAnswer,
  SummaryView: views.SummaryView,
  Line: views.Line,
  Run: views.Run,
};

/**
 * Some rules can't be expressed in JSON Schema (a day must exist, a source must
 * be listed). A publish refuses those with 422.
 */
function convert(
  schema: v.GenericSchema,
  typeMode: "input" | "output",
  more: ConversionConfig = {},
): Record<string, unknown> {
  const {
    $schema: _,
    $defs: __,
    ...rest
  } = toJsonSchema(schema as never, {
    target: "draft-2020-12",
    typeMode,
    errorMode: "ignore",
    // A custom check only tests that the value is an object.
    overrideSchema: ({ valibotSchema }) =>
      valibotSchema.type === "custom"
        ? { type: "object", additionalProperties: true }
        : null,
    ...more,
  });
  return rest;
}

/**
 * References named schemas.
 * @param self the schema that is being defined, which must not refer to itself
 */
const refer = (self?: string): ConversionConfig => ({
  definitions: Object.fromEntries(
    Object.entries(definitions).filter(([name]) => name !== self),
  ) as never,
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
});

const bodies = new Set(["DeskDraft", "PreviewRequest", "Publish"]);

const content = ({
  type = "application/json",
  schema,
  also = {},
}: RouteAnswer) => ({
  [type]: {
    schema: schema
      ? convert(schema as v.GenericSchema, "output", refer())
      : { type: "string" },
  },
  ...Object.fromEntries(
    Object.entries(also).map(([type, description]) => [
      type,
      { schema: { type: "string", description } },
    ]),
  ),
});

const problemContent = (route: Route, tags: string[]) => {
  const problem = {
    allOf: [
      { $ref: "#/components/schemas/Problem" },
      {
        type: "object",
        properties: {
          type: { enum: tags.map((tag) => `urn:casewire:problem:${tag}`) },
        },
      },
    ],
  };
  const view = {
    type: "object",
    properties: { view: { $ref: "#/components/schemas/RefusalView" } },
    required: ["view"],
  };
  const withView =
    route.refusals === "view" &&
    tags.some((tag) => tag === "unknown-case" || tag === "withdrawn");
  return {
    "application/problem+json": {
      schema: withView ? { allOf: [...problem.allOf, view] } : problem,
    },
  };
};

const revalidates = ({ method, keep, answers }: Route) =>
  method === "GET" &&
  (keep === "lease" || keep === "deployment" || keep === "minutes") &&
  200 in answers;

/**
 * True for JSON that comes in pages, with the address of the next one in its
 * `Link` header.
 */
const isPaged = ({ query, onlyJson }: Route) =>
  onlyJson === true && query?.cursor !== undefined;

const text = { type: "string" };
const NEXT_PAGE = 'The next page, with `rel="next"`; absent on the last page';

function responsesOf(route: Route) {
  const responses: Record<string, unknown> = {};
  const headers = {
    ...(revalidates(route) && { ETag: { schema: text } }),
    ...(isPaged(route) && { Link: { description: NEXT_PAGE, schema: text } }),
  };
  for (const [status, answer] of Object.entries(route.answers))
    responses[status] = {
      description: answer.description,
      ...((answer.schema || answer.type) && { content: content(answer) }),
      ...(status === "200" && Object.keys(headers).length > 0 && { headers }),
    };
  if (revalidates(route)) responses[304] = { description: "Not modified" };
  const byStatus = Map.groupBy(refusalsOf(route), statusOf);
  for (const [status, tags] of byStatus)
    responses[status] ??= {
      description: `Refused: ${tags.join(", ")}`,
      content:
        route.refusals === "page"
          ? { "text/html": { schema: text } }
          : problemContent(route, tags),
    };
  return responses;
}

/**
 * What a parameter looks like in the document: one with `inUrl` is described by
 * that.
 */
function parameter(schema: v.GenericSchema) {
  const {
    inUrl,
    default: standard,
    description,
    ...rest
  } = convert(schema, "input");
  const absent =
    standard === undefined
      ? {}
      : { default: inUrl ? Number(standard) : standard };
  return {
    ...(description ? { description } : {}),
    schema: { ...((inUrl as object) ?? rest), ...absent },
  };
}

function parametersOf(route: Route) {
  const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(
    ([, name]) => name as string,
  );
  const inPath = named.map((name) => ({
    name,
    in: "path",
    required: true,
    ...(route.params?.[name]
      ? parameter(route.params[name] as v.GenericSchema)
      : { schema: text }),
  }));
  const inQuery = Object.entries(route.query ?? {}).map(([name, schema]) => {
    const optional = (schema as v.GenericSchema).type.endsWith("optional");
    return {
      name,
      in: "query",
      required: !optional,
      ...parameter(schema as v.GenericSchema),
    };
  });
  const header = (name: string, schema: unknown, description: string) => ({
    name,
    in: "header",
    schema,
    description,
  });
  const conditions = {
    number: [
      header(
        "If-Match",
        text,
        'The ETag that was read: a number in quotes, such as "3"',
      ),
      header(
        "If-None-Match",
        { const: "*" },
        "When nothing is committed or saved yet",
      ),
    ],
    hash: [
      header("If-Match", text, "The ETag that was read: a hash in quotes"),
    ],
  };
  return [
    ...inPath,
    ...inQuery,
    ...(route.precondition ? conditions[route.precondition] : []),
  ];
}

function requestBodyOf({ body }: Route) {
  if (!body) return {};
  const media =
    "schema" in body
      ? {
          "application/json": {
            schema: convert(body.schema as v.GenericSchema, "input", refer()),
          },
        }
      : Object.fromEntries(body.types.map((type) => [type, { schema: text }]));
  const description = "description" in body && {
    description: body.description,
  };
  return { requestBody: { required: true, ...description, content: media } };
}

/** Sign-in and enrolment are for editors too, before they have a token. */
function tagOf({ access, path }: Route): string {
  if (access === "editor" || path.startsWith("/v1/desk/")) return "Editing";
  if (path.startsWith("/v1/")) return "Reading";
  return access === "telegram" ? "Telegram" : "Site";
}

const callers = {
  anyone: "Public.",
  editor: "Needs an editor's bearer token.",
  telegram: "Needs the webhook's secret token.",
  metrics: "Needs the monitoring system's bearer token, METRICS_TOKEN.",
};
const keeping: Record<Route["keep"], string> = {
  lease:
    "Revalidate with the ETag before each use: the answer is current when it is sent, and an update may go live at any time.",
  deployment:
    "The answer changes only with a deployment. Revalidate with the ETag.",
  minutes:
    "The answer changes only with a deployment. It may be used for five minutes without asking.",
  revalidate: "Don't keep the answer.",
  forever: "The answer at this address never changes.",
  never: "Don't keep the answer.",
};

/** What the caller's role, token and passkey must be. */
const neededOf = ({ role, scope, fresh }: Route): string[] => [
  ...(role ? [`Least role: ${role}.`] : []),
  ...(scope
    ? [
        scope === "me" || scope === "editors"
          ? "Only for signed-in editors, not for tokens."
          : `A token needs the scope ${scope}.`,
      ]
    : []),
  ...(fresh
    ? ["A signed-in editor must have used a passkey in the last 5 minutes."]
    : []),
  ...(fresh === "or-new-token"
    ? ["A token must have been made in the last 5 minutes."]
    : []),
];

const descriptionOf = ({ access, anyOrigin, keep, method, ...route }: Route) =>
  [
    callers[access ?? "anyone"],
    ...neededOf(route as Route),
    ...(anyOrigin ? ["Pages of any origin may read the answer (CORS)."] : []),
    ...(method === "GET" ? [keeping[keep]] : []),
  ].join(" ");

const operationOf = (operationId: string, route: Route) => ({
  operationId,
  tags: [tagOf(route)],
  summary: route.summary,
  description: descriptionOf(route),
  // An empty list means that the route is public.
  security: route.access ? [{ [route.access]: [] }] : [],
  parameters: parametersOf(route),
  ...requestBodyOf(route),
  responses: responsesOf(route),
});

/** With a placeholder for the deployment's address. */
export function openapiDocument(): Record<string, unknown> {
  const operations: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries<Route>(contract)) {
    operations[route.path] ??= {};
    (operations[route.path] as Record<string, unknown>)[
      route.method.toLowerCase()
    ] = operationOf(name, route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Casewire",
      version: "1",
      description:
        "The status of human-rights cases, with the source and date of every fact.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      contact: {
        name: "The newsroom of this deployment",
        url: PUBLIC_URL_PLACEHOLDER,
      },
    },
    servers: [{ url: PUBLIC_URL_PLACEHOLDER }],
    tags: [
      { name: "Reading", description: "Public JSON and feeds." },
      {
        name: "Editing",
        description: "Endpoints for editors, with a bearer token.",
      },
      { name: "Site", description: "Pages, frames, feeds and files." },
      { name: "Telegram", description: "The bot's webhook." },
    ],
    paths: operations,
    components: {
      securitySchemes: {
        editor: { type: "http", scheme: "bearer" },
        metrics: { type: "http", scheme: "bearer" },
        telegram: {
          type: "apiKey",
          in: "header",
          name: "X-Telegram-Bot-Api-Secret-Token",
        },
      },
      schemas: Object.fromEntries(
        Object.entries(definitions).map(([name, schema]) => [
          name,
          convert(
            schema as v.GenericSchema,
            bodies.has(name) ? "input" : "output",
            refer(name),
          ),
        ]),
      ),
    },
  };
}

/**
 * JSON Schema 2020-12 of a case in a publish, with a placeholder for the
 * deployment's address.
 */
export const caseSchemaDocument = (): Record<string, unknown> => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: PUBLIC_URL_PLACEHOLDER + paths.caseSchema,
  title: "Case",
  ...convert(Case as never, "input"),
});
