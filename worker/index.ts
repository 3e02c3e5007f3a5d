import { app } from "./app.ts";
import { dispatcherFor, type Env, ledgerFor, webhooksFor } from "./bindings.ts";

export { Channel } from "./channel/channel.ts";
export { Dispatcher } from "./dispatcher/dispatcher.ts";
export { Ledger } from "./ledger/ledger.ts";
export { Webhooks } from "./webhooks/webhooks.ts";

export default {
  fetch: app.fetch,
  async scheduled(_event, env) {
    // With unusable settings of the bot, only the Dispatcher's part fails.
    await Promise.all([ledgerFor(env).wake(), (async () => dispatcherFor(env)?.wake())(), webhooksFor(env).nudge()]);
  },
} satisfies ExportedHandler<Env>;
