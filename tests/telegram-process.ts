/**
 * The local run's Telegram with what tests need besides: groups and channels, inline mode, faults, and Telegram's limits. Run it as a
 * process with PORT, BOT_TOKEN, WEBHOOK_URL and WEBHOOK_SECRET; it prints `telegram: http://127.0.0.1:PORT` when it listens.
 *
 *   POST /chat/update    {update}                      sends any other update (my_chat_member, a group's message) -> {}
 *   POST /chat/member    {chat, user, status}          sets a member's status, "administrator" or "creator" -> {}
 *   POST /chat/post      {chat, text}                  an administrator posts; the chat becomes a channel -> {id}
 *   GET  /chat/pinned?chat=CHAT                        -> ids of the pinned messages, newest first
 *   POST /inline/query   {text, user?, language?, offset?}   types "@bot text" and waits for the bot's answer -> {id, results, button?, ...}
 *   POST /inline/choose  {query, result, feedback?}    sends that result; feedback: false doesn't notify the bot -> {message}
 *   GET  /inline/message?id=MESSAGE                    -> {text, entities, keyboard, edits: [{date (ms), text}], notices}
 *   POST /inline/press   {message, data, user?, language?}   presses a button of the message -> {}
 *   POST /faults {method?, chat?, answers: [{status, body}]}  the answers to the next calls of that method and chat: status 0 drops the
 *        connection, a text body is sent as a proxy would send it, and {delay (ms)} only delays the real answer
 *   GET  /calls                                        -> the calls of the Bot API: [{at (ms), method, chat, answered (status)}]
 *
 * /chat/send and /chat/press accept `user`, the member of a group who writes or presses, and `topic`. Any negative id is a supergroup.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  type Json,
  startStandIn,
  type Telegram,
  type TelegramAdditions,
  TelegramRefusal,
} from "../worker/tools/local/stand-in.ts";

const MAX_MESSAGE_LENGTH = 4096;
const MAX_COPY_TEXT_LENGTH = 256;
const MAX_CALLBACK_DATA_BYTES = 64;
const MAX_RESULTS = 50;
const MAX_ID_BYTES = 64;
const QUERY_TIMEOUT_MS = 10_000;

const isWithin = (length: number, most: number) => length >= 1 && length <= most;
const hasBytes = (value: unknown, most: number) => isWithin(new TextEncoder().encode(String(value ?? "")).length, most);

/** @throws TelegramRefusal for a message outside of Telegram's limits */
function checkMessage({ text = "", entities = [], reply_markup }: Json): void {
  const must = (isFine: boolean, description: string) => {
    if (!isFine) throw new TelegramRefusal(`Bad Request: ${description}`);
  };
  must(text.trim() !== "", "message text is empty");
  must(text.length <= MAX_MESSAGE_LENGTH, "message is too long");
  for (const { offset, length } of entities)
    must(offset >= 0 && length >= 1 && offset + length <= text.length, "entity is out of bounds");
  for (const { callback_data, copy_text } of reply_markup?.inline_keyboard?.flat() ?? []) {
    must(!copy_text || isWithin(copy_text.text.length, MAX_COPY_TEXT_LENGTH), "BUTTON_COPY_TEXT_INVALID");
    must(callback_data === undefined || hasBytes(callback_data, MAX_CALLBACK_DATA_BYTES), "BUTTON_DATA_INVALID");
  }
}

function groupsAndChannels({ show, enqueue, commandIn }: Telegram) {
  const members = new Map<string, string>();
  const channels = new Set<number>();
  const pinned = new Map<number, number[]>();
  const pinnedIn = (chat: unknown) => pinned.get(Number(chat)) ?? [];
  const others = ({ chat_id, message_id }: Json) => pinnedIn(chat_id).filter((id) => id !== Number(message_id));
  const pin = (body: Json, ids: number[]) => {
    pinned.set(Number(body.chat_id), ids);
    return true;
  };
  const chatOf = (id: number, topic?: number): Json =>
    id > 0
      ? { id, type: "private", first_name: "Local reader" }
      : channels.has(id)
        ? { id, type: "channel", title: "Local channel" }
        : { id, type: "supergroup", title: "Local group", ...(topic === undefined ? {} : { is_forum: true }) };
  return {
    chatOf,
    methods: {
      getChatAdministrators: ({ chat_id }: Json) =>
        [...members].flatMap(([member, status]) => {
          const [where, id] = member.split(" ").map(Number);
          return where === Number(chat_id) && /^(administrator|creator)$/.test(status)
            ? [{ user: { id, is_bot: false, first_name: "Local reader" }, status }]
            : [];
        }),
      pinChatMessage: (body: Json) => pin(body, [Number(body.message_id), ...others(body)]),
      unpinChatMessage: (body: Json) => pin(body, others(body)),
    },
    paths: {
      "POST /chat/member"({ chat, user, status }: Json) {
        members.set(`${chat} ${user}`, status);
        return {};
      },
      "POST /chat/post"({ chat, text }: Json) {
        channels.add(chat);
        const { id, entities } = show({ chat, from: "user", text, entities: commandIn(text) });
        const post = { message_id: id, date: Math.floor(Date.now() / 1000), text, entities };
        enqueue({ channel_post: { ...post, chat: chatOf(chat), sender_chat: chatOf(chat) } });
        return { id };
      },
      "GET /chat/pinned": ({ chat }: Json) => pinnedIn(chat),
      "POST /chat/update"({ update }: Json) {
        enqueue(update);
        return {};
      },
    },
  };
}

interface Query {
  user: number;
  language: string;
  text: string;
  answered(answer: Json): void;
  results: Json[];
}

function inlineMode({ enqueue, press, person }: Telegram) {
  const queries = new Map<string, Query>();
  const messages = new Map<string, { edits: Json[]; notices: string[]; look: Json }>();
  let nextId = Date.now();

  const refuse = (description: string): never => {
    throw new TelegramRefusal(`Bad Request: ${description}`);
  };
  const shownAs = (id: unknown) => messages.get(String(id)) ?? refuse("MESSAGE_ID_INVALID");

  function checkResult({ id, type, title, input_message_content: content, reply_markup }: Json): void {
    if (!hasBytes(id, MAX_ID_BYTES)) refuse("RESULT_ID_INVALID");
    if (type !== "article" || !title || !content) refuse("RESULT_TYPE_INVALID");
    checkMessage({ text: content.message_text, entities: content.entities, reply_markup });
  }

  return {
    methods: {
      answerInlineQuery(body: Json) {
        const { results = [], button, next_offset = "", cache_time = 300, is_personal = false } = body;
        const query = queries.get(String(body.inline_query_id));
        if (!query) return refuse("query is too old and response timeout expired or query ID is invalid");
        if (results.length > MAX_RESULTS) refuse("RESULTS_TOO_MUCH");
        if (new Set(results.map(({ id }: Json) => id)).size !== results.length) refuse("RESULT_ID_DUPLICATE");
        if (next_offset !== "" && !hasBytes(next_offset, MAX_ID_BYTES)) refuse("NEXT_OFFSET_INVALID");
        if (button && !/^[A-Za-z0-9_-]{1,64}$/.test(button.start_parameter ?? "")) refuse("START_PARAM_INVALID");
        for (const result of results) checkResult(result);
        query.results = results;
        query.answered({ results, button, next_offset, cache_time, is_personal });
        return true;
      },
    },
    /** @param isText false for a new keyboard alone */
    edit(body: Json, isText: boolean): true {
      const message = shownAs(body.inline_message_id);
      const keyboard = body.reply_markup?.inline_keyboard ?? [];
      const look = isText
        ? { text: body.text, entities: body.entities ?? [], keyboard }
        : { ...message.look, keyboard };
      checkMessage({ ...look, reply_markup: { inline_keyboard: keyboard } });
      if (JSON.stringify(look) === JSON.stringify(message.look)) refuse("message is not modified");
      message.look = look;
      if (isText) message.edits.push({ date: Date.now(), text: look.text });
      return true;
    },
    paths: {
      async "POST /inline/query"({ text, user = 1, language = "en", offset = "" }: Json) {
        const id = String(nextId++);
        const answer = await new Promise<Json>((resolve) => {
          queries.set(id, { user, language, text, results: [], answered: resolve });
          enqueue({ inline_query: { id, from: person(user, language), query: text, offset, chat_type: "group" } });
          void wait(QUERY_TIMEOUT_MS, null, { ref: false }).then(resolve);
        });
        if (!answer) throw new TelegramRefusal("the bot did not answer", 504);
        return { id, ...answer };
      },
      "POST /inline/choose"({ query: asked, result: chosen, feedback = true }: Json) {
        const query = queries.get(String(asked));
        const result = query?.results.find(({ id }) => id === chosen);
        if (!query || !result) throw new TelegramRefusal("there is no such result", 404);
        // Like Telegram's, the id contains the id of the message's author.
        const id = `BAAA${query.user}-${randomBytes(12).toString("base64url")}`;
        const keyboard = result.reply_markup?.inline_keyboard ?? [];
        const { message_text: text, entities = [] } = result.input_message_content;
        messages.set(id, { look: { text, entities, keyboard }, edits: [], notices: [] });
        const about = { result_id: result.id, from: person(query.user, query.language), query: query.text };
        if (feedback)
          enqueue({ chosen_inline_result: { ...about, ...(keyboard.length > 0 && { inline_message_id: id }) } });
        return { message: id };
      },
      "GET /inline/message"({ id }: Json) {
        const { look, edits, notices } = shownAs(id);
        return { ...look, edits, notices };
      },
      "POST /inline/press"({ message, data, user = 1, language = "en" }: Json) {
        const { notices } = shownAs(message);
        const query = { from: person(user, language), chat_instance: "1", inline_message_id: message, data };
        press(query, ({ text }) => notices.push(text));
        return {};
      },
    },
  };
}

function faultsAndCalls() {
  const calls: { at: number; method: string; chat: string; answered: number }[] = [];
  const faults: { method?: string; chat?: number; answers: { status?: number; body?: unknown; delay?: number }[] }[] =
    [];
  return {
    around: (async (method, body, answer) => {
      const chat = String(body.chat_id ?? body.inline_message_id ?? "");
      const fault = faults.find(
        (one) =>
          one.answers.length > 0 &&
          (one.method ?? method) === method &&
          (one.chat === undefined || String(one.chat) === chat),
      );
      const { status, delay, body: said } = fault?.answers.shift() ?? {};
      if (delay) await wait(delay, undefined, { ref: false });
      const reply = status === 0 ? null : status ? { status, body: said } : await answer();
      calls.push({ at: Date.now(), method, chat, answered: reply?.status ?? 0 });
      return reply;
    }) satisfies TelegramAdditions["around"],
    paths: {
      "POST /faults"(fault: Json) {
        faults.push(fault);
        return {};
      },
      "GET /calls": () => calls,
    },
  };
}

function more(telegram: Telegram): TelegramAdditions {
  const chats = groupsAndChannels(telegram);
  const inline = inlineMode(telegram);
  const { around, paths } = faultsAndCalls();
  const { sendMessage, editMessageText, editMessageReplyMarkup } = telegram.methods;
  const checked = (body: Json, run = sendMessage) => {
    checkMessage(body);
    return run?.(body);
  };
  const isInline = (body: Json) => body.inline_message_id !== undefined;
  return {
    around,
    chatOf: chats.chatOf,
    methods: {
      ...chats.methods,
      ...inline.methods,
      sendMessage: (body) => checked(body),
      editMessageText: (body) => (isInline(body) ? inline.edit(body, true) : checked(body, editMessageText)),
      editMessageReplyMarkup: (body) => (isInline(body) ? inline.edit(body, false) : editMessageReplyMarkup?.(body)),
    },
    paths: { ...chats.paths, ...inline.paths, ...paths },
  };
}

const { PORT, BOT_TOKEN = "", WEBHOOK_URL = "", WEBHOOK_SECRET = "" } = process.env;
const settings = { port: Number(PORT), botToken: BOT_TOKEN, webhookUrl: WEBHOOK_URL, webhookSecret: WEBHOOK_SECRET };
const standIn = await startStandIn({ ...settings, more });
console.log(`telegram: ${standIn.apiRoot}`);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void standIn.close().finally(() => process.exit(0)));
