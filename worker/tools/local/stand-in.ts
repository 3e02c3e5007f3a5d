/**
 * A Telegram on this machine: private chats, and as much of the Bot API as the bot uses in them. Tests add groups, inline mode, faults and
 * Telegram's limits (tests/telegram-process.ts). The Worker needs TELEGRAM_API_ROOT = `http://127.0.0.1:PORT` and BOT_INFO =
 * `JSON.stringify(standInBot)`. Answers are JSON with CORS `*`.
 *
 *   GET  /chat?chat=1&after=VERSION               -> {version, messages, notices}
 *        With `after`, waits up to 25 s for a newer version. Messages are oldest first, and as they are after edits and deletions.
 *        notices: the short answers to presses of buttons: {date (ms), text, alert}
 *   POST /chat/send  {chat?, text, language?}          sends a message, such as "/case ua-0-00" -> {id}
 *   POST /chat/press {chat?, message, data, language?} presses an inline button by its callback_data -> {}
 *   `chat` defaults to 1, the local user's private chat, and `language`, the user's in Telegram, to "en".
 *
 * Like Telegram, it repeats an update until the webhook accepts it, sends each chat's updates one after the other, and never uses an
 * update's id twice.
 */
import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import type { UserFromGetMe } from "grammy/types";

// biome-ignore lint/suspicious/noExplicitAny: requests and updates are untyped JSON
export type Json = any;

export interface StandInOptions {
  port: number;
  botToken: string;
  /** Such as `http://localhost:8787/telegram`. */
  webhookUrl: string;
  webhookSecret: string;
  /** What tests add. */
  more?: (telegram: Telegram) => TelegramAdditions;
}

/** An answer to a call of the Bot API; null drops the connection. */
export type Reply = { status: number; body: unknown } | null;

export interface TelegramAdditions {
  /** The Bot API's methods by name. Each returns the result, or throws `TelegramRefusal`. */
  methods?: Methods;
  /** Further addresses, such as "POST /chat/post". */
  paths?: Record<string, (given: Json) => unknown>;
  /** Stands around every call of the Bot API. */
  around?(method: string, body: Json, answer: () => Promise<Reply>): Promise<Reply>;
  /** Chats that aren't private. */
  chatOf?(chat: number, topic?: number): Json;
}

/** Refuses a call, with Telegram's words. */
export class TelegramRefusal extends Error {
  readonly status: number;
  constructor(description: string, status = 400) {
    super(description);
    this.status = status;
  }
}

export interface ShownMessage {
  id: number;
  chat: number;
  from: "user" | "bot";
  date: number;
  text: string;
  entities: { type: string; offset: number; length: number }[];
  keyboard: {
    text: string;
    callback_data?: string;
    url?: string;
    copy_text?: { text: string };
    switch_inline_query?: string;
  }[][];
  silent: boolean;
  edited: boolean;
  /** The texts before each edit. */
  earlier: { until: number; text: string }[];
  topic?: number | undefined;
  /** The message that it answers. */
  replyTo?: number | undefined;
}

type Methods = Record<string, (body: Json) => unknown>;

/** What additions build on. */
export interface Telegram {
  methods: Methods;
  /** Oldest first. */
  messages: readonly ShownMessage[];
  /** Adds a message of a user or of the bot. */
  show(message: Pick<ShownMessage, "chat" | "from" | "text"> & Partial<ShownMessage>): ShownMessage;
  /** Sends an update to the webhook. */
  enqueue(update: Json): void;
  /** Sends a press of a button. @param answered gets the bot's first answer that has a text */
  press(query: Json, answered: (answer: Json) => void): void;
  person(id: number, language: string): Json;
  commandIn(text: string): ShownMessage["entities"];
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
  supports_inline_queries: true,
} as UserFromGetMe;

const LOCAL_USER = 1;
const LONG_POLL_MS = 25_000;
const WEBHOOK_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 120_000;
/** Delays between attempts to deliver an update to a webhook that fails, and the total after which it is dropped. */
const FIRST_RETRY_DELAY_MS = 100;
const MAX_RETRY_DELAY_MS = 2_000;
const MAX_RETRY_TOTAL_MS = 120_000;

export async function startStandIn({
  port,
  botToken,
  webhookUrl,
  webhookSecret,
  more: add = () => ({}),
}: StandInOptions): Promise<StandIn> {
  const closing = new AbortController();
  const messages: ShownMessage[] = [];
  const notices: { chat: number; date: number; text: string; alert: boolean }[] = [];
  const pressed = new Map<string, (answer: Json) => void>();
  const queues = new Map<string, Promise<void>>();
  const changes = new EventEmitter().setMaxListeners(0);
  let version = 0;
  /** Of messages and presses. */
  let nextId = 1;
  // The Worker ignores updates that it has seen, also before a restart.
  let updateId = Date.now();

  /** Posts an update to the webhook until it accepts it. The Worker may not be listening yet, or be restarting. */
  async function deliver(update: Json): Promise<void> {
    const { signal } = closing;
    for (
      let delay = FIRST_RETRY_DELAY_MS, waited = 0;
      !signal.aborted;
      delay = Math.min(delay * 2, MAX_RETRY_DELAY_MS)
    ) {
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

  const changed = () => {
    version++;
    changes.emit("changed");
  };

  /** The bot's message that a call is about. @throws TelegramRefusal */
  const sent = ({ chat_id, message_id }: Json): ShownMessage => {
    const isIt = ({ id, chat, from }: ShownMessage) =>
      from === "bot" && chat === Number(chat_id) && id === Number(message_id);
    const found = messages.find(isIt);
    if (found) return found;
    throw new TelegramRefusal("Bad Request: message to edit not found");
  };

  const remove = (body: Json): boolean => {
    const at = messages.findIndex(({ id, chat }) => chat === Number(body.chat_id) && id === Number(body.message_id));
    if (at < 0) return false;
    messages.splice(at, 1);
    changed();
    return true;
  };

  const telegram: Telegram = {
    messages,
    show(message) {
      const shown: ShownMessage = {
        ...{ id: nextId++, date: Date.now(), entities: [], keyboard: [], silent: false, edited: false, earlier: [] },
        ...message,
      };
      messages.push(shown);
      changed();
      return shown;
    },
    enqueue(update) {
      const about = update.message ?? update.channel_post ?? update.callback_query?.message ?? update.my_chat_member;
      // Updates without a chat have no order among each other.
      const chat = String(about?.chat?.id ?? `update ${updateId}`);
      const numbered = { ...update, update_id: updateId++ };
      const turn = (queues.get(chat) ?? Promise.resolve()).then(() => deliver(numbered));
      queues.set(chat, turn);
      void turn.then(() => queues.get(chat) === turn && queues.delete(chat));
    },
    press(query, answered) {
      const id = String(nextId++);
      pressed.set(id, answered);
      telegram.enqueue({ callback_query: { id, ...query } });
    },
    person: (id, language) => ({
      id: id > 0 ? id : LOCAL_USER,
      is_bot: false,
      first_name: "Local reader",
      language_code: language,
    }),
    commandIn(text) {
      const command = /^\/\w+(@\w+)?/.exec(text)?.[0];
      return command ? [{ type: "bot_command", offset: 0, length: command.length }] : [];
    },
    methods: {
      getMe: () => standInBot,
      getWebhookInfo: () => ({ url: webhookUrl, has_custom_certificate: false, pending_update_count: queues.size }),
      sendMessage: (body) =>
        asTelegram(
          telegram.show({
            chat: Number(body.chat_id),
            from: "bot",
            text: body.text,
            entities: body.entities ?? [],
            keyboard: body.reply_markup?.inline_keyboard ?? [],
            silent: Boolean(body.disable_notification),
            topic: body.message_thread_id,
            replyTo: body.reply_parameters?.message_id,
          }),
        ),
      editMessageText(body) {
        const shown = sent(body);
        const { text, entities, keyboard, earlier } = shown;
        const look = {
          text: body.text,
          entities: body.entities ?? [],
          keyboard: body.reply_markup?.inline_keyboard ?? [],
        };
        if (JSON.stringify(look) === JSON.stringify({ text, entities, keyboard }))
          throw new TelegramRefusal("Bad Request: message is not modified");
        Object.assign(shown, look, { edited: true, earlier: [...earlier, { until: Date.now(), text }] });
        changed();
        return asTelegram(shown);
      },
      editMessageReplyMarkup(body) {
        sent(body).keyboard = body.reply_markup?.inline_keyboard ?? [];
        changed();
        return true;
      },
      deleteMessage(body) {
        if (remove(body)) return true;
        throw new TelegramRefusal("Bad Request: message to delete not found");
      },
      // Like Telegram, it skips messages that don't exist.
      deleteMessages({ chat_id, message_ids }) {
        for (const message_id of message_ids) remove({ chat_id, message_id });
        return true;
      },
      answerCallbackQuery({ callback_query_id, text, show_alert }) {
        // Only the first answer to a press is shown. The bot may repeat it when the response was lost.
        if (text) pressed.get(String(callback_query_id))?.({ text, show_alert });
        pressed.delete(String(callback_query_id));
        return true;
      },
      sendChatAction: () => true,
      // So that `npm run setup` can be tried here.
      setWebhook: () => true,
      setMyCommands: () => true,
      setMyDescription: () => true,
      setMyShortDescription: () => true,
    },
  };
  const more = add(telegram);
  const methods = { ...telegram.methods, ...more.methods };

  /** A message as updates and answers have it. */
  const asTelegram = ({ id, chat, from, date, text, entities, keyboard, topic }: ShownMessage): Json => ({
    message_id: id,
    date: Math.floor(date / 1000),
    ...(from === "bot" && { from: standInBot, reply_markup: { inline_keyboard: keyboard } }),
    chat: more.chatOf?.(chat, topic) ?? { id: chat, type: "private", first_name: "Local reader" },
    text,
    entities,
    ...(topic !== undefined && { message_thread_id: topic, is_topic_message: true }),
  });

  /** @param refusal makes the answer of a refused call */
  async function replyTo(
    run: ((given: Json) => unknown) | undefined,
    given: Json,
    refusal: (refused: TelegramRefusal) => unknown,
  ) {
    try {
      if (!run) throw new TelegramRefusal("Not Found", 404);
      return { status: 200, body: await run(given) };
    } catch (error) {
      if (!(error instanceof TelegramRefusal)) throw error;
      return { status: error.status, body: refusal(error) };
    }
  }

  const answerTo = (token: string, method: string, body: Json): Promise<Reply> =>
    replyTo(
      methods[method] &&
        (async () => {
          if (token !== botToken) throw new TelegramRefusal("Unauthorized", 401);
          return { ok: true, result: await methods[method]?.(body) };
        }),
      body,
      ({ status, message: description }) => ({ ok: false, error_code: status, description }),
    );

  const paths: Required<TelegramAdditions>["paths"] = {
    async "GET /chat"({ chat = LOCAL_USER, after }) {
      if (after !== undefined && Number(after) >= version) {
        const signal = AbortSignal.any([AbortSignal.timeout(LONG_POLL_MS), closing.signal]);
        await once(changes, "changed", { signal }).catch(() => {});
      }
      const inChat = <Entry extends { chat: number }>(entries: Entry[]) =>
        entries.filter((entry) => entry.chat === Number(chat)).map(({ chat: _, ...entry }) => entry);
      return { version, messages: inChat(messages), notices: inChat(notices) };
    },
    "POST /chat/send"({ chat = LOCAL_USER, user = chat, text, language = "en", topic }) {
      if (typeof text !== "string" || text.trim() === "") throw new TelegramRefusal("text is missing");
      const message = telegram.show({ chat, from: "user", text, entities: telegram.commandIn(text), topic });
      telegram.enqueue({ message: { ...asTelegram(message), from: telegram.person(user, language) } });
      return { id: message.id };
    },
    "POST /chat/press"({ chat = LOCAL_USER, user = chat, message, data, language = "en" }) {
      const shown = sent({ chat_id: chat, message_id: message });
      const answered = messages.find(({ chat: other, id }) => other === chat && id === shown.replyTo);
      const about = { ...asTelegram(shown), ...(answered && { reply_to_message: asTelegram(answered) }) };
      telegram.press({ from: telegram.person(user, language), message: about, data }, ({ text, show_alert }) => {
        notices.push({ chat, date: Date.now(), text, alert: Boolean(show_alert) });
        changed();
      });
      return {};
    },
    ...more.paths,
  };

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Content-Type" };
    if (request.method === "OPTIONS") return void response.writeHead(204, headers).end();
    const body = request.method === "GET" ? Object.fromEntries(searchParams) : await json(request).catch(() => ({}));
    const [, token = "", method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(pathname) ?? [];
    const answer = () => answerTo(token, method, body);
    const reply = await (method === ""
      ? replyTo(paths[`${request.method} ${pathname}`], body, ({ message }) => ({ message }))
      : (more.around?.(method, body, answer) ?? answer()));
    if (reply === null) return void request.socket.destroy();
    // A text is sent as a proxy in front of Telegram would send it.
    const sent = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
    response.writeHead(reply.status, { ...headers, "Content-Type": "application/json" }).end(sent);
  });
  // Clients keep connections for less long, so none sends a request on a connection that is being closed.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await once(server.listen(port, "127.0.0.1"), "listening");

  return {
    apiRoot: `http://127.0.0.1:${port}`,
    async close() {
      closing.abort();
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}
