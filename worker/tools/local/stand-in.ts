/**
 * A local stand-in for Telegram's Bot API.
 *
 * Run it as a process (`node worker/tools/local/stand-in.ts` with PORT, BOT_TOKEN, WEBHOOK_URL and WEBHOOK_SECRET; it prints
 * `telegram: http://127.0.0.1:PORT` when it listens), or call `startStandIn`. The Worker needs TELEGRAM_API_ROOT =
 * `http://127.0.0.1:PORT` and BOT_INFO = `JSON.stringify(standInBot)`. Responses are JSON with CORS `*`.
 *
 *   /chat...     the chats and their user, see stand-in-chats.ts
 *   /inline/...  inline mode, see stand-in-inline.ts
 *   POST /faults {method?, chat?, answers: [{status, body}]}  sets the responses to the next calls of that method and chat: status
 *        0 drops the connection, a text body is sent as a proxy would send it, and {delay (ms)} only delays the real response
 *   GET  /calls  lists the Bot API calls: [{at (ms), method, chat, answered (status)}]
 *
 * Like Telegram it sends the webhook's secret header, redelivers an update until the webhook responds with 2xx, keeps one queue for each
 * chat, never repeats an update's id, and answers 400 for texts over 4096 characters, buttons over 64 bytes, entities outside the text,
 * and edits without a change.
 */
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import type { UserFromGetMe } from "grammy/types";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { type Json, Refused, type StandInApp } from "./stand-in-api.ts";
import { type Messages, standInChats } from "./stand-in-chats.ts";
import { inlineMode } from "./stand-in-inline.ts";

export interface StandInOptions {
  port: number;
  botToken: string;
  /** Such as `http://localhost:8787/telegram`. */
  webhookUrl: string;
  webhookSecret: string;
  /** Adds routes that come before all others, for tests that simulate failures of Telegram. */
  routes?: (app: StandInApp, messages: Messages) => void;
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

const WEBHOOK_TIMEOUT_MS = 30_000;
/** Clients keep connections for less long, so none sends a request on a connection that is being closed. */
const KEEP_ALIVE_MS = 120_000;
/** Delays between attempts to deliver an update to a webhook that fails, and the total after which it is dropped. */
const FIRST_RETRY_DELAY_MS = 100;
const MAX_RETRY_DELAY_MS = 2_000;
const MAX_RETRY_TOTAL_MS = 120_000;

const person = (id: number, language: string) => ({
  id: id > 0 ? id : 1,
  is_bot: false,
  first_name: "Local reader",
  language_code: language,
});

/** Delivers updates to the webhook, those of a chat one after the other. */
function deliveries({ webhookUrl, webhookSecret }: StandInOptions, closing: AbortSignal) {
  // Update ids must not repeat after a restart, because the Worker ignores those it has seen.
  let nextUpdate = Date.now();
  const queues = new Map<string, Promise<void>>();

  const deliver = async (update: Json): Promise<void> => {
    for (
      let delay = FIRST_RETRY_DELAY_MS, waited = 0;
      waited < MAX_RETRY_TOTAL_MS && !closing.aborted;
      delay = Math.min(delay * 2, MAX_RETRY_DELAY_MS)
    ) {
      try {
        const answer = await fetch(webhookUrl, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": webhookSecret },
          body: JSON.stringify(update),
          signal: AbortSignal.any([closing, AbortSignal.timeout(WEBHOOK_TIMEOUT_MS)]),
        });
        await answer.arrayBuffer();
        if (answer.ok) return;
      } catch {
        // The Worker is not listening yet, or is restarting. Like Telegram, retry later.
      }
      await wait(delay, undefined, { signal: closing }).catch(() => {});
      waited += delay;
    }
  };

  return {
    /** The number of chats with updates that wait. */
    waiting: () => queues.size,
    enqueue(update: Json): void {
      const numbered = { update_id: nextUpdate++, ...update };
      const about = update.message ?? update.channel_post ?? update.callback_query?.message ?? update.my_chat_member;
      // Updates without a chat have no order among each other.
      const chat = String(about?.chat?.id ?? `update ${numbered.update_id}`);
      const turn = (queues.get(chat) ?? Promise.resolve()).then(() => deliver(numbered));
      queues.set(chat, turn);
      void turn.then(() => queues.get(chat) === turn && queues.delete(chat));
    },
  };
}

interface Fault {
  method?: string;
  chat?: string | number;
  answers: { status?: number; body?: unknown; delay?: number }[];
}

export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const { port, botToken, webhookUrl, routes } = options;
  const host = "127.0.0.1";
  const apiRoot = `http://${host}:${port}`;
  const closing = new AbortController();
  const { enqueue, waiting } = deliveries(options, closing.signal);
  const calls: { at: number; method: string; chat: string; answered: number }[] = [];
  const faults: Fault[] = [];
  const messages: Messages = new Map();

  const app: StandInApp = new Hono();
  app.use(cors());
  routes?.(app, messages);
  const tools = { app, bot: standInBot, person, enqueue, closing: closing.signal };
  const inline: Record<string, (body: Json) => unknown> = inlineMode(tools);
  const accepted = () => true;
  const methods: Record<string, (body: Json) => unknown> = {
    getMe: () => standInBot,
    // Accepted and ignored, so that `npm run telegram:setup` can be tried here.
    setWebhook: accepted,
    setMyCommands: accepted,
    setMyDescription: accepted,
    setMyShortDescription: accepted,
    getWebhookInfo: () => ({ url: webhookUrl, has_custom_certificate: false, pending_update_count: waiting() }),
    ...standInChats(tools, messages),
  };

  app.post("/faults", async function setFault(c) {
    faults.push(await c.req.json());
    return c.json({});
  });
  app.get("/calls", (c) => c.json(calls));

  app.all("/:bot{bot[^/]+}/:method", async function callBotApi(c) {
    const { bot, method } = c.req.param();
    const body = await c.req.json().catch(() => ({}));
    const chat = String(body.chat_id ?? body.inline_message_id ?? "");
    const answered = (answer: Response) => {
      calls.push({ at: Date.now(), method, chat, answered: answer.status });
      return answer;
    };
    const refuse = (status: number, description: string) =>
      answered(Response.json({ ok: false, error_code: status, description }, { status }));
    if (bot !== `bot${botToken}`) return refuse(401, "Unauthorized");
    const fault = faults.find(
      (one) => one.answers.length > 0 && (one.method ?? method) === method && String(one.chat ?? chat) === chat,
    );
    const { status, delay = 0, body: given } = fault?.answers.shift() ?? {};
    if (status === 0) {
      calls.push({ at: Date.now(), method, chat, answered: 0 });
      c.env.outgoing.destroy();
      return new Response();
    }
    if (delay) await wait(delay, undefined, { signal: closing.signal }).catch(() => {});
    if (status) return answered(new Response(typeof given === "string" ? given : JSON.stringify(given), { status }));
    try {
      const result = inline[method]?.(body) ?? methods[method]?.(body);
      return result === undefined ? refuse(404, "Not Found") : answered(Response.json({ ok: true, result }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return refuse(error.status, error.message);
    }
  });

  const server = createServer(async (incoming, outgoing) => {
    const { method = "GET", url, headers } = incoming;
    const body = method === "POST" ? await buffer(incoming) : null;
    const request = new Request(apiRoot + url, { method, headers: headers as Record<string, string>, body });
    const answer = await app.fetch(request, { outgoing });
    if (outgoing.destroyed) return;
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));

  return {
    apiRoot,
    async close() {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
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
