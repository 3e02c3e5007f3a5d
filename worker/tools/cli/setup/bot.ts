/** Sets a bot's webhook, commands and descriptions at Telegram. */
import { Api, GrammyError, HttpError } from "grammy";
import type { LanguageCode, UserFromGetMe } from "grammy/types";
import { allowedUpdates, menuIn } from "../../../../bot/menu.ts";
import { paths } from "../../../../shared/addresses.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";

/**
 * Telegram accepts only ISO 639-1 codes here. The bot itself answers in every
 * language.
 */
const hasCode = (
  locale: LocaleTag,
): locale is Extract<LocaleTag, LanguageCode> => locale.length === 2;

const TIMEOUT_S = 30;

export const botApi = (token: string): Api =>
  new Api(token, {
    apiRoot: process.env.TELEGRAM_API_ROOT || "https://api.telegram.org",
    timeoutSeconds: TIMEOUT_S,
  });

type Say = (line: string) => void;

export async function readBot(api: Api, say: Say): Promise<UserFromGetMe> {
  const info = await api.getMe();
  say(`bot: @${info.username}`);
  say(
    info.supports_inline_queries
      ? "inline mode: on. If you haven't yet, send /setinlinefeedback to @BotFather: shared cards are updated only with it."
      : "inline mode: off. Send /setinline and /setinlinefeedback to @BotFather, so that people can share cards.",
  );
  return info;
}

export async function setWebhook(
  api: Api,
  publicUrl: string,
  secret: string,
  say: Say,
): Promise<void> {
  const url = publicUrl + paths.telegram;
  await api.setWebhook(url, {
    secret_token: secret,
    allowed_updates: allowedUpdates,
  });
  say(`webhook: ${url}`);
  say(`updates: ${allowedUpdates.join(", ")}`);
}

export async function setMenus(
  api: Api,
  profile: Profile,
  say: Say,
): Promise<void> {
  for (const locale of profile.languages) {
    if (!hasCode(locale)) {
      say(
        `${locale}: not set. Telegram accepts only two-letter codes here, so its speakers see the default language.`,
      );
      continue;
    }
    const { commands, description, shortDescription } = menuIn(locale, profile);
    // The ones without a language code are shown for all other languages.
    const language =
      locale === profile.defaultLanguage ? {} : { language_code: locale };
    for (const { scope, commands: allowed } of commands)
      await api.setMyCommands(allowed, { ...language, scope });
    await api.setMyDescription(description, language);
    await api.setMyShortDescription(shortDescription, language);
    say(
      `${locale}: ${commands[0]?.commands.length ?? 0} commands, description, short description`,
    );
  }
}

/**
 * The message for an error of Telegram's; null for any other error.
 * @param progress what was set before it
 */
export function telegramTrouble(
  error: unknown,
  progress: string,
): string | null {
  if (error instanceof GrammyError)
    return `Telegram refused ${error.method}: ${error.description}; ${progress}.`;
  if (error instanceof HttpError)
    return `Telegram could not be reached; ${progress}. Run it again.`;
  return null;
}
