/**
 * Finds cases by the words of a message of any kind: a search, forwarded or
 * pasted text, a caption, a link, a poll.
 */
import { Composer } from "grammy";
import type {
  InlineKeyboardButton,
  Message,
  MessageEntity,
} from "grammy/types";
import { caseIdIn, typedIdsIn } from "../shared/profile/numbers.ts";
import { isSmallTalk, nameAsked, possibleName } from "./asked-name.ts";
import { buttonData } from "./button-data.ts";
import { cardResult } from "./card.ts";
import { type CaseContext, privateChatOf } from "./context.ts";
import { casesToChoose, listMessage, MAX_OFFERED_CASES } from "./message.ts";
import type { FoundCases } from "./ports.ts";
import { wordScope } from "./scope.ts";
import { bold, button, join, type Outgoing, outgoing, plain } from "./text.ts";

const urlsIn = (entities: MessageEntity[] = []): string[] =>
  entities.flatMap((entity) =>
    entity.type === "text_link" ? [entity.url] : [],
  );

/**
 * Everything in a message that can name a case, one piece a line; empty for a
 * picture or sticker without words.
 */
export function wordsOf(sent: Message): string {
  const {
    text,
    caption,
    entities,
    caption_entities,
    quote,
    poll,
    contact,
    reply_markup,
    link_preview_options,
  } = sent;
  const { venue, checklist } = sent;
  const urls = [
    ...urlsIn(entities),
    ...urlsIn(caption_entities),
    ...(reply_markup?.inline_keyboard
      .flat()
      .flatMap((key) => ("url" in key ? [key.url] : [])) ?? []),
    ...(link_preview_options?.url ? [link_preview_options.url] : []),
  ];
  const name =
    contact &&
    [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  const pieces = [
    text,
    caption,
    quote?.text,
    poll?.question,
    ...(poll?.options.map((option) => option.text) ?? []),
    venue?.title,
    checklist?.title,
    ...(checklist?.tasks.map((task) => task.text) ?? []),
    name,
  ];
  return [...pieces, ...urls].filter(Boolean).join("\n");
}

/** True for words that may be a search: a line that the sender wrote. */
export const mayBeSearch = (sent: Message, words: string): boolean =>
  sent.forward_origin === undefined &&
  words.length <= 100 &&
  !words.includes("\n");

/**
 * The ids of the cases that the words mention, and a list to choose from when
 * there are several.
 */
export async function mentioned(
  ctx: CaseContext,
  words: string,
): Promise<{ ids: string[]; choice: Outgoing | null }> {
  const { cases, now } = ctx.ports;
  const { cases: found, unlisted } = await cases.mentioned(words);
  const known = await Promise.all(
    unlisted.map((id) => cases.view(id, ctx.locale)),
  );
  // The number of a withdrawn case, or of one that can't be shown, is worth an
  // answer; an unknown one only when it is alone.
  const others = known
    .filter(({ state }) => state !== "unknown")
    .map(({ id }) => id);
  const ids = [...found.map(({ id }) => id), ...others];
  if (ids.length < 2)
    return { ids: ids.length === 0 ? unlisted.slice(0, 1) : ids, choice: null };
  const title = ctx.say("bot.mentions.several");
  const numbers = known.flatMap((view) =>
    view.state !== "unknown" && view.state !== "present"
      ? [{ id: view.id, number: view.number ?? view.id }]
      : [],
  );
  const list = listMessage(title, casesToChoose(found), ctx.locale, now());
  const rows = numbers.map(({ id, number }) => [
    button(number, buttonData.open(id)),
  ]);
  return {
    ids,
    choice: {
      ...list,
      keyboard: {
        inline_keyboard: [...list.keyboard.inline_keyboard, ...rows],
      },
    },
  };
}

/** What the bot is for, and how to ask it. */
export const startMessage = async (ctx: CaseContext): Promise<Outgoing> =>
  ctx.text(
    "bot.start",
    { newsroom: ctx.links.profile.newsroom.name, ...(await ctx.examples()) },
    "cases",
  );

const MAX_QUERY_LENGTH = 200;

/**
 * A button that tells of a word or a name in every case; none when there is
 * nothing to look for.
 */
export function wordButton(
  ctx: CaseContext,
  words: string,
): InlineKeyboardButton[][] {
  const scope = wordScope(possibleName(words) ?? "");
  return scope
    ? [[ctx.button("bot.follow.word", buttonData.follow(scope))]]
    : [];
}

/** In words. Nobody's name is longer. */
const MAX_ASKED = 8;

/**
 * What a line asks for: what all of it says, else the name in a question, in
 * any form. Who has only a part of the name is near.
 */
export async function askedFor(
  { ports: { cases }, links }: CaseContext,
  line: string,
): Promise<FoundCases> {
  const isFound = (some: FoundCases) =>
    some.cases.length + some.unshowable.length > 0;
  const whole = await cases.search(line, MAX_OFFERED_CASES);
  if (isFound(whole) || typedIdsIn(line, links.profile)?.[0]) return whole;
  const name = nameAsked(line);
  const left =
    name === null ? whole : await cases.search(name, MAX_OFFERED_CASES);
  const words = (name ?? line).match(/[\p{L}\p{M}'’ʼ-]+/gu) ?? [];
  if (isFound(left) || /\d/.test(line) || words.length > MAX_ASKED) return left;
  const { cases: named, hasAll } = await cases.asked(words, MAX_OFFERED_CASES);
  if (hasAll) return { ...left, cases: named };
  const others = named.filter(({ id }) =>
    left.near.every((one) => one.id !== id),
  );
  return {
    ...left,
    near: [...left.near, ...others].slice(0, MAX_OFFERED_CASES),
  };
}

/**
 * The id of the case that the words name.
 * @param words everything in the message, to look for mentions when the query
 * finds nothing
 * @returns null when there is none or several; the chat has then been answered
 */
export async function find(
  ctx: CaseContext,
  query: string,
  words = query,
): Promise<string | null> {
  const wanted = query.trim().slice(0, MAX_QUERY_LENGTH);
  const id = caseIdIn(wanted, ctx.links.profile);
  if (id) return id;
  const nothing = { cases: [], found: 0, unshowable: [], near: [] };
  const {
    cases: found,
    unshowable,
    near,
  } = wanted === "" ? nothing : await askedFor(ctx, wanted);
  const [first, second] = [...found, ...unshowable];
  if (first && !second) return first.id;
  if (!first) {
    const [typed] = typedIdsIn(wanted, ctx.links.profile) ?? [];
    if (typed) return typed;
    const { ids, choice } = await mentioned(ctx, words);
    if (choice) await ctx.answer(choice, { asker: true });
    if (ids[0]) return choice ? null : ids[0];
    if (near.length === 0) {
      if (isSmallTalk(wanted)) {
        await ctx.answer(await startMessage(ctx), { asker: true });
        return null;
      }
      const rows = [
        ...wordButton(ctx, wanted),
        [ctx.button("page.cases", buttonData.list(0))],
      ];
      await ctx.answer(ctx.text("bot.nothing", {}, rows), { asker: true });
      return null;
    }
  }
  const title = ctx.say(first ? "bot.several" : "search.near");
  const offered = casesToChoose(first ? found : near, unshowable);
  await ctx.answer(listMessage(title, offered, ctx.locale, ctx.ports.now()), {
    asker: true,
  });
  return null;
}

/**
 * Answers with the case that the words mention, or with a choice.
 * @returns false when they mention none
 */
export async function showMentioned(
  ctx: CaseContext,
  words: string,
): Promise<boolean> {
  const { ids, choice } = await mentioned(ctx, words);
  if (choice) await ctx.answer(choice, { asker: true });
  else if (ids[0]) await ctx.showCase(ids[0]);
  return ids.length > 0;
}

/** Says what the bot looked for in a message without finding it. */
export const nothingMentioned = async (ctx: CaseContext): Promise<Outgoing> =>
  ctx.text("bot.mentions.none", await ctx.examples(), "cases");

/**
 * Guest queries: a user mentions the bot in a chat where it is no member. It
 * answers like an inline result, with a card that stays up to date, and only
 * after the same warning.
 */
export const guests = new Composer<CaseContext>();

guests.on("guest_message", async function answerGuest(ctx) {
  const asked = ctx.guestMessage;
  const place = privateChatOf(asked);
  const article = ({ text, entities, keyboard }: Outgoing) =>
    ctx.answerGuestQuery({
      type: "article",
      id: "answer",
      title: text.slice(0, 60),
      input_message_content: {
        message_text: text,
        entities,
        link_preview_options: { is_disabled: true },
      },
      reply_markup: keyboard,
    });
  if (!(await ctx.ports.cards.mayShare(place))) {
    return void (await article(
      ctx.text("bot.share.first", {}, [[ctx.openButton("share")]]),
    ));
  }
  const me = `@${ctx.me.username}`.toLowerCase();
  const own = wordsOf(asked).replace(/@\w+/g, (name) =>
    name.toLowerCase() === me ? " " : name,
  );
  const replied = asked.reply_to_message
    ? wordsOf(asked.reply_to_message as Message)
    : "";
  const words = `${own}\n${replied}`;
  const typed = own.trim();
  const isName = typed !== "" && typed.length <= 100;
  const byName = isName ? (await askedFor(ctx, typed)).cases : [];
  const { cases: found } = await ctx.ports.cases.mentioned(words);
  const all = found.length > 0 ? found : byName;
  const [first, second] = all;
  if (first && !second) {
    const view = await ctx.ports.cases.view(first.id, ctx.locale);
    if (view.state === "present") {
      const sent = await ctx.answerGuestQuery(
        cardResult(view, ctx.links, ctx.me.username),
      );
      const card = {
        caseId: view.id,
        locale: ctx.locale,
        shown: view.revision.number,
      };
      return ctx.ports.cards.shared(
        { inline: sent.inline_message_id },
        card,
        place,
      );
    }
  }
  if (!first)
    return void (await article({
      ...(await nothingMentioned(ctx)),
      keyboard: { inline_keyboard: [] },
    }));
  const offered = all.slice(0, MAX_OFFERED_CASES);
  const title = bold(ctx.say("bot.mentions.several"));
  const numbers = plain(offered.map(({ number }) => `• ${number}`).join("\n"));
  const rows = offered.map(({ id, number }) => [
    { text: number, url: ctx.link(id) },
  ]);
  await article(outgoing([join([title, numbers], "\n")], ctx.locale, rows));
});
