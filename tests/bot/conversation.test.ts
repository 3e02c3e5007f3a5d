/** Whole conversations with the bot: how chats follow, what groups and channels see, and what is found in a message of any kind. */
import type { MessageEntity } from "grammy/types";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newsIn } from "../../bot/news.ts";
import type { Manner } from "../../bot/ports.ts";
import type { Outgoing } from "../../bot/text.ts";
import { erasedPost, updateMessage } from "../../bot/update-message.ts";
import type { Case } from "../../shared/case/schema.ts";
import { changesBetween } from "../../shared/change.ts";
import type { LocaleTag } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import type { Revision } from "../../shared/revision.ts";
import { viewCase, viewWithdrawn } from "../../shared/view/view.ts";
import { updateMessages } from "../../worker/objects/dispatcher/update-messages.ts";
import { redactionNote } from "../../worker/objects/ledger/redaction-note.ts";
import { standInBot } from "../../worker/tools/local/stand-in.ts";
import { inventedRevision } from "../invented.ts";
import { profile } from "../profile.ts";
import { demo, edited } from "../shared/cases.ts";
import { bot, type Call, chat, close, first, keysOf, letter, open, personIn, reader, textsOf } from "./conversation.ts";

beforeAll(open);
afterAll(close);

it("Following takes one tap from a link, after the safety screen, and buttons show the state", async () => {
  const someone = reader();
  expect(first(await someone.say("/start f-ua-1-00"))).toMatch(/^Before you follow/);
  const [followed] = await someone.press("I understand: follow UA 1/00");
  expect(followed!.payload.text).toMatch(/^You follow UA 1\/00/);
  expect(keysOf(followed!).map(({ text }) => text)).toEqual(["Stop following", "Show the case"]);
  // The screen was read, so the next link follows at once.
  expect(first(await someone.say("/start f-UA-43"))).toMatch(/^You follow Crimea/);
  const button = ([card]: Call[]) => keysOf(card!)[0]!.text;
  expect(button(await someone.say("1/00"))).toBe("✓ Following · stop");
  await someone.say("/settings");
  await someone.press("Quiet");
  expect(button(await someone.say("1/00"))).toBe("✓ Following without sound · stop");
  // One case may ring all the same.
  expect(button(await someone.press("Turn the sound on for this case"))).toBe("✓ Following · stop");
  expect(button(await someone.press("Turn the sound off for this case"))).toBe("✓ Following without sound · stop");
});

it("Following offers a name in every case, and a word that nothing has yet", async () => {
  const someone = reader();
  await bot.followers.follow({ chat, kind: "private" }, "all", "en", 0);
  const appears = "Tell me when this name appears";
  const [one] = await someone.say("/follow Кукувіна");
  expect(one!.payload.text).toMatch(/^You follow UA 2\/00/);
  expect(keysOf(one!).at(-1)!.text).toBe(appears);
  for (const [asked, says, offers] of [
    ["/follow Invented Person", /^Several cases match/, ["Follow: UA 1/00", "Follow: UA 3/00", appears]],
    ["/follow 1/00 and 3/00", /^Several cases match/, ["Follow: UA 1/00", "Follow: UA 3/00"]],
    ["/follow Vihadani Kukuvna", /^Did you mean:\n.*UA 2\/00/s, ["Follow: UA 2/00"]],
    ["Vihadani Kukuvna", /^Did you mean:\n.*UA 2\/00/s, []],
    ["/follow Nobody Atall", /^No case found\nNo case or place/, [appears]],
  ] as [string, RegExp, string[]][]) {
    const [sent] = await someone.say(asked);
    expect(sent!.payload.text, asked).toMatch(says);
    expect(keysOf(sent!).map(({ text }) => text)).toEqual(expect.arrayContaining(offers));
  }
  const followed = await someone.press(appears);
  // What the bot sends doesn't name the word: it would have to be erased with it.
  expect(JSON.stringify(followed.map(({ payload }) => payload))).not.toMatch(/Nobody|Atall/i);
  expect(first(followed)).toMatch(/^You follow this name/);
  const [list] = await someone.say("/following");
  expect(list!.payload.text).toContain("1. Nobody Atall");
  expect(keysOf(list!).map(({ text }) => text)).toContain("✕ Stop following: 1.");
  expect(JSON.stringify(list!.payload.reply_markup)).not.toMatch(/Nobody|Atall/i);
  expect(first(await someone.say("/unfollow NOBODY atall"))).toBe("You no longer follow this name");
});

/** What is in sight without a tap on a spoiler: first lines, buttons and toasts. */
const inSight = (calls: Call[]): string =>
  calls
    .flatMap(({ payload }) => {
      const spoiler = payload.entities?.find(({ type }: MessageEntity) => type === "spoiler");
      return [
        spoiler ? payload.text.slice(0, spoiler.offset) : payload.text,
        ...keysOf({ payload }).map(({ text }) => text),
      ];
    })
    .join("\n");

it("A typo is offered, thanks and emojis are answered, and ordinary words offer no name to follow", async () => {
  expect(first(await reader().say("Is Kukuvna free?"))).toMatch(/^Did you mean[\s\S]*UA 2\/00/);
  // Somebody with the same given name may be meant.
  expect(first(await reader().say("Where is Vyhadana Nowhereman?"))).toMatch(/^Did you mean[\s\S]*UA 2\/00/);
  for (const text of [
    "Thank you!",
    "Дякую",
    "🙏",
    "❤️❤️",
    "شكرا",
    "merci beaucoup",
    "çok sağ oluñız",
    "ок, дякую!",
    "thanks, bye",
  ])
    expect(first(await reader().say(text)), text).toMatch(/^Thank you/);
  for (const text of ["stop", "Стоп!", "unsubscribe", "dejar de seguir"])
    expect(first(await reader().say(text)), text).toMatch(/^You follow nothing/);
  for (const text of ["hello", "Привіт!", "مرحبا", "bonjour"])
    expect(first(await reader().say(text)), text).toMatch(/^Casewire\n/);
  expect(keysOf((await reader().say("how are you doing this fine sunny morning"))[0]!).map(({ text }) => text)).toEqual(
    ["All cases"],
  );
});

it("Whoever unblocks the bot hears that nothing is followed any more, and /start in a group explains groups", async () => {
  const me = { user: { id: 4242, is_bot: true, first_name: "Casewire" } };
  const from = { id: 990, is_bot: false, first_name: "Invented Reader" };
  const status = { old_chat_member: { ...me, status: "kicked" }, new_chat_member: { ...me, status: "member" } };
  const unblocked = await bot.handle({
    my_chat_member: { chat: { id: 990, type: "private" }, from, date: 1, ...status },
  } as never);
  expect(first(unblocked)).toMatch(/You no longer follow anything/);
  expect(first(await personIn({ chat: -1_001_234, user: 5 }).say("/start"))).toMatch(/^In this group\n/);
});

it("A hidden chat names nobody in sight, whatever is asked or pressed, and its screens are deleted", async () => {
  const someone = reader();
  const [screen] = await someone.say("/follow Кукувіна");
  expect(screen!.payload.reply_parameters.message_id).toBe(5);
  const quiet = await someone.press("I understand: follow and keep it hidden");
  expect(quiet.filter(({ method }) => method === "deleteMessage").map(({ payload }) => payload.message_id)).toEqual([
    9, 5,
  ]);
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
      sent.every(({ payload }) => payload.protect_content === true || !payload.text),
      text,
    ).toBe(true);
    seen.push(inSight(sent));
  }
  const stops = keysOf((await someone.say("/following"))[0]!).filter(({ text }) => text.startsWith("✕"));
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
  seen.push(inSight(await someone.say("/unfollow Crimea")), inSight(await someone.say("/unfollow 2/00")));
  expect(seen.join("\n")).not.toMatch(name);
  expect(bot.failures).toEqual([]);
  // It is a property of the chat: once it ends, names are shown.
  await bot.followers.setManner({ chat, kind: "private" }, { neutral: false });
  expect(inSight(await someone.say("2/00"))).toMatch(name);
});

it("The answer to /following lists as much as fits, counts the rest, and stops everything", async () => {
  const someone = reader();
  const scopes = Array.from({ length: 43 }, (_, index) => `ua-${index}-00`);
  for (const scope of scopes) await bot.followers.follow({ chat, kind: "private" }, scope, "en", 0);
  const [list] = await someone.say("/following");
  expect(list!.payload.reply_markup.inline_keyboard).toHaveLength(41);
  expect(list!.payload.text).toContain("Not shown: 3 more. To stop one, send /unfollow");
  await someone.press("Stop all");
  expect(first(await someone.press("Yes, stop all"))).toBe("You follow nothing in this chat.");
});

it("Quiet hours are set by buttons, on a clock that names no place", async () => {
  const someone = reader();
  const hoursAfter = async (...buttons: string[]) => {
    for (const button of buttons) await someone.press(button);
    return (await bot.followers.manner({ chat, kind: "private" })).hours;
  };
  await someone.say("/settings");
  const hours = { zone: "EET", quiet: { from: 23, to: 7 } };
  expect(await hoursAfter("When messages come", "Quiet hours", "14:00 · UTC+2/+3", "+")).toEqual(hours);
  expect(first(await someone.press("‹ Notifications"))).toContain("• Quiet hours: 23:00 to 07:00, UTC+2/+3");
  expect(await hoursAfter("When messages come", "Once a day", "+")).toEqual({ zone: "EET", digest: 10 });
  await someone.press("Pause");
  expect((await bot.followers.manner({ chat, kind: "private" })).paused).toBe(true);
  expect(await hoursAfter("At any time")).toBeNull();
  expect((await bot.followers.manner({ chat, kind: "private" })).paused).toBe(false);
});

it("A reply with a city or a country sets the clock, without the place", async () => {
  const someone = reader();
  await someone.say("/settings");
  await someone.press("When messages come");
  const [asks] = await someone.press("Once a day");
  const reply = (text: string) =>
    someone.say(text, { reply_to_message: { message_id: 9, reply_markup: asks!.payload.reply_markup } });
  expect(first(await reply("Atlantis"))).toContain("I do not know this place");
  expect(first(await reply("Київ"))).toContain("UTC+2/+3");
  expect(await bot.followers.manner({ chat, kind: "private" })).toMatchObject({ hours: { zone: "EET", digest: 9 } });
  const [several] = await reply("Australia");
  expect(keysOf(several!).map(({ text }) => text)).toContain("22:30 · UTC+10:30/+9:30");
});

it.each([
  [
    "en",
    "Is Kukuvina free? | follow Kukuvina | What happened to Vyhadana Kukuvina? | any news about Kukuvina | Has Kukuvina been released? | Do you know anything about Kukuvina? | is kukuvina still in jail | How can I help Kukuvina? | Hi, I'm looking for Kukuvina | Notify me about Kukuvina",
  ],
  [
    "uk",
    "Чи Кукувіна на волі? | Що сталося з Кукувіною? | Де зараз Кукувіна? | новини про Кукувіну | Кукувіну звільнили? | Хочу стежити за справою Кукувіни | Розкажіть про Кукувіну будь ласка | Як допомогти Кукувіні? | коли заарештували кукувіну | Добрий день! Шукаю Кукувіну",
  ],
  [
    "ru",
    "Кукувина на свободе? | следить за Кукувиной | Что случилось с Кукувиной? | Где сейчас Кукувина? | дело Кукувиной | Кукувину освободили? | Что известно о Кукувиной? | Расскажите про Кукувину, пожалуйста | когда арестовали кукувину | Здравствуйте! Ищу Кукувину",
  ],
  [
    "tr",
    "Kukuvina serbest mi? | Kukuvina'yı takip et | Kukuvina'yu ne oldu? | Kukuvinaya ne oldu | Kukuvina nerede? | Kukuvina hakkında haber var mı? | Kukuvina hapiste mi? | Kukuvina'nın durumu nedir? | Kukuvina için ne yapabilirim? | Merhaba, Kukuvina'yı arıyorum",
  ],
  [
    "crh",
    "Kukuvina azat mı? | Kukuvina'nı taqip etmek | Kukuvinağa ne oldı? | Kukuvina qayda? | Kukuvina aqqında haber bar mı? | Kukuvina azat etildimi? | Kukuvina apiste mi? | Kukuvina'nıñ işi | Selâm, Kukuvinanı qıdıram | Kukuvina kim?",
  ],
  [
    "ar",
    "هل كوكوفينا حرة؟ | متابعة كوكوفينا | ماذا حدث لكوكوفينا؟ | أين كوكوفينا الآن؟ | أخبار كوكوفينا | هل أُفرج عن كوكوفينا؟ | ما وضع كوكوفينا؟ | أريد متابعة كوكوفينا | هل ما زالت كوكوفينا في السجن؟ | مرحبا، أبحث عن كوكوفينا",
  ],
  [
    "es",
    "¿Está libre Kukuvina? | seguir a Kukuvina | ¿Qué le ha pasado a Kukuvina? | noticias de Kukuvina | el caso de Kukuvina | ¿Han liberado a Kukuvina? | ¿Sigue presa Kukuvina? | Quiero seguir el caso de Kukuvina | ¿Cómo puedo ayudar a Kukuvina? | ¿Sabes algo de Kukuvina?",
  ],
  [
    "fr",
    "Kukuvina est-elle libre ? | suivre Kukuvina | Qu’est-il arrivé à Kukuvina ? | Où est Kukuvina ? | l’affaire Kukuvina | Est-ce que Kukuvina a été libérée ? | Kukuvina est-elle toujours en prison ? | Y a-t-il des nouvelles de Kukuvina ? | Comment aider Kukuvina ? | Bonjour, je cherche Kukuvina",
  ],
])("In %s whoever asks for a person finds the case, in ten ways", async (language, questions) => {
  for (const question of questions.split(" | ")) {
    const [text, ...more] = textsOf(await reader(language).say(question));
    expect(text, question).toMatch(/UA 2\/00 · Invented Issuer/);
    expect(text, question).not.toContain(message(language as LocaleTag, "search.near"));
    expect(more, question).toEqual([]);
  }
});

it.each([
  ["en", "Hello, what happened to Nadia Nowhereman?", "Nadia Nowhereman"],
  ["ru", "Кто такая Небывалова?", "Небывалова"],
  ["tr", "Yokyerli'ye ne oldu?", "Yokyerli"],
  ["ar", "أين مجهولة الآن؟", "مجهولة"],
  ["fr", "nadia nowhereman", "nadia nowhereman"],
])("In %s a question about somebody unknown offers to follow the name alone", async (language, question, name) => {
  const someone = reader(language);
  await bot.followers.follow({ chat, kind: "private" }, "all", "en", 0);
  expect(first(await someone.say(question))).not.toContain("UA");
  await someone.press(message(language as LocaleTag, "bot.follow.word"));
  expect([...(await bot.followers.words({ chat, kind: "private" })).values()]).toEqual([name]);
});

describe("In a group", () => {
  const group = -1_001_234;
  const member = () => personIn({ chat: group, user: 5, topic: 7 });

  it("only the asker sees the answer, or a short one where Telegram refuses that", async () => {
    const [help] = await member().say("/help");
    expect(help!.payload).toMatchObject({
      ephemeral_message_parameters: { receiver_user_id: 5 },
      message_thread_id: 7,
    });
    bot.refused.push(({ payload }) => payload.ephemeral_message_parameters !== undefined);
    const [, card] = await member().say("/case 1/00");
    expect(card!.payload.text).toContain("Facts as of 2 January 2000");
    expect(card!.payload.text).not.toContain("Invented Person One");
    const [, shortHelp] = await member().say("/help");
    expect(shortHelp!.payload.text).toMatch(/^In this group\n/);
    bot.refused.length = 0;
  });

  it("looks into the message that a command replies to", async () => {
    const replied = { message_id: 3, date: 1, text: "Vyhadana Kukuvina" };
    expect(first(await member().say("/case", { reply_to_message: replied }))).toContain("UA 2/00");
  });

  it("a member who presses Follow, or sends a link that follows in one tap, is taken to the private chat", async () => {
    await member().say("/case 1/00");
    const [, answered] = await member().press("Follow");
    expect(answered).toMatchObject({
      method: "answerCallbackQuery",
      payload: { url: "https://t.me/casewire_local_bot?start=f-ua-1-00" },
    });
    const [sent] = await member().say("/start f-UA-43");
    expect(keysOf(sent!)).toEqual([
      { text: "Open the private chat", url: "https://t.me/casewire_local_bot?start=f-UA-43" },
    ]);
  });

  it("a member can't make administrators' commands flood the group, and administrators go on", async () => {
    bot.answersLeft.group = false;
    for (const text of ["/follow", "/unfollow", "/stop", "/settings", "/language", "/follow 1/00"])
      expect(textsOf(await member().say(text)), text).toEqual([]);
    bot.admins.push({ user: { id: 5, is_bot: false }, status: "administrator" });
    for (const text of ["/follow", "/unfollow", "/stop", "/settings", "/language"])
      expect(textsOf(await member().say(text)), text).toHaveLength(1);
    bot.admins.length = 0;
    bot.answersLeft.group = true;
  });

  it("links itself to the desk for its administrators, unless it is public, and says how in a private chat", async () => {
    const say = async (text: string, chat = group, fields: object = {}) =>
      textsOf(await personIn({ chat, user: 5 }).say(text, fields)).map((said) => said.split("\n")[0]);
    expect(await say("/desk right-code", -1_005_555)).toEqual([expect.stringMatching(/^Only administrators/)]);
    bot.admins.push({ user: { id: 5, is_bot: false }, status: "administrator" });
    expect(
      await say("/desk right-code", group, { chat: { id: group, type: "supergroup", username: "public" } }),
    ).toEqual(["This group is public"]);
    for (const [text, said] of [
      ["/desk", "Link a private group to the desk"],
      ["/desk stop", "This group is not linked to the desk."],
      ["/desk wrong-code", "This code doesn’t work"],
      ["/desk right-code", "This group is linked to the desk"],
      ["/desk right-code", "This group is linked to the desk already."],
      ["/desk STOP", "This group is no longer linked to the desk."],
    ] as const)
      expect(await say(text)).toEqual([said]);
    expect(await say("/desk right-code", 77)).toEqual(["Link a private group to the desk"]);
    bot.admins.pop();
  });

  it("says what the group follows, and in which topic", async () => {
    await bot.followers.follow({ chat: group, kind: "group", topic: 7 }, "ua-1-00", "en", 1);
    await bot.followers.follow({ chat: group, kind: "group", topic: 9 }, "RU", "en", 0);
    const [list] = await member().say("/following");
    expect(list!.payload.text).toMatch(
      /^This group follows\n[\s\S]*UA 1\/00[\s\S]*In other topics of this group\s+Russia · open the topic/,
    );
    expect(list!.payload.entities).toContainEqual(expect.objectContaining({ url: "https://t.me/c/1234/9" }));
  });

  it("an answer about a case that the group follows is kept true, another one leaves nothing", async () => {
    bot.refused.push(({ payload }) => payload.ephemeral_message_parameters !== undefined);
    await personIn({ chat: group, user: 5, topic: 7 }).say("/case 1/00");
    await personIn({ chat: group, user: 5, topic: 7 }).say("/case 2/00");
    await reader().say("1/00");
    expect(bot.answers.map(({ chat, caseId }) => [chat, caseId])).toEqual([[group, "ua-1-00"]]);
    bot.refused.length = 0;
  });

  it("says hello when it is added", async () => {
    const me = { user: { id: 4242, is_bot: true, first_name: "Casewire" } };
    const chat = { id: group, type: "supergroup", title: "Invented group" };
    const from = { id: 5, is_bot: false, first_name: "Invented Reader" };
    const status = { old_chat_member: { ...me, status: "left" }, new_chat_member: { ...me, status: "member" } };
    const [hello] = await bot.handle({ my_chat_member: { chat, from, date: 1, ...status } } as never);
    expect(hello!.payload.text).toMatch(/^In this group[\s\S]*Administrators choose what the group follows: \/follow/);
  });
});

describe("A channel", () => {
  const channel = -1_009_999;

  it("is set up in private, by its administrators only", async () => {
    const admin = reader();
    const [ask] = await admin.say("/channel");
    const [[request]] = ask!.payload.reply_markup.keyboard;
    expect(request.request_chat).toMatchObject({
      chat_is_channel: true,
      bot_administrator_rights: { can_post_messages: true, can_edit_messages: true },
    });
    const shared = { chat_shared: { request_id: 1, chat_id: channel, title: "Invented channel" } };
    expect(textsOf(await admin.send(shared))[0]).toMatch(/^The channel did not allow that/);
    bot.admins.push({ user: { id: chat, is_bot: false }, status: "creator" });
    expect(textsOf(await admin.send(shared))[0]).toMatch(/^To the administrators of this channel/);
    await admin.press("I understand: set up the channel");
    await admin.press("Follow something");
    const added = await admin.press("Follow: UA 1/00");
    const [card] = added.filter(({ method, payload }) => method === "sendMessage" && payload.chat_id === channel);
    expect(card!.payload.text).toContain("UA 1/00");
    expect(textsOf(added).at(-1)).toMatch(/^Channel\n\n• UA 1\/00/);
    const panel = added.at(-2)!;
    const reply = { message_id: 9, date: 1, text: panel.payload.text, reply_markup: panel.payload.reply_markup };
    expect(textsOf(await admin.say("Крим", { reply_to_message: reply })).at(-1)).toContain("• Crimea");
    const preview = await admin.press("Show how a post looks");
    expect(preview[1]!.payload.chat_id).toBe(chat);
    // Another person's client can send the same data.
    const other = reader();
    const forged = await other.press("✕ Stop following: UA 1/00");
    expect(forged.at(-1)!.payload.text).toMatch(/^The channel did not allow that/);
    expect(await bot.followers.following({ chat: channel, kind: "channel" })).toEqual(["ua-1-00", "UA-43"]);
  });
});

const link = { type: "text_link", offset: 5, length: 4, url: "https://casewire.test/embed/ua-2-00" };

describe("A message of any kind", () => {
  it.each([
    ["a forwarded text", { text: "News:\nVyhadana Kukuvina was moved.", forward_origin: { type: "hidden_user" } }],
    ["a name in another script, with an ending", { text: "Сьогодні\nВигадану Кукувіну перевели." }],
    ["a caption", { caption: "Appeal for UA 2/00!", photo: [{}] }],
    ["a bare number in a sentence", { text: "Has anything changed in 2/00 since last week?\nThank you" }],
    ["a link in the text", { text: "https://casewire.test/cases/ua-2-00?lang=uk" }],
    ["a link behind words", { text: "Look\nhere", entities: [link] }],
    ["a poll", { poll: { question: "Who writes for Vyhadana Kukuvina?", options: [{ text: "Me" }] } }],
    ["a checklist", { checklist: { title: "Letters", tasks: [{ id: 1, text: "UA 2/00" }] } }],
    ["a place that was sent", { location: {}, venue: { title: "Vigil for UA 2/00", location: {} } }],
    ["a surname as a caption", { caption: "Kukuvina", document: { file_id: "x" } }],
    ["a quoted part of another message", { text: "This?", quote: { text: "UA 2/00", position: 0 } }],
  ])("is answered with the case in it: %s", async (_, fields) => {
    const text = first(await reader().send(fields));
    expect(text).toContain("UA 2/00 · Invented Issuer");
    expect(text).toMatch(/Facts as of 2 January 2000\s+As stated by Invented Issuer/);
  });

  it("with several cases offers a choice with date, source and status of each", async () => {
    const [sent] = await reader().send({ text: "Compare UA 1/00\nwith UA 3/00.", forward_origin: {} });
    expect(sent!.payload.text).toMatch(
      /^Cases named in this message\n[\s\S]*UA 1\/00[\s\S]*Facts as of 2 January 2000 · Invented Issuer\nAction open/,
    );
    expect(keysOf(sent!).map(({ text }) => text)).toEqual(["UA 1/00", "UA 3/00"]);
  });

  it("without a case says what was looked for", async () => {
    const someone = reader();
    expect(first(await someone.send({ caption: "Good morning", photo: [{}] }))).toMatch(
      /^No case found[\s\S]*case numbers such as UA/,
    );
    for (const kind of ["sticker", "voice", "document", "video_note", "location", "dice"])
      expect(first(await someone.send({ [kind]: {} })), kind).toMatch(/^Only words can be read here/);
    expect(first(await someone.say("/stop"))).toBe("You follow nothing in this chat.");
    expect(await someone.send({ message_auto_delete_timer_changed: { message_auto_delete_time: 1 } })).toEqual([]);
  });

  it("that was forwarded is read, not obeyed", async () => {
    const someone = reader();
    await bot.followers.follow({ chat, kind: "private" }, "ua-1-00", "en", 1);
    for (const text of ["/forget", "/unfollow 1/00", "/stop"])
      expect(first(await someone.say(text, { forward_origin: { type: "hidden_user" } })), text).toMatch(
        text.includes("1/00") ? /UA 1\/00/ : /^No case found/,
      );
    expect(await bot.followers.following({ chat, kind: "private" })).toEqual(["ua-1-00"]);
  });

  it("does not take one given name, a date or a fraction for a case", async () => {
    for (const text of ["Invented News\nPerson One agreed.", "On 1/00/2000\nit rained", "v1/00.5\nand 11/003"])
      expect(first(await reader().say(text)), text).toMatch(/^No case found/);
  });

  it("asks a guest to read the warning first, then answers with a card that stays up to date", async () => {
    const user = { id: 901, is_bot: false, first_name: "Invented Reader" };
    const chat = { id: -1009, type: "supergroup", title: "Elsewhere" };
    const ask = (text: string, replied?: string) => {
      const reply = replied ? { reply_to_message: { message_id: 2, date: 1, text: replied } } : {};
      const sent = { message_id: 1, date: 1, chat, from: user, text, guest_query_id: "q", ...reply };
      return bot.handle({ guest_message: sent } as never);
    };
    const [warned] = await ask("@casewire_local_bot 2/00");
    expect(warned!.payload.result.input_message_content.message_text).toBe("Before you share: read this");
    bot.warned.add(user.id);
    const [card] = await ask("@casewire_local_bot", "Free Vyhadana Kukuvina!");
    expect(card!.method).toBe("answerGuestQuery");
    expect(card!.payload.result.input_message_content.message_text).toContain("UA 2/00");
    expect(bot.cards.get(JSON.stringify({ inline: "guest-card" }))?.caseId).toBe("ua-2-00");
    const [several] = await ask("@casewire_local_bot UA 1/00 and UA 3/00");
    expect(several!.payload.result.input_message_content.message_text).toContain("• UA 1/00\n• UA 3/00");
    const [none] = await ask("@casewire_local_bot hello there");
    expect(none!.payload.result.input_message_content.message_text).toMatch(/^No case found/);
    expect(bot.failures).toEqual([]);
  });
});

it("Whoever takes part is warned first, then has addresses and a letter to copy", async () => {
  const someone = reader();
  expect(first(await someone.say("/act 3/00"))).toMatch(/^Before you write/);
  const [to, text] = await someone.press("I understand: show whom to write to");
  const copied = ({ payload }: Call) =>
    payload.entities
      .filter(({ type }: MessageEntity) => type === "pre")
      .map(({ offset, length }: MessageEntity) => payload.text.slice(offset, offset + length));
  expect(to!.payload.text).toContain("Begin with: Dear Invented Minister\nLanguages: English");
  expect(copied(to!)).toEqual(["1 Invented Street\nInventia", "minister@example.org"]);
  expect(keysOf(to!)).toEqual([
    { text: "Copy the address", copy_text: { text: "1 Invented Street\nInventia" } },
    { text: "Copy the e-mail address", copy_text: { text: "minister@example.org" } },
    expect.objectContaining({ text: "Check again" }),
  ]);
  expect([text!.payload.text.split("\n")[0], copied(text!)]).toEqual(["Letter: English", [letter]]);
  expect(keysOf(text!)[0]).toEqual({ text: "Copy the letter", copy_text: { text: letter } });
  const [other] = await someone.press("Letter: Ukrainian");
  expect(copied(other!)).toEqual(["Шановний вигаданий міністре!"]);
  expect(await bot.followers.following({ chat, kind: "private" })).toEqual([]);
});

it("Service messages, own cards and copies of a channel's posts are not answered", async () => {
  const me = { id: 4242, is_bot: true, first_name: "Casewire" };
  const posted = {
    text: "/help",
    entities: [{ type: "bot_command", offset: 0, length: 5 }],
    is_automatic_forward: true,
  };
  expect(await reader().send({ text: "UA 1/00 · Invented case 1", via_bot: me })).toEqual([]);
  expect(await personIn({ chat: -1_001_235, user: 5 }).send(posted)).toEqual([]);
});

it("A card is shared only after the warning, and found by a name in any script or by its number", async () => {
  const someone = reader("uk");
  const from = { id: chat, is_bot: false, first_name: "Invented Reader", language_code: "uk" };
  const find = async (query: string) =>
    (await bot.handle({ inline_query: { id: "q", from, query, offset: "x" } } as never)).at(-1)!.payload;
  expect(await find("")).toMatchObject({ results: [], button: { start_parameter: "share" } });
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

/** The commands of a message that a tap sends. */
function tappable({ payload }: Call): string[] {
  const { text = "", entities = [] } = payload as { text?: string; entities?: MessageEntity[] };
  const copied = entities.filter(({ type }) => type === "code" || type === "pre");
  return [...text.matchAll(/(?<![\p{L}\p{N}_/])\/[a-z]+/gu)]
    .filter(({ index }) => !copied.some(({ offset, length }) => index >= offset && index < offset + length))
    .map(([command]) => command);
}

/** Commands that do nothing useful without an argument. */
const NEEDS_ARGUMENT = ["/case", "/act", "/follow"];

/** A message's text and buttons, as a reader sees them. */
const shown = ({ method, payload }: Call): string =>
  [
    `${method === "editMessageText" ? "[edited] " : ""}${(payload.text ?? "").replace(/[\u200e\u200f\u2060\u2066-\u2069]/g, "")}`,
    ...keysOf({ payload }).map(({ text }) => `  [ ${text} ]`),
  ].join("\n");

/** What followers of the demo case hear, and what becomes of it: an update, its correction, a redaction and a withdrawal. */
function told(tag: LocaleTag): [string, Outgoing][] {
  const links = { publicUrl: "https://casewire.test", profile };
  const messages = updateMessages(links, standInBot);
  const recipient = (manner: Partial<Manner> = {}, rank: 0 | 2 = 2) =>
    ({ locale: tag, rank, manner: { silent: false, neutral: false, ...manner }, scopes: [demo.id] }) as never;
  const freed = edited(demo, (copy) => {
    copy.asOf = { date: "2026-11-25" };
    const now = { value: "released", asOf: copy.asOf, statedBy: "Demo Rights Group" };
    Object.assign(copy.people[0]!.custody!, now);
  });
  const redacted = edited(demo, (copy) => void copy.people.shift());
  const revision = (number: number, kind: "update" | "correction" | "redaction", fields: Case, before: Case | null) =>
    inventedRevision({
      ...{ number, kind, liveAt: `2026-11-2${number}T10:00:00Z` },
      note: kind === "redaction" ? redactionNote(fields) : { en: "An invented note." },
      changes: kind === "redaction" ? [] : changesBetween(before, fields),
    });
  const state = (fields: Case, one: Revision) => ({
    state: "present" as const,
    record: { case: fields, revision: one },
  });
  const says = (of: ReturnType<typeof state>, to = recipient()) =>
    messages.message(demo.id, of as never, [], to, TOLD_AT);
  const update = state(freed, revision(2, "update", freed, demo));
  const correction = state(demo, revision(3, "correction", demo, freed));
  const redaction = state(redacted, revision(4, "redaction", redacted, demo));
  const withdrawal = { state: "withdrawn", revision: { ...revision(5, "update", demo, null), kind: "withdrawal" } };
  const viewOf = ({ record }: ReturnType<typeof state>) =>
    viewCase(record.case, record.revision, tag, TOLD_AT, profile);
  const post = { scopes: [], neutral: false, shares: false };
  const news = newsIn(demo, correction.record.revision, tag, profile);
  return [
    ["update", says(update)],
    ["update, hidden chat", says(update, recipient({ silent: true, neutral: true }))],
    ["update, channel that posts the news only", says(update, recipient({ brief: true }, 0))],
    ["correction", says(correction)],
    ["the update's post after it", updateMessage(viewOf(correction), [], links, { ...post, news, corrected: true })],
    ["redaction", says(redaction)],
    ["the posts after it", erasedPost(viewOf(redaction), links, post)],
    ["withdrawal", says(withdrawal as never)],
    ["the posts after it", erasedPost(viewWithdrawn(demo.id, withdrawal.revision as never, tag, profile), links, post)],
  ];
}
const TOLD_AT = Date.parse("2026-11-26T12:00:00Z");

it.each(profile.languages)("A whole conversation reads well in %s", async (tag) => {
  const someone = reader(tag);
  const lines: string[] = [];
  const note = (asked: string, calls: Call[]) => {
    // Help lists all commands.
    if (asked !== "/help" && asked !== "(group) /start")
      expect(
        calls.flatMap(tappable).filter((command) => NEEDS_ARGUMENT.includes(command)),
        asked,
      ).toEqual([]);
    lines.push(`> ${asked}`, ...calls.filter(({ payload }) => payload.text).map(shown), "");
  };
  const say = async (text: string) => note(text, await someone.say(text));
  const press = async (what: string, key: Parameters<typeof message>[1]) =>
    note(`(${what})`, await someone.press(message(tag, key)));
  for (const text of ["/start", "/help", "2/00", "/follow", "/follow Nobody Atall", "/case"]) await say(text);
  note("(sticker)", await someone.send({ sticker: {} }));
  note("(photo: Good morning)", await someone.send({ caption: "Good morning", photo: [{}] }));
  note("(forwarded: UA 1/00, UA 3/00)", await someone.send({ text: "UA 1/00\nUA 3/00", forward_origin: {} }));
  await say("/start f-UA-43");
  const [follow] = keysOf(bot.calls.at(-1)!);
  note("(follow)", await someone.press(follow!.text));
  for (const text of ["/follow 1/00", "1/00", "/following"]) await say(text);
  await say("/settings");
  await press("hours", "bot.hours");
  await press("quiet hours", "bot.hours.quiet");
  note("(clock)", await someone.press("14:00 · UTC+2/+3"));
  await press("once a day", "bot.hours.daily");
  await say("/stop");
  await press("stop all", "bot.following.stop");
  await say("/act 1/00");
  await press("check again", "bot.act.again");
  for (const text of ["/privacy", "/channel", "/forget"]) await say(text);
  for (const [index, [what, { text, entities, keyboard }]] of told(tag).entries()) {
    const fold = entities.find(({ type }) => type === "expandable_blockquote");
    // What is folded is in the first one.
    const brief = fold && index > 0 ? `${text.slice(0, fold.offset)}▸ …${text.slice(fold.offset + fold.length)}` : text;
    expect(text.slice(fold?.offset).includes("Demo Person One"), what).toBe(index < 5);
    note(`<${what}>`, [{ method: "sendMessage", payload: { text: brief, reply_markup: keyboard } }]);
  }
  const hidden = reader(tag);
  note("(hidden chat) /start f-ua-2-00", await hidden.say("/start f-ua-2-00"));
  note("(quietly)", await hidden.press(message(tag, "bot.safety.quietly")));
  for (const text of ["/following", "/unfollow 2/00", "/unfollow 2/00"]) note(text, await hidden.say(text));
  note("(thanks)", await hidden.say("🙏"));
  const group = -1_002_000 - chat;
  bot.admins.push({ user: { id: chat, is_bot: false }, status: "administrator" });
  const member = personIn({ chat: group, user: chat, language: tag });
  for (const text of ["/start", "/follow RU"]) note(`(group) ${text}`, await member.say(text));
  note("(do not)", await member.press(message(tag, "bot.safety.cancel")));
  const channel = -1_009_000_000 - chat;
  note("(channel)", await hidden.send({ chat_shared: { request_id: 1, chat_id: channel, title: "Invented" } }));
  note("(set up)", await hidden.press(message(tag, "bot.channel.understood")));
  bot.admins.pop();
  const me = { user: { id: 4242, is_bot: true, first_name: "Casewire" } };
  const from = { id: chat, is_bot: false, first_name: "Invented Reader", language_code: tag };
  const status = { old_chat_member: { ...me, status: "kicked" }, new_chat_member: { ...me, status: "member" } };
  await bot.followers.setManner({ chat, kind: "private" }, { neutral: false });
  const unblocked = { chat: { id: chat, type: "private" }, from, date: 1, ...status };
  note("(blocked, then unblocked)", await bot.handle({ my_chat_member: unblocked } as never));
  const whole = lines.join("\n");
  // After the redaction nothing names whom it removed.
  expect(whole.slice(whole.indexOf("<redaction>"))).not.toContain("Demo Person One");
  expect(whole).not.toMatch(/undefined|\{\w+\}|\[object/);
  await expect(whole).toMatchFileSnapshot(`transcripts/${tag}.txt`);
});
