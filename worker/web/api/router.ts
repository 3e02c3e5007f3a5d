/** Serves the routes of the contract. Access, body limits, parameters, methods and CORS follow from each route's declaration. */
import type { Context, Hono, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { tryDecodeURIComponent } from "hono/utils/url";
import * as v from "valibot";
import { Refusal } from "../../../shared/failure.ts";
import type { FieldIssue } from "../../../shared/refusals/refusals.ts";
import { type Contract, contract, methodsOf, type Operation } from "../../editing/contract/contract.ts";
import { pathValuesIn } from "../../editing/contract/paths.ts";
import type { Input, Route } from "../../editing/contract/route.ts";
import { fieldIssues, pointerTo } from "../../editing/rules/publication.ts";
import { type Public, untilDeployment } from "../../reads/freshness.ts";
import { requireEditor, requireMetrics, requireTelegram } from "./auth.ts";
import { ifMatchHash, ifMatchNumber, jsonBody } from "./request.ts";

type Answered = Response | Promise<Response>;
export type Handler<O extends Operation> = (c: Context<Public>, input: Input<Contract[O]>) => Answered;
export type Handlers = { [O in Operation]: Handler<O> };
type AnyInput = { params: Record<string, unknown>; query: unknown; body: unknown; basedOn: unknown };
type AnyHandler = (c: Context<Public>, input: AnyInput) => Answered;

const PREFLIGHT_MAX_AGE_S = 86_400;

/** Parses the query. Refuses unknown and repeated parameters by name. */
function parametersReader({ query = {}, ignoresUnknownParameters }: Route): (c: Context<Public>) => unknown {
  const schema = v.object(query as v.ObjectEntries);
  const issuesOf = (c: Context<Public>): FieldIssue[] =>
    Object.entries(c.req.queries()).flatMap(([name, values]) => {
      if (!Object.hasOwn(query, name))
        return [{ pointer: pointerTo([name]), message: "is not a parameter of this address" }];
      return values.length > 1 ? [{ pointer: pointerTo([name]), message: "must be given once" }] : [];
    });
  return (c) => {
    const unknown = ignoresUnknownParameters || !c.req.url.includes("?") ? [] : issuesOf(c);
    const parsed = v.safeParse(schema, c.req.query());
    if (parsed.success && unknown.length === 0) return parsed.output;
    throw new Refusal({ tag: "invalid-query", issues: [...unknown, ...fieldIssues(parsed.issues ?? [])] });
  };
}

/** Parses path parameters. An invalid value gives 404, because no address matches it. */
function pathValues(c: Context<Public>, { params: schemas = {} }: Route, values: Record<string, string>) {
  const parsed: Record<string, unknown> = { ...values };
  for (const [name, schema] of Object.entries(schemas)) {
    const value = v.safeParse(schema, values[name]);
    if (!value.success) throw new Refusal({ tag: "no-such-address", path: c.req.path });
    parsed[name] = value.output;
  }
  return parsed;
}

const accepts = (accept: string | undefined, { answers }: Route) =>
  accept === undefined ||
  /(application|\*)\/(\*|([\w.-]+\+)?json)/i.test(accept) ||
  Object.keys(answers[200]?.also ?? {}).some((type) => accept.toLowerCase().includes(type));

/** Parses the declared inputs and calls the handler. Stays synchronous unless there is a body, for the hot path of reads. */
function answerer(route: Route, handler: AnyHandler): (c: Context<Public>, values: Record<string, string>) => Answered {
  const queryIn = parametersReader(route);
  const { body, keep, onlyJson, precondition } = route;
  return (c, values) => {
    c.set("route", route);
    if (keep === "deployment" || keep === "minutes") c.set("lease", untilDeployment);
    if (onlyJson && !accepts(c.req.header("Accept"), route))
      throw new Refusal({ tag: "not-acceptable", offered: "application/json" });
    const params = pathValues(c, route, values);
    const query = queryIn(c);
    const based = precondition === "number" ? ifMatchNumber(c) : precondition === "hash" ? ifMatchHash(c) : undefined;
    if (!body || !("schema" in body)) return handler(c, { params, query, body: undefined, basedOn: based });
    return jsonBody(c).then((given) => {
      const parsed = v.safeParse(body.schema, given);
      if (!parsed.success) throw new Refusal({ tag: "invalid-case", issues: fieldIssues(parsed.issues) });
      return handler(c, { params, query, body: parsed.output, basedOn: based });
    });
  };
}

const guards = { editor: requireEditor, telegram: requireTelegram, metrics: requireMetrics };

/** Middleware before a handler: authentication and the body limit. */
function guardsOf(route: Route): MiddlewareHandler<Public>[] {
  const { access, body } = route;
  const known: MiddlewareHandler<Public> = (c, next) => {
    c.set("route", route);
    return next();
  };
  const limit = body?.limitBytes;
  const tag = (body && "tooLarge" in body && body.tooLarge) || "too-large";
  return [
    known,
    ...(access ? [guards[access]] : []),
    ...(limit
      ? [
          bodyLimit({
            maxSize: limit,
            onError: () => {
              if (access === "telegram") throw new Refusal({ tag: "too-large", limit, at: "webhook" });
              throw new Refusal({ tag, limit });
            },
          }),
        ]
      : []),
  ];
}

/** Answers OPTIONS, and refuses methods that an address doesn't accept. */
function otherMethods(path: string): (c: Context<Public>) => Answered {
  const allow = methodsOf(path);
  const routes = Object.values<Route>(contract).filter((route) => route.path === path);
  const preflight = cors({
    origin: "*",
    allowMethods: ["GET", "HEAD"],
    allowHeaders: ["If-None-Match"],
    maxAge: PREFLIGHT_MAX_AGE_S,
  });
  return async (c) => {
    c.set("route", routes[0]);
    if (c.req.method !== "OPTIONS") throw new Refusal({ tag: "method-not-allowed", allow: allow.join(", ") });
    const isOpen = routes.some(({ anyOrigin }) => anyOrigin);
    const answer = (isOpen && (await preflight(c, async () => {}))) || c.body(null, 204);
    answer.headers.set("Allow", ["OPTIONS", ...allow].join(", "));
    return answer;
  };
}

/** True if every `{name}` of a path fills a whole segment, and no more. */
const isWhole = (path: string) => !/\{\w+\}[^/]|[^/]\{\w+\}|\{\w+Path\}/.test(path);

const honoPath = (path: string) => path.replace(/\{(\w+)\}/g, ":$1");

function decodedValues(path: string, pathname: string): Record<string, string> | null {
  const values = pathValuesIn(path, pathname);
  for (const [name, value] of Object.entries(values ?? {})) values![name] = tryDecodeURIComponent(value);
  return values;
}

/** Serves every route of the contract. */
export function serve(app: Hono<Public>, handlers: Handlers): void {
  const mixed: { path: string; answer: ReturnType<typeof answerer> }[] = [];
  const all = Object.entries<Route>(contract).map(
    ([operation, route]) =>
      [route, answerer(route, handlers[operation as Operation] as unknown as AnyHandler)] as const,
  );
  for (const [{ path }, answer] of all) if (!isWhole(path)) mixed.push({ path, answer });
  for (const [route, answer] of all) {
    const { method, path, access, body } = route;
    if (!isWhole(path)) continue;
    const guards = access || body ? guardsOf(route) : [];
    // `/embed/{id}` also matches `/embed/{id}.fragment`, which has its own route.
    const narrower = mixed.filter((other) => pathValuesIn(path, other.path));
    app.on([method], [honoPath(path)], ...guards, (c) => {
      for (const other of narrower) {
        const values = decodedValues(other.path, c.req.path);
        if (values) return other.answer(c, values);
      }
      return answer(c, c.req.param());
    });
  }
  for (const path of new Set(all.map(([{ path }]) => path)))
    if (isWhole(path)) app.all(honoPath(path), otherMethods(path));

  // Hono supports only parameters that fill one whole segment. Match the other paths last.
  app.all("*", (c, next) => {
    for (const { path, answer } of mixed) {
      const values = decodedValues(path, c.req.path);
      if (!values) continue;
      if (c.req.method !== "GET" && c.req.method !== "HEAD") return otherMethods(path)(c);
      return answer(c, values);
    }
    return next();
  });
}
