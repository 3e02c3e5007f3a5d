import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { Ledger } from "../../worker/objects/ledger/ledger.ts";
import { needsUntouched } from "../support/untouched.ts";

/**
 * Moves each moment that hasn't come back by a minute, so that it comes with
 * the next read. No lease covers the time before a first read, so the test file
 * needs an untouched deployment: in another one, the reads of earlier files
 * left leases.
 */
export function backdate(): Promise<void> {
  const { testPath = "" } = expect.getState();
  if (!needsUntouched(testPath))
    throw new Error(
      `${testPath} moves moments back: name it in tests/support/untouched.ts.`,
    );
  return runInDurableObject<Ledger, void>(
    env.LEDGER.getByName("ledger"),
    (_, { storage }) => {
      storage.sql.exec(
        "UPDATE revisions SET live_at = live_at - 60000, committed_at = committed_at - 60000 WHERE shown = 0",
      );
    },
  );
}
