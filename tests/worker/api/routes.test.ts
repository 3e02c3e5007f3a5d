/** Every route with every status: the response, and how caches may keep it. */
import { env, exports } from "cloudflare:workers";
import { Hono } from "hono";
import { beforeAll, describe, expect, it } from "vitest";
import { paths } from "../../../shared/addresses.ts";
import type { Revision } from "../../../shared/revision.ts";
import { dateIn } from "../../../shared/view/date.ts";
import type { PresentView } from "../../../shared/view/schema.ts";
import { signedViewIn } from "../../../widget/signed-view.ts";
import { app } from "../../../worker/app.ts";
import { copyLog } from "../../../worker/contract/log-copy.ts";
import { tileBytes, tilePath } from "../../../worker/contract/log-entry.ts";
import { noteLease, notModified, type Public } from "../../../worker/reads/freshness.ts";
import { answerKept } from "../../../worker/reads/send-body.ts";
import { inventedCase } from "../../invented.ts";
import { ahead, nextYear } from "../../next-year.ts";
import { backdate } from "../backdate.ts";

const TOKEN = { Authorization: "Bearer test-token" };
const origin = "https://casewire.test";

const call = (path: string, init: RequestInit = {}) => exports.default.fetch(new Request(origin + path, init));

function put(id: string, headers: Record<string, string>, body: unknown, query = "") {
  return call(`/v1/cases/${id}${query}`, {
    method: "PUT",
    headers: { ...TOKEN, "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

const publication = (number: number, more: Record<string, unknown> = {}) => ({
  case: inventedCase(number),
  // A redaction has a fixed note.
  ...(more.kind === "redaction" ? {} : { note: { en: "First version" } }),
  kind: "update",
  notify: "none",
  ...more,
});

beforeAll(async () => {
  for (const number of [1, 2, 3])
    expect((await put(`ua-${number}-00`, { "If-None-Match": "*" }, publication(number))).status).toBe(201);
  await backdate();
  expect((await put("ua-1-00", { "If-Match": '"1"' }, publication(1, { note: { en: "Second version" } }))).status).toBe(
    201,
  );
  expect((await put("ua-3-00", { "If-Match": '"1"' }, publication(3, { kind: "redaction" }))).status).toBe(201);
  expect(
    (await call("/v1/cases/ua-2-00?reason=consent", { method: "DELETE", headers: { ...TOKEN, "If-Match": '"1"' } }))
      .status,
  ).toBe(200);
  await backdate();
  expect((await put("ua-1-00", { "If-Match": '"2"' }, publication(1, { liveAt: ahead }))).status).toBe(201);
});

const REVALIDATE = "public, max-age=0, must-revalidate";

/** Reads that the edge may cache for a second while the lease is long enough. */
const reads: [path: string, status: number, type: string][] = [
  ["/v1/cases", 200, "application/json"],
  ["/v1/cases?q=126/19", 200, "application/json"],
  ["/v1/cases?limit=0", 400, "application/problem+json"],
  ["/v1/cases?action=nonsense", 400, "application/problem+json"],
  ["/v1/cases?format=csv", 200, "text/csv"],
  ["/v1/cases?format=xml", 400, "application/problem+json"],
  ["/v1/cases?authority=RU&place=Crimea&person=Aliev&series=ua", 200, "application/json"],
  ["/v1/cases?authority=Russia", 400, "application/problem+json"],
  ["/v1/cases?custody=nonsense", 400, "application/problem+json"],
  ["/v1/cases?series=ZZ", 400, "application/problem+json"],
  ["/v1/cases?changedSince=2026-13-01", 400, "application/problem+json"],
  ["/v1/cases?country=RU", 400, "application/problem+json"],
  ["/v1/datapackage.json", 200, "application/json"],
  ["/v1/cases?cursor=x", 400, "application/problem+json"],
  ["/v1/cases/ua-1-00", 200, "application/json"],
  ["/v1/cases/ua-2-00", 410, "application/problem+json"],
  ["/v1/cases/ua-9-99", 404, "application/problem+json"],
  ["/v1/cases/ua-1-00/view", 200, "application/json"],
  ["/v1/cases/ua-1-00/view?lang=ar", 200, "application/json"],
  ["/v1/cases/ua-1-00/view?lang=tlh", 200, "application/json"],
  ["/v1/cases/ua-2-00/view", 410, "application/problem+json"],
  ["/v1/cases/ua-1-00/signed-view?lang=uk", 200, "text/plain"],
  ["/v1/cases/ua-2-00/signed-view", 410, "text/plain"],
  ["/v1/cases/ua-9-99/view", 404, "application/problem+json"],
  ["/v1/cases/ua-1-00/revisions", 200, "application/json"],
  ["/v1/cases/ua-2-00/revisions", 410, "application/problem+json"],
  ["/v1/cases/ua-9-99/revisions", 404, "application/problem+json"],
  ["/v1/cases/ua-1-00/revisions?cursor=x", 400, "application/problem+json"],
  ["/v1/cases/ua-1-00/revisions/1", 200, "application/json"],
  ["/v1/cases/ua-1-00/revisions/3", 404, "application/problem+json"],
  ["/v1/cases/ua-1-00/revisions/x", 404, "application/problem+json"],
  ["/v1/cases/ua-9-99/revisions/1", 404, "application/problem+json"],
  ["/v1/cases/ua-2-00/revisions/1", 410, "application/problem+json"],
  ["/v1/cases/ua-3-00/revisions/1", 410, "application/problem+json"],
  ["/v1/changes", 200, "application/json"],
  ["/v1/changes?limit=2", 200, "application/json"],
  ["/v1/changes?since=yesterday", 400, "application/problem+json"],
  ["/v1/changes?since=1-1-00000000000000000000000000000000", 410, "application/problem+json"],
  ["/v1/log/checkpoint", 200, "text/plain"],
  ["/v1/log/tile/0/000.p/9", 404, "application/problem+json"],
  ["/v1/log/tile/nothing", 404, "application/problem+json"],
  ["/.well-known/casewire-log-key", 200, "text/plain"],
  ["/v1/openapi.json", 200, "application/json"],
  ["/v1/schemas/case.json", 200, "application/schema+json"],
  ["/widget.js", 200, "text/javascript"],
  ["/cases/ua-1-00", 200, "text/html"],
  ["/cases/ua-2-00", 410, "text/html"],
  ["/cases/ua-9-99", 404, "text/html"],
  ["/", 200, "text/html"],
  ["/?q=nobody&action=active&lang=ar", 200, "text/html"],
  ["/?cursor=x", 400, "text/html"],
  ["/cases/ua-1-00/revisions/1", 200, "text/html"],
  ["/cases/ua-1-00/revisions/3", 404, "text/html"],
  ["/cases/ua-1-00/revisions/x", 404, "text/html"],
  ["/cases/ua-2-00/revisions/1", 410, "text/html"],
  ["/cases/ua-3-00/revisions/1", 410, "text/html"],
  ["/cases/ua-9-99/revisions/1", 404, "text/html"],
  ["/embed/ua-1-00", 200, "text/html"],
  ["/embed/ua-2-00", 410, "text/html"],
  ["/embed/ua-9-99", 404, "text/html"],
  ["/badge/ua-1-00.svg", 200, "image/svg+xml"],
  ["/badge/ua-2-00.svg", 410, "image/svg+xml"],
  ["/badge/ua-9-99.svg", 404, "image/svg+xml"],
  ["/badge/ua-1-00.png", 404, "application/problem+json"],
  ["/feed.atom", 200, "application/atom+xml"],
  ["/feed.json?lang=ar", 200, "application/feed+json"],
  ["/cases/ua-1-00/feed.atom", 200, "application/atom+xml"],
  ["/cases/ua-2-00/feed.atom", 410, "application/atom+xml"],
  ["/cases/ua-2-00/feed.json", 410, "application/feed+json"],
  ["/cases/ua-9-99/feed.json", 404, "application/problem+json"],
  ["/calendar.ics", 200, "text/calendar"],
  ["/cases/ua-1-00/calendar.ics?lang=uk", 200, "text/calendar"],
  ["/cases/ua-2-00/calendar.ics", 410, "text/calendar"],
  ["/cases/ua-9-99/calendar.ics", 404, "application/problem+json"],
  [`/oembed?url=${origin}/cases/ua-1-00`, 200, "application/json"],
  [`/oembed?format=xml&url=${origin}/embed/ua-1-00`, 200, "text/xml"],
  [`/oembed?url=${origin}/cases/ua-2-00`, 410, "application/problem+json"],
  [`/oembed?url=${origin}/cases/ua-9-99`, 404, "application/problem+json"],
  [`/oembed?url=${origin}/cases/ua-1-00/revisions/1`, 404, "application/problem+json"],
  ["/oembed?url=https://elsewhere.test/cases/ua-1-00", 404, "application/problem+json"],
  [`/oembed?format=yaml&url=${origin}/cases/ua-1-00`, 501, "application/problem+json"],
  [`/oembed?maxwidth=wide&url=${origin}/cases/ua-1-00`, 400, "application/problem+json"],
  ["/oembed", 400, "application/problem+json"],
  ["/preview.png", 200, "image/png"],
  ["/healthz", 200, "application/json"],
  ["/nowhere", 404, "application/problem+json"],
  ["/docs", 200, "text/html"],
  ["/embed", 200, "text/html"],
  ["/embed?case=nobody&variant=none&theme=pink", 200, "text/html"],
  ["/embed.js", 200, "text/javascript"],
  ["/v1/live?case=ua-1-00&lang=en&revision=0", 426, "application/problem+json"],
  ["/imprint?lang=ar", 200, "text/html"],
  ["/privacy", 200, "text/html"],
  ["/terms", 200, "text/html"],
  ["/?place=RU&action=active", 200, "text/html"],
  ["/?place=Russia", 400, "text/html"],
  ["/embed/ua-1-00.fragment", 200, "text/html"],
  ["/embed/ua-2-00.fragment?variant=compact", 410, "text/html"],
  ["/embed/ua-9-99.fragment", 404, "text/html"],
  ["/share/ua-2-00.png", 410, "application/problem+json"],
  ["/share/ua-9-99.png", 404, "application/problem+json"],
  ["/robots.txt", 200, "text/plain"],
  ["/sitemap.xml", 200, "application/xml"],
  ["/sitemap-1.xml", 200, "application/xml"],
  ["/sitemap-2.xml", 404, "application/problem+json"],
  ["/sitemap-x.xml", 404, "application/problem+json"],
  ["/.well-known/security.txt", 200, "text/plain"],
  ["/indexnow.txt", 404, "application/problem+json"],
  ["/favicon.ico", 200, "image/x-icon"],
  ["/icon.png", 200, "image/png"],
  ["/manifest.webmanifest", 200, "application/manifest+json"],
];

describe("A case's address as people write it", () => {
  it.each([
    ["/cases/UA-1-00?lang=uk", "/cases/ua-1-00?lang=uk"],
    ["/cases/UA%201%2F00", "/cases/ua-1-00"],
    ["/cases/ua1/00/revisions/1", "/cases/ua-1-00/revisions/1"],
    ["/cases/Ua-1-00/feed.atom", "/cases/ua-1-00/feed.atom"],
    ["/embed/UA_1-00?variant=compact", "/embed/ua-1-00?variant=compact"],
    ["/badge/UA-1-00.svg", "/badge/ua-1-00.svg"],
    ["/v1/cases/UA-1-00/view?lang=ar", "/v1/cases/ua-1-00/view?lang=ar"],
  ])("redirects from %s to the one address of the case, and the redirect is not kept", async (written, location) => {
    const { status, headers } = await call(written, { redirect: "manual" });
    expect([status, headers.get("Location"), headers.get("Cache-Control")]).toEqual([301, location, REVALIDATE]);
    expect(headers.get("Cloudflare-CDN-Cache-Control")).toBe("no-store");
    expect(headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect((await call(location, { redirect: "manual" })).status).toBe(200);
  });

  it("is not guessed from anything else", async () => {
    for (const path of ["/cases/126-19", "/cases/ua-1-00-more", "/cases/%E0%A4%A", "/desk/UA-1-00"])
      expect((await call(path, { redirect: "manual" })).status, path).toBe(404);
  });
});

describe("An answer that others may keep", () => {
  it("is judged when it is finished, since a lease runs on while another copy is read", async () => {
    let now = 0;
    const copies = (later: number) =>
      new Hono<Public>().get("/", (c) => {
        noteLease(c, { value: null, expires: 5_000 }, { now: () => now });
        now = later;
        noteLease(c, { value: null, expires: 60_000 }, { now: () => now });
        return c.text(String(notModified(c, '"same"')));
      });
    const answer = async (later: number) =>
      (await copies(later).request("/", { headers: { "If-None-Match": '"same"' } })).text();
    expect([await answer(2_000), await answer(2_001)]).toEqual(["true", "false"]);
  });

  it.each(reads)("to GET %s has status %i", async (path, status, type) => {
    const response = await call(path);
    expect(response.status).toBe(status);
    expect(response.headers.get("Content-Type")).toContain(type);
    expect(response.headers.get("Cache-Control")).toBe(
      path === "/widget.js" ? "public, max-age=300, stale-while-revalidate=86400" : REVALIDATE,
    );
    expect(response.headers.get("Cloudflare-CDN-Cache-Control")).toMatch(/^(max-age=1, must-revalidate|no-store)$/);
    expect(response.headers.get("Vary") ?? "").not.toMatch(/language|authorization/i);
    if (/^\/v1\/cases|feed\./.test(path)) expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    const body = await response.text();
    expect(body.length).toBeGreaterThan(0);
    if (type === "text/html") expect(response.headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'/);
    if (type === "application/problem+json") {
      const problem = JSON.parse(body);
      if (path.startsWith("/v1/cases/ua-9-99")) expect(problem.type).toBe("urn:casewire:problem:unknown-case");
      expect(problem).toMatchObject({ status, type: expect.stringMatching(/^urn:casewire:problem:/) });
      expect(problem.remedy).toBeTruthy();
    }
  });

  it("may be kept for one second at the edge while at least 3 s of its lease are left", async () => {
    for (const path of [
      "/v1/cases",
      "/v1/cases/ua-1-00",
      "/v1/cases/ua-1-00/view",
      "/v1/cases/ua-9-99",
      "/v1/cases/ua-2-00",
    ]) {
      // A lease that has nearly ended is renewed in the background, so a read soon after gets a new one.
      await expect
        .poll(async () => (await call(path)).headers.get("Cloudflare-CDN-Cache-Control"))
        .toBe("max-age=1, must-revalidate");
    }
  });

  it("is 304 to its own ETag, and a full answer once the edge may not keep it", async () => {
    for (const path of [
      "/v1/cases",
      "/v1/cases/ua-1-00",
      "/v1/cases/ua-1-00/view?lang=uk",
      "/v1/cases/ua-1-00/revisions",
      "/v1/cases/ua-1-00/revisions/1",
      "/v1/changes",
      "/",
      "/cases/ua-1-00",
      "/cases/ua-1-00/revisions/1",
      "/embed/ua-1-00",
      "/badge/ua-1-00.svg",
      "/feed.atom",
      "/cases/ua-1-00/feed.json",
      "/calendar.ics",
      `/oembed?url=${origin}/cases/ua-1-00`,
    ]) {
      const first = await call(path);
      const etag = first.headers.get("ETag")!;
      expect(etag).toMatch(/^"[^"]+"$/);
      const again = await call(path, { headers: { "If-None-Match": etag } });
      const kept = again.headers.get("Cloudflare-CDN-Cache-Control") !== "no-store";
      expect(again.status).toBe(kept ? 304 : 200);
      expect(again.headers.get("ETag")).toBe(etag);
      expect(again.headers.get("Cache-Control")).toBe(REVALIDATE);
      expect((await call(path, { headers: { "If-None-Match": '"other"' } })).status).toBe(200);
    }
  });

  it("comes from memory before routing, on every leased surface, exactly as the router answers", async () => {
    for (const path of [
      "/v1/cases",
      "/v1/cases?lang=uk",
      "/v1/cases?action=active",
      "/v1/cases/ua-1-00",
      "/v1/cases/ua-1-00/view?lang=uk",
      "/v1/cases/ua-1-00/revisions",
      "/v1/cases/ua-1-00/revisions/1",
      "/",
      "/?utm_source=newsletter",
      "/cases/ua-1-00",
      "/cases/ua-1-00/revisions/1",
      "/embed",
      "/embed/ua-1-00",
      "/embed/ua-2-00",
      "/badge/ua-1-00.svg",
      "/feed.atom",
      "/cases/ua-1-00/feed.json",
      "/cases/ua-2-00/feed.atom",
    ]) {
      const ask = (init: RequestInit = {}) => new Request(origin + path, init);
      const routed = await app.request(ask(), {}, env);
      const held = await answerKept(ask(), env);
      expect(held?.status, path).toBe(routed.status);
      const text = await routed.text();
      expect(await held?.text()).toBe(text);
      expect(Object.fromEntries(held!.headers)).toEqual(Object.fromEntries(routed.headers));
      expect(answerKept(ask({ method: "HEAD" }), env)).toBeNull();
      const html = answerKept(ask({ headers: { Accept: "text/html" } }), env);
      expect(html === null).toBe(path.startsWith("/v1/"));
    }
    for (const path of ["/v1/cases/ua-9-99", "/v1/cases?q=nobody", "/embed/ua-9-99", "/healthz"]) {
      await app.request(origin + path, {}, env);
      expect(answerKept(new Request(origin + path), env), path).toBeNull();
    }
  });

  it("has the same headers when a method or an Accept header is refused, and for HEAD", async () => {
    const wrong = await call("/v1/cases/ua-1-00/view", { method: "POST", headers: TOKEN });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("Allow")).toBe("GET, HEAD");
    expect(wrong.headers.get("Cache-Control")).toBe("private, no-store");
    const forged = await call("/telegram", {
      method: "POST",
      body: "{}",
      headers: { "Content-Type": "application/json" },
    });
    expect([forged.status, forged.headers.get("Cache-Control")]).toEqual([401, "private, no-store"]);
    const html = await call("/v1/cases", { headers: { Accept: "text/html" } });
    expect(html.status).toBe(406);
    expect(html.headers.get("Cache-Control")).toBe(REVALIDATE);
    const headOnly = await call("/v1/cases/ua-1-00", { method: "HEAD" });
    expect([headOnly.status, headOnly.headers.get("Cache-Control")]).toEqual([200, REVALIDATE]);
    expect(await headOnly.text()).toBe("");
  });

  it("is 503 and no older revision when the Ledger cannot be reached", async () => {
    const broken = () => Promise.reject(Object.assign(new Error("unreachable"), { retryable: true }));
    const ledger = new Proxy({}, { get: () => broken });
    const cut = { ...env, LEDGER: { getByName: () => ledger } };
    for (const path of [
      "/v1/cases",
      "/v1/changes",
      "/v1/cases/ua-1-00",
      "/v1/cases/ua-1-00/view",
      "/",
      "/cases/ua-1-00",
      "/cases/ua-1-00/revisions/1",
      "/embed",
      "/embed/ua-1-00",
      "/badge/ua-1-00.svg",
      "/feed.atom",
      "/cases/ua-1-00/feed.json",
      `/oembed?url=${origin}/cases/ua-1-00`,
    ]) {
      const response = await app.request(origin + path, { headers: { Accept: "text/html,*/*" } }, cut);
      expect(response.status).toBe(503);
      const type = /^\/v1|feed\.|oembed/.test(path)
        ? "application/problem+json"
        : path.includes(".svg")
          ? "image/svg"
          : "text/html";
      expect(response.headers.get("Content-Type"), path).toContain(type);
      expect(response.headers.get("Retry-After")).toBe("1");
      expect(response.headers.get("Cloudflare-CDN-Cache-Control")).toBe("no-store");
    }
  });

  it.each(["BOT_TOKEN", "BOT_INFO", "WEBHOOK_SECRET", "EDITORS", "FOLLOWER_KEY", "LEASE_SECONDS"])(
    "is a refusal that names the setting without %s",
    async (name) => {
      const response = await app.request(`${origin}/v1/cases`, {}, { ...env, [name]: "" });
      expect(response.status).toBe(503);
      expect(await response.text()).toContain(name);
      expect(response.headers.get("Cloudflare-CDN-Cache-Control")).toBe("no-store");
    },
  );

  it.each([
    ["BOT_INFO", `{"ok":true,"result":${env.BOT_INFO}}`],
    ["TELEGRAM_RATE", "-25"],
    ["CHANNEL_SHARDS", "0"],
    ["CHANNEL_SHARDS", "2.5"],
    ["SOCKETS_PER_ADDRESS", "none"],
    ["LOG_KEY", "too short"],
  ])("is a refusal that names the setting when %s is malformed", async (name, value) => {
    const response = await app.request(`${origin}/v1/cases`, {}, { ...env, [name]: value });
    expect(response.status).toBe(503);
    expect(await response.text()).toContain(name);
  });
});

describe("The signed log", () => {
  it("is read whole by its public key, in tiles that never change", async () => {
    const text = async (path: string) => (await call(path)).text();
    const log = await copyLog({
      key: () => text(paths.logKey),
      checkpoint: () => text(paths.logCheckpoint),
      async bundle(tile) {
        const answer = await call(paths.logTile.replace("{tilePath}", tilePath(tile)));
        expect(answer.headers.get("Content-Type")).toBe("application/octet-stream");
        expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
        return new Uint8Array(await answer.arrayBuffer());
      },
    });
    expect(log.checkpoint.origin).toBe("casewire.test/v1/log");
    const { revisions } = await (await call("/v1/cases/ua-1-00/revisions")).json<{ revisions: Revision[] }>();
    expect(log.entries.filter((entry) => entry.case === "ua-1-00").map(({ hash }) => hash)).toEqual(
      revisions.map(({ hash }) => hash).toReversed(),
    );
    const encoded = await call(`/v1/log/tile/${encodeURIComponent(`0/000.p/${log.tree.size}`)}`);
    expect(new Uint8Array(await encoded.arrayBuffer())).toEqual(tileBytes(log.tree.tile(0, 0)));
    expect((await call(`/v1/log/tile/0/000.p/${log.tree.size + 1}`)).status).toBe(404);
  });

  it("has a key that also signs views, each with its age and its end, for half a day the same", async () => {
    const key = (await (await call(paths.logKey)).text()).trim();
    const answer = await call("/v1/cases/ua-1-00/signed-view?lang=ar");
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "text/plain; charset=utf-8"]);
    const note = await answer.text();
    const { made, expires, view } = (await signedViewIn(note, { key, id: "ua-1-00", lang: "ar" }))!;
    const live: PresentView = await (await call("/v1/cases/ua-1-00/view?lang=ar")).json();
    const day = dateIn("ar", made.slice(0, 10));
    expect(view).toEqual({ ...live, words: { ...live.words, offline: `نسخة من موقع مرآة بتاريخ ${day}.` } });
    expect(Date.parse(made)).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(made)).toBeGreaterThanOrEqual(Date.parse(live.revision.liveAt));
    expect(Date.parse(expires) - Date.parse(made)).toBe(7 * 86_400_000);
    expect(await (await call("/v1/cases/ua-1-00/signed-view?lang=ar")).text()).toBe(note);
    expect((await call("/v1/cases/ua-9-99/signed-view")).status).toBe(404);
    expect((await call("/v1/cases/ua-1-00/signed-view?language=ar")).status).toBe(400);
  });

  it("is not served without its key, and nothing else changes", async () => {
    const without = { ...env, LOG_KEY: "" };
    const signed = "/v1/cases/ua-1-00/signed-view";
    for (const path of [paths.logKey, paths.logCheckpoint, "/v1/log/tile/0/000.p/1", signed]) {
      const answer = await app.request(origin + path, {}, without);
      expect([answer.status, await answer.json()]).toMatchObject([404, { type: "urn:casewire:problem:no-log" }]);
    }
    expect((await app.request(`${origin}/v1/cases/ua-1-00`, {}, without)).status).toBe(200);
  });
});

describe("The record, the view, the list and the history", () => {
  it("show the newest live revision, and nothing that is pending", async () => {
    const record = (await (await call("/v1/cases/ua-1-00")).json()) as any;
    expect(record.revision).toMatchObject({ number: 2, kind: "update", note: { en: "Second version" } });
    expect(record.revision).not.toHaveProperty("editor");
    expect(record.case.id).toBe("ua-1-00");
    const { revisions } = (await (await call("/v1/cases/ua-1-00/revisions")).json()) as any;
    expect(revisions.map((revision: any) => revision.number)).toEqual([2, 1]);
    expect(revisions[0].previousHash).toBe(revisions[1].hash);
  });

  it("give the history in pages", async () => {
    const first = await call("/v1/cases/ua-1-00/revisions?limit=1");
    expect(((await first.json()) as any).revisions).toMatchObject([{ number: 2 }]);
    const [, next = ""] = /^<https:\/\/[^/]+([^>]+)>; rel="next"$/.exec(first.headers.get("Link") ?? "") ?? [];
    expect(next).toBe("/v1/cases/ua-1-00/revisions?limit=1&cursor=2");
    const second = await call(next);
    expect(((await second.json()) as any).revisions).toMatchObject([{ number: 1 }]);
    expect(second.headers.get("Link")).toBeNull();
    const page = await (await call("/cases/ua-1-00?cursor=2")).text();
    expect(page).toContain("First version");
    expect(page).not.toContain('<span class="tag">');
  });

  it("fall back visibly where a language lacks a text", async () => {
    const view = (await (await call("/v1/cases/ua-1-00/view?lang=uk")).json()) as any;
    expect(view.lang).toBe("uk");
    expect(view.title).toEqual({ text: "Вигадана справа 1" });
    expect(view.summary).toMatchObject({ lang: "en" });
    const unknown = (await (await call("/v1/cases/ua-1-00/view?lang=tlh")).json()) as any;
    expect(unknown.lang).toBe("en");
  });

  it("carry a finished refusal for the widget", async () => {
    expect(await (await call("/v1/cases/ua-2-00/view?lang=ar")).json()).toMatchObject({
      status: 410,
      view: { state: "withdrawn", lang: "ar", dir: "rtl", revision: { number: 2 } },
    });
    expect(await (await call("/v1/cases/ua-9-99/view")).json()).toMatchObject({
      status: 404,
      view: { state: "unknown" },
    });
  });

  it("can be searched by folded name and number, and paged by cursor", async () => {
    const ids = async (query: string) =>
      ((await (await call(`/v1/cases${query}`)).json()) as any).cases.map((summary: any) => summary.id).sort();
    expect(await ids("")).toEqual(["ua-1-00", "ua-3-00"]);
    expect(await ids("?q=inventid%20wan")).toEqual(["ua-1-00", "ua-3-00"]);
    expect(await ids("?q=3/00")).toEqual(["ua-3-00"]);
    for (const spelt of ["UA3/00", "3.00", "ua-3-00", "3/2000"]) expect(await ids(`?q=${spelt}`)).toEqual(["ua-3-00"]);
    for (const other of ["nobody", "33/00", "3/0", "0/00", "i", "👍", ".*", "%25"])
      expect(await ids(`?q=${other}`)).toEqual([]);
    expect(await ids("?action=closed")).toEqual([]);
    const first = await call("/v1/cases?limit=1&lang=uk");
    const { cases } = (await first.json()) as any;
    expect(cases[0].view).toMatchObject({ lang: "uk", title: { text: expect.stringContaining("Вигадана") } });
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("Link")!)![1]!;
    const second = (await (await call(next.slice(origin.length))).json()) as any;
    expect(second.cases.map((summary: any) => summary.id)).not.toEqual(cases.map((summary: any) => summary.id));
    expect(second.cases).toHaveLength(1);
  });
});

describe("Editors", () => {
  const state = async () => JSON.stringify(await (await call("/v1/desk/cases/ua-1-00", { headers: TOKEN })).json());

  it("see pending revisions and the log at addresses that no cache keeps", async () => {
    const desk = await call("/v1/desk/cases/ua-1-00", { headers: TOKEN });
    expect(desk.headers.get("ETag")).toBe('"3"');
    expect(desk.headers.get("Cache-Control")).toBe("private, no-store");
    expect(desk.headers.get("Cloudflare-CDN-Cache-Control")).toBe("no-store");
    expect(await desk.json()).toMatchObject({
      live: 2,
      revision: { number: 3, editor: "local" },
      pending: [{ number: 3 }],
    });
    const audit = await call("/v1/desk/audit?case=ua-2-00", { headers: TOKEN });
    expect(((await audit.json()) as any).audit.map((entry: any) => entry.action)).toEqual(["withdraw", "publish"]);
    expect((await call("/v1/desk/audit", { headers: {} })).status).toBe(401);
    expect((await call("/v1/desk/cases/ua-9-99", { headers: TOKEN })).status).toBe(404);
  });

  const good = { "If-Match": '"3"' };
  const refusals: [what: string, expected: { status: number; pointer?: string }, send: () => Promise<Response>][] = [
    ["no token", { status: 401 }, () => put("ua-1-00", { ...good, Authorization: "" }, publication(1))],
    [
      "a wrong token",
      { status: 401 },
      () => put("ua-1-00", { ...good, Authorization: "Bearer wrong" }, publication(1)),
    ],
    ["no precondition", { status: 428 }, () => put("ua-1-00", {}, publication(1))],
    ["a malformed precondition", { status: 400 }, () => put("ua-1-00", { "If-Match": "3" }, publication(1))],
    ["a stale precondition", { status: 412 }, () => put("ua-1-00", { "If-Match": '"2"' }, publication(1))],
    ["creating what exists", { status: 412 }, () => put("ua-1-00", { "If-None-Match": "*" }, publication(1))],
    ["overtaking a pending revision", { status: 409 }, () => put("ua-1-00", good, publication(1))],
    ["replacing what is not pending", { status: 409 }, () => put("ua-1-00", good, publication(1), "?replace=2")],
    ["an unknown parameter", { status: 400 }, () => put("ua-1-00", good, publication(1), "?repalce=3")],
    [
      "a body that is not JSON by its type",
      { status: 415 },
      () => put("ua-1-00", { ...good, "Content-Type": "text/plain" }, publication(1)),
    ],
    ["broken JSON", { status: 400 }, () => put("ua-1-00", good, '{"case": ')],
    [
      "a body over 256 KB",
      { status: 413 },
      () => put("ua-1-00", good, JSON.stringify(publication(1)) + " ".repeat(256 * 1024)),
    ],
    [
      "an unknown field",
      { status: 422, pointer: "/case/nickname" },
      () => put("ua-1-00", good, publication(1, { case: { ...inventedCase(1), nickname: "x" } })),
    ],
    [
      "an unknown field beside the case",
      { status: 422, pointer: "/loud" },
      () => put("ua-1-00", good, publication(1, { loud: true })),
    ],
    [
      "a missing field",
      { status: 422, pointer: "/note" },
      () => put("ua-1-00", good, { ...publication(1), note: undefined }),
    ],
    [
      "a wrong type",
      { status: 422, pointer: "/case/people" },
      () => put("ua-1-00", good, publication(1, { case: { ...inventedCase(1), people: "none" } })),
    ],
    [
      "an invalid date",
      { status: 422, pointer: "/case/asOf/date" },
      () => put("ua-1-00", good, publication(1, { case: { ...inventedCase(1), asOf: { date: "2020-02-30" } } })),
    ],
    [
      "an unknown kind",
      { status: 422, pointer: "/kind" },
      () => put("ua-1-00", good, publication(1, { kind: "withdrawal" })),
    ],
    [
      "an unknown custody",
      { status: 422, pointer: "/case/people/0/custody/value" },
      () => {
        const fields = structuredClone(inventedCase(1)) as any;
        fields.people[0].custody.value = "free";
        return put("ua-1-00", good, publication(1, { case: fields }));
      },
    ],
    [
      "a source that is no document",
      { status: 422, pointer: "/case/events/0/source" },
      () => {
        const fields = structuredClone(inventedCase(1)) as any;
        fields.events[0].source = "hearsay";
        return put("ua-1-00", good, publication(1, { case: fields }));
      },
    ],
    [
      "a direction override",
      { status: 422, pointer: "/case/title/en" },
      () => put("ua-1-00", good, publication(1, { case: { ...inventedCase(1), title: { en: "safe \u202e evil" } } })),
    ],
    [
      "another id for a published person",
      { status: 422, pointer: "/case/people/0/id" },
      () => {
        const fields = structuredClone(inventedCase(1)) as any;
        fields.people[0].id = "somebody-else";
        return put("ua-1-00", good, publication(1, { case: fields }));
      },
    ],
    [
      "a note without the case's language",
      { status: 422, pointer: "/note" },
      () => put("ua-1-00", good, publication(1, { note: { uk: "Так" } })),
    ],
    ["another case's address", { status: 422, pointer: "/case/id" }, () => put("ua-1-00", good, publication(3))],
    [
      "a liveAt in the past",
      { status: 422, pointer: "/liveAt" },
      () => put("ua-1-00", good, publication(1, { liveAt: "2020-01-01T00:00:00.000Z" }), "?replace=3"),
    ],
    [
      "a liveAt in more than two years",
      { status: 422, pointer: "/liveAt" },
      () => put("ua-1-00", good, publication(1, { liveAt: `${nextYear + 3}-01-01T00:00:00.000Z` }), "?replace=3"),
    ],
    [
      "a release in the future",
      { status: 422, pointer: "/case/events/0/date/date" },
      () => {
        const fields = structuredClone(inventedCase(1)) as any;
        Object.assign(fields.events[0], { kind: "release", date: { date: `${nextYear}-06-01` } });
        return put("ua-1-00", good, publication(1, { case: fields }));
      },
    ],
    [
      "a liveAt that is no moment",
      { status: 422, pointer: "/liveAt" },
      () => put("ua-1-00", good, publication(1, { liveAt: "tomorrow" })),
    ],
    ["a withdrawn case", { status: 410 }, () => put("ua-2-00", { "If-Match": '"2"' }, publication(2))],
    [
      "undoing what is live",
      { status: 409 },
      () => call("/v1/cases/ua-1-00/revisions/2", { method: "DELETE", headers: TOKEN }),
    ],
    [
      "undoing what never was",
      { status: 404 },
      () => call("/v1/cases/ua-1-00/revisions/99", { method: "DELETE", headers: TOKEN }),
    ],
    [
      "withdrawing what never was",
      { status: 404 },
      () => call("/v1/cases/ua-9-99?reason=consent", { method: "DELETE", headers: { ...TOKEN, "If-None-Match": "*" } }),
    ],
    [
      "an unknown reason",
      { status: 400, pointer: "/reason" },
      () => call("/v1/cases/ua-1-00?reason=boredom", { method: "DELETE", headers: { ...TOKEN, ...good } }),
    ],
    [
      "a withdrawal without a reason",
      { status: 400, pointer: "/reason" },
      () => call("/v1/cases/ua-1-00", { method: "DELETE", headers: { ...TOKEN, ...good } }),
    ],
    [
      "a withdrawal that doesn't say what it is based on",
      { status: 428 },
      () => call("/v1/cases/ua-1-00?reason=consent", { method: "DELETE", headers: TOKEN }),
    ],
    [
      "a withdrawal of a case that has changed",
      { status: 412 },
      () => call("/v1/cases/ua-1-00?reason=consent", { method: "DELETE", headers: { ...TOKEN, "If-Match": '"1"' } }),
    ],
    [
      "a redaction with a note of its own",
      { status: 422, pointer: "/note" },
      () => put("ua-1-00", good, publication(1, { kind: "redaction", note: { en: "He confessed" } })),
    ],
    [
      "an update that takes out names",
      { status: 422, pointer: "/redacts" },
      () => put("ua-1-00", good, publication(1, { redacts: { names: ["Demo"], alike: [] } })),
    ],
  ];

  it.each(refusals)(
    "are refused with a clear problem for %s, and nothing changes",
    async (_, { status, pointer }, send) => {
      const before = await state();
      const response = await send();
      const problem = (await response.json()) as any;
      expect([response.status, problem.status], JSON.stringify(problem)).toEqual([status, status]);
      expect(response.headers.get("Cache-Control")).toBe("private, no-store");
      expect(problem.remedy).toBeTruthy();
      if (pointer)
        expect([problem.pointer, ...(problem.issues ?? []).map((issue: any) => issue.pointer)]).toContain(pointer);
      expect(await state()).toBe(before);
    },
  );

  it("can publish, replace and undo", async () => {
    const replaced = await put("ua-1-00", good, publication(1, { note: { en: "Replacing" } }), "?replace=3");
    expect(replaced.status).toBe(201);
    const { revision, liveAt } = (await replaced.json()) as any;
    expect(revision).toBe(4);
    expect(liveAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(liveAt) - Date.now()).toBeGreaterThan(6_000);
    const undone = await call("/v1/cases/ua-1-00/revisions/4", { method: "DELETE", headers: TOKEN });
    expect(await undone.json()).toMatchObject({ undone: 4, case: { id: "ua-1-00" }, note: { en: "Replacing" } });
    expect((await call("/v1/desk/cases/ua-1-00", { headers: TOKEN })).headers.get("ETag")).toBe('"2"');
  });

  it("are slowed after twenty failures from one address, unless their token is known", async () => {
    const from = { "CF-Connecting-IP": "192.0.2.7" };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 25; attempt++)
      statuses.push(
        (await call("/v1/desk/audit", { headers: { ...from, Authorization: `Bearer guess-${attempt}` } })).status,
      );
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    expect((await call("/v1/desk/audit", { headers: { ...from, ...TOKEN } })).status).toBe(200);
    expect((await call("/v1/desk/audit", { headers: TOKEN })).status).toBe(200);
  });
});
