/**
 * Redirects other spellings of a URL to the one that its route declares: case
 * ids as people write them, and a slash at the end.
 */
import { createMiddleware } from "hono/factory";
import { caseIdAt } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { contract } from "../../editing/contract/contract.ts";
import { pathValuesIn } from "../../editing/contract/paths.ts";
import type { Route } from "../../editing/contract/route.ts";
import { anyOrigin, type Public } from "../../reads/freshness.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";

const templates = new Set(
  Object.values<Route>(contract).map(({ path }) => path),
);

/** The parts of public paths that precede a case's id. */
export const idPrefixes = [
  ...new Set(
    Object.values<Route>(contract).flatMap(({ path, access }) =>
      path.includes("{id}") && !access ? path.split("{id}", 1) : [],
    ),
  ),
];

/**
 * Writes the case's id in canonical form, such as `ua-126-19`. Returns other
 * paths as they are.
 */
function withCaseId(pathname: string, profile: Profile): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
  const prefix = idPrefixes.find((candidate) => decoded.startsWith(candidate));
  const found =
    prefix === undefined
      ? null
      : caseIdAt(decoded.slice(prefix.length), profile);
  if (!found || !/^(\/|\.(svg|png|fragment)$|$)/.test(found.rest))
    return pathname;
  const start = prefix + found.id;
  return decoded.startsWith(start) ? pathname : start + encodeURI(found.rest);
}

/**
 * Returns the canonical path of a route; null for a canonical path, and for one
 * that no route would have.
 */
export function canonicalPath(
  pathname: string,
  profile: Profile,
): string | null {
  const trimmed =
    pathname.length > 1 && pathname.endsWith("/")
      ? pathname.slice(0, -1)
      : pathname;
  const canonical = withCaseId(trimmed, profile);
  if (canonical === pathname) return null;
  return [...templates].some((template) => pathValuesIn(template, canonical))
    ? canonical
    : null;
}

export const canonical = createMiddleware<Public>((c, next) => {
  // As it was sent: Hono decodes `c.req.path`, and a header can't hold a
  // decoded line break.
  const { pathname, search } = new URL(c.req.url);
  const path =
    c.req.method === "GET" || c.req.method === "HEAD"
      ? canonicalPath(pathname, profileOf(c.env))
      : null;
  if (path === null) return next();
  const location = path + search;
  return Promise.resolve(
    c.body(null, 301, { Location: location, ...anyOrigin }),
  );
});
