/**
 * Followed names on the real thing: nothing stored, backed up or sent names
 * one, and an erasure of the name, or the withdrawal of its case, takes it
 * along.
 */
import { it } from "vitest";
import { eraseSeen } from "../../support/erasing.ts";
import { inventedCase, inventedPerson } from "../../support/invented.ts";
import { newChat, stored, worker } from "./bot.ts";

const NAME = "Qolomukavor";
const OTHER = "Umbravelkotri";

export function words(): void {
  it("a name that nobody is called yet is followed, and no file and no message of the bot has it", async ({
    expect,
  }) => {
    const [chat, other, third] = [newChat(), newChat(), newChat()];
    for (const one of [chat, other, third]) {
      await one.ask(`/follow ${one === third ? OTHER : `${NAME} Zyxtaria`}`);
      await one.press("Tell me when this name appears");
      await one.until((all) =>
        all.at(-1)!.text.startsWith("Before you follow"),
      );
      await one.press("I understand: follow this name");
      await one.until((all) =>
        all.some(({ text }) => text.startsWith("You follow this name")),
      );
    }
    expect(await stored(NAME)).toEqual([]);
    const backup = await (await worker.editor.exportFollowers()).text();
    expect(backup).toContain('"row":"word"');
    expect(backup).not.toContain(NAME);
    /** What a chat shows of the bot now. */
    const sentBy = async (who: typeof chat) =>
      JSON.stringify(
        (await who.messages()).flatMap(({ from, text, keyboard }) =>
          from === "bot" ? [{ text, keyboard }] : [],
        ),
      );
    for (const one of [chat, other])
      expect(await sentBy(one)).not.toContain(NAME);
    // The chat's own list shows it, but no button does.
    const list = await chat.ask("/following");
    expect(list.text).toContain(`1. ${NAME} Zyxtaria`);
    expect(JSON.stringify(list.keyboard)).not.toContain(NAME);

    const people = [
      inventedPerson(`Zyxtaria ${NAME}`),
      inventedPerson(`Invented ${OTHER}`),
    ];
    const named = inventedCase(43, {
      people,
      title: { en: "Invented case 43" },
    });
    await worker.untilLive(await worker.publish(named, { notify: "loud" }));
    for (const one of [chat, other])
      await one.until((all) =>
        all.some(({ text }) => text.includes("UA 43/00")),
      );
    const [id] = (await other.messages())
      .filter(({ text }) => text.includes("UA 43/00"))
      .map((message) => message.id);
    await worker.untilLive(
      await eraseSeen(worker.editor, named.id, [
        { what: "person", person: named.people[0]!.id },
      ]),
    );
    await other.until((all) =>
      all.some((message) => message.id === id && !message.text.includes(NAME)),
    );
    await other.until(
      (all) => all.filter(({ text }) => text.includes("UA 43/00")).length > 1,
    );
    expect(await sentBy(other)).not.toMatch(new RegExp(NAME, "i"));
    await expect
      .poll(async () => (await other.ask("/following")).text)
      .toContain("You follow nothing");
    expect((await third.ask("/following")).text).toContain(OTHER);
    await worker.untilLive(await worker.withdraw(named.id));
    await expect
      .poll(async () => (await third.ask("/following")).text)
      .toContain("You follow nothing");
    expect(await (await worker.editor.exportFollowers()).text()).not.toContain(
      '"row":"word"',
    );
  });
}
