/**
 * `npm run moment -- --url` against a server that keeps the rule, and against
 * one that breaks it.
 */
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { type Change, watchFromOutside } from "./contract/moment/outside.ts";
import { listening } from "./support/listening.ts";
import { eventually } from "./support/waiting.ts";

const LIVE_AT = "2026-01-01T00:00:00.000Z";

/**
 * @param stale the surface that goes back to revision 1 after it showed
 * revision 2
 */
async function watchServer(stale: string | null) {
  let number = 1;
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path.startsWith("/v1/cases?"))
      return void response.end(JSON.stringify({ cases: [{ id: "ua-1-00" }] }));
    if (path.startsWith("/v1/live")) return void response.writeHead(503).end();
    const times = (asked.get(path) ?? 0) + 1;
    asked.set(path, times);
    const shown = path === stale && times % 2 === 0 ? 1 : number;
    response.setHeader("ETag", `"${shown}.en.test"`);
    response.end(
      JSON.stringify({ revision: { number: shown, liveAt: LIVE_AT } }),
    );
  });
  const changes: Change[] = [];
  const violations: string[] = [];
  const stop = new AbortController();
  const watching = watchFromOutside({
    origin: `http://127.0.0.1:${await listening(server)}`,
    signal: stop.signal,
    changed: (change) => changes.push(change),
    violated: (line) => violations.push(line),
    say: () => {},
    interval: 10,
  });
  const asks = (times: number) =>
    eventually(
      () =>
        asked.size === 5 &&
        [...asked.values()].every((count) => count >= times),
      () => "too few reads",
    );
  await asks(2);
  number = 2;
  await asks(8);
  stop.abort();
  const reads = await watching;
  server.closeAllConnections();
  server.close();
  return { changes, violations, reads };
}

test("A deployment is watched from outside: each surface's delay after a moment", async () => {
  const { changes, violations, reads } = await watchServer(null);
  expect(violations).toEqual([]);
  expect(reads).toBeGreaterThan(30);
  expect(changes).toMatchObject([
    { case: "ua-1-00", revision: 2, liveAt: LIVE_AT },
  ]);
  const { seen } = changes[0]!;
  expect(Object.keys(seen).sort()).toEqual([
    "badge",
    "frame",
    "page",
    "record",
    "view",
  ]);
  for (const late of Object.values(seen))
    expect(late).toBeCloseTo(Date.now() - Date.parse(LIVE_AT), -4);
});

test("A surface that goes back to an older revision is noticed without any clock", async () => {
  const { violations } = await watchServer("/embed/ua-1-00");
  expect(violations.length).toBeGreaterThan(0);
  for (const line of violations)
    expect(line).toMatch(/^ua-1-00: frame showed revision 1 /);
});
