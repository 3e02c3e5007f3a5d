/** Sends answers that are made of leased copies, and keeps them finished. */
import type { Context } from "hono";
import type { View } from "../../shared/view/schema.ts";
import {
  type Body,
  bodyBytes,
  headersOf,
  type Source,
  serialOf,
} from "./bodies.ts";
import type { Copy } from "./copies.ts";
import {
  acceptsJson,
  anyOrigin,
  isEdgeCacheable,
  matchesEtag,
  noteWait,
  type Public,
  publicHeaders,
  transportHeaders,
} from "./freshness.ts";
import { nextHalfDay } from "./list.ts";
import { type Reads, readsFor } from "./reads.ts";

export interface LeasedAnswer {
  body: string | Uint8Array<ArrayBuffer>;
  etag: string;
  /** Besides the ETag and the cache headers. */
  headers: Record<string, string>;
  status?: number;
  /**
   * When time alone changes the answer, in milliseconds since the epoch. Every
   * answer is made anew at noon and midnight UTC.
   */
  until?: number | undefined;
}

/** When time alone changes a view, in milliseconds since the epoch. */
export const untilOf = (view: View): number | undefined =>
  view.state === "present" && view.expires
    ? Date.parse(view.expires)
    : undefined;

const encoder = new TextEncoder();

/** @param now when the answer was made, in milliseconds since the epoch */
function bodyOf(
  c: Context<Public>,
  of: readonly Source[],
  now: number,
  answer: LeasedAnswer,
): Body {
  const { etag, status = 200 } = answer;
  const route = c.get("route");
  const content =
    typeof answer.body === "string"
      ? (encoder.encode(answer.body) as Uint8Array<ArrayBuffer>)
      : answer.body;
  return {
    of,
    content,
    etag,
    status,
    headers: new Headers({
      ...answer.headers,
      ETag: etag,
      ...(route?.anyOrigin ? anyOrigin : {}),
      ...transportHeaders(c.req.url),
      ...publicHeaders(true),
    }),
    isForEdge: true,
    onlyJson: route?.onlyJson ?? false,
    until: Math.min(nextHalfDay(now), answer.until ?? Number.POSITIVE_INFINITY),
    bytes: bodyBytes(content),
  };
}

/** What an answer is made of. */
interface Making {
  /**
   * Names the surface, the case, the language and every parameter that the
   * answer depends on. Null for an answer that isn't kept.
   */
  key: string | null;
  copies: readonly Copy<object | null>[];
}

/**
 * A 304 renews the headers in caches, so it is given only if the answer may be
 * kept.
 */
function respond(
  body: Body,
  expires: number,
  now: number,
  ifNoneMatch: string | null | undefined,
): Response {
  const { content, etag, status } = body;
  const isKept = status < 500 && isEdgeCacheable({ expires }, now);
  const headers = headersOf(body, isKept);
  if (isKept && status === 200 && matchesEtag(ifNoneMatch, etag))
    return new Response(null, { status: 304, headers });
  return new Response(content, { status, headers });
}

/**
 * Answers with the kept body, or makes it.
 * @param make is not called when the body is kept
 */
export async function sendBody(
  c: Context<Public>,
  { key, copies }: Making,
  make: (now: number) => LeasedAnswer | Promise<LeasedAnswer>,
): Promise<Response> {
  const reads = readsFor(c.env);
  const now = reads.now();
  const of = copies.flatMap(({ value, name }) =>
    name ? { copy: name, serial: serialOf(value) } : [],
  );
  // An answer about an unknown case has no copy in memory. Made-up ids must not
  // push other answers out. A body's headers say whether it came over TLS.
  const [scheme] = c.req.url.split(":", 1);
  const kept =
    key === null || of.length < copies.length ? null : `body ${scheme} ${key}`;
  let body = kept === null ? null : reads.bodies.get(kept, of, now);
  if (!body) {
    body = bodyOf(c, of, now, await make(now));
    if (kept !== null) reads.bodies.add(kept, body);
  }
  if (kept !== null && c.req.method === "GET")
    reads.bodies.addAddress(c.req.url, kept, body);
  return respond(
    body,
    c.get("lease")?.until ?? Number.NEGATIVE_INFINITY,
    reads.now(),
    c.req.header("If-None-Match"),
  );
}

/** The body that was given for the same address before. */
function bodyFor({ method, url, headers }: Request, reads: Reads): Body | null {
  if (method !== "GET") return null;
  const body = reads.bodies.at(url, reads.now());
  return body && (!body.onlyJson || acceptsJson(headers.get("Accept")))
    ? body
    : null;
}

/**
 * Answers with the body that was given for the same address before: at once
 * while all its copies are leased, otherwise once the Ledger has said that
 * nothing changed. Before a moment, every reader waits for that. Every
 * surface's hot path.
 * @returns null when no such body may be given
 */
export function answerKept(
  request: Request,
  env: Env,
): Response | Promise<Response | null> | null {
  const reads = readsFor(env);
  const body = bodyFor(request, reads);
  if (!body) return null;
  const now = reads.now();
  const expires = reads.expiryOf(body.of);
  if (now >= expires) return answerOnceConfirmed(request, body, reads);
  reads.refresh(now);
  return respond(body, expires, now, request.headers.get("If-None-Match"));
}

async function answerOnceConfirmed(
  request: Request,
  body: Body,
  reads: Reads,
): Promise<Response | null> {
  const start = reads.start();
  const { url } = request;
  try {
    const confirmed = await reads.confirmed(
      body,
      () => reads.bodies.at(url, reads.now()),
      start,
    );
    if (confirmed)
      return respond(
        confirmed.body,
        confirmed.expires,
        reads.now(),
        request.headers.get("If-None-Match"),
      );
    noteWait(request, { start });
  } catch (error) {
    // The route tells of it, in the form that this address has for refusals.
    noteWait(request, { error });
  }
  return null;
}
