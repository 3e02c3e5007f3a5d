/**
 * Parses preconditions and JSON bodies of requests, and turns outcomes of the
 * Ledger into results or refusals.
 */
import type { Context } from "hono";
import { Refusal } from "../../../shared/failure.ts";
import type { Outcome } from "../../objects/ledger/command.ts";

/** A refusal of one field of a body. */
export const invalidField = (pointer: string, message: string): Refusal =>
  new Refusal({ tag: "invalid-case", issues: [{ pointer, message }] });

const tags = { number: /^"([1-9]\d{0,8})"$/, hash: /^"([0-9a-f]{64})"$/ };

/**
 * What a change is based on: the number or the hash in the quoted `If-Match`,
 * or the number 0 for `If-None-Match: *`.
 * @throws Refusal
 */
export function basedOn(c: Context, kind: "number" | "hash"): number | string {
  const [match, none] = [
    c.req.header("If-Match"),
    kind === "number" ? c.req.header("If-None-Match") : undefined,
  ];
  if (match === undefined && none === undefined)
    throw new Refusal({ tag: "precondition-required" });
  if (match === undefined && none === "*") return 0;
  const [, given] = (none === undefined && tags[kind].exec(match ?? "")) || [];
  if (given === undefined) throw new Refusal({ tag: "malformed-precondition" });
  return kind === "number" ? Number(given) : given;
}

/**
 * Levels of nesting in a body. A case has about ten, and later code recurses
 * into each level.
 */
const MAX_BODY_DEPTH = 64;

function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_BODY_DEPTH) return true;
    level = level.flatMap((item) =>
      typeof item === "object" && item !== null ? Object.values(item) : [],
    );
  }
  return false;
}

/** @throws Refusal `not-json` or `broken-json` */
export async function jsonBody(c: Context): Promise<unknown> {
  if (
    !/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(
      c.req.header("Content-Type") ?? "",
    )
  )
    throw new Refusal({ tag: "not-json" });
  const bytes = await c.req.arrayBuffer();
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Refusal({
      tag: "broken-json",
      detail:
        error instanceof SyntaxError ? error.message : "The body is not UTF-8.",
    });
  }
  if (isTooDeep(body))
    throw new Refusal({
      tag: "broken-json",
      detail: `The body is nested more than ${MAX_BODY_DEPTH} levels deep.`,
    });
  return body;
}

/** The result of an outcome. @throws Refusal when it is a failure */
export function unwrap<T>(outcome: Outcome<T>): T {
  if ("failure" in outcome) throw new Refusal(outcome.failure);
  return outcome.done;
}
