/**
 * The type of a route's declaration. The router, the OpenAPI document and the
 * client are derived from it.
 */
import * as v from "valibot";
import type { Failure } from "../../../shared/failure.ts";
import type { Role, Scope } from "../rules/roles.ts";

type Schema = v.GenericSchema<unknown, unknown>;
type Schemas = Record<string, Schema>;

export type Tag = Failure["tag"];

/**
 * A JSON body that is parsed and validated before the handler runs, or a body
 * that the handler reads itself.
 */
export type RouteBody =
  | { schema: Schema; limitBytes: number }
  | {
      /** The accepted media types; the handler refuses others. */
      types: string[];
      description: string;
      /** Null for a body that is streamed and never held in memory. */
      limitBytes: number | null;
      /** The refusal of a larger body; `too-large` when absent. */
      tooLarge?: "too-large" | "document-too-large";
    };

/** A successful answer. */
export interface RouteAnswer {
  description: string;
  /** The media type; `application/json` when absent and there is a schema. */
  type?: string;
  schema?: Schema;
  /** Further media types that a parameter chooses, with their descriptions. */
  also?: Record<string, string>;
}

export interface Route {
  method: "GET" | "PUT" | "POST" | "DELETE";
  /** A path of shared/addresses.ts. */
  path: string;
  /** One line for the API reference. */
  summary: string;
  /** Who may call it; anyone when absent. */
  access?: "editor" | "telegram" | "metrics";
  /** For editors' routes: the least role that may call it. */
  role?: Role;
  /** For editors' routes: the scope that a token needs; null for any. */
  scope?: Scope | null;
  /**
   * For editors' routes: a session needs a passkey that was used in the last
   * minutes. `or-recovery`: or a recovery code. `or-new-token`: a token must be
   * as new, because a passkey made it; elsewhere any token will do.
   */
  fresh?: true | "or-recovery" | "or-new-token";
  /**
   * True if a new token in EDITORS may call it once, after the others have run
   * out.
   */
  byNewSecret?: true;
  /** Schemas of the path's `{names}`; any text when absent. */
  params?: Schemas;
  query?: Schemas;
  /**
   * True for addresses to which third parties add parameters (`utm_source`,
   * `ver`, `dnt`). Other routes refuse unknown parameters.
   */
  ignoresUnknownParameters?: true;
  /**
   * The precondition of a change. `number`: `If-Match: "3"` or `If-None-Match:
   * *`. `hash`: `If-Match` with the hash that was read.
   */
  precondition?: "number" | "hash";
  body?: RouteBody;
  answers: Record<number, RouteAnswer>;
  /**
   * Refusals in addition to those that follow from the rest of the declaration.
   */
  refuses?: readonly Tag[];
  /**
   * How long caches may keep the answer. `lease`: as long as the leases of its
   * copies allow. `deployment`: until the next deployment, with revalidation.
   * `minutes`: the same, but browsers may use a copy for five minutes, and an
   * older one while they ask. `revalidate`: only with revalidation. `forever`:
   * the address contains a hash or version of the content. `never`.
   */
  keep: "lease" | "deployment" | "minutes" | "revalidate" | "forever" | "never";
  /** True if pages of any origin may read the answer (CORS). */
  anyOrigin?: true;
  /**
   * `page`: refusals are HTML pages, whatever the client accepts. `view`:
   * refusals are problem+json with a view.
   */
  refusals?: "page" | "view";
  /**
   * True if the route returns only JSON: a client that doesn't accept JSON gets
   * 406.
   */
  onlyJson?: true;
}

/**
 * Answers about a case that can't be shown, in the form of the route's own
 * answer.
 */
export const refusedAs = (type: string) => ({
  404: { description: "Case not found", type },
  410: { description: "The case was withdrawn", type },
  503: {
    description: "The current status can't be read, or the case can't be shown",
    type,
  },
});

type Own = Partial<Route> & Pick<Route, "summary" | "answers">;
/**
 * Makes a function that declares routes which share something: `reads("GET",
 * paths.deskMe, { … })`. What a route says itself counts. The literal types are
 * kept.
 */
export const routes =
  <const Shared extends Partial<Route>>(shared: Shared) =>
  <
    const M extends Route["method"],
    const P extends string,
    const R extends Own,
  >(
    method: M,
    path: P,
    own: R,
  ) =>
    ({ method, path, ...shared, ...own }) as { method: M; path: P } & Omit<
      Shared,
      keyof R
    > &
      R;

export const route = routes({});
export const reads = routes({
  access: "editor",
  keep: "never",
  role: "author",
  scope: "read",
});
export const drafts = routes({
  access: "editor",
  keep: "never",
  role: "author",
  scope: "draft",
});
/**
 * Where the role or the scope doesn't allow more, the change only becomes, or
 * only concerns, an own proposal.
 */
export const proposes = routes({
  access: "editor",
  keep: "never",
  role: "author",
  scope: "propose",
});
export const publishes = routes({
  access: "editor",
  keep: "never",
  role: "publisher",
  scope: "publish",
});
export const operates = routes({
  access: "editor",
  keep: "never",
  role: "administrator",
  scope: "operate",
});
/** A JSON object as an answer. */
export const object = <const Fields extends Record<string, v.GenericSchema>>(
  description: string,
  fields: Fields,
) => ({
  description,
  schema: v.object(fields),
});
/** Answers of another media type. */
export const answers =
  (type: string) =>
  (description: string): RouteAnswer => ({ description, type });

export type NamesIn<Path extends string> =
  Path extends `${string}{${infer Name}}${infer Rest}`
    ? Name | NamesIn<Rest>
    : never;

type Outputs<S> = {
  [K in keyof S]: S[K] extends Schema ? v.InferOutput<S[K]> : never;
};
/** For a caller, optional parameters and those with a default are optional. */
type Inputs<S> = S extends Schemas
  ? v.InferInput<v.StrictObjectSchema<S, undefined>>
  : unknown;

type Declared<R, K extends string> = R extends { [P in K]: infer D }
  ? D
  : unknown;

/** The parsed input of a handler. */
export interface RouteInput<R extends Route> {
  params: {
    [N in NamesIn<R["path"]>]: R extends {
      params: { [P in N]: infer S extends Schema };
    }
      ? v.InferOutput<S>
      : string;
  };
  query: Outputs<Declared<R, "query">>;
  body: R extends { body: { schema: infer S extends Schema } }
    ? v.InferOutput<S>
    : undefined;
  /**
   * The number in `If-Match`, or 0 for `If-None-Match: *`; the hash for a
   * `hash` precondition.
   */
  basedOn: R extends { precondition: "hash" }
    ? string
    : R extends { precondition: "number" }
      ? number
      : undefined;
}

/**
 * The arguments of a client's call: path and query parameters, the body and the
 * precondition.
 */
export type Call<R extends Route> = {
  [N in NamesIn<R["path"]>]: string | number;
} & Inputs<Declared<R, "query">> &
  (R extends { body: { schema: infer S extends Schema } }
    ? { body: v.InferInput<S> }
    : R extends { body: unknown }
      ? { body: string | Blob | ReadableStream; type: string }
      : unknown) &
  (R extends { precondition: "hash" }
    ? { basedOn: string }
    : R extends { precondition: "number" }
      ? { basedOn: number }
      : unknown);

type AnswerOf<A> = A extends { schema: infer S extends Schema }
  ? v.InferOutput<S>
  : Response;
/**
 * The result of a client's call: the JSON of a success, or the whole response
 * if that isn't JSON.
 */
export type Result<R extends Route> = {
  [S in keyof R["answers"]]: AnswerOf<R["answers"][S]>;
}[keyof R["answers"]];
