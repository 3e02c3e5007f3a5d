/**
 * Calls of the Bot API. The Dispatcher makes four kinds of them, and every
 * isolate would parse grammY, whose parts are for bots.
 */
import type { ApiMethods, ApiResponse } from "grammy/types";
import { NO_ANSWER_IN_TIME, NOT_SENT, type SendAnswer } from "./verdict.ts";

const TIMEOUT_MS = 10_000;
/**
 * The platform's error for a request that it doesn't make, because the
 * invocation has made too many.
 */
const REFUSED = /too many (?:subrequests|concurrent)/i;

type Method = keyof ApiMethods;
type Failed = Extract<SendAnswer, { ok: false }>;

/** Never throws: without an answer, the code is 0. */
export type TelegramApi = <M extends Method>(
  method: M,
  ...payload: Parameters<ApiMethods[M]>
) => Promise<{ ok: true; result: ReturnType<ApiMethods[M]> } | Failed>;

export const telegramApi =
  (token: string, apiRoot: string): TelegramApi =>
  async (method, ...[payload]) => {
    try {
      const answer = await fetch(`${apiRoot}/bot${token}/${method}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(payload ?? {}),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      // A page of a proxy, such as Cloudflare's 521 for a refused connection.
      if (
        answer.status >= 500 &&
        !answer.headers.get("Content-Type")?.includes("json")
      ) {
        await answer.body?.cancel();
        return {
          ok: false,
          code: answer.status,
          description: answer.statusText || "no description",
        };
      }
      const said =
        await answer.json<ApiResponse<ReturnType<ApiMethods[typeof method]>>>();
      if (said.ok) return said;
      const {
        error_code: code,
        description,
        parameters: { retry_after, migrate_to_chat_id } = {},
      } = said;
      return {
        ok: false,
        code,
        description,
        retryAfter: retry_after,
        migrateTo: migrate_to_chat_id,
      };
    } catch (error) {
      // Anything else that isn't JSON doesn't come from Telegram either.
      const { name = "", message = "" } = error instanceof Error ? error : {};
      if (REFUSED.test(message))
        return { ok: false, code: 0, description: NOT_SENT };
      return {
        ok: false,
        code: 0,
        description: name === "TimeoutError" ? NO_ANSWER_IN_TIME : "no answer",
      };
    }
  };
