/**
 * Quiet hours, digests and reminders, as time passes. It sets the Worker's
 * clock forward, so it runs after all other scenarios.
 */
import { expect, it } from "vitest";
import type { Case } from "../../../shared/case/schema.ts";
import { inventedCase } from "../../support/invented.ts";
import type { Chat } from "../../support/stand-in-process.ts";
import { buttons, follow, newChat, updatesIn, worker } from "./bot.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Between a publication and its moment. */
const LEAD_MS = 4_000;

const updates = async (chat: Chat) => updatesIn(await chat.messages());
const reminders = async (chat: Chat) =>
  (await chat.messages()).filter(
    ({ from, text }) => from === "bot" && /^Reminder/m.test(text),
  );
const hears = (chat: Chat, count: number) =>
  chat.until((all) => updatesIn(all).length === count);

/**
 * Chooses the first clock that shows 23:xx, so that the usual quiet hours,
 * 22:00 to 07:00, last.
 * @returns its minutes
 */
async function goesBy(chat: Chat): Promise<number> {
  await chat.ask("/settings");
  await chat.press("When messages come");
  await chat.until((all) =>
    all.some(({ keyboard }) =>
      keyboard.flat().some(({ text }) => text === "Quiet hours"),
    ),
  );
  await chat.press("Quiet hours");
  const isClock = (text: string) => /^23:\d\d · UTC[^/]*$/.test(text);
  const clocks = await chat.until((all) =>
    all.some((one) => buttons(one).some(({ text }) => isClock(text))),
  );
  const clock = buttons(clocks.at(-1)!).find(({ text }) => isClock(text))!.text;
  await chat.press(clock);
  await chat.until((all) =>
    all.at(-1)!.text.includes("Quiet hours: 22:00 to 07:00"),
  );
  return Number(clock.slice(3, 5));
}

async function choose(chat: Chat, button: string, says: string): Promise<void> {
  await chat.press(button);
  await chat.until((all) => all.at(-1)!.text.includes(says));
}

async function publish(
  fields: Case,
  options: Parameters<typeof worker.publish>[1],
): Promise<void> {
  await worker.publish(fields, options);
  await worker.timePasses(LEAD_MS);
}

export function hours(): void {
  it("holds what comes in quiet hours or before a digest and brings it once, and reminds of a deadline once", async () => {
    // All that waits for a chat has been sent by then.
    const reminded =
      Math.ceil((worker.now() + HOUR_MS) / DAY_MS) * DAY_MS + 10 * HOUR_MS;
    const until = new Date(reminded + 2 * DAY_MS).toISOString().slice(0, 10);
    const action = {
      state: "active",
      request: { en: "Write to the Ministry of Invention." },
      until,
    };
    await worker.publish(inventedCase(52));
    await publish(inventedCase(51, { action }), {});
    const [plain, quiet, urgent, digest, unreminded] = [
      newChat(),
      newChat(),
      newChat(),
      newChat(),
      newChat(),
    ];
    await Promise.all(
      [plain, quiet, urgent, digest, unreminded].map((chat) =>
        follow(chat, "51/00"),
      ),
    );
    await digest.ask("/follow 52/00");
    const everything = newChat();
    await everything.ask("/follow all");
    await everything.press("I understand: follow all cases");
    const [minutes] = await Promise.all([
      goesBy(quiet),
      goesBy(urgent),
      goesBy(digest),
    ]);
    await choose(digest, "Once a day", "Daily digest: at 09:00");
    // In an open chat a correction passes.
    for (const chat of [quiet, digest]) {
      await chat.ask("/settings");
      await choose(chat, "Quiet", "Quiet: without sound");
    }
    await unreminded.ask("/settings");
    await choose(unreminded, "Turn reminders off", "deadline or hearing: off");

    const corrected = inventedCase(51, {
      action,
      asOf: { date: "2000-01-03" },
    });
    await publish(corrected, {
      notify: "loud",
      note: { en: "The first news." },
    });
    // Two updates that wait for the same chat would become one message.
    const atOnce = [plain, unreminded, everything];
    await Promise.all(atOnce.map((chat) => hears(chat, 1)));
    await publish(corrected, {
      kind: "correction",
      notify: "loud",
      note: { en: "The day was wrong." },
    });
    await Promise.all(atOnce.map((chat) => hears(chat, 2)));
    await plain.until((all) =>
      updatesIn(all)[0]!.text.includes("\nCorrected · "),
    );
    const both = /The day was wrong\.[\s\S]*The first news\./;
    // What passes takes along what waits about the same case.
    expect((await hears(urgent, 1)).at(-1)).toMatchObject({
      text: expect.stringMatching(both),
      silent: false,
    });
    await publish(inventedCase(52), {
      notify: "loud",
      note: { en: "Other news." },
    });
    await everything.until((all) =>
      updatesIn(all).some(({ text }) => text.includes("Other news.")),
    );

    await worker.timePasses(8 * HOUR_MS - minutes * MINUTE_MS - 10 * MINUTE_MS);
    const endOfQuiet = Date.now();
    await worker.timePasses(10 * MINUTE_MS);
    const [held] = updatesIn(await hears(quiet, 1));
    expect(held).toMatchObject({
      text: expect.stringMatching(both),
      silent: true,
    });
    expect(held!.date).toBeGreaterThanOrEqual(endOfQuiet);

    await worker.timePasses(2 * HOUR_MS - 10 * MINUTE_MS);
    const hourOfDigest = Date.now();
    await worker.timePasses(10 * MINUTE_MS);
    const day = updatesIn(await hears(digest, 2));
    expect(day.map(({ silent }) => silent)).toEqual([true, true]);
    expect(day.map(({ text }) => text).sort()).toEqual([
      expect.stringMatching(both),
      expect.stringMatching(/Other news\. · UA 52/),
    ]);
    expect(day[0]!.date).toBeGreaterThanOrEqual(hourOfDigest);

    await worker.timePasses(reminded - worker.now() - MINUTE_MS);
    const minuteBefore = Date.now();
    await worker.timePasses(2 * MINUTE_MS);
    await expect.poll(async () => (await reminders(plain)).length).toBe(1);
    const [reminder] = await reminders(plain);
    expect(reminder!.text).toMatch(
      /^DEMO[^\n]*\nReminder · Action open: [^\n]* until [^\n]* · UA 51\/00\nInvented case 51\n/,
    );
    expect(reminder!.date).toBeGreaterThanOrEqual(minuteBefore);
    // By then every chat's hours have passed, and the cron trigger has found
    // the same deadline again.
    for (let part = 0; part < 3; part++) await worker.timePasses(8 * HOUR_MS);
    for (const chat of [quiet, urgent, digest])
      await expect.poll(async () => (await reminders(chat)).length).toBe(1);
    const heard = [plain, quiet, urgent, digest, unreminded, everything].map(
      async (chat) => [
        (await updates(chat)).filter(({ text }) => text.includes("UA 51/00"))
          .length,
        (await reminders(chat)).length,
      ],
    );
    expect(await Promise.all(heard)).toEqual([
      [2, 1],
      [1, 1],
      [1, 1],
      [1, 1],
      [2, 0],
      [2, 0],
    ]);
  });
}
