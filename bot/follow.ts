/** Following a case, a place or everything, and stopping. */
import { Composer } from "grammy";
import type { InlineKeyboardButton } from "grammy/types";
import { joinList } from "../shared/intl.ts";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { Profile } from "../shared/profile/schema.ts";
import { runOf } from "../shared/view/run.ts";
import type { CaseSummary } from "../shared/view/summary.ts";
import { requireChatAdmin } from "./admins.ts";
import { buttonData, buttonPattern, isCase } from "./button-data.ts";
import {
  answer,
  type CaseContext,
  edit,
  ignoringTelegramErrors,
  pressedMessage,
  requirePlace,
  showCase,
  toast,
} from "./context.ts";
import { exampleScopes } from "./examples.ts";
import { find } from "./find.ts";
import { linesMessage, plainMessage } from "./message.ts";
import type { Scope } from "./ports.ts";
import { safetyBeforeFollow } from "./safety.ts";
import { scopeIn, scopeName } from "./scope.ts";
import { bold, button, type Outgoing, outgoing, plain, shortRun } from "./text.ts";

/** Each listed follow takes a row of buttons. */
const MAX_LISTED_FOLLOWS = 40;

/** Answers a press with the first line of a text. */
const toastFirstLine = (ctx: CaseContext, text: string) => toast(ctx, text.split("\n")[0]!);

/** The confirmation of a follow. It names nothing when the chat has chosen neutral messages. */
async function confirmation(ctx: CaseContext, scope: Scope, outcome: "followed" | "already"): Promise<string> {
  const { silent, neutral } = await ctx.ports.followers.manner(requirePlace(ctx));
  if (silent && neutral) return message(ctx.locale, "bot.follow.quietly");
  return message(ctx.locale, `bot.follow.${outcome}`, { id: scopeName(scope, ctx.locale, ctx.links.profile) });
}

/**
 * The confirmation of an unfollow. A case may still be followed through its place or through `all`. The text then says so, and
 * each of these scopes gets a button to unfollow it.
 */
async function unfollowConfirmation(
  ctx: CaseContext,
  scope: Scope,
  outcome: "unfollowed" | "not-followed",
  stop: (scope: Scope) => string,
): Promise<{ text: string; rows: InlineKeyboardButton[][] }> {
  const { locale } = ctx;
  const { profile } = ctx.links;
  const { cases, followers } = ctx.ports;
  const first = message(locale, `bot.unfollow.${outcome}`, { id: scopeName(scope, locale, profile) });
  if (!isCase(scope)) return { text: first, rows: [] };
  const [scopes, summaries] = await Promise.all([followers.following(requirePlace(ctx)), cases.list()]);
  const places = summaries.find(({ id }) => id === scope)?.places ?? [];
  const through = scopes.filter((other) => other === "all" || places.includes(other));
  if (through.length === 0) return { text: first, rows: [] };
  const names = through.map((other) => scopeName(other, locale, profile));
  return {
    text: `${first}\n${message(locale, "bot.unfollow.through", { scopes: joinList(locale, names) })}`,
    rows: through.map((other, index) => [
      button(message(locale, "bot.unfollow.scope", { id: names[index] as string }), stop(other)),
    ]),
  };
}

/** The scope that the words name. @returns null when there is none or several; the chat has then been answered */
async function scopeFrom(ctx: CaseContext, words: string): Promise<Scope | null> {
  return scopeIn(words, await ctx.ports.cases.list()) ?? find(ctx, words);
}

/** False for a place that no case belongs to: a client can send any code. */
async function exists(ctx: CaseContext, scope: Scope): Promise<boolean> {
  return isCase(scope) || scopeIn(scope, await ctx.ports.cases.list()) !== null;
}

/** Follows a scope. The chat's first follow shows the safety screen instead, unless `knowingly` is true. */
export async function follow(
  ctx: CaseContext,
  scope: Scope,
  knowingly: boolean,
): Promise<"asked" | "followed" | "already" | "refused"> {
  const place = requirePlace(ctx);
  const { cases, followers } = ctx.ports;
  let seen = 0;
  if (isCase(scope)) {
    const view = await cases.view(scope, ctx.locale);
    if (view.state !== "present") return "refused";
    seen = view.revision.number;
  }
  if (!knowingly && (await followers.following(place)).length === 0) {
    await answer(ctx, safetyBeforeFollow(scope, ctx.locale, place.kind === "group", ctx.safety, ctx.links.profile));
    return "asked";
  }
  return followers.follow(place, scope, ctx.locale, seen);
}

/** The list of follows, each with a button to unfollow it. Follows beyond the limit are only counted. */
export function followingMessage(all: Scope[], cases: CaseSummary[], locale: LocaleTag, profile: Profile): Outgoing {
  const scopes = all.slice(0, MAX_LISTED_FOLLOWS);
  if (scopes.length === 0)
    return outgoing([plain(message(locale, "bot.following.none"))], locale, [
      [button(message(locale, "bot.cases"), buttonData.list(0))],
    ]);
  const summaries = new Map(cases.map((summary) => [summary.id, summary]));
  const entries = scopes.map((scope) => {
    const summary = summaries.get(scope);
    const name = scopeName(scope, locale, profile);
    if (!summary) return plain(name);
    return plain(`${name} · ${shortRun(runOf(summary.title, summary.language, locale), 80, locale)}`);
  });
  const rows = scopes.map((scope): InlineKeyboardButton[] => {
    const stop = button(
      `✕ ${message(locale, "bot.unfollow.scope", { id: scopeName(scope, locale, profile) })}`,
      buttonData.unlist(scope),
    );
    return isCase(scope) ? [button(scopeName(scope, locale, profile), buttonData.open(scope)), stop] : [stop];
  });
  const beyond = all.length - scopes.length;
  const more = beyond > 0 ? plain(message(locale, "bot.following.more", { count: beyond })) : null;
  return outgoing([bold(message(locale, "bot.following")), ...entries, more], locale, rows);
}

async function followedHere(ctx: CaseContext): Promise<Outgoing> {
  const { cases, followers } = ctx.ports;
  const [all, summaries] = await Promise.all([followers.following(requirePlace(ctx)), cases.list()]);
  return followingMessage(all, summaries, ctx.locale, ctx.links.profile);
}

export async function showFollowing(ctx: CaseContext): Promise<void> {
  await answer(ctx, await followedHere(ctx));
}

export const following = new Composer<CaseContext>();

following.command("follow", async (ctx) => {
  if (ctx.match.trim() === "") {
    const how = plainMessage(ctx.locale, "bot.follow.how", await exampleScopes(ctx));
    const rows = [
      [button(message(ctx.locale, "bot.cases"), buttonData.list(0))],
      [button(message(ctx.locale, "bot.follow.all"), buttonData.follow("all"))],
    ];
    return void (await answer(ctx, { ...how, keyboard: { inline_keyboard: rows } }));
  }
  if (!(await requireChatAdmin(ctx))) return;
  const scope = await scopeFrom(ctx, ctx.match);
  if (!scope) return;
  const outcome = await follow(ctx, scope, false);
  if (outcome === "refused") await showCase(ctx, scope);
  else if (outcome !== "asked") await answer(ctx, linesMessage(ctx.locale, await confirmation(ctx, scope, outcome)));
});

following.command("unfollow", async (ctx) => {
  if (ctx.match.trim() === "") return showFollowing(ctx);
  if (!(await requireChatAdmin(ctx))) return;
  const scope = await scopeFrom(ctx, ctx.match);
  if (!scope) return;
  const outcome = await ctx.ports.followers.unfollow(requirePlace(ctx), scope);
  const { text, rows } = await unfollowConfirmation(ctx, scope, outcome, buttonData.unlist);
  await answer(ctx, linesMessage(ctx.locale, text, rows));
});

following.command("following", showFollowing);

following.callbackQuery(buttonPattern.follow, async (ctx) => {
  if (!(await requireChatAdmin(ctx))) return;
  const scope = ctx.match[1] as string;
  if (!(await exists(ctx, scope))) return void (await toast(ctx, message(ctx.locale, "bot.old")));
  const outcome = await follow(ctx, scope, false);
  if (outcome === "asked") return void (await ctx.answerCallbackQuery());
  if (isCase(scope)) await showCase(ctx, scope, pressedMessage(ctx));
  if (outcome === "refused") await ctx.answerCallbackQuery();
  else await toastFirstLine(ctx, await confirmation(ctx, scope, outcome));
});

async function followKnowingly(ctx: CaseContext, scope: Scope): Promise<void> {
  if (!(await exists(ctx, scope))) return void (await toast(ctx, message(ctx.locale, "bot.old")));
  const outcome = await follow(ctx, scope, true);
  if (outcome === "refused" || outcome === "asked") {
    await showCase(ctx, scope, pressedMessage(ctx));
    return void (await ctx.answerCallbackQuery());
  }
  const { into } = pressedMessage(ctx);
  const text = await confirmation(ctx, scope, outcome);
  const followed = linesMessage(ctx.locale, text);
  if (into === undefined) await answer(ctx, followed);
  else await edit(ctx, into, followed);
  await toastFirstLine(ctx, text);
}

following.callbackQuery(buttonPattern.followKnowingly, async (ctx) => {
  if (await requireChatAdmin(ctx)) await followKnowingly(ctx, ctx.match[1] as string);
});

following.callbackQuery(buttonPattern.decline, async (ctx) => {
  if (!(await requireChatAdmin(ctx))) return;
  const scope = ctx.match[1] as string;
  const { into } = pressedMessage(ctx);
  if (isCase(scope)) await showCase(ctx, scope, pressedMessage(ctx));
  else if (into !== undefined)
    await edit(
      ctx,
      into,
      linesMessage(
        ctx.locale,
        message(ctx.locale, "bot.unfollow.not-followed", { id: scopeName(scope, ctx.locale, ctx.links.profile) }),
      ),
    );
  await ctx.answerCallbackQuery();
});

following.callbackQuery(buttonPattern.followQuietly, async (ctx) => {
  if (!(await requireChatAdmin(ctx))) return;
  // The settings come first, so that no update can arrive with sound or names in between.
  await ctx.ports.followers.setManner(requirePlace(ctx), { silent: true, neutral: true });
  await followKnowingly(ctx, ctx.match[1] as string);
});

/** Removes the pressed button from its message. */
async function dropButton(ctx: CaseContext): Promise<void> {
  const { message, data } = ctx.callbackQuery ?? {};
  const rows = (message && "reply_markup" in message && message.reply_markup?.inline_keyboard) || [];
  const left = rows.map((row) => row.filter((key) => !("callback_data" in key && key.callback_data === data)));
  if (left.flat().length === rows.flat().length) return;
  const inline_keyboard = left.filter((row) => row.length > 0);
  await ignoringTelegramErrors(ctx.editMessageReplyMarkup({ reply_markup: { inline_keyboard } }));
}

following.callbackQuery(buttonPattern.unfollow, async (ctx) => {
  if (!(await requireChatAdmin(ctx))) return;
  const scope = ctx.match[1] as string;
  const outcome = await ctx.ports.followers.unfollow(requirePlace(ctx), scope);
  const { text, rows } = await unfollowConfirmation(ctx, scope, outcome, buttonData.unfollow);
  if (isCase(scope)) await showCase(ctx, scope, { ...pressedMessage(ctx), above: rows });
  else await dropButton(ctx);
  await toast(ctx, text.replace("\n", ". "));
});

following.callbackQuery(buttonPattern.unlist, async (ctx) => {
  if (!(await requireChatAdmin(ctx))) return;
  const scope = ctx.match[1] as string;
  const outcome = await ctx.ports.followers.unfollow(requirePlace(ctx), scope);
  const { into } = pressedMessage(ctx);
  if (into !== undefined) await edit(ctx, into, await followedHere(ctx));
  await toast(
    ctx,
    message(ctx.locale, `bot.unfollow.${outcome}`, { id: scopeName(scope, ctx.locale, ctx.links.profile) }),
  );
});
