import { env } from "cloudflare:workers";
import { ledgerFor } from "../../worker/runtime/bindings.ts";
import { confirmedBy } from "../confirming.ts";
import { inventedCase } from "../invented.ts";

/** Publishes an invented case at the Ledger itself, with an answer to each question. @param changes of its fields */
export async function publish(number: number, changes: Record<string, unknown> = {}) {
  const ledger = ledgerFor(env);
  const command = {
    id: `ua-${number}-00`,
    case: inventedCase(number, changes),
    note: { en: "note" },
    kind: "update",
    notify: "none",
    editor: "tester",
    basedOn: 0,
  } as const;
  return ledger.publish(await confirmedBy(ledger, command));
}
