/** The warning before a chat's first share, and how to share after it. */
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { numberOf } from "../shared/profile/numbers.ts";
import type { Profile } from "../shared/profile/schema.ts";
import { buttonData } from "./button-data.ts";
import { type SafetyText, safetyText } from "./safety.ts";
import { bold, button, type Outgoing, outgoing, plain } from "./text.ts";

/** False when inline mode is off. @param bot the answer of getMe */
export const canShare = (bot: { supports_inline_queries?: boolean }): boolean => bot.supports_inline_queries !== false;

/** @param id the case to share, if one was chosen already */
export function shareWarning(locale: LocaleTag, id: string | undefined, safety: readonly SafetyText[]): Outgoing {
  const text = safetyText(locale, "bot.share", safety);
  return outgoing([bold(message(locale, "bot.share.title")), plain(text)], locale, [
    [button(message(locale, "bot.share.understood"), buttonData.shareKnowingly(id))],
  ]);
}

/** @param bot the bot's name, without the @ */
export function shareAllowedMessage(
  locale: LocaleTag,
  bot: string,
  id: string | undefined,
  profile: Profile,
): Outgoing {
  const how = id
    ? message(locale, "bot.share.where", { number: numberOf(id, profile) })
    : message(locale, "bot.share.how", { bot: `@${bot}` });
  return outgoing([plain(how)], locale, [
    [{ text: message(locale, "bot.share.choose"), switch_inline_query: id ?? "" }],
  ]);
}
