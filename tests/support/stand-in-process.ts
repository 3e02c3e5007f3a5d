/**
 * Runs the Telegram stand-in as a process of its own, and acts as the user of
 * its chats.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ShownMessage } from "../../worker/tools/local/stand-in.ts";

export type ChatMessage = ShownMessage;

/** Long, because it is only a limit: a busy machine answers late. */
const CHAT_TIMEOUT_MS = 120_000;

/**
 * The first port of this process. The processes of a test run have different
 * ranges, above 10080, which browsers and fetch refuse.
 */
let nextPort =
  10_100 +
  (Number(process.env.VITEST_POOL_ID ?? 0) % 20) * 500 +
  Math.floor(Math.random() * 250);

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  const listens = await once(server, "listening").then(
    () => true,
    () => false,
  );
  if (listens) await once(server.close(), "close");
  return listens;
}

/**
 * Returns a port that is free now, and another one with each call. It is below
 * the range of ephemeral ports: an outgoing connection of some other test could
 * otherwise take it before it is used, or while its Worker restarts.
 * @param count how many ports from this one on are free
 */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    const first = nextPort;
    nextPort += count;
    const free = await Promise.all(
      Array.from({ length: count }, (_, index) => isFree(first + index)),
    );
    if (free.every(Boolean)) return first;
  }
}

export type StandInProcess = Awaited<ReturnType<typeof spawnStandIn>>;
export type Chat = ReturnType<StandInProcess["chat"]>;

/** Starts the Telegram that a Worker calls. */
export async function spawnStandIn({
  url,
  env,
}: {
  url: string;
  env: Record<string, string>;
}) {
  const root = env.TELEGRAM_API_ROOT as string;
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(
        new URL("../../worker/tools/local/stand-in.ts", import.meta.url),
      ),
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        PORT: new URL(root).port,
        BOT_TOKEN: env.BOT_TOKEN,
        WEBHOOK_URL: `${url}/telegram`,
        WEBHOOK_SECRET: env.WEBHOOK_SECRET,
      },
    },
  );
  await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    once(child, "exit").then(() =>
      Promise.reject(new Error("the stand-in did not start")),
    ),
  ]);

  const post = async <T = unknown>(path: string, body: unknown): Promise<T> => {
    const answer = await fetch(root + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok)
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };

  return {
    root,
    post,
    calls: async () =>
      (await (await fetch(`${root}/calls`)).json()) as {
        at: number;
        method: string;
        chat: string;
        answered: number;
      }[],
    faults: (
      method: string,
      chat: number | undefined,
      answers: { status?: number; body?: unknown; delay?: number }[],
    ) => post("/faults", { method, chat, answers }),
    /** @param chat the id of a chat or of an inline message */
    chat<Id extends number | string>(chat: Id, language = "en") {
      const read = async (after?: number) =>
        (await (
          await fetch(
            `${root}/chat?chat=${chat}${after === undefined ? "" : `&after=${after}`}`,
          )
        ).json()) as {
          version: number;
          messages: ChatMessage[];
          notices: { text: string }[];
        };
      const messages = async () => (await read()).messages;
      /** Waits until the bot's messages satisfy a condition. */
      const until = async (condition: (messages: ChatMessage[]) => boolean) => {
        const deadline = Date.now() + CHAT_TIMEOUT_MS;
        for (
          let { version, messages } = await read();
          ;
          { version, messages } = await read(version)
        ) {
          const fromBot = messages.filter(({ from }) => from === "bot");
          if (condition(fromBot)) return fromBot;
          if (Date.now() > deadline)
            throw new Error(
              `the chat never got there:\n${messages.map(({ text }) => text).join("\n---\n")}`,
            );
        }
      };
      const say = (text: string) =>
        post<void>("/chat/send", { chat, text, language });
      return {
        id: chat,
        say,
        read,
        messages,
        until,
        notices: async () => (await read()).notices,
        /**
         * Presses the button with that text under the newest message that has
         * one.
         */
        async press(button: string) {
          const found = (await messages())
            .reverse()
            .flatMap(({ id, from, keyboard }) =>
              from === "bot" ? keyboard.flat().map((key) => ({ id, key })) : [],
            )
            .find(({ key }) => key.text === button && key.callback_data);
          if (!found) throw new Error(`no button ${button}`);
          await post("/chat/press", {
            chat,
            language,
            message: found.id,
            data: found.key.callback_data,
          });
        },
        /** Sends a message and waits for the bot's next message. */
        async ask(text: string): Promise<ChatMessage> {
          const before = (await messages()).filter(
            ({ from }) => from === "bot",
          ).length;
          await say(text);
          return (await until((all) => all.length > before)).at(-1)!;
        },
      };
    },
    async close() {
      if (child.exitCode !== null) return;
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    },
  };
}
