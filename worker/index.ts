import { app } from "./app.ts";
import { dispatcherFor, type Env, ledgerFor } from "./bindings.ts";

export { Channel } from "./channel/channel.ts";
export { Dispatcher } from "./dispatcher/dispatcher.ts";
export { Ledger } from "./ledger/ledger.ts";

export default {
  fetch: app.fetch,
  async scheduled(_event, env) {
    await Promise.all([ledgerFor(env).wake(), dispatcherFor(env)?.wake()]);
  },
} satisfies ExportedHandler<Env>;
