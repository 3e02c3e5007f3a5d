/** Checks every header of every response that the desk can send. A header that isn't in the table is a failure. */

import { expect, it } from "vitest";
import { paths } from "../../../shared/addresses.ts";
import { localeTags } from "../../../shared/locale.ts";
import { png, svg } from "../../drawn-pictures.ts";
import { draftOf } from "../../invented.ts";
import { ahead } from "../../next-year.ts";
import { asSecond, hostile, worker } from "./attacked.ts";

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
const json = { ...closed, "content-type": "application/json" };
const problem = { ...closed, "content-type": "application/problem+json; charset=utf-8", "content-language": "en" };
const stranger = { ...problem, "www-authenticate": 'Bearer realm="casewire"' };
const file = (name: string) => ({
  ...closed,
  "content-type": "application/x-ndjson; charset=utf-8",
  "content-disposition": `attachment; filename="casewire-${name}-<day>.ndjson"`,
});

const DRAFT = "3f0c1f0e-0000-4000-8000-000000000001";
const draft = draftOf({});
const send = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  headers: { "Content-Type": "application/json", ...headers },
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const publication = (more: object = {}) => ({
  case: hostile.case,
  note: hostile.note,
  kind: "correction",
  notify: "none",
  liveAt: ahead,
  ...more,
});

const portrait = (bytes: Uint8Array) => ({
  person: "invented-person-one",
  image: Buffer.from(bytes).toString("base64"),
  consent: { givenBy: "Invented Relative", givenOn: "2026-01-02" },
});

type Row = [
  method: string,
  path: string,
  status: number,
  headers: Record<string, string>,
  init?: RequestInit,
  as?: typeof asSecond,
];

/** The order matters: later rows use what earlier rows created. */
const signedIn = (): Row[] => [
  ["GET", "/v1/desk/me", 200, json],
  ["HEAD", "/v1/desk/me", 200, json],
  ["POST", "/v1/desk/me", 405, { ...problem, allow: "GET, HEAD" }],
  ["GET", "/v1/desk/cases", 200, json],
  ["GET", "/v1/desk/cases/ua-61-00", 200, { ...json, etag: '"2"' }],
  ["GET", "/v1/desk/cases/ua-9-99", 404, problem],
  ["GET", "/v1/desk/cases/ua-61-00/trace?lang=uk", 200, json],
  ["GET", "/v1/desk/cases/ua-9-99/trace", 404, problem],
  ["GET", "/v1/desk/cases/ua-61-00/portraits", 200, json],
  ["GET", "/v1/desk/cases/ua-61-00/portraits/x", 404, problem],
  ["DELETE", "/v1/desk/cases/ua-61-00/portraits/x", 404, problem],
  ["POST", "/v1/desk/cases/ua-61-00/portraits", 422, problem, send(portrait(svg))],
  ["POST", "/v1/desk/cases/ua-61-00/portraits", 413, problem, send("x".repeat(801 * 1024))],
  ["POST", "/v1/desk/cases/ua-64-00/portraits", 201, json, send(portrait(png(64)))],
  ["POST", "/v1/desk/preview", 200, json, send({ case: {} })],
  ["POST", "/v1/desk/preview", 422, problem, send({})],
  ["POST", "/v1/desk/preview", 400, problem, send("{")],
  ["POST", "/v1/desk/preview", 415, problem, { body: "{}" }],
  ["POST", "/v1/desk/preview", 413, problem, send("x".repeat(513 * 1024))],
  ["GET", "/v1/desk/preview", 405, { ...problem, allow: "POST" }],
  ["PUT", `/v1/desk/drafts/${DRAFT}`, 201, { ...json, etag: '"1"' }, send(draft, { "If-None-Match": "*" })],
  ["PUT", `/v1/desk/drafts/${DRAFT}`, 200, { ...json, etag: '"2"' }, send(draft, { "If-Match": '"1"' })],
  ["PUT", `/v1/desk/drafts/${DRAFT}`, 412, problem, send(draft, { "If-Match": '"1"' })],
  ["PUT", `/v1/desk/drafts/${DRAFT}`, 428, problem, send(draft)],
  ["PUT", `/v1/desk/drafts/${DRAFT}`, 413, problem, send("x".repeat(513 * 1024), { "If-Match": '"2"' })],
  ["PUT", "/v1/desk/drafts/x", 400, problem, send(draft, { "If-None-Match": "*" })],
  ["GET", "/v1/desk/drafts", 200, json],
  ["GET", `/v1/desk/drafts/${DRAFT}`, 200, { ...json, etag: '"2"' }],
  ["DELETE", `/v1/desk/drafts/${DRAFT}`, 204, closed],
  ["DELETE", `/v1/desk/drafts/${DRAFT}`, 404, problem],
  ["PATCH", `/v1/desk/drafts/${DRAFT}`, 405, { ...problem, allow: "GET, HEAD, PUT, DELETE" }],
  ["GET", "/v1/desk/proposals", 200, json],
  ["GET", "/v1/desk/proposals/x", 404, problem],
  ["POST", "/v1/desk/proposals/x/approve", 428, problem],
  ["POST", "/v1/desk/proposals/x/approve", 404, problem, { headers: { "If-Match": `"${"0".repeat(64)}"` } }],
  ["POST", "/v1/desk/proposals/x/reject", 404, problem, send({})],
  ["POST", "/v1/desk/proposals/x/reject", 415, problem],
  ["DELETE", "/v1/desk/proposals/x", 404, problem],
  ["GET", "/v1/desk/outdated", 200, json],
  ["GET", "/v1/desk/outdated?after=x", 400, problem],
  ["POST", "/v1/desk/mentions", 200, json, send({ names: ["Invented Person One"] })],
  ["POST", "/v1/desk/mentions", 422, problem, send({ names: [] })],
  ["GET", "/v1/desk/audit?limit=1", 200, json],
  ["GET", "/v1/desk/audit?limit=x", 400, problem],
  ["GET", "/v1/desk/audit.ndjson", 200, file("audit")],
  ["GET", "/v1/desk/export", 200, file("backup")],
  ["GET", "/v1/desk/erasures", 200, file("erasures")],
  ["POST", "/v1/desk/restore", 409, problem, { body: "x" }],
  ["GET", "/v1/desk/followers", 200, file("followers")],
  ["POST", "/v1/desk/followers", 422, problem, { body: "x" }],
  ["DELETE", "/v1/desk/followers", 405, { ...problem, allow: "GET, HEAD, POST" }],
  ["GET", "/v1/desk/deliveries", 200, json],
  ["POST", "/v1/desk/deliveries", 200, json],
  ["GET", "/v1/desk/hooks", 200, json],
  ["POST", "/v1/desk/hooks", 422, problem, send({ url: "https://127.0.0.1/" })],
  ["POST", "/v1/desk/hooks", 422, problem, send({ url: "https://hooks.internal/", shape: "fax" })],
  ["POST", "/v1/desk/hooks/x/replay", 404, problem, send({ from: 1 })],
  ["DELETE", "/v1/desk/hooks/x", 404, problem],
  ["GET", "/v1/desk/chats", 200, json],
  ["POST", "/v1/desk/chats", 201, json],
  ["DELETE", "/v1/desk/chats/x", 404, problem],
  ["POST", "/v1/desk/keys", 200, json],
  // The signed-in name is one of EDITORS, which has no passkeys and tokens of its own.
  ["GET", "/v1/desk/me/access", 200, json],
  ["POST", "/v1/desk/me/passkey-options", 403, problem],
  ["POST", "/v1/desk/me/passkeys", 422, problem, send({})],
  ["DELETE", "/v1/desk/me/passkeys/x", 403, problem],
  ["POST", "/v1/desk/me/recovery-codes", 403, problem],
  ["POST", "/v1/desk/tokens", 403, problem, send({ label: "x", scopes: ["read"] })],
  ["DELETE", "/v1/desk/tokens/x", 404, problem],
  ["GET", "/v1/desk/people", 200, json],
  ["PUT", "/v1/desk/people/x", 404, problem, send({ role: "author" })],
  ["DELETE", "/v1/desk/people/x", 404, problem],
  ["POST", "/v1/desk/invitations", 201, json, send({ name: "Invented Editor", role: "author" })],
  ["POST", "/v1/desk/invitations", 422, problem, send({ name: "<b>", role: "author" })],
  ["DELETE", "/v1/desk/invitations/x", 404, problem],
  ["DELETE", "/v1/desk/session", 204, closed],
  ["POST", "/v1/drafts", 200, json, { headers: { "Content-Type": "text/plain" }, body: "UA 1/20" }],
  ["POST", "/v1/drafts", 415, problem, send({})],
  ["PUT", "/v1/cases/ua-61-00", 412, problem, send(publication(), { "If-Match": '"9"' })],
  ["PUT", "/v1/cases/ua-62-00", 422, problem, send(publication(), { "If-None-Match": "*" })],
  ["DELETE", "/v1/cases/ua-9-99?reason=mistake", 404, problem, { headers: { "If-None-Match": "*" } }],
  ["DELETE", "/v1/cases/ua-9-99?reason=mistake", 428, problem],
  [
    "PUT",
    `/v1/desk/drafts/${DRAFT}`,
    201,
    { ...json, etag: '"1"' },
    send({ ...draft, case: { id: "ua-64-00" } }, { "If-None-Match": "*" }),
  ],
  ["DELETE", "/v1/cases/ua-64-00?reason=mistake", 412, problem, { headers: { "If-Match": '"1"' } }],
  ["DELETE", "/v1/cases/ua-64-00?reason=mistake", 200, json, { headers: { "If-None-Match": "*" } }],
  ["DELETE", "/v1/cases/ua-64-00?reason=whim", 400, problem, { headers: { "If-Match": '"1"' } }],
];

const reading = (hash: string): RequestInit => ({ headers: { "If-Match": `"${hash}"` } });

/** A proposal, its publish and its undo. */
const reviewed = (proposal: string, hash: string): Row[] => [
  ["GET", proposal, 200, { ...json, etag: '"<hash>"' }],
  ["POST", `${proposal}/approve`, 403, problem, reading(hash)],
  ["POST", `${proposal}/approve`, 412, problem, reading("0".repeat(64)), asSecond],
  ["POST", `${proposal}/approve`, 201, { ...json, etag: '"3"' }, reading(hash), asSecond],
  ["POST", `${proposal}/approve`, 404, problem, reading(hash), asSecond],
  ["PUT", "/v1/cases/ua-61-00", 409, problem, send(publication(), { "If-Match": '"3"' })],
  ["DELETE", "/v1/cases/ua-61-00/revisions/3", 200, json],
];

/** Every request without a token. */
const shut: [method: string, path: string][] = [
  ["GET", "/v1/desk/me/access"],
  ["POST", "/v1/desk/me/passkey-options"],
  ["POST", "/v1/desk/me/passkeys"],
  ["DELETE", "/v1/desk/me/passkeys/x"],
  ["POST", "/v1/desk/me/recovery-codes"],
  ["POST", "/v1/desk/tokens"],
  ["DELETE", "/v1/desk/tokens/x"],
  ["GET", "/v1/desk/people"],
  ["PUT", "/v1/desk/people/x"],
  ["DELETE", "/v1/desk/people/x"],
  ["POST", "/v1/desk/invitations"],
  ["DELETE", "/v1/desk/invitations/x"],
  ["DELETE", "/v1/desk/session"],
  ...[
    "me",
    "outdated",
    "cases",
    "cases/ua-61-00",
    "cases/ua-61-00/trace",
    "cases/ua-61-00/portraits",
    "cases/ua-61-00/portraits/x",
    "drafts",
    `drafts/${DRAFT}`,
    "proposals",
    "proposals/x",
  ].map((path) => ["GET", `/v1/desk/${path}`] as [string, string]),
  ...["audit", "audit.ndjson", "export", "followers", "erasures", "deliveries", "hooks", "chats"].map(
    (path) => ["GET", `/v1/desk/${path}`] as [string, string],
  ),
  ["POST", "/v1/desk/preview"],
  ["POST", "/v1/desk/mentions"],
  ["POST", "/v1/desk/cases/ua-61-00/portraits"],
  ["DELETE", "/v1/desk/cases/ua-61-00/portraits/x"],
  ["POST", "/v1/desk/chats"],
  ["DELETE", "/v1/desk/chats/x"],
  ["POST", "/v1/desk/restore"],
  ["POST", "/v1/desk/followers"],
  ["POST", "/v1/desk/hooks"],
  ["POST", "/v1/desk/hooks/x/replay"],
  ["DELETE", "/v1/desk/hooks/x"],
  ["POST", "/v1/desk/keys"],
  ["POST", "/v1/desk/deliveries"],
  ["POST", "/v1/desk/proposals/x/approve"],
  ["POST", "/v1/desk/proposals/x/reject"],
  ["DELETE", "/v1/desk/proposals/x"],
  ["PUT", `/v1/desk/drafts/${DRAFT}`],
  ["DELETE", `/v1/desk/drafts/${DRAFT}`],
  ["PUT", "/v1/cases/ua-61-00"],
  ["DELETE", "/v1/cases/ua-61-00"],
  ["DELETE", "/v1/cases/ua-61-00/revisions/1"],
  ["POST", "/v1/drafts"],
];

const transport = new Set([
  "date",
  "content-length",
  "transfer-encoding",
  "content-encoding",
  "connection",
  "keep-alive",
  "vary",
]);

/** Replaces days, ids and hashes. `Vary` may only name `Accept-Encoding`. */
function headersOf({ headers }: Response): Record<string, string> {
  expect(headers.get("vary") ?? "accept-encoding").toMatch(/^accept-encoding$/i);
  return Object.fromEntries(
    [...headers]
      .filter(([name]) => !transport.has(name))
      .map(([name, value]) => [
        name,
        value
          .replace(/\d{4}-\d{2}-\d{2}\.ndjson/, "<day>.ndjson")
          .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, "<id>")
          .replace(/[0-9a-f]{64}/, "<hash>"),
      ]),
  );
}

export function answers(): void {
  it("are tested for every route that the contract names", async () => {
    const document = (await (await fetch(worker.url + paths.openapi)).json()) as {
      paths: Record<string, Record<string, { security?: unknown }>>;
    };
    const named = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => JSON.stringify(security).includes("editor"))
        .map(([method]) => ({ method: method.toUpperCase(), path })),
    );
    expect(named.length).toBeGreaterThan(20);
    const rows = [...signedIn(), ...reviewed("/v1/desk/proposals/x", "")];
    const isIn = (table: string[][], method: string, path: string) => {
      const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+").replaceAll(".", "\\.")}$`);
      return table.some(([one, at = ""]) => one === method && pattern.test(at.replace(/\?.*/, "")));
    };
    for (const { method, path } of named) {
      expect(isIn(rows as unknown as string[][], method, path), `${method} ${path} to an editor`).toBe(true);
      expect(isIn(shut, method, path), `${method} ${path} to anybody else`).toBe(true);
    }
  });

  it("to an editor are private, not sniffed, and closed to other sites", async () => {
    const check = async ([method, path, status, headers, init, as = worker.asEditor]: Row) => {
      const answer = await as(path, { method, ...init });
      const text = await answer.text();
      expect([answer.status, headersOf(answer)], `${method} ${path} ${text.slice(0, 300)}`).toEqual([status, headers]);
      expect(text).not.toContain(worker.editorToken);
      return answer;
    };
    for (const row of signedIn()) await check(row);
    const location = "/v1/desk/proposals/<id>";
    const put = send(publication(), { "If-Match": '"2"' });
    const { headers } = await check(["PUT", "/v1/cases/ua-61-00", 202, { ...json, location }, put]);
    const proposal = headers.get("Location") as string;
    const { hash } = (await (await worker.asEditor(proposal)).json()) as { hash: string };
    for (const row of reviewed(proposal, hash)) await check(row);
    const rejected = (await check(["PUT", "/v1/cases/ua-61-00", 202, { ...json, location }, put])).headers;
    await check(["POST", `${rejected.get("Location")}/reject`, 200, json, send({ reason: "Invented" }), asSecond]);
  });

  it("to anyone else are always the same refusal", async () => {
    const bodies = new Set<string>();
    for (const [method, path] of shut) {
      const answer = await fetch(worker.url + path, { method });
      expect([answer.status, headersOf(answer)], `${method} ${path}`).toEqual([401, stranger]);
      bodies.add(await answer.text());
    }
    expect(bodies.size).toBe(1);
  });

  it("for the desk's page carry its policy, and nothing of any case", async () => {
    const shell = await fetch(`${worker.url}/desk`, { headers: { "Accept-Language": "crh-Latn-UA, uk;q=0.5" } });
    const html = await shell.text();
    expect([shell.status, headersOf(shell)]).toEqual([
      200,
      { ...page, ...closed, "content-type": "text/html; charset=UTF-8" },
    ]);
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|style=|\son\w+=|ua-\d/);
    const files = [...html.matchAll(/(?:href|src)="(\/desk@[^"]+)"/g)].map(([, path]) => path as string);
    expect(html).toMatch(/^<!doctype html>\n<html lang="crh" dir="ltr">/);
    // The style sheet, each language's texts, and the scripts.
    const scripts = [...new Set(files)].filter((path) => path.endsWith(".js"));
    expect(new Set(files).size).toBe(1 + localeTags.length + scripts.length);
    expect(scripts.length).toBeGreaterThan(5);
    const types: Record<string, string> = {
      js: "text/javascript; charset=utf-8",
      css: "text/css; charset=utf-8",
      json: "application/json",
    };
    for (const path of new Set(files)) {
      const answer = await fetch(worker.url + path);
      const type = types[path.split(".").at(-1) as string];
      expect([answer.status, headersOf(answer)]).toEqual([200, { ...kept, "content-type": type }]);
    }
    for (const [method, path, status] of [
      ["PUT", "/desk", 405],
      ["GET", "/desk/x", 404],
      ["GET", "/desk@0000000000000000.js", 404],
    ] as const) {
      const answer = await fetch(worker.url + path, { method });
      const { allow: _, ...headers } = headersOf(answer);
      const cache = status === 404 ? { "cache-control": "public, max-age=0, must-revalidate" } : {};
      expect([answer.status, headers]).toEqual([status, { ...problem, ...cache }]);
    }
  });
}
