/**
 * A local stand-in for Telegram: the package @vishtar/telegram-test-api serves
 * the Bot API, and this file adds what it lacks: groups and channels, inline
 * mode (stand-in-inline.ts), the webhook's secret header, redelivery until the
 * webhook responds with 2xx, one queue per chat, update ids that never repeat,
 * and 400 for edits without a change and for messages outside the limits
 * (stand-in-limits.ts).
 *
 * Run it as a process (`node worker/tools/local/stand-in.ts` with PORT,
 * BOT_TOKEN, WEBHOOK_URL and WEBHOOK_SECRET; it prints
 * `telegram: http://127.0.0.1:PORT` when it listens), or call `startStandIn`. The Worker needs TELEGRAM_API_ROOT =
 * `http://127.0.0.1:PORT` and BOT_INFO = `JSON.stringify(standInBot)`. Responses are JSON with CORS `*`.
 *
 * `chat` defaults to 1, the local user's private chat. A negative one is a supergroup, in which `user` writes or presses. That of an inline
 * message is its id. `language`, the user's Telegram language, defaults to
 * "en".
 *   GET  /chat?chat=1&after=VERSION   -> {version, messages: ShownMessage[], notices: {date (ms), text}[], pinned: ids, newest first}
 *        With `after`, waits up to 25 s for a newer version; without it, responds at once. Messages come oldest first, with edits applied
 *        and without deleted ones; notices are the short answers to button presses.
 *   POST /chat/send   {chat?, user?, text, language?, topic?}          sends a message, such as "/case ua-0-00" -> {id}
 *   POST /chat/press  {chat?, user?, message, data, language?}         presses an inline button by its callback_data -> {}
 *   POST /chat/update {update}                                         sends any other update (my_chat_member, a group's message) -> {}
 *   POST /chat/administrator {chat, user, status, channel?}            adds one; with `channel`, the chat is a channel -> {}
 *   POST /faults {method, chat?, answers: [{status, body}]}  sets the responses to the next calls of that method and chat: status 0 drops
 *        the connection, a text body is sent as a proxy would send it, and {delay (ms)} only delays the real response
 *   GET  /calls                                              lists the Bot API calls: [{at (ms), method, chat, answered (status)}]
 */
import { setTimeout as wait } from "node:timers/promises";
import { TelegramServer } from "@vishtar/telegram-test-api/lib/telegramServer.js";
import type { UserFromGetMe } from "grammy/types";
import { inlineMode } from "./stand-in-inline.ts";
import {
  BadRequest,
  type Json,
  MAX_MESSAGE_LENGTH,
  mustFit,
  parsed,
  requireThat,
} from "./stand-in-limits.ts";

interface Webhook {
  /** Such as `http://localhost:8787/telegram`. */
  webhookUrl: string;
  webhookSecret: string;
}

interface StandInOptions extends Webhook {
  port: number;
  botToken: string;
  /**
   * Routes that come before all others, for tests that simulate failures of
   * Telegram.
   */
  routes?: ((app: Json, server: Json) => void)[];
}

interface StandIn {
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
/**
 * Delays between attempts to deliver an update to a webhook that fails, and the
 * total after which it is dropped.
 */
const FIRST_RETRY_DELAY_MS = 100;
const MAX_RETRY_DELAY_MS = 2_000;
const MAX_RETRY_TOTAL_MS = 120_000;
const MESSAGE_LIFETIME_S = 7 * 86_400;

/** Posts an update to a webhook until it accepts it, or the signal comes. */
async function deliver(
  update: Json,
  { webhookUrl, webhookSecret }: Webhook,
  signal: AbortSignal,
): Promise<void> {
  for (
    let delay = FIRST_RETRY_DELAY_MS, waited = 0;
    !signal.aborted;
    delay = Math.min(delay * 2, MAX_RETRY_DELAY_MS)
  ) {
    // The Worker may not be listening yet, or be restarting.
    const answer = await fetch(webhookUrl, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Telegram-Bot-Api-Secret-Token": webhookSecret,
      },
      body: JSON.stringify(update),
      signal: AbortSignal.any([
        signal,
        AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
      ]),
    }).catch(() => null);
    await answer?.arrayBuffer().catch(() => {});
    if (answer?.ok || waited >= MAX_RETRY_TOTAL_MS) return;
    await wait(delay, undefined, { signal }).catch(() => {});
    waited += delay;
  }
}

export async function startStandIn({
  port,
  botToken,
  routes = [],
  ...webhook
}: StandInOptions): Promise<StandIn> {
  const host = "127.0.0.1";
  const closing = new AbortController();
  const earlierTexts = new Map<number, ShownMessage["earlier"]>();
  const notices: { chat: string; date: number; text: string }[] = [];
  const calls: {
    at: number;
    method: string;
    chat: string;
    answered: number;
  }[] = [];
  const faults: {
    method: string;
    chat?: number;
    answers: { status?: number; body?: unknown; delay?: number }[];
  }[] = [];
  /** The chats of presses that the bot hasn't answered, by the press. */
  const pressed = new Map<string, string>();
  let nextPress = 1;
  const channels = new Set<number>();
  const administrators = new Map<number, { user: Json; status: string }[]>();
  const pins = new Map<number, number[]>();

  let version = 0;
  let wake: (() => void)[] = [];
  const changed = () => {
    version++;
    for (const waiting of wake) waiting();
    wake = [];
  };

  /**
   * The package knows messages of the bot only, so it keeps a user's as one
   * with `from`.
   */
  const history = (chat: string): ShownMessage[] =>
    server.storage.botMessages
      .filter(({ message }: Json) => String(message.chat_id) === chat)
      .map(({ messageId, time, message }: Json) => ({
        id: messageId,
        from: message.from ?? "bot",
        date: time,
        text: message.text,
        entities: message.entities ?? [],
        keyboard: message.reply_markup?.inline_keyboard ?? [],
        silent: Boolean(message.disable_notification),
        earlier: earlierTexts.get(messageId) ?? [],
        ...(message.message_thread_id === undefined
          ? {}
          : { topic: message.message_thread_id }),
        ...(message.reply_parameters
          ? { replyTo: Number(parsed(message.reply_parameters).message_id) }
          : {}),
      }));

  // Update ids must not repeat after a restart, because the Worker ignores
  // those it has seen.
  let updateId = Date.now();
  const queues = new Map<string, Promise<unknown>>();

  const enqueue = (update: Json): void => {
    const about =
      update.message ?? update.callback_query?.message ?? update.my_chat_member;
    // Updates without a chat have no order among each other.
    const chat = String(about?.chat?.id ?? `update ${updateId}`);
    const numbered = { ...update, update_id: updateId++ };
    const turn = (queues.get(chat) ?? Promise.resolve()).then(() =>
      deliver(numbered, webhook, closing.signal),
    );
    queues.set(chat, turn);
    void turn.then(() => queues.get(chat) === turn && queues.delete(chat));
  };

  const person = (id: number, language: string) => ({
    ...{
      id: id > 0 ? id : LOCAL_USER,
      is_bot: false,
      first_name: "Local reader",
      language_code: language,
    },
  });
  const chatOf = (chat: number, topic?: number): Json => {
    if (chat > 0)
      return { id: chat, type: "private", first_name: "Local reader" };
    if (channels.has(chat))
      return { id: chat, type: "channel", title: "Local channel" };
    return {
      id: chat,
      type: "supergroup",
      title: "Local group",
      is_forum: topic !== undefined,
    };
  };
  /** A message as updates have it. */
  const messageOf = (
    chat: number,
    { id, date, text, entities, topic, replyTo }: ShownMessage,
  ): Json => {
    const answered = history(String(chat)).find(
      (message) => message.id === replyTo,
    );
    return {
      ...{
        message_id: id,
        date: Math.floor(date / 1000),
        chat: chatOf(chat, topic),
        text,
        entities,
      },
      ...(topic === undefined
        ? {}
        : { message_thread_id: topic, is_topic_message: true }),
      ...(answered ? { reply_to_message: messageOf(chat, answered) } : {}),
    };
  };
  const inline = inlineMode(enqueue, person, (message) =>
    server.addBotMessage(message, botToken),
  );

  const remove = (chat: unknown, ids: unknown[]): boolean => {
    const gone = ids.filter((id) =>
      server.deleteMessage(Number(chat), Number(id)),
    );
    changed();
    return gone.length > 0;
  };
  const pin = ({ chat_id, message_id }: Json, isPinned: boolean): true => {
    const others = (pins.get(Number(chat_id)) ?? []).filter(
      (id) => id !== Number(message_id),
    );
    pins.set(
      Number(chat_id),
      isPinned ? [Number(message_id), ...others] : others,
    );
    return true;
  };
  /**
   * Checks an edit, and makes it one that the package understands.
   * @throws BadRequest
   */
  const edit = (body: Json, chat: string, hasText: boolean): undefined => {
    const shown = history(chat).find(
      ({ id, from }) =>
        from === "bot" &&
        (body.inline_message_id !== undefined ||
          id === Number(body.message_id)),
    );
    requireThat(shown !== undefined, "message to edit not found");
    // The package keeps fields that an edit omits; Telegram removes them.
    const keyboard = parsed(body.reply_markup)?.inline_keyboard ?? [];
    const { text, entities } = hasText
      ? { text: body.text, entities: parsed(body.entities) ?? [] }
      : shown;
    Object.assign(body, {
      chat_id: chat,
      message_id: shown.id,
      text,
      entities,
    });
    body.reply_markup = { inline_keyboard: keyboard };
    mustFit(body);
    const isSame =
      JSON.stringify([text, entities, keyboard]) ===
      JSON.stringify([shown.text, shown.entities, shown.keyboard]);
    requireThat(!isSame, "message is not modified");
    if (hasText)
      earlierTexts.set(shown.id, [
        ...shown.earlier,
        { until: Date.now(), text: shown.text },
      ]);
  };
  /** Accepted and ignored, so that `npm run setup` can be tried here. */
  const accept = () => true;
  /** The results of methods; undefined when the package answers. */
  const methods: Record<string, (body: Json, chat: string) => unknown> = {
    getMe: () => standInBot,
    setWebhook: accept,
    setMyCommands: accept,
    setMyDescription: accept,
    setMyShortDescription: accept,
    getWebhookInfo: () => ({
      url: webhook.webhookUrl,
      has_custom_certificate: false,
      pending_update_count: queues.size,
    }),
    sendChatAction: accept,
    getChatAdministrators: ({ chat_id }) =>
      administrators.get(Number(chat_id)) ?? [],
    pinChatMessage: (body) => pin(body, true),
    unpinChatMessage: (body) => pin(body, false),
    deleteMessage: ({ chat_id, message_id }) =>
      remove(chat_id, [message_id]) || undefined,
    // Like Telegram, it skips messages that don't exist.
    deleteMessages: ({ chat_id, message_ids }) =>
      remove(chat_id, message_ids) || true,
    answerInlineQuery: inline.answer,
    answerCallbackQuery({ callback_query_id: id, text }) {
      // Only the first answer to a press is shown. The bot may repeat it when
      // the response was lost.
      const chat = pressed.get(String(id));
      if (text && chat !== undefined)
        notices.push({ chat, date: Date.now(), text });
      pressed.delete(String(id));
      changed();
      return true;
    },
    sendMessage: (body) => mustFit(body),
    editMessageText: (body, chat) => edit(body, chat, true),
    editMessageReplyMarkup: (body, chat) => edit(body, chat, false),
  };

  const additions = (app: Json) => {
    app.use((request: Json, response: Json, next: () => void) => {
      response.set("Access-Control-Allow-Origin", "*");
      response.set("Access-Control-Allow-Headers", "Content-Type");
      if (request.method === "OPTIONS") response.status(204).end();
      else next();
    });

    inline.routes(app);
    app.get("/chat", async ({ query }: Json, response: Json) => {
      const chat = String(query.chat ?? LOCAL_USER);
      if (query.after !== undefined && Number(query.after) >= version) {
        const timer = new AbortController();
        await Promise.race([
          new Promise<void>((resolve) => wake.push(resolve)),
          wait(LONG_POLL_MS, undefined, {
            signal: AbortSignal.any([timer.signal, closing.signal]),
          }).catch(() => {}),
        ]);
        timer.abort();
      }
      const own = notices.filter((notice) => notice.chat === chat);
      response.json({
        version,
        messages: history(chat),
        notices: own,
        pinned: pins.get(Number(chat)) ?? [],
      });
    });

    app.post("/chat/send", ({ body }: Json, response: Json) => {
      const {
        chat = LOCAL_USER,
        user = chat,
        text,
        language = "en",
        topic,
      } = body;
      if (
        typeof text !== "string" ||
        text.trim() === "" ||
        text.length > MAX_MESSAGE_LENGTH
      )
        return response.status(400).json({
          message: `text must have 1 to ${MAX_MESSAGE_LENGTH} characters`,
        });
      const [command] = /^\/\w+(@\w+)?/.exec(text) ?? [];
      const entities = command
        ? [{ type: "bot_command", offset: 0, length: command.length }]
        : [];
      const message = {
        chat_id: chat,
        from: "user",
        text,
        entities,
        message_thread_id: topic,
      };
      const { message_id: id } = server.addBotMessage(message, botToken);
      const sent = history(String(chat)).find(
        (one) => one.id === id,
      ) as ShownMessage;
      enqueue({
        message: { ...messageOf(chat, sent), from: person(user, language) },
      });
      response.json({ id });
    });

    app.post("/chat/press", ({ body }: Json, response: Json) => {
      const {
        chat = LOCAL_USER,
        user = chat,
        message,
        data,
        language = "en",
      } = body;
      const shown = history(String(chat)).find(
        ({ id, from }) => from === "bot" && id === message,
      );
      if (!shown)
        return response
          .status(404)
          .json({ message: "there is no such message" });
      const id = String(nextPress++);
      pressed.set(id, String(chat));
      const keys = { reply_markup: { inline_keyboard: shown.keyboard } };
      const where =
        typeof chat === "string"
          ? { chat_instance: "1", inline_message_id: chat }
          : {
              message: { ...messageOf(chat, shown), from: standInBot, ...keys },
            };
      enqueue({
        callback_query: { id, from: person(user, language), data, ...where },
      });
      response.json({});
    });

    app.post("/chat/update", ({ body }: Json, response: Json) => {
      enqueue(body.update);
      response.json({});
    });

    app.post("/chat/administrator", ({ body }: Json, response: Json) => {
      const { chat, user, status, channel } = body;
      if (channel) channels.add(chat);
      administrators.set(chat, [
        ...(administrators.get(chat) ?? []),
        { user: person(user, "en"), status },
      ]);
      response.json({});
    });

    app.post("/faults", ({ body }: Json, response: Json) => {
      faults.push(body);
      response.json({});
    });

    app.get("/calls", (_request: Json, response: Json) => response.json(calls));

    app.all(
      "/bot:token/:method",
      async (request: Json, response: Json, next: () => void) => {
        const { method, token } = request.params;
        const { body } = request;
        const chat = String(body.chat_id ?? body.inline_message_id ?? "");
        response.on("finish", () =>
          calls.push({
            at: Date.now(),
            method,
            chat,
            answered: response.statusCode,
          }),
        );
        const refuse = (description: string, status = 400) =>
          response
            .status(status)
            .json({ ok: false, error_code: status, description });
        if (token !== botToken) return refuse("Unauthorized", 401);
        const fault = faults.find(
          (one) =>
            one.answers.length > 0 &&
            one.method === method &&
            (one.chat === undefined || String(one.chat) === chat),
        );
        const answer = fault?.answers.shift();
        if (answer?.status === 0) {
          calls.push({ at: Date.now(), method, chat, answered: 0 });
          return request.socket.destroy();
        }
        if (answer?.delay)
          await wait(answer.delay, undefined, { signal: closing.signal }).catch(
            () => {},
          );
        if (answer?.status) {
          response.status(answer.status);
          return typeof answer.body === "string"
            ? response.send(answer.body)
            : response.json(answer.body);
        }
        try {
          const result = methods[method]?.(body, chat);
          if (result === undefined) next();
          else response.json({ ok: true, result });
        } catch (error) {
          if (!(error instanceof BadRequest)) throw error;
          refuse(error.message);
        }
      },
    );
  };

  const server: Json = new TelegramServer(
    { port, host, storeTimeout: MESSAGE_LIFETIME_S },
    { routes: [...routes, additions] },
  );
  for (const event of [
    "AddedBotMessage",
    "EditedMessageText",
    "EditedMessageReplyMarkup",
  ])
    server.on(event, changed);
  await server.start();
  // Clients keep connections for less long, so none sends a request on a
  // connection that is being closed.
  server.server.keepAliveTimeout = KEEP_ALIVE_MS;

  return {
    apiRoot: `http://${host}:${port}`,
    async close() {
      closing.abort();
      changed();
      await server.stop();
    },
  };
}

if (import.meta.main) {
  const {
    PORT,
    BOT_TOKEN: botToken = "",
    WEBHOOK_URL: webhookUrl = "",
    WEBHOOK_SECRET: webhookSecret = "",
  } = process.env;
  const standIn = await startStandIn({
    port: Number(PORT),
    botToken,
    webhookUrl,
    webhookSecret,
  });
  console.log(`telegram: ${standIn.apiRoot}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(
      signal,
      () => void standIn.close().finally(() => process.exit(0)),
    );
}
