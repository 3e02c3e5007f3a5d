/** How long others may keep an answer: our edge for a second while the lease is long enough, everybody else not at all. */
import type { Context } from "hono";
import type { Env } from "./env.ts";
import type { Copy } from "./reads.ts";

/** The edge may keep a copy only while at least this much of its lease is left, in milliseconds. */
export const EDGE_MINIMUM = 3_000;

export const REVALIDATE = "public, max-age=0, must-revalidate";
export const EDGE_SECOND = "max-age=1, must-revalidate";
export const PRIVATE = "private, no-store";
export const NO_STORE = "no-store";

/** What every public handler works with; `edge` says whether the edge may keep the answer, once that is known. */
export type Public = { Bindings: Env; Variables: { edge?: boolean } };

/** Takes note of the copy an answer is made of; an answer made of several keeps to the shortest lease. */
export function madeOf(c: Context<Public>, copy: Copy<unknown>, now: number): void {
  const enough = copy.expires - now >= EDGE_MINIMUM;
  c.set("edge", c.get("edge") !== false && enough);
}

/**
 * A 304 renews headers in caches that keep old ones, so there is one only where the answer may be kept at all.
 * @returns true when the caller may answer 304
 */
export function notModified(c: Context<Public>, etag: string): boolean {
  const wanted = c.req.header("If-None-Match");
  if (!wanted || !c.get("edge")) return false;
  return wanted
    .split(",")
    .some((candidate) => candidate.trim().replace(/^W\//, "") === etag || candidate.trim() === "*");
}

/** Puts the design's cache headers on an answer of any status. */
export function stamp(c: Context<Public>, response: Response): void {
  const { headers, status } = response;
  if (headers.get("Cache-Control")?.includes("immutable")) return;
  const isPrivate =
    c.req.path.startsWith("/v1/desk") || c.req.path.startsWith("/desk") || c.req.header("Authorization") !== undefined;
  const isRead = c.req.method === "GET" || c.req.method === "HEAD";
  headers.set("Cache-Control", isPrivate || !isRead ? PRIVATE : REVALIDATE);
  const keep = isRead && !isPrivate && c.get("edge") === true && status < 500;
  headers.set("Cloudflare-CDN-Cache-Control", keep ? EDGE_SECOND : NO_STORE);
}
