/** What people press. Every press is answered, or Telegram shows a spinner for a minute. */
import { Composer } from "grammy";
import { type LocaleTag, localeTags } from "../shared/locale.ts";
import { type MessageKey, message } from "../shared/messages.ts";
import { follow, numberOf } from "./commands.ts";
import { answer, type CaseContext, edit, mustPlace, showCase } from "./context.ts";
import { languageRows, listMessage, plainMessage } from "./message.ts";
import { pressed } from "./press.ts";

export const callbacks = new Composer<CaseContext>();

const argument = (ctx: CaseContext & { match: string | RegExpMatchArray }, group = 1) =>
  (ctx.match as RegExpMatchArray)[group];

/** The message the button is under; absent when it is too old for Telegram to say. */
const under = (ctx: CaseContext) => {
  const id = ctx.callbackQuery?.message?.message_id;
  return id === undefined ? {} : { into: id };
};

const toast = (ctx: CaseContext, key: MessageKey, values = {}) =>
  ctx.answerCallbackQuery({ text: message(ctx.locale, key, values).split("\n")[0]!.slice(0, 200) });

callbacks.callbackQuery(pressed.open, async (ctx) => {
  await showCase(ctx, argument(ctx)!);
  await ctx.answerCallbackQuery();
});

callbacks.callbackQuery(pressed.refresh, async (ctx) => {
  const view = await showCase(ctx, argument(ctx)!, under(ctx));
  await ctx.answerCallbackQuery({ text: view.state === "present" ? view.revision.label : view.title });
});

callbacks.callbackQuery(pressed.follow, async (ctx) => {
  const id = argument(ctx)!;
  const outcome = await follow(ctx, id, false);
  if (outcome === "asked") return void (await ctx.answerCallbackQuery());
  await showCase(ctx, id, under(ctx));
  if (outcome === "refused") await ctx.answerCallbackQuery();
  else await toast(ctx, `bot.follow.${outcome}`, { id: numberOf(id) });
});

callbacks.callbackQuery(pressed.followKnowingly, async (ctx) => {
  const id = argument(ctx)!;
  const outcome = await follow(ctx, id, true);
  if (outcome === "refused" || outcome === "asked") {
    await showCase(ctx, id, under(ctx));
    return void (await ctx.answerCallbackQuery());
  }
  const { into } = under(ctx);
  const followed = plainMessage(ctx.locale, `bot.follow.${outcome}`, { id: numberOf(id) });
  if (into === undefined) await answer(ctx, followed);
  else await edit(ctx, into, followed);
  await toast(ctx, `bot.follow.${outcome}`, { id: numberOf(id) });
});

callbacks.callbackQuery(pressed.unfollow, async (ctx) => {
  const id = argument(ctx)!;
  const outcome = await ctx.ports.followers.unfollow(mustPlace(ctx), id);
  await showCase(ctx, id, under(ctx));
  await toast(ctx, `bot.unfollow.${outcome}`, { id: numberOf(id) });
});

callbacks.callbackQuery(pressed.chooseLanguage, async (ctx) => {
  const id = argument(ctx)!;
  await showCase(ctx, id, { ...under(ctx), keyboard: { inline_keyboard: languageRows(id) } });
  await ctx.answerCallbackQuery();
});

callbacks.callbackQuery(pressed.language, async (ctx) => {
  const tag = argument(ctx) as LocaleTag;
  if (!localeTags.includes(tag)) return void (await ctx.answerCallbackQuery());
  await ctx.ports.followers.setLanguage(mustPlace(ctx), tag);
  ctx.locale = tag;
  const id = argument(ctx, 2);
  const { into } = under(ctx);
  if (id) await showCase(ctx, id, under(ctx));
  else if (into !== undefined) await edit(ctx, into, plainMessage(tag, "bot.language.chosen", {}, "cases"));
  await toast(ctx, "bot.language.chosen");
});

callbacks.callbackQuery(pressed.list, async (ctx) => {
  const summaries = await ctx.ports.cases.list();
  const title = message(ctx.locale, "bot.cases.title");
  const list = listMessage(title, summaries, Number(argument(ctx)), ctx.locale, ctx.ports.now());
  // Turning a page edits the list; from anywhere else the list is a new message.
  const { into } = under(ctx);
  const isList = ctx.callbackQuery.message?.text?.replace("\u200f", "").startsWith(title);
  if (into !== undefined && isList) await edit(ctx, into, list);
  else await answer(ctx, list);
  await ctx.answerCallbackQuery();
});

// A button of an older version, or no button of ours.
callbacks.on("callback_query:data", (ctx) => toast(ctx, "bot.old"));
