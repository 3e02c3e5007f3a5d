/** Editors sign each request with a bearer token; only hashes of tokens are configured. */
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { timingSafeEqual } from "hono/utils/buffer";
import { Refusal } from "../../shared/failure.ts";
import { digest } from "../digest.ts";
import type { Public } from "../reads/freshness.ts";

/** How long an address that failed too often is refused. */
const BLOCK_MS = 60_000;
/** How many such addresses an isolate remembers. */
const MAX_BLOCKED_ADDRESSES = 10_000;

/**
 * Addresses that guess tokens, and until when this isolate refuses their guesses. A known token is let in all the same, so nobody can
 * lock out an editor who shares an address; tokens have 256 bits, so their length is what makes guessing hopeless.
 */
const blocked = new Map<string, number>();

/** The name of the editor whose token this is, found in constant time; null when nobody's. */
export async function editorOf(editors: string, token: string): Promise<string | null> {
  const hash = digest(token);
  let found: string | null = null;
  for (const [name, known] of Object.entries(JSON.parse(editors) as Record<string, string>))
    if (await timingSafeEqual(known.toLowerCase(), hash)) found = name;
  return found;
}

/**
 * Sets `editor` to the name of the editor who asks.
 * @throws Refusal `unauthorized`, or `too-many-attempts` once an address has failed more often than the platform's limit allows
 */
export async function signIn(c: Context<Public>): Promise<void> {
  const [scheme, token] = (c.req.header("Authorization") ?? "").split(" ");
  // Only guesses count: an editor who forgot the token must not lock out colleagues who share an address.
  if (scheme?.toLowerCase() !== "bearer" || !token) throw new Refusal({ tag: "unauthorized" });
  const editor = await editorOf(c.env.EDITORS, token);
  if (editor !== null) {
    c.set("editor", editor);
    return;
  }
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

/** Telegram sends the webhook's secret with every call. */
export const requireTelegram = createMiddleware<Public>(async (c, next) => {
  const given = c.req.header("X-Telegram-Bot-Api-Secret-Token") ?? "";
  if (!(await timingSafeEqual(given, c.env.WEBHOOK_SECRET))) throw new Refusal({ tag: "unauthorized" });
  await next();
});
