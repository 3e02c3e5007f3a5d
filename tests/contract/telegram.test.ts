/** The bot on the real runtime, with a Telegram stand-in that nobody here wrote in a process of its own. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorker, type TestWorker } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { type Chat, type ChatMessage, freePort, spawnStandIn } from "../stand-in-process.ts";

let worker: TestWorker;
let telegram: Awaited<ReturnType<typeof spawnStandIn>>;
let state: string;

/** Each test speaks in a chat of its own. */
let nextChat = 7301928400;
const newChat = (language = "en") => telegram.chat(nextChat++, language);

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), "casewire-telegram-"));
  const port = await freePort();
  worker = await startWorker({ telegram: { apiRoot: `http://127.0.0.1:${port}` }, persistTo: state });
  telegram = await spawnStandIn({
    port,
    botToken: worker.env.BOT_TOKEN!,
    webhookUrl: `${worker.url}/telegram`,
    webhookSecret: worker.env.WEBHOOK_SECRET!,
  });
  const first = await Promise.all([1, 2, 3, 4, 5].map((number) => worker.publish(inventedCase(number))));
  await Promise.all(first.map((published) => worker.untilLive(published)));
});

afterAll(async () => {
  await telegram?.close();
  await worker?.close();
  if (state) await rm(state, { recursive: true, force: true });
});

const deliver = (body: unknown, secret: string | null = worker.env.WEBHOOK_SECRET!) =>
  fetch(`${worker.url}/telegram`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(secret === null ? {} : { "X-Telegram-Bot-Api-Secret-Token": secret }),
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

const said = (updateId: number, chat: number, text: string) => ({
  update_id: updateId,
  message: {
    message_id: 1,
    date: 1,
    chat: { id: chat, type: "private", first_name: "Invented Reader" },
    from: { id: chat, is_bot: false, first_name: "Invented Reader", language_code: "en" },
    text,
    entities: text.startsWith("/") ? [{ type: "bot_command", offset: 0, length: text.split(" ")[0]!.length }] : [],
  },
});

const marked = (message: ChatMessage, type: string) =>
  message.entities
    .filter((entity) => entity.type === type)
    .map(({ offset, length }) => message.text.slice(offset, offset + length));

async function follow(chat: Chat, number: string) {
  await chat.ask(`/follow ${number}`);
  await chat.press(`I understand: follow UA ${number}`);
  await chat.until((all) => all.some(({ text }) => text.startsWith("You follow")));
}

const outbox = async () => ((await (await worker.asEditor("/healthz")).json()) as { outbox: { depth: number } }).outbox;

describe("the webhook", () => {
  it("refuses a missing or wrong secret before anything else", async () => {
    const before = (await telegram.calls()).length;
    for (const secret of [null, "", "wrong", `${worker.env.WEBHOOK_SECRET}x`])
      expect((await deliver(said(1, 5, "/help"), secret)).status).toBe(401);
    expect((await deliver("not json", "wrong")).status).toBe(401);
    expect((await telegram.calls()).length).toBe(before);
  });

  it("refuses what is no update, or too large", async () => {
    expect((await deliver("not json")).status).toBe(400);
    expect((await deliver({ message: {} })).status).toBe(400);
    expect((await deliver(said(2, 5, "x".repeat(200_000)))).status).toBe(413);
  });

  it("keeps its answers out of every cache", async () => {
    const answer = await deliver({ update_id: 3 });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Cache-Control")).toBe("private, no-store");
  });

  it("does nothing twice for an update that comes again", async () => {
    const chat = nextChat++;
    const update = said(900_001, chat, "/help");
    const together = await Promise.all([deliver(update), deliver(update)]);
    expect(together.map(({ status }) => status).sort()).toEqual(expect.arrayContaining([200]));
    for (let again = 0; again < 3; again++) expect((await deliver(update)).status).toBe(200);
    expect((await telegram.calls()).filter((call) => call.chat === String(chat))).toHaveLength(1);
  });

  it("answers 200 when Telegram refuses the reply, so that the chat is not blocked", async () => {
    const chat = nextChat++;
    await telegram.faults("sendMessage", chat, [
      { status: 403, body: { ok: false, error_code: 403, description: "Forbidden" } },
    ]);
    expect((await deliver(said(900_002, chat, "/help"))).status).toBe(200);
  });
});

describe("the commands", () => {
  it("greets, lists, explains", async () => {
    const chat = newChat();
    expect((await chat.ask("/start")).text).toContain("/privacy");
    const list = await chat.ask("/cases");
    expect(list.text).toContain("UA 1/00 · Invented case 1\nDEMO");
    expect(list.text).toContain("Facts as of 2 January 2000");
    expect(list.keyboard.flat().map(({ text }) => text)).toContain("UA 2/00");
    expect((await chat.ask("/help")).text).toContain("contact@casewire.invalid");
    expect((await chat.ask("/privacy")).text).toMatch(/encrypted[\s\S]*two days[\s\S]*occupies[\s\S]*\/forget/);
    expect((await chat.ask("/case")).text).toContain("Which case?");
    expect((await chat.ask("/follow")).text).toContain("Follow what?");
    expect((await chat.ask("/following")).text).toBe("You follow nothing in this chat.");
    expect((await chat.ask("/nonsense")).text).toContain("Not understood");
  });

  it.each(["/start ua-2-00", "/case 2/00", "/case UA 2/00", "/case ua-2-00", "2/00", "UA 2/00", "Invented case 2"])(
    "%s shows the case whole",
    async (text) => {
      const card = await newChat().ask(text);
      expect(card.text).toContain("DEMO: an invented case");
      expect(card.text).toContain("UA 2/00 · Invented Issuer");
      expect(marked(card, "bold")).toEqual(
        expect.arrayContaining([
          "Invented case 2",
          "Facts as of",
          "Invented Person One",
          "Action open: appeals are asked for until 31 December 2099",
        ]),
      );
      expect(card.text).toContain("• Was held before trial");
      expect(card.text).toMatch(/Update 1 · Published here \d+ \w+ \d{4}, \d\d:\d\d UTC/);
      expect(card.entities).toContainEqual(
        expect.objectContaining({ type: "text_link", url: "https://casewire.test/cases/ua-2-00?lang=en" }),
      );
      expect(card.text).toContain("contact@casewire.invalid");
      expect(card.keyboard.flat().map(({ text }) => text)).toEqual([
        "Follow",
        "Refresh",
        "Write an appeal",
        "Open the case",
        "Language",
      ]);
    },
  );

  it("lists what a name fits, and says when there is nothing", async () => {
    const chat = newChat();
    expect((await chat.ask("inventid")).text).toContain("Several cases match");
    expect((await chat.ask("Nobody Atall")).text).toContain("Nothing found");
    expect((await chat.ask("/case 999/99")).text).toContain("There is no case ua-999-99 here.");
  });

  it("speaks the language of the user's Telegram, then the one chosen", async () => {
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

  it("answers in the topic it was asked in", async () => {
    const group = -1007301928;
    await telegram.post("/chat/send", { chat: group, topic: 77, text: "/case 2/00" });
    const [card] = await telegram.chat(group).until((all) => all.length === 1);
    expect(card!.topic).toBe(77);
  });
});

// Each on a case of its own, so that they wait for their moments together.
describe.concurrent("following", () => {
  it("warns first, then tells what changed with the card, once, at the moment", async () => {
    const chat = newChat();
    await chat.ask("1/00");
    await chat.press("Follow");
    const warning = (await chat.until((all) => all.at(-1)!.text.startsWith("Before you follow"))).at(-1)!;
    expect(warning.text).toMatch(/occupies[\s\S]*punishable[\s\S]*\/forget/);
    expect((await chat.ask("/following")).text).toContain("You follow nothing");
    await chat.press("I understand: follow UA 1/00");
    await chat.until((all) => all.some(({ text }) => text.startsWith("You follow UA 1/00")));
    expect((await chat.ask("/follow 1/00")).text).toBe("You already follow UA 1/00");
    expect((await chat.ask("/following")).text).toContain("UA 1/00");

    // Unnotified revisions ring no phone; the next one tells of what it changed itself.
    const quiet = await worker.publish(inventedCase(1), { notify: "none", note: { en: "A comma." } });
    await worker.untilLive(quiet);
    const published = await worker.publish(inventedCase(1, { asOf: { date: "2000-02-03" } }), {
      kind: "correction",
      notify: "silent",
      note: { en: "The day was mended; ask @somebody or /start." },
    });
    const [update, ...more] = (
      await chat.until((all) => all.some(({ text }) => text.startsWith("This case was updated")))
    ).filter(({ text }) => text.startsWith("This case was updated"));
    expect(more).toEqual([]);
    expect(update!.date).toBeGreaterThanOrEqual(Date.parse(published.liveAt));
    // Another test's 429 pauses every lane for a second.
    expect(update!.date).toBeLessThan(Date.parse(published.liveAt) + 2_000);
    expect(update!.silent).toBe(true);
    expect(update!.text).toMatch(
      /^This case was updated: UA 1\/00 · Correction \(revision 3\)\n\nWhat changed\nThe day was mended; ask @\u2060somebody or \/\u2060start\.\n• Facts now as of 3 February 2000\n[\s\S]*Facts as of 3 February 2000/,
    );
    expect(update!.keyboard.flat().map(({ text }) => text)).toContain("Stop following");
    await chat.press("Stop following");
    await chat.until((all) =>
      all
        .at(-1)!
        .keyboard.flat()
        .some(({ text }) => text === "Follow"),
    );
    expect((await chat.ask("/following")).text).toContain("You follow nothing");
    expect((await chat.ask("/unfollow 1/00")).text).toBe("You did not follow UA 1/00");
  });

  it("tells every follower once though Telegram refuses, stalls and loses answers; a blocked chat is let go", async () => {
    const chats = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const chat = newChat();
        await follow(chat, "2/00");
        return chat;
      }),
    );
    const fault = (code: number, description: string, parameters?: object) => ({
      status: code,
      body: { ok: false, error_code: code, description, parameters },
    });
    await telegram.faults("sendMessage", chats[1]!.id, [
      fault(429, "Too Many Requests: retry after 1", { retry_after: 1 }),
    ]);
    await telegram.faults("sendMessage", chats[2]!.id, [fault(500, "Internal Server Error")]);
    await telegram.faults("sendMessage", chats[3]!.id, [fault(403, "Forbidden: bot was blocked by the user")]);
    await worker.untilLive(await worker.publish(inventedCase(2, { asOf: { date: "2000-03-04" } }), { notify: "loud" }));
    const told = (all: ChatMessage[]) => all.filter(({ text }) => text.startsWith("This case was updated"));
    for (const chat of chats.slice(0, 3)) expect(told(await chat.until((all) => told(all).length > 0))).toHaveLength(1);
    const [plain, , error, blocked] = chats;
    expect(told(await plain!.messages())[0]!.silent).toBe(false);
    expect(told(await error!.messages())[0]!.silent).toBe(true);
    expect(told(await blocked!.messages())).toEqual([]);
    expect((await blocked!.ask("/following")).text).toContain("You follow nothing");
  });

  it("edits a reply that was in flight at the moment", async () => {
    const chat = newChat();
    const published = await worker.publish(inventedCase(3, { asOf: { date: "2000-05-06" } }));
    await new Promise((resolve) => setTimeout(resolve, Date.parse(published.liveAt) - Date.now() - 300));
    await telegram.faults("sendMessage", chat.id, [{ delay: 600 }]);
    await chat.say("3/00");
    const shown = await chat.until((all) => all.some(({ text }) => text.includes("6 May 2000")));
    expect(shown).toHaveLength(1);
    expect(shown[0]!.edited).toBe(true);
  });

  it("tells that a case was withdrawn, and ends the follow", async () => {
    const chat = newChat();
    await follow(chat, "4/00");
    const answer = await worker.asEditor("/v1/cases/ua-4-00?reason=consent", { method: "DELETE" });
    expect(answer.status).toBe(200);
    await chat.until((all) => all.some(({ text }) => text.startsWith("This case was withdrawn")));
    expect((await chat.ask("4/00")).text).toContain("This case was withdrawn");
    expect((await chat.ask("/following")).text).toContain("You follow nothing");
  });

  it("forgets at once, and holds no chat id in its files", async () => {
    const chat = newChat();
    await follow(chat, "5/00");
    const published = await worker.publish(inventedCase(5, { asOf: { date: "2000-07-08" } }), { notify: "loud" });
    const files = (await readdir(state, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const bytes = await readFile(join(file.parentPath, file.name));
      expect(bytes.includes("73019284")).toBe(false);
    }
    expect((await chat.ask("/forget")).text).toContain("Deleted: 1 subscription, 0 waiting updates");
    await worker.untilLive(published);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await chat.messages()).some(({ text }) => text.startsWith("This case was updated"))).toBe(false);
    expect((await chat.ask("/forget")).text).toContain("Deleted: 0 subscriptions");
  });
});

it("keeps nothing about a chat that blocked the bot", async () => {
  const chat = newChat();
  await follow(chat, "1/00");
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

it("leaves nothing waiting", async () => {
  expect(await outbox()).toMatchObject({ depth: 0, parked: 0, running: true });
});
