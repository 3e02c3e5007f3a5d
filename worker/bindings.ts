/** The bindings, settings and secrets of a deployment, as the Wrangler file declares them. */

import type { Channel } from "./channel/channel.ts";
import type { Dispatcher } from "./dispatcher/dispatcher.ts";
import type { Ledger } from "./ledger/ledger.ts";

export interface Env {
  LEDGER: DurableObjectNamespace<Ledger>;
  CHANNEL: DurableObjectNamespace<Channel>;
  DISPATCHER: DurableObjectNamespace<Dispatcher>;
  /** The deployed version; part of every ETag, so that no new deployment answers 304 for an old shape. */
  VERSION: WorkerVersionMetadata;
  SIGN_IN_LIMIT: RateLimit;

  /** How long a copy may be used, in seconds. */
  LEASE_SECONDS: string;
  /** The address of this deployment, without a slash at the end. */
  PUBLIC_URL: string;
  /** Where to report a mistake or ask for removal: a mailto: or https: address. */
  CONTACT: string;
  TELEGRAM_API_ROOT: string;
  /** Bulk messages a second; 25 when absent. */
  TELEGRAM_RATE?: string;
  /** "two" makes every update and correction wait for a second editor; "one" when absent. */
  REVIEW?: string;

  /** Secret: the token of the bot, from BotFather. */
  BOT_TOKEN: string;
  /** The bot's `getMe` result as JSON, so that no update waits for a look-up. */
  BOT_INFO: string;
  /** Secret: what Telegram sends with every webhook call. */
  WEBHOOK_SECRET: string;
  /** Secret: JSON, an editor's name to the SHA-256 (hex) of the editor's token. */
  EDITORS: string;
  /** Secret: 32 bytes, base64, or several such with commas between, newest first; encrypts chat ids at rest. */
  FOLLOWER_KEY: string;
}

/** The one Ledger of a newsroom: writes are rare and belong in one transaction. */
export const ledgerFor = (env: Env) => env.LEDGER.getByName("ledger");

/** The Channel of one case. */
export const channelFor = (env: Env, id: string) => env.CHANNEL.getByName(id);

/** The one Dispatcher of a bot token: Telegram's limits are per token. */
export const dispatcherFor = (env: Env) => env.DISPATCHER.getByName("dispatcher");
