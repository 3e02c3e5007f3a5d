import { dispatcherFor, ledgerFor, webhooksFor } from "../runtime/bindings.ts";
import { answer } from "./app.ts";

export { Channel } from "../objects/channel/channel.ts";
export { Dispatcher } from "../objects/dispatcher/dispatcher.ts";
export { Ledger } from "../objects/ledger/ledger.ts";
export { Webhooks } from "../objects/webhooks/webhooks.ts";

/** Its module runs only where there are daily backups. */
async function backUpDaily(env: Env): Promise<void> {
  if (env.BACKUPS) await (await import("./operations/daily.ts")).backUpDaily(env, Date.now());
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
