/** The bot and its Dispatcher, with a Bot API that only records: for whole conversations without a Worker. */
import type { InlineKeyboardButton, Update } from "grammy/types";
import { vi } from "vitest";
import { createBot } from "../../bot/bot.ts";
import type { BotPorts } from "../../bot/context.ts";
import type { Case } from "../../shared/case/schema.ts";
import { numberOf } from "../../shared/profile/numbers.ts";
import { viewAct } from "../../shared/view/act.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import { viewCase, viewUnknown } from "../../shared/view/view.ts";
import { Dispatcher } from "../../worker/objects/dispatcher/dispatcher.ts";
import { AllCases } from "../../worker/reads/all-cases.ts";
import { summaryOf } from "../../worker/reads/summary.ts";
import { standInBot } from "../../worker/tools/local/stand-in.ts";
import { chatPorts } from "../../worker/web/telegram/chat-ports.ts";
import { type CaseReads, lookUpsOf } from "../../worker/web/telegram/look-ups.ts";
import { inventedCase, inventedPerson, inventedRevision, stated } from "../invented.ts";
import { MemoryState } from "../memory/runtime.ts";
import { askAt, objectThat } from "../object-that.ts";
import { profile } from "../profile.ts";
import { workerBindings } from "../worker-bindings.ts";

const NOW = Date.parse("2000-02-01T12:00:00Z");

type Payload = any;

export interface Call {
  method: string;
  payload: Payload;
  /** The message that it answers. */
  asked?: Payload;
}

const revision = inventedRevision({
  number: 1,
  note: { en: "First publication." },
  liveAt: "2000-01-03T00:00:07Z",
});

/** A case in Crimea, with a person of its own. */
const inCrimea = inventedCase(2, {
  title: { en: "Invented case 2", uk: "Вигадана справа 2" },
  places: [{ name: { en: "Invented Place" }, iso3166: "UA-43", source: "first" }],
  people: [
    inventedPerson("Vyhadana Kukuvina", { id: "demo-person", pronouns: "they/them", custody: stated("imprisoned") }),
  ],
});

export const letter = "Dear Invented Minister,\nplease invent something better.\nYours,";

const withLetter = inventedCase(3, {
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
});

/** Opens a bot that knows the given cases. */
async function openBot(cases: Case[]) {
  const calls: Call[] = [];
  const admins: { user: { id: number; is_bot: boolean }; status: string }[] = [];
  /** Methods and chats that are refused once with 400. */
  const refused: ((call: Call) => boolean)[] = [];
  const byId = new Map(cases.map((fields) => [fields.id, fields]));
  const summaries: CaseSummary[] = cases.map((fields) => ({
    ...summaryOf(fields),
    number: numberOf(fields.id, profile),
    revision: { number: 1, sequence: 1, kind: "update", liveAt: revision.liveAt },
  }));
  const stateOf = (id: string) => ({ state: "present", record: { case: byId.get(id), revision } });
  const ledger = {
    readings: { case: async (id: string) => ({ value: stateOf(id), validFor: 0 }) },
    audit: { proposalEvents: async () => null },
    editors: { recordHook: async () => true },
  };
  const state = new MemoryState();
  const env = { ...workerBindings, LEDGER: { getByName: () => ledger } };
  const dispatcher = new Dispatcher(state as never, env as never);
  await state.opened;
  // Over a connection every method answers later.
  const chats = objectThat(async (method, given) => askAt(dispatcher.chats, method, given));
  const failures: string[] = [];
  const all = new AllCases(summaries, [], profile);
  const copy = { value: all, expires: 0 };
  const reads: CaseReads = {
    leasedPage: async (query) => ({ copy, at: () => all.page(query, NOW) }),
    allCases: async () => copy,
    summaries: async (ids) => summaries.filter(({ id }) => ids.includes(id)),
    example: async () => all.example(),
  };
  const ports: BotPorts = {
    now: Date.now,
    sleep: async () => {},
    cases: {
      async view(id, locale) {
        const fields = byId.get(id);
        return fields ? viewCase(fields, revision, locale, NOW, profile) : viewUnknown(id, locale);
      },
      async act(id, locale, letterIn) {
        const fields = byId.get(id);
        return fields ? viewAct(fields, revision, locale, NOW, letterIn, profile) : viewUnknown(id, locale);
      },
      ...lookUpsOf((read) => read(reads), profile),
    },
    ...chatPorts(chats as never),
  };
  const bot = createBot(
    {
      token: "1:invented",
      botInfo: standInBot,
      apiRoot: workerBindings.TELEGRAM_API_ROOT,
      links: { publicUrl: "https://casewire.test", profile },
      safety: profile.bot?.safety ?? [],
      report: (line) => failures.push(line),
    },
    ports,
  );
  let next = 1_000;
  bot.api.config.use(async (_, method, sent: Payload) => {
    const payload = JSON.parse(JSON.stringify(sent));
    const isRefused = refused.some((test) => test({ method, payload }));
    calls.push({ method, payload });
    if (isRefused) return { ok: false, error_code: 400, description: "Bad Request: refused by the test" };
    const message = { message_id: next++, date: 1, chat: { id: payload.chat_id, type: "private" } };
    const ephemeral = payload.ephemeral_message_parameters ? { message_id: 0, ephemeral_message_id: next++ } : {};
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
    deskCode: () => dispatcher.deskChats.newCode({ editor: "tester", passkey: null }).code,
    handle,
  };
}

type TestBot = Awaited<ReturnType<typeof openBot>>;

/** The bot of a test file, which knows three cases. */
export let bot: TestBot;
export async function open() {
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  bot = await openBot([inventedCase(1), inCrimea, withLetter]);
  return () => void vi.useRealTimers();
}

/** The chat of the newest reader. */
export let chat = 100;
export const reader = (language = "en") => personIn({ chat: ++chat, user: chat, language });

/** A person in a private chat or a group. */
export function personIn({ chat = 77, user = 77, language = "en", topic = 0 } = {}) {
  const from = { id: user, is_bot: false, first_name: "Invented Reader", language_code: language };
  const kind =
    chat > 0 ? { type: "private", first_name: "Invented Reader" } : { type: "supergroup", title: "Invented group" };
  const where = { id: chat, ...kind };
  const inTopic = topic === 0 ? {} : { message_thread_id: topic, is_topic_message: true };
  const message = (fields: object): Payload => ({ message_id: 5, date: 1, chat: where, from, ...inTopic, ...fields });
  const handle = async (update: Parameters<TestBot["handle"]>[0], asked: Payload) =>
    (await bot.handle(update)).map((call) => Object.assign(call, { asked }));
  const send = (fields: object) => {
    const asked = message(fields);
    return handle({ message: asked }, asked);
  };
  return {
    send,
    say(text: string, fields: object = {}) {
      const [command = ""] = /^\/\w+/.exec(text) ?? [];
      const entities = command ? [{ type: "bot_command", offset: 0, length: command.length }] : [];
      return send({ text, entities, ...fields });
    },
    /** Presses the newest button whose text begins so. */
    press(text: string) {
      const shown = bot.calls
        .toReversed()
        .find(({ payload }) => keysOf({ payload }).some((key) => key.text.startsWith(text)));
      const key = shown && keysOf(shown).find((candidate) => candidate.text.startsWith(text));
      if (!shown || !key || !("callback_data" in key)) throw new Error(`no button ${text}`);
      const under = message({
        message_id: 9,
        from: standInBot,
        text: shown.payload.text,
        reply_markup: shown.payload.reply_markup,
        ...(shown.payload.reply_parameters ? { reply_to_message: shown.asked } : {}),
      });
      const query = { id: "1", from, chat_instance: "1", message: under, data: key.callback_data };
      return handle({ callback_query: query } as Omit<Update, "update_id">, shown.asked);
    },
  };
}

/** The inline buttons of a sent or edited message. */
export const keysOf = ({ payload }: Pick<Call, "payload">): InlineKeyboardButton[] =>
  (payload.reply_markup?.inline_keyboard ?? []).flat();

/** The texts of the messages that were sent or edited. */
export const textsOf = (calls: Call[]): string[] =>
  calls.flatMap(({ payload }) => (payload.text ? [payload.text] : []));

/** The text of the first message. */
export const first = (calls: Call[]): string => textsOf(calls)[0] ?? "";
