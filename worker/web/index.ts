import { dispatcherFor, ledgerFor, webhooksFor } from "../runtime/bindings.ts";
import { log } from "../runtime/log.ts";
import { lookAtPlaces } from "./api/places.ts";
import { answerRequest } from "./app.ts";
import { backUpDaily } from "./operations/daily.ts";
import { tellTroubles, troublesOf } from "./operations/watch.ts";

export { Channel } from "../objects/channel/channel.ts";
export { Dispatcher } from "../objects/dispatcher/dispatcher.ts";
export { Ledger } from "../objects/ledger/ledger.ts";
export { Webhooks } from "../objects/webhooks/webhooks.ts";

export default {
  fetch: answerRequest,
  async scheduled(_event, env, context) {
    // With unusable settings of the bot, only the Dispatcher's part fails.
    const parts = await Promise.allSettled([
      ledgerFor(env).wake(),
      (async () => dispatcherFor(env)?.wake())(),
      webhooksFor(env).hooks.nudge(),
      env.BACKUPS && backUpDaily(env, Date.now()),
      lookAtPlaces(env),
    ]);
    const failed = parts.filter((part) => part.status === "rejected");
    for (const { reason } of failed)
      log.error("Worker: a part of the cron trigger failed", reason);
    const read = async (path: string) =>
      answerRequest(new Request(env.PUBLIC_URL + path), env, context);
    await tellTroubles(
      env,
      await troublesOf(env, Date.now(), read, failed.length > 0),
    );
  },
} satisfies ExportedHandler<Env>;
