/**
 * Encrypts messages for devices and posts them to their push services (RFC
 * 8030, RFC 8291), in an invocation of its own.
 */
import { encryptNotification } from "@block65/webcrypto-web-push";
import {
  isPublicHost,
  webAddressFault,
} from "../../objects/webhooks/address.ts";

/** The platform opens no more for one invocation. */
const CONNECTIONS = 6;
/**
 * The free plan refuses the 51st. Each host takes two before its first message.
 */
const MAX_REQUESTS = 50;
const REQUESTS_PER_HOST = 2;
const TIMEOUT_MS = 10_000;

async function post({
  endpoint,
  p256dh,
  auth,
  text,
  headers,
}: Push): Promise<PushAnswer> {
  const subscription = {
    endpoint,
    expirationTime: null,
    keys: { p256dh, auth },
  };
  const body = await encryptNotification(
    subscription,
    new TextEncoder().encode(text),
  ).catch(() => null);
  if (body === null) return { status: "refused" };
  try {
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: {
        ...headers,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    const retryAfterS = Number.parseInt(
      answer.headers.get("Retry-After") ?? "",
      10,
    );
    return {
      status: answer.status,
      ...(retryAfterS > 0 ? { retryAfterS } : {}),
    };
  } catch (error) {
    const isRefused =
      error instanceof Error &&
      /too many (?:subrequests|concurrent)/i.test(error.message);
    return { status: isRefused ? "unsent" : "none" };
  }
}

/**
 * @param localHost the host of a run on one machine, which may push to itself
 * over HTTP
 */
export async function sendPushes(
  pushes: Push[],
  localHost: string | null,
): Promise<PushAnswer[]> {
  const answers: PushAnswer[] = [];
  const hosts = new Map<string, Promise<boolean | null>>();
  let requests = 0;
  let next = 0;
  async function one(push: Push): Promise<PushAnswer> {
    const { hostname, protocol } = new URL(push.endpoint);
    if (
      localHost === null ||
      protocol !== "http:" ||
      ![localHost, "127.0.0.1"].includes(hostname)
    ) {
      if (webAddressFault(push.endpoint, "") !== null)
        return { status: "refused" };
      if (!hosts.has(hostname)) {
        requests += REQUESTS_PER_HOST;
        if (requests >= MAX_REQUESTS) return { status: "unsent" };
        hosts.set(hostname, isPublicHost(hostname));
      }
      const isPublic = await hosts.get(hostname);
      if (!isPublic)
        return { status: isPublic === false ? "refused" : "unsent" };
    }
    requests++;
    return requests > MAX_REQUESTS ? { status: "unsent" } : post(push);
  }
  const lane = async () => {
    for (let at = next++; at < pushes.length; at = next++)
      answers[at] = await one(pushes[at] as Push);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  return answers;
}
