/** Turns results of Bot API calls into answers. */
import type { GrammyError, HttpError } from "grammy";
import { type Answer, NO_ANSWER_IN_TIME } from "./verdict.ts";

/**
 * A fetch for grammY, which reads only JSON. A 5xx page from a proxy, such as Cloudflare's 521 for a refused connection, becomes a
 * JSON error with that status. Other answers that aren't JSON don't come from Telegram either; grammY treats them as no answer.
 */
export const fetchJson: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  if (answer.status < 500 || answer.headers.get("Content-Type")?.includes("json")) return answer;
  await answer.body?.cancel();
  return Response.json({ ok: false, error_code: answer.status, description: answer.statusText || "no description" });
};

// By name, because grammY's classes aren't loaded at start (Dispatcher.#open).
const isGrammyError = (error: unknown): error is GrammyError => error instanceof Error && error.name === "GrammyError";
const isHttpError = (error: unknown): error is HttpError => error instanceof Error && error.name === "HttpError";

/** grammY reports a timeout only in the message of the error. */
const timedOut = (error: unknown) =>
  isHttpError(error) && error.error instanceof Error && /timed out|abort/i.test(error.error.message);

/** The answer for a failed call; code 0 when there was no answer. Drops the request, because it contains the chat's id. */
export function answerOf(error: unknown): Answer {
  if (!isGrammyError(error))
    return { ok: false, code: 0, description: timedOut(error) ? NO_ANSWER_IN_TIME : "no answer" };
  const { error_code: code, description, parameters } = error;
  return {
    ok: false,
    code,
    description,
    ...(parameters?.retry_after === undefined ? {} : { retryAfter: parameters.retry_after }),
    ...(parameters?.migrate_to_chat_id === undefined ? {} : { migrateTo: parameters.migrate_to_chat_id }),
  };
}
