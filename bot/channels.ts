/**
 * A channel, where the bot is an administrator: its other administrators post a command, the bot posts every update of what
 * they chose and keeps one pinned card per case up to date. It says nothing else there.
 */
import { type Api, Composer } from "grammy";
import { message } from "../shared/messages.ts";
import { channelCard } from "./card.ts";
import { answer, type CaseContext, mustPlace, toast, tried, under } from "./context.ts";
import { forgottenMessage } from "./forget.ts";
import { plainMessage } from "./message.ts";
import type { Scope } from "./ports.ts";
import { isCase, pressed } from "./press.ts";
import { scopeIn, scopeName } from "./scope.ts";
import { languageIn } from "./settings.ts";

/** What the words of a command mean; null when they mean nothing, or more than one case. */
async function wanted(ctx: CaseContext, words: string): Promise<Scope | null> {
  const summaries = await ctx.ports.cases.list();
  const id = words.trim().toLowerCase();
  const scope = scopeIn(words, summaries) ?? (isCase(id) ? id : null);
  if (scope) return scope;
  const found = words.trim() === "" ? [] : await ctx.ports.cases.search(words);
  return found.length === 1 ? found[0]!.id : null;
}

/** Posts and pins the card that the queue of edits keeps true from then on. */
async function pinCard(ctx: CaseContext, id: string): Promise<void> {
  const place = mustPlace(ctx);
  const view = await ctx.ports.cases.view(id, ctx.locale);
  if (view.state !== "present") return;
  const card = await answer(ctx, channelCard(view, ctx.links, ctx.me.username));
  await ctx.ports.cards.pin(place, card, { caseId: id, locale: ctx.locale, shown: view.revision.number });
  await tried(ctx.api.pinChatMessage(place.chat, card, { disable_notification: true }));
}

/** A card that is not kept any more must not go on saying what may change. */
async function removeCards(api: Api, chat: number, messages: number[]): Promise<void> {
  for (const message of messages) {
    await tried(api.unpinChatMessage(chat, message));
    await tried(api.deleteMessage(chat, message));
  }
}

export const channels = new Composer<CaseContext>();
const posts = channels.chatType("channel");

posts.command("follow", async (ctx) => {
  const place = mustPlace(ctx);
  const scope = await wanted(ctx, ctx.match);
  const view = scope && isCase(scope) ? await ctx.ports.cases.view(scope, ctx.locale) : null;
  if (!scope || (view && view.state !== "present"))
    return void (await answer(ctx, plainMessage(ctx.locale, "bot.channel.how")));
  const told = view?.state === "present" ? view.revision.number : 0;
  const first = (await ctx.ports.followers.following(place)).length === 0;
  await ctx.ports.followers.follow(place, scope, ctx.locale, told);
  await tried(ctx.deleteMessage());
  if (first) await answer(ctx, plainMessage(ctx.locale, "bot.channel.safety"));
  if (isCase(scope)) {
    // Whoever follows again misses the card: it may have been deleted, which Telegram tells nobody.
    await removeCards(ctx.api, place.chat, await ctx.ports.cards.unpin(place, scope));
    await pinCard(ctx, scope);
  } else
    await answer(ctx, plainMessage(ctx.locale, "bot.channel.follows", { name: scopeName(scope, ctx.locale), scope }));
});

posts.command("unfollow", async (ctx) => {
  const place = mustPlace(ctx);
  const scope = await wanted(ctx, ctx.match);
  if (!scope) return void (await answer(ctx, plainMessage(ctx.locale, "bot.channel.how")));
  await ctx.ports.followers.unfollow(place, scope);
  await tried(ctx.deleteMessage());
  if (isCase(scope)) await removeCards(ctx.api, place.chat, await ctx.ports.cards.unpin(place, scope));
});

posts.command("language", async (ctx) => {
  const tag = languageIn(ctx.match);
  if (tag) {
    await ctx.ports.followers.setLanguage(mustPlace(ctx), tag);
    await ctx.ports.cards.translate(mustPlace(ctx), tag);
  }
  await tried(ctx.deleteMessage());
});

posts.command("privacy", async (ctx) => {
  await tried(ctx.deleteMessage());
  await answer(ctx, plainMessage(ctx.locale, "bot.channel.safety"));
});

posts.command("forget", async (ctx) => {
  const place = mustPlace(ctx);
  const scopes = await ctx.ports.followers.following(place);
  const pinned = await Promise.all(scopes.filter(isCase).map((id) => ctx.ports.cards.unpin(place, id)));
  const forgotten = await ctx.ports.followers.forget(place);
  await tried(ctx.deleteMessage());
  await removeCards(ctx.api, place.chat, pinned.flat());
  // That its cards are gone can be seen, and nobody here has read anything.
  await answer(ctx, forgottenMessage({ ...forgotten, warned: false }, place.kind, ctx.locale));
});

// Any reader can press, and send what no button here carries: a card that is kept may be refreshed, at most once a second by
// the queue of edits, and nothing else is done.
posts.callbackQuery(pressed.card, async (ctx) => {
  const { into } = under(ctx);
  const card = into === undefined ? null : await ctx.ports.cards.pressed({ chat: ctx.chat.id, message: into }, null);
  if (card) await ctx.answerCallbackQuery();
  else await toast(ctx, message(ctx.locale, "bot.old"));
});
posts.on("callback_query:data", (ctx) => toast(ctx, message(ctx.locale, "bot.old")));

// Nothing else is answered where everybody reads; a button still is.
posts.on("channel_post", () => {});
