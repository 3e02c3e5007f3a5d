/** The bot's answers to messages. */

import { expect, it } from "vitest";
import { locales, localeTags } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import { profile } from "../../profile.ts";
import { fault, marked, newChat, telegram } from "./bot.ts";

export function commands(): void {
  it("greets, lists cases and explains itself", async () => {
    const chat = newChat();
    expect((await chat.ask("/start")).text).toContain("/privacy");
    const list = await chat.ask("/cases");
    expect(list.text).toContain("UA 1/00 · Invented case 1\nDEMO");
    expect(list.text).toContain("Facts as of 2 January 2000");
    expect(list.keyboard.flat().map(({ text }) => text)).toContain("UA 2/00");
    expect((await chat.ask("/help")).text).toContain("contact@casewire.invalid");
    expect((await chat.ask("/privacy")).text).toMatch(
      /number of this chat, encrypted[\s\S]*since when[\s\S]*which topic[\s\S]*Telegram named[\s\S]*Telegram refuses[\s\S]*two days[\s\S]*occupies[\s\S]*\/forget/,
    );
    expect((await chat.ask("/case")).text).toContain("Which case?");
    expect((await chat.ask("/follow")).text).toContain("What do you want to follow?");
    expect((await chat.ask("/following")).text).toBe("You follow nothing in this chat.");
    expect((await chat.ask("/nonsense")).text).toContain("Not understood");
    expect((await chat.ask("/CASES")).text).toBe(list.text);
    expect((await chat.ask("/Case UA 2/00")).text).toContain("UA 2/00");
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

  it.each(["/start ua-2-00", "/case 2/00", "/case UA 2/00", "/case ua-2-00", "2/00", "UA 2/00", "Invented case 2"])(
    "shows the complete case for %s",
    async (text) => {
      const card = await newChat().ask(text);
      expect(card.text).toContain("DEMO: an invented case");
      expect(card.text).toContain("UA 2/00 · Invented Issuer");
      expect(marked(card, "bold")).toEqual(
        expect.arrayContaining([
          "Invented case 2",
          "Facts as of",
          "Invented Person One",
          "Action open: appeals are requested until 31 December 2099",
        ]),
      );
      expect(card.text).toContain("• Pre-trial detention");
      expect(card.text).toMatch(/Update 1 · Published here \d+ \w+ \d{4}, \d\d:\d\d UTC/);
      expect(card.entities).toContainEqual(
        expect.objectContaining({ type: "text_link", url: "https://casewire.test/cases/ua-2-00?lang=en" }),
      );
      expect(card.text).toContain("contact@casewire.invalid");
      expect(card.keyboard.flat().map(({ text }) => text)).toEqual([
        "Follow",
        "Refresh",
        "Write an appeal",
        "Share",
        "Open the case",
        "Language",
      ]);
    },
  );

  it("lists the cases that match a name, and says when there is none", async () => {
    const chat = newChat();
    expect((await chat.ask("inventid")).text).toContain("Several cases match");
    expect((await chat.ask("Nobody Atall")).text).toContain("Nothing found");
    expect((await chat.ask("/case 999/99")).text).toContain("There is no case ua-999-99 here.");
  });

  it("speaks the language of the user's Telegram, then the chosen one", async () => {
    const chat = newChat("uk-UA");
    expect((await chat.ask("/start")).text).toContain("Надішліть номер");
    const card = await chat.ask("2/00");
    expect(card.text).toContain("Вигадана справа 2");
    expect(card.text).toContain("лише такою мовою: англійська");
    await chat.press("Мова");
    await chat.until((all) =>
      all
        .at(-1)!
        .keyboard.flat()
        .some(({ text }) => text === "العربية"),
    );
    await chat.press("العربية");
    const arabic = (await chat.until((all) => all.at(-1)!.text.includes("الوقائع"))).at(-1)!;
    expect(arabic.id).toBe(card.id);
    expect(arabic.text.split("\n").every((line) => line === "" || line.startsWith("\u200f"))).toBe(true);
    expect((await chat.ask("/help")).text).toContain("ما يمكنك إرساله");
    await chat.ask("/language");
    await chat.press("English");
    await chat.until((all) => all.at(-1)!.text === "This chat is now in English");
  });

  it("recognises each of its languages in Telegram's settings and in what people write", () =>
    Promise.all(
      localeTags.map(async (tag) => {
        const chat = newChat(`${tag}-UA`);
        const said = async (asker: typeof chat, text: string) => (await asker.ask(text)).text.replaceAll("\u200f", "");
        // The example is the number of an existing case.
        const start = (await said(chat, "/start")).replace(/\u2068?UA \d+\/00\u2069?/, "{example}");
        expect(start).toBe(message(tag, "bot.start", { newsroom: profile.newsroom.name }));
        expect(await said(chat, "2/00")).toContain(message(tag, "view.demo"));
        const other = newChat();
        expect(await said(other, `/language ${locales[tag].name}`)).toBe(message(tag, "bot.language.chosen"));
      }),
    ));

  it("answers in the topic it was asked in", async () => {
    const group = -1007301928;
    await telegram.post("/chat/send", { chat: group, topic: 77, text: "/case 2/00" });
    const [card] = await telegram.chat(group).until((all) => all.length === 1);
    expect(card!.topic).toBe(77);
  });
}
