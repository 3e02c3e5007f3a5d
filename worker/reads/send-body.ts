/** Finished answers, kept with the values that they were made of: every surface is rendered once for each change, not for each reader. */
import type { Context } from "hono";
import type { View } from "../../shared/view/schema.ts";
import { type Body, serialsOf } from "./bodies.ts";
import { OVERHEAD_BYTES } from "./copies.ts";
import { anyOrigin, isEdgeCacheable, matchesEtag, type Public, publicHeaders } from "./freshness.ts";
import { nextHalfDay } from "./list.ts";
import { type Reads, readsFor } from "./reads.ts";

export interface Answer {
  body: string | Uint8Array<ArrayBuffer>;
  etag: string;
  /** Besides the ETag and the cache headers. */
  headers: Record<string, string>;
  status?: number;
  /** When time alone changes the answer, in milliseconds since the epoch. Every answer is made anew at noon and midnight UTC. */
  until?: number | undefined;
}

/** When time alone changes a view, in milliseconds since the epoch. */
export const untilOf = (view: View): number | undefined =>
  view.state === "present" && view.until ? Date.parse(view.until) : undefined;

const encoder = new TextEncoder();

function bodyOf(c: Context<Public>, of: string, now: number, answer: Answer): Body {
  const { etag, status = 200, until = Number.POSITIVE_INFINITY } = answer;
  const own = { ...answer.headers, ETag: etag, ...(c.get("route")?.anyOrigin ? anyOrigin : {}) };
  const content = typeof answer.body === "string" ? encoder.encode(answer.body) : answer.body;
  return {
    of,
    content,
    etag,
    status,
    headers: { kept: { ...own, ...publicHeaders(true) }, passing: { ...own, ...publicHeaders(false) } },
    until: Math.min(until, nextHalfDay(now)),
    bytes: OVERHEAD_BYTES + content.byteLength,
  };
}

interface Source {
  /** Names the surface, the case, the language and every parameter that the answer depends on. Null for an answer that isn't kept. */
  key: string | null;
  /** The values that the answer is made of, as the copies hold them. */
  of: readonly (object | null)[];
  /** When the shortest lease of the copies ends; by default that of all noted copies. */
  expires?: number;
}

function find(reads: Reads, { key, of }: Source): { made: string; now: number; body: Body | null } {
  const now = reads.now();
  const made = serialsOf(of);
  return { made, now, body: key === null ? null : reads.bodies.get(key, made, now) };
}

/** A 304 renews the headers in caches, so it is given only if the answer may be kept. */
function respond(
  c: Context<Public>,
  reads: Reads,
  { content, etag, status, headers }: Body,
  expires: number,
): Response {
  const isKept = status < 500 && isEdgeCacheable({ expires }, reads.now());
  const chosen = isKept ? headers.kept : headers.passing;
  if (isKept && status === 200 && matchesEtag(c, etag)) return new Response(null, { status: 304, headers: chosen });
  return new Response(content, { status, headers: chosen });
}

const notedLease = (c: Context<Public>) => c.get("lease")?.until ?? Number.NEGATIVE_INFINITY;

/**
 * Answers with the kept body, or makes it.
 * @param make is not called when the body is kept
 */
export function sendBody(
  c: Context<Public>,
  source: Source,
  make: (now: number) => Answer,
  reads: Reads = readsFor(c.env),
): Response {
  let { made, now, body } = find(reads, source);
  if (!body) {
    body = bodyOf(c, made, now, make(now));
    if (source.key !== null) reads.bodies.add(source.key, body);
  }
  return respond(c, reads, body, source.expires ?? notedLease(c));
}

/** Like `sendBody`, for an answer whose making waits for further reads. */
export async function sendBodyLater(
  c: Context<Public>,
  source: Source,
  make: (now: number) => Promise<Answer>,
): Promise<Response> {
  const reads = readsFor(c.env);
  const { made, now, body } = find(reads, source);
  if (body) return respond(c, reads, body, notedLease(c));
  const answer = bodyOf(c, made, now, await make(now));
  if (source.key !== null) reads.bodies.add(source.key, answer);
  return respond(c, reads, answer, notedLease(c));
}
