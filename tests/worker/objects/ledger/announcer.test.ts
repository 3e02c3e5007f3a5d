/** Objects that don't answer, beside others that do. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Ledger } from "../../../../worker/objects/ledger/ledger.ts";
import { channelNamed } from "../../../../worker/runtime/bindings.ts";
import { confirmed } from "../../../support/confirming.ts";
import { inventedCase, publishOf } from "../../../support/invented.ts";
import { pause } from "../../../support/waiting.ts";
import { bind } from "../../bound.ts";

/** A slow machine takes long. */
const PATIENCE = { timeout: 15_000, interval: 5 };

/** Every object that was told, in order. */
const told: string[] = [];
type Answer = number | Promise<number>;
/**
 * Made by the object that waits for it: a promise of the test belongs to
 * another one.
 */
const never = () => new Promise<never>(() => {});
const idOf = (number: number) => `ua-${number}-00`;
const attempts = ({ storage }: DurableObjectState) =>
  storage.sql
    .exec(
      "SELECT case_id, audience, attempts FROM announcements ORDER BY case_id",
    )
    .toArray();
/**
 * Waits until these were told, which must not take so long that silence is
 * noted as a failure: ten seconds.
 */
async function toldSoon(
  state: DurableObjectState,
  ...names: string[]
): Promise<void> {
  await vi.waitFor(
    () => expect(told).toEqual(expect.arrayContaining(names)),
    PATIENCE,
  );
  for (const row of attempts(state)) expect(row).toMatchObject({ attempts: 0 });
}

/**
 * A Ledger of its own, with real alarms.
 * @param answers of the Channels, and of the Dispatcher, that don't answer at
 * once
 */
const withLedger = (
  answers: Record<string, () => Answer>,
  act: (instance: Ledger, state: DurableObjectState) => Promise<void>,
) =>
  runInDurableObject<Ledger, void>(
    env.LEDGER.getByName(`announcer ${crypto.randomUUID()}`) as never,
    async (instance, state) => {
      const tell = (name: string) => {
        told.push(name);
        return Promise.resolve(answers[name]?.() ?? 1);
      };
      const CHANNEL = {
        getByName: (name: string) => ({
          push: () => tell(channelNamed(name).id),
        }),
      };
      const DISPATCHER = {
        getByName: () => ({
          announce: () => tell("dispatcher"),
          tellDesk: () => {},
        }),
      };
      bind(instance, { CHANNEL, DISPATCHER });
      try {
        await act(instance, state);
      } finally {
        state.storage.sql.exec("DELETE FROM announcements");
        await state.storage.deleteAlarm();
      }
    },
  );

function publish(instance: Ledger, number: number) {
  const outcome = instance.publish(
    confirmed(instance, publishOf(inventedCase(number))),
  );
  if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
}

/** Each of these cases has a revision whose moment is at this time. */
async function commit(
  { storage }: DurableObjectState,
  instance: Ledger,
  numbers: number[],
  moment: number,
) {
  for (const number of numbers) publish(instance, number);
  storage.sql.exec(
    "UPDATE revisions SET live_at = ? WHERE number = 1 AND live_at > ?",
    moment,
    moment,
  );
  await storage.setAlarm(
    Math.min(moment, (await storage.getAlarm()) ?? moment),
  );
}
const cases = (count: number) =>
  Array.from({ length: count }, (_, index) => index + 1);
/**
 * Timers of some lengths ring earlier. Each still belongs to the object that
 * set it, which those of a test's own clock don't.
 */
function shortened(lengths: Record<number, number>) {
  const real = globalThis.setTimeout;
  const set = (act: () => void, length = 0, ...given: unknown[]) =>
    real(act, lengths[length] ?? length, ...given);
  return vi.spyOn(globalThis, "setTimeout").mockImplementation(set as never);
}

beforeEach(() => void told.splice(0));

describe("An object that never answers", () => {
  it("doesn't delay a withdrawal that comes while it is told", () =>
    withLedger({ [idOf(1)]: never }, async (instance, state) => {
      await commit(state, instance, [1, 2], Date.now());
      await toldSoon(state, idOf(1), idOf(2));
      told.length = 0;
      instance.review.withdraw(
        { id: idOf(2), editor: "tester", reason: "unstated", basedOn: 1 },
        false,
      );
      state.storage.sql.exec(
        "UPDATE revisions SET live_at = ? WHERE number = 2",
        Date.now(),
      );
      await state.storage.setAlarm(Date.now());
      await toldSoon(state, idOf(2));
    }));

  it("doesn't delay the moment of another case, also when the Dispatcher is one and there are more of them than places", () =>
    withLedger(
      Object.fromEntries(
        ["dispatcher", ...cases(40).map(idOf)].map((name) => [name, never]),
      ),
      async (instance, state) => {
        for (const number of cases(41))
          instance.registrations.register(idOf(number), 0);
        await commit(state, instance, cases(40), Date.now());
        await toldSoon(state, idOf(1));
        await commit(state, instance, [41], Date.now() + 300);
        await toldSoon(state, idOf(41));
      },
    ));

  it("doesn't delay a moment that another publish settles before its alarm", () =>
    withLedger({ [idOf(1)]: never }, async (instance, state) => {
      await commit(state, instance, [1], Date.now());
      await toldSoon(state, idOf(1));
      const settled = commit(state, instance, [2], Date.now());
      publish(instance, 3);
      const alarm = state.storage.getAlarm();
      await settled;
      expect(await alarm).toBeLessThanOrEqual(Date.now());
      await toldSoon(state, idOf(2));
    }));

  it("is told after those that never failed, although its moment is older", () =>
    withLedger({}, async (instance, state) => {
      const now = Date.now();
      await state.storage.setAlarm(now + 600_000);
      for (const number of cases(41))
        instance.registrations.register(idOf(number), 0);
      await commit(state, instance, cases(40), now - 2);
      await commit(state, instance, [41], now - 1);
      instance.readings.case(idOf(1));
      state.storage.sql.exec(
        "UPDATE announcements SET attempts = 1 WHERE case_id != ?",
        idOf(41),
      );
      instance.alarm();
      await vi.waitFor(() => expect(told).toContain(idOf(40)), PATIENCE);
      expect(told[0]).toBe(idOf(41));
    }));

  it("holds back no answer of others, and is told again later", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const timers = shortened({ 10000: 500 });
    await withLedger(
      { [idOf(1)]: never, dispatcher: never },
      async (instance, state) => {
        const { sql } = state.storage;
        sql.exec("CREATE TABLE noted (what TEXT)");
        for (const [name, change] of [
          ["told", "DELETE"],
          ["failed", "UPDATE OF attempts"],
        ])
          sql.exec(
            `CREATE TRIGGER ${name} AFTER ${change} ON announcements
             BEGIN INSERT INTO noted VALUES ('${name} ' || OLD.case_id || ' ' || OLD.audience); END`,
          );
        const noted = () =>
          sql
            .exec<{ what: string }>("SELECT what FROM noted")
            .toArray()
            .map(({ what }) => what);
        await commit(state, instance, [1, 2], Date.now());
        instance.alarm();
        // Whatever ends the object, it starts again.
        expect(await state.storage.getAlarm()).toBeLessThanOrEqual(
          Date.now() + 1_000,
        );
        await vi.waitFor(() => expect(noted()).toHaveLength(4), PATIENCE);
        expect(noted()[0]).toBe(`told ${idOf(2)} channel`);
        expect(noted().slice(1).sort()).toEqual([
          `failed ${idOf(1)} channel`,
          `failed ${idOf(1)} dispatcher`,
          `failed ${idOf(2)} dispatcher`,
        ]);
      },
    );
    timers.mockRestore();
    logged.mockRestore();
  });
});

it("An answer that comes after its place was given up counts", async () => {
  const timers = shortened({ 1000: 20 });
  let answer = (_sockets: number) => {};
  const late = () =>
    new Promise<number>((resolve) => {
      answer = resolve;
    });
  await withLedger({ [idOf(1)]: late }, async (instance, state) => {
    await commit(state, instance, [1], Date.now());
    instance.alarm();
    const silent = { case_id: idOf(1), audience: "channel", attempts: 0 };
    await vi.waitFor(
      () =>
        expect([told.includes(idOf(1)), attempts(state)]).toEqual([
          true,
          [silent],
        ]),
      PATIENCE,
    );
    await pause(100, "The place is given up after 20 ms.");
    answer(1);
    await vi.waitFor(() => expect(attempts(state)).toEqual([]), PATIENCE);
  });
  timers.mockRestore();
});
