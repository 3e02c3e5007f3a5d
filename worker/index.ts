import { answer } from "./app.ts";
import { dispatcherFor, type Env, ledgerFor, webhooksFor } from "./bindings.ts";

export { Channel } from "./channel/channel.ts";
export { Dispatcher } from "./dispatcher/dispatcher.ts";
export { Ledger } from "./ledger/ledger.ts";
export { Webhooks } from "./webhooks/webhooks.ts";

/** Its module runs only where there are daily backups. */
async function backUpDaily(env: Env): Promise<void> {
  if (env.BACKUPS) await (await import("./backups/daily.ts")).backUpDaily(env, Date.now());
}

export default {
  fetch: answer,
  async scheduled(_event, env) {
    // With unusable settings of the bot, only the Dispatcher's part fails.
    await Promise.all([
      ledgerFor(env).wake(),
      (async () => dispatcherFor(env)?.wake())(),
      webhooksFor(env).nudge(),
      backUpDaily(env),
    ]);
  },
} satisfies ExportedHandler<Env>;
