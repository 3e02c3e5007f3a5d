/** The bindings, settings and secrets that wrangler.toml declares. */

import type { Channel } from "./channel/channel.ts";
import type { Dispatcher } from "./dispatcher/dispatcher.ts";
import type { Ledger } from "./ledger/ledger.ts";

export interface Env {
  LEDGER: DurableObjectNamespace<Ledger>;
  CHANNEL: DurableObjectNamespace<Channel>;
  DISPATCHER: DurableObjectNamespace<Dispatcher>;
  /** The deployed version. Part of every ETag, so that a new deployment doesn't answer 304 for an old format. */
  VERSION: WorkerVersionMetadata;
  SIGN_IN_LIMIT: RateLimit;

  /** The length of a lease, 1 to 3600. */
  LEASE_SECONDS: string;
  /** The address of this deployment, without a trailing slash. */
  PUBLIC_URL: string;
  /** The newsroom's profile: the name of a file in worker/profiles/, without ".json". */
  PROFILE: string;
  TELEGRAM_API_ROOT: string;
  /** Telegram messages a second; 25 when absent. */
  TELEGRAM_RATE?: string;
  /** "two" makes every update and correction wait for a second editor; "one" when absent. */
  REVIEW?: string;

  /** Secret: the token of the bot, from BotFather. */
  BOT_TOKEN: string;
  /** The result of the bot's `getMe` as JSON, so that no update waits for that call. */
  BOT_INFO: string;
  /** Secret: the token that Telegram sends with every webhook call. */
  WEBHOOK_SECRET: string;
  /** Secret: a JSON object from each editor's name to the SHA-256 (hex) of the editor's token. */
  EDITORS: string;
  /** Secret: 32 bytes in base64, or several such keys separated by commas, newest first. Encrypts chat ids at rest. */
  FOLLOWER_KEY: string;
}

/** The single Ledger of a deployment: writes are rare, and each needs one transaction over all cases. */
export const ledgerFor = (env: Env) => env.LEDGER.getByName("ledger");

/** The Channel of one case. */
export const channelFor = (env: Env, id: string) => env.CHANNEL.getByName(id);

/** The single Dispatcher: Telegram's limits are per bot token. */
export const dispatcherFor = (env: Env) => env.DISPATCHER.getByName("dispatcher");
