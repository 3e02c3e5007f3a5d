/** `npm run deliveries`: what waits for Telegram, and what is parked; with `-- --retry`, what is parked is tried again. */
import { parseArgs } from "node:util";
import { type Parked, routes } from "../../shared/protocol.ts";
import { Deployment } from "./deployment.ts";
import { ending } from "./outcome.ts";

const { retry } = parseArgs({ options: { retry: { type: "boolean", default: false } } }).values;

await ending(false, async () => {
  const deployment = await Deployment.configured();
  const { outbox } = await deployment.json<{
    outbox: { depth: number; oldest: number; held: number; running: boolean };
  }>(routes.health);
  console.log(`waiting: ${outbox.depth}, the oldest for ${Math.round(outbox.oldest / 1000)} s`);
  if (!outbox.running)
    console.log(
      "stopped: Telegram refuses BOT_TOKEN; nothing is sent until it takes it again, or another is configured",
    );
  if (outbox.held > 0)
    console.log(`held: ${outbox.held}, until FOLLOWER_KEY holds the key that their chats are sealed with`);

  const { parked } = await deployment.json<{ parked: Parked[] }>(routes.deskDeliveries);
  for (const { id, revision, trouble, count } of parked)
    console.log(`parked: ${count} of ${id}, revision ${revision}: ${trouble}`);
  if (parked.length === 0) console.log("parked: none");
  else if (!retry) console.log("To try them again once the reason is mended: npm run deliveries -- --retry");

  if (retry) {
    const { retried } = await deployment.json<{ retried: number }>(routes.deskDeliveries, { method: "POST" });
    console.log(`tried again: ${retried}`);
  }
});
