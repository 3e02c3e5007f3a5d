/** Editors sign each request with a bearer token; only hashes of tokens are configured. */
import { createMiddleware } from "hono/factory";
import { timingSafeEqual } from "hono/utils/buffer";
import { Refusal } from "../../shared/failure.ts";
import type { Env } from "../bindings.ts";
import { digest } from "../digest.ts";

/** How long an address that failed too often is refused, in milliseconds. */
const BLOCK = 60_000;

/**
 * Addresses that guess, and until when their guesses are refused by this isolate. A token that is known is let in all the same, so that
 * nobody can lock an editor out from behind the same address; a token has 256 bits, so what holds off guessing is its length.
 */
const blocked = new Map<string, number>();

export type Editor = { Bindings: Env; Variables: { editor: string } };

/** The name of the editor whose token this is, found in constant time; null when nobody's. */
export async function editorOf(editors: string, token: string): Promise<string | null> {
  const hash = digest(token);
  let found: string | null = null;
  for (const [name, known] of Object.entries(JSON.parse(editors) as Record<string, string>))
    if (await timingSafeEqual(known.toLowerCase(), hash)) found = name;
  return found;
}

/**
 * @throws Refusal `unauthorized`, or `too-many-attempts` once an address has failed more often than the platform's limit allows
 */
export const requireEditor = createMiddleware<Editor>(async (c, next) => {
  const [scheme, token] = (c.req.header("Authorization") ?? "").split(" ");
  // Only guesses count: who forgot the token must not lock out colleagues behind the same address.
  if (scheme?.toLowerCase() !== "bearer" || !token) throw new Refusal({ tag: "unauthorized" });
  const editor = await editorOf(c.env.EDITORS, token);
  if (editor === null) {
    const address = c.req.header("CF-Connecting-IP") ?? "local";
    const until = blocked.get(address) ?? 0;
    const now = Date.now();
    if (until > now) throw new Refusal({ tag: "too-many-attempts", seconds: Math.ceil((until - now) / 1000) });
    const { success } = await c.env.SIGN_IN_LIMIT.limit({ key: address });
    if (success) throw new Refusal({ tag: "unauthorized" });
    if (blocked.size > 10_000) blocked.clear();
    blocked.set(address, now + BLOCK);
    throw new Refusal({ tag: "too-many-attempts", seconds: BLOCK / 1000 });
  }
  c.set("editor", editor);
  await next();
});
