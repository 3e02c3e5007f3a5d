/** The pinned cards of a channel. */
import type { Api } from "grammy";
import { GrammyError } from "grammy";
import type { LocaleTag } from "../shared/locale.ts";
import type { PresentView } from "../shared/view/schema.ts";
import { channelCard } from "./card.ts";
import { type CaseContext, ignoringTelegramErrors } from "./context.ts";
import type { ChatPlace } from "./ports.ts";

/** Posts and pins a card, follows its case and deletes the former card. @returns false when the channel refuses it */
export async function pinCard(
  ctx: CaseContext,
  place: ChatPlace,
  view: PresentView,
  locale: LocaleTag,
): Promise<boolean> {
  try {
    const card = await ctx.sendTo(place.chat, channelCard(view, ctx.links, ctx.me.username));
    const shown = { caseId: view.id, locale, shown: view.revision.number };
    const former = await ctx.ports.cards.pin(place, card, shown);
    await ignoringTelegramErrors(ctx.api.pinChatMessage(place.chat, card, { disable_notification: true }));
    await removeCards(ctx.api, place.chat, former);
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
