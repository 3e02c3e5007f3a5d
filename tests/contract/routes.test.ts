/**
 * Every declared route on the real Worker, checked against its declaration by
 * independent validators. `npm run fuzz` sends it any input.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { beforeAll, describe, expect, it } from "vitest";
import { addressOf, paths } from "../../shared/addresses.ts";
import { statusOf } from "../../shared/failure.ts";
import {
  contract,
  methodsOf,
  type Operation,
  refusalsOf,
} from "../../worker/editing/contract/contract.ts";
import type { Route } from "../../worker/editing/contract/route.ts";
import {
  METRICS_TOKEN,
  sharedWorker,
  type TestWorker,
} from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import { root } from "../support/root.ts";

const LIVE = "ua-70-00";
const DRAFT = "00000000-0000-4000-8000-000000000070";
const MAX_SENT_BYTES = 2 * 1024 * 1024;

let worker: TestWorker;
let document: ApiDocument;
let valid: Map<string, ValidateFunction>;

interface ApiDocument {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      {
        responses: Record<
          string,
          { content?: Record<string, { schema: object }> }
        >;
      }
    >
  >;
  components: { schemas: Record<string, object> };
}

const newAjv = () => {
  const ajv = new Ajv2020({ strict: false, code: { optimize: false } });
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  return ajv;
};
const read = async <T>(path: string) =>
  (await (await fetch(worker.url + path)).json()) as T;

const routes = Object.entries<Route>(contract) as [Operation, Route][];

beforeAll(async () => {
  worker = await sharedWorker();
  document = await read(paths.openapi);
  const ajv = newAjv();
  ajv.addSchema(document, "api");
  valid = new Map();
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, { responses }] of Object.entries(methods))
      for (const [status, { content = {} }] of Object.entries(responses))
        for (const media of Object.keys(content)) {
          const keys = [
            "paths",
            path,
            method,
            "responses",
            status,
            "content",
            media,
            "schema",
          ];
          const pointer = keys.map((key) =>
            encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1")),
          );
          valid.set(
            [path, method, status, media].join(" "),
            ajv.compile({ $ref: `api#/${pointer.join("/")}` }),
          );
        }
  await worker.untilLive(await worker.publish(inventedCase(70)));
});

interface RequestOptions {
  values: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string;
}

const signedIn = (): Record<string, string> => ({
  Authorization: `Bearer ${worker.editorToken}`,
});

async function ask(
  route: Route,
  { values, query = {}, headers = {}, body }: RequestOptions,
): Promise<Response> {
  const address = addressOf(route.path, values);
  const search = new URLSearchParams(query).toString();
  const credentials = {
    ...(route.access === "editor" && signedIn()),
    ...(route.access === "metrics" && {
      Authorization: `Bearer ${METRICS_TOKEN}`,
    }),
  };
  return fetch(worker.url + address + (search && `?${search}`), {
    method: route.method,
    headers: { ...credentials, ...headers },
    redirect: "manual",
    ...(body === undefined ? {} : { body }),
  });
}

/**
 * Every answer to an editor has these headers, and of others only those that
 * the answer itself needs.
 */
const closed = {
  "cache-control": "private, no-store",
  "cloudflare-cdn-cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
const ofTheAnswer =
  /^(allow|content-(disposition|language|length|type|encoding)|date|etag|keep-alive|connection|location|retry-after|transfer-encoding|www-authenticate)$/;
const othersIn = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => !ofTheAnswer.test(name)));

/** Fields of a response that its schema doesn't declare. */
function undocumented(schema: any, value: any, at = ""): string[] {
  if (schema.$ref)
    return undocumented(
      document.components.schemas[schema.$ref.split("/").at(-1)],
      value,
      at,
    );
  if (schema.items && Array.isArray(value))
    return value.flatMap((item, index) =>
      undocumented(schema.items, item, `${at}/${index}`),
    );
  if (!schema.properties || typeof value !== "object" || value === null)
    return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    schema.properties[key]
      ? undocumented(schema.properties[key], inner, `${at}/${key}`)
      : [`${at}/${key}`],
  );
}

/** Throws unless the route declares the response. */
async function expectDeclared(
  route: Route,
  answer: Response,
  context = "",
): Promise<unknown> {
  const about = `${route.method} ${route.path} ${context} answered ${answer.status}`;
  const declared = [
    ...Object.keys(route.answers).map(Number),
    ...refusalsOf(route).map(statusOf),
    304,
  ];
  // A value that doesn't fit the path gets 404, and another spelling of an id
  // gets 301.
  expect([...declared, 404, 301], about).toContain(answer.status);
  const cache = answer.headers.get("Cache-Control") ?? "";
  const edge = answer.headers.get("Cloudflare-CDN-Cache-Control") ?? "";
  expect(edge, about).not.toBe("");
  if (route.keep === "never" || route.access || route.method !== "GET")
    expect(cache, about).toBe("private, no-store");
  else if (
    route.keep === "minutes" &&
    (answer.status === 200 || answer.status === 304)
  )
    expect(cache, about).toBe(
      "public, max-age=300, stale-while-revalidate=86400",
    );
  else if (answer.status !== 200 || route.keep !== "forever")
    expect(cache, about).toBe("public, max-age=0, must-revalidate");
  if (route.access === "editor") {
    const { vary = "Accept-Encoding", ...others } = othersIn(answer.headers);
    expect([vary, others], about).toEqual(["Accept-Encoding", closed]);
    const file =
      answer.headers.get("Content-Disposition") ?? "attachment; filename=";
    expect(file, about).toMatch(/^attachment; filename=/);
  }
  if (answer.status === 301) return null;
  expect(answer.headers.get("Access-Control-Allow-Origin"), about).toBe(
    route.anyOrigin && route.method === "GET" ? "*" : null,
  );
  const etag = answer.headers.get("ETag");
  if (route.keep === "lease" && answer.status === 200)
    expect(etag, `${about} needs an ETag`).not.toBeNull();
  if (etag) expect(etag, about).toMatch(/^"[\x21\x23-\x7e]+"$/);
  const media = answer.headers.get("Content-Type")?.split(";")[0] ?? "";
  const text = await answer.text();
  if (answer.status === 304 || answer.status === 204 || !text) return null;
  const validate = valid.get(
    [route.path, route.method.toLowerCase(), answer.status, media].join(" "),
  );
  if (answer.status !== 404 || validate)
    expect(validate, `${about} as ${media}`).toBeDefined();
  if (!/[/+]json$/.test(media)) return text;
  const json = JSON.parse(text);
  if (validate)
    expect(validate(json), `${about}: ${JSON.stringify(validate.errors)}`).toBe(
      true,
    );
  const { responses } = document.paths[route.path]?.[
    route.method.toLowerCase()
  ] ?? { responses: {} };
  const schema = responses[answer.status]?.content?.[media]?.schema;
  if (etag && !route.access) expect(responses, about).toHaveProperty("304");
  if (answer.status === 200 && schema)
    expect(undocumented(schema, json), about).toEqual([]);
  if (media === "application/problem+json") {
    expect(json.status, about).toBe(answer.status);
    expect(json.remedy, about).not.toBe("");
  }
  return json;
}

const values = { id: LIVE, number: "1", hash: "0123456789abcdef", kind: "js" };
/** Example query and body for each route that takes them. */
const examples = (): { [O in Operation]?: Partial<RequestOptions> } => ({
  listCases: {
    query: { q: "Invented", action: "active", lang: "uk", limit: "5" },
  },
  readView: { query: { lang: "ar" } },
  live: { query: { case: LIVE, lang: "uk", revision: "0" } },
  oembed: {
    query: {
      url: `${worker.url}/cases/${LIVE}`,
      maxwidth: "300",
      format: "json",
    },
  },
  frontPage: { query: { q: "invented", lang: "uk" } },
  embed: { query: { lang: "uk", variant: "compact", theme: "dark" } },
  embedGuide: { query: { case: LIVE, ui: "tr" } },
  publish: { headers: { "If-Match": '"1"' }, body: "{}" },
  saveDraft: {
    values: { id: DRAFT },
    headers: { "If-None-Match": "*" },
    body: "{}",
  },
  readDraft: { values: { id: DRAFT } },
  deleteDraft: { values: { id: DRAFT } },
  preview: { body: JSON.stringify({ case: {} }) },
  rejectProposal: { body: JSON.stringify({ reason: "" }) },
  approveProposal: { headers: { "If-Match": `"${"0".repeat(64)}"` } },
  readDocument: {
    headers: { "Content-Type": "text/plain" },
    body: "An invented text.",
  },
  readAudit: { query: { case: LIVE, limit: "3" } },
  restore: { body: "" },
  restoreFollowers: { body: "" },
});
const exampleOf = (operation: Operation): RequestOptions => {
  const { values: own = {}, ...more } = examples()[operation] ?? {};
  return { values: { ...values, ...own }, ...more };
};
/** Values that the path doesn't name would end up in the query. */
const named = ({ path }: Route, all: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(all).filter(([name]) => path.includes(`{${name}}`)),
  );
const jsonBody = (route: Route): Record<string, string> =>
  route.body && "schema" in route.body
    ? { "Content-Type": "application/json" }
    : {};

/** What strangers are told on editors' routes: always the same. */
const refusals = new Set<string>();

describe.each(routes)("The route %s", (operation, route) => {
  const example = () => {
    const asked = exampleOf(operation);
    return {
      ...asked,
      values: named(route, asked.values),
      headers: { ...jsonBody(route), ...asked.headers },
    };
  };

  it("answers a plain request as it declares", async () => {
    await expectDeclared(route, await ask(route, example()));
    const { values: known, ...rest } = example();
    if (known.id)
      await expectDeclared(
        route,
        await ask(route, { ...rest, values: { ...known, id: "ua-9-99" } }),
      );
  });

  it("refuses or ignores an unknown parameter, by name, as it declares", async () => {
    const { query = {}, ...rest } = example();
    const answer = await ask(route, {
      ...rest,
      query: { ...query, "unknown-parameter": "1" },
    });
    const json = await expectDeclared(route, answer);
    if (route.ignoresUnknownParameters || route.access === "telegram") return;
    expect([answer.status, (json as { issues?: unknown }).issues]).toEqual([
      400,
      expect.arrayContaining([
        {
          pointer: "/unknown-parameter",
          message: "is not a parameter of this address",
        },
      ]),
    ]);
  });

  it("answers every other method with the allowed ones", async () => {
    const address = worker.url + addressOf(route.path, example().values);
    const allow = methodsOf(route.path);
    for (const method of ["GET", "PUT", "POST", "DELETE", "PATCH"].filter(
      (other) => !allow.includes(other),
    )) {
      const answer = await fetch(address, { method });
      expect([answer.status, answer.headers.get("Allow")], method).toEqual([
        405,
        allow.join(", "),
      ]);
    }
    const options = await fetch(address, {
      method: "OPTIONS",
      headers: { Origin: "https://partner.invalid" },
    });
    expect([options.status, options.headers.get("Allow")]).toEqual([
      204,
      ["OPTIONS", ...allow].join(", "),
    ]);
    const open = routes.some(
      ([, other]) => other.path === route.path && other.anyOrigin,
    );
    expect(options.headers.get("Access-Control-Allow-Headers")).toBe(
      open ? "If-None-Match" : null,
    );
  });

  if (route.access)
    it("tells a caller without credentials nothing", async () => {
      const { values, body } = example();
      const init = {
        method: route.method,
        ...(body === undefined ? {} : { body }),
      };
      const answer = await fetch(
        worker.url + addressOf(route.path, values),
        init,
      );
      expect(answer.status).toBe(401);
      if (route.access !== "editor") return;
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        ...closed,
        "content-type": "application/problem+json; charset=utf-8",
        "www-authenticate": 'Bearer realm="casewire"',
      });
      refusals.add(await answer.text());
      expect(refusals.size).toBe(1);
    });

  // A larger body is still being sent when it is refused, and the connection
  // ends; the test of attacks sends one to a document's route.
  if (
    route.body?.limitBytes &&
    route.body.limitBytes <= MAX_SENT_BYTES &&
    route.access !== "telegram"
  )
    it("refuses a body over its limit", async () => {
      const asked = example();
      const body = " ".repeat((route.body?.limitBytes ?? 0) + 1);
      const answer = await ask(route, { ...asked, body });
      const json = await expectDeclared(route, answer);
      expect([answer.status, (json as { limit: unknown }).limit]).toEqual([
        413,
        route.body?.limitBytes,
      ]);
    });
});

it("The contract has no two routes at one address and method", () => {
  const named = routes.map(([, { method, path }]) => `${method} ${path}`);
  expect(new Set(named).size).toBe(routes.length);
});

it("The OpenAPI document is valid, and describes every address of the API", async () => {
  const { valid, errors } = await new Validator().validate(
    structuredClone(document) as never,
  );
  expect(valid, JSON.stringify(errors)).toBe(true);
  expect(document.openapi).toMatch(/^3\.1\./);
  const addresses = Object.values(paths).flatMap((path) =>
    typeof path === "string" ? [path] : [],
  );
  const described = addresses.filter((path) =>
    /^\/v1\/(?!openapi|schemas)/.test(path),
  );
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(described),
  );
});

it("The published JSON Schema accepts the real case and refuses what the Worker refuses", async () => {
  const validate = newAjv().compile(await read(paths.caseSchema));
  for (const name of ["ua-126-19", "ua-0-00"]) {
    const fields = JSON.parse(
      await readFile(
        join(root, `worker/tools/local/cases/${name}.json`),
        "utf8",
      ),
    );
    expect(validate(fields), JSON.stringify(validate.errors)).toBe(true);
    const [person] = fields.people;
    for (const wrong of [
      { nickname: "x" },
      { asOf: { date: 2020 } },
      {
        people: [{ ...person, custody: { ...person.custody, value: "free" } }],
      },
    ])
      expect(validate({ ...fields, ...wrong })).toBe(false);
  }
});
