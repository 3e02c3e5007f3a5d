/** What a declaration of a route says. The router, the OpenAPI document and the clients follow from it. */
import type * as v from "valibot";
import type { Failure } from "../../shared/failure.ts";

type Schema = v.GenericSchema<unknown, unknown>;
type Schemas = Record<string, Schema>;

export type Tag = Failure["tag"];

/** A JSON body, parsed and checked before the handler runs, or one that the handler reads itself. */
export type Body =
  | { schema: Schema; limitBytes: number }
  | {
      /** The media types it may have; the handler refuses others. */
      types: string[];
      description: string;
      /** Null for a body that is streamed and never held whole. */
      limitBytes: number | null;
      /** What a larger body is refused with. */
      tooLarge?: "too-large" | "document-too-large";
    };

/** A successful answer. */
export interface Answer {
  description: string;
  /** `application/json` when there is a schema. */
  type?: string;
  schema?: Schema;
}

export interface Route {
  method: "GET" | "PUT" | "POST" | "DELETE";
  /** One of shared/addresses.ts. */
  path: string;
  /** One line for the API reference. */
  summary: string;
  /** Who may call it: anybody, when absent. */
  access?: "editor" | "telegram";
  /** Of its path's `{names}`; any text, when absent. */
  params?: Schemas;
  query?: Schemas;
  /** True where others add parameters of their own to an address (`utm_source`, `ver`, `dnt`); elsewhere unknown ones are refused. */
  ignoresUnknownParameters?: true;
  /** What a change is based on: `If-Match: "3"` or `If-None-Match: *`, or the hash that was read. */
  precondition?: "number" | "hash";
  body?: Body;
  answers: Record<number, Answer>;
  /** Refusals of its own, beside those that follow from the rest of the declaration. */
  refuses?: readonly Tag[];
  /**
   * How long others may keep the answer: `lease`, as long as the leases of what it is made of allow; `deployment`, until the next
   * deployment, revalidated; `revalidate`, only to ask again; `forever`, at an address that names its content; `never`.
   */
  keep: "lease" | "deployment" | "revalidate" | "forever" | "never";
  /** True when a page of any origin may read the answer. */
  anyOrigin?: true;
  /** `page`: a refusal is an HTML page, whatever the client accepts. `view`: problem+json with a view in it. */
  refusals?: "page" | "view";
  /** Answers JSON alone: a client that accepts none gets 406. */
  onlyJson?: true;
}

/** Keeps a declaration's own type. */
export const route = <const R extends Route>(declaration: R): R => declaration;

export type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

type Outputs<S> = { [K in keyof S]: S[K] extends Schema ? v.InferOutput<S[K]> : never };
/** Parameters with a default, or that may be left out, are optional to whoever calls. */
type Inputs<S> = S extends Schemas ? v.InferInput<v.StrictObjectSchema<S, undefined>> : unknown;

type Declared<R, K extends string> = R extends { [P in K]: infer D } ? D : unknown;

/** What a handler is given. */
export interface Input<R extends Route> {
  params: {
    [N in NamesIn<R["path"]>]: R extends { params: { [P in N]: infer S extends Schema } } ? v.InferOutput<S> : string;
  };
  query: Outputs<Declared<R, "query">>;
  body: R extends { body: { schema: infer S extends Schema } } ? v.InferOutput<S> : undefined;
  /** The number of `If-Match`, 0 for `If-None-Match: *`; the hash of a `hash` precondition. */
  basedOn: R extends { precondition: "hash" } ? string : R extends { precondition: "number" } ? number : undefined;
}

/** What a client gives: values of the path and the query, the body, and what a change is based on. */
export type Call<R extends Route> = { [N in NamesIn<R["path"]>]: string | number } & Inputs<Declared<R, "query">> &
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

type AnswerOf<A> = A extends { schema: infer S extends Schema } ? v.InferOutput<S> : Response;
/** What a client gets: the JSON of a success, or the whole answer where that is no JSON. */
export type Result<R extends Route> = { [S in keyof R["answers"]]: AnswerOf<R["answers"][S]> }[keyof R["answers"]];
