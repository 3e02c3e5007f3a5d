/**
 * Invented pages that quote two invented cases, and the network on which they
 * stand. A file's name says what a look must find.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SeenRevision } from "../../worker/editing/rules/places.ts";
import { root } from "../support/root.ts";
import { closed, corrected } from "./cases.ts";

export interface LabPage {
  name: string;
  url: string;
  history: SeenRevision[];
  /**
   * "old asks", "current", "moved", "unknown" or "unreachable"; "widget" is
   * current because it shows the case.
   */
  expected: string;
}

const HOST = "https://lab.example.org";
const folder = join(root, "tests/places-lab");
const file = (name: string) => readFileSync(join(folder, `${name}.html`));
const html = (inside: string) =>
  `<!doctype html><html><body><main>${inside}</main></body></html>`;
const stale =
  "<p>UA 741/00: write to the Minister of Justice and ask for the release of Mirela Fantova.</p>";
const page = (text: BodyInit, headers: Record<string, string> = {}) =>
  new Response(text, {
    headers: { "Content-Type": "text/html; charset=utf-8", ...headers },
  });
const sentTo = (status: number, to: string) => () =>
  new Response(null, { status, headers: { Location: to } });

/** Pages that are no file: elsewhere, hostile, huge or broken. */
const made: Record<string, () => Response> = {
  "a-moved-301": sentTo(301, "https://lab.example.org/new"),
  "a-moved-302": sentTo(302, "/"),
  "a-moved-303": sentTo(303, "https://other.example.org/mirela"),
  "a-moved-307": sentTo(307, "https://10.0.0.1/admin"),
  "a-moved-308": sentTo(308, "http://lab.example.org/insecure"),
  "a-unreachable-gone": () => new Response("gone", { status: 410 }),
  "a-unreachable-broken": () => new Response("broken", { status: 503 }),
  "a-unknown-huge": () => page(html(stale + "<p>word </p>".repeat(250_000))),
  "a-unknown-deep": () => page(html("<div>".repeat(5_000) + stale)),
  "a-unknown-many": () => page(html(stale + "<b></b>".repeat(40_000))),
  "a-unknown-summary": () => page(html(`<p>${closed[2]!.case.summary.en}</p>`)),
  "a-unknown-pdf": () =>
    page("%PDF-1.7", { "Content-Type": "application/pdf" }),
  "a-unknown-forbidden": () => page(html(stale)),
  "a-unknown-bytes": () =>
    page(Uint8Array.from({ length: 4_000 }, (_, at) => (at * 37) % 256)),
};

export const pages: LabPage[] = [
  ...readdirSync(folder).flatMap((name) =>
    name.endsWith(".html") ? name.slice(0, -5) : [],
  ),
  ...Object.keys(made),
].map((name) => {
  const [of, ...expected] = name.split("-");
  const [verdict = "", reason = ""] = expected;
  return {
    name,
    url: `${HOST}/${name}`,
    history: of === "a" ? closed : corrected,
    expected: verdict === "old" ? `old ${reason}` : verdict,
  };
});

/**
 * Every request that reached the lab's network, without those for addresses of
 * hosts.
 */
export const asked: Request[] = [];

/**
 * The lab's network: its host's addresses, its rules for robots, and its pages.
 */
export function labNetwork(request: Request): Response {
  const { hostname, pathname } = new URL(request.url);
  if (hostname === "cloudflare-dns.com") {
    const name = new URL(request.url).searchParams.get("name");
    return Response.json({
      Answer: [
        {
          type: 1,
          data: name === "inside.example.org" ? "10.0.0.1" : "93.184.215.14",
        },
      ],
    });
  }
  asked.push(request);
  if (request.url === "https://moved.example.org/robots.txt")
    return Response.redirect("https://lab.example.org/robots.txt", 301);
  const comment = hostname.startsWith("endless") ? "#".repeat(3_000_000) : "";
  if (pathname === "/robots.txt")
    return new Response(
      `User-agent: *\nDisallow: /a-unknown-forbidden\n${comment}`,
    );
  const name = pathname.slice(1);
  if (made[name]) return made[name]();
  if (!pages.some((one) => one.name === name))
    return new Response("not found", { status: 404 });
  if (request.headers.get("If-None-Match") === `"${name}"`)
    return new Response(null, { status: 304 });
  return page(new Uint8Array(file(name)), { ETag: `"${name}"` });
}
