/**
 * Inline mode for the stand-in. Responses are JSON.
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
import { byteLength, contentOf, type Json, lookOf, Refused, type StandInTools } from "./stand-in-api.ts";

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

/** @throws Refused for an answer that Telegram would refuse */
function checkResults(results: Json[], { next_offset: offset, button }: Json): void {
  if (results.length > MAX_RESULTS) throw new Refused("RESULTS_TOO_MUCH");
  if (new Set(results.map(({ id }) => id)).size !== results.length) throw new Refused("RESULT_ID_DUPLICATE");
  if (byteLength(offset) > MAX_ID_BYTES) throw new Refused("NEXT_OFFSET_INVALID");
  if (button && !/^[A-Za-z0-9_-]{1,64}$/.test(button.start_parameter ?? "")) throw new Refused("START_PARAM_INVALID");
  for (const { id, type, title, input_message_content: content, reply_markup } of results) {
    if (byteLength(id) < 1 || byteLength(id) > MAX_ID_BYTES) throw new Refused("RESULT_ID_INVALID");
    if (type !== "article" || !title || !content) throw new Refused("RESULT_TYPE_INVALID");
    contentOf({ text: content.message_text, entities: content.entities, reply_markup });
  }
}

export function inlineMode({ app, person, enqueue }: StandInTools) {
  const queries = new Map<string, Query>();
  const messages = new Map<string, InlineMessage>();
  const presses = new Map<string, InlineMessage>();
  let nextId = Date.now();

  app.post("/inline/query", async function askInline(c) {
    const { text, user = 1, language = "en", offset = "" } = await c.req.json();
    const id = String(nextId++);
    const answer = await new Promise<Json>((resolve) => {
      queries.set(id, { user, language, text, results: [], answered: resolve });
      enqueue({ inline_query: { id, from: person(user, language), query: text, offset, chat_type: "group" } });
      void wait(QUERY_TIMEOUT_MS, null, { ref: false }).then(resolve);
    });
    return answer ? c.json({ id, ...answer }) : c.json({ message: "the bot did not answer" }, 504);
  });

  app.post("/inline/choose", async function chooseCard(c) {
    const { query: asked, result: chosen, feedback = true } = await c.req.json();
    const query = queries.get(String(asked));
    const result = query?.results.find(({ id }) => id === chosen);
    if (!query || !result) return c.json({ message: "there is no such result" }, 404);
    // Like Telegram's, the id contains the id of the message's author.
    const id = `BAAA${query.user}-${randomBytes(12).toString("base64url")}`;
    const { message_text: text, entities = [] } = result.input_message_content;
    const keyboard = result.reply_markup?.inline_keyboard ?? [];
    messages.set(id, { text, entities, keyboard, edits: [], notices: [] });
    const from = person(query.user, query.language);
    const sent = keyboard.length > 0 ? { inline_message_id: id } : {};
    if (feedback) enqueue({ chosen_inline_result: { result_id: chosen, from, query: query.text, ...sent } });
    return c.json({ message: id });
  });

  app.get("/inline/message", function showCard(c) {
    const message = messages.get(c.req.query("id") ?? "");
    return message ? c.json(message) : c.json({ message: "there is no such message" }, 404);
  });

  app.post("/inline/press", async function pressCard(c) {
    const { message, data, user = 1, language = "en" } = await c.req.json();
    const shown = messages.get(String(message));
    if (!shown) return c.json({ message: "there is no such message" }, 404);
    const id = `inline ${nextId++}`;
    presses.set(id, shown);
    const pressed = { id, from: person(user, language), chat_instance: "1", inline_message_id: message, data };
    enqueue({ callback_query: pressed });
    return c.json({});
  });

  function edit({ inline_message_id: id, ...body }: Json, date: number | null): true {
    const message = messages.get(id);
    if (!message) throw new Refused("MESSAGE_ID_INVALID");
    const { text, entities } = message;
    const wanted = contentOf(date === null ? { text, entities, ...body } : body);
    if (lookOf(wanted) === lookOf(message)) throw new Refused("message is not modified");
    Object.assign(message, wanted);
    if (date !== null) message.edits.push({ date, text: wanted.text });
    return true;
  }

  /** Methods of the Bot API; null when a call is not about inline mode. */
  return {
    answerInlineQuery({ inline_query_id: id, results = [], button, next_offset = "", ...more }: Json) {
      const query = queries.get(String(id));
      if (!query) throw new Refused("query is too old and response timeout expired or query ID is invalid");
      checkResults(results, { next_offset, button });
      query.results = results;
      const { cache_time = 300, is_personal = false } = more;
      query.answered({ results, button, next_offset, cache_time, is_personal });
      return true;
    },
    editMessageText: (body: Json) => (body.inline_message_id === undefined ? null : edit(body, Date.now())),
    editMessageReplyMarkup: (body: Json) => (body.inline_message_id === undefined ? null : edit(body, null)),
    answerCallbackQuery({ callback_query_id: id, text }: Json) {
      const press = presses.get(id);
      if (!press) return null;
      presses.delete(id);
      if (text) press.notices.push(text);
      return true;
    },
  };
}
