/** What a deployment configures, checked before anything is served. */
import type { Env } from "./bindings.ts";
import { type Review, reviews } from "./editorial/desk.ts";

/** How many editors a revision needs here. */
export const reviewOf = (env: Env): Review => (env.REVIEW === "two" ? "two" : "one");

const secrets = ["BOT_TOKEN", "BOT_INFO", "WEBHOOK_SECRET", "EDITORS", "FOLLOWER_KEY"] as const;
const settings = ["LEASE_SECONDS", "PUBLIC_URL", "CONTACT", "TELEGRAM_API_ROOT"] as const;

/** 32 bytes in base64, one or more. */
const FOLLOWER_KEYS = /^\s*[A-Za-z0-9+/]{43}=\s*(,\s*[A-Za-z0-9+/]{43}=\s*)*$/;

/** How many tokens sign in: two names with one token are one person. Null when the setting is not names with hashes. */
function tokenCount(editors: string): number | null {
  try {
    const hashes = Object.values(JSON.parse(editors) as object).map((hash) => String(hash).toLowerCase());
    return hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash)) ? new Set(hashes).size : null;
  } catch {
    return null;
  }
}

/** Whether it is what getMe found, and not the whole answer around it. */
function isBotInfo(text: string): boolean {
  try {
    return typeof JSON.parse(text).username === "string";
  } catch {
    return false;
  }
}

const faults = new WeakMap<Env, string[]>();

/** What is missing or unusable, by name; a deployment with such a fault refuses to serve. */
export function faultySettings(env: Env): string[] {
  const known = faults.get(env);
  if (known) return known;
  const missing = [...secrets, ...settings].filter((name) => typeof env[name] !== "string" || env[name].trim() === "");
  const lease = Number(env.LEASE_SECONDS);
  const { REVIEW = "one" } = env;
  const tokens = tokenCount(env.EDITORS);
  const found = [
    ...new Set([
      ...missing,
      ...(lease >= 1 && lease <= 3600 ? [] : ["LEASE_SECONDS"]),
      ...(isBotInfo(env.BOT_INFO) ? [] : ["BOT_INFO"]),
      ...(Number(env.TELEGRAM_RATE ?? 1) > 0 ? [] : ["TELEGRAM_RATE"]),
      ...(FOLLOWER_KEYS.test(env.FOLLOWER_KEY ?? "") ? [] : ["FOLLOWER_KEY"]),
      ...((reviews as readonly string[]).includes(REVIEW) ? [] : ["REVIEW (one or two)"]),
      ...(tokens === null ? ["EDITORS"] : []),
      ...(REVIEW === "two" && tokens !== null && tokens < 2
        ? ["EDITORS (with REVIEW two, at least two, each with a token of their own)"]
        : []),
    ]),
  ];
  faults.set(env, found);
  return found;
}
