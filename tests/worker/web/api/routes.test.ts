/** Every route with every status: the response, and how caches may keep it. */
import {
  createExecutionContext,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { answerKept } from "../../../../worker/reads/send-body.ts";
import { answerRequest, app } from "../../../../worker/web/app.ts";
import { askAt, objectThat } from "../../../support/object-that.ts";
import { call, origin, publishThreeCases } from "./three-cases.ts";

beforeAll(publishThreeCases);

/** Kept in memory as they are sent. */
const kept = [
  ...[
    "/v1/cases",
    "/v1/cases/ua-1-00",
    "/v1/cases/ua-1-00/view?lang=uk",
    "/v1/cases/ua-1-00/revisions",
  ],
  ...[
    "/v1/cases/ua-1-00/revisions/1",
    "/",
    "/cases/ua-1-00",
    "/cases/ua-1-00/revisions/1",
    "/embed",
  ],
  ...[
    "/embed/ua-1-00",
    "/badge/ua-1-00.svg",
    "/feed.atom",
    "/cases/ua-1-00/feed.json",
  ],
];
const leased = [
  ...kept,
  "/v1/changes",
  "/calendar.ics",
  `/oembed?url=${origin}/cases/ua-1-00`,
];

const REVALIDATE = "public, max-age=0, must-revalidate";

/**
 * Reads that say more or less than a plain one, which
 * tests/contract/routes.test.ts makes of every route.
 */
const reads: [path: string, status: number, type: string][] = [
  ["/v1/cases?limit=0", 400, "application/problem+json"],
  ["/v1/cases.csv", 200, "text/csv"],
  ["/v1/cases?format=xml", 400, "application/problem+json"],
  [
    "/v1/cases?authority=RU&place=Crimea&person=Aliev&series=ua",
    200,
    "application/json",
  ],
  ["/v1/cases?authority=Russia", 400, "application/problem+json"],
  ["/v1/cases?custody=nonsense", 400, "application/problem+json"],
  ["/v1/cases?changedSince=2026-13-01", 400, "application/problem+json"],
  ["/v1/cases?cursor=x", 400, "application/problem+json"],
  ["/v1/cases/ua-2-00", 410, "application/problem+json"],
  ["/v1/cases/ua-2-00/view", 410, "application/problem+json"],
  ["/v1/cases/ua-2-00/signed-view", 410, "text/plain"],
  ["/v1/cases/ua-2-00/revisions", 410, "application/problem+json"],
  ["/v1/cases/ua-1-00/revisions?cursor=x", 400, "application/problem+json"],
  ["/v1/cases/ua-1-00/revisions/3", 404, "application/problem+json"],
  ["/v1/cases/ua-1-00/revisions/x", 404, "application/problem+json"],
  ["/v1/cases/ua-2-00/revisions/1", 410, "application/problem+json"],
  ["/v1/cases/ua-3-00/revisions/1", 410, "application/problem+json"],
  ["/v1/changes?since=yesterday", 400, "application/problem+json"],
  [
    "/v1/changes?since=1-1-00000000000000000000000000000000",
    410,
    "application/problem+json",
  ],
  ["/v1/log/tile/0/000.p/9", 404, "application/problem+json"],
  ["/v1/log/tile/nothing", 404, "application/problem+json"],
  ["/cases/ua-2-00", 410, "text/html"],
  ["/?cursor=x", 400, "text/html"],
  ["/cases/ua-1-00/revisions/3", 404, "text/html"],
  ["/cases/ua-1-00/revisions/x", 404, "text/html"],
  ["/cases/ua-2-00/revisions/1", 410, "text/html"],
  ["/cases/ua-3-00/revisions/1", 410, "text/html"],
  ["/embed/ua-2-00", 410, "text/html"],
  ["/badge/ua-2-00.svg", 410, "image/svg+xml"],
  ["/badge/ua-1-00.png", 404, "application/problem+json"],
  ["/cases/ua-2-00/feed.atom", 410, "application/atom+xml"],
  ["/cases/ua-2-00/feed.json", 410, "application/feed+json"],
  ["/cases/ua-2-00/calendar.ics", 410, "text/calendar"],
  [`/oembed?format=JSON&url=${origin}/embed/ua-1-00`, 200, "application/json"],
  [`/oembed?url=${origin}/cases/ua-2-00`, 410, "application/problem+json"],
  [
    `/oembed?url=${origin}/cases/ua-1-00/revisions/1`,
    404,
    "application/problem+json",
  ],
  [
    "/oembed?url=https://elsewhere.test/cases/ua-1-00",
    404,
    "application/problem+json",
  ],
  [
    `/oembed?format=xml&url=${origin}/cases/ua-1-00`,
    501,
    "application/problem+json",
  ],
  [
    `/oembed?maxwidth=wide&url=${origin}/cases/ua-1-00`,
    400,
    "application/problem+json",
  ],
  ["/oembed", 400, "application/problem+json"],
  ["/nowhere", 404, "application/problem+json"],
  ["/embed?case=nobody&variant=none&theme=pink", 200, "text/html"],
  ["/v1/live?case=ua-1-00&lang=en&revision=0", 426, "application/problem+json"],
  ["/?place=Russia", 400, "text/html"],
  ["/embed/ua-2-00.fragment?variant=compact", 410, "text/html"],
  ["/share/ua-2-00.png", 410, "application/problem+json"],
  ["/sitemap-2.xml", 404, "application/problem+json"],
  ["/sitemap-x.xml", 404, "application/problem+json"],
];

it.each([
  ["/cases/UA-1-00?lang=uk", "/cases/ua-1-00?lang=uk"],
  ["/cases/UA%201%2F00", "/cases/ua-1-00"],
  ["/cases/ua1/00/revisions/1", "/cases/ua-1-00/revisions/1"],
  ["/cases/Ua-1-00/feed.atom", "/cases/ua-1-00/feed.atom"],
  ["/embed/UA_1-00?variant=compact", "/embed/ua-1-00?variant=compact"],
  ["/badge/UA-1-00.svg", "/badge/ua-1-00.svg"],
  ["/v1/cases/UA-1-00/view?lang=ar", "/v1/cases/ua-1-00/view?lang=ar"],
])(
  "A case's address as people write it redirects from %s to the one address of the case, and the redirect is not kept",
  async (written, location) => {
    const { status, headers } = await call(written, { redirect: "manual" });
    expect([
      status,
      headers.get("Location"),
      headers.get("Cache-Control"),
    ]).toEqual([301, location, REVALIDATE]);
    expect(headers.get("Cloudflare-CDN-Cache-Control")).toBe("no-store");
    expect(headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect((await call(location, { redirect: "manual" })).status).toBe(200);
  },
);

it("A case's address as people write it is not guessed from anything else", async () => {
  for (const path of [
    "/cases/126-19",
    "/cases/ua-1-00-more",
    "/cases/%E0%A4%A",
    "/desk/UA-1-00",
  ])
    expect((await call(path, { redirect: "manual" })).status, path).toBe(404);
});

describe("An answer that others may keep", () => {
  it.each(reads)("to GET %s has status %i", async (path, status, type) => {
    const response = await call(path);
    expect(response.status).toBe(status);
    expect(response.headers.get("Content-Type")).toContain(type);
    expect(response.headers.get("Cache-Control")).toBe(REVALIDATE);
    expect(response.headers.get("Cloudflare-CDN-Cache-Control")).toMatch(
      /^(max-age=1, must-revalidate|no-store)$/,
    );
    expect(response.headers.get("Vary") ?? "").not.toMatch(
      /language|authorization/i,
    );
    if (/^\/v1\/cases|feed\./.test(path))
      expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    const body = await response.text();
    expect(body.length).toBeGreaterThan(0);
    if (type === "text/html")
      expect(response.headers.get("Content-Security-Policy")).toMatch(
        /^default-src 'none'/,
      );
    if (type === "application/problem+json") {
      const problem = JSON.parse(body);
      expect(problem).toMatchObject({
        status,
        type: expect.stringMatching(/^urn:casewire:problem:/),
      });
      expect(problem.remedy).toBeTruthy();
    }
  });

  it.each([
    "/v1/cases",
    "/v1/cases/ua-1-00/view",
    "/v1/cases/ua-9-99",
    "/v1/cases/ua-2-00",
  ])(
    "to GET %s may be kept for one second at the edge while at least 3 s of its lease are left",
    (path) =>
      // A lease that has nearly ended is renewed in the background, so a read
      // soon after gets a new one.
      expect
        .poll(async () =>
          (await call(path)).headers.get("Cloudflare-CDN-Cache-Control"),
        )
        .toBe("max-age=1, must-revalidate"),
  );

  it("is 304 to its own ETag, and a full answer once the edge may not keep it", async () => {
    for (const path of leased.filter((path) => path !== "/embed")) {
      const first = await call(path);
      const etag = first.headers.get("ETag")!;
      expect(etag).toMatch(/^"[^"]+"$/);
      const again = await call(path, { headers: { "If-None-Match": etag } });
      const kept =
        again.headers.get("Cloudflare-CDN-Cache-Control") !== "no-store";
      expect(again.status).toBe(kept ? 304 : 200);
      expect(again.headers.get("ETag")).toBe(etag);
      expect(again.headers.get("Cache-Control")).toBe(REVALIDATE);
      expect(
        (await call(path, { headers: { "If-None-Match": '"other"' } })).status,
      ).toBe(200);
    }
  });

  it("comes from memory before routing, on every leased surface, exactly as the router answers", async () => {
    const others = [
      "/v1/cases?lang=uk",
      "/v1/cases?action=active",
      "/?utm_source=newsletter",
      "/embed/ua-2-00",
    ];
    for (const path of [...kept, ...others, "/cases/ua-2-00/feed.atom"]) {
      const ask = (init: RequestInit = {}) => new Request(origin + path, init);
      const routed = await app.request(ask(), {}, env);
      const held = await answerKept(ask(), env);
      expect(held?.status, path).toBe(routed.status);
      const text = await routed.text();
      expect(await held?.text()).toBe(text);
      expect(Object.fromEntries(held!.headers)).toEqual(
        Object.fromEntries(routed.headers),
      );
      expect(answerKept(ask({ method: "HEAD" }), env)).toBeNull();
      const html = answerKept(ask({ headers: { Accept: "text/html" } }), env);
      expect(html === null).toBe(path.startsWith("/v1/"));
    }
    for (const path of [
      "/v1/cases/ua-9-99",
      "/v1/cases?q=nobody",
      "/embed/ua-9-99",
      "/healthz",
    ]) {
      await app.request(origin + path, {}, env);
      expect(answerKept(new Request(origin + path), env), path).toBeNull();
    }
  });

  it.each<[string, number, string, RequestInit]>([
    [
      "an Accept header that is refused",
      406,
      "/v1/cases",
      { headers: { Accept: "text/html" } },
    ],
    ["HEAD", 200, "/v1/cases/ua-1-00", { method: "HEAD" }],
  ])("has the same headers for %s", async (_, status, path, init) => {
    const answer = await call(path, init);
    expect([answer.status, answer.headers.get("Cache-Control")]).toEqual([
      status,
      REVALIDATE,
    ]);
    if (init.method === "HEAD") expect(await answer.text()).toBe("");
  });

  it("is 503 and no older revision when the Ledger cannot be reached", async () => {
    const ledger = objectThat(() =>
      Promise.reject(
        Object.assign(new Error("unreachable"), { retryable: true }),
      ),
    );
    const cut = { ...env, LEDGER: { getByName: () => ledger } };
    for (const path of leased) {
      const response = await app.request(
        origin + path,
        { headers: { Accept: "text/html,*/*" } },
        cut,
      );
      expect(response.status).toBe(503);
      const isData = /^\/v1|feed\.|calendar|oembed/.test(path);
      const shown = path.includes(".svg") ? "image/svg" : "text/html";
      const type = isData ? "application/problem+json" : shown;
      expect(response.headers.get("Content-Type"), path).toContain(type);
      expect(response.headers.get("Retry-After")).toBe("1");
      expect(response.headers.get("Cloudflare-CDN-Cache-Control")).toBe(
        "no-store",
      );
    }
  });

  it("is 503 after one wait for the Ledger, also where a kept answer had to be confirmed", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    let questions = 0;
    let isBroken = false;
    const real = env.LEDGER.getByName("ledger");
    const ledger = objectThat((path, given) => {
      questions++;
      if (isBroken)
        return Promise.reject(
          Object.assign(new Error("unreachable"), { retryable: true }),
        );
      return askAt(real, path, given);
    });
    const cut = {
      ...env,
      LEDGER: { getByName: () => ledger },
    } as unknown as Env;
    const context = createExecutionContext();
    const ask = (path: string) =>
      answerRequest(new Request(origin + path), cut, context);
    const paths = [
      "/v1/cases",
      "/v1/cases/ua-1-00",
      "/v1/cases/ua-1-00/view",
      "/cases/ua-1-00",
      "/embed/ua-1-00",
    ];
    // Some questions fill the list, so that its copies can be confirmed.
    for (let round = 0; round < 4; round++)
      for (const path of paths) expect((await ask(path)).status).toBe(200);
    await vi.waitUntil(
      async () =>
        (await ask("/v1/cases?q=1/00")) &&
        answerKept(new Request(origin + paths[0]), cut),
    );
    isBroken = true;
    for (const path of paths) {
      vi.setSystemTime(Date.now() + 60_000);
      questions = 0;
      const { status } = await ask(path);
      expect({ path, status, questions }).toEqual({
        path,
        status: 503,
        questions: 1,
      });
    }
    vi.useRealTimers();
    await waitOnExecutionContext(context);
  });

  it.each([
    ["PROFILE", ""],
    ["BOT_TOKEN", ""],
    ["LEASE_SECONDS", ""],
    ["CHANNEL_SHARDS", "0"],
    ["CHANNEL_SHARDS", "2.5"],
    ["SOCKETS_PER_ADDRESS", "none"],
    ["LOG_KEY", "too short"],
  ])(
    "is a refusal that names the setting when %s is %j",
    async (name, value) => {
      const response = await app.request(
        `${origin}/v1/cases`,
        {},
        { ...env, [name]: value },
      );
      expect([
        response.status,
        response.headers.get("Cloudflare-CDN-Cache-Control"),
      ]).toEqual([503, "no-store"]);
      expect(await response.text()).toContain(name);
    },
  );
});
