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

  it("refuses a body that is no update or too large", async () => {
    expect((await deliver("not json")).status).toBe(400);
    expect((await deliver({ message: {} })).status).toBe(400);
    const large = await deliver(messageUpdate(2, 5, "x".repeat(200_000)));
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ detail: expect.stringContaining("An update has at most") });
  });

  it("keeps its answers out of every cache", async () => {
    const answer = await deliver({ update_id: 3 });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Cache-Control")).toBe("private, no-store");
  });

  it("handles an update once when it comes again", async () => {
    const chat = newUser();
    const update = messageUpdate(900_001, chat, "/help");
    const together = await Promise.all([deliver(update), deliver(update)]);
    expect(together.map(({ status }) => status).sort()).toEqual(expect.arrayContaining([200]));
    for (let again = 0; again < 3; again++) expect((await deliver(update)).status).toBe(200);
    expect((await telegram.calls()).filter((call) => call.chat === String(chat))).toHaveLength(1);
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
