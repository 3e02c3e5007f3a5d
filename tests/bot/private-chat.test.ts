/**
 * What a reader says to the bot in private: following, hidden chats, hours,
 * taking part and sharing.
 */
import type { MessageEntity } from "grammy/types";
import { beforeAll, expect, it } from "vitest";
import { message } from "../../shared/messages.ts";
import {
  bot,
  type Call,
  chat,
  first,
  keysOf,
  letter,
  open,
  reader,
} from "./conversation.ts";

beforeAll(open);

it("Following takes one tap from a link, after the safety screen, and buttons show the state", async () => {
  const someone = reader();
  expect(first(await someone.say("/start f-ua-1-00"))).toMatch(
    /^Before you follow/,
  );
  const [followed] = await someone.press("I understand: follow UA 1/00");
  expect(followed!.payload.text).toMatch(/^You follow UA 1\/00/);
  expect(keysOf(followed!).map(({ text }) => text)).toEqual([
    "Stop following",
    "Show the case",
  ]);
  // The screen was read, so the next link follows at once.
  expect(first(await someone.say("/start f-UA-43"))).toMatch(
    /^You follow Crimea/,
  );
  const button = ([card]: Call[]) => keysOf(card!)[0]!.text;
  expect(button(await someone.say("1/00"))).toBe("✓ Following · stop");
  await someone.say("/settings");
  await someone.press("Quiet");
  expect(button(await someone.say("1/00"))).toBe(
    "✓ Following without sound · stop",
  );
  // One case may ring all the same.
  expect(button(await someone.press("Turn the sound on for this case"))).toBe(
    "✓ Following · stop",
  );
  expect(button(await someone.press("Turn the sound off for this case"))).toBe(
    "✓ Following without sound · stop",
  );
});

it("Following offers a name in every case, and a word that nothing has yet", async () => {
  const someone = reader();
  await bot.followers.follow({ chat, kind: "private" }, "all", "en", 0);
  const appears = "Tell me when this name appears";
  const [one] = await someone.say("/follow Кукувіна");
  expect(one!.payload.text).toMatch(/^You follow UA 2\/00/);
  expect(keysOf(one!).at(-1)!.text).toBe(appears);
  for (const [asked, says, offers] of [
    [
      "/follow Invented Person",
      /^Several cases match/,
      ["Follow: UA 1/00", "Follow: UA 3/00", appears],
    ],
    [
      "/follow 1/00 and 3/00",
      /^Several cases match/,
      ["Follow: UA 1/00", "Follow: UA 3/00"],
    ],
    [
      "/follow Vihadani Kukuvna",
      /^Did you mean:\n.*UA 2\/00/s,
      ["Follow: UA 2/00"],
    ],
    ["Vihadani Kukuvna", /^Did you mean:\n.*UA 2\/00/s, []],
    ["/follow Nobody Atall", /^No case found\nNo case or place/, [appears]],
  ] as [string, RegExp, string[]][]) {
    const [sent] = await someone.say(asked);
    expect(sent!.payload.text, asked).toMatch(says);
    expect(keysOf(sent!).map(({ text }) => text)).toEqual(
      expect.arrayContaining(offers),
    );
  }
  const followed = await someone.press(appears);
  // What the bot sends doesn't name the word: it would have to be erased with
  // it.
  expect(JSON.stringify(followed.map(({ payload }) => payload))).not.toMatch(
    /Nobody|Atall/i,
  );
  expect(first(followed)).toMatch(/^You follow this name/);
  const [list] = await someone.say("/following");
  expect(list!.payload.text).toContain("1. Nobody Atall");
  expect(keysOf(list!).map(({ text }) => text)).toContain(
    "✕ Stop following: 1.",
  );
  expect(JSON.stringify(list!.payload.reply_markup)).not.toMatch(
    /Nobody|Atall/i,
  );
  expect(first(await someone.say("/unfollow NOBODY atall"))).toBe(
    "You no longer follow this name",
  );
});

/**
 * What is in sight without a tap on a spoiler: first lines, buttons and toasts.
 */
const inSight = (calls: Call[]): string =>
  calls
    .flatMap(({ payload }) => {
      const spoiler = payload.entities?.find(
        ({ type }: MessageEntity) => type === "spoiler",
      );
      return [
        spoiler ? payload.text.slice(0, spoiler.offset) : payload.text,
        ...keysOf({ payload }).map(({ text }) => text),
      ];
    })
    .join("\n");

it("A hidden chat names nobody in sight, whatever is asked or pressed, and its screens are deleted", async () => {
  const someone = reader();
  const [screen] = await someone.say("/follow Кукувіна");
  expect(screen!.payload.reply_parameters.message_id).toBe(5);
  const quiet = await someone.press("I understand: follow and keep it hidden");
  expect(
    quiet
      .filter(({ method }) => method === "deleteMessage")
      .map(({ payload }) => payload.message_id),
  ).toEqual([9, 5]);
  const seen = [inSight(quiet)];
  await bot.followers.follow({ chat, kind: "private" }, "UA-43", "en", 0);
  await bot.followers.follow({ chat, kind: "private" }, "~Kukuvina", "en", 0);
  const name = /UA [12]|Kukuvin|Кукув|Crimea|Invented (?:case|Person)/i;
  for (const text of [
    "2/00",
    "/CASES",
    "/case Invented",
    "/following",
    "/follow 1/00",
    "/follow Кукувіна",
    "/act 2/00",
    "Kukuvna",
  ]) {
    const sent = await someone.say(text);
    expect(
      sent.every(
        ({ payload }) => payload.protect_content === true || !payload.text,
      ),
      text,
    ).toBe(true);
    seen.push(inSight(sent));
  }
  const stops = keysOf((await someone.say("/following"))[0]!).filter(
    ({ text }) => text.startsWith("✕"),
  );
  expect(new Set(stops.map(({ text }) => text)).size).toBe(stops.length);
  const [unknown] = await someone.say("/follow Nobody Atall");
  expect(keysOf(unknown!)[0]!.text).toBe("Tell me when this name appears");
  await someone.say("/following");
  for (const press of [
    "✕ Stop following: 1",
    "Show the case",
    "Refresh",
    "✓ Following",
    "Follow",
    "Language",
    "English",
  ])
    seen.push(inSight(await someone.press(press)));
  seen.push(
    inSight(await someone.say("/unfollow Crimea")),
    inSight(await someone.say("/unfollow 2/00")),
  );
  expect(seen.join("\n")).not.toMatch(name);
  expect(bot.failures).toEqual([]);
  // It is a property of the chat: once it ends, names are shown.
  await bot.followers.setManner({ chat, kind: "private" }, { neutral: false });
  expect(inSight(await someone.say("2/00"))).toMatch(name);
});

it("The answer to /following lists as much as fits, counts the rest, and stops everything", async () => {
  const someone = reader();
  const scopes = Array.from({ length: 43 }, (_, index) => `ua-${index}-00`);
  for (const scope of scopes)
    await bot.followers.follow({ chat, kind: "private" }, scope, "en", 0);
  const [list] = await someone.say("/following");
  expect(list!.payload.reply_markup.inline_keyboard).toHaveLength(41);
  expect(list!.payload.text).toContain(
    "Not shown: 3 more. To stop one, send /unfollow",
  );
  await someone.press("Stop all");
  expect(first(await someone.press("Yes, stop all"))).toBe(
    "You follow nothing in this chat.",
  );
});

it("Quiet hours are set by buttons, on a clock that names no place", async () => {
  const someone = reader();
  const hoursAfter = async (...buttons: string[]) => {
    for (const button of buttons) await someone.press(button);
    return (await bot.followers.manner({ chat, kind: "private" })).hours;
  };
  await someone.say("/settings");
  const hours = { zone: "EET", quiet: { from: 23, to: 7 } };
  expect(
    await hoursAfter(
      "When messages come",
      "Quiet hours",
      "14:00 · UTC+2/+3",
      "+",
    ),
  ).toEqual(hours);
  expect(first(await someone.press("‹ Notifications"))).toContain(
    "• Quiet hours: 23:00 to 07:00, UTC+2/+3",
  );
  expect(await hoursAfter("When messages come", "Once a day", "+")).toEqual({
    zone: "EET",
    digest: 10,
  });
  await someone.press("Pause");
  const place = { chat, kind: "private" } as const;
  expect(await bot.followers.manner(place)).toMatchObject({
    paused: true,
    hours: { zone: "EET", digest: 10 },
  });
  await someone.press("At any time");
  expect(await bot.followers.manner(place)).toEqual({
    silent: false,
    neutral: false,
  });
});

it("A reply with a city or a country sets the clock, without the place", async () => {
  const someone = reader();
  await someone.say("/settings");
  await someone.press("When messages come");
  const [asks] = await someone.press("Once a day");
  const reply = (text: string) =>
    someone.say(text, {
      reply_to_message: {
        message_id: 9,
        reply_markup: asks!.payload.reply_markup,
      },
    });
  expect(first(await reply("Atlantis"))).toContain("I do not know this place");
  expect(first(await reply("Київ"))).toContain("UTC+2/+3");
  expect(await bot.followers.manner({ chat, kind: "private" })).toMatchObject({
    hours: { zone: "EET", digest: 9 },
  });
  const [several] = await reply("Australia");
  expect(keysOf(several!).map(({ text }) => text)).toContain(
    "22:30 · UTC+10:30/+9:30",
  );
});

it("Whoever takes part is warned first, then has addresses and a letter to copy", async () => {
  const someone = reader();
  expect(first(await someone.say("/act 3/00"))).toMatch(/^Before you write/);
  const [to, text] = await someone.press("I understand: show whom to write to");
  const copied = ({ payload }: Call) =>
    payload.entities
      .filter(({ type }: MessageEntity) => type === "pre")
      .map(({ offset, length }: MessageEntity) =>
        payload.text.slice(offset, offset + length),
      );
  expect(to!.payload.text).toContain(
    "Begin with: Dear Invented Minister\nLanguages: English",
  );
  expect(copied(to!)).toEqual([
    "1 Invented Street\nInventia",
    "minister@example.org",
  ]);
  expect(keysOf(to!)).toEqual([
    {
      text: "Copy the address",
      copy_text: { text: "1 Invented Street\nInventia" },
    },
    {
      text: "Copy the e-mail address",
      copy_text: { text: "minister@example.org" },
    },
    expect.objectContaining({ text: "Check again" }),
  ]);
  expect([text!.payload.text.split("\n")[0], copied(text!)]).toEqual([
    "Letter: English",
    [letter],
  ]);
  expect(keysOf(text!)[0]).toEqual({
    text: "Copy the letter",
    copy_text: { text: letter },
  });
  const [other] = await someone.press("Letter: Ukrainian");
  expect(copied(other!)).toEqual(["Шановний вигаданий міністре!"]);
  expect(await bot.followers.following({ chat, kind: "private" })).toEqual([]);
});

it("A card is shared only after the warning, and found by a name in any script or by its number", async () => {
  const someone = reader("uk");
  const from = {
    id: chat,
    is_bot: false,
    first_name: "Invented Reader",
    language_code: "uk",
  };
  const find = async (query: string) =>
    (
      await bot.handle({
        inline_query: { id: "q", from, query, offset: "x" },
      } as never)
    ).at(-1)!.payload;
  expect(await find("")).toMatchObject({
    results: [],
    button: { start_parameter: "share" },
  });
  await someone.say("2/00");
  const warning = first(await someone.press("Поділитися"));
  expect(warning).toBe(first(await someone.say("/start share")));
  const [allowed] = await someone.press(message("uk", "bot.share.understood"));
  expect(allowed!.method).toBe("editMessageText");
  for (const query of ["Кукувіна", "kukuvina", "KUKU", "2/00", "ua-2-00"]) {
    const [one] = (await find(query)).results;
    expect([query, one.title]).toEqual([query, "UA 2/00 · Вигадана справа 2"]);
    expect(one.description).toContain("Факти станом на");
  }
  for (const query of [
    "!?…«»",
    "\u0416".repeat(256),
    "'; DROP TABLE cards; --",
    "\u202e\ud800 kuku",
    "(a+)+".repeat(40),
  ])
    expect((await find(query)).results.length, query).toBeLessThanOrEqual(3);
  expect((await find("zzzz")).results).toEqual([]);
  expect(bot.failures).toEqual([]);
});
