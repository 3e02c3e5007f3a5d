/** What people press about cases. Every press is answered, or Telegram shows a spinner for a minute. */
import { Composer } from "grammy";
import { message } from "../shared/messages.ts";
import { answer, type CaseContext, edit, mustPlace, showCase, toast, under } from "./context.ts";
import { listMessage } from "./message.ts";
import { pressed } from "./press.ts";

export const callbacks = new Composer<CaseContext>();

callbacks.callbackQuery(pressed.open, async (ctx) => {
  // Where many can press, nobody fills the chat with cards: the list becomes the card.
  await showCase(ctx, ctx.match[1] as string, mustPlace(ctx).kind === "private" ? {} : under(ctx));
  await ctx.answerCallbackQuery();
});

callbacks.callbackQuery(pressed.refresh, async (ctx) => {
  const view = await showCase(ctx, ctx.match[1] as string, under(ctx));
  await toast(ctx, view.state === "present" ? view.revision.label : view.title);
});

callbacks.callbackQuery(pressed.list, async (ctx) => {
  const summaries = await ctx.ports.cases.list();
  const title = message(ctx.locale, "bot.cases.title");
  const list = listMessage(title, summaries, Number(ctx.match[1]), ctx.locale, ctx.ports.now());
  // Turning a page edits the list; from anywhere else the list is a new message.
  const { into } = under(ctx);
  const isList = ctx.callbackQuery.message?.text?.replace("\u200f", "").startsWith(title);
  if (into !== undefined && (isList || mustPlace(ctx).kind !== "private")) await edit(ctx, into, list);
  else await answer(ctx, list);
  await ctx.answerCallbackQuery();
});

// A button of an older version, or no button of ours.
callbacks.on("callback_query:data", (ctx) => toast(ctx, message(ctx.locale, "bot.old")));
