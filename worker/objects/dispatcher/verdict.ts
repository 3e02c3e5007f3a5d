/**
 * What can happen with a delivery, and what each of Telegram's answers means
 * for it.
 */
import { withoutIds } from "../../../bot/text.ts";

export type SendAnswer =
  | {
      ok: true;
      /** The message's address, where it can be edited later. */
      handle?: string;
      /** The chat is public. */
      isPublic?: boolean;
    }
  | {
      ok: false;
      /** The carrier's code; 0 when there was no answer at all. */
      code: number;
      description: string;
      retryAfter?: number | undefined;
      migrateTo?: number | undefined;
    };

export type Verdict =
  | { do: "done" }
  /**
   * The chat can't be reached any more, or doesn't want to be: everything about
   * it is deleted.
   */
  | { do: "end" }
  /**
   * The topic no longer exists: its follows are deleted. Its messages don't go
   * to another topic.
   */
  | { do: "end-topic" }
  /** Not sent: try again after so many milliseconds. */
  | { do: "again"; after: number; trouble: string }
  /** It may or may not have arrived: send it again without a notification. */
  | { do: "again-silently"; after: number; trouble: string }
  | { do: "migrate"; to: number }
  /** Kept for an operator to look at. */
  | { do: "park"; trouble: string }
  /**
   * The carrier, or the service of the follower's device, asks to pause for so
   * many milliseconds.
   */
  | { do: "pause"; for: number }
  /** Our credentials are refused. */
  | { do: "stop"; trouble: string };

/** Stored as the trouble of a send that timed out. */
export const NO_ANSWER_IN_TIME = "no answer in time";
/** How long such a send may still arrive. A newer message waits for it. */
const LATE_ARRIVAL_MS = 15_000;
/**
 * Stored as the trouble of a send that the platform refused: nothing has left,
 * so the next try may ring.
 */
export const NOT_SENT = "not sent";
const TOKEN_REFUSED: Verdict = { do: "stop", trouble: "token refused" };
/**
 * What Telegram says of an unknown chat, and the trouble that is stored for it.
 */
const CHAT_NOT_FOUND = "chat not found";
/** The delay after a first "chat not found". */
const SECOND_TRY_DELAY_MS = 60_000;
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 300_000;
export const backoffMs = (attempts: number) =>
  Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(attempts, 9));
/** Tries for about a day, because Telegram may be down for hours. */
export const MAX_ATTEMPTS = 300;
/**
 * Cloudflare's statuses for a host that it couldn't connect to: refused,
 * unreachable, TLS failure. Nothing was sent then. A fetch that throws doesn't
 * tell whether there ever was a connection, so its outcome is uncertain.
 */
const NOT_CONNECTED_STATUSES = [521, 523, 525, 526];
/** For a 429 without `retry_after`. */
export const DEFAULT_PAUSE_S = 5;

/**
 * What one of Telegram's answers means.
 * @param attempts the number of earlier tries
 * @param trouble the failure of the last try, or null
 */
export function verdictOn(
  answer: SendAnswer,
  attempts: number,
  trouble: string | null,
): Verdict {
  if (answer.ok) return { do: "done" };
  const { code, description, retryAfter = DEFAULT_PAUSE_S, migrateTo } = answer;
  const says = (text: string) => description.toLowerCase().includes(text);
  const isLast = attempts >= MAX_ATTEMPTS;
  if (code === 401) return TOKEN_REFUSED;
  if (code === 429) return { do: "pause", for: retryAfter * 1000 };
  if (migrateTo !== undefined) return { do: "migrate", to: migrateTo };
  if (says("message is not modified")) return { do: "done" };
  if (code === 403) return { do: "end" };
  if (says("message thread not found") || says("topic_deleted"))
    return { do: "end-topic" };
  if (says(CHAT_NOT_FOUND))
    return trouble === CHAT_NOT_FOUND
      ? { do: "end" }
      : { do: "again", after: SECOND_TRY_DELAY_MS, trouble: CHAT_NOT_FOUND };
  // The next invocation may send again, so it doesn't count as a failure of
  // Telegram.
  if (description === NOT_SENT)
    return { do: "again", after: 0, trouble: NOT_SENT };
  if (NOT_CONNECTED_STATUSES.includes(code))
    return isLast
      ? { do: "park", trouble: "not connected" }
      : { do: "again", after: backoffMs(attempts), trouble: "not connected" };
  if (code === 0 || code >= 500) {
    const failure = code === 0 ? description : `answer ${code}`;
    const after = Math.max(
      backoffMs(attempts),
      failure === NO_ANSWER_IN_TIME ? LATE_ARRIVAL_MS : 0,
    );
    return isLast
      ? { do: "park", trouble: failure }
      : { do: "again-silently", after, trouble: failure };
  }
  // Telegram's answer to a malformed token.
  if (code === 404) return TOKEN_REFUSED;
  return {
    do: "park",
    trouble: `${code} ${withoutIds(description)}`.slice(0, 200),
  };
}
