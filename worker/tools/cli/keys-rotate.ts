/**
 * `keys:rotate`: re-encrypts followers' ids with the newest key of
 * FOLLOWER_KEY, and reports when the older keys can be removed.
 */
import { randomBytes } from "node:crypto";
import { configuredDeployment } from "./deployment.ts";
import type { CommandOutcome } from "./outcome.ts";

const PROGRESS_INTERVAL_MS = 1_000;

export async function rotateKeys(outcome: CommandOutcome): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  let status = await deployment.rotateKeys();
  const [newest, ...older] = status.keys;
  outcome.say(`keys: ${[`${newest} (newest)`, ...older].join(", ")}`);
  if (status.closed > 0)
    outcome.say(
      `unreadable: ${status.closed} ids are encrypted with a key that is not in FOLLOWER_KEY, and can't be decrypted without it`,
    );
  if (older.length === 0) {
    outcome.say(
      `encrypted: ${status.current} ids, all with ${newest}; there is no older key`,
    );
    outcome.say(
      "To change keys, set FOLLOWER_KEY to the new key, a comma, and the current key, and run this command again.",
    );
    outcome.say(`new key: ${randomBytes(32).toString("base64")}`);
    outcome.result(status);
    return;
  }
  for (
    let printedAt = 0;
    status.older > 0;
    status = await deployment.rotateKeys()
  ) {
    const now = Date.now();
    if (now - printedAt < PROGRESS_INTERVAL_MS) continue;
    outcome.say(
      `left: ${status.older} of ${status.older + status.current} ids`,
    );
    printedAt = now;
  }
  outcome.say(`encrypted: ${status.current} ids, all with ${newest}`);
  outcome.say(
    `done: ${older.join(", ")} can be removed. Set FOLLOWER_KEY to its first key only.`,
  );
  outcome.say(
    "Keep the old key in a safe place for 30 days: Cloudflare's point-in-time copies still need it.",
  );
  outcome.result(status);
}
