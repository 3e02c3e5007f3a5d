/**
 * Channels where the bot is an administrator. Another administrator sets them up in private (`channel-setup.ts`) or posts a command; from
 * then on the bot posts the updates of the chosen cases and keeps one pinned card per case up to date. It posts nothing else: it deletes
 * the command and answers the administrators in their private chats.
 */
import { Composer } from "grammy";
import type { LocaleTag } from "../shared/locale.ts";
import { buttonPattern } from "./button-data.ts";
import { adminsToTell, channelSafety, followInChannel, removeCards } from "./channel-setup.ts";
import { type CaseContext, ignoringTelegramErrors } from "./context.ts";
import { forgottenMessage } from "./forget.ts";
import { plainMessage } from "./message.ts";
import { scopeName, scopeNamed } from "./scope.ts";
import { languageIn } from "./settings.ts";

export const channels = new Composer<CaseContext>();
const posts = channels.chatType("channel");

/** Says what a command in a channel may name. */
async function tellHow(ctx: CaseContext): Promise<void> {
  const [tell, examples] = await Promise.all([adminsToTell(ctx), ctx.examples()]);
  await tell((locale) => plainMessage(locale, "bot.channel.how", examples));
}

posts.command("follow", async function followInPost(ctx) {
  await ignoringTelegramErrors(ctx.deleteMessage());
  const { place } = ctx;
  const { profile } = ctx.links;
  const scope = await scopeNamed(ctx.ports.cases, ctx.match, profile);
  if (!scope) return tellHow(ctx);
  const isFirst = (await ctx.ports.followers.following(place)).length === 0;
  const tell = await adminsToTell(ctx);
  const outcome = await followInChannel(ctx, place, scope, ctx.locale);
  if (outcome === "unknown") return tellHow(ctx);
  if (isFirst) await tell((locale) => channelSafety(ctx, place.chat, locale));
  if (outcome === "refused") return tell((locale) => plainMessage(locale, "bot.channel.refused"));
  const named = (locale: LocaleTag) => ({ name: scopeName(scope, locale, profile), scope });
  await tell((locale) => plainMessage(locale, "bot.channel.follows", named(locale)));
});

posts.command("unfollow", async function unfollowInPost(ctx) {
  await ignoringTelegramErrors(ctx.deleteMessage());
  const { place } = ctx;
  const scope = await scopeNamed(ctx.ports.cases, ctx.match, ctx.links.profile);
  if (!scope) return tellHow(ctx);
  const { cards } = await ctx.ports.followers.unfollow(place, [scope]);
  await removeCards(ctx.api, place.chat, cards);
});

posts.command("language", async function setPostLanguage(ctx) {
  await ignoringTelegramErrors(ctx.deleteMessage());
  const tag = languageIn(ctx.match, ctx.links.profile);
  if (!tag) return tellHow(ctx);
  await ctx.ports.followers.setLanguage(ctx.place, tag);
});

posts.command("privacy", async function postPrivacy(ctx) {
  await ignoringTelegramErrors(ctx.deleteMessage());
  const tell = await adminsToTell(ctx);
  await tell((locale) => channelSafety(ctx, ctx.chat.id, locale));
});

posts.command("forget", async function forgetChannel(ctx) {
  const { place } = ctx;
  await ignoringTelegramErrors(ctx.deleteMessage());
  const tell = await adminsToTell(ctx);
  const { pinned = [], ...forgotten } = await ctx.ports.followers.forget(place);
  await removeCards(ctx.api, place.chat, pinned);
  // The deleted cards are visible, and channels have no sharing warning to forget.
  await tell((locale) => forgottenMessage({ ...forgotten, warned: false }, place.kind, locale));
});

// Any reader can press, and can send data that no button here carries. So a press only refreshes a registered card, and the
// edit queue does that at most once a second.
posts.callbackQuery(buttonPattern.card, async function pressPostCard(ctx) {
  const { into } = ctx.pressed;
  const card =
    typeof into !== "number" ? null : await ctx.ports.cards.pressed({ chat: ctx.chat.id, message: into }, null);
  if (card) await ctx.answerCallbackQuery();
  else await ctx.toast(ctx.say("bot.old"));
});
posts.on("callback_query:data", (ctx) => ctx.toast(ctx.say("bot.old")));

// All other posts are ignored: every subscriber would read the answer.
posts.on("channel_post", () => {});
