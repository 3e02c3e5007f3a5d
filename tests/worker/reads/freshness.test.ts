/**
 * A response's cache headers and its status must come from one reading of the
 * clock.
 */
import { Hono } from "hono";
import { expect, it } from "vitest";
import {
  EDGE_MINIMUM_MS,
  EDGE_SECOND,
  noteLease,
  notModified,
  type Public,
  setHeaders,
} from "../../../worker/reads/freshness.ts";

const ETAG = '"1.en.0"';

/**
 * Requests with a known ETag.
 * @param left of the lease, in milliseconds: while the copies are read, then at
 * each look at the clock
 */
async function ask(
  ...left: number[]
): Promise<{ status: number; edge: string | null }> {
  const expires = 1_000_000;
  const now = () => expires - (left.length > 1 ? left.shift()! : left[0]!);
  const app = new Hono<Public>();
  app.use(async (c, next) => {
    await next();
    setHeaders(c, c.res);
  });
  app.get("/v1/cases", (c) => {
    noteLease(c, { value: null, expires }, { now });
    left.shift();
    // Another copy of the same answer, with a longer lease.
    noteLease(c, { value: null, expires: expires + 60_000 }, { now });
    return notModified(c, ETAG) ? c.body(null, 304) : c.json({});
  });
  const answer = await app.request("/v1/cases", {
    headers: { "If-None-Match": ETAG },
  });
  return {
    status: answer.status,
    edge: answer.headers.get("Cloudflare-CDN-Cache-Control"),
  };
}

it("An answer to a known ETag is 304 if the edge may keep it when it is finished, else a full 200", async () => {
  expect(await ask(5_000, EDGE_MINIMUM_MS)).toEqual({
    status: 304,
    edge: EDGE_SECOND,
  });
  expect(await ask(5_000, EDGE_MINIMUM_MS - 1)).toEqual({
    status: 200,
    edge: "no-store",
  });
  // The lease runs short between two looks at the clock.
  const { status, edge } = await ask(
    5_000,
    EDGE_MINIMUM_MS,
    EDGE_MINIMUM_MS - 1,
  );
  expect([status, edge]).not.toEqual([304, "no-store"]);
});
