/**
 * Permission to change a chat's follows and settings: its administrators have
 * it, and the user of a private chat.
 */
import { Composer, GrammyError, type NextFunction } from "grammy";
import type { CaseContext } from "./context.ts";

/** A chat's administrators; none when Telegram refuses. */
export const adminsOf = ({ api }: CaseContext, chat: number) =>
  api.getChatAdministrators(chat).catch((error) => {
    if (error instanceof GrammyError) return [];
    throw error;
  });

export async function isChatAdmin(ctx: CaseContext): Promise<boolean> {
  const { chat, from } = ctx;
  if (!chat) return false;
  if (chat.type === "private") return true;
  // An anonymous administrator writes as the group itself.
  if (ctx.message?.sender_chat?.id === chat.id) return true;
  if (!from || ctx.message?.sender_chat) return false;
  // getChatMember is only guaranteed to work for bots that are administrators,
  // so the whole list is read.
  return (await adminsOf(ctx, chat.id)).some(({ user }) => user.id === from.id);
}

/**
 * `isChatAdmin`, which also answers the user when the permission is missing.
 */
export async function requireChatAdmin(ctx: CaseContext): Promise<boolean> {
  if (await isChatAdmin(ctx)) return true;
  if (ctx.callbackQuery)
    await ctx.answerCallbackQuery({
      text: ctx.say("bot.admins"),
      show_alert: true,
    });
  // Every member could provoke this answer, so it counts against the group's
  // budget.
  else if (await ctx.ports.followers.mayAnswer(ctx.place))
    await ctx.answer(ctx.text("bot.admins"), { asker: true });
  return false;
}

/** Middleware for what only administrators may do. */
export const forAdmins = async (
  ctx: CaseContext,
  next: NextFunction,
): Promise<void> => {
  if (await requireChatAdmin(ctx)) await next();
};

/**
 * For administrators' commands that members may send too: what a member is
 * answered counts against the group's budget.
 */
export const mayAsk = async (ctx: CaseContext): Promise<boolean> =>
  (await isChatAdmin(ctx)) || ctx.ports.followers.mayAnswer(ctx.place);

function hadButton(ctx: CaseContext): boolean {
  const { message: under, data } = ctx.callbackQuery ?? {};
  // Telegram leaves out the keyboard of a message that is too old.
  const rows =
    under && "reply_markup" in under
      ? (under.reply_markup?.inline_keyboard ?? [])
      : [];
  return rows
    .flat()
    .some(
      (button) => "callback_data" in button && button.callback_data === data,
    );
}

/**
 * Rejects forged presses in groups. A client can send any data for any message
 * it sees, so the message must have had that button. Elsewhere no check is
 * needed: in a private chat a forged press harms only its sender, and for
 * shared cards and channels only the stored card counts.
 */
export const buttonCheck = new Composer<CaseContext>();

buttonCheck
  .chatType(["group", "supergroup"])
  .on("callback_query:data", async function checkButton(ctx, next) {
    // An administrator could do the same by a command.
    if (hadButton(ctx) || (await isChatAdmin(ctx))) await next();
    else await ctx.toast(ctx.say("bot.old"));
  });
