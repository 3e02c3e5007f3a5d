/**
 * `npm run telegram:setup`: sets the bot's webhook, commands and descriptions at Telegram. It can be run again.
 * Settings from the environment: BOT_TOKEN, WEBHOOK_SECRET, PUBLIC_URL, and TELEGRAM_API_ROOT for another Bot API server.
 */
import { webhookSecretFault } from "../../placeholders.ts";
import { readConfiguredProfile } from "../local/profile.ts";
import { botApi, readBot, setMenus, setWebhook, telegramTrouble } from "./setup/bot.ts";

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
if (webhookSecretFault(secret) !== null) {
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

const api = botApi(token);
/** Ends the error message: what was set before the error. */
let progress = "nothing is set";

try {
  await readBot(api, console.log);
  await setWebhook(api, address.href.replace(/\/$/, ""), secret, console.log);
  progress = "what was printed above is set";
  await setMenus(api, profile, console.log);
} catch (error) {
  const trouble = telegramTrouble(error, progress);
  if (trouble === null) throw error;
  console.error(trouble);
  process.exit(1);
}
