/** What must be known before the first share, and where to share from then on. */
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { press } from "./press.ts";
import { bold, button, type Outgoing, outgoing, plain } from "./text.ts";

export function shareWarning(locale: LocaleTag): Outgoing {
  return outgoing([bold(message(locale, "bot.share.title")), plain(message(locale, "bot.share"))], locale, [
    [button(message(locale, "bot.share.understood"), press.share)],
  ]);
}

/** @param bot the bot's name, without the @ */
export function shareAllowedMessage(locale: LocaleTag, bot: string): Outgoing {
  return outgoing([plain(message(locale, "bot.share.how", { bot: `@${bot}` }))], locale, [
    [{ text: message(locale, "bot.share.choose"), switch_inline_query: "" }],
  ]);
}
