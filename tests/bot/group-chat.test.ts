/** What the bot answers in groups, and how channels are set up. */
import { beforeAll, describe, expect, it } from "vitest";
import {
  bot,
  chat,
  first,
  keysOf,
  open,
  personIn,
  reader,
  textsOf,
} from "./conversation.ts";

beforeAll(open);

it("Whoever unblocks the bot hears that nothing is followed any more, and /start in a group explains groups", async () => {
  expect(first(await reader().letIn("kicked"))).toMatch(
    /You no longer follow anything/,
  );
  expect(
    first(await personIn({ chat: -1_001_234, user: 5 }).say("/start")),
  ).toMatch(/^In this group\n/);
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
    bot.refused.push(
      ({ payload }) => payload.ephemeral_message_parameters !== undefined,
    );
    const [, card] = await member().say("/case 1/00");
    expect(card!.payload.text).toContain("Facts as of 2 January 2000");
    expect(card!.payload.text).not.toContain("Invented Person One");
    const [, shortHelp] = await member().say("/help");
    expect(shortHelp!.payload.text).toMatch(/^In this group\n/);
    bot.refused.length = 0;
  });

  it("looks into the message that a command replies to", async () => {
    const replied = { message_id: 3, date: 1, text: "Vyhadana Kukuvina" };
    expect(
      first(await member().say("/case", { reply_to_message: replied })),
    ).toContain("UA 2/00");
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
      {
        text: "Open the private chat",
        url: "https://t.me/casewire_local_bot?start=f-UA-43",
      },
    ]);
  });

  it("a member can't make administrators' commands flood the group, and administrators go on", async () => {
    const flooded = personIn({ chat: -1_001_236, user: 5 });
    while (await bot.followers.mayAnswer({ chat: -1_001_236, kind: "group" }));
    for (const text of [
      "/follow",
      "/unfollow",
      "/stop",
      "/settings",
      "/language",
      "/follow 1/00",
    ])
      expect(textsOf(await flooded.say(text)), text).toEqual([]);
    bot.admins.push({
      user: { id: 5, is_bot: false },
      status: "administrator",
    });
    for (const text of [
      "/follow",
      "/unfollow",
      "/stop",
      "/settings",
      "/language",
    ])
      expect(textsOf(await flooded.say(text)), text).toHaveLength(1);
    bot.admins.length = 0;
  });

  it("links itself to the desk for its administrators, unless it is public, and says how in a private chat", async () => {
    const code = `/desk ${bot.deskCode()}`;
    const say = async (text: string, chat = group, fields: object = {}) =>
      textsOf(await personIn({ chat, user: 5 }).say(text, fields)).map(
        (said) => said.split("\n")[0],
      );
    expect(await say(code, -1_005_555)).toEqual([
      expect.stringMatching(/^Only administrators/),
    ]);
    bot.admins.push({
      user: { id: 5, is_bot: false },
      status: "administrator",
    });
    expect(
      await say(code, group, {
        chat: { id: group, type: "supergroup", username: "public" },
      }),
    ).toEqual(["This group is public"]);
    for (const [text, said] of [
      ["/desk", "Link a private group to the desk"],
      ["/desk stop", "This group is not linked to the desk."],
      ["/desk wrong-code", "This code doesn’t work"],
      [code, "This group is linked to the desk"],
      [`/desk ${bot.deskCode()}`, "This group is linked to the desk already."],
      ["/desk STOP", "This group is no longer linked to the desk."],
    ] as const)
      expect(await say(text)).toEqual([said]);
    expect(await say(code, 77)).toEqual(["Link a private group to the desk"]);
    bot.admins.pop();
  });

  it("says what the group follows, and in which topic", async () => {
    await bot.followers.follow(
      { chat: group, kind: "group", topic: 7 },
      "ua-1-00",
      "en",
      1,
    );
    await bot.followers.follow(
      { chat: group, kind: "group", topic: 9 },
      "RU",
      "en",
      0,
    );
    const [list] = await member().say("/following");
    expect(list!.payload.text).toMatch(
      /^This group follows\n[\s\S]*UA 1\/00[\s\S]*In other topics of this group\s+Russia · open the topic/,
    );
    expect(list!.payload.entities).toContainEqual(
      expect.objectContaining({ url: "https://t.me/c/1234/9" }),
    );
  });

  it("an answer about a case that the group follows is kept true, another one leaves nothing", async () => {
    bot.refused.push(
      ({ payload }) => payload.ephemeral_message_parameters !== undefined,
    );
    await personIn({ chat: group, user: 5, topic: 7 }).say("/case 1/00");
    await personIn({ chat: group, user: 5, topic: 7 }).say("/case 2/00");
    await reader().say("1/00");
    expect(
      await bot.followers.forget({ chat: group, kind: "group" }),
    ).toMatchObject({ follows: 2, posts: 1 });
    expect(await bot.followers.forget({ chat, kind: "private" })).toMatchObject(
      { follows: 0, posts: 0 },
    );
    bot.refused.length = 0;
  });

  it("says hello when it is added", async () => {
    const [hello] = await personIn({ chat: group, user: 5 }).letIn("left");
    expect(hello!.payload.text).toMatch(
      /^In this group[\s\S]*Administrators choose what the group follows: \/follow/,
    );
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
      bot_administrator_rights: {
        can_post_messages: true,
        can_edit_messages: true,
      },
    });
    const shared = {
      chat_shared: {
        request_id: 1,
        chat_id: channel,
        title: "Invented channel",
      },
    };
    expect(textsOf(await admin.send(shared))[0]).toMatch(
      /^The channel did not allow that/,
    );
    bot.admins.push({ user: { id: chat, is_bot: false }, status: "creator" });
    expect(textsOf(await admin.send(shared))[0]).toMatch(
      /^To the administrators of this channel/,
    );
    await admin.press("I understand: set up the channel");
    await admin.press("Follow something");
    const added = await admin.press("Follow: UA 1/00");
    const [card] = added.filter(
      ({ method, payload }) =>
        method === "sendMessage" && payload.chat_id === channel,
    );
    expect(card!.payload.text).toContain("UA 1/00");
    expect(textsOf(added).at(-1)).toMatch(/^Channel\n\n• UA 1\/00/);
    const panel = added.at(-2)!;
    const reply = {
      message_id: 9,
      date: 1,
      text: panel.payload.text,
      reply_markup: panel.payload.reply_markup,
    };
    expect(
      textsOf(await admin.say("Крим", { reply_to_message: reply })).at(-1),
    ).toContain("• Crimea");
    const preview = await admin.press("Show how a post looks");
    expect(preview[1]!.payload.chat_id).toBe(chat);
    // Another person's client can send the same data.
    const other = reader();
    const forged = await other.press("✕ Stop following: UA 1/00");
    expect(forged.at(-1)!.payload.text).toMatch(
      /^The channel did not allow that/,
    );
    expect(
      await bot.followers.following({ chat: channel, kind: "channel" }),
    ).toEqual(["UA-43", "ua-1-00"]);
  });
});

it("Service messages, own cards and copies of a channel's posts are not answered", async () => {
  const me = { id: 4242, is_bot: true, first_name: "Casewire" };
  const posted = {
    text: "/help",
    entities: [{ type: "bot_command", offset: 0, length: 5 }],
    is_automatic_forward: true,
  };
  expect(
    await reader().send({ text: "UA 1/00 · Invented case 1", via_bot: me }),
  ).toEqual([]);
  expect(await personIn({ chat: -1_001_235, user: 5 }).send(posted)).toEqual(
    [],
  );
});
