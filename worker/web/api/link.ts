/** `Link` headers (RFC 8288) for paging. */
import type { Context } from "hono";
import { addressOf } from "../../../shared/addresses.ts";
import type { Public } from "../../reads/freshness.ts";

/** The link to the next page, with the parameters as they were given; no header without a cursor. */
export const nextLink = (
  c: Context<Public>,
  path: string,
  cursor: string | number | undefined,
): Record<string, string> =>
  cursor === undefined
    ? {}
    : { Link: `<${c.env.PUBLIC_URL}${addressOf(path, { ...c.req.query(), cursor: String(cursor) })}>; rel="next"` };
