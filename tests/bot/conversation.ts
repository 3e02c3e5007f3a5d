/**
 * The bot, its Dispatcher and a Ledger, with a Bot API that only records: for
 * whole conversations without a Worker.
 */
import type { InlineKeyboardButton, Update } from "grammy/types";
import { expect, vi } from "vitest";
import { createBot } from "../../bot/bot.ts";
import type { Case } from "../../shared/case/schema.ts";
import { Dispatcher } from "../../worker/objects/dispatcher/dispatcher.ts";
import { Ledger } from "../../worker/objects/ledger/ledger.ts";
import { standInBot } from "../../worker/tools/local/stand-in.ts";
import { hostPorts, settingsOf } from "../../worker/web/telegram/webhook.ts";
import { MemoryState } from "../memory/runtime.ts";
import { confirmed } from "../support/confirming.ts";
import {
  inventedCase,
  inventedPerson,
  minister,
  publishOf,
  stated,
} from "../support/invented.ts";
import { askAt, objectThat } from "../support/object-that.ts";
import { workerBindings } from "../support/worker-bindings.ts";

const PUBLISHED = Date.parse("2000-01-03T00:00:00Z");
const NOW = Date.parse("2000-02-01T12:00:00Z");

type Payload = any;

export interface Call {
  method: string;
  payload: Payload;
  /** The message that it answers. */
  asked?: Payload;
}

/** A case in Crimea, with a person of its own. */
const inCrimea = inventedCase(2, {
  title: { en: "Invented case 2", uk: "Вигадана справа 2" },
  places: [
    { name: { en: "Invented Place" }, iso3166: "UA-43", source: "first" },
  ],
  people: [
    inventedPerson("Vyhadana Kukuvina", {
      id: "demo-person",
      pronouns: "they/them",
      custody: stated("imprisoned"),
    }),
  ],
});

export const letter =
  "Dear Invented Minister,\nplease invent something better.\nYours,";

const withLetter = inventedCase(3, {
  action: {
    state: "active",
    request: { en: "Write to the Ministry of Invention." },
    until: "2099-12-31",
    targets: [{ ...minister, address: "1 Invented Street\nInventia" }],
    letter: { en: letter, uk: "Шановний вигаданий міністре!" },
  },
});

/** As over a connection, every method answers later. */
const remote = (object: object) =>
  objectThat(async (method, given) => askAt(object, method, given));

/** Opens a bot that knows the given cases. */
async function openBot(cases: Case[]) {
  const calls: Call[] = [];
  const admins: { user: { id: number; is_bot: boolean }; status: string }[] =
    [];
  /** Methods and chats that are refused once with 400. */
  const refused: ((call: Call) => boolean)[] = [];
  const env = {
    ...{
      ...workerBindings,
      BOT_INFO: JSON.stringify(standInBot),
      VERSION: { id: "tests" },
    },
    LEDGER: { getByName: () => remote(ledger) },
    DISPATCHER: { getByName: () => remote(dispatcher) },
    WEBHOOKS: { getByName: () => objectThat(async () => {}) },
  } as never;
  const ledger = new Ledger(new MemoryState() as never, env);
  const state = new MemoryState();
  const dispatcher = new Dispatcher(state as never, env);
  await state.opened;
  for (const fields of cases) {
    const command = publishOf(fields, { note: { en: "First publication." } });
    expect(ledger.publish(confirmed(ledger, command))).toHaveProperty("done");
  }
  vi.setSystemTime(NOW);
  const failures: string[] = [];
  const ports = {
    ...hostPorts(env, remote(dispatcher.chats) as never),
    now: Date.now,
    sleep: async () => {},
  };
  const bot = createBot(
    { ...settingsOf(env), report: (line) => failures.push(line) },
    ports,
  );
  let next = 1_000;
  bot.api.config.use(async (_, method, sent: Payload) => {
    const payload = JSON.parse(JSON.stringify(sent));
    const isRefused = refused.some((test) => test({ method, payload }));
    calls.push({ method, payload });
    if (isRefused)
      return {
        ok: false,
        error_code: 400,
        description: "Bad Request: refused by the test",
      };
    const message = {
      message_id: next++,
      date: 1,
      chat: { id: payload.chat_id, type: "private" },
    };
    const ephemeral = payload.ephemeral_message_parameters
      ? { message_id: 0, ephemeral_message_id: next++ }
      : {};
    const results: Record<string, Payload> = {
      sendMessage: { ...message, ...ephemeral },
      getChatAdministrators: admins,
      answerGuestQuery: { inline_message_id: "guest-card" },
    };
    return { ok: true, result: results[method] ?? true };
  });
  let updateId = 1;
  /** Handles an update. @returns the calls that it caused */
  async function handle(update: Omit<Update, "update_id">): Promise<Call[]> {
    const from = calls.length;
    vi.setSystemTime(Date.now() + 1);
    await bot.handleUpdate({ update_id: updateId++, ...update } as Update);
    return calls.slice(from);
  }
  return {
    calls,
    admins,
    refused,
    failures,
    followers: ports.followers,
    cards: ports.cards,
    /** A code that links a group to the desk. */
    deskCode: () =>
      dispatcher.deskChats.newCode({ editor: "local", passkey: null }).code,
    handle,
  };
}

type TestBot = Awaited<ReturnType<typeof openBot>>;

/** The bot of a test file, which knows three cases. */
export let bot: TestBot;
export async function open() {
  vi.useFakeTimers({ now: PUBLISHED, toFake: ["Date"] });
  bot = await openBot([inventedCase(1), inCrimea, withLetter]);
  return () => void vi.useRealTimers();
}

/** The chat of the newest reader. */
export let chat = 100;
export const reader = (language = "en") =>
  personIn({ chat: ++chat, user: chat, language });

/** A person in a private chat or a group. */
export function personIn({
  chat = 77,
  user = 77,
  language = "en",
  topic = 0,
} = {}) {
  const from = {
    id: user,
    is_bot: false,
    first_name: "Invented Reader",
    language_code: language,
  };
  const kind =
    chat > 0
      ? { type: "private", first_name: "Invented Reader" }
      : { type: "supergroup", title: "Invented group" };
  const where = { id: chat, ...kind };
  const inTopic =
    topic === 0 ? {} : { message_thread_id: topic, is_topic_message: true };
  const message = (fields: object): Payload => ({
    message_id: 5,
    date: 1,
    chat: where,
    from,
    ...inTopic,
    ...fields,
  });
  const handle = async (
    update: Parameters<TestBot["handle"]>[0],
    asked: Payload,
  ) => (await bot.handle(update)).map((call) => Object.assign(call, { asked }));
  const send = (fields: object) => {
    const asked = message(fields);
    return handle({ message: asked }, asked);
  };
  return {
    send,
    say(text: string, fields: object = {}) {
      const [command = ""] = /^\/\w+/.exec(text) ?? [];
      const entities = command
        ? [{ type: "bot_command", offset: 0, length: command.length }]
        : [];
      return send({ text, entities, ...fields });
    },
    /** Lets the bot into the chat. @param before what it was there */
    letIn(before: "kicked" | "left") {
      const [old_chat_member, new_chat_member] = [before, "member"].map(
        (status) => ({ user: standInBot, status }),
      );
      return bot.handle({
        my_chat_member: {
          chat: where,
          from,
          date: 1,
          old_chat_member,
          new_chat_member,
        },
      } as never);
    },
    /** Presses the newest button whose text begins so. */
    press(text: string) {
      const shown = bot.calls
        .toReversed()
        .find(({ payload }) =>
          keysOf({ payload }).some((key) => key.text.startsWith(text)),
        );
      const key =
        shown &&
        keysOf(shown).find((candidate) => candidate.text.startsWith(text));
      if (!shown || !key || !("callback_data" in key))
        throw new Error(`no button ${text}`);
      const under = message({
        message_id: 9,
        from: standInBot,
        text: shown.payload.text,
        reply_markup: shown.payload.reply_markup,
        ...(shown.payload.reply_parameters
          ? { reply_to_message: shown.asked }
          : {}),
      });
      const query = {
        id: "1",
        from,
        chat_instance: "1",
        message: under,
        data: key.callback_data,
      };
      return handle(
        { callback_query: query } as Omit<Update, "update_id">,
        shown.asked,
      );
    },
  };
}

/** The inline buttons of a sent or edited message. */
export const keysOf = ({
  payload,
}: Pick<Call, "payload">): InlineKeyboardButton[] =>
  (payload.reply_markup?.inline_keyboard ?? []).flat();

/** The texts of the messages that were sent or edited. */
export const textsOf = (calls: Call[]): string[] =>
  calls.flatMap(({ payload }) => (payload.text ? [payload.text] : []));

/** The text of the first message. */
export const first = (calls: Call[]): string => textsOf(calls)[0] ?? "";
