import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { ledgerFor } from "../../worker/runtime/bindings.ts";

/** Waits until nothing is due: the alarm waits for no answer. */
export const untilTold = ({ sql }: DurableObjectStorage) => {
  const isDue = () =>
    sql
      .exec(
        "SELECT EXISTS (SELECT 1 FROM announcements WHERE due_at = 0) AS due",
      )
      .one().due;
  return vi.waitFor(() => expect(isDue()).toBe(0), {
    timeout: 15_000,
    interval: 5,
  });
};

/** Runs the Ledger's alarm, and waits until everyone was told. */
export async function runLedgerAlarm(): Promise<void> {
  await runDurableObjectAlarm(ledgerFor(env) as never);
  await runInDurableObject(ledgerFor(env) as never, (_, { storage }) =>
    untilTold(storage),
  );
}
