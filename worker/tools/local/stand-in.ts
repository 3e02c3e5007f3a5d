/**
 * A local stand-in for Telegram: the package @vishtar/telegram-test-api serves the Bot API, and this file adds what it lacks.
 *
 * Run it as a process (`node worker/tools/local/stand-in.ts` with PORT, BOT_TOKEN, WEBHOOK_URL and WEBHOOK_SECRET; it prints
 * `telegram: http://127.0.0.1:PORT` when it listens), or call `startStandIn`. The Worker needs TELEGRAM_API_ROOT =
 * `http://127.0.0.1:PORT` and BOT_INFO = `JSON.stringify(standInBot)`. Responses are JSON with CORS `*`.
 *
 * For the chat page:
 *   GET  /chat?chat=1&after=VERSION   -> {version, bot, messages, notices}
 *        With `after`, waits up to 25 s for a newer version; without it, responds at once.
 *        messages, oldest first, with edits applied and without deleted ones:
 *          {id, from: "user"|"bot", date (ms), text, entities: MessageEntity[] (UTF-16 offsets), keyboard: Button[][],
 *           silent: boolean, edited: boolean, earlier: {until (ms), text}[], topic?: number}
 *        `earlier`: the texts before each edit. Button: {text, callback_data} or {text, url}
 *        notices: the short answers to button presses: {date (ms), text, alert: boolean}
 *   POST /chat/send   {chat?, text, language?, topic?}        sends a message, such as "/case ua-0-00" -> {id}
 *   POST /chat/press  {chat?, message, data, language?}       presses an inline button by its callback_data -> {}
 *   POST /chat/update {update}                                sends any other update (my_chat_member, a group's message) -> {}
 *   `chat` defaults to 1 (the local user's private chat); `language`, the user's Telegram language, defaults to "en".
 *
 * For tests:
 *   POST /faults {method?, chat?, answers: [{status, body}]}  sets the responses to the next calls of that method and chat: status
 *        0 drops the connection, a text body is sent as a proxy would send it, and {delay (ms)} only delays the real response
 *   /chat/member, /chat/pinned                                groups and channels, see stand-in-chats.ts
 *   /inline/...                                               inline mode, see stand-in-inline.ts
 *   GET  /calls                                               lists the Bot API calls: [{at (ms), method, chat, answered (status)}]
 *
 * This file also adds checks of Telegram that the package lacks: the webhook's secret header, redelivery until the webhook responds
 * with 2xx, one queue per chat, update ids that never repeat, and 400 for texts over 4096 characters, buttons over 64 bytes, entities
 * outside the text, and edits without a change.
 */
import type { Server } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { TelegramServer } from "@vishtar/telegram-test-api/lib/telegramServer.js";
import type { UserFromGetMe } from "grammy/types";
import { commandIn, groupsAndChannels } from "./stand-in-chats.ts";
import { inlineMode } from "./stand-in-inline.ts";
import { type Json, MAX_MESSAGE_LENGTH, parsed, refusal } from "./stand-in-limits.ts";

export interface Webhook {
  /** Such as `http://localhost:8787/telegram`. */
  webhookUrl: string;
  webhookSecret: string;
}

export interface StandInOptions extends Webhook {
  port: number;
  botToken: string;
  /** Routes that come before all others, for tests that simulate failures of Telegram. */
  routes?: ((app: Json, server: Json) => void)[];
}

export interface StandIn {
  /** The value for TELEGRAM_API_ROOT. */
  apiRoot: string;
  close(): Promise<void>;
}

/** The response of getMe. */
export const standInBot: UserFromGetMe = {
  id: 4242,
  is_bot: true,
  first_name: "Casewire",
  username: "casewire_local_bot",
  can_join_groups: true,
  can_read_all_group_messages: false,
  supports_inline_queries: true,
  can_connect_to_business: false,
  has_main_web_app: false,
  has_topics_enabled: false,
  allows_users_to_create_topics: false,
  can_manage_bots: false,
  supports_join_request_queries: false,
} as UserFromGetMe;

export interface ShownMessage {
  id: number;
  from: "user" | "bot";
  date: number;
  text: string;
  entities: { type: string; offset: number; length: number; url?: string }[];
  keyboard: {
    text: string;
    callback_data?: string;
    url?: string;
    copy_text?: { text: string };
    switch_inline_query?: string;
  }[][];
  silent: boolean;
  edited: boolean;
  /** The texts before each edit, and the instants of the edits. */
  earlier: { until: number; text: string }[];
  topic?: number;
  /** The message that it answers. */
  replyTo?: number;
}

const LOCAL_USER = 1;
const LONG_POLL_MS = 25_000;
const WEBHOOK_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 120_000;
/** Delays between attempts to deliver an update to a webhook that fails, and the total after which it is dropped. */
const FIRST_RETRY_DELAY_MS = 100;
const MAX_RETRY_DELAY_MS = 2_000;
const MAX_RETRY_TOTAL_MS = 120_000;
const MESSAGE_LIFETIME_S = 7 * 86_400;

/** Posts an update to a webhook until it accepts it, or the signal comes. */
async function deliver(update: Json, { webhookUrl, webhookSecret }: Webhook, signal: AbortSignal): Promise<void> {
  for (let delay = FIRST_RETRY_DELAY_MS, waited = 0; !signal.aborted; delay = Math.min(delay * 2, MAX_RETRY_DELAY_MS)) {
    // The Worker may not be listening yet, or be restarting.
    const answer = await fetch(webhookUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": webhookSecret },
      body: JSON.stringify(update),
      signal: AbortSignal.any([signal, AbortSignal.timeout(WEBHOOK_TIMEOUT_MS)]),
    }).catch(() => null);
    await answer?.arrayBuffer().catch(() => {});
    if (answer?.ok || waited >= MAX_RETRY_TOTAL_MS) return;
    await wait(delay, undefined, { signal }).catch(() => {});
    waited += delay;
  }
}

export async function startStandIn({ port, botToken, routes = [], ...webhook }: StandInOptions): Promise<StandIn> {
  const host = "127.0.0.1";
  const apiRoot = `http://${host}:${port}`;
  const closing = new AbortController();
  const userMessages: (ShownMessage & { chat: number })[] = [];
  const earlierTexts = new Map<number, ShownMessage["earlier"]>();
  const notices: { chat: number; date: number; text: string; alert: boolean }[] = [];
  const calls: { at: number; method: string; chat: string; answered: number }[] = [];
  const faults: { method?: string; chat?: string; answers: { status?: number; body?: unknown; delay?: number }[] }[] =
    [];
  const pressed = new Map<string, (answer: Json) => void>();
  let nextPress = 1;

  let version = 0;
  let wake: (() => void)[] = [];
  const changed = () => {
    version++;
    for (const waiting of wake) waiting();
    wake = [];
  };

  const history = (server: Json, chat: number): ShownMessage[] => {
    const sent: ShownMessage[] = server.storage.botMessages
      .filter(({ message }: Json) => Number(message.chat_id) === chat)
      .map(({ messageId, time, message }: Json) => ({
        id: messageId,
        from: "bot",
        date: time,
        text: message.text,
        entities: parsed(message.entities) ?? [],
        keyboard: parsed(message.reply_markup)?.inline_keyboard ?? [],
        silent: Boolean(message.disable_notification),
        edited: earlierTexts.has(messageId),
        earlier: earlierTexts.get(messageId) ?? [],
        ...(message.message_thread_id === undefined ? {} : { topic: message.message_thread_id }),
        ...(message.reply_parameters ? { replyTo: Number(parsed(message.reply_parameters).message_id) } : {}),
      }));
    const own = userMessages.filter((message) => message.chat === chat).map(({ chat: _, ...message }) => message);
    return [...own, ...sent].sort((a, b) => a.date - b.date);
  };

  const replyOf = (chat: number, id: number | undefined) => {
    const answered = history(server, chat).find((message) => message.id === id);
    if (!answered) return {};
    return { reply_to_message: { message_id: answered.id, date: 1, chat: chatOf(chat), text: answered.text } };
  };

  // Update ids must not repeat after a restart, because the Worker ignores those it has seen.
  let updateId = Date.now();
  const queues = new Map<string, Promise<unknown>>();

  const enqueue = (update: Json): void => {
    const about = update.message ?? update.callback_query?.message ?? update.my_chat_member;
    // Updates without a chat have no order among each other.
    const chat = String(about?.chat?.id ?? `update ${updateId}`);
    const numbered = { ...update, update_id: updateId++ };
    const turn = (queues.get(chat) ?? Promise.resolve()).then(() => deliver(numbered, webhook, closing.signal));
    queues.set(chat, turn);
    void turn.then(() => queues.get(chat) === turn && queues.delete(chat));
  };

  const press = (query: Json, answered: (answer: Json) => void): void => {
    const id = String(nextPress++);
    pressed.set(id, answered);
    enqueue({ callback_query: { id, ...query } });
  };

  const person = (chat: number, language: string) => ({
    id: chat > 0 ? chat : LOCAL_USER,
    is_bot: false,
    first_name: "Local reader",
    language_code: language,
  });
  const show = (message: Pick<ShownMessage, "id" | "text" | "entities" | "topic"> & { chat: number }) => {
    userMessages.push({
      ...message,
      from: "user",
      date: Date.now(),
      keyboard: [],
      silent: false,
      edited: false,
      earlier: [],
    });
    changed();
  };
  const chats = groupsAndChannels((chat, id) => {
    const at = userMessages.findIndex((message) => message.chat === chat && message.id === id);
    if (at >= 0) userMessages.splice(at, 1);
    else if (!server.deleteMessage(chat, id)) return false;
    changed();
    return true;
  });
  const { chatOf } = chats;
  const inline = inlineMode({ enqueue, press, person });

  const additions = (app: Json, server: Json) => {
    app.use((request: Json, response: Json, next: () => void) => {
      response.set("Access-Control-Allow-Origin", "*");
      response.set("Access-Control-Allow-Headers", "Content-Type");
      if (request.method === "OPTIONS") response.status(204).end();
      else next();
    });

    inline.routes(app);
    chats.routes(app);
    app.get("/chat", async (request: Json, response: Json) => {
      const chat = Number(request.query.chat ?? LOCAL_USER);
      if (request.query.after !== undefined && Number(request.query.after) >= version) {
        const timer = new AbortController();
        await Promise.race([
          new Promise<void>((resolve) => wake.push(resolve)),
          wait(LONG_POLL_MS, undefined, { signal: AbortSignal.any([timer.signal, closing.signal]) }).catch(() => {}),
        ]);
        timer.abort();
      }
      response.json({
        version,
        bot: standInBot,
        messages: history(server, chat),
        notices: notices.filter((notice) => notice.chat === chat).map(({ chat: _, ...notice }) => notice),
      });
    });

    app.post("/chat/send", (request: Json, response: Json) => {
      const { chat = LOCAL_USER, user = chat, text, language = "en", topic } = request.body;
      if (typeof text !== "string" || text.trim() === "" || text.length > MAX_MESSAGE_LENGTH)
        return response.status(400).json({ message: `text must have 1 to ${MAX_MESSAGE_LENGTH} characters` });
      const entities = commandIn(text);
      // The package counts on from there for the bot's messages.
      const id = server.messageId++;
      show({ chat, id, text, entities, ...(topic === undefined ? {} : { topic }) });
      enqueue({
        message: {
          message_id: id,
          date: Math.floor(Date.now() / 1000),
          from: person(user, language),
          chat: chatOf(chat, topic),
          text,
          ...(entities.length > 0 ? { entities } : {}),
          ...(topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true }),
        },
      });
      response.json({ id });
    });

    app.post("/chat/press", (request: Json, response: Json) => {
      const { chat = LOCAL_USER, user = chat, message, data, language = "en" } = request.body;
      const shown = history(server, chat).find(({ id, from }) => from === "bot" && id === message);
      if (!shown) return response.status(404).json({ message: "there is no such message" });
      const query = {
        from: person(user, language),
        message: {
          message_id: shown.id,
          from: standInBot,
          date: Math.floor(shown.date / 1000),
          chat: chatOf(chat, shown.topic),
          text: shown.text,
          entities: shown.entities,
          reply_markup: { inline_keyboard: shown.keyboard },
          ...replyOf(chat, shown.replyTo),
          ...(shown.topic === undefined ? {} : { message_thread_id: shown.topic, is_topic_message: true }),
        },
        data,
      };
      press(query, ({ text, show_alert }) => {
        notices.push({ chat, date: Date.now(), text, alert: Boolean(show_alert) });
        changed();
      });
      response.json({});
    });

    app.post("/chat/update", (request: Json, response: Json) => {
      enqueue(request.body.update);
      response.json({});
    });

    app.post("/faults", (request: Json, response: Json) => {
      const { method, chat, answers } = request.body;
      faults.push({ answers, ...(method ? { method } : {}), ...(chat === undefined ? {} : { chat: String(chat) }) });
      response.json({});
    });

    app.get("/calls", (_request: Json, response: Json) => response.json(calls));

    app.all("/bot:token/:method", async (request: Json, response: Json, next: () => void) => {
      const { method, token } = request.params;
      const { body } = request;
      const chat = String(body.chat_id ?? body.inline_message_id ?? "");
      response.on("finish", () => calls.push({ at: Date.now(), method, chat, answered: response.statusCode }));
      const refuse = (description: string, status = 400) =>
        response.status(status).json({ ok: false, error_code: status, description });
      if (token !== botToken) return refuse("Unauthorized", 401);
      const fault = faults.find(
        (candidate) =>
          candidate.answers.length > 0 &&
          (candidate.method === undefined || candidate.method === method) &&
          (candidate.chat === undefined || candidate.chat === chat),
      );
      const answer = fault?.answers.shift();
      if (answer?.status === 0) {
        calls.push({ at: Date.now(), method, chat, answered: 0 });
        return request.socket.destroy();
      }
      if (answer?.delay) await wait(answer.delay, undefined, { signal: closing.signal }).catch(() => {});
      if (answer?.status) {
        response.status(answer.status);
        return typeof answer.body === "string" ? response.send(answer.body) : response.json(answer.body);
      }

      if (inline.handle(method, body, response) || chats.handle(method, body, response)) return;
      if (method === "getMe") return response.json({ ok: true, result: standInBot });
      // Accepted and ignored, so that `npm run setup` can be tried here.
      if (/^set(Webhook|MyCommands|MyDescription|MyShortDescription)$/.test(method))
        return response.json({ ok: true, result: true });
      if (method === "getWebhookInfo") {
        const result = { url: webhook.webhookUrl, has_custom_certificate: false, pending_update_count: queues.size };
        return response.json({ ok: true, result });
      }
      if (method === "answerCallbackQuery") {
        // Only the first answer to a press is shown. The bot may repeat it when the response was lost.
        if (body.text) pressed.get(String(body.callback_query_id))?.(body);
        pressed.delete(String(body.callback_query_id));
        return response.json({ ok: true, result: true });
      }
      if (method === "sendMessage" || method === "editMessageText") {
        const refused = refusal(body);
        if (refused) return refuse(refused);
      }
      if (method === "editMessageText") {
        const shown = history(server, Number(chat)).find(
          ({ id, from }) => from === "bot" && id === Number(body.message_id),
        );
        if (!shown) return refuse("Bad Request: message to edit not found");
        const look = (text: unknown, entities: unknown, keyboard: unknown) =>
          JSON.stringify([text, entities, keyboard]);
        const wanted = look(body.text, parsed(body.entities) ?? [], parsed(body.reply_markup)?.inline_keyboard ?? []);
        if (look(shown.text, shown.entities, shown.keyboard) === wanted)
          return refuse(
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
          );
        // The package keeps fields that an edit omits; Telegram removes them.
        body.entities ??= [];
        body.reply_markup ??= { inline_keyboard: [] };
        const before = { until: Date.now(), text: shown.text };
        earlierTexts.set(shown.id, [...shown.earlier, before]);
      }
      next();
    });
  };

  const server = new TelegramServer(
    { port, host, storeTimeout: MESSAGE_LIFETIME_S },
    { routes: [...routes, additions] },
  );
  for (const event of ["AddedBotMessage", "EditedMessageText", "EditedMessageReplyMarkup"]) server.on(event, changed);
  await server.start();
  // Clients keep connections for less long, so none sends a request on a connection that is being closed.
  const { server: http } = server as unknown as { server: Server };
  http.keepAliveTimeout = KEEP_ALIVE_MS;

  return {
    apiRoot,
    async close() {
      closing.abort();
      changed();
      await server.stop();
    },
  };
}

if (import.meta.main) {
  const { PORT, BOT_TOKEN, WEBHOOK_URL, WEBHOOK_SECRET } = process.env;
  if (!PORT || !BOT_TOKEN || !WEBHOOK_URL || !WEBHOOK_SECRET) {
    console.error("The Telegram stand-in needs PORT, BOT_TOKEN, WEBHOOK_URL and WEBHOOK_SECRET.");
    process.exit(1);
  }
  const standIn = await startStandIn({
    port: Number(PORT),
    botToken: BOT_TOKEN,
    webhookUrl: WEBHOOK_URL,
    webhookSecret: WEBHOOK_SECRET,
  });
  console.log(`telegram: ${standIn.apiRoot}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void standIn.close().finally(() => process.exit(0)));
}
