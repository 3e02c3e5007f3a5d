/** The bot's answers to messages. tests/bot/ has whole conversations in each language. */
import { expect, it } from "vitest";
import { fault, marked, newChat, offers, telegram } from "./bot.ts";

export function commands(): void {
  it("lists cases, and shows one by its number, also after a link", async () => {
    const chat = newChat();
    const list = await chat.ask("/cases");
    expect(list.text).toContain("UA 1/00 · Invented case 1\nDEMO");
    expect(list.keyboard.flat().map(({ text }) => text)).toContain("UA 2/00");
    expect((await chat.ask("/CASES")).text).toBe(list.text);
    expect((await chat.ask("inventid")).text).toContain("Several cases match");
    for (const text of ["/start ua-2-00", "UA 2/00"]) {
      const card = await chat.ask(text);
      expect(marked(card, "bold")).toContain("Invented case 2");
      expect(card.entities).toContainEqual(
        expect.objectContaining({ type: "text_link", url: "https://casewire.test/cases/ua-2-00?lang=en" }),
      );
    }
  });

  it("answers even when Telegram is busy, fails or hangs up the first time", async () => {
    const [busy, failing, silent] = [newChat(), newChat(), newChat()];
    await telegram.faults("sendMessage", busy.id, [fault(429, "Too Many Requests: retry after 1", { retry_after: 1 })]);
    await telegram.faults("sendMessage", failing.id, [fault(502, "Bad Gateway"), fault(502, "Bad Gateway")]);
    await telegram.faults("sendMessage", silent.id, [{ status: 0 }]);
    const answers = await Promise.all([busy, failing, silent].map((chat) => chat.ask("/help")));
    for (const { text } of answers) expect(text).toContain("What you can send");
    expect(answers.map(({ silent }) => silent)).toEqual([false, true, true]);
  });

  it("speaks the language of the user's Telegram, then the chosen one", async () => {
    const chat = newChat("uk-UA");
    expect((await chat.ask("/start")).text).toContain("Надішліть номер");
    const card = await chat.ask("2/00");
    expect(card.text).toContain("Вигадана справа 2");
    expect(card.text).toContain("лише такою мовою: англійська");
    await chat.press("Мова");
    await offers(chat, "العربية");
    await chat.press("العربية");
    const arabic = (await chat.until((all) => all.at(-1)!.text.includes("الوقائع"))).at(-1)!;
    expect(arabic.id).toBe(card.id);
    expect(arabic.text.split("\n").every((line) => line === "" || line.startsWith("\u200f"))).toBe(true);
    expect((await chat.ask("/help")).text).toContain("ما يمكنك إرساله");
    await chat.ask("/language");
    await chat.press("English");
    await chat.until((all) => all.at(-1)!.text === "This chat is now in English");
  });
}
