/**
 * The secrets of a deployment: derived from the bot's token, or generated once
 * into a file that only its owner can read.
 */
import { createHash, createHmac, randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import type { UserFromGetMe } from "grammy/types";
import { newPushKey } from "../../local/push-key.ts";

const intro = `# Made by npm run setup. Cloudflare never shows these values again.
# Move them to a password manager, then delete this file. Never commit it.
`;

/** In the folder of the command, which npm makes the project's. */
export const secretsFile = (environment: string): string =>
  join(
    process.cwd(),
    `casewire-secrets${environment === "" ? "" : `.${environment}`}.env`,
  );

export const sha256 = (text: string) =>
  createHash("sha256").update(text).digest("hex");

/**
 * The same for the same bot, so that setup can be run again without knowing it.
 */
export const webhookSecretOf = (botToken: string): string =>
  createHmac("sha256", botToken)
    .update("casewire webhook secret")
    .digest("base64url");

export const recipientOf = (identity: string): Promise<string> =>
  identityToRecipient(identity);

const key = () => randomBytes(32).toString("base64");
const token = () => randomBytes(32).toString("base64url");
/**
 * What a deployment needs, by the name in the file: how it is made, and what
 * stands above it.
 */
const needed = {
  EDITOR_TOKEN: [
    token,
    "The editor signs in with it, in the desk and in the shell.",
  ],
  FOLLOWER_KEY: [key, "Without it, nobody can read the followers' ids again."],
  PUSH_KEY: [
    newPushKey,
    "Put a new key before it, with a comma: without the old one, no device hears from you that follows now.",
  ],
  LOG_KEY: [
    key,
    "Signs the log. With another key, earlier checkpoints no longer verify.",
  ],
  METRICS_TOKEN: [token, "For your monitoring system: docs/operations.md."],
  BACKUP_IDENTITY: [
    () => generateX25519Identity(),
    "Opens the backups. It is not on Cloudflare, so without it they are lost.",
  ],
} satisfies Record<string, [() => string | Promise<string>, about: string]>;

export type Generated = Partial<Record<keyof typeof needed, string>>;

export async function storedSecrets(environment: string): Promise<Generated> {
  const text = await readFile(secretsFile(environment), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    },
  );
  return parseEnv(text) as Generated;
}

/**
 * Generates what the file lacks and stores it before it is used anywhere.
 * @returns the wanted values
 */
export async function generateSecrets(
  environment: string,
  wanted: (keyof Generated)[],
): Promise<Generated> {
  const stored = await storedSecrets(environment);
  const file = secretsFile(environment);
  const missing = wanted.filter((name) => !stored[name]);
  for (const name of missing) stored[name] = await needed[name][0]();
  if (missing.length > 0) {
    const before = await readFile(file, "utf8").catch(() => intro);
    const lines = missing.map(
      (name) => `# ${needed[name][1]}\n${name}='${stored[name]}'\n`,
    );
    await writeFile(file, before + lines.join(""), { mode: 0o600 });
    await chmod(file, 0o600);
  }
  return stored;
}

/** The secrets of a bot. */
export const botSecrets = (
  token: string,
  info: UserFromGetMe,
): Record<string, string> => ({
  BOT_TOKEN: token,
  BOT_INFO: JSON.stringify(info),
  WEBHOOK_SECRET: webhookSecretOf(token),
});
