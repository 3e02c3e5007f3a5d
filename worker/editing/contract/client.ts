/**
 * The one client of the API, for the desk, the shell, the local home and the
 * tests: a method for each operation of the contract.
 */

import { addressOf } from "../../../shared/addresses.ts";
import type { Problem } from "../../../shared/failure.ts";
import type { Contract, Operation } from "./contract.ts";
import type { Call, Result, Route } from "./route.ts";
import { type Wire, wires } from "./wire.ts";

const TYPE = "urn:casewire:problem:";

/**
 * The server's refusal, in its words. With the tag `unreachable` and status 0:
 * why there is no answer from Casewire.
 */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.detail} ${problem.remedy}`.trim());
    this.problem = problem;
  }
  get status(): number {
    return this.problem.status;
  }
  /** `error.is("precondition-failed")` */
  is(tag: string): boolean {
    return this.problem.type === TYPE + tag;
  }
}

/** @param detail the reason */
export const unreachable = (detail: string): ApiError =>
  new ApiError({
    type: `${TYPE}unreachable`,
    title: "No answer",
    status: 0,
    detail,
    remedy: "",
  });

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error
    ? error.cause.message || String(error.cause)
    : error.message;
};

type Init = RequestInit & { duplex?: "half" };

export interface ClientSettings {
  /**
   * The deployment's address without a slash at the end; empty for the page's
   * own.
   */
  origin?: string;
  /**
   * An editor's token, or where to find it; it stands in the header of each
   * request and nowhere else.
   */
  token?: string | (() => string);
  /** How long an answer may take, in milliseconds; for ever when absent. */
  timeoutMs?: (body: Init["body"]) => number;
  /** Makes the error that is thrown in place of an `ApiError`. */
  failure?: (error: ApiError, method: Route["method"]) => Error;
}

type Method<R extends Route> = keyof Call<R> extends never
  ? () => Promise<Result<R>>
  : Record<never, never> extends Call<R>
    ? (call?: Call<R>) => Promise<Result<R>>
    : (call: Call<R>) => Promise<Result<R>>;

/** Each method throws an `ApiError`. */
export type Client = { [O in Operation]: Method<Contract[O]> } & {
  /**
   * The server's time as far as its answers tell, in milliseconds since the
   * epoch: this machine's clock may be wrong.
   */
  now(): number;
};

/** A `Date` header has whole seconds: on average it is half a second behind. */
const HALF_SECOND_MS = 500;
/** A difference that whole seconds and the network explain. */
const CLOCK_TOLERANCE_MS = 1_500;

/**
 * How far the server's clock is ahead, in milliseconds; null when its answer
 * does not tell.
 */
function aheadOf(answer: Response, askedAt: number): number | null {
  const told = Date.parse(answer.headers.get("Date") ?? "");
  if (Number.isNaN(told)) return null;
  const ahead = told + HALF_SECOND_MS - (askedAt + Date.now()) / 2;
  return Math.abs(ahead) > CLOCK_TOLERANCE_MS ? ahead : 0;
}

type AnyCall = Record<string, unknown> & {
  body?: unknown;
  type?: string;
  basedOn?: string | number;
};

function requestOf(
  wire: Wire,
  { body, type, basedOn, ...values }: AnyCall,
): { path: string; init: Init } {
  const headers = new Headers();
  if (basedOn === 0) headers.set("If-None-Match", "*");
  else if (basedOn !== undefined) headers.set("If-Match", `"${basedOn}"`);
  const init: Init = { method: wire.method, headers };
  if (wire.body) {
    const isJson = wire.body === "json";
    headers.set("Content-Type", isJson ? "application/json" : String(type));
    init.body = isJson
      ? JSON.stringify(body)
      : (body as NonNullable<Init["body"]>);
    if (body instanceof ReadableStream) init.duplex = "half";
  }
  return {
    path: addressOf(wire.path, values as Record<string, string | number>),
    init,
  };
}

/**
 * The problem of a refusal; null when Casewire did not write it: a captive
 * portal, or a proxy before the deployment.
 */
function problemIn(text: string): Problem | null {
  try {
    const problem: Problem | null = JSON.parse(text);
    return String(problem?.type).startsWith(TYPE) ? problem : null;
  } catch {
    return null;
  }
}

/**
 * What an answer says: JSON, or the whole answer where its route declares
 * something else.
 * @throws ApiError
 */
async function read({ answers }: Wire, answer: Response): Promise<unknown> {
  const { status, headers } = answer;
  const type = answers[status];
  if (
    type === undefined ||
    !(headers.get("Content-Type") ?? "").startsWith(type)
  ) {
    const text = await answer.text().catch(reasonOf);
    const problem = problemIn(text);
    if (problem) throw new ApiError(problem);
    throw unreachable(
      `something other than Casewire answered ${status}: ${text.slice(0, 200).trim()}`,
    );
  }
  if (!/[/+]json$/.test(type)) return answer;
  return answer.json().catch((error) => {
    throw unreachable(`its answer broke off: ${reasonOf(error)}`);
  });
}

export function clientOf({
  origin = "",
  token,
  timeoutMs,
  failure,
}: ClientSettings = {}): Client {
  let ahead = 0;

  async function call(wire: Wire, values: AnyCall): Promise<unknown> {
    const { path, init } = requestOf(wire, values);
    const bearer = typeof token === "function" ? token() : token;
    if (bearer !== undefined)
      (init.headers as Headers).set("Authorization", `Bearer ${bearer}`);
    if (timeoutMs) init.signal = AbortSignal.timeout(timeoutMs(init.body));
    const askedAt = Date.now();
    const answer = await fetch(origin + path, {
      ...init,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    }).catch((error) => {
      throw unreachable(reasonOf(error));
    });
    ahead = aheadOf(answer, askedAt) ?? ahead;
    return read(wire, answer);
  }

  const methods = Object.entries(wires).map(([operation, wire]) => [
    operation,
    (values: AnyCall = {}) =>
      call(wire, values).catch((error) => {
        throw failure && error instanceof ApiError
          ? failure(error, wire.method)
          : error;
      }),
  ]);
  return {
    ...Object.fromEntries(methods),
    now: () => Date.now() + ahead,
  } as Client;
}
