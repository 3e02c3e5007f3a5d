/**
 * Inline mode: search results, the safety warning, and cards that stay up to
 * date in any chat.
 */
import { expect, it } from "vitest";
import { message } from "../../../shared/messages.ts";
import { inventedCase } from "../../support/invented.ts";
import type { ChatMessage } from "../../support/stand-in-process.ts";
import { eventually, pause } from "../../support/waiting.ts";
import { cases, DIGITS, newUser, stored, telegram, worker } from "./bot.ts";

interface Result {
  id: string;
  title: string;
  description: string;
  input_message_content: { message_text: string };
}

interface Found {
  id: string;
  results: Result[];
  button: { text: string };
  next_offset: string;
}

type Card = ChatMessage & { notices: string[] };

const post = <T>(path: string, body: unknown) => telegram.post<T>(path, body);

/** A user who has already read the warning. */
async function reader(language = "en") {
  const user = newUser();
  const chat = telegram.chat(user, language);
  await chat.ask("/start share");
  const [[understood]] = (await chat.messages()).at(-1)!.keyboard as [
    [{ text: string }],
  ];
  await chat.press(understood.text);
  await chat.until((all) => all.at(-1)!.text.includes("@casewire_test_bot"));
  const find = (text: string, offset = "") =>
    post<Found>("/inline/query", { text, user, language, offset });
  return {
    user,
    chat,
    find,
    /** @returns the card's id */
    async share(text: string, feedback = true): Promise<string> {
      const { id, results } = await find(text);
      const { message } = await post<{ message: string }>("/inline/choose", {
        query: id,
        result: results[0]!.id,
        feedback,
      });
      return message;
    },
  };
}

/** A card is the only message of a chat of its own. */
async function card(id: string): Promise<Card> {
  const { messages, notices } = await telegram.chat(id).read();
  return { ...messages[0]!, notices: notices.map(({ text }) => text) };
}

async function until(
  id: string,
  condition: (card: Card) => boolean,
): Promise<Card> {
  const look = async () => {
    const now = await card(id);
    return condition(now) && now;
  };
  return eventually(
    look,
    async () =>
      `the card never got there:\n${JSON.stringify(await card(id), null, 1)}`,
  );
}

const press = async (id: string, data: string) =>
  post("/chat/press", {
    chat: id,
    message: (await card(id)).id,
    data,
    user: newUser(),
  });

/** Changes the case, and returns when the change goes live. */
async function change(number: number, day: string) {
  const published = await worker.publish(
    inventedCase(number, { asOf: { date: day } }),
  );
  await worker.untilLive(published);
  return Date.parse(published.liveAt);
}

export function finding(): void {
  it("lists the newest first and page by page, never from a cache", async () => {
    const { find } = await reader();
    const first = await find("");
    expect(first).toMatchObject({
      cache_time: 0,
      is_personal: true,
      next_offset: "20",
    });
    expect(first.results).toHaveLength(20);
    const rest = await find("", first.next_offset);
    expect(rest.next_offset).toBe("");
    const titles = [...first.results, ...rest.results].map(
      ({ title }) => title,
    );
    expect(new Set(titles).size).toBe(Object.values(cases).flat().length);
  });
}

export function sharing(): void {
  it("is edited once, after the moment, in its language, and no press turns it into another case's", async () => {
    const [english, ukrainian] = await Promise.all([reader(), reader("uk")]);
    const [told, foreign] = [
      await english.share("ua-31-00"),
      await ukrainian.share("ua-31-00"),
    ];
    // Without inline feedback the bot learns of a card only through presses,
    // and a press can contain any data.
    const untold = await english.share("ua-31-00", false);
    const before = await card(told);
    expect(before.keyboard.flat().map(({ text }) => text)).toEqual([
      "Follow",
      "Refresh",
      "Open the case",
      "Language",
    ]);
    expect(before.keyboard[0]![0]!.url).toBe(
      "https://t.me/casewire_test_bot?start=f-ua-31-00",
    );
    for (const data of [
      "c:en:ua-31-00",
      "c:ar:ua-33-00",
      "C:ar:ua-33-00",
      "m:ar:ua-33-00",
    ])
      await press(untold, data);
    const { keyboard, notices } = await until(
      untold,
      ({ notices }) => notices.length === 4,
    );
    expect(keyboard).toEqual(before.keyboard);
    for (const text of notices)
      expect(text).toMatch(/^This card is no longer updated/);
    await press(told, "c:ar:ua-33-00");
    await press(foreign, "m:ar:ua-33-00");
    const menu = await until(foreign, ({ keyboard }) => keyboard.length > 2);
    for (const [button] of menu.keyboard)
      expect(button!.callback_data).toMatch(/^C:\w+:ua-31-00$/);
    await until(told, ({ notices }) => notices.length === 1);
    const offered = await english.find("ua-31-00");
    const liveAt = await change(31, "2000-02-03");
    const [after, inUkrainian] = await Promise.all(
      [told, foreign].map((id) =>
        until(id, ({ earlier }) => earlier.length > 0),
      ),
    );
    expect(after!.text).toContain("3 February 2000");
    expect(inUkrainian!.text).toContain("3 лютого 2000");
    for (const { earlier } of [after!, inUkrainian!])
      expect(earlier[0]!.until).toBeGreaterThanOrEqual(liveAt);
    // Chosen from results that were loaded before the change.
    const late = await post<{ message: string }>("/inline/choose", {
      query: offered.id,
      result: offered.results[0]!.id,
    });
    expect(
      (await until(late.message, ({ earlier }) => earlier.length > 0)).text,
    ).toContain("3 February 2000");
    await pause(
      1_000,
      "A second edit would follow the first at Telegram's pace, which is under a second here.",
    );
    expect((await card(told)).earlier).toHaveLength(1);
    expect((await card(foreign)).earlier).toHaveLength(1);
    expect((await card(untold)).earlier).toEqual([]);
  });

  it("shows that a case was withdrawn, and says after /forget that it is no longer updated", async () => {
    const [sharer, leaver] = await Promise.all([reader(), reader()]);
    const withdrawn = await sharer.share("ua-102-00");
    const left = await leaver.share("ua-103-00");
    await worker.withdraw("ua-102-00");
    await until(left, ({ keyboard }) => keyboard.length > 0);
    // The stored row doesn't identify anyone.
    for (const secret of [DIGITS, left, withdrawn])
      expect(await stored(secret)).toEqual([]);
    expect((await leaver.chat.ask("/forget")).text).toContain("1 shared card");
    const retired = await until(left, ({ earlier }) => earlier.length === 1);
    expect(retired.text).toMatch(
      /UA 103\/00[\s\S]*Update 1[\s\S]*no longer updated/,
    );
    expect(retired.keyboard.flat().map(({ text }) => text)).toEqual([
      "Follow",
      "Open the case",
    ]);
    // A forgotten card stays forgotten.
    await press(left, "c:en:ua-103-00");
    expect(
      (await until(left, ({ notices }) => notices.length === 1)).earlier,
    ).toHaveLength(1);
    const refusal = await until(
      withdrawn,
      ({ earlier }) => earlier.length === 1,
    );
    expect(refusal.text).toMatch(/^We no longer show this case: UA 102\/00\n/);
    expect(refusal.text).not.toContain("Invented Person");
    expect(refusal.keyboard.flat().map(({ text }) => text)).toEqual([
      "Open the case",
    ]);
    // Telegram has the edit shortly before the bot receives the answer and
    // forgets the card.
    const answersTo = async (data: string) => {
      const before = (await card(withdrawn)).notices.length;
      await press(withdrawn, data);
      return (
        await until(withdrawn, ({ notices }) => notices.length > before)
      ).notices.at(-1);
    };
    const retires = async () =>
      (await answersTo("c:en:ua-31-00")) === message("en", "bot.card.retired");
    await eventually(retires, () => "the card is still kept");
    expect(await answersTo("f:ua-31-00")).toBe(
      "This button no longer works. Send /cases for the current list.",
    );
    expect((await card(withdrawn)).earlier).toHaveLength(1);
  });
}
