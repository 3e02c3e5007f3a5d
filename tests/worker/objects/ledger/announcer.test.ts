/** Objects that don't answer, beside others that do. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Ledger } from "../../../../worker/objects/ledger/ledger.ts";
import { inventedCase } from "../../../invented.ts";

/** Silence is given up after one second, and noted as a failure after ten. A slow machine takes longer. */
const SOON_MS = 5_000;

/** Every object that was told, in order. */
const told: string[] = [];
type Answer = number | Promise<number>;
/** Made by the object that waits for it: a promise of the test belongs to another one. */
const never = () => new Promise<never>(() => {});
const idOf = (number: number) => `ua-${number}-00`;
const toldSoon = (...names: string[]) =>
  vi.waitFor(() => expect(told).toEqual(expect.arrayContaining(names)), { timeout: SOON_MS, interval: 5 });

/** A Ledger of its own, with real alarms. @param answers what each Channel answers, and the Dispatcher */
const withLedger = (
  answers: (name: string) => Answer,
  act: (instance: Ledger, state: DurableObjectState) => Promise<void>,
) =>
  runInDurableObject<Ledger, void>(
    env.LEDGER.getByName(`announcer ${crypto.randomUUID()}`) as never,
    async (instance, state) => {
      const tell = (name: string) => {
        told.push(name);
        return Promise.resolve(answers(name));
      };
      const CHANNEL = { getByName: (name: string) => ({ push: () => tell(name) }) };
      const DISPATCHER = { getByName: () => ({ announce: () => tell("dispatcher"), tellDesk: () => {} }) };
      const { env: whole } = instance as unknown as { env: object };
      Object.defineProperty(instance, "env", { value: { ...whole, CHANNEL, DISPATCHER }, configurable: true });
      try {
        await act(instance, state);
      } finally {
        state.storage.sql.exec("DELETE FROM announcements");
        await state.storage.deleteAlarm();
      }
    },
  );

function publish(instance: Ledger, number: number) {
  const made = { case: inventedCase(number), note: {}, editor: "tester", notify: "none", kind: "update" } as const;
  const outcome = instance.publish({ ...made, id: idOf(number), basedOn: 0 });
  if ("failure" in outcome) throw new Error(JSON.stringify(outcome.failure));
}

/** Each of these cases has a revision whose moment is at this time. */
async function commit({ storage }: DurableObjectState, instance: Ledger, numbers: number[], moment: number) {
  for (const number of numbers) publish(instance, number);
  storage.sql.exec("UPDATE revisions SET live_at = ? WHERE number = 1 AND live_at > ?", moment, moment);
  await storage.setAlarm(Math.min(moment, (await storage.getAlarm()) ?? moment));
}
const cases = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const attempts = ({ storage }: DurableObjectState) =>
  storage.sql.exec("SELECT case_id, audience, attempts FROM announcements ORDER BY case_id").toArray();

beforeEach(() => void told.splice(0));

describe("An object that never answers", () => {
  it("doesn't delay a withdrawal that comes while it is told", () =>
    withLedger(
      (name) => (name === idOf(1) ? never() : 1),
      async (instance, state) => {
        await commit(state, instance, [1, 2], Date.now());
        await toldSoon(idOf(1), idOf(2));
        told.length = 0;
        instance.review.withdraw({ id: idOf(2), editor: "tester", reason: "unstated", basedOn: 1 }, false);
        state.storage.sql.exec("UPDATE revisions SET live_at = ? WHERE number = 2", Date.now());
        await state.storage.setAlarm(Date.now());
        await toldSoon(idOf(2));
      },
    ));

  it("doesn't delay the moment of another case, also when there are more of them than places", () =>
    withLedger(
      (name) => (name === idOf(41) ? 1 : never()),
      async (instance, state) => {
        for (const number of cases(41)) instance.registrations.register(idOf(number), 0);
        await commit(state, instance, cases(40), Date.now());
        await toldSoon(idOf(1));
        await commit(state, instance, [41], Date.now() + 300);
        await toldSoon(idOf(41));
      },
    ));

  it("doesn't delay a moment that another publish settles before its alarm", () =>
    withLedger(
      (name) => (name === idOf(1) ? never() : 1),
      async (instance, state) => {
        await commit(state, instance, [1], Date.now());
        await toldSoon(idOf(1));
        const settled = commit(state, instance, [2], Date.now());
        publish(instance, 3);
        const alarm = state.storage.getAlarm();
        await settled;
        expect(await alarm).toBeLessThanOrEqual(Date.now());
        await toldSoon(idOf(2));
      },
    ));

  it("is told after those that never failed, although its moment is older", () =>
    withLedger(
      () => 1,
      async (instance, state) => {
        const now = Date.now();
        await state.storage.setAlarm(now + 600_000);
        for (const number of cases(41)) instance.registrations.register(idOf(number), 0);
        await commit(state, instance, cases(40), now - 2);
        await commit(state, instance, [41], now - 1);
        instance.readings.case(idOf(1));
        state.storage.sql.exec("UPDATE announcements SET attempts = 1 WHERE case_id != ?", idOf(41));
        instance.alarm();
        await toldSoon(idOf(40));
        expect(told[0]).toBe(idOf(41));
      },
    ));

  it("doesn't delay Channels when it is the Dispatcher", () =>
    withLedger(
      (name) => (name === "dispatcher" ? never() : 1),
      async (instance, state) => {
        await commit(state, instance, cases(40), Date.now());
        await toldSoon(...cases(40).map(idOf));
      },
    ));

  it("holds back no answer of others, and is told again later", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    try {
      await withLedger(
        (name) => (name === idOf(2) ? 1 : never()),
        async (instance, state) => {
          await commit(state, instance, [1, 2], Date.now());
          instance.alarm();
          const silent = [
            { case_id: idOf(1), audience: "channel", attempts: 0 },
            { case_id: idOf(1), audience: "dispatcher", attempts: 0 },
            { case_id: idOf(2), audience: "dispatcher", attempts: 0 },
          ];
          await vi.waitFor(() => expect(attempts(state)).toEqual(silent));
          // Whatever ends the object, it starts again.
          expect(await state.storage.getAlarm()).toBeLessThanOrEqual(Date.now() + 1_000);
          await vi.advanceTimersByTimeAsync(10_000);
          const failed = silent.map((row) => ({ ...row, attempts: 1 }));
          await vi.waitFor(() => expect(attempts(state)).toEqual(failed));
        },
      );
    } finally {
      logged.mockRestore();
      vi.useRealTimers();
    }
  });
});

it("An answer that comes after its place was given up counts", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    let answer = (_sockets: number) => {};
    const late = () =>
      new Promise<number>((resolve) => {
        answer = resolve;
      });
    await withLedger(
      (name) => (name === idOf(1) ? late() : 1),
      async (instance, state) => {
        await commit(state, instance, [1], Date.now());
        instance.alarm();
        await vi.advanceTimersByTimeAsync(2_000);
        const silent = { case_id: idOf(1), audience: "channel", attempts: 0 };
        await vi.waitFor(() => expect(attempts(state)).toEqual([silent]));
        answer(1);
        await vi.waitFor(() => expect(attempts(state)).toEqual([]));
      },
    );
  } finally {
    vi.useRealTimers();
  }
});
