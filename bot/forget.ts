/**
 * The answer to /forget: what was deleted, what remains in Telegram, and an
 * offer to delete what Telegram still allows.
 */
import { type Api, Composer, GrammyError } from "grammy";
import { joinList } from "../shared/intl.ts";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { buttonData, buttonPattern, messagesIn } from "./button-data.ts";
import type { CaseContext } from "./context.ts";
import { linesMessage } from "./message.ts";
import type { ChatPlace, Forgotten } from "./ports.ts";
import { button, type Outgoing } from "./text.ts";

/** Telegram's limit for one call. */
const MESSAGES_PER_CALL = 100;
/**
 * How far below the answer to /forget its chat's messages are looked for: a
 * bot's chats share one sequence of ids.
 */
const MAX_MESSAGES = 300;

export function forgottenMessage(
  forgotten: Forgotten,
  kind: ChatPlace["kind"],
  locale: LocaleTag,
): Outgoing {
  const { chosen, warned, desk = 0 } = forgotten;
  const what = [
    ...(["follows", "deliveries", "posts", "cards"] as const).flatMap(
      (part) => {
        const count = forgotten[part];
        return count > 0
          ? [message(locale, `bot.forget.${part}`, { count })]
          : [];
      },
    ),
    ...(desk > 0 ? [message(locale, "bot.forget.desk")] : []),
    ...(chosen ? [message(locale, "bot.forget.settings")] : []),
    ...(warned ? [message(locale, "bot.forget.warned")] : []),
  ];
  const rows =
    kind === "private"
      ? [
          [
            button(
              message(locale, "bot.forget.delete"),
              buttonData.deleteRecent(forgotten.recent ?? []),
            ),
          ],
        ]
      : [];
  if (forgotten.unsure)
    return linesMessage(locale, message(locale, "bot.forget.unsure"), rows);
  const deleted =
    what.length > 0
      ? message(locale, "bot.forget", { what: joinList(locale, what) })
      : `${message(locale, "bot.forget.nothing")}\n`;
  const left = [
    ...(forgotten.follows > 0 ? [message(locale, "bot.forget.under-way")] : []),
    message(locale, `bot.forget.${kind}`),
  ];
  return linesMessage(
    locale,
    `${deleted} ${left.join(" ")}`.replace("\n ", "\n"),
    rows,
  );
}

/**
 * Deletes messages on both sides of a private chat. Telegram skips ids that it
 * doesn't find, but refuses a whole call when one message is too old. Such a
 * call is halved until the newest message that can't be deleted is found.
 * @param messages ids, newest first
 * @returns false when a message was too old: those after it are too
 */
export async function deleteMessages(
  api: Api,
  chat: number,
  messages: number[],
): Promise<boolean> {
  if (messages.length === 0) return true;
  try {
    await api.deleteMessages(chat, messages);
    return true;
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code !== 400)
      throw error;
  }
  if (messages.length === 1) return false;
  const half = Math.ceil(messages.length / 2);
  return (
    (await deleteMessages(api, chat, messages.slice(0, half))) &&
    deleteMessages(api, chat, messages.slice(half))
  );
}

export const forgetting = new Composer<CaseContext>();

forgetting
  .chatType("private")
  .callbackQuery(
    buttonPattern.deleteRecent,
    async function pressDeleteRecent(ctx) {
      const newest = ctx.callbackQuery.message?.message_id ?? 0;
      // The answer comes first: the press belongs to a message that is deleted.
      await ctx.toast(ctx.say("bot.forget.deleted"));
      await deleteMessages(
        ctx.api,
        ctx.chat.id,
        messagesIn(ctx.match[1] ?? ""),
      );
      const ids = Array.from(
        { length: MAX_MESSAGES },
        (_, index) => newest - index,
      ).filter((id) => id > 0);
      for (let at = 0; at < ids.length; at += MESSAGES_PER_CALL)
        if (
          !(await deleteMessages(
            ctx.api,
            ctx.chat.id,
            ids.slice(at, at + MESSAGES_PER_CALL),
          ))
        )
          return;
    },
  );
