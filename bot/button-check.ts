/**
 * Rejects forged presses in groups. A client can send any data for any message it sees, so the message must have had that
 * button. Elsewhere no check is needed: in a private chat a forged press harms only its sender, and for shared cards and
 * channels only the stored card counts.
 */
import { Composer } from "grammy";
import { isChatAdmin } from "./admins.ts";
import type { CaseContext } from "./context.ts";

function hadButton(ctx: CaseContext): boolean {
  const { message: under, data } = ctx.callbackQuery ?? {};
  // Telegram leaves out the keyboard of a message that is too old.
  const rows = under && "reply_markup" in under ? (under.reply_markup?.inline_keyboard ?? []) : [];
  return rows.flat().some((button) => "callback_data" in button && button.callback_data === data);
}

export const buttonCheck = new Composer<CaseContext>();

buttonCheck.chatType(["group", "supergroup"]).on("callback_query:data", async function checkButton(ctx, next) {
  // An administrator could do the same by a command.
  if (hadButton(ctx) || (await isChatAdmin(ctx))) await next();
  else await ctx.toast(ctx.say("bot.old"));
});
