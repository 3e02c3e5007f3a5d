/** `npm start` with a bot's own token: its updates are fetched, since Telegram cannot call localhost. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TelegramServer } from "@vishtar/telegram-test-api/lib/telegramServer.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allowedUpdates } from "../../bot/menu.ts";
import { type LocalCopy, leftAfter, localCopy, type Run } from "./local-copy.ts";

const token = "4343:a-bot-of-its-own";
let local: LocalCopy;
let telegram: TelegramServer;
let run: Run;
/** A webhook of a deployment that uses the same bot. */
let webhook = "https://casewire.example.org/telegram";
const asked: { method: string; body: Record<string, unknown> }[] = [];

function ours(app: any): void {
  app.all("/bot:token/:method", (request: any, response: any, next: () => void) => {
    const { method } = request.params;
    asked.push({ method, body: request.body });
    if (method === "getWebhookInfo") return response.json({ ok: true, result: { url: webhook } });
    if (method === "deleteWebhook") webhook = "";
    if (method === "getUpdates" && webhook)
      return response.status(409).json({ ok: false, error_code: 409, description: "Conflict: webhook is active" });
    return next();
  });
}

beforeAll(async () => {
  local = await localCopy();
  // In place of api.telegram.org; without a webhook it keeps updates until they are fetched.
  telegram = new TelegramServer({ port: local.port + 3, host: "127.0.0.1" }, { routes: [ours] });
  await telegram.start();
  await writeFile(
    join(local.folder, ".dev.vars"),
    `BOT_TOKEN='${token}'\nTELEGRAM_API_ROOT='http://127.0.0.1:${local.port + 3}'\nLEASE_SECONDS='1'\n`,
  );
});

afterAll(async () => {
  await local.endRuns();
  await telegram.stop();
  await local.remove();
});

const replies = () =>
  telegram.storage.botMessages.map(({ message }) => message as unknown as { text: string; reply_markup?: unknown });

test("commands sent to the bot are answered; a webhook elsewhere is taken away, and that is said", async () => {
  run = local.npm(["start"], { PORT: String(local.port) });
  expect(await run.value("chat")).toMatch(/^https:\/\/t\.me\//);
  const client = telegram.getClient(token);
  await client.sendCommand(client.makeCommand("/start"));
  await expect.poll(() => replies().length, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(run.output()).toContain("webhook at https://casewire.example.org/telegram is taken away");
  expect(run.output()).toContain("telegram: updates are fetched");
  expect(asked.findIndex(({ method }) => method === "deleteWebhook")).toBeGreaterThan(0);
  const poll = asked.find(({ method }) => method === "getUpdates")!;
  expect(JSON.stringify(poll.body.allowed_updates)).toContain("my_chat_member");
  expect([...(poll.body.allowed_updates as string[])].sort()).toEqual([...allowedUpdates].sort());
  expect(run.output()).not.toContain(token);
});

test("no button leads to localhost, which Telegram would refuse", async () => {
  await expect.poll(() => run.output(), { timeout: 20_000 }).toMatch(/^first cases: live$/m);
  const before = replies().length;
  const client = telegram.getClient(token);
  await client.sendCommand(client.makeCommand("/case ua-0-00"));
  await expect.poll(() => replies().length, { timeout: 10_000 }).toBeGreaterThan(before);
  const card = replies().at(-1)!;
  expect(card.text).toContain("UA 0/00");
  expect(JSON.stringify(card.reply_markup)).toContain("callback_data");
  expect(JSON.stringify(card.reply_markup)).not.toContain("localhost");
});

test("Telegram away for a moment is said, and what was written meanwhile is answered", async () => {
  await telegram.stop();
  await expect.poll(() => run.output(), { timeout: 10_000 }).toContain("Telegram could not be reached; trying again");
  await telegram.start();
  const before = replies().length;
  const client = telegram.getClient(token);
  await client.sendCommand(client.makeCommand("/help"));
  await expect.poll(() => replies().length, { timeout: 15_000 }).toBeGreaterThan(before);
});

test("a token that Telegram refuses is a clear error", async () => {
  process.kill(-run.group, "SIGTERM");
  expect(await leftAfter(run.group, 5_000)).toEqual([]);
  await telegram.stop();
  const refused = local.npm(["start"], { PORT: String(local.port) });
  await once(refused.child, "exit");
  expect(refused.child.exitCode).toBe(1);
  expect(refused.output()).toContain("The BOT_TOKEN in .dev.vars does not work");
  expect(refused.output()).not.toMatch(/\n\s+at /);
  expect(refused.output()).not.toContain(token);
  await telegram.start();
}, 30_000);
