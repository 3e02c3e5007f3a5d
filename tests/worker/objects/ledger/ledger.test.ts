/**
 * The Ledger as a Durable Object: its alarm, late and lost alarms, and what
 * survives an eviction.
 */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { PublishCommand } from "../../../../worker/objects/ledger/command.ts";
import type { Ledger } from "../../../../worker/objects/ledger/ledger.ts";
import { ledgerFor } from "../../../../worker/runtime/bindings.ts";
import { confirmed } from "../../../support/confirming.ts";
import { inventedCase, publishOf } from "../../../support/invented.ts";
import { bind } from "../../bound.ts";
import { erased } from "../../erased.ts";
import { runLedgerAlarm, untilTold } from "../../ledger-alarm.ts";
import { done } from "./newsroom.ts";

const ID = "ua-1-00";
const ledger = () => ledgerFor(env);
const inside = <T>(
  look: (state: DurableObjectState, ledger: Ledger) => T | Promise<T>,
) =>
  runInDurableObject<Ledger, T>(ledger() as never, (instance, state) =>
    look(state, instance),
  );

/** Commits a revision of a case by its number, on top of the newest one. */
const commit = (
  instance: Ledger,
  number: number,
  more: Partial<PublishCommand> = {},
) => {
  const fields = inventedCase(number);
  const command = publishOf(fields, {
    basedOn: instance.desk.nextNumber(fields.id) - 1,
    ...more,
  });
  return done(instance.publish(confirmed(instance, command)));
};
const publish = () =>
  inside((_, instance) => commit(instance, 1, { notify: "loud" }));

/** Moves the pending moment to now, as if the time had passed. */
const arrive = () =>
  inside(
    (state) =>
      void state.storage.sql.exec(
        "UPDATE revisions SET live_at = ? WHERE shown = 0",
        Date.now(),
      ),
  );
const waiting = () =>
  inside(
    (state) =>
      state.storage.sql.exec("SELECT audience FROM announcements").toArray()
        .length,
  );
const announce = async (instance: Ledger, { storage }: DurableObjectState) => {
  await instance.alarm();
  await untilTold(storage);
};
const alarm = () => inside((state) => state.storage.getAlarm());

beforeEach(async () => {
  await inside(async (state) => {
    for (const table of ["revisions", "announcements", "audit", "channels"])
      state.storage.sql.exec(`DELETE FROM ${table}`);
    state.storage.sql.exec("UPDATE mark SET live_at = 0");
    await state.storage.deleteAlarm();
  });
});

describe("The Ledger's alarm", () => {
  it("is set to the moment at a commit, and again by the cron trigger and when the object wakes", async () => {
    const { liveAt } = await publish();
    expect(await alarm()).toBe(Date.parse(liveAt));
    // Cloudflare has given it up.
    await inside((state) => state.storage.deleteAlarm());
    const worker = exports.default as unknown as {
      scheduled(event: { cron: string }): Promise<void>;
    };
    await worker.scheduled({ cron: "* * * * *" });
    expect(await alarm()).not.toBeNull();
    await inside((state) => state.storage.deleteAlarm());
    await evictDurableObject(ledger() as never);
    expect(await ledger().desk.record(ID)).toMatchObject({
      revision: { number: 1 },
      live: null,
    });
    expect(await alarm()).not.toBeNull();
  });

  it("tells nobody before the moment; when it is lost, the next read shows what is due, and tells", async () => {
    const shown = async () => (await ledger().readings.case(ID)).value.state;
    await publish();
    await runLedgerAlarm();
    expect([await waiting(), await shown()]).toEqual([0, "absent"]);
    await inside((state) => state.storage.deleteAlarm());
    await arrive();
    expect([await shown(), await waiting()]).toEqual(["present", 2]);
    expect(await alarm()).not.toBeNull();
    await runLedgerAlarm();
    expect(await waiting()).toBe(0);
  });

  it("comes again after a second when it fails, and not at once", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    await publish();
    await arrive();
    await inside(async ({ storage }, instance) => {
      storage.sql.exec(
        "CREATE TRIGGER broken BEFORE UPDATE ON revisions BEGIN SELECT RAISE(ABORT, 'broken'); END",
      );
      const start = Date.now();
      instance.alarm();
      expect(await storage.getAlarm()).toBeGreaterThanOrEqual(start + 1_000);
      storage.sql.exec("DROP TRIGGER broken");
    });
    expect(logged).toHaveBeenCalledTimes(1);
    logged.mockRestore();
  });

  it("retries an announcement that was not acknowledged, after a while, and never throws", async () => {
    await publish();
    await arrive();
    await runLedgerAlarm();
    await publish();
    await arrive();
    await inside(async (state, instance) => {
      state.storage.sql.exec("DELETE FROM channels");
      const repair = bind(instance, {
        CHANNEL: {
          getByName: () => ({
            push: () => Promise.reject(new Error("channel is down")),
          }),
        },
      });
      await announce(instance, state);
      repair();
      expect(
        state.storage.sql
          .exec("SELECT audience, attempts FROM announcements")
          .toArray(),
      ).toEqual([{ audience: "channel", attempts: 1 }]);
      expect(await state.storage.getAlarm()).toBeGreaterThan(Date.now());
      state.storage.sql.exec("UPDATE announcements SET due_at = 0");
      await announce(instance, state);
    });
    expect(await waiting()).toBe(0);
  });
});

describe("What is due", () => {
  /**
   * An update of each of these cases, by their numbers, goes live at one
   * moment.
   * @returns who was told, in order
   */
  const update = (
    numbers: number[],
    shards = "1",
    more = (_: Ledger): unknown => null,
  ) =>
    inside(async (state, instance) => {
      const told: string[] = [];
      const CHANNEL = {
        getByName: (name: string) => ({ push: async () => told.push(name) }),
      };
      const DISPATCHER = {
        getByName: () => ({
          announce: async ({ id }: { id: string }) =>
            void told.push(`dispatcher ${id}`),
        }),
      };
      const release = bind(instance, {
        CHANNEL,
        DISPATCHER,
        CHANNEL_SHARDS: shards,
      });
      for (const number of numbers) commit(instance, number);
      more(instance);
      state.storage.sql.exec(
        "UPDATE revisions SET live_at = ? WHERE shown = 0",
        Date.now(),
      );
      await announce(instance, state);
      release();
      await state.storage.setAlarm(Date.now() + 60_000);
      return told;
    });

  beforeEach(async () => {
    await update([1, 2, 3, 4]);
  });

  it("is told in the order of redactions, registered Channels, followers, and all others", async () => {
    await inside((_, instance) =>
      instance.registrations.register("ua-3-00", 0),
    );
    // The last one is new, but a socket from before a restore may have its
    // case.
    const seen = await update([1, 2, 3, 5], undefined, (instance) =>
      erased(instance.review, "ua-4-00", 1),
    );
    expect(seen.slice(0, 3).sort()).toEqual(
      ["dispatcher ua-4-00", "ua-3-00/0", "ua-4-00/0"].sort(),
    );
    expect(seen.indexOf("ua-3-00/0")).toBe(2);
    expect(seen.slice(3)).toEqual([
      ...[
        "dispatcher ua-1-00",
        "dispatcher ua-2-00",
        "dispatcher ua-3-00",
        "dispatcher ua-5-00",
      ],
      ...["ua-1-00/0", "ua-2-00/0", "ua-5-00/0"],
    ]);
  });

  it("wakes no Channel whose registration ran out, once the Ledger has run for a term", async () => {
    const channelsToldOf = async (shards: string) =>
      (await update([1], shards))
        .filter((name) => !name.startsWith("dispatcher"))
        .sort();
    const register = () =>
      inside((_, instance) => instance.registrations.register("ua-1-00", 2));
    const start = async (at: number) => {
      await evictDurableObject(ledger() as never);
      const clock = vi.spyOn(Date, "now").mockReturnValue(at);
      await inside(() => {});
      clock.mockRestore();
    };
    await register();
    await start(Date.now());
    expect(await channelsToldOf("2")).toEqual([
      "ua-1-00/0",
      "ua-1-00/1",
      "ua-1-00/2",
    ]);
    await start(Date.now() - 15 * 60_000);
    expect(await channelsToldOf("2")).toEqual(["ua-1-00/2"]);
    await inside(
      ({ storage }) =>
        void storage.sql.exec("UPDATE channels SET until = ?", Date.now()),
    );
    expect(await channelsToldOf("2")).toEqual([]);
    expect(await waiting()).toBe(0);
    await register();
    expect(await channelsToldOf("2")).toEqual(["ua-1-00/2"]);
  });
});

describe("A moment that hundreds of cases share", () => {
  const CASES = 300;
  const ids = Array.from({ length: CASES }, (_, index) => `ua-${index + 1}-00`);
  const told = { channel: [] as string[], dispatcher: [] as string[] };
  /**
   * Notes what Channels and the Dispatcher are told.
   * @param most how many followers' announcements are answered
   */
  const listen = (most = CASES) =>
    inside((_, instance) => {
      const CHANNEL = {
        getByName: () => ({
          push: async (id: string) => told.channel.push(id),
        }),
      };
      const DISPATCHER = {
        getByName: () => ({
          announce: ({ id }: { id: string }) =>
            told.dispatcher.length < most
              ? Promise.resolve(told.dispatcher.push(id))
              : new Promise(() => {}),
        }),
      };
      bind(instance, { CHANNEL, DISPATCHER });
    });
  /** Without an alarm of the runtime meanwhile or later. */
  const alone = <T>(act: (instance: Ledger) => T) =>
    inside(async (state, instance) => {
      const outcome = await act(instance);
      await state.storage.setAlarm(Date.now() + 60_000);
      return outcome;
    });

  it("goes live as a whole and is told once, also when the Ledger starts again meanwhile", async () => {
    await inside((_, instance) => {
      // Not before it is said to arrive, however slow the machine is.
      for (let number = 1; number <= CASES; number++)
        commit(instance, number, { liveAt: Date.now() + 600_000 });
    });
    await arrive();
    await listen(50);
    // The last case first.
    const last = await alone(
      (instance) => instance.readings.case(ids.at(-1)!).value,
    );
    expect(last).toMatchObject({ record: { revision: { number: 1 } } });
    await alone((instance) => instance.alarm());
    await expect.poll(waiting).toBe(2 * CASES - 50);
    await inside((state) => state.abort("the process ends")).catch(() => {});
    await listen();
    await inside((state, instance) => announce(instance, state));
    expect(told).toEqual({ channel: ids, dispatcher: ids });
    await evictDurableObject(ledger() as never);
  });
});
