/**
 * The bindings, settings and secrets that wrangler.toml declares, for every
 * room of the Worker.
 *
 * A room sees of an object what its own floor and those below declare: each
 * object adds its methods to its port where it is defined.
 */

interface LedgerPort extends Rpc.DurableObjectBranded {}
interface ChannelPort extends Rpc.DurableObjectBranded {}
interface DispatcherPort extends Rpc.DurableObjectBranded {}
interface WebhooksPort extends Rpc.DurableObjectBranded {}
interface WorkshopPort extends Rpc.WorkerEntrypointBranded {
  sendPushes(pushes: Push[], localHost: string | null): Promise<PushAnswer[]>;
  encryptBackup(
    content: ReadableStream<Uint8Array>,
    recipient: string,
  ): Promise<ReadableStream<Uint8Array>>;
}

/**
 * A message for a device, ready but for its encryption (RFC 8030, RFC 8291).
 */
interface Push {
  endpoint: string;
  p256dh: string;
  auth: string;
  /** What the device gets, at most 3,993 bytes. */
  text: string;
  headers: {
    Authorization: string;
    TTL: string;
    Urgency: string;
    Topic: string;
  };
}

/**
 * `refused`: the address leads to no public host. `none`: no answer. `unsent`:
 * nothing has left. Else the status of the push service.
 */
interface PushAnswer {
  status: number | "refused" | "unsent" | "none";
  retryAfterS?: number;
}

interface Env {
  LEDGER: DurableObjectNamespace<LedgerPort>;
  CHANNEL: DurableObjectNamespace<ChannelPort>;
  DISPATCHER: DurableObjectNamespace<DispatcherPort>;
  WEBHOOKS: DurableObjectNamespace<WebhooksPort>;
  /** A second Worker, without storage or secrets. `askWorkshop` calls it. */
  WORKSHOP: WorkshopPort;
  /**
   * The deployed version. Part of every ETag, so that a new deployment doesn't
   * answer 304 for an old format.
   */
  VERSION: WorkerVersionMetadata;
  SIGN_IN_LIMIT: RateLimit;

  /** The length of a lease, 1 to 3600. */
  LEASE_SECONDS: string;
  /** The address of this deployment, without a trailing slash. */
  PUBLIC_URL: string;
  /**
   * Addresses that it had before and that still lead here, newest first, with
   * commas between. Passkeys belong to the last of them.
   */
  FORMER_URLS?: string;
  /**
   * The name of the signed log; the first address and "/v1/log" when absent. It
   * stays when the address changes.
   */
  LOG_NAME?: string;
  /**
   * The newsroom's profile: the name of a file in worker/runtime/profiles/,
   * without ".json".
   */
  PROFILE: string;
  /**
   * "two" makes every update and correction wait for a second editor; "one"
   * when absent.
   */
  REVIEW?: string;
  /**
   * Two names, with a comma between them: the first editors, whom the operator
   * knows to be two people. Needed by a new newsroom with REVIEW "two".
   */
  FIRST_EDITORS?: string;

  /** The number of Channels that share the sockets of a case; 1 when absent. */
  CHANNEL_SHARDS?: string;
  /** The most sockets of one IP address for a case; 200 when absent. */
  SOCKETS_PER_ADDRESS?: string;

  /**
   * Where the Durable Objects are stored: "eu", "us" or "fedramp"; anywhere
   * when absent or empty. Fixed once there is data.
   */
  JURISDICTION?: string;
  /**
   * Near whom the Ledger, the Dispatcher and the webhooks are born, such as
   * "weur"; near whoever asks first when absent or empty.
   */
  LOCATION?: string;

  // Daily backups, which need the first two. The Worker can't decrypt what it
  // wrote.
  /** The bucket for backups. */
  BACKUPS?: R2Bucket;
  /** The age public key that backups are encrypted with. */
  BACKUP_RECIPIENT?: string;
  /** How many days a backup is kept, 1 to 30; 30 when absent. */
  BACKUP_DAYS?: string;
  /** "yes" backs up followers too; "no" when absent. */
  BACKUP_FOLLOWERS?: string;

  /**
   * Secret: the token of the monitoring system. Without it, there are no
   * metrics.
   */
  METRICS_TOKEN?: string;

  /**
   * Secret: a JSON object from names to the SHA-256 (hex) of tokens that open
   * the first door, until an administrator has a passkey.
   */
  EDITORS: string;

  /**
   * Secret: the seed of the Ed25519 key that signs the log, 32 bytes in base64.
   * Without it the deployment serves no log.
   */
  LOG_KEY?: string;

  // The bot's settings. The first four are all given, or none is and the
  // deployment has no bot: `botSettings` reads them.
  /** Secret: the token of the bot, from BotFather. */
  BOT_TOKEN?: string;
  /**
   * The result of the bot's `getMe` as JSON, so that no update waits for that
   * call.
   */
  BOT_INFO?: string;
  /** Secret: the token that Telegram sends with every webhook call. */
  WEBHOOK_SECRET?: string;
  /**
   * Secret: 32 bytes in base64, or several such keys separated by commas,
   * newest first. Encrypts chat ids at rest.
   */
  FOLLOWER_KEY?: string;

  /**
   * Secret: the key pair with which devices know our messages (VAPID): the
   * public and the private key in base64url, with a full stop between. Without
   * it no device can follow.
   */
  PUSH_KEY?: string;
  /** Messages to devices a second; 200 when absent. */
  PUSH_RATE?: string;

  /** Needed only with a bot. */
  TELEGRAM_API_ROOT?: string;
  /** Telegram messages a second; 25 when absent. */
  TELEGRAM_RATE?: string;
  /**
   * The most requests to Telegram of one invocation. 45 when absent: the free
   * plan refuses the 51st.
   */
  SENDS_PER_ALARM?: string;
}
