/** Redirects other spellings of a case's URL to its canonical URL. */
import { createMiddleware } from "hono/factory";
import { caseIdAt } from "../../shared/case/id.ts";
import { reading } from "../contract/reading.ts";
import type { Route } from "../contract/route.ts";
import { anyOrigin, type Public } from "../reads/freshness.ts";

/** The parts of public paths that precede a case's id. */
const idPrefixes = [
  ...new Set(Object.values<Route>(reading).flatMap(({ path }) => (path.includes("{id}") ? path.split("{id}", 1) : []))),
];

/** Returns the path with the case's id in canonical form, such as `ua-126-19`; null for a canonical path or any other page's. */
export function canonicalPath(pathname: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const prefix = idPrefixes.find((candidate) => decoded.startsWith(candidate));
  const found = prefix === undefined ? null : caseIdAt(decoded.slice(prefix.length));
  if (!found || !/^(\/|\.svg$|$)/.test(found.rest)) return null;
  const start = prefix + found.id;
  return decoded.startsWith(start) ? null : start + encodeURI(found.rest);
}

export const canonical = createMiddleware<Public>((c, next) => {
  const path = c.req.method === "GET" || c.req.method === "HEAD" ? canonicalPath(c.req.path) : null;
  if (path === null) return next();
  const location = path + new URL(c.req.url).search;
  return Promise.resolve(c.body(null, 301, { Location: location, ...anyOrigin }));
});
