/** What must be known before the first follow and before a letter; the buttons beneath it are the consent. */
import type { InlineKeyboardButton } from "grammy/types";
import type { LocaleTag } from "../shared/locale.ts";
import { type MessageKey, message } from "../shared/messages.ts";
import type { Scope } from "./ports.ts";
import { press } from "./press.ts";
import { scopeName } from "./scope.ts";
import { bold, button, type Outgoing, outgoing, plain } from "./text.ts";

function screen(locale: LocaleTag, title: MessageKey, text: MessageKey, rows: InlineKeyboardButton[][]): Outgoing {
  return outgoing([bold(message(locale, title)), plain(message(locale, text))], locale, rows);
}

/** @param group whether all of a group will see what is followed */
export function safetyBeforeFollow(scope: Scope, locale: LocaleTag, group = false): Outgoing {
  const name = scopeName(scope, locale);
  return screen(locale, "bot.safety.title", group ? "bot.safety.group" : "bot.safety", [
    [button(message(locale, "bot.safety.follow", { number: name }), press.followKnowingly(scope))],
    [button(message(locale, "bot.safety.quietly"), press.followQuietly(scope))],
    [button(message(locale, "bot.safety.cancel"), press.decline(scope))],
  ]);
}

export function safetyBeforeAct(id: string, locale: LocaleTag): Outgoing {
  return screen(locale, "bot.safety.title.act", "bot.safety", [
    [button(message(locale, "bot.safety.act"), press.actKnowingly(id))],
    [button(message(locale, "bot.cases"), press.list(0))],
  ]);
}
