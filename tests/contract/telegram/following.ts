/**
 * Following from start to end: follow, receive one update at the moment,
 * unfollow, forget.
 */
import { expect, it } from "vitest";
import { addresses, paths } from "../../../shared/addresses.ts";
import { locales, localeTags } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import { inventedCase } from "../../support/invented.ts";
import { pause } from "../../support/waiting.ts";
import { runShell } from "../casewire-cli.ts";
import {
  DIGITS,
  fault,
  follow,
  newChat,
  offers,
  stored,
  telegram,
  UPDATE,
  updatesIn,
  worker,
} from "./bot.ts";

/** A machine that needs longer for eight previews has another trouble. */
const MAX_LEAD_MS = 60_000;

export function following(): void {
  it("starts with a warning, and brings each change once at its moment", async () => {
    const chat = newChat();
    await chat.ask("1/00");
    await chat.press("Follow");
    const warning = (
      await chat.until((all) =>
        all.at(-1)!.text.startsWith("Before you follow"),
      )
    ).at(-1)!;
    expect(warning.text).toMatch(/occupies[\s\S]*punishable[\s\S]*\/forget/);
    expect((await chat.ask("/following")).text).toContain("You follow nothing");
    await chat.press("I understand: follow UA 1/00");
    await chat.until((all) =>
      all.some(({ text }) => text.startsWith("You follow UA 1/00")),
    );
    expect((await chat.ask("/follow 1/00")).text).toBe(
      "You already follow UA 1/00",
    );
    expect((await chat.ask("/following")).text).toContain("UA 1/00");

    // A revision published with `notify: "none"` sends nothing. The next
    // message lists only its own changes.
    const quiet = await worker.publish(inventedCase(1), {
      notify: "none",
      note: { en: "A comma." },
    });
    await worker.untilLive(quiet);
    const published = await worker.publish(
      inventedCase(1, { asOf: { date: "2000-02-03" } }),
      {
        kind: "correction",
        notify: "silent",
        note: { en: "The day was mended; ask @somebody or /start." },
      },
    );
    const [update, ...more] = (
      await chat.until((all) => all.some(({ text }) => UPDATE.test(text)))
    ).filter(({ text }) => UPDATE.test(text));
    expect(more).toEqual([]);
    expect(update!.date).toBeGreaterThanOrEqual(Date.parse(published.liveAt));
    expect(update!.silent).toBe(true);
    expect(update!.text).toMatch(
      /^DEMO[^\n]*\nCorrection · The day was mended; ask @\u2060somebody or \/\u2060start\. · UA 1\/00\nFacts as of 3 February 2000 · As stated by Invented Issuer\nInvented case 1\n\nFacts as of 3 February 2000/,
    );
    expect(update!.keyboard.flat().map(({ text }) => text)).toContain(
      "Stop following",
    );
    await chat.press("Stop following");
    await offers(chat, "Follow");
    expect((await chat.ask("/following")).text).toContain("You follow nothing");
    expect((await chat.ask("/unfollow 1/00")).text).toBe(
      "You do not follow UA 1/00",
    );
  });

  it("brings exactly what the desk's preview showed, in each language and on each surface", async () => {
    const chats = await Promise.all(
      (["en", "uk", "ar"] as const).map(async (lang) => {
        const chat = newChat();
        await follow(chat, "8/00");
        if (lang !== "en") await chat.ask(`/language ${locales[lang].name}`);
        return { lang, chat };
      }),
    );
    const id = "ua-8-00";
    const base = { number: 1, case: inventedCase(8) };
    const next = inventedCase(8, {
      people: [
        {
          ...base.case.people[0],
          custody: { ...base.case.people[0]?.custody, value: "released" },
        },
      ],
      summary: {
        en: "Invented Person One was released.",
        ar: "أُفرج عن شخص مخترع.",
      },
    });
    const note = {
      en: "  Invented Person One is free. ",
      uk: "Вигадана особа на волі.",
    };
    const previewsOf = (liveAt: string) =>
      Promise.all(
        localeTags.map(async (lang) => ({
          lang,
          preview: await worker.editor.preview({
            body: { base, case: next, note, liveAt, lang },
          }),
        })),
      );
    // A slow machine, whose moment passes before the publish arrives, gets a
    // later one.
    const publishAsPreviewed = async (
      leadMs: number,
    ): Promise<Awaited<ReturnType<typeof previewsOf>>> => {
      const liveAt = new Date(Date.now() + leadMs).toISOString();
      const previews = await previewsOf(liveAt);
      try {
        const published = { note, liveAt, notify: "loud" } as const;
        await worker.untilLive(await worker.publish(next, published));
        return previews;
      } catch (error) {
        if (leadMs > MAX_LEAD_MS) throw error;
        return publishAsPreviewed(leadMs * 2);
      }
    };
    const previews = await publishAsPreviewed(12_000);
    const read = async (path: string) =>
      (await (await fetch(worker.url + path)).json()) as any;
    for (const { lang, preview } of previews)
      expect(preview.view, lang).toEqual(await read(addresses.view(id, lang)));
    for (const { lang, chat } of chats) {
      const { text, entities, keyboard } = (
        await chat.until((all) => all.at(-1)!.text.includes(" · UA 8/00\n"))
      ).at(-1)!;
      const buttons = keyboard.map((row) =>
        row.map(({ callback_data: _, ...button }) => button),
      );
      expect(
        previews.find((one) => one.lang === lang)?.preview.telegram,
      ).toEqual({ text, entities, buttons });
    }
  });

  it("says that a translation is outdated, on every surface and to editors, until a person confirms it", async () => {
    const id = "ua-41-00";
    const chat = newChat("uk");
    await chat.ask("/follow 41/00");
    await chat.press(
      message("uk", "bot.safety.follow", { number: "UA 41/00" }),
    );
    await chat.until((all) =>
      all.some(({ text }) => text.startsWith("Ви підписалися")),
    );
    const read = async (path: string) =>
      (await fetch(worker.url + path)).text();
    const view = async () => JSON.parse(await read(addresses.view(id, "uk")));
    const outdated = async () =>
      (await worker.editor.listDeskCases()).cases.find((one) => one.id === id)
        ?.outdated;
    expect((await view()).title).toEqual({ text: "Вигадана справа 41" });
    expect(await outdated()).toBe(0);

    // As an editor does it: what was read, with another title in the case's own
    // language.
    const { case: standing } = await worker.editor.readDeskCase({ id });
    const changed = {
      ...standing!,
      title: {
        ...standing!.title,
        en: "Invented case forty-one, with a new title",
      },
    };
    await worker.untilLive(await worker.publish(changed, { notify: "loud" }));
    const mark = "переклад застарів";
    expect(await view()).toMatchObject({
      title: { text: "Вигадана справа 41", outdated: mark },
    });
    expect((await view()).notes.join()).toContain("Мова оригіналу: англійська");
    for (const surface of [
      addresses.page(id, "uk"),
      addresses.embed(id, "uk"),
      addresses.front("uk"),
      addresses.feed("json", id, "uk"),
      addresses.feed("atom", id, "uk"),
      `${paths.cases}?lang=uk&q=41/00`,
      `${paths.oembed}?url=${encodeURIComponent(`https://casewire.test${addresses.page(id, "uk")}`)}`,
    ])
      expect(await read(surface), surface).toContain(mark);
    expect(await read(addresses.page(id, "en"))).not.toContain(
      "translation outdated",
    );
    const update = (
      await chat.until((all) => all.at(-1)!.text.includes(" · UA 41/00\n"))
    ).at(-1)!;
    expect(update.text).toContain(`Вигадана справа 41 [${mark}]`);
    expect(update.text).toContain("«Переклад застарів»");
    expect(await outdated()).toBe(1);

    const confirmed = {
      ...changed,
      title: { ...changed.title, uk: "Вигадана справа 41" },
    };
    await worker.untilLive(await worker.publish(confirmed));
    expect((await view()).title).toEqual({ text: "Вигадана справа 41" });
    expect(await outdated()).toBe(0);
  });

  it("parks what Telegram refuses for an unknown reason, and npm run deliveries lists it and sends it again", async ({
    expect,
  }) => {
    const chat = newChat();
    await follow(chat, "7/00");
    await telegram.faults("sendMessage", chat.id, [
      fault(400, "Bad Request: not foreseen"),
    ]);
    await worker.untilLive(
      await worker.publish(inventedCase(7, { asOf: { date: "2000-03-04" } }), {
        notify: "loud",
      }),
    );
    const deliveries = async (...args: string[]) =>
      (await runShell(["deliveries", ...args], { on: worker })).out;
    await expect
      .poll(() => deliveries())
      .toMatch(
        /parked: 1 of ua-7-00, revision 2: 400 Bad Request: not foreseen/,
      );
    expect(await deliveries("--retry")).toContain("retried: 1");
    await chat.until((all) => all.some(({ text }) => UPDATE.test(text)));
    expect(await deliveries()).toContain("parked: none");
  });

  it("marks an earlier post after a correction, and empties it when the case is withdrawn, which ends the follow", async ({
    expect,
  }) => {
    const chat = newChat();
    await follow(chat, "4/00");
    await worker.untilLive(
      await worker.publish(inventedCase(4, { asOf: { date: "2000-03-04" } }), {
        notify: "loud",
      }),
    );
    const [first] = (
      await chat.until((all) => updatesIn(all).length === 1)
    ).filter(({ text }) => UPDATE.test(text));
    const shown = async () =>
      (await chat.messages()).find(({ id }) => id === first!.id)!;
    await worker.publish(inventedCase(4, { asOf: { date: "2000-03-05" } }), {
      kind: "correction",
      notify: "loud",
    });
    const why = message("en", "bot.post.corrected.why");
    await chat.until((all) =>
      all.some(({ id, text }) => id === first!.id && text.includes(why)),
    );
    const corrected = await shown();
    expect(corrected.text).toMatch(
      /^DEMO[^\n]*\nCorrected · A test's revision · UA 4\/00\n/,
    );
    expect(corrected.text).toContain("5 March 2000");
    expect(corrected.text).not.toContain("4 March 2000");
    await worker.withdraw("ua-4-00");
    await chat.until((all) =>
      all.some(
        ({ id, text }) =>
          id === first!.id && /^We no longer show this case/.test(text),
      ),
    );
    const all = await chat.until((every) =>
      every.every(({ text }) => !UPDATE.test(text)),
    );
    expect(
      all.filter(({ text }) => /Invented Person|Invented case 4/.test(text)),
    ).toEqual([]);
    await chat.until((all) =>
      all.some(({ text }) =>
        text.startsWith("We no longer show this case: UA 4/00\n"),
      ),
    );
    expect((await chat.ask("4/00")).text).toContain(
      "We no longer show this case",
    );
    // The follow ends after the last message of the case has left.
    await expect
      .poll(async () => (await chat.ask("/following")).text)
      .toContain("You follow nothing");
  });

  it("ends at once with /forget, and leaves no chat id in the files", async ({
    expect,
  }) => {
    const chat = newChat();
    await follow(chat, "5/00");
    // The storage is read, and has the case.
    expect(await stored("Invented case 5")).not.toEqual([]);
    expect(await stored(DIGITS)).toEqual([]);
    // Late enough for a busy machine to forget the chat before.
    const liveAt = new Date(Date.now() + 12_000).toISOString();
    const fields = inventedCase(5, { asOf: { date: "2000-07-08" } });
    const published = await worker.publish(fields, { notify: "loud", liveAt });
    expect((await chat.ask("/forget")).text).toContain(
      "Deleted: 1 subscription. An update",
    );
    await worker.untilLive(published);
    await pause(
      500,
      "A message to a chat that is forgotten would be sent within half a second of the moment.",
    );
    expect((await chat.messages()).some(({ text }) => UPDATE.test(text))).toBe(
      false,
    );
    const forgotten = await chat.ask("/forget");
    expect(forgotten.text).toMatch(
      /^Nothing was stored about this chat here\n/,
    );
    await chat.press("Delete recent messages here");
    // All chats share one sequence of ids, and messages far below the answer
    // are left.
    const inReach = async () =>
      (await chat.messages())
        .filter(({ id }) => id > forgotten.id - 300)
        .map(({ id, text }) => `${id} ${text}`);
    await expect.poll(inReach).toEqual([]);
    expect((await chat.notices()).at(-1)?.text).toContain("last 48 hours");
  });

  it("ends when a chat blocks the bot, and nothing about the chat is stored", async () => {
    const chat = newChat();
    await follow(chat, "6/00");
    const member = { user: { id: 4242, is_bot: true, first_name: "Casewire" } };
    await telegram.post("/chat/update", {
      update: {
        my_chat_member: {
          chat: { id: chat.id, type: "private", first_name: "Invented Reader" },
          from: { id: chat.id, is_bot: false, first_name: "Invented Reader" },
          date: 1,
          old_chat_member: { ...member, status: "member" },
          new_chat_member: { ...member, status: "kicked", until_date: 0 },
        },
      },
    });
    expect((await chat.ask("/following")).text).toContain("You follow nothing");
  });
}
