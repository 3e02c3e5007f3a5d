/** Sets a deployment's bot at Telegram, by the settings in the environment. */
import { webhookSecretFault } from "../../../runtime/placeholders.ts";
import { readConfiguredProfile } from "../../local/profile.ts";
import { Fault } from "./answers.ts";
import { botApi, readBot, setMenus, setWebhook, telegramTrouble } from "./bot.ts";

const needed = ["BOT_TOKEN", "WEBHOOK_SECRET", "PUBLIC_URL"] as const;

/**
 * Sets the webhook, commands and descriptions.
 * @param say receives each line about what is set
 * @throws Fault that says what to fix
 */
export async function setUpTelegram(say: (line: string) => void): Promise<void> {
  const configured = readConfiguredProfile();
  if ("faults" in configured) throw new Fault(configured.faults.join("\n"));
  const { profile } = configured;
  if (!profile.bot) throw new Fault("The newsroom's profile has no bot. docs/profile.md describes the field bot.");
  const missing = needed.filter((name) => !process.env[name]);
  if (missing.length > 0)
    throw new Fault(`Set ${missing.join(", ")} in the environment. docs/deploy.md explains how to make them.`);
  const [token, secret, publicUrl] = needed.map((name) => process.env[name] as string) as [string, string, string];
  if (webhookSecretFault(secret) !== null)
    throw new Fault("WEBHOOK_SECRET must be 16 to 256 letters, digits, - or _, because Telegram accepts nothing else.");
  const address = URL.parse(publicUrl);
  if (address?.protocol !== "https:" || address.search || address.hash || address.username)
    throw new Fault(
      `PUBLIC_URL must be an https address like https://casewire.example.org, because Telegram accepts nothing else. It is ${publicUrl}.`,
    );

  const api = botApi(token);
  /** Ends the error message: what was set before the error. */
  let progress = "nothing is set";
  try {
    await readBot(api, say);
    await setWebhook(api, address.href.replace(/\/$/, ""), secret, say);
    progress = "what was printed above is set";
    await setMenus(api, profile, say);
  } catch (error) {
    const trouble = telegramTrouble(error, progress);
    throw trouble === null ? error : new Fault(trouble);
  }
}
