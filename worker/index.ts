import { app } from "./app.ts";
import { backUpDaily } from "./backups/daily.ts";
import { dispatcherFor, type Env, ledgerFor } from "./bindings.ts";

export { Channel } from "./channel/channel.ts";
export { Dispatcher } from "./dispatcher/dispatcher.ts";
export { Ledger } from "./ledger/ledger.ts";

export default {
  fetch: app.fetch,
  async scheduled(_event, env) {
    // With unusable settings of the bot, only the Dispatcher's part fails.
    await Promise.all([
      ledgerFor(env).wake(),
      (async () => dispatcherFor(env)?.wake())(),
      backUpDaily(env, Date.now()),
    ]);
  },
} satisfies ExportedHandler<Env>;
