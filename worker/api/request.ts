/** What an editor's request says, or why it is refused. */
import type { Context } from "hono";
import * as v from "valibot";
import { Refusal } from "../../shared/failure.ts";
import type { Outcome } from "../ledger/command.ts";
import { invalidQuery } from "./invalid.ts";

/** A whole number from 1 out of an address. */
export const number = (what: string) =>
  v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/, `must be ${what}`), v.transform(Number));

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

export function query<S extends v.GenericSchema>(c: Context, schema: S): v.InferOutput<S> {
  const parsed = v.safeParse(schema, c.req.query());
  if (!parsed.success) throw invalidQuery(parsed.issues);
  return parsed.output;
}

/** What a change is based on: the quoted number of `If-Match`, or 0 for `If-None-Match: *`. */
export function basedOn(c: Context): number {
  const [match, none] = [c.req.header("If-Match"), c.req.header("If-None-Match")];
  if (match === undefined && none === undefined) throw new Refusal({ tag: "precondition-required" });
  if (match === undefined && none === "*") return 0;
  const quoted = none === undefined && /^"([1-9]\d{0,8})"$/.exec(match ?? "");
  if (!quoted) throw new Refusal({ tag: "malformed-precondition" });
  return Number(quoted[1]);
}

/** How deep a body may be nested: a case is some ten levels deep, and what walks it goes down level by level. */
const DEEPEST = 64;

function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return false;
}

export async function jsonBody(c: Context): Promise<unknown> {
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(c.req.header("Content-Type") ?? ""))
    throw new Refusal({ tag: "not-json" });
  const bytes = await c.req.arrayBuffer();
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Refusal({
      tag: "broken-json",
      detail: error instanceof SyntaxError ? error.message : "The body is not UTF-8.",
    });
  }
  if (isTooDeep(body))
    throw new Refusal({ tag: "broken-json", detail: `The body is nested more than ${DEEPEST} levels deep.` });
  return body;
}

export function doneOrRefused<T>(outcome: Outcome<T>): T {
  if ("failure" in outcome) throw new Refusal(outcome.failure);
  return outcome.done;
}
