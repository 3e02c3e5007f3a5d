import { env } from "cloudflare:workers";
import { ledgerFor } from "../../worker/runtime/bindings.ts";
import { confirmedBy } from "../support/confirming.ts";
import { inventedCase, publishOf } from "../support/invented.ts";

/**
 * Publishes an invented case at the Ledger itself, with an answer to each
 * question.
 * @param changes of its fields
 */
export async function publish(
  number: number,
  changes: Record<string, unknown> = {},
) {
  const ledger = ledgerFor(env);
  return ledger.publish(
    await confirmedBy(ledger, publishOf(inventedCase(number, changes))),
  );
}
