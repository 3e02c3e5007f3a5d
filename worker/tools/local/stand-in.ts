/**
 * Telegram on one machine: @vishtar/telegram-test-api answers the Bot API, and this file adds what it lacks.
 *
 * Run it as a process of its own (`node worker/tools/local/stand-in.ts`, settings from PORT, BOT_TOKEN, WEBHOOK_URL, WEBHOOK_SECRET;
 * it prints `telegram: http://127.0.0.1:PORT` when it listens), or call `startStandIn`. The Worker's TELEGRAM_API_ROOT is
 * `http://127.0.0.1:PORT`, its BOT_INFO is `JSON.stringify(standInBot)`. Everything below answers JSON with CORS `*`.
 *
 * For the chat page:
 *   GET  /chat?chat=1&after=VERSION   -> {version, bot, messages, notices}
 *        `after` given: waits up to 25 s until something is newer than that version; absent: answers at once.
 *        messages, oldest first, edits applied, deleted ones gone:
 *          {id, from: "user"|"bot", date (ms), text, entities: MessageEntity[] (UTF-16 offsets), keyboard: Button[][],
 *           silent: boolean, edited: boolean, topic?: number};   Button: {text, callback_data} or {text, url}
 *        notices: the short texts a button press answers with: {date (ms), text, alert: boolean}
 *   POST /chat/send   {chat?, text, language?, topic?}        say something, "/case ua-0-00" for instance -> {id}
 *   POST /chat/press  {chat?, message, data, language?}       press an inline button by its callback_data -> {}
 *   POST /chat/update {update}                                any other update (my_chat_member, a group's message) -> {}
 *   `chat` is 1 when absent (the local user's private chat); `language` is the user's Telegram language, "en" when absent.
 *
 * For tests:
 *   POST /faults {method?, chat?, answers: [{status, body}]}  the next calls of that method and chat get these answers; a
 *        status of 0 drops the connection, a body of text is a page of what stands in between, and {delay (ms)} only makes the
 *        real answer late
 *   /chat/member, /chat/post, /chat/pinned                    groups and channels, see stand-in-chats.ts
 *   /inline/...                                               inline mode, see stand-in-inline.ts
 *   GET  /calls                                               every Bot API call: [{at (ms), method, chat, answered (status)}]
 *
 * Ours, because the stand-in is laxer than Telegram: the webhook's secret header, redelivery until the webhook answers 2xx,
 * an order per chat, update ids that never repeat, and 400 for texts over 4096, buttons over 64 bytes, entities outside the
 * text and edits that change nothing.
 */
import { setTimeout as wait } from "node:timers/promises";
import { TelegramServer } from "@vishtar/telegram-test-api/lib/telegramServer.js";
import type { UserFromGetMe } from "grammy/types";
import { chatsWithMany, commandIn } from "./stand-in-chats.ts";
import { inlineMode } from "./stand-in-inline.ts";
import { parsed, refusal } from "./stand-in-limits.ts";

export interface StandInOptions {
  port: number;
  botToken: string;
  /** Where the Worker takes updates: `http://localhost:8787/telegram`. */
  webhookUrl: string;
  webhookSecret: string;
  /** Asked before the others: what a test adds to Telegram's troubles. */
  // biome-ignore lint/suspicious/noExplicitAny: the foreign server's application and state are untyped
  routes?: ((app: any, server: any) => void)[];
}

export interface StandIn {
  /** What TELEGRAM_API_ROOT must be. */
  apiRoot: string;
  close(): Promise<void>;
}

/** What getMe says of the local bot. */
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

interface Entity {
  type: string;
  offset: number;
  length: number;
}

interface Message {
  id: number;
  from: "user" | "bot";
  date: number;
  text: string;
  entities: Entity[];
  keyboard: { text: string; callback_data?: string; url?: string }[][];
  silent: boolean;
  edited: boolean;
  topic?: number;
}

// biome-ignore lint/suspicious/noExplicitAny: the foreign server's requests and messages are untyped JSON
type Json = any;

const LOCAL_USER = 1;
const LONG_POLL = 25_000;
/** How long a webhook that fails is tried again, and at most how long apart, in milliseconds. */
const REDELIVER_FOR = 120_000;
const REDELIVER_EVERY = 2_000;

export async function startStandIn({
  port,
  botToken,
  webhookUrl,
  webhookSecret,
  routes = [],
}: StandInOptions): Promise<StandIn> {
  const host = "127.0.0.1";
  const apiRoot = `http://${host}:${port}`;
  const closing = new AbortController();
  const said: (Message & { chat: number })[] = [];
  const editedIds = new Set<number>();
  const notices: { chat: number; date: number; text: string; alert: boolean }[] = [];
  const calls: { at: number; method: string; chat: string; answered: number }[] = [];
  const faults: { method?: string; chat?: string; answers: { status?: number; body?: unknown; delay?: number }[] }[] =
    [];
  const pressed = new Map<string, number>();

  let version = 0;
  let wake: (() => void)[] = [];
  const changed = () => {
    version++;
    for (const waiting of wake) waiting();
    wake = [];
  };

  const history = (server: Json, chat: number): Message[] => {
    const sent: Message[] = server.storage.botMessages
      .filter(({ message }: Json) => Number(message.chat_id) === chat)
      .map(({ messageId, time, message }: Json) => ({
        id: messageId,
        from: "bot",
        date: time,
        text: message.text,
        entities: parsed(message.entities) ?? [],
        keyboard: parsed(message.reply_markup)?.inline_keyboard ?? [],
        silent: Boolean(message.disable_notification),
        edited: editedIds.has(messageId),
        ...(message.message_thread_id === undefined ? {} : { topic: message.message_thread_id }),
      }));
    const own = said.filter((message) => message.chat === chat).map(({ chat: _, ...message }) => message);
    return [...own, ...sent].sort((a, b) => a.date - b.date);
  };

  // Update ids must not repeat after a restart, since the Worker remembers those it has seen.
  let updateId = Date.now();
  const queues = new Map<string, Promise<void>>();

  const deliver = async (update: Json): Promise<void> => {
    for (
      let pause = 100, spent = 0;
      spent < REDELIVER_FOR && !closing.signal.aborted;
      pause = Math.min(pause * 2, REDELIVER_EVERY)
    ) {
      try {
        const answer = await fetch(webhookUrl, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": webhookSecret },
          body: JSON.stringify(update),
          signal: AbortSignal.any([closing.signal, AbortSignal.timeout(30_000)]),
        });
        await answer.arrayBuffer();
        if (answer.ok) return;
      } catch {
        // Not listening yet, or gone for a moment: as with Telegram, the update waits.
      }
      await wait(pause, undefined, { signal: closing.signal }).catch(() => {});
      spent += pause;
    }
  };

  const enqueue = (update: Json): void => {
    const { update_id: _, ...rest } = update;
    const about = rest.message ?? rest.channel_post ?? rest.callback_query?.message ?? rest.my_chat_member;
    // Telegram keeps no order between updates that belong to no chat.
    const chat = String(about?.chat?.id ?? `update ${updateId}`);
    const numbered = { update_id: updateId++, ...rest };
    const turn = (queues.get(chat) ?? Promise.resolve()).then(() => deliver(numbered));
    queues.set(chat, turn);
    void turn.then(() => queues.get(chat) === turn && queues.delete(chat));
  };

  const person = (chat: number, language: string) => ({
    id: chat > 0 ? chat : LOCAL_USER,
    is_bot: false,
    first_name: "Local reader",
    language_code: language,
  });
  const show = (message: Pick<Message, "id" | "text" | "entities" | "topic"> & { chat: number }) => {
    said.push({ ...message, from: "user", date: Date.now(), keyboard: [], silent: false, edited: false });
    changed();
  };
  const many = chatsWithMany({
    enqueue,
    show: (chat, id, text, entities) => show({ chat, id, text, entities }),
    remove(chat, id) {
      const at = said.findIndex((message) => message.chat === chat && message.id === id);
      if (at >= 0) said.splice(at, 1);
      return at >= 0;
    },
  });
  const { place } = many;
  const inline = inlineMode({ enqueue, refusal, person });

  const additions = (app: Json, server: Json) => {
    app.use((request: Json, response: Json, next: () => void) => {
      response.set("Access-Control-Allow-Origin", "*");
      response.set("Access-Control-Allow-Headers", "Content-Type");
      if (request.method === "OPTIONS") response.status(204).end();
      else next();
    });

    inline.routes(app);
    many.routes(app);
    app.post("/relay", (request: Json, response: Json) => {
      enqueue(request.body);
      response.json({});
    });

    app.get("/chat", async (request: Json, response: Json) => {
      const chat = Number(request.query.chat ?? LOCAL_USER);
      if (request.query.after !== undefined && Number(request.query.after) >= version) {
        const timer = new AbortController();
        await Promise.race([
          new Promise<void>((resolve) => wake.push(resolve)),
          wait(LONG_POLL, undefined, { signal: AbortSignal.any([timer.signal, closing.signal]) }).catch(() => {}),
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

    app.post("/chat/send", async (request: Json, response: Json) => {
      const { chat = LOCAL_USER, user = chat, text, language = "en", topic } = request.body;
      if (typeof text !== "string" || text.trim() === "" || text.length > 4096)
        return response.status(400).json({ message: "text must have 1 to 4096 characters" });
      const entities = commandIn(text);
      const id = server.messageId;
      show({ chat, id, text, entities, ...(topic === undefined ? {} : { topic }) });
      await server.addUserMessage({
        botToken,
        date: Math.floor(Date.now() / 1000),
        from: person(user, language),
        chat: place(chat, topic),
        text,
        ...(entities.length > 0 ? { entities } : {}),
        ...(topic === undefined ? {} : { message_thread_id: topic, is_topic_message: true }),
      });
      response.json({ id });
    });

    app.post("/chat/press", async (request: Json, response: Json) => {
      const { chat = LOCAL_USER, user = chat, message, data, language = "en" } = request.body;
      const shown = history(server, chat).find(({ id, from }) => from === "bot" && id === message);
      if (!shown) return response.status(404).json({ message: "there is no such message" });
      // Counted here too: it counts only once the webhook has answered, and two presses would be one.
      server.callbackId++;
      pressed.set(String(server.callbackId), chat);
      await server.addUserCallback({
        botToken,
        date: Math.floor(Date.now() / 1000),
        from: person(user, language),
        message: {
          message_id: shown.id,
          from: standInBot,
          date: Math.floor(shown.date / 1000),
          chat: place(chat, shown.topic),
          text: shown.text,
          entities: shown.entities,
          reply_markup: { inline_keyboard: shown.keyboard },
          ...(shown.topic === undefined ? {} : { message_thread_id: shown.topic, is_topic_message: true }),
        },
        data,
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

      if (inline.take(method, body, response) || many.take(method, body, response)) return;
      if (method === "getMe") return response.json({ ok: true, result: standInBot });
      // So that `npm run telegram:setup` can be tried; this webhook stays where it is.
      if (/^set(Webhook|MyCommands|MyDescription|MyShortDescription)$/.test(method))
        return response.json({ ok: true, result: true });
      if (method === "getWebhookInfo") {
        const result = { url: webhookUrl, has_custom_certificate: false, pending_update_count: queues.size };
        return response.json({ ok: true, result });
      }
      if (method === "answerCallbackQuery") {
        const to = pressed.get(String(body.callback_query_id));
        // A press is answered once; the same again, after an answer that was lost, shows nothing.
        pressed.delete(String(body.callback_query_id));
        if (to !== undefined && body.text) {
          notices.push({ chat: to, date: Date.now(), text: body.text, alert: Boolean(body.show_alert) });
          changed();
        }
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
        // The stand-in merges an edit into the old message; Telegram drops what an edit leaves out.
        body.entities ??= [];
        body.reply_markup ??= { inline_keyboard: [] };
        editedIds.add(shown.id);
      }
      if (method === "deleteMessage") response.on("finish", changed);
      next();
    });
  };

  const server = new TelegramServer({ port, host, storeTimeout: 7 * 86_400 }, { routes: [...routes, additions] });
  for (const event of ["AddedBotMessage", "EditedMessageText", "EditedMessageReplyMarkup"]) server.on(event, changed);
  await server.start();
  server.setWebhook({ url: `${apiRoot}/relay` }, botToken);

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
