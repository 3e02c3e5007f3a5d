/** `npm start` with the developer's own bot. Updates are polled, because Telegram can't call localhost. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { TelegramServer } from "@vishtar/telegram-test-api/lib/telegramServer.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allowedUpdates } from "../../../bot/menu.ts";
import { step } from "../../step.ts";
import type { LocalCopy } from "../local-copy.ts";

const token = "4343:a-bot-of-its-own";
let telegram: TelegramServer;
/** A webhook set by a deployment that uses the same bot. */
let webhook = "https://casewire.example.org/telegram";
const calls: { method: string; body: Record<string, unknown> }[] = [];

function ours(app: any): void {
  app.all("/bot:token/:method", (request: any, response: any, next: () => void) => {
    const { method } = request.params;
    calls.push({ method, body: request.body });
    if (method === "getWebhookInfo") return response.json({ ok: true, result: { url: webhook } });
    if (method === "deleteWebhook") webhook = "";
    if (method === "getUpdates" && webhook)
      return response.status(409).json({ ok: false, error_code: 409, description: "Conflict: webhook is active" });
    return next();
  });
}

/** @param copy returns the copy of the project, with the first cases and an administrator. These tests change its settings */
export function ownBot(copy: () => LocalCopy): void {
  beforeAll(async () => {
    const local = copy();
    // Replaces api.telegram.org. Without a webhook it keeps updates until they are polled.
    telegram = new TelegramServer({ port: local.port + 3, host: "127.0.0.1" }, { routes: [ours] });
    await telegram.start();
    await appendFile(
      join(local.folder, ".dev.vars"),
      `\nBOT_TOKEN='${token}'\nTELEGRAM_API_ROOT='http://127.0.0.1:${local.port + 3}'\nLEASE_SECONDS='1'\n`,
    );
  });

  afterAll(() => telegram.stop());

  const replies = () =>
    telegram.storage.botMessages.map(({ message }) => message as unknown as { text: string; reply_markup?: unknown });

  test("npm start with a bot's own token fetches its updates and answers them", async () => {
    const run = copy().script("start", [], { PORT: String(copy().port) });
    await step("The bot answers commands, and says that it takes its webhook away from elsewhere", async () => {
      expect(await run.value("chat")).toMatch(/^https:\/\/t\.me\//);
      const client = telegram.getClient(token);
      await client.sendCommand(client.makeCommand("/start"));
      await expect.poll(() => replies().length).toBeGreaterThan(0);
      expect(run.output()).toContain("deleting the bot's webhook https://casewire.example.org/telegram");
      expect(run.output()).toContain("telegram: relaying updates");
      expect(calls.findIndex(({ method }) => method === "deleteWebhook")).toBeGreaterThan(0);
      const poll = calls.find(({ method }) => method === "getUpdates")!;
      expect(JSON.stringify(poll.body.allowed_updates)).toContain("my_chat_member");
      expect([...(poll.body.allowed_updates as string[])].sort()).toEqual([...allowedUpdates].sort());
      expect(run.output()).not.toContain(token);
    });
    await step("No button leads to localhost, which Telegram would refuse", async () => {
      // The token of the local run opens nothing any more, and the next run starts on what is there.
      expect(await run.value("editors")).toContain("npm run reset");
      for (const id of ["ua-126-19", "ua-0-00"])
        expect((await fetch(`${await run.value("home")}/v1/cases/${id}`)).status).toBe(200);
      const before = replies().length;
      const client = telegram.getClient(token);
      await client.sendCommand(client.makeCommand("/case ua-0-00"));
      await expect.poll(() => replies().length).toBeGreaterThan(before);
      const card = replies().at(-1)!;
      expect(card.text).toContain("UA 0/00");
      expect(JSON.stringify(card.reply_markup)).toContain("callback_data");
      expect(JSON.stringify(card.reply_markup)).not.toContain("localhost");
    });
    await step(
      "When Telegram was away for a moment, that is said, and messages written meanwhile are answered",
      async () => {
        await telegram.stop();
        await run.prints("Telegram could not be reached; retrying");
        await telegram.start();
        const before = replies().length;
        const client = telegram.getClient(token);
        await client.sendCommand(client.makeCommand("/help"));
        await expect.poll(() => replies().length).toBeGreaterThan(before);
      },
    );
  });

  test("npm start with a token that can't be checked ends with a clear error", async () => {
    await telegram.stop();
    const refused = copy().script("start", [], { PORT: String(copy().port) });
    expect(await refused.exit()).toBe(1);
    expect(refused.output()).toContain("The BOT_TOKEN in .dev.vars could not be checked");
    expect(refused.output()).not.toMatch(/\n\s+at /);
    expect(refused.output()).not.toContain(token);
    await telegram.start();
  });
}
