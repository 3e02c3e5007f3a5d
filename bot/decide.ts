/** Who decides for a chat: in private whoever writes, elsewhere its administrators. */
import { GrammyError } from "grammy";
import { message } from "../shared/messages.ts";
import { answer, type CaseContext } from "./context.ts";
import { plainMessage } from "./message.ts";

export async function mayDecide(ctx: CaseContext): Promise<boolean> {
  const { chat, from } = ctx;
  if (!chat) return false;
  if (chat.type === "private" || ctx.channelPost) return true;
  // An administrator who stays anonymous writes as the group itself.
  if (ctx.message?.sender_chat?.id === chat.id) return true;
  if (!from || ctx.message?.sender_chat) return false;
  try {
    // Of one member Telegram is only sure to tell a bot that is an administrator itself; here it need not be.
    return (await ctx.api.getChatAdministrators(chat.id)).some(({ user }) => user.id === from.id);
  } catch (error) {
    if (error instanceof GrammyError) return false;
    throw error;
  }
}

/** The same, and whoever may not is told so. */
export async function decides(ctx: CaseContext): Promise<boolean> {
  if (await mayDecide(ctx)) return true;
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text: message(ctx.locale, "bot.admins"), show_alert: true });
  else await answer(ctx, plainMessage(ctx.locale, "bot.admins"));
  return false;
}
