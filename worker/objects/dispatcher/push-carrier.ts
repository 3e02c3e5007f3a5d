/** Web Push as a carrier. The workshop encrypts and sends, because an invocation may make few requests and have six of them open. */
import { base64Of, bytesIn } from "../../../shared/base64.ts";
import type { PushMessage } from "../../../shared/push-message.ts";
import { askWorkshop } from "../../runtime/bindings.ts";
import { signerFor } from "../../runtime/log-signer.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { isOnThisMachine, logKeyOf, type PushSettings } from "../../runtime/settings.ts";
import type { Carrier } from "./carrier.ts";
import { deviceOf } from "./push-address.ts";
import { PushMessages } from "./push-message.ts";
import { pushRanks } from "./rank.ts";
import type { Vault } from "./vault.ts";
import { backoffMs, DEFAULT_PAUSE_S, MAX_ATTEMPTS, NOT_SENT, type SendAnswer, type Verdict } from "./verdict.ts";

/** Messages in one call of the workshop: with the questions for their hosts, under the 50 requests of an invocation. */
const BATCH_PUSHES = 40;
const BATCHES_AT_ONCE = 4;
/** Messages wait so long for others, so that one call takes them. */
const GATHER_MS = 10;
/** An alarm's calls of the workshop, on the free plan. */
const BATCHES_PER_ALARM = 45;
const DAY_S = 86_400;
/** How long a push service keeps a message for a device that is off. What takes something back waits as long as it may. */
const TTL_S = { news: 7 * DAY_S, erasure: 28 * DAY_S, reminder: 2 * DAY_S };
/** Services refuse tokens of over 24 hours. */
const TOKEN_S = DAY_S / 2;
/** A service that wants more than this is asked again then. */
const MAX_PAUSE_S = DAY_S / 24;
/** Stored as the trouble of a device whose address leads to no public host. */
const REFUSED_ADDRESS = "the address leads to no public host";

const base64Url = (bytes: Uint8Array) => base64Of(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const bytesOfUrl = (text: string) => bytesIn(text.replaceAll("-", "+").replaceAll("_", "/"));

/** Signs who we are for each push service (VAPID, RFC 8292), once in half a day. */
function tokenSigner({ publicKey, privateKey, contact }: PushSettings): (origin: string) => Promise<string> {
  const known = new Map<string, { token: Promise<string>; until: number }>();
  const json = (value: object) => base64Url(new TextEncoder().encode(JSON.stringify(value)));
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  async function sign(origin: string, exp: number): Promise<string> {
    const point = bytesOfUrl(publicKey);
    const [x, y] = [point.slice(1, 33), point.slice(33)].map(base64Url) as [string, string];
    const jwk = { kty: "EC", crv: "P-256", x, y, d: privateKey };
    const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]);
    const text = `${json({ typ: "JWT", alg: "ES256" })}.${json({ aud: origin, exp, sub: contact })}`;
    const signature = await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(text));
    return `vapid t=${text}.${base64Url(new Uint8Array(signature))}, k=${publicKey}`;
  }
  return (origin) => {
    const now = Math.floor(Date.now() / 1_000);
    const last = known.get(origin);
    if (last && now < last.until) return last.token;
    // Anyone can name a service of their own.
    if (known.size > 1_000) known.clear();
    const token = sign(origin, now + TOKEN_S);
    known.set(origin, { token, until: now + TOKEN_S / 2 });
    return token;
  };
}

/** What a push service's answer means (RFC 8030). */
export function verdictOnPush(answer: SendAnswer, attempts: number): Verdict {
  if (answer.ok) return { do: "done" };
  const { code, description, retryAfter = DEFAULT_PAUSE_S } = answer;
  if (code === 404 || code === 410 || description === REFUSED_ADDRESS) return { do: "end" };
  if (code === 429) return { do: "pause", for: Math.min(retryAfter, MAX_PAUSE_S) * 1_000 };
  if (code === 401 || code === 403) return { do: "stop", trouble: `answer ${code}` };
  if (description === NOT_SENT) return { do: "again", after: backoffMs(attempts), trouble: NOT_SENT };
  const trouble = code === 0 ? description : `answer ${code}`;
  if ((code !== 0 && code < 500) || attempts >= MAX_ATTEMPTS) return { do: "park", trouble };
  const after = Math.max(backoffMs(attempts), Math.min(answer.retryAfter ?? 0, MAX_PAUSE_S) * 1_000);
  return { do: "again-silently", after, trouble };
}

const answerOf = ({ status, retryAfterS }: PushAnswer): SendAnswer => {
  if (status === "refused") return { ok: false, code: 0, description: REFUSED_ADDRESS };
  if (status === "unsent") return { ok: false, code: 0, description: NOT_SENT };
  if (status === "none") return { ok: false, code: 0, description: "no answer" };
  if (status >= 200 && status < 300) return { ok: true };
  return {
    ok: false,
    code: status,
    description: "",
    ...(retryAfterS === undefined ? {} : { retryAfter: retryAfterS }),
  };
};

/** Gathers messages, and has them sent in batches. */
function batches(env: Env): (push: Push) => Promise<SendAnswer> {
  // A run on this machine may push to this machine, and to nothing else that is private.
  const localHost = isOnThisMachine(env) ? new URL(env.PUBLIC_URL).hostname : null;
  let waiting: { push: Push; resolve(answer: SendAnswer): void }[] = [];
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    const pushes = batch.map(({ push }) => push);
    const answers = await askWorkshop(env, (workshop) => workshop.sendPushes(pushes, localHost)).catch(() => null);
    for (const [index, { resolve }] of batch.entries()) resolve(answerOf(answers?.[index] ?? { status: "none" }));
  };
  return (push) =>
    new Promise((resolve) => {
      waiting.push({ push, resolve });
      if (waiting.length === BATCH_PUSHES) void flush();
      else if (waiting.length === 1) void scheduler.wait(GATHER_MS).then(flush);
    });
}

export function pushCarrier(settings: PushSettings, env: Env, vault: Vault): Carrier<PushMessage> {
  const tokenFor = tokenSigner(settings);
  const post = batches(env);
  const signer = async () => (logKeyOf(env) === null ? null : signerFor(env));
  const messages = new PushMessages(env.PUBLIC_URL, profileOf(env), signer);
  return {
    ranks: pushRanks,
    sendsPerSecond: settings.sendsPerSecond,
    batch: Math.min(BATCH_PUSHES, Math.ceil(settings.sendsPerSecond / 10)),
    lanes: BATCH_PUSHES * BATCHES_AT_ONCE,
    sendsPerAlarm: BATCH_PUSHES * BATCHES_PER_ALARM,
    repeat: "replaces",
    render: (notice, follower, now) => (notice.kind === "desk" ? null : messages.of(notice, follower, now)),
    async send(address, message, { silent, delivery: { chat } }) {
      const { endpoint, p256dh, auth } = deviceOf(address);
      const { kind, erased } = message.case;
      const isReminder = kind === "reminder";
      // No two followers share a topic, and none tells of which case it is. A device that is off gets only the newest of each.
      const topic = (await vault.hashes(`topic ${chat} ${message.notification.tag}`))[0].slice(0, 32);
      const text = JSON.stringify({
        ...message,
        notification: { ...message.notification, silent: silent || erased === true },
      });
      const headers = {
        Authorization: await tokenFor(new URL(endpoint).origin),
        TTL: String(TTL_S[erased || kind === "correction" ? "erasure" : isReminder ? "reminder" : "news"]),
        Urgency: erased || !(silent || isReminder) ? "high" : "normal",
        Topic: topic,
      };
      return post({ endpoint, p256dh, auth, text, headers });
    },
    verdictOn: verdictOnPush,
  };
}
