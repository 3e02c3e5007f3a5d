import type { Context } from "hono";
import { type Failure, problemOf, retryAfterSeconds } from "../../../shared/failure.ts";

/** Answers with a refusal as problem+json (RFC 9457). @param more extension members */
export function sendProblem(c: Context, failure: Failure, more: Record<string, unknown> = {}, lang = "en"): Response {
  const problem = problemOf(failure);
  const headers: Record<string, string> = {
    "Content-Type": "application/problem+json; charset=utf-8",
    "Content-Language": lang,
  };
  if (failure.tag === "unauthorized" && failure.at !== "webhook")
    headers["WWW-Authenticate"] = 'Bearer realm="casewire"';
  if (failure.tag === "too-many-attempts") headers["Retry-After"] = String(failure.seconds);
  const retryAfter = retryAfterSeconds(failure.tag);
  if (retryAfter !== null) headers["Retry-After"] = String(retryAfter);
  if (failure.tag === "method-not-allowed") headers.Allow = failure.allow;
  return c.body(JSON.stringify({ ...problem, ...more }), problem.status as 400, headers);
}
