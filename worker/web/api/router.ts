/**
 * Serves the routes of the contract. Access, body limits, parameters, methods
 * and CORS follow from each route's declaration.
 */
import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { tryDecodeURIComponent } from "hono/utils/url";
import * as v from "valibot";
import { Refusal } from "../../../shared/failure.ts";
import type { FieldIssue } from "../../../shared/refusals/refusals.ts";
import {
  type Contract,
  contract,
  methodsOf,
  type Operation,
} from "../../editing/contract/contract.ts";
import { pathValuesIn } from "../../editing/contract/paths.ts";
import type { Route, RouteInput } from "../../editing/contract/route.ts";
import { pointerTo } from "../../editing/rules/pointers.ts";
import { fieldIssues } from "../../editing/rules/publication.ts";
import { type Public, untilDeployment } from "../../reads/freshness.ts";
import { once } from "../../runtime/once.ts";
import { requireEditor, requireMetrics, requireTelegram } from "./auth.ts";
import { basedOn, jsonBody } from "./request.ts";

type Answered = Response | Promise<Response>;
export type Handler<O extends Operation> = (
  c: Context<Public>,
  input: RouteInput<Contract[O]>,
) => Answered;
export type Handlers = { [O in Operation]: Handler<O> };
type AnyInput = {
  params: Record<string, unknown>;
  query: unknown;
  body: unknown;
  basedOn: unknown;
};
type RouteAnswer = (
  c: Context<Public>,
  values: Record<string, string>,
) => Answered;
type AnyHandler = (c: Context<Public>, input: AnyInput) => Answered;

const PREFLIGHT_MAX_AGE_S = 86_400;

/** Parses the query. Refuses unknown and repeated parameters by name. */
function parametersReader({
  query = {},
  ignoresUnknownParameters,
}: Route): (c: Context<Public>) => unknown {
  const schema = v.object(query as v.ObjectEntries);
  const issuesOf = (c: Context<Public>): FieldIssue[] =>
    Object.entries(c.req.queries()).flatMap(([name, values]) => {
      if (!Object.hasOwn(query, name))
        return [
          {
            pointer: pointerTo([name]),
            message: "is not a parameter of this address",
          },
        ];
      return values.length > 1
        ? [{ pointer: pointerTo([name]), message: "must be given once" }]
        : [];
    });
  return (c) => {
    const unknown =
      ignoresUnknownParameters || !c.req.url.includes("?") ? [] : issuesOf(c);
    const parsed = v.safeParse(schema, c.req.query());
    if (parsed.success && unknown.length === 0) return parsed.output;
    throw new Refusal({
      tag: "invalid-query",
      issues: [...unknown, ...fieldIssues(parsed.issues ?? [])],
    });
  };
}

/**
 * Parses path parameters. An invalid value gives 404, because no address
 * matches it.
 */
function pathValues(
  c: Context<Public>,
  { params: schemas = {} }: Route,
  values: Record<string, string>,
) {
  const parsed: Record<string, unknown> = { ...values };
  for (const [name, schema] of Object.entries(schemas)) {
    const value = v.safeParse(schema, values[name]);
    if (!value.success)
      throw new Refusal({ tag: "no-such-address", path: c.req.path });
    parsed[name] = value.output;
  }
  return parsed;
}

const accepts = (accept: string | undefined, { answers }: Route) =>
  accept === undefined ||
  /(application|\*)\/(\*|([\w.-]+\+)?json)/i.test(accept) ||
  Object.keys(answers[200]?.also ?? {}).some((type) =>
    accept.toLowerCase().includes(type),
  );

/**
 * Parses the declared inputs and calls the handler. Stays synchronous unless
 * there is a body, for the hot path of reads.
 */
function answerer(route: Route, handler: AnyHandler): RouteAnswer {
  const queryIn = parametersReader(route);
  const { body, keep, onlyJson, precondition } = route;
  return (c, values) => {
    c.set("route", route);
    if (keep === "deployment" || keep === "minutes")
      c.set("lease", untilDeployment);
    if (onlyJson && !accepts(c.req.header("Accept"), route))
      throw new Refusal({ tag: "not-acceptable", offered: "application/json" });
    const params = pathValues(c, route, values);
    const query = queryIn(c);
    const based = precondition && basedOn(c, precondition);
    if (!body || !("schema" in body))
      return handler(c, { params, query, body: undefined, basedOn: based });
    return jsonBody(c).then((given) => {
      const parsed = v.safeParse(body.schema, given);
      if (!parsed.success)
        throw new Refusal({
          tag: "invalid-case",
          issues: fieldIssues(parsed.issues),
        });
      return handler(c, { params, query, body: parsed.output, basedOn: based });
    });
  };
}

const guards = {
  editor: requireEditor,
  telegram: requireTelegram,
  metrics: requireMetrics,
};

/**
 * The answer to a request after authentication and the check of its body's
 * size.
 */
function guarded(route: Route, handler: AnyHandler): RouteAnswer {
  const answer = answerer(route, handler);
  const { access, body } = route;
  const limit = body?.limitBytes;
  if (!access && !limit) return answer;
  const tag = (body && "tooLarge" in body && body.tooLarge) || "too-large";
  const withinLimit =
    limit &&
    bodyLimit({
      maxSize: limit,
      onError: () => {
        throw new Refusal(
          access === "telegram"
            ? { tag: "too-large", limit, at: "webhook" }
            : { tag, limit },
        );
      },
    });
  return async (c, values) => {
    c.set("route", route);
    if (access) await guards[access](c);
    if (withinLimit) await withinLimit(c, async () => {});
    return answer(c, values);
  };
}

/** Answers OPTIONS, and refuses methods that an address doesn't accept. */
function otherMethods(path: string): (c: Context<Public>) => Answered {
  const allow = methodsOf(path);
  const routes = Object.values<Route>(contract).filter(
    (route) => route.path === path,
  );
  const preflight = cors({
    origin: "*",
    allowMethods: ["GET", "HEAD"],
    allowHeaders: ["If-None-Match"],
    maxAge: PREFLIGHT_MAX_AGE_S,
  });
  return async (c) => {
    c.set("route", routes[0]);
    if (c.req.method !== "OPTIONS")
      throw new Refusal({ tag: "method-not-allowed", allow: allow.join(", ") });
    const isOpen = routes.some(({ anyOrigin }) => anyOrigin);
    const answer =
      (isOpen && (await preflight(c, async () => {}))) || c.body(null, 204);
    answer.headers.set("Allow", ["OPTIONS", ...allow].join(", "));
    return answer;
  };
}

/**
 * A path of the contract, and the answer of each of its methods, made at the
 * first request.
 */
interface Address {
  path: string;
  answers: Map<string, () => RouteAnswer>;
  others: () => (c: Context<Public>) => Answered;
}

/**
 * Serves every route of the contract. Making the answers at their first request
 * saves a new isolate a tenth of its start.
 */
export function serve(app: Hono<Public>, handlers: Handlers): void {
  const addresses = new Map<string, Address>();
  for (const [operation, route] of Object.entries<Route>(contract)) {
    const { method, path } = route;
    const address = addresses.get(path) ?? {
      path,
      answers: new Map(),
      others: once(() => otherMethods(path)),
    };
    addresses.set(path, address);
    const handler = handlers[operation as Operation] as unknown as AnyHandler;
    address.answers.set(
      method,
      once(() => guarded(route, handler)),
    );
  }
  // `/embed/{id}` also matches `/embed/a.fragment`, which has a longer template
  // of its own.
  const templates = [...addresses.values()]
    .filter(({ path }) => path.includes("{"))
    .sort((one, other) => other.path.length - one.path.length);

  app.all("*", function answerAddress(c, next) {
    const { path, method } = c.req;
    const answerAt = (address: Address, values: Record<string, string>) => {
      const answer = address.answers.get(method === "HEAD" ? "GET" : method);
      return answer ? answer()(c, values) : address.others()(c);
    };
    const exact = addresses.get(path);
    if (exact) return answerAt(exact, {});
    for (const template of templates) {
      const values = pathValuesIn(template.path, path);
      if (!values) continue;
      for (const [name, value] of Object.entries(values))
        values[name] = tryDecodeURIComponent(value);
      return answerAt(template, values);
    }
    return next();
  });
}
