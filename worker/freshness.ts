/** How long others may keep an answer: our edge for a second while the lease is long enough, everybody else not at all. */
import type { Context } from "hono";
import { routes } from "../shared/protocol.ts";
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

/** Whether the edge may keep an answer made of this copy. */
export const mayBeKept = (copy: Copy<unknown>, now: number): boolean => copy.expires - now >= EDGE_MINIMUM;

/** The headers of an answer to anybody; made once for answers that are kept. */
export const publicHeaders = (edge: boolean): Record<string, string> => ({
  "Cache-Control": REVALIDATE,
  "Cloudflare-CDN-Cache-Control": edge ? EDGE_SECOND : NO_STORE,
  ...common,
});

/** The cases are anybody's to read, from any page. */
export const anyOrigin = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "ETag, Link",
  // Pages that isolate themselves (COEP) take nothing without it.
  "Cross-Origin-Resource-Policy": "cross-origin",
};

const common = { "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer" };

/** Takes note of the copy an answer is made of; an answer made of several keeps to the shortest lease. */
export function madeOf(c: Context<Public>, copy: Copy<unknown>, now: number): void {
  c.set("edge", c.get("edge") !== false && mayBeKept(copy, now));
}

/**
 * A 304 renews headers in caches that keep old ones, so there is one only where the answer may be kept at all.
 * @returns true when the caller may answer 304
 */
export const notModified = (c: Context<Public>, etag: string): boolean =>
  c.get("edge") === true && matchesEtag(c, etag);

export function matchesEtag(c: Context<Public>, etag: string): boolean {
  const wanted = c.req.header("If-None-Match")?.split(",") ?? [];
  return wanted.some((candidate) => candidate.trim().replace(/^W\//, "") === etag || candidate.trim() === "*");
}

/** Puts the design's headers on an answer of any status that has not got them yet. */
export function stamp(c: Context<Public>, { headers, status }: Response): void {
  if (headers.has("Cloudflare-CDN-Cache-Control")) return;
  const isPrivate =
    c.req.path.startsWith("/v1/desk") || c.req.path.startsWith("/desk") || c.req.header("Authorization") !== undefined;
  const isRead = c.req.method === "GET" || c.req.method === "HEAD";
  const keep = isRead && !isPrivate && c.get("edge") === true && status < 500;
  const chosen = { ...publicHeaders(keep), ...(c.req.path.startsWith(routes.cases) ? anyOrigin : {}) };
  for (const [name, value] of Object.entries(chosen)) headers.set(name, value);
  if (isPrivate || !isRead) headers.set("Cache-Control", PRIVATE);
}
