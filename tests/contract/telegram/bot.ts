/** The bot on the real runtime, with a Telegram that nobody here wrote in a process of its own, and who speaks with it. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWorker, type TestWorker } from "../../harness.ts";
import { inventedCase } from "../../invented.ts";
import { type Chat, type ChatMessage, freePort, spawnStandIn } from "../../stand-in-process.ts";

/** One of each for all scenarios: they wait for their moments together. */
export let worker: TestWorker;
export let telegram: Awaited<ReturnType<typeof spawnStandIn>>;
let state: string;

/** Every id holds these digits, which are looked for in what is stored. */
export const DIGITS = "7301928";
let next = Number(`${DIGITS}000`);

/** Each test speaks in a chat of its own. */
export const newChat = (language = "en") => telegram.chat(next++, language);
export const newGroup = () => telegram.chat(-1_000_000_000_000 - next++);
/** Somebody who has no chat with the bot. */
export const newUser = () => next++;

/** The cases of each scenario, so that none changes another's. */
export const cases = {
  followed: [1, 2, 3, 4, 5, 6, 7, 8],
  /** With a letter; number 15 stands under a place of its own. */
  inPlaces: [11, 12, 13, 14, 15, 16, 17],
  shared: [31, 32, 33, 34, 35],
  /** So that one page does not hold all. */
  more: [101, 102, 103, 104, 105, 106],
};

export const letter = "Dear Invented Minister,\nplease invent something better.\nYours,";

export function withLetter(number: number, changes: Record<string, unknown> = {}) {
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
    places: number === 15 ? [{ name: { en: "Invented Place" }, iso3166: "ZZ-1", source: "first" }] : [],
    ...changes,
  });
}

export async function open(): Promise<void> {
  state = await mkdtemp(join(tmpdir(), "casewire-telegram-"));
  const port = await freePort();
  worker = await startWorker({ telegram: { apiRoot: `http://127.0.0.1:${port}` }, persistTo: state });
  telegram = await spawnStandIn({
    port,
    botToken: worker.env.BOT_TOKEN!,
    webhookUrl: `${worker.url}/telegram`,
    webhookSecret: worker.env.WEBHOOK_SECRET!,
  });
  const first = await Promise.all([
    ...cases.inPlaces.map((number) => worker.publish(withLetter(number))),
    ...cases.shared.map((number) =>
      worker.publish(
        inventedCase(number, number === 34 ? { title: { en: "Invented case 34", uk: "Вигадана Кукувіна" } } : {}),
      ),
    ),
    ...cases.more.map((number) => worker.publish(inventedCase(number))),
  ]);
  // Newest, so that they head the list.
  first.push(...(await Promise.all(cases.followed.map((number) => worker.publish(inventedCase(number))))));
  await Promise.all(first.map((published) => worker.untilLive(published)));
}

export async function close(): Promise<void> {
  await telegram?.close();
  await worker?.close();
  if (state) await rm(state, { recursive: true, force: true });
}

/** What stands in the storage's files. */
export async function stored(): Promise<Buffer[]> {
  const files = (await readdir(state, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))));
}

/** What a message marks in a way: "bold", "pre". */
export const marked = (message: ChatMessage, type: string) =>
  message.entities
    .filter((entity) => entity.type === type)
    .map(({ offset, length }) => message.text.slice(offset, offset + length));

export const buttons = (message: ChatMessage) => message.keyboard.flat();

export const told = (all: ChatMessage[]) => all.filter(({ text }) => text.includes("This case was updated"));

export async function follow(chat: Chat, number: string) {
  await chat.ask(`/follow ${number}`);
  await chat.press(`I understand: follow UA ${number}`);
  await chat.until((all) => all.some(({ text }) => text.startsWith("You follow")));
}

/** One of Telegram's refusals, as an answer for `telegram.faults`. */
export const fault = (status: number, description: string, parameters?: object) => ({
  status,
  body: { ok: false, error_code: status, description, parameters },
});

/**
 * How long Telegram asked everybody to wait between two instants, in milliseconds: a scenario's 429 is every other's too.
 * @param from milliseconds since the epoch
 */
export async function pausedBetween(from: number, to: number): Promise<number> {
  const pauses = (await telegram.calls()).filter(({ answered }) => answered === 429).map(({ at }) => at);
  let paused = 0;
  for (let end = from, index = 0; index < pauses.length; index++) {
    const [begins, ends] = [Math.max(end, pauses[index]!), Math.min(to, pauses[index]! + 1_000)];
    paused += Math.max(0, ends - begins);
    end = Math.max(end, ends);
  }
  return paused;
}
