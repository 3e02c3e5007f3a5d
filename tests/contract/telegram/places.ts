/** The bot in every kind of chat. */
import { describe, it } from "vitest";
import type { ChatMessage } from "../../support/stand-in-process.ts";
import {
  buttons,
  fault,
  follow,
  inPlaces,
  newBasicGroup,
  newChat,
  newGroup,
  telegram,
  updatesIn,
  worker,
} from "./bot.ts";

const ADMIN = 501;
const READER = 502;
const refusal =
  "Only administrators of this chat can change what it follows, its notifications and its language.";

const old = "This button no longer works. Send /cases for the current list.";

const changed = (number: number, day = "2000-03-04") =>
  worker.publish(inPlaces(number, { asOf: { date: day } }), { notify: "loud" });
const say = (chat: number, user: number, text: string, more = {}) =>
  telegram.post("/chat/send", { chat, user, text, ...more });
const pinned = async (chat: number) =>
  (
    (await (await fetch(`${telegram.root}/chat?chat=${chat}`)).json()) as {
      pinned: number[];
    }
  ).pinned;

async function press(
  chat: number,
  user: number,
  message: ChatMessage,
  text: string,
) {
  const data = buttons(message).find((key) => key.text === text)?.callback_data;
  await telegram.post("/chat/press", { chat, user, message: message.id, data });
}

export function places(): void {
  describe("in a group", () => {
    it("follows when an administrator says so, in that topic, and stays silent otherwise", async ({
      expect,
    }) => {
      const group = newGroup();
      const in77 = { topic: 77 };
      await telegram.post("/chat/administrator", {
        chat: group.id,
        user: ADMIN,
        status: "administrator",
      });
      await say(group.id, READER, "11/00");
      await say(group.id, READER, "/nonsense");
      await say(group.id, READER, "/follow@another_bot 11/00");
      await say(group.id, READER, "/follow 11/00", in77);
      const [refused] = await group.until((all) => all.length === 1);
      expect(refused!.text).toMatch(/^Only administrators/);
      expect(refused!.topic).toBe(77);
      await say(group.id, ADMIN, "/follow@casewire_test_bot 11/00", in77);
      const warning = (await group.until((all) => all.length === 2)).at(-1)!;
      expect(warning.text).toMatch(
        /^Before you follow[\s\S]*Everyone in this group/,
      );
      expect(warning.text).not.toContain("delete this chat");
      const notices = async () =>
        (await group.notices()).map(({ text }) => text);
      await press(group.id, READER, warning, "Do not follow");
      await expect.poll(notices).toEqual([refusal]);
      await press(group.id, ADMIN, warning, "I understand: follow UA 11/00");
      await group.until((all) =>
        all.at(-1)!.text.startsWith("You follow UA 11/00"),
      );
      await expect.poll(notices).toEqual([refusal, "You follow UA 11/00"]);
      // Anyone may use commands that change nothing.
      await say(group.id, READER, "/following", in77);
      await group.until((all) =>
        all.at(-1)!.text.startsWith("This group follows\n"),
      );
      for (const text of ["/forget", "/language uk", "/unfollow 11/00"])
        await say(group.id, READER, text, in77);
      await group.until(
        (all) =>
          all.filter(({ text }) => text.startsWith("Only administrators"))
            .length === 4,
      );

      await worker.untilLive(await changed(11));
      const [update, ...more] = updatesIn(
        await group.until((all) => updatesIn(all).length > 0),
      );
      expect(more).toEqual([]);
      expect(update!.topic).toBe(77);
      await press(group.id, READER, update!, "Stop following");
      await expect
        .poll(notices)
        .toEqual([refusal, "You follow UA 11/00", refusal]);
      await press(group.id, ADMIN, update!, "Stop following");
      await expect
        .poll(notices)
        .toEqual([
          refusal,
          "You follow UA 11/00",
          refusal,
          "You no longer follow UA 11/00",
        ]);
      expect(
        (await group.messages()).filter(({ from }) => from === "bot"),
      ).toHaveLength(7);

      // Any member's client can send any button's data.
      for (const data of [
        "r:ua-12-00",
        "o:ua-12-00",
        "p:0",
        "t:following",
        "s",
        "c:en:ua-12-00",
      ])
        await telegram.post("/chat/press", {
          chat: group.id,
          user: READER,
          message: update!.id,
          data,
        });
      await expect
        .poll(async () => (await notices()).slice(4))
        .toEqual(Array(6).fill(old));
      expect(
        (await group.messages()).filter(({ from }) => from === "bot"),
      ).toHaveLength(7);
      expect(
        (await group.messages()).find(({ id }) => id === update!.id)!.text,
      ).toContain("UA 11/00");
    });

    it("follows a group that becomes a supergroup, once Telegram confirms it", async ({
      expect,
    }) => {
      const group = newBasicGroup();
      const moved = newGroup();
      for (const { id } of [group, moved])
        await telegram.post("/chat/administrator", {
          chat: id,
          user: ADMIN,
          status: "creator",
        });
      await say(group.id, ADMIN, "/follow 12/00");
      await group.until((all) => all.length === 1);
      await press(
        group.id,
        ADMIN,
        (await group.messages()).at(-1)!,
        "I understand: follow UA 12/00",
      );
      await group.until((all) =>
        all.at(-1)!.text.startsWith("You follow UA 12/00"),
      );
      const migrated = (from: number, to: number) =>
        telegram.post("/chat/update", {
          update: {
            message: {
              message_id: 9,
              date: 1,
              chat: {
                id: from,
                type: from > 0 ? "private" : "group",
                title: "Invented group",
              },
              from: { id: ADMIN, is_bot: false, first_name: "Invented Reader" },
              migrate_to_chat_id: to,
            },
          },
        });
      // Forged updates: of a person's chat, to a group that isn't a supergroup,
      // and of a group that Telegram knows to be unchanged.
      const person = newChat();
      await follow(person, "12/00");
      await migrated(person.id, moved.id);
      await migrated(group.id, group.id - 1);
      await migrated(group.id, moved.id);
      expect((await moved.ask("/following")).text).toContain(
        "You follow nothing",
      );
      expect((await person.ask("/following")).text).toContain("UA 12/00");
      await telegram.faults("sendChatAction", group.id, [
        fault(
          400,
          "Bad Request: group chat was upgraded to a supergroup chat",
          { migrate_to_chat_id: moved.id },
        ),
      ]);
      await migrated(group.id, moved.id);
      await expect
        .poll(async () => (await moved.ask("/following")).text)
        .toContain("UA 12/00");
      await worker.untilLive(await changed(12));
      expect(
        updatesIn(await moved.until((all) => updatesIn(all).length > 0)),
      ).toHaveLength(1);
      expect(updatesIn(await group.messages())).toEqual([]);
    });
  });

  describe("in a channel", () => {
    it("keeps one pinned card up to date, and posts every update", async ({
      expect,
    }) => {
      const channel = newGroup();
      const admin = newChat();
      await telegram.post("/chat/administrator", {
        chat: channel.id,
        channel: true,
        user: admin.id,
        status: "creator",
      });
      const from = {
        id: admin.id,
        is_bot: false,
        first_name: "Invented Reader",
        language_code: "en",
      };
      const chat = { id: admin.id, type: "private" };
      const send = (more: object) =>
        telegram.post("/chat/update", {
          update: { message: { message_id: 9, date: 1, chat, from, ...more } },
        });
      // The administrator chose the channel in Telegram's own dialogue.
      await send({ chat_shared: { request_id: 1, chat_id: channel.id } });
      const newest = async () => (await admin.messages()).at(-1)!;
      const tap = async (text: string) =>
        press(admin.id, admin.id, await newest(), text);
      const says = (words: RegExp) =>
        admin.until((all) => words.test(all.at(-1)?.text ?? ""));
      await says(/^To the administrators[\s\S]*occupies[\s\S]*punishable/);
      await tap("I understand: set up the channel");
      await says(/^Channel\n/);
      const answerPanel = async (text: string) => {
        const { id, keyboard } = await newest();
        const reply_to_message = {
          message_id: id,
          date: 1,
          chat,
          reply_markup: { inline_keyboard: keyboard },
        };
        await send({ text, reply_to_message });
      };
      await answerPanel("13/00");
      await says(/• UA 13\/00/);
      const isCard = ({ text }: ChatMessage) =>
        text.includes("UA 13/00 · Invented Issuer");
      const [card, ...others] = await channel.until((all) => all.some(isCard));
      // What concerns the administrators is sent to them, not posted.
      expect(others).toEqual([]);
      expect(card!.text).toContain("UA 13/00 · Invented Issuer");
      await expect.poll(() => pinned(channel.id)).toEqual([card!.id]);
      expect(buttons(card!).map(({ text }) => text)).toEqual([
        "Open the case",
        "Follow in private",
        "Refresh",
      ]);
      expect(buttons(card!)[1]!.url).toBe(
        "https://t.me/casewire_test_bot?start=f-ua-13-00",
      );

      await worker.untilLive(await changed(13));
      const after = await channel.until(
        (all) =>
          updatesIn(all).length > 0 &&
          all.some(
            ({ id, text }) => id === card!.id && text.includes("4 March 2000"),
          ),
      );
      expect(after).toHaveLength(2);
      expect(buttons(updatesIn(after)[0]!).map(({ text }) => text)).toEqual([
        "Open the case",
        "Follow in private",
      ]);
      expect(after.find(({ id }) => id === card!.id)!.earlier).not.toEqual([]);
      expect(await pinned(channel.id)).toEqual([card!.id]);

      const shown = async () =>
        (await channel.messages()).map(({ id, text, keyboard }) => ({
          id,
          text,
          keyboard,
        }));
      const before = await shown();
      const forged = [
        "r:ua-12-00",
        "o:ua-12-00",
        "p:0",
        "t:following",
        "L:ar",
        "F:all",
        "s",
        "c:ar:ua-12-00",
      ];
      for (const data of forged)
        for (const { id } of after)
          await telegram.post("/chat/press", {
            chat: channel.id,
            user: READER,
            message: id,
            data,
          });
      // One of the presses is a valid refresh of the card.
      await expect
        .poll(async () => (await channel.notices()).length)
        .toBe(2 * forged.length - 1);
      expect((await channel.notices()).every(({ text }) => text === old)).toBe(
        true,
      );
      expect(await shown()).toEqual(before);

      await tap("Language: English");
      await says(/^Choose the language/);
      await tap("Українська");
      await channel.until((all) =>
        all.some(
          ({ id, text }) => id === card!.id && text.includes("Факти станом на"),
        ),
      );
      // Following again posts the card anew, for a channel whose card was
      // deleted in Telegram.
      await answerPanel("13/00");
      await expect.poll(() => pinned(channel.id)).not.toContain(card!.id);
      await expect.poll(async () => (await pinned(channel.id)).length).toBe(1);
      const [anew] = await pinned(channel.id);
      // The old card goes once the new one is there.
      await expect
        .poll(async () =>
          (await channel.messages()).some(({ id }) => id === card!.id),
        )
        .toBe(false);
      await says(/^Channel\n/);
      await answerPanel("ZZ-1");
      await says(/Unknown Region \(ZZ-1\)/);
      await tap("✕ Stop following: UA 13/00");
      await expect.poll(() => pinned(channel.id)).toEqual([]);
      await expect
        .poll(async () =>
          (await channel.messages()).some(({ id }) => id === anew),
        )
        .toBe(false);
      await tap("Erase everything about this channel");
      await says(/^Erase everything about this channel\?/);
      await tap("Erase everything about this channel");
      await says(
        /Deleted: 1 subscription, .* and .*\. .*posts in this channel/,
      );
    });
  });

  describe("in a private chat", () => {
    it("sends one message, which leads to the list of follows, when a chat follows a case by several ways", async ({
      expect,
    }) => {
      const [place, all] = [newChat(), newChat()];
      expect((await place.ask("/follow zz-1")).text).toMatch(
        /^Before you follow/,
      );
      await place.press("I understand: follow Unknown Region (ZZ-1)");
      await place.until((every) =>
        every.at(-1)!.text.startsWith("You follow Unknown Region (ZZ-1)"),
      );
      expect((await place.ask("/follow 15/00")).text).toMatch(
        /^You follow UA 15\/00/,
      );
      await all.ask("/follow all");
      await all.press("I understand: follow all cases");
      // From here on, updates of other scenarios arrive in between.
      await all.until((every) =>
        every.some(({ text }) => text.startsWith("You follow all cases")),
      );
      await worker.untilLive(await changed(15));
      const of5 = (messages: ChatMessage[]) =>
        updatesIn(messages).filter(({ text }) => text.includes("UA 15/00"));
      for (const chat of [place, all])
        expect(
          of5(await chat.until((every) => of5(every).length > 0)),
        ).toHaveLength(1);
      const [update] = updatesIn(await place.messages());
      expect(buttons(update!).map(({ text }) => text)).toEqual([
        "Write an appeal",
        "Share",
        "Open the case",
        "What this chat follows",
      ]);
      // The button under the update leads to the list, which ends each of them.
      await telegram.post("/chat/press", {
        chat: place.id,
        language: "en",
        message: update!.id,
        data: "t:following",
      });
      await place.until((every) =>
        buttons(every.at(-1)!).some(
          ({ text }) => text === "✕ Stop following: Unknown Region (ZZ-1)",
        ),
      );
      await place.press("✕ Stop following: Unknown Region (ZZ-1)");
      await expect
        .poll(async () => (await place.notices()).at(-1)?.text)
        .toBe("You no longer follow Unknown Region (ZZ-1)");
    });
  });
}
