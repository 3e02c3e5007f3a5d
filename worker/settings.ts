/** Checks the settings of a deployment before it serves anything. */
import type { Env } from "./bindings.ts";
import { type Review, reviews } from "./editorial/desk.ts";
import { LEASE_MARGIN_MS } from "./ledger/lease.ts";
import { readProfile } from "./profiles/profiles.ts";

/** The length of a lease. */
export const leaseMsOf = (env: Env): number => Number(env.LEASE_SECONDS) * 1000;

/** The time from a publish to its moment when the editor doesn't choose one. */
export const leadMsOf = (env: Env): number => leaseMsOf(env) + LEASE_MARGIN_MS;

/** The number of editors that a revision needs. */
export const reviewOf = (env: Env): Review => (env.REVIEW === "two" ? "two" : "one");

const secrets = ["BOT_TOKEN", "BOT_INFO", "WEBHOOK_SECRET", "EDITORS", "FOLLOWER_KEY"] as const;
const settings = ["LEASE_SECONDS", "PUBLIC_URL", "PROFILE", "TELEGRAM_API_ROOT"] as const;

/** One or more keys of 32 bytes in base64, separated by commas. */
const FOLLOWER_KEYS = /^\s*[A-Za-z0-9+/]{43}=\s*(,\s*[A-Za-z0-9+/]{43}=\s*)*$/;

/** The number of different tokens: two names with the same token count once. Null when EDITORS is malformed. */
function tokenCount(editors: string): number | null {
  try {
    const hashes = Object.values(JSON.parse(editors) as object).map((hash) => String(hash).toLowerCase());
    return hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash)) ? new Set(hashes).size : null;
  } catch {
    return null;
  }
}

/** True for the result of `getMe`; false for the whole response around it. */
function isBotInfo(text: string): boolean {
  try {
    return typeof JSON.parse(text).username === "string";
  } catch {
    return false;
  }
}

const faults = new WeakMap<Env, string[]>();

/** What to fix in the deployment's profile. A missing setting is reported as such. */
function profileFaults({ PROFILE }: Env): string[] {
  const read = typeof PROFILE === "string" && PROFILE.trim() !== "" ? readProfile(PROFILE) : null;
  return read && "faults" in read ? read.faults : [];
}

/** The names of missing or unusable settings. With any of them, the deployment refuses to serve. */
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
      ...profileFaults(env),
      ...(tokens === null ? ["EDITORS"] : []),
      ...(REVIEW === "two" && tokens !== null && tokens < 2
        ? ["EDITORS (REVIEW two needs at least two editors with different tokens)"]
        : []),
    ]),
  ];
  faults.set(env, found);
  return found;
}
