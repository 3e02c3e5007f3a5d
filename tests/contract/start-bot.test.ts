/** `npm start` with a bot's own token: its updates are fetched, since Telegram cannot call localhost. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TelegramServer } from "@vishtar/telegram-test-api/lib/telegramServer.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalCopy, localCopy } from "./local-copy.ts";

const token = "4343:a-bot-of-its-own";
let local: LocalCopy;
let telegram: TelegramServer;

beforeAll(async () => {
  local = await localCopy();
  // In place of api.telegram.org; without a webhook it keeps updates until they are fetched.
  telegram = new TelegramServer({ port: local.port + 3, host: "127.0.0.1" });
  await telegram.start();
});

afterAll(async () => {
  await local.endRuns();
  await telegram.stop();
  await local.remove();
});

test("a command sent to the bot is answered", async () => {
  await writeFile(
    join(local.folder, ".dev.vars"),
    `BOT_TOKEN='${token}'\nTELEGRAM_API_ROOT='http://127.0.0.1:${local.port + 3}'\n`,
  );
  const run = local.npm(["start"], { PORT: String(local.port) });
  expect(await run.value("chat")).toMatch(/^https:\/\/t\.me\//);
  const client = telegram.getClient(token);
  await client.sendCommand(client.makeCommand("/start"));
  await expect.poll(() => telegram.storage.botMessages.length, { timeout: 10_000 }).toBeGreaterThan(0);
});

test("a token that Telegram refuses is a clear error", async () => {
  await local.endRuns();
  await telegram.stop();
  const run = local.npm(["start"], { PORT: String(local.port) });
  await once(run.child, "exit");
  expect(run.child.exitCode).toBe(1);
  expect(run.output()).toContain("The BOT_TOKEN in .dev.vars does not work");
  expect(run.output()).not.toMatch(/\n\s+at /);
  await telegram.start();
}, 30_000);
