/** Every place people talk, and taking part: the bot on the real runtime, with groups and channels of the stand-in. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { startWorker, type TestWorker } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { type ChatMessage, freePort, spawnStandIn } from "../stand-in-process.ts";

let worker: TestWorker;
let telegram: Awaited<ReturnType<typeof spawnStandIn>>;
let next = 8301928400;
const newChat = (language = "en") => telegram.chat(next++, language);
const newGroup = () => telegram.chat(-1_000_000_000_000 - next++);

const ADMIN = 501;
const READER = 502;

beforeAll(async () => {
  const port = await freePort();
  worker = await startWorker({ telegram: { apiRoot: `http://127.0.0.1:${port}` } });
  telegram = await spawnStandIn({
    port,
    botToken: worker.env.BOT_TOKEN!,
    webhookUrl: `${worker.url}/telegram`,
    webhookSecret: worker.env.WEBHOOK_SECRET!,
  });
  const first = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((number) => worker.publish(given(number))));
  await Promise.all(first.map((published) => worker.untilLive(published)));
});

afterAll(async () => {
  await telegram?.close();
  await worker?.close();
});

const letter = "Dear Invented Minister,\nplease invent something better.\nYours,";
/** A case with a letter; number 5 stands under a place of its own. */
function given(number: number, changes: Record<string, unknown> = {}) {
  return inventedCase(number, {
    action: {
      state: "active",
      request: { en: "Write to the Ministry of Invention." },
      until: "2099-12-31",
      targets: [
        {
          name: "Invented Minister",
          address: "1 Invented Street\nInventia",
          email: "minister@example.org",
          salutation: "Dear Invented Minister",
          languages: ["en"],
        },
      ],
      letter: { en: letter, uk: "Шановний вигаданий міністре!" },
    },
    places: number === 5 ? [{ name: { en: "Invented Place" }, iso3166: "ZZ-1", source: "first" }] : [],
    ...changes,
  });
}

const changed = (number: number, day = "2000-03-04") =>
  worker.publish(given(number, { asOf: { date: day } }), { notify: "loud" });
const told = (all: ChatMessage[]) => all.filter(({ text }) => text.includes("This case was updated"));
const buttons = (message: ChatMessage) => message.keyboard.flat();
const marked = (message: ChatMessage, type: string) =>
  message.entities
    .filter((entity) => entity.type === type)
    .map(({ offset, length }) => message.text.slice(offset, offset + length));
const say = (chat: number, user: number, text: string, more = {}) =>
  telegram.post("/chat/send", { chat, user, text, ...more });
const pinned = async (chat: number) =>
  (await (await fetch(`${telegram.root}/chat/pinned?chat=${chat}`)).json()) as number[];

async function press(chat: number, user: number, message: ChatMessage, text: string) {
  const data = buttons(message).find((key) => key.text === text)?.callback_data;
  await telegram.post("/chat/press", { chat, user, message: message.id, data });
}

// Each on a case of its own, so that they wait for their moments together.
describe.concurrent("the bot", () => {
  describe("groups", () => {
    it("follow when an administrator says so, in the topic he says it in, and stay silent otherwise", async ({
      expect,
    }) => {
      const group = newGroup();
      const in77 = { topic: 77 };
      await telegram.post("/chat/member", { chat: group.id, user: ADMIN, status: "administrator" });
      await say(group.id, READER, "1/00");
      await say(group.id, READER, "/nonsense");
      await say(group.id, READER, "/follow@another_bot 1/00");
      await say(group.id, READER, "/follow 1/00", in77);
      const [refused] = await group.until((all) => all.length === 1);
      expect(refused!.text).toMatch(/^Only administrators/);
      expect(refused!.topic).toBe(77);
      await say(group.id, ADMIN, "/follow@casewire_test_bot 1/00", in77);
      const warning = (await group.until((all) => all.length === 2)).at(-1)!;
      expect(warning.text).toMatch(/^Before you follow/);
      await press(group.id, READER, warning, "I understand: follow UA 1/00");
      await expect.poll(() => group.notices()).toHaveLength(1);
      expect((await group.notices())[0]!.text).toMatch(/^Only administrators/);
      await press(group.id, ADMIN, warning, "I understand: follow UA 1/00");
      await group.until((all) => all.at(-1)!.text.startsWith("You follow UA 1/00"));
      // What changes nothing anybody may ask.
      await say(group.id, READER, "/following", in77);
      await group.until((all) => all.at(-1)!.text.startsWith("You follow\n"));
      for (const text of ["/forget", "/language uk", "/unfollow 1/00"]) await say(group.id, READER, text, in77);
      await group.until((all) => all.filter(({ text }) => text.startsWith("Only administrators")).length === 4);

      await worker.untilLive(await changed(1));
      const [update, ...more] = told(await group.until((all) => told(all).length > 0));
      expect(more).toEqual([]);
      expect(update!.topic).toBe(77);
      await press(group.id, READER, update!, "Stop following");
      await expect.poll(async () => (await group.notices()).length).toBe(2);
      await press(group.id, ADMIN, update!, "Stop following");
      await expect.poll(async () => (await group.notices()).at(-1)!.text).toBe("You no longer follow UA 1/00");
      expect((await group.messages()).filter(({ from }) => from === "bot")).toHaveLength(7);
    });

    it("move with their number", async ({ expect }) => {
      const group = newGroup();
      const moved = newGroup();
      for (const { id } of [group, moved])
        await telegram.post("/chat/member", { chat: id, user: ADMIN, status: "creator" });
      await say(group.id, ADMIN, "/follow 2/00");
      await group.until((all) => all.length === 1);
      await press(group.id, ADMIN, (await group.messages()).at(-1)!, "I understand: follow UA 2/00");
      await group.until((all) => all.at(-1)!.text.startsWith("You follow UA 2/00"));
      await telegram.post("/chat/update", {
        update: {
          message: {
            message_id: 9,
            date: 1,
            chat: { id: group.id, type: "group", title: "Invented group" },
            from: { id: ADMIN, is_bot: false, first_name: "Invented Reader" },
            migrate_to_chat_id: moved.id,
          },
        },
      });
      await expect.poll(async () => (await moved.ask("/following")).text).toContain("UA 2/00");
      await worker.untilLive(await changed(2));
      expect(told(await moved.until((all) => told(all).length > 0))).toHaveLength(1);
      expect(told(await group.messages())).toEqual([]);
    });
  });

  describe("channels", () => {
    it("keep one pinned card up to date, and post every update", async ({ expect }) => {
      const channel = newGroup();
      const post = (text: string) => telegram.post("/chat/post", { chat: channel.id, text });
      await post("Good morning to all.");
      await post("/cases");
      await post("/follow 3/00");
      const [card, ...others] = await channel.until((all) => all.length > 0);
      expect(others).toEqual([]);
      expect(card!.text).toContain("UA 3/00 · Invented Issuer");
      await expect.poll(() => pinned(channel.id)).toEqual([card!.id]);
      // The command is taken away; what people posted stays.
      expect((await channel.messages()).filter(({ from }) => from === "user").map(({ text }) => text)).toEqual([
        "Good morning to all.",
        "/cases",
      ]);
      expect(buttons(card!).map(({ text }) => text)).toEqual(["Open the case", "Follow in private", "Refresh"]);
      expect(buttons(card!)[1]!.url).toBe("https://t.me/casewire_test_bot?start=ua-3-00");

      await worker.untilLive(await changed(3));
      const after = await channel.until(
        (all) => told(all).length > 0 && all.some(({ id, text }) => id === card!.id && text.includes("4 March 2000")),
      );
      expect(after).toHaveLength(2);
      expect(buttons(told(after)[0]!).map(({ text }) => text)).toEqual(["Open the case", "Follow in private"]);
      expect(after.find(({ id }) => id === card!.id)!.edited).toBe(true);
      expect(await pinned(channel.id)).toEqual([card!.id]);

      await post("/unfollow 3/00");
      await expect.poll(() => pinned(channel.id)).toEqual([]);
      await expect.poll(async () => (await channel.messages()).some(({ id }) => id === card!.id)).toBe(false);
    });
  });

  describe("private chats", () => {
    it("follow quietly: no sound, and nothing in the notification names anybody", async ({ expect }) => {
      const chat = newChat();
      await chat.ask("4/00");
      await chat.press("Follow");
      await chat.until((all) => all.at(-1)!.text.startsWith("Before you follow"));
      await chat.press("I understand: follow quietly");
      await chat.until((all) => all.at(-1)!.text.startsWith("You follow UA 4/00"));
      expect((await chat.ask("/settings")).text).toMatch(/Sound: off\n• First line: names nobody[\s\S]*1 subscription/);
      await worker.untilLive(await changed(4));
      const [update] = told(await chat.until((all) => told(all).length > 0));
      expect(update!.silent).toBe(true);
      const [hidden] = marked(update!, "spoiler");
      expect(update!.text).toBe(`There is news.\n\n${hidden}`);
      await chat.press("Turn the sound on");
      await chat.until((all) => all.some(({ text }) => text.includes("Sound: on")));
      await chat.press("Show names");
      await chat.until((all) => all.some(({ text }) => text.includes("names the case")));
      expect((await chat.ask("/forget")).text).toContain("Deleted: 1 subscription, 0 waiting updates");
      expect((await chat.ask("/settings")).text).toMatch(/Sound: on[\s\S]*0 subscriptions/);
    });

    it("follow a place and everything: one message, with a button for each", async ({ expect }) => {
      const [place, all] = [newChat(), newChat()];
      expect((await place.ask("/follow zz-1")).text).toMatch(/^Before you follow/);
      await place.press("I understand: follow Unknown Region (ZZ-1)");
      await place.until((every) => every.at(-1)!.text.startsWith("You follow Unknown Region (ZZ-1)"));
      expect((await place.ask("/follow 5/00")).text).toMatch(/^You follow UA 5\/00/);
      await all.ask("/follow all");
      await all.press("I understand: follow all cases");
      await all.until((every) => every.at(-1)!.text.startsWith("You follow all cases"));
      await worker.untilLive(await changed(5));
      const of5 = (messages: ChatMessage[]) => told(messages).filter(({ text }) => text.includes("UA 5/00"));
      for (const chat of [place, all]) expect(of5(await chat.until((every) => of5(every).length > 0))).toHaveLength(1);
      const [update] = told(await place.messages());
      expect(buttons(update!).map(({ text }) => text)).toEqual([
        "Stop following: Unknown Region (ZZ-1)",
        "Stop following",
        "Write an appeal",
        "Open the case",
        "Language",
      ]);
      expect((await place.ask("/following")).text).toContain("Unknown Region (ZZ-1)");
      await place.press("✕ Stop following: Unknown Region (ZZ-1)");
      await place.until((every) => !every.at(-1)!.text.includes("ZZ-1"));
      await all.ask("/unfollow all");
      expect((await all.ask("/following")).text).toBe("You follow nothing in this chat.");
    });
  });

  it("says nothing to what Telegram itself puts into a chat", async ({ expect }) => {
    const chat = newChat();
    const group = newGroup();
    const command = { text: "/help", entities: [{ type: "bot_command", offset: 0, length: 5 }] };
    const me = { id: 4242, is_bot: true, first_name: "Casewire" };
    const inPrivate = {
      message_id: 1,
      date: 1,
      chat: { id: chat.id, type: "private" },
      from: { id: chat.id, is_bot: false },
    };
    const inGroup = { ...inPrivate, chat: { id: group.id, type: "supergroup" } };
    const messages = [
      { ...inGroup, ...command, is_automatic_forward: true },
      { ...inPrivate, text: "UA 1/00 · Invented case 1", via_bot: me },
      { ...inPrivate, message_auto_delete_timer_changed: { message_auto_delete_time: 86_400 } },
    ];
    for (const message of messages) await telegram.post("/chat/update", { update: { message } });
    await chat.ask("/help");
    expect((await chat.messages()).filter(({ from }) => from === "bot")).toHaveLength(1);
    expect(await group.messages()).toEqual([]);
  });

  describe("a flood", () => {
    it("is slowed with one word about it; others are answered, and /forget always", async ({ expect }) => {
      const [chat, other] = [newChat(), newChat()];
      await Promise.all(Array.from({ length: 40 }, () => chat.say("/help")));
      const slow = (all: ChatMessage[]) => all.filter(({ text }) => text.startsWith("A moment, please"));
      await chat.until((all) => slow(all).length > 0);
      expect((await other.ask("/help")).text).toContain("What you can send");
      await chat.say("/forget");
      const answers = await chat.until((all) => all.some(({ text }) => text.startsWith("Everything about this chat")));
      expect(slow(answers)).toHaveLength(1);
      expect(answers.length).toBeLessThan(30);
    });
  });

  describe("taking part", () => {
    it("warns first, then gives addresses and letter to copy", async ({ expect }) => {
      const chat = newChat();
      expect((await chat.ask("/act")).text).toContain("Write for which case?");
      expect((await chat.ask("/act 6/00")).text).toMatch(/^Before you write/);
      await chat.press("I understand: show whom to write to");
      const [to, text] = (await chat.until((all) => all.some(({ text }) => text.startsWith("Letter: English")))).slice(
        -2,
      );
      expect(to!.text).toContain("Action open: appeals are asked for until 31 December 2099");
      expect(to!.text).toContain("Begin with: Dear Invented Minister\nLanguages: English");
      expect(marked(to!, "pre")).toEqual(["1 Invented Street\nInventia", "minister@example.org"]);
      expect(buttons(to!)).toEqual([
        { text: "Copy the address", copy_text: { text: "1 Invented Street\nInventia" } },
        { text: "Copy the e-mail address", copy_text: { text: "minister@example.org" } },
      ]);
      expect(marked(text!, "pre")).toEqual([letter]);
      expect(buttons(text!)[0]).toEqual({ text: "Copy the letter", copy_text: { text: letter } });
      await chat.press("Letter: Ukrainian");
      const other = (await chat.until((all) => all.at(-1)!.text.startsWith("Letter: Ukrainian"))).at(-1)!;
      expect(marked(other, "pre")).toEqual(["Шановний вигаданий міністре!"]);
      expect((await chat.ask("/following")).text).toContain("nothing");
    });

    it("is for private chats only", async ({ expect }) => {
      const group = newGroup();
      await say(group.id, READER, "/act 6/00");
      const [answer] = await group.until((all) => all.length === 1);
      expect(buttons(answer!)).toEqual([
        { text: "Open the private chat", url: "https://t.me/casewire_test_bot?start=act-ua-6-00" },
      ]);
      expect((await newChat().ask("/start act-ua-6-00")).text).toMatch(/^Before you write/);
    });

    it("ends with the action: thanks, and the last known status with its date, also on what was being sent", async ({
      expect,
    }) => {
      const chat = newChat();
      await chat.ask("/act 7/00");
      const published = await worker.publish(given(7, { action: { state: "closed" } }));
      await new Promise((resolve) => setTimeout(resolve, Date.parse(published.liveAt) - Date.now() - 300));
      await telegram.faults("editMessageText", chat.id, [{ delay: 600 }]);
      await chat.press("I understand: show whom to write to");
      const shown = await chat.until((all) => all.at(-1)!.text.includes("Thank you to everyone who wrote."));
      expect(shown).toHaveLength(1);
      expect(shown[0]!.text).toContain("Action closed: no further action is requested");
      expect(shown[0]!.text).toMatch(
        /Invented Person One\n• Was held before trial \(2 January 2000, Invented Issuer\)/,
      );
      expect(shown[0]!.text).toContain("No later information here.");
      expect(shown[0]!.text).not.toMatch(/Ministry|Copy|example\.org/);
      expect(buttons((await chat.ask("7/00"))!).map(({ text }) => text)).not.toContain("Write an appeal");
    });
  });
});
