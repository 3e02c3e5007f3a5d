/**
 * Whether a press can have happened. Any client can send any data for any message it sees; in private that harms only the
 * sender, under a shared card and in a channel nothing but what is kept counts, and everywhere else the message must have had
 * that button.
 */
import { Composer } from "grammy";
import { message } from "../shared/messages.ts";
import { type CaseContext, toast } from "./context.ts";
import { mayDecide } from "./decide.ts";

function hadButton(ctx: CaseContext): boolean {
  const { message: under, data } = ctx.callbackQuery ?? {};
  // Of a message that is too old for it, Telegram does not say which buttons it had.
  const rows = under && "reply_markup" in under ? (under.reply_markup?.inline_keyboard ?? []) : [];
  return rows.flat().some((button) => "callback_data" in button && button.callback_data === data);
}

export const offered = new Composer<CaseContext>();

offered.chatType(["group", "supergroup"]).on("callback_query:data", async (ctx, next) => {
  // Whoever decides for the group can do as much by commands.
  if (hadButton(ctx) || (await mayDecide(ctx))) await next();
  else await toast(ctx, message(ctx.locale, "bot.old"));
});
