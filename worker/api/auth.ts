/** Authentication: editors send a bearer token with each request. EDITORS contains only hashes of tokens. */
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { timingSafeEqual } from "hono/utils/buffer";
import { Refusal } from "../../shared/failure.ts";
import { digest } from "../digest.ts";
import { counts } from "../monitoring/counts.ts";
import type { Public } from "../reads/freshness.ts";
import { botSettings } from "../settings.ts";

/** How long an IP address is blocked after too many failed attempts. */
const BLOCK_MS = 60_000;
/** Blocked addresses in one isolate. */
const MAX_BLOCKED_ADDRESSES = 10_000;

/**
 * Blocked IP addresses, each with the end of its block. A valid token is accepted even from a blocked address, so that an attacker
 * can't lock out an editor who shares it. That is safe because tokens have 256 bits and can't be guessed.
 */
const blocked = new Map<string, number>();

/** The name of the editor with this token, or null. Compares in constant time. */
export async function editorOf(editors: string, token: string): Promise<string | null> {
  const hash = digest(token);
  let found: string | null = null;
  for (const [name, known] of Object.entries(JSON.parse(editors) as Record<string, string>))
    if (await timingSafeEqual(known.toLowerCase(), hash)) found = name;
  return found;
}

/**
 * Sets `editor` to the name of the signed-in editor.
 * @throws Refusal `unauthorized`, or `too-many-attempts` once the IP address has exceeded SIGN_IN_LIMIT
 */
export async function signIn(c: Context<Public>): Promise<void> {
  const token = /^bearer +(\S+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];
  // A request without a token doesn't count as a failed attempt: it must not block colleagues who share the address.
  if (token === undefined) throw new Refusal({ tag: "unauthorized" });
  const editor = await editorOf(c.env.EDITORS, token);
  if (editor !== null) {
    c.set("editor", editor);
    return;
  }
  counts.add("failedSignIns");
  const address = c.req.header("CF-Connecting-IP") ?? "local";
  const now = Date.now();
  const until = blocked.get(address) ?? 0;
  if (until > now) throw new Refusal({ tag: "too-many-attempts", seconds: Math.ceil((until - now) / 1000) });
  const { success } = await c.env.SIGN_IN_LIMIT.limit({ key: address });
  if (success) throw new Refusal({ tag: "unauthorized" });
  if (blocked.size > MAX_BLOCKED_ADDRESSES) blocked.clear();
  blocked.set(address, now + BLOCK_MS);
  throw new Refusal({ tag: "too-many-attempts", seconds: BLOCK_MS / 1000 });
}

export const requireEditor = createMiddleware<Public>(async (c, next) => {
  await signIn(c);
  await next();
});

/** The monitoring system sends METRICS_TOKEN. Without that setting there are no metrics. */
export const requireMetrics = createMiddleware<Public>(async (c, next) => {
  const { METRICS_TOKEN } = c.env;
  if (!METRICS_TOKEN) throw new Refusal({ tag: "no-such-address", path: c.req.path });
  const given = /^bearer +(\S+)$/i.exec(c.req.header("Authorization") ?? "")?.[1] ?? "";
  if (!(await timingSafeEqual(given, METRICS_TOKEN))) throw new Refusal({ tag: "unauthorized" });
  await next();
});

/** Telegram sends the webhook's secret with every call. Without a bot there is no webhook. */
export const requireTelegram = createMiddleware<Public>(async (c, next) => {
  const given = c.req.header("X-Telegram-Bot-Api-Secret-Token") ?? "";
  const bot = botSettings(c.env);
  if (bot === null) throw new Refusal({ tag: "no-bot" });
  if (!(await timingSafeEqual(given, bot.webhookSecret))) throw new Refusal({ tag: "unauthorized", at: "webhook" });
  await next();
});
