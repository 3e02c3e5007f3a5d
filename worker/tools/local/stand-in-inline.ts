/**
 * Inline mode for the stand-in, whose package has none. Responses are JSON.
 *
 *   POST /inline/query  {text, user?, language?, offset?}   types "@bot text" and waits for the bot's answer
 *                       -> {id, results, button?, next_offset, cache_time, is_personal}
 *   POST /inline/choose {query, result, feedback?}          sends that result; feedback: false doesn't notify the bot, like
 *                       Telegram when inline feedback is off -> {message}
 *   GET  /inline/message?id=MESSAGE                         -> {text, entities, keyboard, edits: [{date (ms), text}], notices}
 *   POST /inline/press  {message, data, user?, language?}   presses a button of the message -> {}
 *
 * Like Telegram, it refuses more than 50 results; result ids that are empty, too long or not unique; texts, entities and buttons
 * outside the limits; a deep link's parameter with other characters; unknown queries and messages; and edits without a change.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { byteLength, type Json, parsed, refusal } from "./stand-in-limits.ts";

export interface InlineModeTools {
  /** Sends an update to the webhook. */
  enqueue(update: Json): void;
  /** Sends a press of a button. @param answered gets the bot's first answer that has a text */
  press(query: Json, answered: (answer: Json) => void): void;
  person(id: number, language: string): Json;
}

interface Query {
  user: number;
  language: string;
  text: string;
  answered(answer: Json): void;
  results: Json[];
}

interface InlineMessage {
  text: string;
  entities: Json[];
  keyboard: Json[][];
  edits: { date: number; text: string }[];
  notices: string[];
}

const QUERY_TIMEOUT_MS = 10_000;
const MAX_RESULTS = 50;
const MAX_ID_BYTES = 64;

export function inlineMode({ enqueue, press, person }: InlineModeTools) {
  const queries = new Map<string, Query>();
  const messages = new Map<string, InlineMessage>();
  let nextId = Date.now();

  /** Telegram's error for an answer to an inline query, or null. */
  function answerError(body: Json, results: Json[]): string | null {
    if (!queries.has(String(body.inline_query_id)))
      return "Bad Request: query is too old and response timeout expired or query ID is invalid";
    if (results.length > MAX_RESULTS) return "Bad Request: RESULTS_TOO_MUCH";
    if (new Set(results.map(({ id }) => id)).size !== results.length) return "Bad Request: RESULT_ID_DUPLICATE";
    if (byteLength(body.next_offset) > MAX_ID_BYTES) return "Bad Request: NEXT_OFFSET_INVALID";
    const button = parsed(body.button);
    if (button && !/^[A-Za-z0-9_-]{1,64}$/.test(button.start_parameter ?? ""))
      return "Bad Request: START_PARAM_INVALID";
    for (const { id, type, title, input_message_content: content, reply_markup } of results) {
      if (byteLength(id) < 1 || byteLength(id) > MAX_ID_BYTES) return "Bad Request: RESULT_ID_INVALID";
      if (type !== "article" || !title || !content) return "Bad Request: RESULT_TYPE_INVALID";
      const refused = refusal({ text: content.message_text, entities: content.entities, reply_markup });
      if (refused) return refused;
    }
    return null;
  }

  function answerInlineQuery(body: Json): string | null {
    const results: Json[] = parsed(body.results) ?? [];
    const error = answerError(body, results);
    if (error) return error;
    const query = queries.get(String(body.inline_query_id)) as Query;
    query.results = results;
    query.answered({
      results,
      button: parsed(body.button),
      next_offset: body.next_offset ?? "",
      cache_time: Number(body.cache_time ?? 300),
      is_personal: String(body.is_personal) === "true",
    });
    return null;
  }

  function edit(body: Json, withText: boolean): string | null {
    const message = messages.get(String(body.inline_message_id));
    if (!message) return "Bad Request: MESSAGE_ID_INVALID";
    const keyboard = parsed(body.reply_markup)?.inline_keyboard ?? [];
    const wanted = withText
      ? { text: body.text, entities: parsed(body.entities) ?? [], keyboard }
      : { text: message.text, entities: message.entities, keyboard };
    const refused = refusal({ ...wanted, reply_markup: { inline_keyboard: keyboard } });
    if (refused) return refused;
    const { text, entities, keyboard: before } = message;
    if (JSON.stringify(wanted) === JSON.stringify({ text, entities, keyboard: before }))
      return "Bad Request: message is not modified";
    Object.assign(message, wanted);
    if (withText) message.edits.push({ date: Date.now(), text: wanted.text });
    return null;
  }

  return {
    /** Handles a call of the Bot API. @returns false when the call is not about inline mode */
    handle(method: string, body: Json, response: Json): boolean {
      const isInline = body.inline_message_id !== undefined;
      let refused: string | null = null;
      if (method === "answerInlineQuery") refused = answerInlineQuery(body);
      else if (method === "editMessageText" && isInline) refused = edit(body, true);
      else if (method === "editMessageReplyMarkup" && isInline) refused = edit(body, false);
      else return false;
      if (refused) response.status(400).json({ ok: false, error_code: 400, description: refused });
      else response.json({ ok: true, result: true });
      return true;
    },

    routes(app: Json): void {
      app.post("/inline/query", async (request: Json, response: Json) => {
        const { text, user = 1, language = "en", offset = "" } = request.body;
        const id = String(nextId++);
        const answer = await new Promise<Json>((resolve) => {
          queries.set(id, { user, language, text, results: [], answered: resolve });
          enqueue({ inline_query: { id, from: person(user, language), query: text, offset, chat_type: "group" } });
          void wait(QUERY_TIMEOUT_MS, null, { ref: false }).then(resolve);
        });
        if (answer) response.json({ id, ...answer });
        else response.status(504).json({ message: "the bot did not answer" });
      });

      app.post("/inline/choose", (request: Json, response: Json) => {
        const query = queries.get(String(request.body.query));
        const result = query?.results.find(({ id }) => id === request.body.result);
        if (!query || !result) return response.status(404).json({ message: "there is no such result" });
        // Like Telegram's, the id contains the id of the message's author.
        const inlineId = `BAAA${query.user}-${randomBytes(12).toString("base64url")}`;
        const keyboard = result.reply_markup?.inline_keyboard ?? [];
        const { message_text, entities = [] } = result.input_message_content;
        messages.set(inlineId, { text: message_text, entities, keyboard, edits: [], notices: [] });
        if (request.body.feedback !== false)
          enqueue({
            chosen_inline_result: {
              result_id: result.id,
              from: person(query.user, query.language),
              query: query.text,
              ...(keyboard.length > 0 ? { inline_message_id: inlineId } : {}),
            },
          });
        response.json({ message: inlineId });
      });

      app.get("/inline/message", (request: Json, response: Json) => {
        const message = messages.get(String(request.query.id));
        if (message) response.json(message);
        else response.status(404).json({ message: "there is no such message" });
      });

      app.post("/inline/press", (request: Json, response: Json) => {
        const { message, data, user = 1, language = "en" } = request.body;
        const shown = messages.get(String(message));
        if (!shown) return response.status(404).json({ message: "there is no such message" });
        const query = { from: person(user, language), chat_instance: "1", inline_message_id: message, data };
        press(query, ({ text }) => shown.notices.push(text));
        response.json({});
      });
    },
  };
}
