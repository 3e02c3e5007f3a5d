/** The bot's commands and descriptions in Telegram's own screens. */
import type { BotCommand, BotCommandScope } from "grammy/types";
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
  "channel",
  "language",
  "privacy",
  "forget",
  "help",
] as const;

/**
 * The commands of every member of a group. The answers are ephemeral, and so
 * are the commands themselves.
 */
const questions: readonly Name[] = [
  "cases",
  "case",
  "following",
  "act",
  "privacy",
  "help",
];
/** The commands of a group's administrators. */
const changes: readonly Name[] = [
  "follow",
  "unfollow",
  "settings",
  "language",
  "forget",
];

type Name = (typeof names)[number];

/** The update types that the bot handles. Telegram sends only these. */
export const allowedUpdates = [
  "message",
  "edited_message",
  "callback_query",
  "inline_query",
  "chosen_inline_result",
  "my_chat_member",
  "guest_message",
] as const;

export interface Menu {
  /** For each kind of chat, the commands that its members may use. */
  commands: { scope: BotCommandScope; commands: BotCommand[] }[];
  /** Shown in an empty chat; at most 512 characters. */
  description: string;
  /** Shown on the bot's profile and in shared links; at most 120 characters. */
  shortDescription: string;
}

export function menuIn(locale: LocaleTag, { newsroom }: Profile): Menu {
  const described = (command: Name): BotCommand => ({
    command,
    description: message(locale, `bot.command.${command}`),
  });
  const asked = questions.map(
    (name): BotCommand => ({ ...described(name), is_ephemeral: true }),
  );
  return {
    commands: [
      { scope: { type: "default" }, commands: names.map(described) },
      { scope: { type: "all_group_chats" }, commands: asked },
      {
        scope: { type: "all_chat_administrators" },
        commands: [...changes.map(described), ...asked],
      },
    ],
    description: message(locale, "bot.description", {
      newsroom: newsroom.name,
    }),
    shortDescription: message(locale, "bot.description.short"),
  };
}
