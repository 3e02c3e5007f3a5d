/** Requests to the webhook, with and without the secret. */
import { expect, it } from "vitest";
import { fault, newUser, telegram, worker } from "./bot.ts";

const deliver = (
  body: unknown,
  secret: string | null = worker.env.WEBHOOK_SECRET!,
) =>
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
    from: {
      id: chat,
      is_bot: false,
      first_name: "Invented Reader",
      language_code: "en",
    },
    text,
    entities: text.startsWith("/")
      ? [{ type: "bot_command", offset: 0, length: text.split(" ")[0]!.length }]
      : [],
  },
});

export function webhook(): void {
  it("refuses a missing or wrong secret before anything else", async () => {
    const before = (await telegram.calls()).length;
    for (const secret of [null, "", "wrong", `${worker.env.WEBHOOK_SECRET}x`])
      expect((await deliver(messageUpdate(1, 5, "/help"), secret)).status).toBe(
        401,
      );
    const refused = await deliver("not json", "wrong");
    expect(refused.status).toBe(401);
    expect(refused.headers.get("WWW-Authenticate")).toBeNull();
    expect(await refused.json()).toMatchObject({
      detail: expect.stringContaining("webhook's secret"),
    });
    expect((await telegram.calls()).length).toBe(before);
  });

  it("answers 200 when Telegram refuses the reply, so that the chat is not blocked", async () => {
    const chat = newUser();
    await telegram.faults("sendMessage", chat, [
      fault(403, `Forbidden: user ${chat} is gone`),
    ]);
    expect((await deliver(messageUpdate(900_002, chat, "/help"))).status).toBe(
      200,
    );
    await expect.poll(() => worker.output()).toContain("an update failed");
    expect(worker.output()).not.toContain(String(chat));
  });
}
