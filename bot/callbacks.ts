/** Buttons about cases. Every press is answered, or Telegram would show a spinner for a minute. */
import { Composer } from "grammy";
import { message } from "../shared/messages.ts";
import { buttonPattern } from "./button-data.ts";
import { answer, type CaseContext, edit, pressedMessage, requirePlace, showCase, toast } from "./context.ts";
import { listMessage, readListPage } from "./message.ts";

export const callbacks = new Composer<CaseContext>();

callbacks.callbackQuery(buttonPattern.open, async function openCase(ctx) {
  // In a group the card replaces the list, so that presses don't fill the chat with cards.
  await showCase(ctx, ctx.match[1] as string, requirePlace(ctx).kind === "private" ? {} : pressedMessage(ctx));
  await ctx.answerCallbackQuery();
});

callbacks.callbackQuery(buttonPattern.refresh, async function refreshCase(ctx) {
  const view = await showCase(ctx, ctx.match[1] as string, pressedMessage(ctx));
  await toast(ctx, view.state === "present" ? view.revision.label : view.title);
});

callbacks.callbackQuery(buttonPattern.list, async function turnPage(ctx) {
  const page = await readListPage(ctx.ports.cases, Number(ctx.match[1]));
  const title = message(ctx.locale, "bot.cases.title");
  const list = listMessage(title, page, ctx.locale, ctx.ports.now());
  // Turning a page edits the list. From any other message the list is sent as a new one.
  const { into } = pressedMessage(ctx);
  const isList = ctx.callbackQuery.message?.text?.replace("\u200f", "").startsWith(title);
  if (into !== undefined && (isList || requirePlace(ctx).kind !== "private")) await edit(ctx, into, list);
  else await answer(ctx, list);
  await ctx.answerCallbackQuery();
});

// Data that no button of this bot carries.
callbacks.on("callback_query:data", (ctx) => toast(ctx, message(ctx.locale, "bot.old")));
