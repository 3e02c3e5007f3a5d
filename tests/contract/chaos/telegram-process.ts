/**
 * Runs the Telegram stand-in in a process of its own, behind a proxy that makes faults: each follower's first message meets the fault
 * that troubles.ts assigns to it. `GET /history` lists all messages that the stand-in received, `GET /count` counts the updates among
 * them, `GET /first` returns the first of these, `GET /edits` lists the newest text of each message that was edited, and
 * `GET /edits/count?text=PATTERN` counts those that match. SETTINGS contains the settings as JSON: `calm` turns the faults off, and
 * `update` is a pattern that matches the text of updates.
 */
import { setTimeout as wait } from "node:timers/promises";
import { type Json, type Reply, startStandIn } from "../../../worker/tools/local/stand-in.ts";
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

/** The bodies of the messages that arrived. */
const arrived: Json[] = [];
const updates = () => arrived.filter(({ text }) => UPDATE.test(text));

const refused = (status: number, description: string, parameters?: object): Reply => ({
  status,
  body: { ok: false, error_code: status, description, parameters },
});

async function edit({ chat_id, message_id, text }: Json): Promise<Reply> {
  const trouble = calm ? -1 : edited++ % 40;
  if (trouble === 7) return refused(502, "Bad Gateway");
  if (trouble === 17) return null;
  if (trouble === 29 && edited < 60) return refused(429, "Too Many Requests", { retry_after: 1 });
  edits.set(`${chat_id} ${message_id}`, { chat: Number(chat_id), id: Number(message_id), text });
  if (trouble === 27) return null;
  await wait(ANSWER_DELAY_MS);
  return { status: 200, body: { ok: true, result: true } };
}

async function send(body: Json, accept: () => Promise<Reply>): Promise<Reply> {
  const answer = () => {
    arrived.push(body);
    return accept();
  };
  const index = indexOf(Number(body.chat_id));
  if (calm || index === null || !UPDATE.test(body.text)) return answer();
  const kind = troubleOf(index);
  if (kind === "blocked") return refused(403, "Forbidden: bot was blocked by the user");
  if (kind === "migrates")
    return refused(400, "Bad Request: group chat was upgraded to a supergroup chat", {
      migrate_to_chat_id: supergroupOf(index),
    });
  if (met.has(index)) return answer();
  met.add(index);
  if (kind === "refused") return refused(500, "Internal Server Error");
  if (kind === "busy") return refused(429, "Too Many Requests: retry after 1", { retry_after: 1 });
  if (kind === "dropped") return null;
  const reply = await answer();
  if (kind === "answer dropped") return null;
  if (kind === "answer refused") return refused(502, "Bad Gateway");
  await wait(kind === "late" ? LATE_ANSWER_DELAY_MS : ANSWER_DELAY_MS);
  return reply;
}

const standIn = await startStandIn({
  ...settings,
  more: ({ messages }) => ({
    async around(method, body, answer) {
      if (method === "sendMessage") return send(body, answer);
      if (method === "editMessageText") return edit(body);
      // Thousands of followers are added, and the bot's replies to them are not part of the test.
      const user = { id: Math.abs(body.chat_id), is_bot: false, first_name: "Invented Reader" };
      const admins = [{ status: "administrator", user }];
      return { status: 200, body: { ok: true, result: method === "getChatAdministrators" ? admins : true } };
    },
    paths: {
      "GET /history": () => messages.map(({ id, chat, date: at, silent, text }) => ({ id, chat, at, silent, text })),
      "GET /count": () => updates().length,
      "GET /first": () => updates()[0],
      "GET /edits/count": ({ text }) => [...edits.values()].filter((one) => new RegExp(text).test(one.text)).length,
      "GET /edits": () => [...edits.values()],
    },
  }),
});
console.log(`telegram: ${standIn.apiRoot}`);
process.once("SIGTERM", () => void standIn.close().finally(() => process.exit(0)));
process.once("disconnect", () => process.exit(0));
