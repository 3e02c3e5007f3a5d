/**
 * The Worker while its Ledger doesn't answer; `npm run pictures` draws what
 * readers see then.
 */
import worker from "../../worker/web/index.ts";
import { objectThat } from "../support/object-that.ts";

export * from "../../worker/web/index.ts";

const unreachable = objectThat(() =>
  Promise.reject(Object.assign(new Error("unreachable"), { retryable: true })),
);

// The outage is intended, so its traces must not look like a failure of the
// command.
console.error = () => {};

export default {
  fetch: (request, env, context) =>
    worker.fetch(
      request,
      {
        ...env,
        LEDGER: { getByName: () => unreachable } as unknown as Env["LEDGER"],
      },
      context,
    ),
} satisfies ExportedHandler<Env>;
