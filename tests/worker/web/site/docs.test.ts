/**
 * The API reference: complete, without script, and without any request to
 * others.
 */
import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { paths } from "../../../../shared/addresses.ts";
import { contract } from "../../../../worker/editing/contract/contract.ts";
import type { Route } from "../../../../worker/editing/contract/route.ts";
import {
  apiChanges,
  stability,
} from "../../../../worker/editing/contract/stability.ts";

const origin = "https://casewire.test";
const call = (headers: Record<string, string> = {}) =>
  exports.default.fetch(new Request(origin + paths.docs, { headers }));
const escaped = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;");

it("names every operation, parameter and rule without script or requests to others, and its links lead somewhere", async () => {
  const answer = await call();
  const html = await answer.text();
  expect(html).toContain('<div class="intro"><h1>');
  for (const [
    operation,
    { method, path, summary, query = {} },
  ] of Object.entries<Route>(contract)) {
    const start = html.indexOf(`id="${operation}"`);
    const entry = html.slice(start, html.indexOf("</details>", start));
    expect(start, operation).toBeGreaterThan(0);
    const parameters = Object.keys(query).map((name) => `<code>${name}</code>`);
    for (const part of [
      `<b>${method}</b> ${path}`,
      escaped(summary),
      ...parameters,
    ])
      expect(entry, operation).toContain(part);
  }
  for (const text of [...stability, ...apiChanges.flatMap(({ what }) => what)])
    expect(html).toContain(escaped(text));
  const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  for (const [, id] of html.matchAll(/href="#([^"]+)"/g))
    expect(ids).toContain(id);
  expect(html).not.toMatch(
    /<script|<img|<iframe|<link[^>]+stylesheet|url\(|@import/i,
  );
  expect(answer.headers.get("Content-Security-Policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-/,
  );
  expect(
    (await call({ "If-None-Match": answer.headers.get("ETag")! })).status,
  ).toBe(304);
});
