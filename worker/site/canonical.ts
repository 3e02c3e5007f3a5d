/** Addresses of cases as people write them, sent on to the one address of each. */
import { createMiddleware } from "hono/factory";
import { anyOrigin, type Public } from "../reads/freshness.ts";

/** "UA-126-19", "UA 126/19" or "ua126-19" where an id stands, with what comes before and after it. */
const written =
  /^(\/(?:v1\/cases|cases|embed|badge)\/)(ua|extra|ma|nsa)[\s_-]*(\d{1,4})[\s_/-]+(\d{2})((?:\.svg|\/.*)?)$/i;

/** The path of a case with its id in lower case and joined by hyphens; null when it is so already, or is none of a case's. */
export function canonicalPath(pathname: string): string | null {
  let plain: string;
  try {
    plain = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const [, before, series, number, year, after] = written.exec(plain) ?? [];
  if (!before) return null;
  const own = `${before}${series}-${number}-${year}`.toLowerCase();
  return plain.startsWith(own) ? null : own + encodeURI(after ?? "");
}

export const canonical = createMiddleware<Public>((c, next) => {
  const path = c.req.method === "GET" || c.req.method === "HEAD" ? canonicalPath(c.req.path) : null;
  if (path === null) return next();
  const location = path + new URL(c.req.url).search;
  return Promise.resolve(c.body(null, 301, { Location: location, ...anyOrigin }));
});
