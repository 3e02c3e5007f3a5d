/**
 * Authentication: editors send a bearer token with each request. The Ledger
 * holds the hashes of sessions and tokens and is asked each time, so that what
 * is revoked is refused at once. The setting EDITORS holds the hashes of tokens
 * that open the first door.
 */
import type { Context } from "hono";
import { timingSafeEqual } from "hono/utils/buffer";
import { Refusal } from "../../../shared/failure.ts";
import type { Route } from "../../editing/contract/route.ts";
import {
  FRESH_MS,
  hasRole,
  hasScope,
  type Identity,
} from "../../editing/rules/roles.ts";
import { counts } from "../../reads/counts.ts";
import type { Public } from "../../reads/freshness.ts";
import { ledgerFor } from "../../runtime/bindings.ts";
import { digest } from "../../runtime/digest.ts";
import { networkOf } from "../../runtime/network.ts";
import { botSettings } from "../../runtime/settings.ts";
import { SESSION_PREFIX, TOKEN_PREFIX } from "../../runtime/token-prefixes.ts";

/** How long a network is blocked after too many failed attempts. */
const BLOCK_MS = 60_000;
/** Blocked networks in one isolate. */
const MAX_BLOCKED_NETWORKS = 10_000;
/** Hashes of tokens in one isolate. */
const MAX_SEEN_TOKENS = 10_000;

/**
 * Blocked networks, each with the end of its block. A token that this isolate
 * has seen to be valid is still looked up, so that an attacker can't lock out
 * an editor who shares the network; other tokens don't reach the Ledger. That
 * is safe because tokens have 256 bits and can't be guessed.
 */
const blocked = new Map<string, number>();
const seen = new Set<string>();

/**
 * Whom attempts are counted for. Somebody with an IPv6 network has 2^64
 * addresses.
 */
const networkIn = (c: Context): string =>
  networkOf(c.req.header("CF-Connecting-IP") ?? "local");

/** The bearer token of a request; undefined when there is none. */
export const bearerOf = (c: Context): string | undefined =>
  /^bearer +(\S+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];

/**
 * The name that EDITORS has for a token's hash, or null. Compares in constant
 * time.
 */
async function nameInSecret(
  editors: string,
  hash: string,
): Promise<string | null> {
  let found: string | null = null;
  for (const [name, known] of Object.entries(
    JSON.parse(editors) as Record<string, string>,
  ))
    if (await timingSafeEqual(known.toLowerCase(), hash)) found = name;
  return found;
}

/** @throws Refusal `too-many-attempts` while the network is blocked */
function refuseBlocked(c: Context): void {
  const now = Date.now();
  const until = blocked.get(networkIn(c)) ?? 0;
  if (until > now)
    throw new Refusal({
      tag: "too-many-attempts",
      seconds: Math.ceil((until - now) / 1000),
    });
}

/**
 * Counts a failed attempt.
 * @throws Refusal `failure`, or `too-many-attempts` once the network has
 * exceeded SIGN_IN_LIMIT
 */
export async function refuseAttempt(
  c: Context<Public>,
  failure: Refusal["failure"],
): Promise<never> {
  counts.add("failedSignIns");
  refuseBlocked(c);
  const { success } = await c.env.SIGN_IN_LIMIT.limit({ key: networkIn(c) });
  if (success) throw new Refusal(failure);
  if (blocked.size > MAX_BLOCKED_NETWORKS) blocked.clear();
  blocked.set(networkIn(c), Date.now() + BLOCK_MS);
  throw new Refusal({ tag: "too-many-attempts", seconds: BLOCK_MS / 1000 });
}

/**
 * Limits a public question that reaches the Ledger.
 * @throws Refusal `too-many-attempts`
 */
export async function limitQuestion(c: Context<Public>): Promise<void> {
  refuseBlocked(c);
  const { success } = await c.env.SIGN_IN_LIMIT.limit({
    key: `question ${networkIn(c)}`,
  });
  if (!success)
    throw new Refusal({ tag: "too-many-attempts", seconds: BLOCK_MS / 1000 });
}

/** @returns null when nobody has this token */
async function identify(
  c: Context<Public>,
  token: string,
): Promise<Identity | "closed" | null> {
  const hash = digest(token);
  const ofLedger =
    token.startsWith(SESSION_PREFIX) || token.startsWith(TOKEN_PREFIX);
  const name = ofLedger ? null : await nameInSecret(c.env.EDITORS, hash);
  if (!ofLedger && name === null) return null;
  if (ofLedger && !seen.has(hash)) refuseBlocked(c);
  const found = await ledgerFor(c.env).access.identify(hash, name);
  if (found !== null && ofLedger) {
    if (seen.size > MAX_SEEN_TOKENS) seen.clear();
    seen.add(hash);
  }
  return found as Identity | "closed" | null;
}

/**
 * Sets `editor` and `identity` to the signed-in editor.
 * @throws Refusal `unauthorized`, `door-closed`, or `too-many-attempts` once
 * the network has exceeded SIGN_IN_LIMIT
 */
export async function identityOf(c: Context<Public>): Promise<Identity> {
  const token = bearerOf(c);
  // A request without a token doesn't count as a failed attempt: it must not
  // block colleagues who share the network.
  if (token === undefined) throw new Refusal({ tag: "unauthorized" });
  const identity = await identify(c, token);
  if (identity === null) return refuseAttempt(c, { tag: "unauthorized" });
  if (identity === "closed") throw new Refusal({ tag: "door-closed" });
  c.set("editor", identity.editor);
  c.set("identity", identity);
  return identity;
}

/**
 * @throws Refusal when the route needs another role, scope or a fresh passkey
 */
export function authorize(
  identity: Identity,
  needed: Pick<Route, "role" | "scope" | "fresh" | "byNewSecret">,
): void {
  const {
    role = "administrator",
    scope = "editors",
    fresh,
    byNewSecret,
  } = needed;
  if (identity.onlyInvites && !byNewSecret)
    throw new Refusal({ tag: "door-closed" });
  if (!hasRole(identity, role)) throw new Refusal({ tag: "forbidden", role });
  if (scope !== null && !hasScope(identity, scope))
    throw new Refusal({ tag: "forbidden", scope });
  if (!fresh) return;
  const { kind } = identity;
  // A token is made with a fresh passkey. Until the first administrator has
  // one, nobody could use it.
  if ((kind === "token" && fresh !== "or-new-token") || kind === "secret")
    return;
  if (fresh === "or-recovery" && kind === "recovery") return;
  // A time ahead of the clock is not fresh either: the clock has been put back
  // since.
  if (
    identity.passkeyAt === null ||
    Math.abs(Date.now() - identity.passkeyAt) > FRESH_MS
  )
    throw new Refusal({
      tag: "passkey-needed",
      seconds: FRESH_MS / 1000,
      ...(kind === "token" && { token: true }),
    });
}

/** For a change that would be a proposal, if it could be one. */
export const mayNotPublish = (identity: Identity): Refusal =>
  new Refusal({
    tag: "forbidden",
    ...(hasRole(identity, "publisher")
      ? { scope: "publish" }
      : { role: "publisher" }),
  });

export async function requireEditor(c: Context<Public>): Promise<void> {
  const identity = await identityOf(c);
  // A route for editors that declares nothing needs everything.
  authorize(identity, c.get("route") as Route);
}

/**
 * The monitoring system sends METRICS_TOKEN. Without that setting there are no
 * metrics.
 */
export async function requireMetrics(c: Context<Public>): Promise<void> {
  const { METRICS_TOKEN } = c.env;
  if (!METRICS_TOKEN)
    throw new Refusal({ tag: "no-such-address", path: c.req.path });
  if (!(await timingSafeEqual(bearerOf(c) ?? "", METRICS_TOKEN)))
    throw new Refusal({ tag: "unauthorized" });
}

/**
 * Telegram sends the webhook's secret with every call. Without a bot there is
 * no webhook.
 */
export async function requireTelegram(c: Context<Public>): Promise<void> {
  const given = c.req.header("X-Telegram-Bot-Api-Secret-Token") ?? "";
  const bot = botSettings(c.env);
  if (bot === null) throw new Refusal({ tag: "no-bot" });
  if (!(await timingSafeEqual(given, bot.webhookSecret)))
    throw new Refusal({ tag: "unauthorized", at: "webhook" });
}
