/** `deliveries`: what waits for Telegram, and what is parked. */
import { configuredDeployment } from "./deployment.ts";
import type { Outcome } from "./outcome.ts";

/** @param retry whether what is parked is tried again */
export async function deliveries(outcome: Outcome, { retry = false }: { retry?: boolean }): Promise<void> {
  const deployment = await configuredDeployment();
  // Present whenever a token is sent.
  const outbox = (await deployment.health()).outbox!;
  outcome.say(`waiting: ${outbox.depth}, the oldest for ${Math.round(outbox.oldest / 1000)} s`);
  if (!outbox.running)
    outcome.say(
      "stopped: Telegram refuses BOT_TOKEN; nothing is sent until it takes it again, or another is configured",
    );
  if (outbox.held > 0)
    outcome.say(`held: ${outbox.held}, until FOLLOWER_KEY holds the key that their chats are sealed with`);

  const { parked } = await deployment.listParked();
  for (const { id, revision, trouble, count } of parked)
    outcome.say(`parked: ${count} of ${id}, revision ${revision}: ${trouble}`);
  if (parked.length === 0) outcome.say("parked: none");
  else if (!retry) outcome.say("To try them again once the reason is mended: npm run deliveries -- --retry");

  if (retry) {
    const { retried } = await deployment.retryParked();
    outcome.say(`tried again: ${retried}`);
  }
  outcome.result({ outbox, parked });
}
