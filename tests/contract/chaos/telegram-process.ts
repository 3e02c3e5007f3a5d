/**
 * Runs the Telegram stand-in in a process of its own, behind a proxy that makes
 * faults: each follower's first message meets the fault that troubles.ts
 * assigns to it. `GET /history` lists all messages that the stand-in received,
 * `GET /count` counts the updates among them, `GET /edits` lists the newest
 * text of each message that was edited, and `GET /edits/count?text=PATTERN`
 * counts those that match. SETTINGS contains the settings as JSON: `calm` turns
 * the faults off.
 */
import { setTimeout as wait } from "node:timers/promises";
import { startStandIn } from "../../../worker/tools/local/stand-in.ts";
import { indexOf, supergroupOf, troubleOf, UPDATE } from "./troubles.ts";

/** Longer than the Dispatcher waits. */
const LATE_ANSWER_DELAY_MS = 11_000;
/**
 * Delay of each answer, so that every kill hits messages whose answers have not
 * arrived.
 */
const ANSWER_DELAY_MS = 12;

const { calm, ...settings } = JSON.parse(process.env.SETTINGS ?? "");
const met = new Set<number>();
/** The newest text of each message that was edited. */
const edits = new Map<string, { chat: number; id: number; text: string }>();
let edited = 0;

type Json = any;

function trouble(app: Json, server: Json): void {
  // Reading a long history takes the test so long that a kept connection would
  // be closed under its next question.
  app.get(/.*/, (_request: Json, response: Json, next: () => void) => {
    response.set("Connection", "close");
    next();
  });

  app.get("/history", (_request: Json, response: Json) =>
    response.json(
      server.storage.botMessages.map(({ time, messageId, message }: Json) => ({
        id: Number(messageId),
        chat: Number(message.chat_id),
        at: time,
        silent: Boolean(message.disable_notification),
        text: message.text,
      })),
    ),
  );

  app.get("/count", (_request: Json, response: Json) =>
    response.json(
      server.storage.botMessages.filter(({ message }: Json) =>
        UPDATE.test(message.text),
      ).length,
    ),
  );

  app.get("/edits/count", (request: Json, response: Json) => {
    const wanted = new RegExp(request.query.text);
    response.json(
      [...edits.values()].filter(({ text }) => wanted.test(text)).length,
    );
  });

  app.get("/edits", (_request: Json, response: Json) =>
    response.json([...edits.values()]),
  );

  app.post(
    "/bot:token/editMessageText",
    async (request: Json, response: Json) => {
      const { chat_id, message_id, text } = request.body;
      const trouble = calm ? -1 : edited++ % 40;
      const answer = (status: number, body: object) =>
        response.status(status).json({ ok: status === 200, ...body });
      if (trouble === 7)
        return answer(502, { error_code: 502, description: "Bad Gateway" });
      if (trouble === 17) return request.socket.destroy();
      if (trouble === 29 && edited < 60)
        return answer(429, {
          error_code: 429,
          description: "Too Many Requests",
          parameters: { retry_after: 1 },
        });
      edits.set(`${chat_id} ${message_id}`, {
        chat: Number(chat_id),
        id: Number(message_id),
        text,
      });
      if (trouble === 27) return request.socket.destroy();
      await wait(ANSWER_DELAY_MS);
      return answer(200, { result: true });
    },
  );

  // Thousands of followers are added, and the bot's replies to them are not
  // part of the test.
  app.post(
    "/bot:token/:method",
    (request: Json, response: Json, next: () => void) => {
      const { method } = request.params;
      if (method === "sendMessage") return next();
      const user = {
        id: Math.abs(request.body.chat_id),
        is_bot: false,
        first_name: "Invented Reader",
      };
      const admins = [{ status: "administrator", user }];
      return response.json({
        ok: true,
        result: method === "getChatAdministrators" ? admins : true,
      });
    },
  );

  app.post(
    "/bot:token/sendMessage",
    async (request: Json, response: Json, next: () => void) => {
      const index = indexOf(Number(request.body.chat_id));
      if (calm || index === null || !UPDATE.test(request.body.text))
        return next();
      const kind = troubleOf(index);
      const refuse = (
        status: number,
        description: string,
        parameters?: object,
      ) =>
        response
          .status(status)
          .json({ ok: false, error_code: status, description, parameters });
      if (kind === "blocked")
        return refuse(403, "Forbidden: bot was blocked by the user");
      if (kind === "migrates")
        return refuse(
          400,
          "Bad Request: group chat was upgraded to a supergroup chat",
          {
            migrate_to_chat_id: supergroupOf(index),
          },
        );
      if (met.has(index)) return next();
      met.add(index);
      const end = response.end.bind(response);
      switch (kind) {
        case "refused":
          return refuse(500, "Internal Server Error");
        case "busy":
          return refuse(429, "Too Many Requests: retry after 1", {
            retry_after: 1,
          });
        case "dropped":
          return request.socket.destroy();
        case "answer dropped":
          response.end = () => request.socket.destroy();
          return next();
        case "answer refused":
          response.end = () => {
            const body = JSON.stringify({
              ok: false,
              error_code: 502,
              description: "Bad Gateway",
            });
            response.statusCode = 502;
            response.setHeader("Content-Length", body.length);
            return end(body);
          };
          return next();
      }
      const delay = kind === "late" ? LATE_ANSWER_DELAY_MS : ANSWER_DELAY_MS;
      response.end = (...body: unknown[]) =>
        void wait(delay).then(() => end(...body));
      return next();
    },
  );
}

const standIn = await startStandIn({ ...settings, routes: [trouble] });
console.log(`telegram: ${standIn.apiRoot}`);
process.once(
  "SIGTERM",
  () => void standIn.close().finally(() => process.exit(0)),
);
process.once("disconnect", () => process.exit(0));
