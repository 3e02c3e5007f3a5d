/** What a chat sees that asked to name no one: every message is a spoiler under a line that names nobody, and no button has a name. */
import { FormattedString } from "@grammyjs/parse-mode/dist/format.js";
import type { InlineKeyboardButton } from "grammy/types";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { Profile } from "../shared/profile/schema.ts";
import { scopeOfButton } from "./button-data.ts";
import { scopeName } from "./scope.ts";
import { join, MAX_TEXT_LENGTH, type Outgoing, plain } from "./text.ts";

/** @param first the line in sight: of an update, or of an answer */
export function concealed(
  { text, entities, keyboard }: Outgoing,
  first: "bot.neutral" | "bot.hidden",
  locale: LocaleTag,
  profile: Profile,
): Outgoing {
  const inSight = `${message(locale, first)}\n\n`;
  const rest = new FormattedString(text, entities).slice(0, MAX_TEXT_LENGTH - inSight.length);
  const shown = join([plain(inSight), FormattedString.spoiler(rest)], "");
  const numbers = new Map<string, number>();
  /** Numbers stand for names, in the order of the buttons. */
  const nameless = (key: InlineKeyboardButton): InlineKeyboardButton => {
    const scope = "callback_data" in key ? scopeOfButton(key.callback_data) : null;
    // "This name" names nobody.
    const name = scope && scope !== "all" && !/^[~#]/.test(scope) ? scopeName(scope, locale, profile) : "";
    if (!scope || name === "" || !key.text.includes(name)) return key;
    const number = numbers.get(scope) ?? numbers.size + 1;
    numbers.set(scope, number);
    return { ...key, text: key.text.replace(name, String(number)) };
  };
  return {
    text: shown.text,
    entities: shown.entities,
    keyboard: { inline_keyboard: keyboard.inline_keyboard.map((row) => row.map(nameless)) },
  };
}
