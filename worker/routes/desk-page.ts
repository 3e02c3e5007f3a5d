/** The editors' page: a shell without data, whose script asks for the token. Its files stand at addresses that never change what they answer. */
import { Hono } from "hono";
import style from "../../dist/desk.css";
import script from "../../dist/desk.js";
import { Refusal } from "../../shared/failure.ts";
import { routes } from "../../shared/protocol.ts";
import { digest } from "../digest.ts";
import type { Env } from "../env.ts";
import { FOREVER, PRIVATE } from "../freshness.ts";

/** Nothing inline, nothing from elsewhere, nothing from text to script; nobody may frame it and no form leaves it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const headers = {
  "Content-Security-Policy": POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Strict-Transport-Security": "max-age=31536000",
  "X-Frame-Options": "DENY",
  "X-Robots-Tag": "noindex, nofollow",
};

const files = new Map(
  [
    { body: script, kind: "js", type: "text/javascript; charset=utf-8" },
    { body: style, kind: "css", type: "text/css; charset=utf-8" },
  ].map(({ body, kind, type }) => [routes.deskFile(digest(body).slice(0, 16), kind), { body, type, kind }]),
);
const addressOf = (kind: string) => [...files].find(([, file]) => file.kind === kind)?.[0];

const shell = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Casewire</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${addressOf("css")}">
    <script type="module" src="${addressOf("js")}"></script>
  </head>
  <body><noscript>The desk needs JavaScript. The shell's commands do the same without it.</noscript></body>
</html>
`;

export const deskPage = new Hono<{ Bindings: Env }>();

deskPage.get(routes.desk, (c) => c.html(shell, 200, { ...headers, "Cache-Control": PRIVATE }));

/** Another deployment's address is unknown here: its bytes went with it. */
deskPage.get("/:file{desk@[0-9a-f]+\\.(?:js|css)}", (c) => {
  const file = files.get(c.req.path);
  if (!file) throw new Refusal({ tag: "no-such-address", path: c.req.path });
  return c.body(file.body, 200, {
    ...headers,
    "Content-Type": file.type,
    "Cache-Control": FOREVER,
    "Cloudflare-CDN-Cache-Control": FOREVER,
  });
});
