/**
 * Inline mode for the stand-in, whose package has none. Responses are JSON.
 *
 *   POST /inline/query  {text, user?, language?, offset?}   types "@bot text" and waits for the bot's answer
 *                       -> {id, results, button?, next_offset, cache_time, is_personal}
 *   POST /inline/choose {query, result, feedback?}          sends that result as the only message of a chat of its own; feedback: false
 *                       doesn't notify the bot, like Telegram when inline feedback is off -> {message}, the chat's id
 */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  byteLength,
  hasLength,
  type Json,
  mustFit,
  parsed,
  requireThat,
} from "./stand-in-limits.ts";

const QUERY_TIMEOUT_MS = 10_000;
const MAX_RESULTS = 50;
const MAX_ID_BYTES = 64;

/**
 * @param enqueue sends an update to the webhook
 * @param send adds a message of the bot's
 */
export function inlineMode(
  enqueue: (update: Json) => void,
  person: (id: number, language: string) => Json,
  send: (message: Json) => void,
) {
  const queries = new Map<string, Json>();
  let nextId = Date.now();

  return {
    /** @throws BadRequest */
    answer(body: Json): true {
      const query = queries.get(String(body.inline_query_id));
      requireThat(
        query !== undefined,
        "query is too old and response timeout expired or query ID is invalid",
      );
      const [results, button] = [
        parsed(body.results) ?? [],
        parsed(body.button),
      ];
      requireThat(results.length <= MAX_RESULTS, "RESULTS_TOO_MUCH");
      requireThat(
        new Set(results.map(({ id }: Json) => id)).size === results.length,
        "RESULT_ID_DUPLICATE",
      );
      requireThat(
        byteLength(body.next_offset) <= MAX_ID_BYTES,
        "NEXT_OFFSET_INVALID",
      );
      requireThat(
        !button || /^[A-Za-z0-9_-]{1,64}$/.test(button.start_parameter ?? ""),
        "START_PARAM_INVALID",
      );
      for (const {
        id,
        type,
        title,
        input_message_content: content,
        reply_markup,
      } of results) {
        requireThat(
          hasLength(byteLength(id), MAX_ID_BYTES),
          "RESULT_ID_INVALID",
        );
        requireThat(
          type === "article" && title && content,
          "RESULT_TYPE_INVALID",
        );
        mustFit({
          text: content.message_text,
          entities: content.entities,
          reply_markup,
        });
      }
      const { next_offset = "", cache_time = 300, is_personal } = body;
      query.results = results;
      query.answered({
        ...{ results, button, next_offset },
        ...{
          cache_time: Number(cache_time),
          is_personal: String(is_personal) === "true",
        },
      });
      return true;
    },

    routes(app: Json): void {
      app.post("/inline/query", async ({ body }: Json, response: Json) => {
        const { text, user = 1, language = "en", offset = "" } = body;
        const id = String(nextId++);
        const answer = await new Promise<Json>((resolve) => {
          queries.set(id, {
            user,
            language,
            text,
            results: [],
            answered: resolve,
          });
          enqueue({
            inline_query: {
              id,
              from: person(user, language),
              query: text,
              offset,
              chat_type: "group",
            },
          });
          void wait(QUERY_TIMEOUT_MS, null, { ref: false }).then(resolve);
        });
        if (answer) response.json({ id, ...answer });
        else response.status(504).json({ message: "the bot did not answer" });
      });

      app.post("/inline/choose", ({ body }: Json, response: Json) => {
        const { user, language, text, results } = queries.get(body.query);
        const {
          id,
          reply_markup,
          input_message_content: content,
        } = results.find(({ id }: Json) => id === body.result);
        // Like Telegram's, the id contains the id of the message's author.
        const message = `BAAA${user}-${randomBytes(12).toString("base64url")}`;
        send({
          chat_id: message,
          text: content.message_text,
          entities: content.entities ?? [],
          reply_markup,
        });
        if (body.feedback !== false)
          enqueue({
            chosen_inline_result: {
              ...{ result_id: id, from: person(user, language), query: text },
              ...(reply_markup?.inline_keyboard?.length > 0
                ? { inline_message_id: message }
                : {}),
            },
          });
        response.json({ message });
      });
    },
  };
}
