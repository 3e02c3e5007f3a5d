/** The bot in front of a Bot API that only records, with followers in memory: for whole conversations without a Worker. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { InlineKeyboardButton, Update } from "grammy/types";
import { createBot } from "../../bot/bot.ts";
import type { BotPorts } from "../../bot/context.ts";
import type { ChatPlace, FollowScope, Manner } from "../../bot/ports.ts";
import { rowOfScope, scopeOfRow, wordOf } from "../../bot/scope.ts";
import type { Case } from "../../shared/case/schema.ts";
import type { LocaleTag } from "../../shared/locale.ts";
import { numberOf } from "../../shared/profile/numbers.ts";
import { viewAct } from "../../shared/view/act.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import { viewCase, viewUnknown } from "../../shared/view/view.ts";
import { AllCases } from "../../worker/reads/all-cases.ts";
import { summaryOf } from "../../worker/reads/summary.ts";
import { standInBot } from "../../worker/tools/local/stand-in.ts";
import { type CaseReads, lookUpsOf } from "../../worker/web/telegram/look-ups.ts";
import { inventedCase, inventedPerson, inventedRevision, stated } from "../invented.ts";
import { profile } from "../profile.ts";

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

/** Followers in memory, by chat and topic. @param answersLeft whether a group's members have answers left */
function followersInMemory(answersLeft: { group: boolean }) {
  const follows = new Map<string, FollowScope[]>();
  const languages = new Map<number, LocaleTag>();
  const manners = new Map<number, Manner>();
  /** Followed words, by row. */
  const words: string[] = [];
  const keyOf = ({ chat, topic = 0 }: ChatPlace) => `${chat} ${topic}`;
  const followers: BotPorts["followers"] = {
    async follow(place, asked, _locale, _seen, manner) {
      if (manner) await followers.setManner(place, manner);
      const word = wordOf(asked);
      if (word !== null && !words.includes(word)) words.push(word);
      const scope = word === null ? asked : scopeOfRow(words.indexOf(word) + 1);
      const known = follows.get(keyOf(place)) ?? [];
      if (known.includes(scope)) return "already";
      follows.set(keyOf(place), [...known, scope]);
      return "followed";
    },
    async unfollow(place, scopes) {
      const known = follows.get(keyOf(place)) ?? [];
      const left = known.filter((scope) => !scopes.includes(scope));
      follows.set(keyOf(place), left);
      return { outcome: left.length < known.length ? "unfollowed" : "not-followed", cards: [] };
    },
    following: async (place) => follows.get(keyOf(place)) ?? [],
    words: async (place) =>
      new Map(
        (follows.get(keyOf(place)) ?? []).flatMap((scope) => {
          const row = rowOfScope(scope);
          return row === null ? [] : [[scope, words[row - 1] as string]];
        }),
      ),
    followingEverywhere: async ({ chat }) =>
      [...follows].flatMap(([key, scopes]) => {
        const [where, topic] = key.split(" ").map(Number);
        return where === chat ? scopes.map((scope) => ({ scope, topic: topic as number })) : [];
      }),
    mayAnswer: async () => answersLeft.group,
    language: async ({ chat }) => languages.get(chat) ?? null,
    setLanguage: async ({ chat }, locale) => void languages.set(chat, locale),
    manner: async ({ chat }) => manners.get(chat) ?? { silent: false, neutral: false, paused: false },
    async setManner({ chat }, changes) {
      const before = manners.get(chat);
      const rings = { ...before?.rings, ...changes.rings };
      manners.set(chat, { silent: false, neutral: false, ...before, ...changes, rings });
    },
    move: async () => {},
    retry: async () => {},
    forget: async (place) => {
      const { length } = follows.get(keyOf(place)) ?? [];
      follows.delete(keyOf(place));
      return { follows: length, deliveries: 0, cards: 0, posts: 0, chosen: false, warned: false };
    },
  };
  return followers;
}

/** Opens a bot that knows the given cases. */
async function openBot(cases: Case[]) {
  const calls: Call[] = [];
  const admins: { user: { id: number; is_bot: boolean }; status: string }[] = [];
  /** Methods and chats that are refused once with 400. */
  const refused: ((call: Call) => boolean)[] = [];
  let next = 1_000;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const method = request.url?.split("/").at(-1) ?? "";
    const payload = JSON.parse(Buffer.concat(chunks).toString() || "{}");
    const call = { method, payload };
    const isRefused = refused.some((test) => test(call));
    calls.push(call);
    const message = { message_id: next++, date: 1, chat: { id: payload.chat_id, type: "private" } };
    const ephemeral = payload.ephemeral_message_parameters ? { message_id: 0, ephemeral_message_id: next++ } : {};
    const results: Record<string, unknown> = {
      sendMessage: { ...message, ...ephemeral },
      getChatAdministrators: admins,
      answerGuestQuery: { inline_message_id: "guest-card" },
    };
    const refusal = { ok: false, error_code: 400, description: "Bad Request: refused by the test" };
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(isRefused ? refusal : { ok: true, result: results[method] ?? true }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  const byId = new Map(cases.map((fields) => [fields.id, fields]));
  const summaries: CaseSummary[] = cases.map((fields) => ({
    ...summaryOf(fields),
    number: numberOf(fields.id, profile),
    revision: { number: 1, sequence: 1, kind: "update", liveAt: revision.liveAt },
  }));
  const warned = new Set<number>();
  const cards = new Map<string, { caseId: string; locale: LocaleTag }>();
  /** Answers in groups that follow the case. */
  const answers: { chat: number; message: number; caseId: string }[] = [];
  /** Groups that are linked to the desk. */
  const linked = new Set<number>();
  const answersLeft = { group: true };
  const followers = followersInMemory(answersLeft);
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
    now: () => NOW,
    sleep: async () => {},
    followers,
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
    cards: {
      mayShare: async ({ chat }) => warned.has(chat),
      allowSharing: async ({ chat }) => void warned.add(chat),
      shared: async (address, card) => void cards.set(JSON.stringify(address), card),
      kept: async (address) => cards.get(JSON.stringify(address)) ?? null,
      pressed: async (address) => cards.get(JSON.stringify(address)) ?? null,
      answered: async ({ chat }, message, card) => void answers.push({ chat, message, caseId: card.caseId }),
      async pin(place, message, card) {
        cards.set(JSON.stringify({ chat: place.chat, message }), card);
        await followers.follow(place, card.caseId, card.locale, card.shown);
        return [];
      },
    },
    desk: {
      async link({ chat }, code) {
        if (code !== "right-code") return "unknown";
        if (linked.has(chat)) return "already";
        linked.add(chat);
        return "linked";
      },
      unlink: async ({ chat }) => linked.delete(chat),
    },
  };
  const { port } = server.address() as AddressInfo;
  const bot = createBot(
    {
      token: "1:invented",
      botInfo: standInBot,
      apiRoot: `http://127.0.0.1:${port}`,
      links: { publicUrl: "https://casewire.test", profile },
      safety: profile.bot?.safety ?? [],
      report: (line) => failures.push(line),
    },
    ports,
  );
  let updateId = 1;
  /** Handles an update. @returns the calls that it caused */
  async function handle(update: Omit<Update, "update_id">): Promise<Call[]> {
    const from = calls.length;
    await bot.handleUpdate({ update_id: updateId++, ...update } as Update);
    return calls.slice(from);
  }
  return {
    calls,
    admins,
    refused,
    answersLeft,
    failures,
    followers,
    warned,
    cards,
    answers,
    handle,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

type TestBot = Awaited<ReturnType<typeof openBot>>;

/** The bot of a test file, which knows three cases. */
export let bot: TestBot;
export const open = async (): Promise<void> => {
  bot = await openBot([inventedCase(1), inCrimea, withLetter]);
};
export const close = (): Promise<void> => bot.close();

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
