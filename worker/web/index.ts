import { dispatcherFor, ledgerFor, webhooksFor } from "../runtime/bindings.ts";
import { answerRequest } from "./app.ts";
import { backUpDaily } from "./operations/daily.ts";
import { lookAtPlaces } from "./operations/looks.ts";

export { Channel } from "../objects/channel/channel.ts";
export { Dispatcher } from "../objects/dispatcher/dispatcher.ts";
export { Ledger } from "../objects/ledger/ledger.ts";
export { Webhooks } from "../objects/webhooks/webhooks.ts";

export default {
  fetch: answerRequest,
  async scheduled(_event, env) {
    // With unusable settings of the bot, only the Dispatcher's part fails.
    await Promise.all([
      ledgerFor(env).wake(),
      (async () => dispatcherFor(env)?.wake())(),
      webhooksFor(env).hooks.nudge(),
      env.BACKUPS && backUpDaily(env, Date.now()),
      lookAtPlaces(env, Date.now()),
    ]);
  },
} satisfies ExportedHandler<Env>;
