/** Retries failed calls to Telegram while the user waits for the answer. */
import type { Transformer } from "grammy";
import type { ApiResponse } from "grammy/types";

const MAX_TRIES = 3;
/**
 * No retry starts later than this after the update arrived: Telegram waits for
 * the webhook's response.
 */
const RETRY_WINDOW_MS = 15_000;
/** The pause before a retry when Telegram names none. */
const DEFAULT_PAUSE_MS = 500;

export interface BotClock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** Milliseconds to wait before a retry; null when the answer is final. */
function waitAfter(answer: ApiResponse<unknown>): number | null {
  if (answer.ok) return null;
  if (answer.error_code === 429)
    return answer.parameters?.retry_after
      ? answer.parameters.retry_after * 1_000
      : DEFAULT_PAUSE_MS;
  return answer.error_code >= 500 ? DEFAULT_PAUSE_MS : null;
}

/**
 * For the calls of one update. After 429 it waits as long as Telegram asks,
 * within the window. After 5xx or a network error the message may have arrived
 * already, so the retry is sent without a notification.
 */
export function retryFailedCalls({ now, sleep }: BotClock): Transformer {
  const until = now() + RETRY_WINDOW_MS;
  return async (call, method, payload, signal) => {
    let given = payload;
    for (let tries = 1; ; tries++) {
      const outcome = await call(method, given, signal).then(
        (answer) => ({ answer, wait: waitAfter(answer) }),
        (error: unknown) => ({ error, wait: DEFAULT_PAUSE_MS }),
      );
      const { wait } = outcome;
      if (wait === null || tries === MAX_TRIES || now() + wait > until) {
        if ("error" in outcome) throw outcome.error;
        return outcome.answer;
      }
      const busy =
        "answer" in outcome &&
        !outcome.answer.ok &&
        outcome.answer.error_code === 429;
      if (!busy && method === "sendMessage")
        given = { ...given, disable_notification: true };
      await sleep(wait);
    }
  };
}
