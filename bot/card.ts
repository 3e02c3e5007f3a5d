/** A case as a card that stays in somebody's chat and is edited when the case changes. */

import type { InlineKeyboardButton, InlineKeyboardMarkup, InlineQueryResultArticle } from "grammy/types";
import { CASE_ID } from "../shared/case/id.ts";
import { type LocaleTag, locales, localeTags } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { PresentView, View } from "../shared/view/schema.ts";
import { type BotLinks, caseMessage } from "./message.ts";
import { press } from "./press.ts";
import { bold, button, italic, join, type Outgoing, outgoing, plain, shortRun } from "./text.ts";

/** What a client shows of a result before it is cut, in UTF-16 units. */
const TITLE_LIMIT = 100;

const byUrl = (keyboard: InlineKeyboardMarkup): InlineKeyboardButton[] =>
  keyboard.inline_keyboard.flat().filter((key) => "url" in key);

/**
 * Under a shared card nothing is asked of the chat it stands in: whoever wants to follow goes to a chat with the bot alone.
 * @param bot the bot's name, without the @
 */
function keyboardUnder(view: View, page: InlineKeyboardButton[], bot: string): InlineKeyboardMarkup {
  const { id, lang } = view;
  if (view.state !== "present") return { inline_keyboard: page.length > 0 ? [page] : [] };
  return {
    inline_keyboard: [
      [
        { text: message(lang, "bot.follow"), url: `https://t.me/${bot}?start=${id}` },
        button(message(lang, "bot.refresh"), press.card(lang, id)),
      ],
      [...page, button(message(lang, "bot.language"), press.cardLanguages(lang, id))],
    ],
  };
}

/** The case as it stands, or the designed refusal when it was withdrawn. */
export function cardMessage(view: View, links: BotLinks, bot: string): Outgoing {
  const { text, entities, keyboard } = caseMessage(view, false, links);
  return { text, entities, keyboard: keyboardUnder(view, byUrl(keyboard), bot) };
}

/** The card a channel has pinned: many read it, so none of them chooses for all. */
export function channelCard(view: View, links: BotLinks, bot: string): Outgoing {
  const card = cardMessage(view, links, bot);
  if (view.state !== "present") return card;
  const { id, lang } = view;
  const rows = [
    byUrl(card.keyboard).filter((key) => "url" in key && key.url.startsWith(links.publicUrl)),
    [{ text: message(lang, "bot.channel.follow"), url: `https://t.me/${bot}?start=${id}` }],
    [button(message(lang, "bot.refresh"), press.card(lang, id))],
  ];
  return { ...card, keyboard: { inline_keyboard: rows.filter((row) => row.length > 0) } };
}

/** What is left of a card that nobody touched for so long that it is no longer kept up to date: nothing that can grow old. */
export function retiredCard(view: PresentView, links: BotLinks, bot: string): Outgoing {
  const { lang } = view;
  const heading = [
    ...(view.demo ? [italic(view.demo)] : []),
    join([bold(view.number), plain(` · ${shortRun(view.title, 300, lang)}`)], ""),
    plain(`${view.revision.label} · ${view.revision.published}`),
  ];
  const page = byUrl(caseMessage(view, false, links).keyboard);
  const follow = { text: message(lang, "bot.follow"), url: `https://t.me/${bot}?start=${view.id}` };
  return outgoing([join(heading, "\n"), plain(message(lang, "bot.card.retired"))], lang, [[follow], page]);
}

/** The languages a card can have. */
export const cardLanguages = (id: string): InlineKeyboardMarkup => ({
  inline_keyboard: localeTags.map((tag) => [button(locales[tag].name, press.cardLanguage(tag, id))]),
});

/** The card as one result of an inline query. */
export function cardResult(view: PresentView, links: BotLinks, bot: string): InlineQueryResultArticle {
  const { text, entities, keyboard } = cardMessage(view, links, bot);
  const { lang, number, demo, asOf, action } = view;
  return {
    type: "article",
    id: cardResultId(view.id, lang, view.revision.number),
    title: `${number} · ${shortRun(view.title, TITLE_LIMIT, lang)}`,
    description: [...(demo ? [demo] : []), `${asOf.label} ${asOf.text}`, action.label].join("\n"),
    input_message_content: { message_text: text, entities, link_preview_options: { is_disabled: true } },
    reply_markup: keyboard,
  };
}

/** Says which case, language and revision were chosen; at most 64 bytes. */
const cardResultId = (id: string, locale: LocaleTag, revision: number) => `${id}:${locale}:${revision}`;

const resultPattern = new RegExp(`^(${CASE_ID}):([a-z]{2,3}):(\\d{1,9})$`);

/** @returns null for what is no result of ours, since a client can send anything */
export function cardChosen(resultId: string): { caseId: string; locale: LocaleTag; shown: number } | null {
  const [, caseId, tag, shown] = resultPattern.exec(resultId) ?? [];
  const locale = localeTags.find((known) => known === tag);
  return caseId && locale ? { caseId, locale, shown: Number(shown) } : null;
}
