/** How long others may keep an answer: our edge for a second while the lease is long enough, everyone else not at all. */
import type { Context } from "hono";
import type { View } from "../../shared/view/schema.ts";
import type { Env } from "../bindings.ts";
import type { Route } from "../contract/route.ts";
import type { Copy, Reads } from "./reads.ts";

/** The edge may keep a copy only while at least this much of its lease is left. */
export const EDGE_MINIMUM_MS = 3_000;

export const REVALIDATE = "public, max-age=0, must-revalidate";
export const EDGE_SECOND = "max-age=1, must-revalidate";
const PRIVATE = "private, no-store";
/** For content at an address that names it. */
const IMMUTABLE = "public, max-age=31536000, immutable";
export const NO_STORE = "no-store";

/** The shortest lease of the copies that an answer is made of, on the clock that it is counted on. */
interface Lease {
  until: number;
  now(): number;
}

/** For content that changes only on deploy. */
export const untilDeployment: Lease = { until: Number.POSITIVE_INFINITY, now: () => 0 };

/** What every handler works with; without a lease nothing may be kept. */
export type Public = {
  Bindings: Env;
  Variables: {
    route?: Route | undefined;
    lease?: Lease | undefined;
    /** True once the answer is a 304: the edge may keep it, whatever the lease says a moment later. */
    notModified?: boolean;
    /** The editor who asks, on routes for editors. */
    editor: string;
  };
};

/** Whether the edge may keep an answer made of this copy. */
export const isEdgeCacheable = ({ expires }: Pick<Copy<unknown>, "expires">, now: number): boolean =>
  expires - now >= EDGE_MINIMUM_MS;

const common = { "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer" };

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

/** Takes note of the copy an answer is made of; an answer made of several keeps to the shortest lease. */
export function noteLease(c: Context<Public>, { expires }: Copy<unknown>, reads: Pick<Reads, "now">): void {
  c.set("lease", { until: Math.min(expires, c.get("lease")?.until ?? expires), now: () => reads.now() });
}

/** Asked when the answer is complete: a lease runs on while other copies are read. */
function edgeMayKeep(c: Context<Public>): boolean {
  const lease = c.get("lease");
  return lease !== undefined && isEdgeCacheable({ expires: lease.until }, lease.now());
}

/**
 * A 304 renews headers in caches that keep old ones, so there is one only where the answer may be kept at all.
 * @returns true when the caller must answer 304
 */
export function notModified(c: Context<Public>, etag: string): boolean {
  const is = matchesEtag(c, etag) && edgeMayKeep(c);
  if (is) c.set("notModified", true);
  return is;
}

export function matchesEtag(c: Context<Public>, etag: string): boolean {
  const wanted = c.req.header("If-None-Match")?.split(",") ?? [];
  return wanted.some((candidate) => candidate.trim().replace(/^W\//, "") === etag || candidate.trim() === "*");
}

/** ETags name the revision, the deployment and what else the answer depends on. */
export const etagOf = (env: Env, ...parts: (string | number)[]) =>
  `"${[...parts, env.VERSION.id.slice(0, 8)].join(".")}"`;

/** A view's words change with its revision, and once more when its deadline passes. */
export const etagOfView = (env: Env, view: View, ...parts: (string | number)[]) =>
  etagOf(
    env,
    view.revision?.number ?? 0,
    view.lang,
    view.state === "present" && view.until ? Date.parse(view.until) : 0,
    ...parts,
  );

function cacheHeaders(c: Context<Public>, status: number): Record<string, string> {
  const route = c.get("route");
  const isRead = c.req.method === "GET" || c.req.method === "HEAD";
  if (route?.keep === "forever" && status === 200)
    return { "Cache-Control": IMMUTABLE, "Cloudflare-CDN-Cache-Control": IMMUTABLE, ...common };
  const isPrivate = !isRead || route?.keep === "never" || c.req.header("Authorization") !== undefined;
  const keep = !isPrivate && status < 500 && (c.get("notModified") || edgeMayKeep(c));
  return { ...publicHeaders(keep), ...(isPrivate ? { "Cache-Control": PRIVATE } : {}) };
}

/** Puts the design's headers on an answer of any status that doesn't have them yet. */
export function setHeaders(c: Context<Public>, { headers, status }: Response): void {
  const cache = headers.has("Cloudflare-CDN-Cache-Control") ? {} : cacheHeaders(c, status);
  const isRead = c.req.method === "GET" || c.req.method === "HEAD";
  const isOpen = isRead && c.get("route")?.anyOrigin;
  for (const [name, value] of Object.entries({ ...cache, ...(isOpen ? anyOrigin : {}) })) headers.set(name, value);
}
