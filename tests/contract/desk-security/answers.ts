/**
 * Checks every header of the desk's page and of its files.
 * tests/contract/routes.test.ts checks those of its API.
 */
import { expect, it } from "vitest";
import { localeTags } from "../../../shared/locale.ts";
import { worker } from "./attacked.ts";

const page = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-robots-tag": "noindex, nofollow",
};
const kept = {
  ...page,
  "cache-control": "public, max-age=31536000, immutable",
  "cloudflare-cdn-cache-control": "public, max-age=31536000, immutable",
};
const closed = {
  "cache-control": "private, no-store",
  "cloudflare-cdn-cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
const problem = {
  ...closed,
  "content-type": "application/problem+json; charset=utf-8",
  "content-language": "en",
};

const transport =
  /^(date|content-(length|encoding)|transfer-encoding|connection|keep-alive|vary)$/;

/** Without those of the transport. `Vary` may only name `Accept-Encoding`. */
function headersOf({ headers }: Response): Record<string, string> {
  expect(headers.get("vary") ?? "accept-encoding").toMatch(
    /^accept-encoding$/i,
  );
  return Object.fromEntries(
    [...headers].filter(([name]) => !transport.test(name)),
  );
}

export function answers(): void {
  it("for the desk's page carry its policy, and nothing of any case", async () => {
    const shell = await fetch(`${worker.url}/desk`, {
      headers: { "Accept-Language": "crh-Latn-UA, uk;q=0.5" },
    });
    const html = await shell.text();
    expect([shell.status, headersOf(shell)]).toEqual([
      200,
      { ...page, ...closed, "content-type": "text/html; charset=UTF-8" },
    ]);
    expect(html).not.toMatch(
      /<script(?![^>]* src=)|<style|style=|\son\w+=|ua-\d/,
    );
    const files = [...html.matchAll(/(?:href|src)="(\/desk@[^"]+)"/g)].map(
      ([, path]) => path as string,
    );
    expect(html).toMatch(/^<!doctype html>\n<html lang="crh" dir="ltr">/);
    // The style sheet, the script, and each language's texts.
    expect(new Set(files).size).toBe(2 + localeTags.length);
    const types: Record<string, string> = {
      js: "text/javascript; charset=utf-8",
      css: "text/css; charset=utf-8",
      json: "application/json",
    };
    for (const path of new Set(files)) {
      const answer = await fetch(worker.url + path);
      const type = types[path.split(".").at(-1) as string];
      expect([answer.status, headersOf(answer)]).toEqual([
        200,
        { ...kept, "content-type": type },
      ]);
    }
    for (const [method, path, status] of [
      ["PUT", "/desk", 405],
      ["GET", "/desk/x", 404],
      ["GET", "/desk@0000000000000000.js", 404],
    ] as const) {
      const answer = await fetch(worker.url + path, { method });
      const { allow: _, ...headers } = headersOf(answer);
      const cache =
        status === 404
          ? { "cache-control": "public, max-age=0, must-revalidate" }
          : {};
      expect([answer.status, headers]).toEqual([
        status,
        { ...problem, ...cache },
      ]);
    }
  });
}
