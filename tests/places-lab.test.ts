/**
 * What a look finds on the pages of the lab: old texts, however they are
 * worded, and no page wrongly accused.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nextLook, type PlaceFinding } from "../worker/editing/rules/places.ts";
import { lookAtPage } from "../worker/web/workshop/places.ts";
import { closed } from "./places-lab/cases.ts";
import { asked, labNetwork, pages } from "./places-lab/lab.ts";
import { profile } from "./support/profile.ts";

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) =>
    labNetwork(new Request(url, init)),
  );
});
afterEach(() => vi.unstubAllGlobals());

const look = async (
  url: string,
  last: PlaceFinding | null = null,
  history = closed,
): Promise<PlaceFinding | null> => {
  const subjects = [
    { place: "salt", id: history[0]!.case.id, last, judged: 3, history },
  ];
  const given = { publicUrl: "https://casewire.test", profile, erased: null };
  return (await lookAtPage({ url, subjects }, given))[0]?.found ?? null;
};

async function found(url: string, history: typeof closed): Promise<string> {
  const { state, reason, shows } = (await look(url, null, history))!;
  return shows ? "widget" : [state, ...(reason ? [reason] : [])].join(" ");
}

/**
 * Old pages that no rule finds: two say a status in words of their own, one
 * says "release" where it doesn’t ask, one "close".
 */
const missed = [
  "a-old-asks-last-fr",
  "b-old-request-frozen-uk",
  "b-old-status-fresh-tr",
  "b-old-status-late-en",
];

it("The lab accuses no page wrongly, and finds forty of forty-four old ones", async () => {
  const seen = await Promise.all(
    pages.map(async ({ name, url, history, expected }) => ({
      name,
      expected,
      found: await found(url, history),
    })),
  );
  const wrong = seen.filter((one) => one.found !== one.expected);
  expect(wrong.filter(({ found }) => found !== "unknown")).toEqual([]);
  expect(wrong.map(({ name }) => name)).toEqual(missed);
  expect(
    seen.filter(({ expected }) => expected.startsWith("old")),
  ).toHaveLength(44);
});

describe("A look", () => {
  const { url } = pages.find(({ name }) => name === "a-old-asks-en")!;

  it("asks once for a page, says who it is, and keeps no word of it", async () => {
    const seen = await look(url);
    expect(
      asked.map((one) => [new URL(one.url).pathname, one.redirect]),
    ).toEqual([
      ["/robots.txt", "manual"],
      ["/a-old-asks-en", "manual"],
    ]);
    expect(asked[1]!.headers.get("User-Agent")).toMatch(
      /^Casewire\/1\.0 \(\+https:\/\/casewire\.test\/privacy; \S+\)$/,
    );
    expect(seen).toEqual({
      ...{
        state: "old",
        olderThan: 3,
        reason: "asks",
        lang: "en",
        shows: false,
        judged: 3,
      },
      ...{
        etag: '"a-old-asks-en"',
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
  });

  it("asks whether a page has changed, unless the case has", async () => {
    const last = await look(url);
    expect(await look(url, last)).toBeNull();
    expect(asked.at(-1)!.headers.get("If-None-Match")).toBe('"a-old-asks-en"');
    expect(await look(url, { ...last!, etag: null })).toBeNull();
    expect(await look(url, { ...last!, judged: 2 })).toEqual(last);
    expect(asked.at(-1)!.headers.get("If-None-Match")).toBeNull();
  });

  it("reaches no private network, and no page whose host doesn't let it", async () => {
    for (const one of [
      "https://inside.example.org/",
      "https://127.0.0.1/",
      "http://lab.example.org/a",
      "file:///etc/hosts",
    ])
      expect(await look(one)).toEqual({ state: "unreachable", judged: 3 });
    expect(asked).toEqual([]);
    await look("https://lab.example.org/a-unknown-forbidden");
    expect(asked.map((one) => new URL(one.url).pathname)).toEqual([
      "/robots.txt",
    ]);
    // Rules that are elsewhere hold too.
    expect(
      (await look("https://moved.example.org/a-unknown-forbidden"))?.state,
    ).toBe("unknown");
    expect(
      asked.some(
        (one) => one.url === "https://moved.example.org/a-unknown-forbidden",
      ),
    ).toBe(false);
    expect(
      (await look("https://endless.example.org/a-old-asks-en"))?.state,
    ).toBe("unknown");
  });

  it("gives up after ten seconds: on a server that never answers, and on a page that never ends", async () => {
    const limits: number[] = [];
    for (const silent of ["/robots.txt", "/a-old-asks-en", "the body"]) {
      const over = new AbortController();
      vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
        limits.push(ms);
        return over.signal;
      });
      const never = new Promise<never>((_, reject) =>
        over.signal.addEventListener("abort", () => reject(over.signal.reason)),
      );
      vi.stubGlobal("fetch", async (address: string, init?: RequestInit) => {
        const isPage = new URL(address).pathname === "/a-old-asks-en";
        if (!(silent === "the body" ? isPage : address.endsWith(silent)))
          return labNetwork(new Request(address, init));
        queueMicrotask(() => over.abort());
        if (silent !== "the body") return never;
        const body = new ReadableStream({
          start: (stream) => void never.catch((reason) => stream.error(reason)),
        });
        return new Response(body, { headers: { "Content-Type": "text/html" } });
      });
      expect(await look(url)).toEqual({ state: "unreachable", judged: 3 });
    }
    vi.restoreAllMocks();
    // Five seconds are for each question to the DNS.
    expect(limits).toEqual(
      [5, 5, 10, 5, 5, 10, 10, 5, 5, 10, 10].map((seconds) => seconds * 1_000),
    );
  });

  it("comes in the night after a change, after a week and a month, and then each month", () => {
    const changed = Date.parse("2026-12-01T15:00:00Z");
    const days = [];
    for (
      let at = changed;
      days.length < 5;
      days.push(new Date(at).toISOString().slice(0, 10))
    )
      at = nextLook(changed, at);
    expect(days).toEqual([
      "2026-12-02",
      "2026-12-08",
      "2026-12-31",
      "2027-01-30",
      "2027-03-01",
    ]);
    expect(new Date(nextLook(0, changed)).toISOString()).toBe(
      "2026-12-31T00:00:00.000Z",
    );
  });
});
