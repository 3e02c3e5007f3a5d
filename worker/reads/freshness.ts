/**
 * Cache headers. Our edge may keep an answer for one second while its lease is
 * long enough; everyone else must revalidate.
 */
import type { Context } from "hono";
import type { View } from "../../shared/view/schema.ts";
import type { Route } from "../editing/contract/route.ts";
import type { Identity } from "../editing/rules/roles.ts";
import type { Copy, Start } from "./copies.ts";

/**
 * The edge may keep an answer only while at least this much of its lease is
 * left.
 */
export const EDGE_MINIMUM_MS = 3_000;

export const REVALIDATE = "public, max-age=0, must-revalidate";
export const EDGE_SECOND = "max-age=1, must-revalidate";
const PRIVATE = "private, no-store";
/** For addresses that contain a hash or version of their content. */
const IMMUTABLE = "public, max-age=31536000, immutable";
/**
 * For the widget's newest script: it holds no truth, so an older copy does no
 * harm.
 */
const MINUTES = "public, max-age=300, stale-while-revalidate=86400";
export const NO_STORE = "no-store";

/**
 * The shortest lease among the copies that an answer is made of, and the clock
 * it is counted on.
 */
interface Lease {
  until: number;
  now(): number;
}

/** For content that changes only on deploy. */
export const untilDeployment: Lease = {
  until: Number.POSITIVE_INFINITY,
  now: () => 0,
};

/**
 * Hono's environment for every handler. An answer without a lease may not be
 * kept.
 */
export type Public = {
  Bindings: Env;
  Variables: {
    route?: Route | undefined;
    lease?: Lease | undefined;
    /**
     * True once the answer is a 304: the edge may keep it even if the lease has
     * become too short meanwhile.
     */
    notModified?: boolean;
    /** The signed-in editor's name, on routes for editors. */
    editor: string;
    /** Their role, and how the request was signed in. */
    identity: Identity;
  };
};

/** True if the edge may keep an answer made of this copy. */
export const isEdgeCacheable = (
  { expires }: Pick<Copy<unknown>, "expires">,
  now: number,
): boolean => expires - now >= EDGE_MINIMUM_MS;

const common = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

/**
 * The cache headers of a public answer.
 * @param edge true if the edge may keep it
 */
export const publicHeaders = (edge: boolean): Record<string, string> => ({
  "Cache-Control": REVALIDATE,
  "Cloudflare-CDN-Cache-Control": edge ? EDGE_SECOND : NO_STORE,
  ...common,
});

/** CORS headers: any page may read the cases. */
export const anyOrigin = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
  // Pages with COEP (cross-origin isolation) refuse answers without it.
  "Cross-Origin-Resource-Policy": "cross-origin",
};

/**
 * Notes a copy that the answer is made of. The shortest lease of all noted
 * copies counts.
 */
export function noteLease(
  c: Context<Public>,
  { expires }: Copy<unknown>,
  reads: { now(): number },
): void {
  c.set("lease", {
    until: Math.min(expires, c.get("lease")?.until ?? expires),
    now: () => reads.now(),
  });
}

const waits = new WeakMap<Request, { start: Start } | { error: unknown }>();

/**
 * Notes that a request has waited for the Ledger, which has answered or failed.
 * Its handler doesn't wait again.
 */
export const noteWait = (
  request: Request,
  wait: { start: Start } | { error: unknown },
): void => void waits.set(request, wait);

/**
 * When a request that has waited began to wait. It may use the Ledger's answer.
 * @throws the error that it waited for
 */
export function startOf(request: Request): Start | undefined {
  const wait = waits.get(request);
  if (!wait) return undefined;
  if ("error" in wait) throw wait.error;
  return wait.start;
}

/**
 * Call it when the answer is complete, because leases run on while other copies
 * are read.
 */
function edgeMayKeep(c: Context<Public>): boolean {
  const lease = c.get("lease");
  return (
    lease !== undefined &&
    isEdgeCacheable({ expires: lease.until }, lease.now())
  );
}

/**
 * A 304 renews the headers in caches, so it is allowed only if the answer may
 * be kept.
 * @returns true when the caller must answer 304
 */
export function notModified(c: Context<Public>, etag: string): boolean {
  const matches =
    matchesEtag(c.req.header("If-None-Match"), etag) && edgeMayKeep(c);
  if (matches) c.set("notModified", true);
  return matches;
}

/** @param ifNoneMatch the request's header */
export const matchesEtag = (
  ifNoneMatch: string | null | undefined,
  etag: string,
): boolean =>
  ifNoneMatch
    ?.split(",")
    .some(
      (item) => item.trim().replace(/^W\//, "") === etag || item.trim() === "*",
    ) ?? false;

/** @param accept the request's header */
export const acceptsJson = (accept: string | null | undefined): boolean =>
  accept === undefined ||
  accept === null ||
  accept === "*/*" ||
  /(application|\*)\/(\*|([\w.-]+\+)?json)/i.test(accept);

/**
 * An ETag of everything that the answer depends on: the given parts, in the
 * characters that RFC 9110 allows, and the deployment.
 */
export const etagOf = (env: Env, ...parts: (string | number)[]) =>
  `"${[...parts, env.VERSION.id.slice(0, 8)].join(".").replace(/[^\x21\x23-\x7e]/g, "-")}"`;

/**
 * Names a revision in an ETag. After a restore, its number may be given again,
 * but not its moment.
 */
export const revisionTag = ({
  number,
  liveAt,
}: {
  number: number;
  liveAt: string;
}): string => `${number}.${Date.parse(liveAt).toString(36)}`;

/**
 * An ETag of a view. Its text changes with the revision, and once more when the
 * deadline passes.
 */
export const etagOfView = (
  env: Env,
  view: View,
  ...parts: (string | number)[]
) =>
  etagOf(
    env,
    view.revision ? revisionTag(view.revision) : 0,
    view.lang,
    view.state === "present" && view.expires ? Date.parse(view.expires) : 0,
    ...parts,
  );

function cacheHeaders(
  c: Context<Public>,
  status: number,
): Record<string, string> {
  const route = c.get("route");
  const isRead = c.req.method === "GET" || c.req.method === "HEAD";
  if (route?.keep === "forever" && status === 200)
    return {
      "Cache-Control": IMMUTABLE,
      "Cloudflare-CDN-Cache-Control": IMMUTABLE,
      ...common,
    };
  const isPrivate =
    !isRead ||
    route?.keep === "never" ||
    c.req.header("Authorization") !== undefined;
  const keep =
    !isPrivate && status < 500 && (c.get("notModified") || edgeMayKeep(c));
  const isForMinutes = keep && route?.keep === "minutes" && status < 400;
  return {
    ...publicHeaders(keep),
    ...(isPrivate
      ? { "Cache-Control": PRIVATE }
      : isForMinutes
        ? { "Cache-Control": MINUTES }
        : {}),
  };
}

/** Browsers that came over TLS once never come without it for a year. */
export const transportHeaders = (url: string): Record<string, string> =>
  url.startsWith("https:")
    ? { "Strict-Transport-Security": "max-age=31536000" }
    : {};

/**
 * Sets the cache and CORS headers on an answer of any status, unless its
 * handler has set them.
 */
export function setHeaders(
  c: Context<Public>,
  { headers, status }: Response,
): void {
  // A kept body has all its headers.
  if (headers.has("Cloudflare-CDN-Cache-Control")) return;
  const cache = cacheHeaders(c, status);
  const isRead = c.req.method === "GET" || c.req.method === "HEAD";
  const isOpen = isRead && c.get("route")?.anyOrigin;
  for (const [name, value] of Object.entries({
    ...cache,
    ...(isOpen ? anyOrigin : {}),
    ...transportHeaders(c.req.url),
  }))
    headers.set(name, value);
}
