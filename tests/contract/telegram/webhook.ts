/** Requests to the webhook, with and without the secret. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { root } from "../../root.ts";
import { fault, newUser, telegram, worker } from "./bot.ts";

const deliver = (body: unknown, secret: string | null = worker.env.WEBHOOK_SECRET!) =>
  fetch(`${worker.url}/telegram`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(secret === null ? {} : { "X-Telegram-Bot-Api-Secret-Token": secret }),
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const messageUpdate = (updateId: number, chat: number, text: string) => ({
  update_id: updateId,
  message: {
    message_id: 1,
    date: 1,
    chat: { id: chat, type: "private", first_name: "Invented Reader" },
    from: { id: chat, is_bot: false, first_name: "Invented Reader", language_code: "en" },
    text,
    entities: text.startsWith("/") ? [{ type: "bot_command", offset: 0, length: text.split(" ")[0]!.length }] : [],
  },
});

export function webhook(): void {
  it("refuses a missing or wrong secret before anything else", async () => {
    const before = (await telegram.calls()).length;
    for (const secret of [null, "", "wrong", `${worker.env.WEBHOOK_SECRET}x`])
      expect((await deliver(messageUpdate(1, 5, "/help"), secret)).status).toBe(401);
    const refused = await deliver("not json", "wrong");
    expect(refused.status).toBe(401);
    expect(refused.headers.get("WWW-Authenticate")).toBeNull();
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining("webhook's secret") });
    expect((await telegram.calls()).length).toBe(before);
  });

  it("can be set up by npm run telegram:setup against the stand-in", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, "worker/tools/cli/telegram-setup.ts")], {
      env: {
        ...process.env,
        BOT_TOKEN: worker.env.BOT_TOKEN,
        WEBHOOK_SECRET: "setup-test-secret",
        PUBLIC_URL: "https://casewire.test",
        TELEGRAM_API_ROOT: telegram.root,
      },
    });
    expect(stdout).toContain("webhook: https://casewire.test/telegram");
    const info = await (await fetch(`${telegram.root}/bot${worker.env.BOT_TOKEN}/getWebhookInfo`)).json();
    expect(info).toMatchObject({ ok: true, result: { url: `${worker.url}/telegram` } });
    expect((await telegram.chat(newUser()).ask("/help")).text).toContain("What you can send");
  });

  it("answers 200 when Telegram refuses the reply, so that the chat is not blocked", async () => {
    const chat = newUser();
    await telegram.faults("sendMessage", chat, [fault(403, `Forbidden: user ${chat} is gone`)]);
    expect((await deliver(messageUpdate(900_002, chat, "/help"))).status).toBe(200);
    await expect.poll(() => worker.output()).toContain("an update failed");
    expect(worker.output()).not.toContain(String(chat));
  });
}
