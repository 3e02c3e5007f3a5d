/** The pinned cards of a channel. */
import type { Api } from "grammy";
import { GrammyError } from "grammy";
import type { LocaleTag } from "../shared/locale.ts";
import { channelCard } from "./card.ts";
import { type CaseContext, ignoringTelegramErrors } from "./context.ts";
import type { ChatPlace } from "./ports.ts";

/** Posts and pins a card, registers it for edits and deletes the former one. @returns false when the channel refuses it */
export async function pinCard(ctx: CaseContext, place: ChatPlace, id: string, locale: LocaleTag): Promise<boolean> {
  const { cases, cards } = ctx.ports;
  const view = await cases.view(id, locale);
  if (view.state !== "present") return false;
  // A second card replaces the first: it may have been deleted, and Telegram sends no update for that.
  await removeCards(ctx.api, place.chat, await cards.unpin(place, id));
  const { text, entities, keyboard } = channelCard(view, ctx.links, ctx.me.username);
  try {
    const { message_id: card } = await ctx.api.sendMessage(place.chat, text, {
      entities,
      reply_markup: keyboard,
      link_preview_options: { is_disabled: true },
    });
    await cards.pin(place, card, { caseId: id, locale, shown: view.revision.number });
    await ignoringTelegramErrors(ctx.api.pinChatMessage(place.chat, card, { disable_notification: true }));
    return true;
  } catch (error) {
    if (error instanceof GrammyError && error.error_code < 500 && error.error_code !== 429) return false;
    throw error;
  }
}

/** Deletes cards that are no longer updated: they would become outdated. */
export async function removeCards(api: Api, chat: number, messages: number[]): Promise<void> {
  for (const message of messages) {
    await ignoringTelegramErrors(api.unpinChatMessage(chat, message));
    await ignoringTelegramErrors(api.deleteMessage(chat, message));
  }
}
