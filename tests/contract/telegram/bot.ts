/**
 * Setup of the bot's scenarios: a Worker on the real runtime, a third-party
 * Telegram stand-in in its own process, and its users.
 */
import { startWorker, type TestWorker } from "../../support/harness.ts";
import { inventedCase } from "../../support/invented.ts";
import {
  type Chat,
  type ChatMessage,
  type StandInProcess,
  spawnStandIn,
} from "../../support/stand-in-process.ts";
import { placesOf } from "../../support/stored-files.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/**
 * Shared by all scenarios, so that they wait for their moments concurrently.
 */
export let worker: TestWorker;
export let telegram: StandInProcess;
const state = temporaryFolder();

/**
 * Every id contains these digits, so that tests can search the storage for
 * them.
 */
export const DIGITS = "7301928";
let next = Number(`${DIGITS}000`);

/** Each test uses its own chat. */
export const newChat = (language = "en") => telegram.chat(next++, language);
/** A group that is no supergroup. */
export const newBasicGroup = () => telegram.chat(-next++);
export const newGroup = () => telegram.chat(-1_000_000_000_000 - next++);
/** A user without a chat with the bot. */
export const newUser = () => next++;

/**
 * Numbers of the cases of each scenario. No scenario changes another's cases.
 */
export const cases = {
  followed: [1, 2, 3, 4, 5, 6, 7, 8],
  /** Number 15 has its own country. */
  inPlaces: [11, 12, 13, 15],
  shared: [31, 32, 33, 34, 35],
  translated: [41],
  /** Enough cases to need a second page. */
  more: [101, 102, 103, 104, 105, 106],
};

/** A case in places, with an action that can be taken part in. */
export const inPlaces = (
  number: number,
  changes: Record<string, unknown> = {},
) =>
  inventedCase(number, {
    places:
      number === 15
        ? [{ name: { en: "Invented Place" }, iso3166: "ZZ-1", source: "first" }]
        : [],
    ...changes,
  });

export async function open(): Promise<void> {
  worker = await startWorker({ persistTo: state, clock: true });
  telegram = await spawnStandIn(worker);
  const first = await Promise.all([
    ...cases.inPlaces.map((number) => worker.publish(inPlaces(number))),
    ...cases.shared.map((number) =>
      worker.publish(
        inventedCase(
          number,
          number === 34
            ? { title: { en: "Invented case 34", uk: "Вигадана Кукувіна" } }
            : {},
        ),
      ),
    ),
    ...cases.translated.map((number) => worker.publish(inventedCase(number))),
    ...cases.more.map((number) => worker.publish(inventedCase(number))),
  ]);
  // Published last, so that they come first in the list.
  first.push(
    ...(await Promise.all(
      cases.followed.map((number) => worker.publish(inventedCase(number))),
    )),
  );
  await Promise.all(first.map((published) => worker.untilLive(published)));
}

export async function close(): Promise<void> {
  await telegram?.close();
  await worker?.close();
}

/** Returns where a text occurs in the storage, with what surrounds it. */
export const stored = (text: string) => placesOf(text, state);

export const buttons = (message: ChatMessage) => message.keyboard.flat();

/** Waits until the newest message has that button. */
export const offers = (chat: Chat, button: string) =>
  chat.until((all) => buttons(all.at(-1)!).some(({ text }) => text === button));

/**
 * The headline of an update of an invented case, also after a correction has
 * marked it.
 */
export const UPDATE = /^(?!Reminder)[^\n]* · UA \d+\/00\n/m;

export const updatesIn = (all: ChatMessage[]) =>
  all.filter(({ text }) => UPDATE.test(text));

export async function follow(chat: Chat, number: string) {
  await chat.ask(`/follow ${number}`);
  await chat.press(`I understand: follow UA ${number}`);
  await chat.until((all) =>
    all.some(({ text }) => text.startsWith("You follow")),
  );
}

/** Builds one of Telegram's errors, as an answer for `telegram.faults`. */
export const fault = (
  status: number,
  description: string,
  parameters?: object,
) => ({
  status,
  body: { ok: false, error_code: status, description, parameters },
});
