/** Following a case, a place or everything, and stopping. */
import { Composer } from "grammy";
import type { InlineKeyboardButton } from "grammy/types";
import { joinList } from "../shared/intl.ts";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { CaseSummary } from "../shared/view/summary.ts";
import { answer, type CaseContext, edit, mustPlace, showCase, toast, tried, under } from "./context.ts";
import { decides } from "./decide.ts";
import { find } from "./find.ts";
import { linesMessage, plainMessage } from "./message.ts";
import type { Scope } from "./ports.ts";
import { isCase, press, pressed } from "./press.ts";
import { safetyBeforeFollow } from "./safety.ts";
import { scopeIn, scopeName } from "./scope.ts";
import { bold, button, type Outgoing, outgoing, plain, shortRun } from "./text.ts";

/** How many follows one list shows: each takes a row of buttons. */
const LISTED = 40;

/** A press is answered with a text's first line. */
const sayFirst = (ctx: CaseContext, text: string) => toast(ctx, text.split("\n")[0]!);

/** What is said of a follow; where nothing may be named, nothing is. */
async function confirmation(ctx: CaseContext, scope: Scope, outcome: "followed" | "already"): Promise<string> {
  const { silent, neutral } = await ctx.ports.followers.manner(mustPlace(ctx));
  if (silent && neutral) return message(ctx.locale, "bot.follow.quietly");
  return message(ctx.locale, `bot.follow.${outcome}`, { id: scopeName(scope, ctx.locale) });
}

/**
 * What is said once a follow was ended. A case may still be followed through its place or with everything: then that too, with
 * a button to stop each.
 */
async function stopped(
  ctx: CaseContext,
  scope: Scope,
  outcome: "unfollowed" | "not-followed",
  stop: (scope: Scope) => string,
): Promise<{ text: string; rows: InlineKeyboardButton[][] }> {
  const { locale } = ctx;
  const { cases, followers } = ctx.ports;
  const first = message(locale, `bot.unfollow.${outcome}`, { id: scopeName(scope, locale) });
  if (!isCase(scope)) return { text: first, rows: [] };
  const [scopes, summaries] = await Promise.all([followers.following(mustPlace(ctx)), cases.list()]);
  const places = summaries.find(({ id }) => id === scope)?.places ?? [];
  const through = scopes.filter((other) => other === "all" || places.includes(other));
  if (through.length === 0) return { text: first, rows: [] };
  const names = through.map((other) => scopeName(other, locale));
  return {
    text: `${first}\n${message(locale, "bot.unfollow.through", { scopes: joinList(locale, names) })}`,
    rows: through.map((other, index) => [
      button(message(locale, "bot.unfollow.scope", { id: names[index] as string }), stop(other)),
    ]),
  };
}

/** What words mean: a place, everything, or a case; null after the chat was told what else there is. */
async function wanted(ctx: CaseContext, words: string): Promise<Scope | null> {
  return scopeIn(words, await ctx.ports.cases.list()) ?? find(ctx, words);
}

/** Any client can send any code: what nothing can stand under is not followed. */
async function exists(ctx: CaseContext, scope: Scope): Promise<boolean> {
  return isCase(scope) || scopeIn(scope, await ctx.ports.cases.list()) !== null;
}

/** Follows, after the safety screen when it is the chat's first. */
export async function follow(
  ctx: CaseContext,
  scope: Scope,
  knowingly: boolean,
): Promise<"asked" | "followed" | "already" | "refused"> {
  const place = mustPlace(ctx);
  const { cases, followers } = ctx.ports;
  let told = 0;
  if (isCase(scope)) {
    const view = await cases.view(scope, ctx.locale);
    if (view.state !== "present") return "refused";
    told = view.revision.number;
  }
  if (!knowingly && (await followers.following(place)).length === 0) {
    await answer(ctx, safetyBeforeFollow(scope, ctx.locale, place.kind === "group"));
    return "asked";
  }
  return followers.follow(place, scope, ctx.locale, told);
}

/** What is followed, with a button to stop each; as many as a message has room for, and how many more there are. */
export function followingMessage(all: Scope[], cases: CaseSummary[], locale: LocaleTag): Outgoing {
  const scopes = all.slice(0, LISTED);
  if (scopes.length === 0)
    return outgoing([plain(message(locale, "bot.following.none"))], locale, [
      [button(message(locale, "bot.cases"), press.list(0))],
    ]);
  const summaries = new Map(cases.map((summary) => [summary.id, summary]));
  const entries = scopes.map((scope) => {
    const title = summaries.get(scope)?.title[locale] ?? Object.values(summaries.get(scope)?.title ?? {})[0];
    const name = scopeName(scope, locale);
    return title ? plain(`${name} · ${shortRun({ text: title }, 80, locale)}`) : plain(name);
  });
  const rows = scopes.map((scope): InlineKeyboardButton[] => {
    const stop = button(
      `✕ ${message(locale, "bot.unfollow.scope", { id: scopeName(scope, locale) })}`,
      press.unlist(scope),
    );
    return isCase(scope) ? [button(scopeName(scope, locale), press.open(scope)), stop] : [stop];
  });
  const beyond = all.length - scopes.length;
  const more = beyond > 0 ? plain(message(locale, "bot.following.more", { count: beyond })) : null;
  return outgoing([bold(message(locale, "bot.following")), ...entries, more], locale, rows);
}

async function followedHere(ctx: CaseContext): Promise<Outgoing> {
  const { cases, followers } = ctx.ports;
  const [all, summaries] = await Promise.all([followers.following(mustPlace(ctx)), cases.list()]);
  return followingMessage(all, summaries, ctx.locale);
}

export async function showFollowing(ctx: CaseContext): Promise<void> {
  await answer(ctx, await followedHere(ctx));
}

export const following = new Composer<CaseContext>();

following.command("follow", async (ctx) => {
  if (ctx.match.trim() === "") {
    const how = plainMessage(ctx.locale, "bot.follow.how");
    const rows = [
      [button(message(ctx.locale, "bot.cases"), press.list(0))],
      [button(message(ctx.locale, "bot.follow.all"), press.follow("all"))],
    ];
    return void (await answer(ctx, { ...how, keyboard: { inline_keyboard: rows } }));
  }
  if (!(await decides(ctx))) return;
  const scope = await wanted(ctx, ctx.match);
  if (!scope) return;
  const outcome = await follow(ctx, scope, false);
  if (outcome === "refused") await showCase(ctx, scope);
  else if (outcome !== "asked") await answer(ctx, linesMessage(ctx.locale, await confirmation(ctx, scope, outcome)));
});

following.command("unfollow", async (ctx) => {
  if (ctx.match.trim() === "") return showFollowing(ctx);
  if (!(await decides(ctx))) return;
  const scope = await wanted(ctx, ctx.match);
  if (!scope) return;
  const outcome = await ctx.ports.followers.unfollow(mustPlace(ctx), scope);
  const { text, rows } = await stopped(ctx, scope, outcome, press.unlist);
  await answer(ctx, linesMessage(ctx.locale, text, rows));
});

following.command("following", showFollowing);

following.callbackQuery(pressed.follow, async (ctx) => {
  if (!(await decides(ctx))) return;
  const scope = ctx.match[1] as string;
  if (!(await exists(ctx, scope))) return void (await toast(ctx, message(ctx.locale, "bot.old")));
  const outcome = await follow(ctx, scope, false);
  if (outcome === "asked") return void (await ctx.answerCallbackQuery());
  if (isCase(scope)) await showCase(ctx, scope, under(ctx));
  if (outcome === "refused") await ctx.answerCallbackQuery();
  else await sayFirst(ctx, await confirmation(ctx, scope, outcome));
});

async function followKnowingly(ctx: CaseContext, scope: Scope): Promise<void> {
  if (!(await exists(ctx, scope))) return void (await toast(ctx, message(ctx.locale, "bot.old")));
  const outcome = await follow(ctx, scope, true);
  if (outcome === "refused" || outcome === "asked") {
    await showCase(ctx, scope, under(ctx));
    return void (await ctx.answerCallbackQuery());
  }
  const { into } = under(ctx);
  const text = await confirmation(ctx, scope, outcome);
  const followed = linesMessage(ctx.locale, text);
  if (into === undefined) await answer(ctx, followed);
  else await edit(ctx, into, followed);
  await sayFirst(ctx, text);
}

following.callbackQuery(pressed.followKnowingly, async (ctx) => {
  if (await decides(ctx)) await followKnowingly(ctx, ctx.match[1] as string);
});

following.callbackQuery(pressed.decline, async (ctx) => {
  if (!(await decides(ctx))) return;
  const scope = ctx.match[1] as string;
  const { into } = under(ctx);
  if (isCase(scope)) await showCase(ctx, scope, under(ctx));
  else if (into !== undefined)
    await edit(
      ctx,
      into,
      linesMessage(ctx.locale, message(ctx.locale, "bot.unfollow.not-followed", { id: scopeName(scope, ctx.locale) })),
    );
  await ctx.answerCallbackQuery();
});

following.callbackQuery(pressed.followQuietly, async (ctx) => {
  if (!(await decides(ctx))) return;
  // First how, then what: no update can come between that rings or names.
  await ctx.ports.followers.setManner(mustPlace(ctx), { silent: true, neutral: true });
  await followKnowingly(ctx, ctx.match[1] as string);
});

/** A button that has done its work goes; the message above it stays as it was. */
async function dropButton(ctx: CaseContext): Promise<void> {
  const { message, data } = ctx.callbackQuery ?? {};
  const rows = (message && "reply_markup" in message && message.reply_markup?.inline_keyboard) || [];
  const left = rows.map((row) => row.filter((key) => !("callback_data" in key && key.callback_data === data)));
  if (left.flat().length === rows.flat().length) return;
  const inline_keyboard = left.filter((row) => row.length > 0);
  await tried(ctx.editMessageReplyMarkup({ reply_markup: { inline_keyboard } }));
}

following.callbackQuery(pressed.unfollow, async (ctx) => {
  if (!(await decides(ctx))) return;
  const scope = ctx.match[1] as string;
  const outcome = await ctx.ports.followers.unfollow(mustPlace(ctx), scope);
  const { text, rows } = await stopped(ctx, scope, outcome, press.unfollow);
  if (isCase(scope)) await showCase(ctx, scope, { ...under(ctx), above: rows });
  else await dropButton(ctx);
  await toast(ctx, text.replace("\n", ". "));
});

following.callbackQuery(pressed.unlist, async (ctx) => {
  if (!(await decides(ctx))) return;
  const scope = ctx.match[1] as string;
  const outcome = await ctx.ports.followers.unfollow(mustPlace(ctx), scope);
  const { into } = under(ctx);
  if (into !== undefined) await edit(ctx, into, await followedHere(ctx));
  await toast(ctx, message(ctx.locale, `bot.unfollow.${outcome}`, { id: scopeName(scope, ctx.locale) }));
});
