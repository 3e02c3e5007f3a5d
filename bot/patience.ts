/** What Telegram did not take of an answer is tried again, while the one who asked still waits. */
import type { Transformer } from "grammy";
import type { ApiResponse } from "grammy/types";

/** How often a call is made at most. */
const TRIES = 3;
/** Nothing is tried again later than this after the update came, in milliseconds: Telegram must hear soon that it was taken. */
const PATIENCE = 15_000;
/** How long to wait where Telegram does not say it, in milliseconds. */
const PAUSE = 500;

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** How long to wait before the next try, in milliseconds; null when the answer stands. */
function waitAfter(answer: ApiResponse<unknown>): number | null {
  if (answer.ok) return null;
  if (answer.error_code === 429) return answer.parameters?.retry_after ? answer.parameters.retry_after * 1_000 : PAUSE;
  return answer.error_code >= 500 ? PAUSE : null;
}

/**
 * For the calls of one update. After 429 it waits for as long as Telegram asks, if that is not too long; after 5xx or no answer
 * the message may be there already, so the second one rings no phone.
 */
export function patience({ now, sleep }: Clock): Transformer {
  const until = now() + PATIENCE;
  return async (call, method, payload, signal) => {
    let given = payload;
    for (let tries = 1; ; tries++) {
      const outcome = await call(method, given, signal).then(
        (answer) => ({ answer, wait: waitAfter(answer) }),
        (error: unknown) => ({ error, wait: PAUSE }),
      );
      const { wait } = outcome;
      if (wait === null || tries === TRIES || now() + wait > until) {
        if ("error" in outcome) throw outcome.error;
        return outcome.answer;
      }
      const busy = "answer" in outcome && !outcome.answer.ok && outcome.answer.error_code === 429;
      if (!busy && method === "sendMessage") given = { ...given, disable_notification: true };
      await sleep(wait);
    }
  };
}
