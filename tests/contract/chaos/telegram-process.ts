/**
 * Runs the Telegram stand-in in a process of its own, behind a proxy that makes faults: each follower's first message meets the fault
 * that troubles.ts assigns to it. `GET /history` lists all messages that the stand-in received, `GET /count` counts the updates among
 * them, `GET /first` returns the first of these as the body of a call, `GET /edits` lists the newest text of each message that was edited, and
 * `GET /edits/count?text=PATTERN` counts those that match. SETTINGS contains the settings as JSON: `calm` turns the faults off, and
 * `update` is a pattern that matches the text of updates.
 */
import { setTimeout as wait } from "node:timers/promises";
import { startStandIn } from "../../../worker/tools/local/stand-in.ts";
import type { StandInApp } from "../../../worker/tools/local/stand-in-api.ts";
import type { Messages } from "../../../worker/tools/local/stand-in-chats.ts";
import { indexOf, supergroupOf, troubleOf } from "./troubles.ts";

/** Longer than the Dispatcher waits. */
const LATE_ANSWER_DELAY_MS = 11_000;
/** Delay of each answer, so that every kill hits messages whose answers have not arrived. */
const ANSWER_DELAY_MS = 12;

const { calm, update, ...settings } = JSON.parse(process.env.SETTINGS ?? "");
const UPDATE = new RegExp(update);
const met = new Set<number>();
/** The newest text of each message that was edited. */
const edits = new Map<string, { chat: number; id: number; text: string }>();
let edited = 0;

function trouble(app: StandInApp, messages: Messages): void {
  const updates = () => [...messages.values()].filter(({ text }) => UPDATE.test(text));
  const refuse = (status: 403 | 400 | 429 | 500 | 502, description: string, parameters?: object) =>
    Response.json({ ok: false, error_code: status, description, parameters }, { status });

  app.use(async (c, next) => {
    await next();
    // Reading a long history takes the test so long that a kept connection would be closed under its next question.
    if (c.req.method === "GET") c.header("Connection", "close");
  });

  app.get("/history", (c) =>
    c.json([...messages.values()].map(({ id, chat, date, silent, text }) => ({ id, chat, at: date, silent, text }))),
  );
  app.get("/count", (c) => c.json(updates().length));
  app.get("/first", (c) => {
    const [{ chat: chat_id, text, entities, keyboard } = {}] = updates();
    return c.json({ chat_id, text, entities, reply_markup: { inline_keyboard: keyboard } });
  });
  app.get("/edits/count", (c) => {
    const wanted = new RegExp(c.req.query("text") ?? "");
    return c.json([...edits.values()].filter(({ text }) => wanted.test(text)).length);
  });
  app.get("/edits", (c) => c.json([...edits.values()]));

  app.post("/:bot/editMessageText", async (c) => {
    const { chat_id, message_id, text } = await c.req.json();
    const trouble = calm ? -1 : edited++ % 40;
    if (trouble === 7) return refuse(502, "Bad Gateway");
    if (trouble === 29 && edited < 60) return refuse(429, "Too Many Requests", { retry_after: 1 });
    if (trouble !== 17) edits.set(`${chat_id} ${message_id}`, { chat: chat_id, id: message_id, text });
    if (trouble === 17 || trouble === 27) c.env.outgoing.destroy();
    await wait(ANSWER_DELAY_MS);
    return c.json({ ok: true, result: true });
  });

  app.post("/:bot/sendMessage", async (c, next) => {
    const { chat_id: chat, text } = await c.req.json();
    const index = indexOf(Number(chat));
    if (calm || index === null || !UPDATE.test(text)) return next();
    const kind = troubleOf(index);
    if (kind === "blocked") return refuse(403, "Forbidden: bot was blocked by the user");
    if (kind === "migrates")
      return refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", {
        migrate_to_chat_id: supergroupOf(index),
      });
    if (met.has(index)) return next();
    met.add(index);
    if (kind === "refused") return refuse(500, "Internal Server Error");
    if (kind === "busy") return refuse(429, "Too Many Requests: retry after 1", { retry_after: 1 });
    if (kind === "dropped") {
      c.env.outgoing.destroy();
      return c.body(null);
    }
    await next();
    if (kind === "answer dropped") c.env.outgoing.destroy();
    else if (kind === "answer refused") c.res = refuse(502, "Bad Gateway");
    else await wait(kind === "late" ? LATE_ANSWER_DELAY_MS : ANSWER_DELAY_MS);
  });

  // Thousands of followers are added, and the bot's replies to them are not part of the test.
  app.post("/:bot{bot[^/]+}/:method", async (c, next) => {
    if (c.req.param("method") === "sendMessage") return next();
    const user = { id: Math.abs((await c.req.json()).chat_id), is_bot: false, first_name: "Invented Reader" };
    const admins = [{ status: "administrator", user }];
    return c.json({ ok: true, result: c.req.param("method") === "getChatAdministrators" ? admins : true });
  });
}

const standIn = await startStandIn({ ...settings, routes: trouble });
console.log(`telegram: ${standIn.apiRoot}`);
process.once("SIGTERM", () => void standIn.close().finally(() => process.exit(0)));
process.once("disconnect", () => process.exit(0));
