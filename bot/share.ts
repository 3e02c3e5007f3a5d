/** What must be known before the first share, and where to share from then on. */
import { numberOf } from "../shared/case/id.ts";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { press } from "./press.ts";
import { bold, button, type Outgoing, outgoing, plain } from "./text.ts";

/** @param bot what getMe answers: with inline mode off there is no way to share, and no button offers one */
export const canShare = (bot: { supports_inline_queries?: boolean }): boolean => bot.supports_inline_queries !== false;

/** @param id the case that is to be shared, if one was chosen already */
export function shareWarning(locale: LocaleTag, id?: string): Outgoing {
  return outgoing([bold(message(locale, "bot.share.title")), plain(message(locale, "bot.share"))], locale, [
    [button(message(locale, "bot.share.understood"), press.shareKnowingly(id))],
  ]);
}

/** @param bot the bot's name, without the @ */
export function shareAllowedMessage(locale: LocaleTag, bot: string, id?: string): Outgoing {
  const how = id
    ? message(locale, "bot.share.where", { number: numberOf(id) })
    : message(locale, "bot.share.how", { bot: `@${bot}` });
  return outgoing([plain(how)], locale, [
    [{ text: message(locale, "bot.share.choose"), switch_inline_query: id ?? "" }],
  ]);
}
