/**
 * Tells Telegram where the bot listens and what to show of it. Sets the same again when run again, and nothing else.
 * From the environment: BOT_TOKEN, WEBHOOK_SECRET, PUBLIC_URL; TELEGRAM_API_ROOT when it is not Telegram's own.
 */
import { Api, GrammyError, HttpError } from "grammy";
import type { LanguageCode } from "grammy/types";
import { allowedUpdates, menuIn } from "../../../bot/menu.ts";
import { paths } from "../../../shared/addresses.ts";
import { type LocaleTag, localeTags, sourceLocale } from "../../../shared/locale.ts";

const needed = ["BOT_TOKEN", "WEBHOOK_SECRET", "PUBLIC_URL"] as const;
const missing = needed.filter((name) => !process.env[name]);
if (missing.length > 0) {
  console.error(`Set ${missing.join(", ")} in the environment; docs/deploy.md says how they are made.`);
  process.exit(1);
}
const [token, secret, publicUrl] = needed.map((name) => process.env[name] as string) as [string, string, string];
if (!/^[A-Za-z0-9_-]{16,256}$/.test(secret)) {
  console.error("WEBHOOK_SECRET must have 16 to 256 letters, digits, - or _: Telegram takes no other.");
  process.exit(1);
}
const address = URL.parse(publicUrl);
if (address?.protocol !== "https:" || address.search || address.hash || address.username) {
  console.error(
    `PUBLIC_URL must be an address such as https://casewire.example.org, since Telegram calls nothing else; it is ${publicUrl}.`,
  );
  process.exit(1);
}

const api = new Api(token, {
  apiRoot: process.env.TELEGRAM_API_ROOT || "https://api.telegram.org",
  timeoutSeconds: 30,
});

/** Telegram takes ISO 639-1 only; the bot itself answers in every language. */
const hasCode = (locale: LocaleTag): locale is Extract<LocaleTag, LanguageCode> => locale.length === 2;

/** What is set so far, in words; empty before anything is. */
let done = "";

try {
  const { username, supports_inline_queries } = await api.getMe();
  console.log(`bot: @${username}`);
  console.log(
    supports_inline_queries
      ? "inline mode: on; send /setinlinefeedback to @BotFather if you have not: without it no shared card is kept up to date"
      : "inline mode: off; send /setinline and /setinlinefeedback to @BotFather, so that people can share cards",
  );
  const url = address.href.replace(/\/$/, "") + paths.telegram;
  await api.setWebhook(url, { secret_token: secret, allowed_updates: allowedUpdates });
  done = "what was printed above is set";
  console.log(`webhook: ${url}`);
  console.log(`updates: ${allowedUpdates.join(", ")}`);
  for (const locale of localeTags) {
    if (!hasCode(locale)) {
      console.log(`${locale}: not set, since Telegram takes codes of two letters only; its speakers see English here`);
      continue;
    }
    const { commands, description, shortDescription } = menuIn(locale);
    // Without a language code they are what speakers of all other languages see.
    const language = locale === sourceLocale ? {} : { language_code: locale };
    await api.setMyCommands(commands, language);
    await api.setMyDescription(description, language);
    await api.setMyShortDescription(shortDescription, language);
    console.log(`${locale}: ${commands.length} commands, description, short description`);
  }
} catch (error) {
  const outcome = done || "nothing is set";
  if (error instanceof GrammyError)
    console.error(`Telegram refused ${error.method}: ${error.description}; ${outcome}.`);
  else if (error instanceof HttpError) console.error(`Telegram could not be reached; ${outcome}. Run it again.`);
  else throw error;
  process.exit(1);
}
