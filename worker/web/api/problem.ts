import type { Context } from "hono";
import {
  type Failure,
  problemOf,
  retryAfterSeconds,
} from "../../../shared/failure.ts";

/** What a refusal says beside its body. */
export function refusalHeaders(failure: Failure): Record<string, string> {
  const seconds =
    failure.tag === "too-many-attempts"
      ? failure.seconds
      : retryAfterSeconds(failure.tag);
  return {
    ...(seconds === null ? {} : { "Retry-After": String(seconds) }),
    ...(failure.tag === "method-not-allowed"
      ? { Allow: String(failure.allow) }
      : {}),
  };
}

/**
 * Answers with a refusal as problem+json (RFC 9457).
 * @param more extension members
 */
export function sendProblem(
  c: Context,
  failure: Failure,
  more: Record<string, unknown> = {},
  lang = "en",
): Response {
  const problem = problemOf(failure);
  return c.body(
    JSON.stringify({ ...problem, ...more }),
    problem.status as 400,
    {
      "Content-Type": "application/problem+json; charset=utf-8",
      "Content-Language": lang,
      ...(failure.tag === "unauthorized" && failure.at !== "webhook"
        ? { "WWW-Authenticate": 'Bearer realm="casewire"' }
        : {}),
      ...refusalHeaders(failure),
    },
  );
}
