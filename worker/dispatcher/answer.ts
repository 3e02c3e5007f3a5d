import { GrammyError } from "grammy";
import type { Answer } from "./verdict.ts";

/** What a failed call came to. No answer at all is code 0. Nothing of the request is kept: it holds the chat's id. */
export function answerOf(error: unknown): Answer {
  if (!(error instanceof GrammyError)) return { ok: false, code: 0, description: "no answer" };
  const { error_code: code, description, parameters } = error;
  return {
    ok: false,
    code,
    description,
    ...(parameters?.retry_after === undefined ? {} : { retryAfter: parameters.retry_after }),
    ...(parameters?.migrate_to_chat_id === undefined ? {} : { migrateTo: parameters.migrate_to_chat_id }),
  };
}
