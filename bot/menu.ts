/** The bot's commands and descriptions in Telegram's own screens. */
import type { BotCommand } from "grammy/types";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { Profile } from "../shared/profile/schema.ts";

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

/** The update types that the bot handles. Telegram sends only these. */
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
  /** Shown in an empty chat; at most 512 characters. */
  description: string;
  /** Shown on the bot's profile and in shared links; at most 120 characters. */
  shortDescription: string;
}

export function menuIn(locale: LocaleTag, { newsroom }: Profile): Menu {
  return {
    commands: names.map((command) => ({ command, description: message(locale, `bot.command.${command}`) })),
    description: message(locale, "bot.description", { newsroom: newsroom.name }),
    shortDescription: message(locale, "bot.description.short"),
  };
}
