/** What each of Telegram's answers to a send means for the delivery. */
import { withoutIds } from "../../bot/text.ts";

export type Answer =
  | { ok: true }
  | {
      ok: false;
      /** Telegram's error_code; 0 when there was no answer at all. */
      code: number;
      description: string;
      retryAfter?: number;
      migrateTo?: number;
    };

export type Verdict =
  | { do: "done" }
  /** The chat wants or can get nothing more: everything about it goes. */
  | { do: "end" }
  /** The topic is gone; the chat's other topics stay. Nothing meant for one topic is put into another. */
  | { do: "end-topic" }
  | { do: "again"; after: number; trouble: string }
  /** It may or may not have arrived: sent again, silently. */
  | { do: "again-silently"; after: number; trouble: string }
  | { do: "migrate"; to: number }
  /** Kept for a person to look at. */
  | { do: "park"; trouble: string }
  | { do: "pause"; for: number }
  /** Nothing can be sent with this token. */
  | { do: "stop"; trouble: string };

/** What is said of a send that Telegram left without an answer for the whole wait. */
export const NO_ANSWER_IN_TIME = "no answer in time";
/** How long such a send may still land, in milliseconds: a newer message must not come before it. */
const LATE_ARRIVAL_MS = 15_000;
/** What is said of a send that the token was onTokenRefused for. */
export const TOKEN_REFUSED = "token onTokenRefused";
/** How long after a first "chat not found" it is tried once more. */
const SECOND_TRY_DELAY_MS = 60_000;
/** Backs off from a second to five minutes; given up after about a day, since Telegram itself may be down for hours. */
const backoffMs = (attempts: number) => Math.min(300_000, 1_000 * 2 ** Math.min(attempts, 9));
const MAX_ATTEMPTS = 300;
/**
 * What Cloudflare answers in the place of a host that no connection came about with: onTokenRefused, no way there, no TLS. Nothing was
 * sent then. A fetch that throws says only that the connection was lost, also when it never was; so that stays uncertain.
 */
const NOT_CONNECTED_STATUSES = [521, 523, 525, 526];
/** 429 without a number, in seconds. */
const DEFAULT_PAUSE_S = 5;

interface Rule {
  when: (answer: Extract<Answer, { ok: false }>) => boolean;
  give: (answer: Extract<Answer, { ok: false }>, attempts: number, trouble: string | null) => Verdict;
}

const says = (text: string) => (answer: { description: string }) => answer.description.toLowerCase().includes(text);
const code =
  (...codes: number[]) =>
  (answer: { code: number }) =>
    codes.includes(answer.code);

/** The token was onTokenRefused; of a message that meets it again after the token was found good, that says nothing of the token. */
const onTokenRefused: Rule["give"] = (_, attempts, trouble) => {
  if (trouble !== TOKEN_REFUSED) return { do: "stop", trouble: TOKEN_REFUSED };
  if (attempts >= MAX_ATTEMPTS) return { do: "park", trouble };
  return { do: "again", after: Math.max(SECOND_TRY_DELAY_MS, backoffMs(attempts)), trouble };
};

/** The first rule that fits counts. */
const rules: Rule[] = [
  { when: code(401), give: onTokenRefused },
  { when: code(429), give: ({ retryAfter = DEFAULT_PAUSE_S }) => ({ do: "pause", for: retryAfter * 1000 }) },
  {
    when: ({ migrateTo }) => migrateTo !== undefined,
    give: ({ migrateTo }) => ({ do: "migrate", to: migrateTo as number }),
  },
  { when: says("message is not modified"), give: () => ({ do: "done" }) },
  { when: code(403), give: () => ({ do: "end" }) },
  { when: says("message thread not found"), give: () => ({ do: "end-topic" }) },
  { when: says("topic_deleted"), give: () => ({ do: "end-topic" }) },
  {
    when: says("chat not found"),
    give: (_, __, trouble) =>
      trouble === "chat not found"
        ? { do: "end" }
        : { do: "again", after: SECOND_TRY_DELAY_MS, trouble: "chat not found" },
  },
  {
    when: code(...NOT_CONNECTED_STATUSES),
    give: (_, attempts) =>
      attempts >= MAX_ATTEMPTS
        ? { do: "park", trouble: "not connected" }
        : { do: "again", after: backoffMs(attempts), trouble: "not connected" },
  },
  {
    when: ({ code }) => code === 0 || code >= 500,
    give: ({ code, description }, attempts) => {
      const trouble = code === 0 ? description : `answer ${code}`;
      const after = Math.max(backoffMs(attempts), trouble === NO_ANSWER_IN_TIME ? LATE_ARRIVAL_MS : 0);
      return attempts >= MAX_ATTEMPTS ? { do: "park", trouble } : { do: "again-silently", after, trouble };
    },
  },
  // What Telegram says to a token that is not one.
  { when: code(404), give: onTokenRefused },
  {
    when: () => true,
    give: ({ code, description }) => ({ do: "park", trouble: `${code} ${withoutIds(description)}`.slice(0, 200) }),
  },
];

/**
 * @param attempts how often it was tried before
 * @param trouble what went wrong the last time, if anything
 */
export function verdictOn(answer: Answer, attempts: number, trouble: string | null): Verdict {
  if (answer.ok) return { do: "done" };
  const rule = rules.find(({ when }) => when(answer)) as Rule;
  return rule.give(answer, attempts, trouble);
}
