/**
 * The bot's answers to messages. tests/bot/ has whole conversations in each
 * language.
 */
import { expect, it } from "vitest";
import { fault, newChat, telegram } from "./bot.ts";

export function commands(): void {
  it("answers even when Telegram is busy, fails or hangs up the first time", async () => {
    const [busy, failing, silent] = [newChat(), newChat(), newChat()];
    await telegram.faults("sendMessage", busy.id, [
      fault(429, "Too Many Requests: retry after 1", { retry_after: 1 }),
    ]);
    await telegram.faults("sendMessage", failing.id, [
      fault(502, "Bad Gateway"),
      fault(502, "Bad Gateway"),
    ]);
    await telegram.faults("sendMessage", silent.id, [{ status: 0 }]);
    const answers = await Promise.all(
      [busy, failing, silent].map((chat) => chat.ask("/help")),
    );
    for (const { text } of answers) expect(text).toContain("What you can send");
    expect(answers.map(({ silent }) => silent)).toEqual([false, true, true]);
  });
}
