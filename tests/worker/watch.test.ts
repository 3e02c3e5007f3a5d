/**
 * What editors hear when the cron trigger doesn't come.
 * tests/worker/notices.test.ts causes every other notice.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import type { Ledger } from "../../worker/objects/ledger/ledger.ts";
import type { WatchTrouble } from "../../worker/reads/state.ts";
import { ledgerFor } from "../../worker/runtime/bindings.ts";
import { bind } from "./bound.ts";

let told: WatchTrouble[][];
const objects = (methods: object) => ({ getByName: () => methods }) as never;
const quiet = {
  wake: async () => {},
  tellTroubles: async (troubles: WatchTrouble[]) => void told.push(troubles),
  outbox: { status: async () => ({ running: true, webhook: true }) },
};
it("The Ledger tells that the cron trigger has not come for 100 s", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const name = `silence ${crypto.randomUUID()}`;
  await runInDurableObject<Ledger, void>(
    env.LEDGER.getByName(name) as never,
    async (ledger, { storage }) => {
      told = [];
      const hooks = { nudge: async () => {}, tellTroubles: async () => {} };
      bind(ledger, {
        DISPATCHER: objects(quiet),
        WEBHOOKS: objects({ hooks }),
      });
      await ledger.wake();
      expect(await storage.getAlarm()).toBe(Date.now() + 100_000);
      vi.setSystemTime(Date.now() + 100_000);
      ledger.alarm();
      await vi.waitFor(() => expect(told).toEqual([["trigger"]]));
      ledger.alarm();
      expect(told).toHaveLength(1);
      await storage.deleteAlarm();
    },
  ).finally(() => vi.useRealTimers());
});

it("Editors don't hear of the daily backup's own export", async () => {
  const { audit } = ledgerFor(env);
  const { log, newest } = (await audit.proposalEvents(null, 1))!;
  await audit.record("export", "anna", "0".repeat(64));
  await audit.record("export", "(daily backup)", "0".repeat(64));
  const { changes } = (await audit.proposalEvents(
    { log, position: newest },
    1_000,
  ))!;
  expect(changes.map(({ action, editor }) => `${action} ${editor}`)).toEqual([
    "export anna",
  ]);
});
