/** Buttons about cases. Every press is answered, or Telegram would show a spinner for a minute. */
import { Composer } from "grammy";
import { buttonPattern } from "./button-data.ts";
import type { CaseContext } from "./context.ts";
import { listMessage, readListPage } from "./message.ts";

export const callbacks = new Composer<CaseContext>();

callbacks.callbackQuery(buttonPattern.open, async function openCase(ctx) {
  // In a group the card replaces the list, so that presses don't fill the chat with cards.
  await ctx.showCase(ctx.match[1] as string, ctx.place.kind === "private" ? {} : ctx.pressed);
  await ctx.answerCallbackQuery();
});

callbacks.callbackQuery(buttonPattern.refresh, async function refreshCase(ctx) {
  const view = await ctx.showCase(ctx.match[1] as string, ctx.pressed);
  await ctx.toast(view.state === "present" ? view.revision.label : view.title);
});

callbacks.callbackQuery(buttonPattern.list, async function turnPage(ctx) {
  const page = await readListPage(ctx.ports.cases, Number(ctx.match[1]));
  const title = ctx.say("bot.cases.title");
  const list = listMessage(title, page, ctx.locale, ctx.ports.now());
  // Turning a page edits the list. From any other message the list is sent as a new one.
  const { into } = ctx.pressed;
  const isList = ctx.callbackQuery.message?.text?.replace("\u200f", "").startsWith(title);
  if (into !== undefined && (isList || ctx.place.kind !== "private")) await ctx.edit(into, list);
  else await ctx.answer(list);
  await ctx.answerCallbackQuery();
});

// Data that no button of this bot carries.
callbacks.on("callback_query:data", (ctx) => ctx.toast(ctx.say("bot.old")));
