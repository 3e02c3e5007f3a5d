import { env } from "cloudflare:workers";
import { ledgerFor } from "../../worker/runtime/bindings.ts";
import { inventedCase } from "../invented.ts";

/** Publishes an invented case at the Ledger itself. @param changes of its fields */
export const publish = (number: number, changes: Record<string, unknown> = {}) =>
  ledgerFor(env).publish({
    id: `ua-${number}-00`,
    case: inventedCase(number, changes),
    note: { en: "note" },
    kind: "update",
    notify: "none",
    editor: "tester",
    basedOn: 0,
  });
