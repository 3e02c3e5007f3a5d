/** The one client of the API, for the desk, the shell, the local home and the tests: a method for each operation of the contract. */

import { addressOf } from "../../shared/addresses.ts";
import type { Problem } from "../../shared/failure.ts";
import { type Contract, contract, type Operation } from "./contract.ts";
import type { Call, Result, Route } from "./route.ts";

/** What the server refused, in its words. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.detail} ${problem.remedy}`.trim());
    this.problem = problem;
  }
  /** 0 when nobody answered, or something other than Casewire did. */
  get status(): number {
    return this.problem.status;
  }
  /** `error.is("precondition-failed")` */
  is(tag: string): boolean {
    return this.problem.type === `urn:casewire:problem:${tag}`;
  }
}

const UNREACHABLE = "about:blank";

/** A failure to get an answer at all: `detail` is the reason. */
const unreachable = (detail: string): ApiError =>
  new ApiError({ type: UNREACHABLE, title: "No answer", status: 0, detail, remedy: "" });

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
};

export interface ClientSettings {
  /** The deployment's address without a slash at the end; empty for the page's own. */
  origin?: string;
  /** An editor's token; it stands in the header of each request and nowhere else. */
  token?: string;
  /** How long an answer may take, in milliseconds; for ever when absent. */
  timeoutMs?: (body: BodyInit | null) => number;
}

type Method<R extends Route> = keyof Call<R> extends never
  ? () => Promise<Result<R>>
  : Record<never, never> extends Call<R>
    ? (call?: Call<R>) => Promise<Result<R>>
    : (call: Call<R>) => Promise<Result<R>>;

export type Client = { [O in Operation]: Method<Contract[O]> } & {
  /** The server's time as far as its answers tell, in milliseconds since the epoch: this machine's clock may be wrong. */
  now(): number;
  /** Any request with the token, for what is no operation of the contract. @throws ApiError */
  send(path: string, init?: RequestInit): Promise<Response>;
};

/** A `Date` header has whole seconds: on average it is half a second behind. */
const HALF_SECOND_MS = 500;
/** What whole seconds and the way here explain. */
const CLOCK_TOLERANCE_MS = 1_500;

/** How far the server's clock is ahead, in milliseconds; null when its answer does not tell. */
function aheadOf(answer: Response, askedAt: number): number | null {
  const told = Date.parse(answer.headers.get("Date") ?? "");
  if (Number.isNaN(told)) return null;
  const ahead = told + HALF_SECOND_MS - (askedAt + Date.now()) / 2;
  return Math.abs(ahead) > CLOCK_TOLERANCE_MS ? ahead : 0;
}

type AnyCall = Record<string, unknown> & { body?: unknown; type?: string; basedOn?: string | number };

function requestOf(route: Route, { body, type, basedOn, ...values }: AnyCall): { path: string; init: RequestInit } {
  const headers: Record<string, string> = {};
  if (basedOn === 0) headers["If-None-Match"] = "*";
  else if (basedOn !== undefined) headers["If-Match"] = `"${basedOn}"`;
  const isJson = route.body && "schema" in route.body;
  if (route.body) headers["Content-Type"] = isJson ? "application/json" : String(type);
  const sent = route.body && (isJson ? JSON.stringify(body) : (body as BodyInit));
  const init: RequestInit = { method: route.method, headers, ...(sent === undefined ? {} : { body: sent }) };
  return { path: addressOf(route.path, values as Record<string, string | number>), init };
}

async function refusalOf(answer: Response): Promise<ApiError> {
  const text = await answer.text().catch(reasonOf);
  if (answer.headers.get("Content-Type")?.startsWith("application/problem+json"))
    return new ApiError(JSON.parse(text) as Problem);
  return unreachable(`something else than Casewire answered ${answer.status}: ${text.slice(0, 200).trim()}`);
}

export function clientOf({ origin = "", token, timeoutMs }: ClientSettings = {}): Client {
  let ahead = 0;

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
    const askedAt = Date.now();
    const signal = timeoutMs ? { signal: AbortSignal.timeout(timeoutMs(init.body ?? null)) } : {};
    const isStream = init.body instanceof ReadableStream ? { duplex: "half" } : {};
    const answer = await fetch(origin + path, {
      ...init,
      ...signal,
      ...isStream,
      headers,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
    }).catch((error) => {
      throw unreachable(reasonOf(error));
    });
    ahead = aheadOf(answer, askedAt) ?? ahead;
    if (!answer.ok) throw await refusalOf(answer);
    return answer;
  }

  async function call(route: Route, values: AnyCall): Promise<unknown> {
    const { path, init } = requestOf(route, values);
    const answer = await send(path, init);
    const declared = route.answers[answer.status];
    if (!declared?.schema) return answer;
    const type = declared.type ?? "application/json";
    if (!answer.headers.get("Content-Type")?.startsWith(type))
      throw unreachable(`something else than Casewire answered ${answer.status}`);
    return answer.json().catch((error) => {
      throw unreachable(`the answer broke off: ${reasonOf(error)}`);
    });
  }

  const methods = Object.fromEntries(
    Object.entries<Route>(contract).map(([operation, route]) => [
      operation,
      (values: AnyCall = {}) => call(route, values),
    ]),
  );
  return { ...methods, send, now: () => Date.now() + ahead } as Client;
}
