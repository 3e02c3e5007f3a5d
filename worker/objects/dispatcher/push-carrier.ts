/**
 * Web Push as a carrier. The workshop encrypts and sends, because an invocation
 * may make few requests and have six of them open.
 */
import { vapidHeaders } from "@block65/webcrypto-web-push";
import type { PushMessage } from "../../../shared/push-message.ts";
import { askWorkshop } from "../../runtime/bindings.ts";
import { signerFor } from "../../runtime/log-signer.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import {
  isOnThisMachine,
  logKeyOf,
  type PushKey,
  type PushSettings,
} from "../../runtime/settings.ts";
import type { Carrier } from "./carrier.ts";
import type { FollowedWords } from "./followed-words.ts";
import { deviceOf, isBoundTo } from "./push-address.ts";
import { pushMessages } from "./push-message.ts";
import { pushRanks } from "./rank.ts";
import type { Vault } from "./vault.ts";
import {
  backoffMs,
  DEFAULT_PAUSE_S,
  MAX_ATTEMPTS,
  NOT_SENT,
  type SendAnswer,
  type Verdict,
} from "./verdict.ts";

/**
 * Messages in one call of the workshop: with the questions for their hosts,
 * under the 50 requests of an invocation.
 */
const BATCH_PUSHES = 40;
const BATCHES_AT_ONCE = 4;
/** Messages wait so long for others, so that one call takes them. */
const GATHER_MS = 10;
/** An alarm's calls of the workshop, on the free plan. */
const BATCHES_PER_ALARM = 45;
const DAY_S = 86_400;
/**
 * How long a push service keeps a message for a device that is off. What takes
 * something back waits as long as it may.
 */
const TTL_S = { news: 7 * DAY_S, erasure: 28 * DAY_S, reminder: 2 * DAY_S };
/** A token lives for 12 hours. */
const TOKEN_KEPT_MS = (DAY_S / 4) * 1_000;
/** A service that wants more than this is asked again then. */
const MAX_PAUSE_S = DAY_S / 24;
/** Stored as the trouble of a device whose address leads to no public host. */
const REFUSED_ADDRESS = "the address leads to no public host";
/** The same of a device whose key is not in PUSH_KEY any more. */
const KEY_GONE = "its key is not in use any more";

/**
 * Signs who we are for each push service (VAPID, RFC 8292), once in half of a
 * token's life.
 */
function tokenSigner(
  contact: string,
): (origin: string, key: PushKey) => Promise<string> {
  const known = new Map<string, { token: Promise<string>; until: number }>();
  async function sign(origin: string, key: PushKey): Promise<string> {
    const vapid = { subject: contact, ...key };
    // Of the subscription, only the origin is signed. That of a run on one
    // machine has no HTTPS.
    const endpoint = origin.replace(/^http:/, "https:");
    const { headers } = await vapidHeaders(
      { endpoint, expirationTime: null, keys: { p256dh: "", auth: "" } },
      vapid,
    );
    return headers.authorization;
  }
  return (origin, key) => {
    const now = Date.now();
    const name = `${origin} ${key.publicKey}`;
    const last = known.get(name);
    if (last && now < last.until) return last.token;
    // Anyone can name a service of their own.
    if (known.size > 1_000) known.clear();
    const token = sign(origin, key);
    known.set(name, { token, until: now + TOKEN_KEPT_MS });
    return token;
  };
}

/** What a push service's answer means (RFC 8030). */
export function verdictOnPush(answer: SendAnswer, attempts: number): Verdict {
  if (answer.ok) return { do: "done" };
  const { code, description, retryAfter = DEFAULT_PAUSE_S } = answer;
  if (
    code === 404 ||
    code === 410 ||
    description === REFUSED_ADDRESS ||
    description === KEY_GONE
  )
    return { do: "end" };
  if (code === 429)
    return { do: "pause", for: Math.min(retryAfter, MAX_PAUSE_S) * 1_000 };
  if (code === 401 || code === 403)
    return { do: "stop", trouble: `answer ${code}` };
  if (description === NOT_SENT)
    return { do: "again", after: backoffMs(attempts), trouble: NOT_SENT };
  const trouble = code === 0 ? description : `answer ${code}`;
  if ((code !== 0 && code < 500) || attempts >= MAX_ATTEMPTS)
    return { do: "park", trouble };
  const after = Math.max(
    backoffMs(attempts),
    Math.min(answer.retryAfter ?? 0, MAX_PAUSE_S) * 1_000,
  );
  return { do: "again-silently", after, trouble };
}

const answerOf = ({ status, retryAfterS }: PushAnswer): SendAnswer => {
  if (status === "refused")
    return { ok: false, code: 0, description: REFUSED_ADDRESS };
  if (status === "unsent") return { ok: false, code: 0, description: NOT_SENT };
  if (status === "none")
    return { ok: false, code: 0, description: "no answer" };
  if (status >= 200 && status < 300) return { ok: true };
  return { ok: false, code: status, description: "", retryAfter: retryAfterS };
};

/** Gathers messages, and has them sent in batches. */
function batches(env: Env): (push: Push) => Promise<SendAnswer> {
  // A run on this machine may push to this machine, and to nothing else that is
  // private.
  const localHost = isOnThisMachine(env)
    ? new URL(env.PUBLIC_URL).hostname
    : null;
  let waiting: { push: Push; resolve(answer: SendAnswer): void }[] = [];
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    const pushes = batch.map(({ push }) => push);
    const answers = await askWorkshop(env, (workshop) =>
      workshop.sendPushes(pushes, localHost),
    ).catch(() => null);
    for (const [index, { resolve }] of batch.entries())
      resolve(answerOf(answers?.[index] ?? { status: "none" }));
  };
  return (push) =>
    new Promise((resolve) => {
      waiting.push({ push, resolve });
      if (waiting.length === BATCH_PUSHES) void flush();
      else if (waiting.length === 1) void scheduler.wait(GATHER_MS).then(flush);
    });
}

export function pushCarrier(
  settings: PushSettings,
  env: Env,
  vault: Vault,
  words: FollowedWords,
): Carrier<PushMessage> {
  const tokenFor = tokenSigner(settings.contact);
  const post = batches(env);
  const signer = async () => (logKeyOf(env) === null ? null : signerFor(env));
  const messageOf = pushMessages(env.PUBLIC_URL, profileOf(env), signer, words);
  return {
    ranks: pushRanks,
    sendsPerSecond: settings.sendsPerSecond,
    batch: Math.min(BATCH_PUSHES, Math.ceil(settings.sendsPerSecond / 10)),
    lanes: BATCH_PUSHES * BATCHES_AT_ONCE,
    sendsPerAlarm: BATCH_PUSHES * BATCHES_PER_ALARM,
    repeat: "replaces",
    render: (notice, follower, now) =>
      notice.kind === "desk" ? null : messageOf(notice, follower, now),
    async send(address, message, { silent, delivery: { chat, service = "" } }) {
      const key = settings.keys.find(({ publicKey }) =>
        isBoundTo(service, publicKey),
      );
      if (!key) return { ok: false, code: 0, description: KEY_GONE };
      const { endpoint, p256dh, auth } = deviceOf(address);
      const { kind, erased } = message.case;
      const isReminder = kind === "reminder";
      // No two followers share a topic, and none tells of which case it is. A
      // device that is off gets only the newest of each.
      const topic = (
        await vault.hashes(`topic ${chat} ${message.notification.tag}`)
      )[0].slice(0, 32);
      const text = JSON.stringify({
        ...message,
        notification: {
          ...message.notification,
          silent: silent || erased === true,
        },
      });
      const headers = {
        Authorization: await tokenFor(new URL(endpoint).origin, key),
        TTL: String(
          TTL_S[
            erased || kind === "correction"
              ? "erasure"
              : isReminder
                ? "reminder"
                : "news"
          ],
        ),
        Urgency: erased || !(silent || isReminder) ? "high" : "normal",
        Topic: topic,
      };
      return post({ endpoint, p256dh, auth, text, headers });
    },
    verdictOn: verdictOnPush,
  };
}
