/**
 * `npm run telegram:setup`: sets the bot's webhook, commands and descriptions at Telegram. It can be run again.
 * Settings from the environment: BOT_TOKEN, WEBHOOK_SECRET, PUBLIC_URL, and TELEGRAM_API_ROOT for another Bot API server.
 */
import { Api, GrammyError, HttpError } from "grammy";
import type { LanguageCode } from "grammy/types";
import { allowedUpdates, menuIn } from "../../../bot/menu.ts";
import { paths } from "../../../shared/addresses.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { readConfiguredProfile } from "../local/profile.ts";

const configured = readConfiguredProfile();
if ("faults" in configured) {
  console.error(configured.faults.join("\n"));
  process.exit(1);
}
const { profile } = configured;
if (!profile.bot) {
  console.error("The newsroom's profile has no bot. docs/profile.md describes the field bot.");
  process.exit(1);
}

const needed = ["BOT_TOKEN", "WEBHOOK_SECRET", "PUBLIC_URL"] as const;
const missing = needed.filter((name) => !process.env[name]);
if (missing.length > 0) {
  console.error(`Set ${missing.join(", ")} in the environment. docs/deploy.md explains how to make them.`);
  process.exit(1);
}
const [token, secret, publicUrl] = needed.map((name) => process.env[name] as string) as [string, string, string];
if (!/^[A-Za-z0-9_-]{16,256}$/.test(secret)) {
  console.error("WEBHOOK_SECRET must be 16 to 256 letters, digits, - or _, because Telegram accepts nothing else.");
  process.exit(1);
}
const address = URL.parse(publicUrl);
if (address?.protocol !== "https:" || address.search || address.hash || address.username) {
  console.error(
    `PUBLIC_URL must be an https address like https://casewire.example.org, because Telegram accepts nothing else. It is ${publicUrl}.`,
  );
  process.exit(1);
}

const api = new Api(token, {
  apiRoot: process.env.TELEGRAM_API_ROOT || "https://api.telegram.org",
  timeoutSeconds: 30,
});

/** Telegram accepts only ISO 639-1 codes here. The bot itself answers in every language. */
const hasCode = (locale: LocaleTag): locale is Extract<LocaleTag, LanguageCode> => locale.length === 2;

/** Ends the error message: what was set before the error. */
let progress = "nothing is set";

try {
  const { username, supports_inline_queries } = await api.getMe();
  console.log(`bot: @${username}`);
  console.log(
    supports_inline_queries
      ? "inline mode: on. If you haven't yet, send /setinlinefeedback to @BotFather: shared cards are updated only with it."
      : "inline mode: off. Send /setinline and /setinlinefeedback to @BotFather, so that people can share cards.",
  );
  const url = address.href.replace(/\/$/, "") + paths.telegram;
  await api.setWebhook(url, { secret_token: secret, allowed_updates: allowedUpdates });
  progress = "what was printed above is set";
  console.log(`webhook: ${url}`);
  console.log(`updates: ${allowedUpdates.join(", ")}`);
  for (const locale of profile.languages) {
    if (!hasCode(locale)) {
      console.log(
        `${locale}: not set. Telegram accepts only two-letter codes here, so its speakers see the default language.`,
      );
      continue;
    }
    const { commands, description, shortDescription } = menuIn(locale, profile);
    // The ones without a language code are shown for all other languages.
    const language = locale === profile.defaultLanguage ? {} : { language_code: locale };
    for (const { scope, commands: allowed } of commands) await api.setMyCommands(allowed, { ...language, scope });
    await api.setMyDescription(description, language);
    await api.setMyShortDescription(shortDescription, language);
    const count = commands[0]?.commands.length ?? 0;
    console.log(`${locale}: ${count} commands, description, short description`);
  }
} catch (error) {
  if (error instanceof GrammyError)
    console.error(`Telegram refused ${error.method}: ${error.description}; ${progress}.`);
  else if (error instanceof HttpError) console.error(`Telegram could not be reached; ${progress}. Run it again.`);
  else throw error;
  process.exit(1);
}
