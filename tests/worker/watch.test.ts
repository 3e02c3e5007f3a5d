/** What the cron trigger tells editors, each trouble by causing it. */
import { createExecutionContext, createScheduledController, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { beforeEach, expect, it, vi } from "vitest";
import type { Ledger } from "../../worker/objects/ledger/ledger.ts";
import type { WatchTrouble } from "../../worker/reads/state.ts";
import { dispatcherFor, ledgerFor } from "../../worker/runtime/bindings.ts";
import worker from "../../worker/web/index.ts";
import { backUpDaily } from "../../worker/web/operations/daily.ts";
import { publish } from "./publish.ts";

const recipient = await identityToRecipient(await generateX25519Identity());
let told: WatchTrouble[][];
const objects = (methods: object) => ({ getByName: () => methods }) as never;
const quiet = {
  wake: async () => {},
  tellTroubles: async (troubles: WatchTrouble[]) => void told.push(troubles),
  outbox: { status: async () => ({ running: true, webhook: true }) },
};
const hooks = { nudge: async () => {}, tellTroubles: async () => {} };
const settings = (more: object = {}): Env => ({
  ...env,
  DISPATCHER: objects(quiet),
  WEBHOOKS: objects({ hooks }),
  ...more,
});
const troubles = async (more: object = {}) => {
  told = [];
  await worker.scheduled(createScheduledController(), settings(more), createExecutionContext());
  return told.at(-1);
};

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  return () => vi.restoreAllMocks();
});

it("The cron trigger finds nothing wrong in a deployment that runs", async () => {
  expect(await troubles()).toEqual([]);
});

it("The cron trigger finds that readers get errors, that it fails itself, and that the workshop or the bot is away", async () => {
  const fails = () => Promise.reject(new Error("an invented outage"));
  const ledger = {
    readings: { logHead: fails, case: fails },
    cases: { changesSince: fails },
    wake: fails,
    observed: fails,
  };
  expect(await troubles({ LEDGER: objects(ledger) })).toEqual(["readers", "trigger"]);
  expect(await troubles({ WORKSHOP: { isThere: fails } })).toEqual(["workshop"]);
  const moved = { ...quiet, outbox: { status: async () => ({ running: true, webhook: false }) } };
  expect(await troubles({ DISPATCHER: objects(moved) })).toEqual(["bot"]);
});

it("The cron trigger finds that a backup failed, until one is made", async () => {
  await publish(470);
  const full = { list: async () => ({ objects: [] }), createMultipartUpload: () => Promise.reject(new Error("full")) };
  const broken = { BACKUPS: full, BACKUP_RECIPIENT: recipient };
  await runInDurableObject<Ledger, void>(
    ledgerFor(env) as never,
    (_, { storage }) => void storage.kv.delete("daily backup"),
  );
  expect(await troubles(broken)).toEqual(["backup"]);
  await runInDurableObject<Ledger, void>(
    ledgerFor(env) as never,
    (_, { storage }) => void storage.kv.delete("daily backup"),
  );
  await backUpDaily(settings({ BACKUPS: env.TEST_BACKUPS, BACKUP_RECIPIENT: recipient }), Date.now());
  expect(await troubles({ BACKUPS: env.TEST_BACKUPS, BACKUP_RECIPIENT: recipient })).toEqual([]);
});

it("The Ledger tells that the cron trigger has not come for 100 s", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const name = `silence ${crypto.randomUUID()}`;
  await runInDurableObject<Ledger, void>(env.LEDGER.getByName(name) as never, async (ledger, { storage }) => {
    told = [];
    Object.defineProperty(ledger, "env", { value: settings(), configurable: true });
    await ledger.wake();
    expect(await storage.getAlarm()).toBe(Date.now() + 100_000);
    vi.setSystemTime(Date.now() + 100_000);
    ledger.alarm();
    await vi.waitFor(() => expect(told).toEqual([["trigger"]]));
    ledger.alarm();
    expect(told).toHaveLength(1);
    await storage.deleteAlarm();
  }).finally(() => vi.useRealTimers());
});

it("Editors' chats hear of each trouble once, and of its end, and of what an editor did with the newsroom's data", async () => {
  const dispatcher = dispatcherFor(env)!;
  await expect(dispatcher.tellTroubles(["workshop"])).resolves.toBeUndefined();
  const { audit } = ledgerFor(env);
  const { log, newest } = (await audit.proposalEvents(null, 1))!;
  await audit.record("export", "anna", "0".repeat(64));
  await audit.record("export", "(daily backup)", "0".repeat(64));
  const { changes } = (await audit.proposalEvents({ log, position: newest }, 1_000))!;
  expect(changes.map(({ action, editor }) => `${action} ${editor}`)).toEqual(["export anna"]);
});
