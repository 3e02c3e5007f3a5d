/** Addresses of cases as people write them, sent on to the one address of each. */
import { createMiddleware } from "hono/factory";
import { caseIdAt } from "../../shared/case/id.ts";
import { reading } from "../contract/reading.ts";
import type { Route } from "../contract/route.ts";
import { anyOrigin, type Public } from "../reads/freshness.ts";

/** What stands before a case's id in the addresses that readers use. */
const beforeIds = [
  ...new Set(Object.values<Route>(reading).flatMap(({ path }) => (path.includes("{id}") ? path.split("{id}", 1) : []))),
];

/** The path of a case with its id in lower case and joined by hyphens; null when it is so already, or is none of a case's. */
export function canonicalPath(pathname: string): string | null {
  let plain: string;
  try {
    plain = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const before = beforeIds.find((prefix) => plain.startsWith(prefix));
  const found = before === undefined ? null : caseIdAt(plain.slice(before.length));
  if (!found || !/^(\/|\.svg$|$)/.test(found.rest)) return null;
  const own = before + found.id;
  return plain.startsWith(own) ? null : own + encodeURI(found.rest);
}

export const canonical = createMiddleware<Public>((c, next) => {
  const path = c.req.method === "GET" || c.req.method === "HEAD" ? canonicalPath(c.req.path) : null;
  if (path === null) return next();
  const location = path + new URL(c.req.url).search;
  return Promise.resolve(c.body(null, 301, { Location: location, ...anyOrigin }));
});
