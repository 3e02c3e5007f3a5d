/** What Telegram shows of the bot before anybody writes to it, in one language. */
import type { BotCommand } from "grammy/types";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";

/** The commands in the order of the menu. */
const names = [
  "cases",
  "case",
  "follow",
  "unfollow",
  "following",
  "act",
  "settings",
  "language",
  "privacy",
  "forget",
  "help",
] as const;

/** What the bot handles; Telegram sends nothing else. */
export const allowedUpdates = [
  "message",
  "channel_post",
  "callback_query",
  "inline_query",
  "chosen_inline_result",
  "my_chat_member",
] as const;

export interface Menu {
  commands: BotCommand[];
  /** On the empty chat; at most 512 characters. */
  description: string;
  /** On the bot's profile and in shared links; at most 120 characters. */
  shortDescription: string;
}

export function menuIn(locale: LocaleTag): Menu {
  return {
    commands: names.map((command) => ({ command, description: message(locale, `bot.command.${command}`) })),
    description: message(locale, "bot.description"),
    shortDescription: message(locale, "bot.description.short"),
  };
}
