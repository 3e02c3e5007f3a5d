/**
 * What this deployment observed of itself: for the public status page, and for
 * metrics.
 */

import type { Status } from "../../editing/contract/status.ts";
import { dispatcherFor, ledgerFor } from "../../runtime/bindings.ts";
import { botSettings } from "../../runtime/settings.ts";

const seconds = (milliseconds: number) => Math.round(milliseconds / 1000);

async function observe(env: Env): Promise<Status> {
  const [observed, outbox] = await Promise.all([
    ledgerFor(env).observed(),
    dispatcherFor(env)?.outbox.status() ?? null,
  ]);
  return {
    version: env.VERSION.id,
    at: new Date().toISOString(),
    moments: observed.moments.map(({ sockets: _, ...moment }) => moment),
    telegram: botSettings(env) &&
      outbox && {
        // A bot that somebody else answers for is not running.
        running: outbox.running && outbox.webhook,
        waitingFor: seconds(outbox.oldest),
        lag: outbox.lag === null ? null : seconds(outbox.lag),
      },
    backup: env.BACKUPS
      ? { last: observed.backup && new Date(observed.backup.at).toISOString() }
      : null,
  };
}

/** Readers who reload the page don't reach the Ledger each time. */
const KEEP_MS = 5_000;
const kept = new WeakMap<object, { until: number; status: Promise<Status> }>();

/** @throws Error when the Ledger or the Dispatcher can't be reached */
export function readStatus(env: Env): Promise<Status> {
  const known = kept.get(env.LEDGER);
  if (known && Date.now() < known.until) return known.status;
  const status = observe(env);
  kept.set(env.LEDGER, { until: Date.now() + KEEP_MS, status });
  // A failure is not kept.
  status.catch(() => kept.delete(env.LEDGER));
  return status;
}
