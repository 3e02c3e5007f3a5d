/** `keys:rotate`: re-encrypts followers' ids under the newest key of FOLLOWER_KEY, and says when the older may go. */
import { randomBytes } from "node:crypto";
import { configuredDeployment } from "./deployment.ts";
import type { Outcome } from "./outcome.ts";

export async function rotateKeys(outcome: Outcome): Promise<void> {
  const deployment = await configuredDeployment();
  let status = await deployment.rotateKeys();
  const [newest, ...older] = status.keys;
  outcome.say(`keys: ${[`${newest} (newest)`, ...older].join(", ")}`);
  if (status.closed > 0)
    outcome.say(
      `closed: ${status.closed} ids are under a key that is not in FOLLOWER_KEY; without it nobody can open them`,
    );
  if (older.length === 0) {
    outcome.say(`encrypted: ${status.current} ids, all under ${newest}; there is no second key to change over from`);
    outcome.say("To change keys, set FOLLOWER_KEY to a new one, a comma, and the present one; then run this again.");
    outcome.say(`new key: ${randomBytes(32).toString("base64")}`);
    outcome.result(status);
    return;
  }
  for (let said = 0; status.older > 0; status = await deployment.rotateKeys()) {
    const now = Date.now();
    if (now - said >= 1_000) outcome.say(`left: ${status.older} of ${status.older + status.current} ids`);
    if (now - said >= 1_000) said = now;
  }
  outcome.say(`encrypted: ${status.current} ids, all under ${newest}`);
  outcome.say(`done: ${older.join(", ")} may go. Set FOLLOWER_KEY to its first key alone.`);
  outcome.say("Keep the old key apart for 30 days: Cloudflare's point-in-time copies are still under it.");
  outcome.result(status);
}
