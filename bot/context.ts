/** The context of the bot's handlers, and how they answer. */

import { type Context, GrammyError } from "grammy";
import type { InlineKeyboardButton, InlineKeyboardMarkup, Message } from "grammy/types";
import { type LocaleTag, negotiate } from "../shared/locale.ts";
import type { View } from "../shared/view/schema.ts";
import { caseMessage } from "./message.ts";
import type { BotLinks, Cards, CaseBook, ChatPlace, DeskChatPort, Followers } from "./ports.ts";
import type { BotClock } from "./retry.ts";
import type { SafetyText } from "./safety.ts";
import { canShare } from "./share.ts";
import { type Outgoing, shorten } from "./text.ts";
import { asSpoiler } from "./update-message.ts";

export interface BotPorts extends BotClock {
  cases: CaseBook;
  followers: Followers;
  cards: Cards;
  desk: DeskChatPort;
}

export interface CaseContext extends Context {
  ports: BotPorts;
  links: BotLinks;
  safety: readonly SafetyText[];
  /** The language chosen in this chat, else the language of the user's Telegram app. */
  locale: LocaleTag;
}

/** How often a case is read again after it was sent. A case can't change faster than this many times in one handler. */
export const MAX_REREADS = 3;

/** The chat and topic of an update; null for updates without a chat. */
export function placeOf(ctx: Context): ChatPlace | null {
  const { chat, msg } = ctx;
  if (!chat) return null;
  const kind = chat.type === "private" ? "private" : chat.type === "channel" ? "channel" : "group";
  const topic = msg && "is_topic_message" in msg && msg.is_topic_message ? msg.message_thread_id : undefined;
  return { chat: chat.id, kind, ...(topic === undefined ? {} : { topic }) };
}

/** The place whose settings apply to an update. A guest has no place with the bot but its private chat. */
function settingsPlaceOf(ctx: Context): ChatPlace | null {
  const { guestMessage: asked } = ctx;
  return asked ? { chat: asked.from.id, kind: "private" } : placeOf(ctx);
}

/** `placeOf` for handlers whose filters guarantee a chat. @throws Error when there is none */
export function requirePlace(ctx: Context): ChatPlace {
  const place = placeOf(ctx);
  if (!place) throw new Error("The update has no chat");
  return place;
}

export async function localeOfChat(ctx: CaseContext): Promise<LocaleTag> {
  const place = settingsPlaceOf(ctx);
  const chosen = place ? await ctx.ports.followers.language(place) : null;
  return chosen ?? negotiate(ctx.from?.language_code, ctx.links.profile);
}

/** A message of the bot: its id, or the id of one that only one member of a group can see. */
export type SentMessage = number | { ephemeral: number; user: number };

function sentOf({ message_id, ephemeral_message_id: ephemeral }: Message, user: number | undefined): SentMessage {
  return ephemeral === undefined || user === undefined ? message_id : { ephemeral, user };
}

/** The message of the pressed button; empty for other updates. */
export const pressedMessage = (ctx: CaseContext): { into?: SentMessage } => {
  const pressed = ctx.callbackQuery?.message;
  return pressed === undefined ? {} : { into: sentOf(pressed as Message, ctx.from?.id) };
};

/** Telegram's limit for the answer to a press. */
export const MAX_TOAST_LENGTH = 200;

/** Answers a press. Telegram shows the text, shortened to its limit, for a few seconds. */
export const toast = (ctx: CaseContext, text: string) =>
  ctx.answerCallbackQuery({ text: shorten(text, MAX_TOAST_LENGTH, ctx.locale) });

const options = ({ entities, keyboard }: Outgoing) => ({
  entities,
  reply_markup: keyboard,
  link_preview_options: { is_disabled: true },
});

/** Who sees an answer: everyone in the chat, or in a group only the member who asked. */
export interface AnswerAudience {
  /** The answer is ephemeral. Where Telegram refuses that, `publicly` is sent for everyone to see. */
  asker?: boolean;
  /** Shorter than the message, so that answers don't flood a group. */
  publicly?: Outgoing;
}

/** The member of a group who sent the command; undefined for an anonymous administrator and in other chats. */
const askerOf = (ctx: CaseContext): number | undefined =>
  requirePlace(ctx).kind === "group" && ctx.message && !ctx.message.sender_chat ? ctx.from?.id : undefined;

/** Sends a message to the chat and topic of the update. */
export async function answer(
  ctx: CaseContext,
  message: Outgoing,
  { asker = false, publicly = message }: AnswerAudience = {},
): Promise<SentMessage> {
  const { topic, kind } = requirePlace(ctx);
  const inTopic = topic === undefined ? {} : { message_thread_id: topic };
  const { message_id: asked, ephemeral_message_id: ephemeral } = ctx.message ?? {};
  const user = asker || ephemeral !== undefined ? askerOf(ctx) : undefined;
  if (user !== undefined) {
    const replied =
      ephemeral === undefined
        ? { message_id: asked as number, allow_sending_without_reply: true }
        : { ephemeral_message_id: ephemeral };
    try {
      const sent = await ctx.reply(message.text, {
        ...options(message),
        ...inTopic,
        reply_parameters: replied,
        ephemeral_message_parameters: { receiver_user_id: user },
      });
      return sentOf(sent, user);
    } catch (error) {
      // Not every chat allows ephemeral messages.
      if (!(error instanceof GrammyError) || error.error_code !== 400) throw error;
    }
  }
  const shown = kind === "group" && asker ? publicly : message;
  // In a group the answer is a reply, so that it is clear which message it answers.
  const replies = kind === "group" && asked && ephemeral === undefined;
  const sent = await ctx.reply(shown.text, {
    ...options(shown),
    ...inTopic,
    ...(replies ? { reply_parameters: { message_id: asked, allow_sending_without_reply: true } } : {}),
  });
  return sent.message_id;
}

/** Edits a message. An edit that changes nothing counts as done. */
export async function edit(ctx: CaseContext, sent: SentMessage, message: Outgoing): Promise<void> {
  const { chat } = requirePlace(ctx);
  try {
    if (typeof sent === "number") await ctx.api.editMessageText(chat, sent, message.text, options(message));
    else await ctx.api.editEphemeralMessageText(chat, sent.user, sent.ephemeral, message.text, options(message));
  } catch (error) {
    if (!(error instanceof GrammyError && error.description.includes("message is not modified"))) throw error;
  }
}

/** Makes a call whose refusal by Telegram does not matter. Other errors are thrown. */
export async function ignoringTelegramErrors(call: Promise<unknown>): Promise<void> {
  await call.catch((error) => {
    if (!(error instanceof GrammyError)) throw error;
  });
}

/** True when the message of the pressed button is a spoiler, as the updates of a quiet follow are. */
function hasSpoiler(ctx: CaseContext): boolean {
  const pressed = ctx.callbackQuery?.message;
  return (
    pressed !== undefined && "entities" in pressed && pressed.entities?.some(({ type }) => type === "spoiler") === true
  );
}

/** Two views of a case with the same identity show the same revision. */
const identityOf = (view: View) => `${view.state} ${view.revision?.number ?? 0}`;

/**
 * Shows a case in a message, then reads it again and edits the message if a revision went live meanwhile.
 * @param into the message to edit; a new one is sent when it is undefined
 * @param keyboard replaces the card's keyboard
 * @param above rows of buttons above the keyboard
 * @returns the view that the message shows
 */
export async function showCase(
  ctx: CaseContext,
  id: string,
  {
    into,
    keyboard,
    above = [],
  }: { into?: SentMessage; keyboard?: InlineKeyboardMarkup; above?: InlineKeyboardButton[][] } = {},
): Promise<View> {
  const { cases, followers } = ctx.ports;
  const place = requirePlace(ctx);
  const [scopes, { silent, rings }] = await Promise.all([followers.following(place), followers.manner(place)]);
  const following = scopes.includes(id) && ((rings?.[id] ?? !silent) || "quietly");
  // The share button needs the presser's own consent, so only private chats have it.
  const shares = place.kind === "private" && canShare(ctx.me);
  const render = (view: View, brief = place.kind === "group" && typeof into === "number") => {
    const card = caseMessage(view, following, ctx.links, { shares, brief });
    const rows = [...above, ...(keyboard ?? card.keyboard).inline_keyboard];
    const shown = { ...card, keyboard: { inline_keyboard: rows } };
    return into !== undefined && hasSpoiler(ctx) ? asSpoiler(shown, ctx.locale) : shown;
  };
  let view = await cases.view(id, ctx.locale);
  let messageId = into;
  if (messageId === undefined)
    messageId = await answer(ctx, render(view), { asker: true, publicly: render(view, place.kind === "group") });
  else await edit(ctx, messageId, render(view));
  for (let again = 0; again < MAX_REREADS; again++) {
    const newest = await cases.view(id, ctx.locale);
    if (identityOf(newest) === identityOf(view)) break;
    view = newest;
    await edit(ctx, messageId, render(view, place.kind === "group" && typeof messageId === "number"));
  }
  return view;
}
