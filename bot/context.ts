/** What every handler works with. */

import { type Context, GrammyError } from "grammy";
import type { InlineKeyboardButton, InlineKeyboardMarkup } from "grammy/types";
import { type LocaleTag, negotiate } from "../shared/locale.ts";
import type { View } from "../shared/view/schema.ts";
import { type BotLinks, caseMessage, veiled } from "./message.ts";
import type { Clock } from "./patience.ts";
import type { Cards, CaseBook, Followers, Place } from "./ports.ts";
import { canShare } from "./share.ts";
import { type Outgoing, shorten } from "./text.ts";

export interface BotPorts extends Clock {
  cases: CaseBook;
  followers: Followers;
  cards: Cards;
}

export interface CaseContext extends Context {
  ports: BotPorts;
  links: BotLinks;
  /** The language chosen in this chat, else that of the user's Telegram. */
  locale: LocaleTag;
}

/** How often a card is read again after it was sent; a case does not change faster. */
const REREAD = 3;

/** Where this update came from; null for updates without a chat. */
export function placeOf(ctx: Context): Place | null {
  const { chat, msg } = ctx;
  if (!chat) return null;
  const kind = chat.type === "private" ? "private" : chat.type === "channel" ? "channel" : "group";
  const topic = msg && "is_topic_message" in msg && msg.is_topic_message ? msg.message_thread_id : undefined;
  return { chat: chat.id, kind, ...(topic === undefined ? {} : { topic }) };
}

/** @throws when the update has no chat, which the filters of commands and buttons rule out */
export function mustPlace(ctx: Context): Place {
  const place = placeOf(ctx);
  if (!place) throw new Error("an update without a chat");
  return place;
}

export async function localeOf(ctx: CaseContext): Promise<LocaleTag> {
  const place = placeOf(ctx);
  const chosen = place ? await ctx.ports.followers.language(place) : null;
  return chosen ?? negotiate(ctx.from?.language_code);
}

/** The message a pressed button is under; absent when it is too old for Telegram to say. */
export const under = (ctx: CaseContext): { into?: number } => {
  const id = ctx.callbackQuery?.message?.message_id;
  return id === undefined ? {} : { into: id };
};

/** What Telegram shows for a moment when a button is pressed, in UTF-16 units. */
export const TOAST_LIMIT = 200;

/** Answers a press; as much of the text as fits is shown for a moment. */
export const toast = (ctx: CaseContext, text: string) =>
  ctx.answerCallbackQuery({ text: shorten(text, TOAST_LIMIT, ctx.locale) });

const options = ({ entities, keyboard }: Outgoing) => ({
  entities,
  reply_markup: keyboard,
  link_preview_options: { is_disabled: true },
});

/** Answers in the chat and the topic the update came from. @returns the new message's id */
export async function answer(ctx: CaseContext, message: Outgoing): Promise<number> {
  const { topic, kind } = mustPlace(ctx);
  // Where many speak, it is said whom this answers.
  const asked = kind === "group" && ctx.message?.message_id;
  const sent = await ctx.reply(message.text, {
    ...options(message),
    ...(topic === undefined ? {} : { message_thread_id: topic }),
    ...(asked ? { reply_parameters: { message_id: asked, allow_sending_without_reply: true } } : {}),
  });
  return sent.message_id;
}

/** An edit that changes nothing has done its work. */
export async function edit(ctx: CaseContext, messageId: number, message: Outgoing): Promise<void> {
  try {
    await ctx.api.editMessageText(mustPlace(ctx).chat, messageId, message.text, options(message));
  } catch (error) {
    if (!(error instanceof GrammyError && error.description.includes("message is not modified"))) throw error;
  }
}

/** What Telegram does not allow is left undone. */
export async function tried(deed: Promise<unknown>): Promise<void> {
  await deed.catch((error) => {
    if (!(error instanceof GrammyError)) throw error;
  });
}

/** Whether what a pressed button is under hides its text until it is touched, as updates of a quiet follow do. */
function isVeiled(ctx: CaseContext): boolean {
  const pressed = ctx.callbackQuery?.message;
  return (
    pressed !== undefined && "entities" in pressed && pressed.entities?.some(({ type }) => type === "spoiler") === true
  );
}

const identity = (view: View) => `${view.state} ${view.revision?.number ?? 0}`;

/**
 * Puts a case into a message, a new one or the one given, and reads it again afterwards: what went live meanwhile replaces it.
 * @param keyboard in place of the card's own
 * @param above rows of buttons before the card's own
 * @returns what the reader sees now
 */
export async function showCase(
  ctx: CaseContext,
  id: string,
  {
    into,
    keyboard,
    above = [],
  }: { into?: number; keyboard?: InlineKeyboardMarkup; above?: InlineKeyboardButton[][] } = {},
): Promise<View> {
  const { cases, followers } = ctx.ports;
  const place = mustPlace(ctx);
  const following = (await followers.following(place)).includes(id);
  // Where nobody else presses.
  const shares = place.kind === "private" && canShare(ctx.me);
  const render = (view: View) => {
    const card = caseMessage(view, following, ctx.links, shares);
    const rows = [...above, ...(keyboard ?? card.keyboard).inline_keyboard];
    const shown = { ...card, keyboard: { inline_keyboard: rows } };
    return into !== undefined && isVeiled(ctx) ? veiled(shown, ctx.locale) : shown;
  };
  let view = await cases.view(id, ctx.locale);
  let messageId = into;
  if (messageId === undefined) messageId = await answer(ctx, render(view));
  else await edit(ctx, messageId, render(view));
  for (let again = 0; again < REREAD; again++) {
    const newest = await cases.view(id, ctx.locale);
    if (identity(newest) === identity(view)) break;
    view = newest;
    await edit(ctx, messageId, render(view));
  }
  return view;
}
