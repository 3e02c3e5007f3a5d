/** Checks the settings of a deployment before it serves anything. */
import { bech32 } from "@scure/base";
import type { UserFromGetMe } from "grammy/types";
import * as v from "valibot";
import { EditorName, lookalikeIn } from "../../shared/editor-name.ts";
import { type ReviewMode, reviews } from "../../shared/revision.ts";
import { LEASE_MARGIN_MS } from "./lease.ts";
import { onceFor } from "./once.ts";
import {
  addressFault,
  isLoopback,
  isPlaceholderHash,
  metricsTokenFault,
  webhookSecretFault,
} from "./placeholders.ts";
import { readProfile } from "./profiles/profiles.ts";

/** The length of a lease. */
export const leaseMsOf = (env: Env): number => Number(env.LEASE_SECONDS) * 1000;

/** The time from a publish to its moment when the editor doesn't choose one. */
export const leadMsOf = (env: Env): number => leaseMsOf(env) + LEASE_MARGIN_MS;

/** What stands between commas. */
const namesIn = (list: string): string[] =>
  list.split(",").flatMap((name) => name.trim() || []);

/**
 * The seed of the key that signs the log; null in a deployment without a signed
 * log.
 */
export const logKeyOf = (env: Env): string | null =>
  env.LOG_KEY?.trim() || null;

/** This deployment's addresses, newest first. */
export const addressesOf = (env: {
  PUBLIC_URL: string;
  FORMER_URLS?: string;
}): string[] => [env.PUBLIC_URL, ...namesIn(env.FORMER_URLS ?? "")];

/**
 * By its address without the scheme, as C2SP tlog-tiles recommends, unless it
 * had a name before.
 */
export const logNameOf = (env: {
  PUBLIC_URL: string;
  LOG_NAME?: string;
}): string =>
  env.LOG_NAME?.trim() ||
  `${env.PUBLIC_URL.replace(/^https?:\/\//, "")}/v1/log`;

/** The number of editors that a revision needs. */
export const reviewOf = (env: Env): ReviewMode =>
  env.REVIEW === "two" ? "two" : "one";

/**
 * The two editors whom set-up has confirmed to be two people; empty when it has
 * not.
 */
export const firstEditorsOf = ({
  FIRST_EDITORS = "",
}: Pick<Env, "FIRST_EDITORS">): string[] => namesIn(FIRST_EDITORS);

/** The number of Channels that share the sockets of a case. */
export const channelShardsOf = (env: Env): number =>
  Number(env.CHANNEL_SHARDS ?? 1);

/**
 * Enough for a newsroom or an office behind one address. Widgets beyond it
 * poll.
 */
const DEFAULT_SOCKETS_PER_ADDRESS = 200;

/** The most sockets of one IP address for a case. */
export const socketsPerAddressOf = (env: Env): number =>
  Number(env.SOCKETS_PER_ADDRESS ?? DEFAULT_SOCKETS_PER_ADDRESS);

/**
 * Each announcement wakes every shard, so that more would cost more than they
 * help.
 */
const MAX_CHANNEL_SHARDS = 64;

/**
 * Where the Durable Objects may be stored and run. An object in another
 * jurisdiction is another object, with an empty storage.
 */
export const jurisdictions = ["eu", "us", "fedramp"] as const;

/** Where Cloudflare may be asked to put an object at its birth. */
export const locations = [
  "weur",
  "eeur",
  "enam",
  "wnam",
  "sam",
  "apac",
  "oc",
  "afr",
  "me",
] as const;

/**
 * Cloudflare's point-in-time copies end after 30 days too: no erased content
 * stays longer than that anywhere.
 */
export const MAX_BACKUP_DAYS = 30;

/** How long a backup is kept. */
export const backupDaysOf = (env: Env): number =>
  Number(env.BACKUP_DAYS ?? MAX_BACKUP_DAYS);

const isCount = (value: number, most: number): boolean =>
  Number.isInteger(value) && value >= 1 && value <= most;

const needed = ["LEASE_SECONDS", "PUBLIC_URL", "PROFILE"] as const;
/** A deployment has all of these, or none of them and no bot. */
const neededByBot = [
  "BOT_TOKEN",
  "BOT_INFO",
  "WEBHOOK_SECRET",
  "FOLLOWER_KEY",
] as const;

/**
 * The send rate when TELEGRAM_RATE is absent: just under the 30 bulk messages a
 * second that Telegram allows.
 */
const DEFAULT_SENDS_PER_SECOND = 25;
/**
 * The free plan refuses an invocation's 51st request. The others are for reads
 * of cases.
 */
const DEFAULT_SENDS_PER_ALARM = 45;
/** The most sends a second that Telegram allows. */
const MAX_SENDS_PER_SECOND = 30;
const TELEGRAM = "https://api.telegram.org";

/** As the protocol defines it. */

const isSet = (env: Env, name: keyof Env): boolean =>
  typeof env[name] === "string" && env[name].trim() !== "";

/** 32 bytes in base64. */
const LOG_KEY = /^[A-Za-z0-9+/]{43}=$/;

/** One or more keys of 32 bytes in base64, separated by commas. */
const FOLLOWER_KEYS = /^\s*[A-Za-z0-9+/]{43}=\s*(,\s*[A-Za-z0-9+/]{43}=\s*)*$/;

/**
 * The rules for the names of invited editors.
 * @returns null for names that may be used
 */
function namesFault(names: readonly string[]): string | null {
  const wrong = names.find((name) => !v.is(EditorName, name));
  if (wrong !== undefined) return `"${wrong}" can't be an editor's name`;
  const alike = lookalikeIn(names);
  return alike === undefined ? null : `"${alike}" looks like another name`;
}

function editorsFaults(editors: string): string[] {
  try {
    const entries = Object.entries(JSON.parse(editors) as object);
    const isHash = (hash: unknown) =>
      /^[0-9a-f]{64}$/i.test(String(hash)) &&
      !isPlaceholderHash(String(hash).toLowerCase());
    if (!entries.every(([, hash]) => isHash(hash))) return ["EDITORS"];
    if (entries.length === 0)
      return [
        "EDITORS (it names nobody: npm run setup makes the first editor's token)",
      ];
    return named("EDITORS", namesFault(entries.map(([name]) => name)));
  } catch {
    return ["EDITORS"];
  }
}

function firstEditorsFaults(env: Env): string[] {
  const names = firstEditorsOf(env);
  return names.length === 0 || names.length === 2
    ? named("FIRST_EDITORS", namesFault(names))
    : ["FIRST_EDITORS (two names, with a comma between them)"];
}

const named = (name: string, fault: string | null): string[] =>
  fault === null ? [] : [`${name} (${fault})`];

/** The bytes of an X25519 key. */
const RECIPIENT_BYTES = 32;

/** True for a public key of age, `age1...`, without typing errors. */
function isRecipient(text: string): boolean {
  const read = bech32.decodeUnsafe(text);
  return (
    read?.prefix === "age" &&
    bech32.fromWordsUnsafe(read.words)?.length === RECIPIENT_BYTES
  );
}

/** Backups need a bucket and a key, or neither. */
function backupFaults(env: Env): string[] {
  const hasKey = isSet(env, "BACKUP_RECIPIENT");
  if (env.BACKUPS && !hasKey)
    return [
      "BACKUP_RECIPIENT (the bucket BACKUPS needs the public key that encrypts backups)",
    ];
  if (!env.BACKUPS && hasKey)
    return [
      "BACKUPS (BACKUP_RECIPIENT is set, but the bucket for backups is not)",
    ];
  const { BACKUP_RECIPIENT = "", BACKUP_FOLLOWERS = "no" } = env;
  return [
    ...(hasKey && !isRecipient(BACKUP_RECIPIENT.trim())
      ? ["BACKUP_RECIPIENT (a public key of age: age1...)"]
      : []),
    ...(isCount(backupDaysOf(env), MAX_BACKUP_DAYS)
      ? []
      : [`BACKUP_DAYS (1 to ${MAX_BACKUP_DAYS})`]),
    ...(["yes", "no"].includes(BACKUP_FOLLOWERS)
      ? []
      : ["BACKUP_FOLLOWERS (yes or no)"]),
  ];
}

/** True for the result of `getMe`; false for the whole response around it. */
function isBotInfo(text: string): boolean {
  try {
    return typeof JSON.parse(text).username === "string";
  } catch {
    return false;
  }
}

/** The settings of a deployment's bot. */
export interface BotSettings {
  token: string;
  /** The result of `getMe`. */
  info: UserFromGetMe;
  webhookSecret: string;
  followerKey: string;
  apiRoot: string;
  sendsPerSecond: number;
  /** The most sends of one invocation. The next one begins at once. */
  sendsPerAlarm: number;
}

/**
 * True when the deployment has a bot. Only its settings decide that; with a
 * profile without a bot, they are a fault.
 */
const hasSecrets = (env: Env): boolean =>
  neededByBot.some(
    (name) =>
      isSet(env, name) && !(name === "FOLLOWER_KEY" && isSet(env, "PUSH_KEY")),
  );

/** Both in base64url: an uncompressed point of P-256, and its secret number. */
export interface PushKey {
  publicKey: string;
  privateKey: string;
}

/** The settings with which devices follow by Web Push. */
export interface PushSettings {
  /**
   * Newest first. A device hears by the key to which its subscription is bound.
   */
  keys: [newest: PushKey, ...older: PushKey[]];
  followerKey: string;
  /** Whom a push service may write to. */
  contact: string;
  sendsPerSecond: number;
}

/** A point of P-256 (65 bytes, from 4) and a number of 32 bytes. */
const PUSH_KEY = /^(B[A-Za-z0-9_-]{86})\.([A-Za-z0-9_-]{43})$/;
const DEFAULT_PUSHES_PER_SECOND = 200;

const pushKeysIn = (env: Env) =>
  (env.PUSH_KEY ?? "").split(",").map((text): PushKey | null => {
    const [, publicKey = "", privateKey = ""] =
      PUSH_KEY.exec(text.trim()) ?? [];
    return publicKey ? { publicKey, privateKey } : null;
  });

function pushFaults(env: Env): string[] {
  if (!isSet(env, "PUSH_KEY")) return [];
  return [
    ...(pushKeysIn(env).every(Boolean)
      ? []
      : [
          "PUSH_KEY (npm run setup makes one; several stand newest first, with commas)",
        ]),
    ...(FOLLOWER_KEYS.test(env.FOLLOWER_KEY ?? "") ? [] : ["FOLLOWER_KEY"]),
    ...(Number(env.PUSH_RATE ?? 1) > 0 ? [] : ["PUSH_RATE"]),
  ];
}

/** Apple refuses a contact at a local address. */
const contactOf = (contact: string, publicUrl: string) =>
  /^(mailto|https):/.test(contact) ? contact : publicUrl;

/**
 * Null in a deployment that no device can follow.
 * @throws Error when they are unusable, so that followers' updates wait until
 * they are corrected
 */
export const pushSettings = onceFor((env: Env): PushSettings | null => {
  if (!isSet(env, "PUSH_KEY")) return null;
  const faulty = pushFaults(env);
  if (faulty.length > 0)
    throw new Error(
      `Unusable settings of devices that follow: ${faulty.join(", ")}`,
    );
  const read = readProfile(env.PROFILE);
  const contact = "profile" in read ? read.profile.newsroom.contact : "";
  return {
    ...{
      keys: pushKeysIn(env) as PushSettings["keys"],
      followerKey: env.FOLLOWER_KEY as string,
    },
    contact: contactOf(contact, env.PUBLIC_URL),
    sendsPerSecond: Number(env.PUSH_RATE ?? DEFAULT_PUSHES_PER_SECOND),
  };
});

const completeBotSettings = onceFor((env: Env): BotSettings => {
  const faulty = botFaults(env);
  if (faulty.length > 0)
    throw new Error(
      `Missing or unusable settings of the bot: ${faulty.join(", ")}`,
    );
  const complete = env as Required<Env>;
  return {
    token: complete.BOT_TOKEN,
    info: JSON.parse(complete.BOT_INFO),
    webhookSecret: complete.WEBHOOK_SECRET,
    followerKey: complete.FOLLOWER_KEY,
    apiRoot: complete.TELEGRAM_API_ROOT,
    sendsPerSecond: Number(env.TELEGRAM_RATE ?? DEFAULT_SENDS_PER_SECOND),
    sendsPerAlarm: Number(env.SENDS_PER_ALARM ?? DEFAULT_SENDS_PER_ALARM),
  };
});

/**
 * The settings of the bot, or null in a deployment without one.
 * @throws Error when they are incomplete or unusable, so that followers'
 * updates wait until they are corrected
 */
export const botSettings = (env: Env): BotSettings | null =>
  hasSecrets(env) ? completeBotSettings(env) : null;

/** Any rate is fine for a Bot API server of one's own. */
function rateFaults(env: Env): string[] {
  const rate = Number(env.TELEGRAM_RATE ?? 1);
  if (!(rate > 0)) return ["TELEGRAM_RATE"];
  if (!env.TELEGRAM_API_ROOT?.startsWith(TELEGRAM)) return [];
  return rate <= MAX_SENDS_PER_SECOND
    ? []
    : [`TELEGRAM_RATE (at most ${MAX_SENDS_PER_SECOND})`];
}

function botFaults(env: Env): string[] {
  if (!hasSecrets(env)) return [];
  const given = neededByBot.filter((name) => isSet(env, name));
  const read = isSet(env, "PROFILE") ? readProfile(env.PROFILE) : null;
  if (read && "profile" in read && !read.profile.bot)
    return [
      `${given.join(", ")} (the profile ${env.PROFILE} has no bot: add its field bot, or remove these settings)`,
    ];
  const missing = neededByBot.filter((name) => !isSet(env, name));
  if (missing.length > 0)
    return [
      `${missing.join(", ")} (a bot needs ${neededByBot.join(", ")}: set the missing ones, or remove ${given.join(", ")} to run without a bot)`,
    ];
  return [
    ...(isSet(env, "TELEGRAM_API_ROOT") ? [] : ["TELEGRAM_API_ROOT"]),
    ...(isBotInfo(env.BOT_INFO ?? "") ? [] : ["BOT_INFO"]),
    ...named("WEBHOOK_SECRET", webhookSecretFault(env.WEBHOOK_SECRET ?? "")),
    ...rateFaults(env),
    ...(/^[1-9]\d{0,3}$/.test(env.SENDS_PER_ALARM ?? "1")
      ? []
      : ["SENDS_PER_ALARM (1 to 9999)"]),
    ...(FOLLOWER_KEYS.test(env.FOLLOWER_KEY ?? "") ? [] : ["FOLLOWER_KEY"]),
  ];
}

/**
 * What to fix in the deployment's profile. A missing setting is reported as
 * such.
 */
function profileFaults({ PROFILE }: Env): string[] {
  const read =
    typeof PROFILE === "string" && PROFILE.trim() !== ""
      ? readProfile(PROFILE)
      : null;
  return read && "faults" in read ? read.faults : [];
}

/**
 * Missing or unusable settings that only editors use. They refuse editors, and
 * no reader.
 */
const editingFaults = onceFor((env: Env): string[] => [
  ...(isSet(env, "EDITORS") ? editorsFaults(env.EDITORS) : ["EDITORS"]),
  ...firstEditorsFaults(env),
  ...((reviews as readonly string[]).includes(env.REVIEW ?? "one")
    ? []
    : ["REVIEW (one or two)"]),
]);

/**
 * The names of missing or unusable settings. With any of them, the deployment
 * refuses to serve.
 */
const servingFaults = onceFor((env: Env): string[] => {
  const missing = needed.filter((name) => !isSet(env, name));
  const lease = Number(env.LEASE_SECONDS);
  return [
    ...new Set([
      ...missing,
      ...(lease >= 1 && lease <= 3600 ? [] : ["LEASE_SECONDS"]),
      ...botFaults(env),
      ...pushFaults(env),
      ...(isCount(channelShardsOf(env), MAX_CHANNEL_SHARDS)
        ? []
        : ["CHANNEL_SHARDS"]),
      ...(isCount(socketsPerAddressOf(env), Number.POSITIVE_INFINITY)
        ? []
        : ["SOCKETS_PER_ADDRESS"]),
      ...(!isSet(env, "LOG_KEY") || LOG_KEY.test(env.LOG_KEY?.trim() ?? "")
        ? []
        : ["LOG_KEY (32 bytes in base64)"]),
      ...profileFaults(env),
      ...(isSet(env, "PUBLIC_URL")
        ? named("PUBLIC_URL", addressFault(env.PUBLIC_URL))
        : []),
      ...(isSet(env, "PUBLIC_URL") ? addressesOf(env).slice(1) : []).flatMap(
        (url) => named("FORMER_URLS", addressFault(url)),
      ),
      ...(/^[^\s+]+$/.test(env.LOG_NAME?.trim() || "x")
        ? []
        : ["LOG_NAME (no spaces and no +)"]),
      ...(isSet(env, "METRICS_TOKEN")
        ? named("METRICS_TOKEN", metricsTokenFault(env.METRICS_TOKEN as string))
        : []),
      ...(["", ...jurisdictions].includes(env.JURISDICTION ?? "")
        ? []
        : [`JURISDICTION (${jurisdictions.join(", ")})`]),
      ...(["", ...locations].includes(env.LOCATION ?? "")
        ? []
        : [`LOCATION (${locations.join(", ")})`]),
      ...backupFaults(env),
    ]),
  ];
});

export const faultySettings = (env: Env): string[] => [
  ...servingFaults(env),
  ...editingFaults(env),
];

export const isOnThisMachine = onceFor(({ PUBLIC_URL }: Env) =>
  isLoopback(new URL(PUBLIC_URL).hostname),
);

/**
 * What refuses a request: unusable settings, and a PUBLIC_URL that names this
 * machine when the request came from elsewhere, because the setting of a local
 * run was deployed.
 * @param address of the request
 * @param isReaders true for a request of readers, which needs no setting of
 * editors
 */
export function faultsAt(
  env: Env,
  address: string,
  isReaders: boolean,
): string[] {
  const found = isReaders ? servingFaults(env) : faultySettings(env);
  if (
    found.length > 0 ||
    !isOnThisMachine(env) ||
    isLoopback(new URL(address).hostname)
  )
    return found;
  return [
    `PUBLIC_URL (${env.PUBLIC_URL} is a local address: set the address that readers use)`,
  ];
}
