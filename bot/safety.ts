/** The safety screens before a chat's first follow and before an action. Their buttons record the consent. */
import type { InlineKeyboardButton } from "grammy/types";
import type { LocaleTag } from "../shared/locale.ts";
import { type MessageKey, message } from "../shared/messages.ts";
import type { Profile } from "../shared/profile/schema.ts";
import { buttonData } from "./button-data.ts";
import type { Scope } from "./ports.ts";
import { scopeName } from "./scope.ts";
import { bold, button, type Outgoing, outgoing, plain } from "./text.ts";

function screen(locale: LocaleTag, title: MessageKey, text: MessageKey, rows: InlineKeyboardButton[][]): Outgoing {
  return outgoing([bold(message(locale, title)), plain(message(locale, text))], locale, rows);
}

/** @param group the whole group will see the follow */
export function safetyBeforeFollow(scope: Scope, locale: LocaleTag, group: boolean, profile: Profile): Outgoing {
  const name = scopeName(scope, locale, profile);
  return screen(locale, "bot.safety.title", group ? "bot.safety.group" : "bot.safety", [
    [button(message(locale, "bot.safety.follow", { number: name }), buttonData.followKnowingly(scope))],
    [button(message(locale, "bot.safety.quietly"), buttonData.followQuietly(scope))],
    [button(message(locale, "bot.safety.cancel"), buttonData.decline(scope))],
  ]);
}

export function safetyBeforeAct(id: string, locale: LocaleTag): Outgoing {
  return screen(locale, "bot.safety.title.act", "bot.safety", [
    [button(message(locale, "bot.safety.act"), buttonData.actKnowingly(id))],
    [button(message(locale, "bot.cases"), buttonData.list(0))],
  ]);
}
