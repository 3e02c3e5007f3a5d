/** What a call of Telegram came to. */
import { GrammyError, HttpError } from "grammy";
import { type Answer, NO_ANSWER_IN_TIME } from "./verdict.ts";

/**
 * A fetch for grammY, which reads JSON only: an error page of what stands between Telegram and here, Cloudflare's 521 for a
 * refused connection for instance, becomes a refusal with that status. Less than 500 is not Telegram's word either, and stays
 * no answer.
 */
export const fetchJson: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  if (answer.status < 500 || answer.headers.get("Content-Type")?.includes("json")) return answer;
  await answer.body?.cancel();
  return Response.json({ ok: false, error_code: answer.status, description: answer.statusText || "no words" });
};

/** Whether grammY gave up waiting, which it says in words only. */
const timedOut = (error: unknown) =>
  error instanceof HttpError && error.error instanceof Error && /timed out|abort/i.test(error.error.message);

/** What a failed call came to. No answer at all is code 0. Nothing of the request is kept: it holds the chat's id. */
export function answerOf(error: unknown): Answer {
  if (!(error instanceof GrammyError))
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
