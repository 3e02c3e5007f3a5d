/**
 * Metrics, the status and its page, and what the Ledger observes at a moment.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import alerts from "../../docs/operations/alerts.yml?raw";
import dashboard from "../../docs/operations/dashboard.json?raw";
import runbook from "../../docs/operations.md?raw";
import type { Status } from "../../worker/editing/contract/status.ts";
import type { Ledger } from "../../worker/objects/ledger/ledger.ts";
import { Observations } from "../../worker/objects/ledger/observations.ts";
import { addCounts, IsolateCounts } from "../../worker/reads/counts.ts";
import { ledgerFor } from "../../worker/runtime/bindings.ts";
import { log } from "../../worker/runtime/log.ts";
import { app } from "../../worker/web/app.ts";
import { openMetrics } from "../../worker/web/operations/open-metrics.ts";
import { sourceOf } from "../../worker/web/site/document/policy.ts";
import { profile } from "../support/profile.ts";
import { runLedgerAlarm } from "./ledger-alarm.ts";
import { publish } from "./publish.ts";

const origin = "https://casewire.test";
const METRICS_TOKEN = "a-token-of-the-monitoring-system-in-tests";
const settings: Env = { ...env, METRICS_TOKEN };
/**
 * The status is kept for seconds by its Ledger's binding, so each test has its
 * own.
 */
const ask = (path: string, init: RequestInit = {}, bindings: Env = settings) =>
  app.request(origin + path, init, {
    ...bindings,
    LEDGER: fresh(bindings.LEDGER),
  });
const fresh = (ledger: Env["LEDGER"]) =>
  ({ getByName: (name: string) => ledger.getByName(name) }) as Env["LEDGER"];
const signedIn = { headers: { Authorization: `Bearer ${METRICS_TOKEN}` } };
const inside = <T>(look: (state: DurableObjectState) => T | Promise<T>) =>
  runInDurableObject<Ledger, T>(ledgerFor(env) as never, (_, state) =>
    look(state),
  );
const moments = async () => (await ledgerFor(env).observed()).moments;

async function publishLive(number: number): Promise<void> {
  await publish(number);
  await inside(
    (state) =>
      void state.storage.sql.exec(
        "UPDATE revisions SET live_at = ? WHERE shown = 0",
        Date.now(),
      ),
  );
  await runLedgerAlarm();
}

beforeEach(() =>
  inside((state) => {
    for (const table of ["revisions", "announcements", "audit"])
      state.storage.sql.exec(`DELETE FROM ${table}`);
    state.storage.sql.exec("UPDATE mark SET live_at = 0");
    state.storage.kv.delete("last moments");
    state.storage.kv.delete("daily backup");
  }),
);

it("At a moment, the Ledger observes when each surface showed it", async () => {
  await publishLive(81);
  await vi.waitUntil(
    async () => Object.keys((await moments())[0]?.surfaces ?? {}).length === 7,
    { timeout: 8_000 },
  );
  const [moment] = await moments();
  expect(moment).toMatchObject({ case: "ua-81-00", revision: 1, sockets: 0 });
  for (const late of Object.values(moment!.surfaces))
    expect(late).toBeLessThan(5_000);
});

it("At a moment, of many cases that go live together, two are read on every surface", async () => {
  const asked = new Set<string>();
  const common = {
    number: 1,
    audience: "channel",
    liveAt: "1970-01-01T00:00:00.000Z",
  } as const;
  const tell = async ({ url }: Request) => {
    asked.add(/ua-\d+-00/.exec(url)![0]);
    return new Response(null, { headers: { ETag: '"1."' } });
  };
  await inside(async (state) => {
    const observations = new Observations({
      storage: state.storage,
      clock: { machine: () => 0 },
    } as never);
    for (let number = 1; number <= 9; number++)
      await observations.probe(
        { ...common, id: `ua-${number}-00`, kind: "update", notify: "none" },
        origin,
        tell,
      );
  });
  expect([...asked]).toEqual(["ua-1-00", "ua-2-00"]);
});

it("At a moment, only the last twenty are kept", async () => {
  for (let number = 1; number <= 22; number++) await publishLive(number);
  await expect.poll(async () => (await moments()).length).toBe(20);
  expect((await moments()).some((moment) => moment.case === "ua-1-00")).toBe(
    false,
  );
});

it("The health check fails as readers' requests do when the Ledger can't be reached", async () => {
  expect((await ask("/healthz")).status).toBe(200);
  const fails = () => Promise.reject(new Error("an invented outage"));
  const stub = {
    readings: { logHead: fails, case: fails },
    cases: { changesSince: fails },
  };
  const down: Env = { ...settings, LEDGER: { getByName: () => stub } as never };
  const paths = ["/healthz", "/v1/cases/ua-81-00"];
  const statuses = await Promise.all(
    paths.map(
      async (path) => (await app.request(origin + path, {}, down)).status,
    ),
  );
  expect(statuses).toEqual([503, 503]);
});

it("A deployment with another address keeps its log's key, names both to browsers, and embeds the old address", async () => {
  const LOG_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  const moved = {
    ...settings,
    LOG_KEY,
    PUBLIC_URL: "https://new.casewire.test",
    FORMER_URLS: origin,
    LOG_NAME: "casewire.test/v1/log",
  };
  await publishLive(84);
  const key = async (bindings: Env) =>
    (await ask("/.well-known/casewire-log-key", {}, bindings)).text();
  expect(await key(moved)).toBe(
    await key({ ...settings, LOG_KEY, PUBLIC_URL: origin }),
  );
  expect(await (await ask("/v1/log/checkpoint", {}, moved)).text()).toMatch(
    /^casewire\.test\/v1\/log\n/,
  );
  expect(await (await ask("/.well-known/webauthn", {}, moved)).json()).toEqual({
    origins: ["https://new.casewire.test", origin],
  });
  const embedded = await ask(
    `/oembed?url=${encodeURIComponent(`${origin}/cases/ua-84-00`)}`,
    {},
    moved,
  );
  expect(await embedded.text()).toContain("https://new.casewire.test/");
});

it("An address with a line break and a slash at its end is redirected as it was sent", async () => {
  const { status, headers } = await ask("/sitemap-%0a.xml/");
  expect([status, headers.get("Location")]).toEqual([301, "/sitemap-%0a.xml"]);
});

describe("Metrics", () => {
  it("are there only with the token, and only where one is set", async () => {
    for (const Authorization of ["", "Bearer wrong", "Bearer test-token"])
      expect(
        (await ask("/metrics", { headers: { Authorization } })).status,
        Authorization,
      ).toBe(401);
    expect(
      (await ask("/metrics", signedIn, { ...settings, METRICS_TOKEN: "" }))
        .status,
    ).toBe(404);
  });

  it("count reads, sign-ins and renewals, and say what waits", async () => {
    await publishLive(82);
    await ask("/v1/cases", { headers: { Authorization: "Bearer wrong" } });
    await ask("/v1/desk/me", { headers: { Authorization: "Bearer wrong" } });
    await ledgerFor(env).cases.changesSince(null, {
      readsFromMemory: 5,
      failedSignIns: 2,
      unknown: 1,
    } as never);
    const answer = await ask("/metrics", signedIn);
    expect(answer.headers.get("Content-Type")).toBe(
      "application/openmetrics-text; version=1.0.0; charset=utf-8",
    );
    expect(answer.headers.get("Cache-Control")).toBe("private, no-store");
    const text = await answer.text();
    const lines = text.trimEnd().split("\n");
    const value = (name: string) =>
      Number(lines.find((line) => line.startsWith(`${name} `))?.split(" ")[1]);
    expect(value('casewire_reads_total{copy="memory"}')).toBeGreaterThanOrEqual(
      5,
    );
    expect(value("casewire_failed_sign_ins_total")).toBeGreaterThanOrEqual(2);
    expect(value("casewire_renewals_total")).toBeGreaterThanOrEqual(1);
    const exact = [
      "announcements_waiting",
      "cases_unshowable",
      "bot_accepted",
    ].map((name) => value(`casewire_${name}`));
    expect(exact).toEqual([0, 0, 1]);
    expect(text).not.toContain("casewire_backup");
    expect(text).not.toContain("ua-82");
    expect(text.endsWith("# EOF\n")).toBe(true);
    for (const sample of lines.filter((line) => !line.startsWith("#")))
      expect(sample).toMatch(
        /^[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [\d.e+-]+$/,
      );
  });

  it("escape labels and help, and leave out what has no sample", () => {
    const text = openMetrics({
      a: { type: "gauge", help: "one\ntwo", samples: [[1, { l: 'x"\\\n' }]] },
      b: { type: "counter", help: "none", samples: [] },
    });
    expect(text).toBe(
      '# TYPE a gauge\n# HELP a one\\ntwo\na{l="x\\"\\\\\\n"} 1\n# EOF\n',
    );
  });

  it("are counted once, also when a question to the Ledger failed", () => {
    const counts = new IsolateCounts();
    counts.add("readsFromMemory");
    const taken = counts.take();
    counts.add("readsFromMemory");
    counts.giveBack(taken);
    const total = {};
    addCounts(total, counts.take());
    addCounts(total, counts.take());
    expect(total).toEqual({ readsFromMemory: 2 });
  });

  it("include the last backup where there are daily backups, and alerts, dashboard and runbooks name the same", async () => {
    await publishLive(83);
    await ledgerFor(env).dailyBackup.record({
      at: 1_800_000_000_000,
      bytes: 12_345,
    });
    const text = await (
      await ask("/metrics", signedIn, { ...settings, ...withBackups })
    ).text();
    expect(text).toContain(
      "casewire_backup_last_timestamp_seconds 1800000000\n",
    );
    expect(text).toContain("casewire_backup_last_bytes 12345\n");
    for (const list of ["cases", "followers", "changes"])
      for (const name of ["waiting_seconds", "failures_total"])
        expect(text).toContain(
          `casewire_erasure_list_${name}{list="${list}"} 0\n`,
        );
    // The daily backup has a list of the cases' erasures; followers aren't in
    // it.
    expect(text).toMatch(
      /casewire_erasure_list_age_seconds\{list="cases"\} -?[\d.]+\n/,
    );
    expect(text).not.toContain(
      'casewire_erasure_list_age_seconds{list="followers"}',
    );
    const known = new Set(text.match(/^casewire_\w+/gm));
    // A gauge without a sample until the first message was sent.
    known.add("casewire_outbox_lag_seconds");
    for (const file of [alerts, dashboard])
      for (const [name] of file.matchAll(/\bcasewire_\w+/g))
        expect(known, name).toContain(name);
    for (const name of known)
      expect(runbook, name).toContain(name.replace(/_(total|info)$/, ""));
    const names = [...alerts.matchAll(/- alert: (\w+)/g)].map(
      ([, name]) => name!,
    );
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) expect(runbook).toContain(`### ${name}\n`);
    expect(
      [...alerts.matchAll(/runbook: .*#(\w+)/g)].map(([, anchor]) => anchor),
    ).toEqual(names.map((name) => name.toLowerCase()));
  });
});

const withBackups = {
  BACKUPS: env.TEST_BACKUPS,
  BACKUP_RECIPIENT:
    "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
};

it("The status says what was observed, as JSON for everyone", async () => {
  await publishLive(84);
  const answer = await ask("/v1/status");
  expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*");
  const status = (await answer.json()) as Status;
  expect(status).toMatchObject({
    version: env.VERSION.id,
    telegram: { running: true, waitingFor: 0 },
    backup: null,
    moments: [{ case: "ua-84-00", revision: 1 }],
  });
  expect(JSON.stringify(status)).not.toContain("sockets");
  const {
    BOT_TOKEN: _,
    BOT_INFO: __,
    WEBHOOK_SECRET: ___,
    FOLLOWER_KEY: ____,
    ...noBot
  } = settings;
  expect(
    await (await ask("/v1/status", {}, noBot as Env)).json(),
  ).toMatchObject({ telegram: null });
  const backups = { ...settings, ...withBackups };
  expect(await (await ask("/v1/status", {}, backups)).json()).toMatchObject({
    backup: { last: null },
  });
});

it.each(profile.languages)(
  "The status is a page in %s that needs no script",
  async (tag) => {
    await publishLive(85);
    const backedUp = new Date();
    await ledgerFor(env).dailyBackup.record({
      at: backedUp.getTime(),
      bytes: 1,
    });
    const answer = await ask(
      `/status?lang=${tag}`,
      {},
      { ...settings, ...withBackups },
    );
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toContain(`<html lang="${tag}"`);
    expect(html).toContain(String(backedUp.getUTCFullYear()));
    expect(html).toContain(`/cases/ua-85-00?lang=${tag}`);
    expect(html).not.toMatch(/\{\w+\}|<script/);
    expect(html).toContain('<div class="intro"><h1>');
    const [, style = ""] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
    expect(answer.headers.get("Content-Security-Policy")).toContain(
      sourceOf(style),
    );
  },
);

it("The status of an unreachable Ledger is an error, not an old success", async () => {
  const cut = {
    getByName: () => ({ observed: () => Promise.reject(new Error("gone")) }),
  } as never;
  const answer = await app.request(
    `${origin}/v1/status`,
    {},
    { ...settings, LEDGER: cut },
  );
  expect(answer.status).toBe(500);
});

it("A log line is structured, and holds the message of an error but none of its fields", () => {
  const written = vi.spyOn(console, "error").mockImplementation(() => {});
  const refusal = Object.assign(new Error("Bad Request"), {
    payload: { chat_id: 4711 },
  });
  log.error("Webhook: handling an update failed", refusal);
  log.error("Reads: no answer", { chat: 4711 }, { case: "ua-1-00" });
  expect(written.mock.calls).toEqual([
    [
      expect.objectContaining({
        level: "error",
        part: "Webhook",
        error: "Bad Request",
      }),
    ],
    [
      {
        level: "error",
        part: "Reads",
        message: "Reads: no answer",
        case: "ua-1-00",
        error: "unknown error",
      },
    ],
  ]);
  expect(JSON.stringify(written.mock.calls)).not.toContain("4711");
  written.mockRestore();
});
