/** The answer to /forget: what was deleted, and what remains in Telegram. */
import { joinList } from "../shared/intl.ts";
import type { LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import { linesMessage } from "./message.ts";
import type { Forgotten, Place } from "./ports.ts";
import type { Outgoing } from "./text.ts";

export function forgottenMessage(forgotten: Forgotten, kind: Place["kind"], locale: LocaleTag): Outgoing {
  const { chosen, warned } = forgotten;
  const what = [
    ...(["follows", "deliveries", "posts", "cards"] as const).flatMap((part) => {
      const count = forgotten[part] ?? 0;
      return count > 0 ? [message(locale, `bot.forget.${part}`, { count })] : [];
    }),
    ...(chosen ? [message(locale, "bot.forget.settings")] : []),
    ...(warned ? [message(locale, "bot.forget.warned")] : []),
  ];
  const deleted =
    what.length > 0
      ? message(locale, "bot.forget", { what: joinList(locale, what) })
      : `${message(locale, "bot.forget.nothing")}\n`;
  const left = [
    ...(forgotten.follows > 0 ? [message(locale, "bot.forget.under-way")] : []),
    message(locale, `bot.forget.${kind}`),
  ];
  return linesMessage(locale, `${deleted} ${left.join(" ")}`.replace("\n ", "\n"));
}
