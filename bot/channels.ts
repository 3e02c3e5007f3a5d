/**
 * Channels where the bot is an administrator. Another administrator posts a command; from then on the bot posts the updates of
 * the chosen cases and keeps one pinned card per case up to date. It posts nothing else.
 */
import { type Api, Composer } from "grammy";
import { message } from "../shared/messages.ts";
import { caseIdIn } from "../shared/profile/numbers.ts";
import { buttonPattern, isCase } from "./button-data.ts";
import { channelCard } from "./card.ts";
import { answer, type CaseContext, ignoringTelegramErrors, pressedMessage, requirePlace, toast } from "./context.ts";
import { exampleScopes } from "./examples.ts";
import { forgottenMessage } from "./forget.ts";
import { linesMessage, plainMessage } from "./message.ts";
import type { Scope } from "./ports.ts";
import { safetyText } from "./safety.ts";
import { scopeIn, scopeName } from "./scope.ts";
import { languageIn } from "./settings.ts";

/** The scope that a command names; null when it names none, or several cases. */
async function scopeFrom(ctx: CaseContext, words: string): Promise<Scope | null> {
  const summaries = await ctx.ports.cases.list();
  const scope = scopeIn(words, summaries) ?? caseIdIn(words.trim(), ctx.links.profile);
  if (scope) return scope;
  const found = words.trim() === "" ? [] : await ctx.ports.cases.search(words);
  return found.length === 1 ? found[0]!.id : null;
}

/** Posts and pins a card, and registers it for edits. */
async function pinCard(ctx: CaseContext, id: string): Promise<void> {
  const place = requirePlace(ctx);
  const view = await ctx.ports.cases.view(id, ctx.locale);
  if (view.state !== "present") return;
  const card = await answer(ctx, channelCard(view, ctx.links, ctx.me.username));
  await ctx.ports.cards.pin(place, card, { caseId: id, locale: ctx.locale, shown: view.revision.number });
  await ignoringTelegramErrors(ctx.api.pinChatMessage(place.chat, card, { disable_notification: true }));
}

/** Deletes cards that are no longer updated: they would become outdated. */
async function removeCards(api: Api, chat: number, messages: number[]): Promise<void> {
  for (const message of messages) {
    await ignoringTelegramErrors(api.unpinChatMessage(chat, message));
    await ignoringTelegramErrors(api.deleteMessage(chat, message));
  }
}

const channelSafety = ({ locale, safety }: CaseContext) =>
  linesMessage(locale, safetyText(locale, "bot.channel.safety", safety));

export const channels = new Composer<CaseContext>();
const posts = channels.chatType("channel");

posts.command("follow", async (ctx) => {
  const place = requirePlace(ctx);
  const scope = await scopeFrom(ctx, ctx.match);
  const view = scope && isCase(scope) ? await ctx.ports.cases.view(scope, ctx.locale) : null;
  if (!scope || (view && view.state !== "present"))
    return void (await answer(ctx, plainMessage(ctx.locale, "bot.channel.how", await exampleScopes(ctx))));
  const seen = view?.state === "present" ? view.revision.number : 0;
  const first = (await ctx.ports.followers.following(place)).length === 0;
  await ctx.ports.followers.follow(place, scope, ctx.locale, seen);
  await ignoringTelegramErrors(ctx.deleteMessage());
  if (first) await answer(ctx, channelSafety(ctx));
  if (isCase(scope)) {
    // A second /follow replaces the card: it may have been deleted, and Telegram sends no update for that.
    await removeCards(ctx.api, place.chat, await ctx.ports.cards.unpin(place, scope));
    await pinCard(ctx, scope);
  } else
    await answer(
      ctx,
      plainMessage(ctx.locale, "bot.channel.follows", { name: scopeName(scope, ctx.locale, ctx.links.profile), scope }),
    );
});

posts.command("unfollow", async (ctx) => {
  const place = requirePlace(ctx);
  const scope = await scopeFrom(ctx, ctx.match);
  if (!scope) return void (await answer(ctx, plainMessage(ctx.locale, "bot.channel.how", await exampleScopes(ctx))));
  await ctx.ports.followers.unfollow(place, scope);
  await ignoringTelegramErrors(ctx.deleteMessage());
  if (isCase(scope)) await removeCards(ctx.api, place.chat, await ctx.ports.cards.unpin(place, scope));
});

posts.command("language", async (ctx) => {
  const tag = languageIn(ctx.match, ctx.links.profile);
  if (tag) {
    await ctx.ports.followers.setLanguage(requirePlace(ctx), tag);
    await ctx.ports.cards.translate(requirePlace(ctx), tag);
  }
  await ignoringTelegramErrors(ctx.deleteMessage());
});

posts.command("privacy", async (ctx) => {
  await ignoringTelegramErrors(ctx.deleteMessage());
  await answer(ctx, channelSafety(ctx));
});

posts.command("forget", async (ctx) => {
  const place = requirePlace(ctx);
  const scopes = await ctx.ports.followers.following(place);
  const pinned = await Promise.all(scopes.filter(isCase).map((id) => ctx.ports.cards.unpin(place, id)));
  const forgotten = await ctx.ports.followers.forget(place);
  await ignoringTelegramErrors(ctx.deleteMessage());
  await removeCards(ctx.api, place.chat, pinned.flat());
  // The deleted cards are visible, and channels have no sharing warning to forget.
  await answer(ctx, forgottenMessage({ ...forgotten, warned: false }, place.kind, ctx.locale));
});

// Any reader can press, and can send data that no button here carries. So a press only refreshes a registered card, and the
// edit queue does that at most once a second.
posts.callbackQuery(buttonPattern.card, async (ctx) => {
  const { into } = pressedMessage(ctx);
  const card = into === undefined ? null : await ctx.ports.cards.pressed({ chat: ctx.chat.id, message: into }, null);
  if (card) await ctx.answerCallbackQuery();
  else await toast(ctx, message(ctx.locale, "bot.old"));
});
posts.on("callback_query:data", (ctx) => toast(ctx, message(ctx.locale, "bot.old")));

// All other posts are ignored: every subscriber would read the answer.
posts.on("channel_post", () => {});
