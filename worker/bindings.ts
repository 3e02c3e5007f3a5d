/** The bindings, settings and secrets that wrangler.toml declares. */

import { Refusal } from "../shared/failure.ts";
import type { Channel } from "./channel/channel.ts";
import type { Dispatcher } from "./dispatcher/dispatcher.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { log } from "./log.ts";
import { botSettings } from "./settings.ts";
import type { Webhooks } from "./webhooks/webhooks.ts";
import type Workshop from "./workshop/index.ts";

export interface Env {
  LEDGER: DurableObjectNamespace<Ledger>;
  CHANNEL: DurableObjectNamespace<Channel>;
  DISPATCHER: DurableObjectNamespace<Dispatcher>;
  WEBHOOKS: DurableObjectNamespace<Webhooks>;
  /** A second Worker, without storage or secrets. `askWorkshop` calls it. */
  WORKSHOP: Workshop;
  /** The deployed version. Part of every ETag, so that a new deployment doesn't answer 304 for an old format. */
  VERSION: WorkerVersionMetadata;
  SIGN_IN_LIMIT: RateLimit;

  /** The length of a lease, 1 to 3600. */
  LEASE_SECONDS: string;
  /** The address of this deployment, without a trailing slash. */
  PUBLIC_URL: string;
  /** The newsroom's profile: the name of a file in worker/profiles/, without ".json". */
  PROFILE: string;
  /** Public: tells search engines (IndexNow) at each moment and withdrawal which addresses changed. Nothing is sent when absent. */
  INDEXNOW_KEY?: string;
  /** Where to; https://api.indexnow.org/indexnow when absent. */
  INDEXNOW_ENDPOINT?: string;
  /** "two" makes every update and correction wait for a second editor; "one" when absent. */
  REVIEW?: string;

  /** The number of Channels that share the sockets of a case; 1 when absent. */
  CHANNEL_SHARDS?: string;
  /** The most sockets of one IP address for a case; 200 when absent. */
  SOCKETS_PER_ADDRESS?: string;

  /** Where the Durable Objects are stored: "eu" or "fedramp"; anywhere when absent or empty. Fixed once there is data. */
  JURISDICTION?: string;

  // Daily backups, which need the first two. The Worker can't decrypt what it wrote.
  /** The bucket for backups. */
  BACKUPS?: R2Bucket;
  /** The age public key that backups are encrypted with. */
  BACKUP_RECIPIENT?: string;
  /** How many days a backup is kept, 1 to 30; 30 when absent. */
  BACKUP_DAYS?: string;
  /** "yes" backs up followers too; "no" when absent. */
  BACKUP_FOLLOWERS?: string;

  /** Secret: the token of the monitoring system. Without it, there are no metrics. */
  METRICS_TOKEN?: string;

  /** Secret: a JSON object from names to the SHA-256 (hex) of tokens that open the first door, until an administrator has a passkey. */
  EDITORS: string;

  /** Secret: the seed of the Ed25519 key that signs the log, 32 bytes in base64. Without it the deployment serves no log. */
  LOG_KEY?: string;

  // The bot's settings. The first four are all given, or none is and the deployment has no bot: `botSettings` reads them.
  /** Secret: the token of the bot, from BotFather. */
  BOT_TOKEN?: string;
  /** The result of the bot's `getMe` as JSON, so that no update waits for that call. */
  BOT_INFO?: string;
  /** Secret: the token that Telegram sends with every webhook call. */
  WEBHOOK_SECRET?: string;
  /** Secret: 32 bytes in base64, or several such keys separated by commas, newest first. Encrypts chat ids at rest. */
  FOLLOWER_KEY?: string;
  /** Needed only with a bot. */
  TELEGRAM_API_ROOT?: string;
  /** Telegram messages a second; 25 when absent. */
  TELEGRAM_RATE?: string;
}

/** The deployment's objects of a class, in its jurisdiction. */
const within = <T extends Rpc.DurableObjectBranded | undefined>(
  objects: DurableObjectNamespace<T>,
  { JURISDICTION }: Env,
): DurableObjectNamespace<T> =>
  JURISDICTION ? objects.jurisdiction(JURISDICTION as DurableObjectJurisdiction) : objects;

/** The single Ledger of a deployment: writes are rare, and each needs one transaction over all cases. */
export const ledgerFor = (env: Env) => within(env.LEDGER, env).getByName("ledger");

/** A Channel of a case. The first has the name that it had when there was only one, so that open sockets keep getting pushes. */
export const channelFor = (env: Env, id: string, shard = 0) =>
  within(env.CHANNEL, env).getByName(shard === 0 ? id : `${id}/${shard}`);

/** The case of a Channel by its name. */
export const caseIn = (name: string): string => name.split("/")[0] ?? "";

/** The shard of a Channel by its name. */
export const shardIn = (name: string): number => Number(name.split("/")[1] ?? 0);

/** The single Dispatcher, because Telegram's limits are per bot token; null in a deployment without a bot. */
export const dispatcherFor = (env: Env) =>
  botSettings(env) === null ? null : within(env.DISPATCHER, env).getByName("dispatcher");

export const webhooksFor = (env: Env) => within(env.WEBHOOKS, env).getByName("webhooks");

/** `dispatcherFor` for requests that only a deployment with a bot can answer. @throws Refusal `no-bot` */
export function requireDispatcher(env: Env) {
  const dispatcher = dispatcherFor(env);
  if (dispatcher === null) throw new Refusal({ tag: "no-bot" });
  return dispatcher;
}

/** The start of an error's message if the platform made it, not a method of the workshop. */
const notThrownByMethod = /^(The RPC receiver does not implement the method|internal error; reference = )/;

/**
 * Calls the second Worker, which may be missing or fail without harm to the rest.
 * @throws Refusal `workshop-unavailable` when it is missing or of another version; `unexpected` when its code has thrown
 */
export async function askWorkshop<T>({ WORKSHOP }: Env, ask: (workshop: Env["WORKSHOP"]) => Promise<T>): Promise<T> {
  try {
    return await ask(WORKSHOP);
  } catch (error) {
    log.error("Workshop: a call failed", error);
    // The runtime marks what came from the other side.
    const hasThrown = error instanceof Error && "remote" in error && !notThrownByMethod.test(error.message);
    throw new Refusal({ tag: hasThrown ? "unexpected" : "workshop-unavailable" });
  }
}
