/**
 * `npm run telegram:setup`: sets the bot's webhook, commands and descriptions at Telegram. It can be run again.
 * Settings from the environment: BOT_TOKEN, WEBHOOK_SECRET, PUBLIC_URL, and TELEGRAM_API_ROOT for another Bot API server.
 */
import { Fault } from "./setup/answers.ts";
import { setUpTelegram } from "./setup/telegram.ts";

try {
  await setUpTelegram(console.log);
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
