/** `deliveries`: shows and retries Telegram deliveries. */
import { configuredDeployment } from "./deployment.ts";
import type { CommandOutcome } from "./outcome.ts";

/** @param retry retries the parked deliveries */
export async function deliveries(
  outcome: CommandOutcome,
  { retry = false }: { retry?: boolean },
): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const { outbox } = await deployment.health();
  if (!outbox) {
    outcome.say("Nobody can follow this deployment, so nothing is delivered.");
    outcome.result({ outbox: null, parked: [] });
    return;
  }
  outcome.say(
    `waiting: ${outbox.depth} (oldest: ${Math.round(outbox.oldest / 1000)} s)`,
  );
  if (!outbox.running)
    outcome.say(
      "stopped: Telegram rejects BOT_TOKEN. Nothing is sent until Telegram accepts it, or a new one is set.",
    );
  if (!outbox.devices)
    outcome.say(
      "stopped: a push service rejects PUSH_KEY or the newsroom's contact.",
    );
  if (outbox.held > 0)
    outcome.say(
      `held: ${outbox.held}; FOLLOWER_KEY lacks the key with which their chat ids are encrypted`,
    );

  const { parked } = await deployment.listParked();
  for (const { id, revision, trouble, count } of parked)
    outcome.say(`parked: ${count} of ${id}, revision ${revision}: ${trouble}`);
  if (parked.length === 0) outcome.say("parked: none");
  else if (!retry)
    outcome.say(
      "To retry them once the cause is fixed: npm run deliveries -- --retry",
    );

  if (retry) {
    const { retried } = await deployment.retryParked();
    outcome.say(`retried: ${retried}`);
  }
  outcome.result({ outbox, parked });
}
