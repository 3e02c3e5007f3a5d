/**
 * Case cards: messages that stay in a chat and are edited when their case
 * changes. The warning before a chat's first share, too.
 */

import type {
  InlineKeyboardButton,
  InlineKeyboardMarkup,
  InlineQueryResultArticle,
} from "grammy/types";
import { botAddress, followCase } from "../shared/bot-address.ts";
import { CASE_ID } from "../shared/case/id.ts";
import { withPlainDates } from "../shared/intl.ts";
import { type LocaleTag, locales, localeTags } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { numberOf } from "../shared/profile/numbers.ts";
import type { Profile } from "../shared/profile/schema.ts";
import type { PresentView, View } from "../shared/view/schema.ts";
import { buttonData } from "./button-data.ts";
import { stampPart } from "./case-parts.ts";
import { caseMessage } from "./message.ts";
import type { BotLinks } from "./ports.ts";
import { type SafetyText, safetyText } from "./safety.ts";
import {
  bold,
  button,
  italic,
  join,
  type Outgoing,
  outgoing,
  plain,
  shortRun,
} from "./text.ts";

/** Clients cut the title of an inline result at about this length. */
const MAX_TITLE_LENGTH = 100;

const byUrl = (keyboard: InlineKeyboardMarkup): InlineKeyboardButton[] =>
  keyboard.inline_keyboard.flat().filter((key) => "url" in key);

/**
 * The keyboard of a shared card. Its follow button opens a private chat with
 * the bot, so that it changes nothing in this chat.
 * @param bot the bot's name, without the @
 */
function keyboardUnder(
  view: View,
  page: InlineKeyboardButton[],
  bot: string,
): InlineKeyboardMarkup {
  const { id, lang } = view;
  if (view.state !== "present")
    return { inline_keyboard: page.length > 0 ? [page] : [] };
  return {
    inline_keyboard: [
      [
        {
          text: message(lang, "bot.follow"),
          url: botAddress(bot, followCase(id)),
        },
        button(message(lang, "bot.refresh"), buttonData.card(lang, id)),
      ],
      [
        ...page,
        button(
          message(lang, "page.embed.lang"),
          buttonData.cardLanguages(lang, id),
        ),
      ],
    ],
  };
}

/** The case's current view, or the refusal when it was withdrawn. */
export function cardMessage(
  view: View,
  links: BotLinks,
  bot: string,
): Outgoing {
  const { text, entities, keyboard } = caseMessage(view, false, links);
  return {
    text,
    entities,
    keyboard: keyboardUnder(view, byUrl(keyboard), bot),
  };
}

/**
 * A channel's pinned card. It has no language button: one reader would choose
 * for all of them.
 */
export function channelCard(
  view: View,
  links: BotLinks,
  bot: string,
): Outgoing {
  const card = cardMessage(view, links, bot);
  if (view.state !== "present") return card;
  const { id, lang } = view;
  const rows = [
    byUrl(card.keyboard).filter(
      (key) => "url" in key && key.url.startsWith(links.publicUrl),
    ),
    [
      {
        text: message(lang, "bot.channel.follow"),
        url: botAddress(bot, followCase(id)),
      },
    ],
    [button(message(lang, "bot.refresh"), buttonData.card(lang, id))],
  ];
  return {
    ...card,
    keyboard: { inline_keyboard: rows.filter((row) => row.length > 0) },
  };
}

/**
 * The last edit of a card that was not used for so long that it expired: it
 * keeps nothing that could become outdated.
 */
export function retiredCard(
  view: PresentView,
  links: BotLinks,
  bot: string,
): Outgoing {
  const { lang } = view;
  const heading = [
    ...(view.demo ? [italic(view.demo)] : []),
    join(
      [bold(view.number), plain(` · ${shortRun(view.title, 300, lang)}`)],
      "",
    ),
    stampPart(view.revision, lang),
  ];
  const page = byUrl(caseMessage(view, false, links).keyboard);
  const follow = {
    text: message(lang, "bot.follow"),
    url: botAddress(bot, followCase(view.id)),
  };
  return outgoing(
    [join(heading, "\n"), plain(message(lang, "bot.card.retired"))],
    lang,
    [[follow], page],
  );
}

/** The language menu of a shared card. */
export const cardLanguages = (
  id: string,
  profile: Profile,
): InlineKeyboardMarkup => ({
  inline_keyboard: profile.languages.map((tag) => [
    button(locales[tag].name, buttonData.cardLanguage(tag, id)),
  ]),
});

/** The card as one result of an inline query. */
export function cardResult(
  view: PresentView,
  links: BotLinks,
  bot: string,
): InlineQueryResultArticle {
  const { text, entities, keyboard } = cardMessage(view, links, bot);
  const { lang, number, demo, asOf, action } = view;
  return {
    type: "article",
    id: cardResultId(view.id, lang, view.revision.number),
    title: `${number} · ${shortRun(view.title, MAX_TITLE_LENGTH, lang)}`,
    description: withPlainDates(
      [
        ...(demo ? [demo] : []),
        `${asOf.label} ${asOf.text}`,
        action.label,
      ].join("\n"),
    ),
    input_message_content: {
      message_text: text,
      entities,
      link_preview_options: { is_disabled: true },
    },
    reply_markup: keyboard,
  };
}

/** Case, language and revision of a result. Telegram allows 64 bytes. */
const cardResultId = (id: string, locale: LocaleTag, revision: number) =>
  `${id}:${locale}:${revision}`;

const resultPattern = new RegExp(`^(${CASE_ID}):([a-z]{2,3}):(\\d{1,9})$`);

/**
 * Parses a result's id.
 * @returns null when it is malformed: a client can send any string
 */
export function cardChosen(
  resultId: string,
): { caseId: string; locale: LocaleTag; shown: number } | null {
  const [, caseId, tag, shown] = resultPattern.exec(resultId) ?? [];
  const locale = localeTags.find((known) => known === tag);
  return caseId && locale ? { caseId, locale, shown: Number(shown) } : null;
}

/** False when inline mode is off. @param bot the answer of getMe */
export const canShare = (bot: { supports_inline_queries?: boolean }): boolean =>
  bot.supports_inline_queries !== false;

/** @param id the case to share, if one was chosen already */
export function shareWarning(
  locale: LocaleTag,
  id: string | undefined,
  safety: readonly SafetyText[],
): Outgoing {
  const text = safetyText(locale, "bot.share", safety);
  return outgoing(
    [bold(message(locale, "bot.share.title")), plain(text)],
    locale,
    [
      [
        button(
          message(locale, "bot.share.understood"),
          buttonData.shareKnowingly(id),
        ),
      ],
    ],
  );
}

/** @param bot the bot's name, without the @ */
export function shareAllowedMessage(
  locale: LocaleTag,
  bot: string,
  id: string | undefined,
  profile: Profile,
): Outgoing {
  const how = id
    ? message(locale, "bot.share.where", { number: numberOf(id, profile) })
    : message(locale, "bot.share.how", { bot: `@${bot}` });
  return outgoing([plain(how)], locale, [
    [
      {
        text: message(locale, "bot.share.choose"),
        switch_inline_query: id ?? "",
      },
    ],
  ]);
}
