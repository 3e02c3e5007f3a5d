/**
 * `npm run keys:rotate`: re-encrypts followers' ids under the newest key of FOLLOWER_KEY, and says when the older may go.
 * From the environment: PUBLIC_URL and EDITOR_TOKEN; without them, the local run and its own token in .dev.vars.
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { routes } from "../../shared/protocol.ts";

interface KeyStatus {
  keys: string[];
  current: number;
  older: number;
  closed: number;
}

const fail = (...lines: string[]): never => {
  for (const line of lines) console.error(line);
  process.exit(1);
};

const local = parseEnv(
  await readFile(fileURLToPath(new URL("../../.dev.vars", import.meta.url)), "utf8").catch(() => ""),
);
const url = process.env.PUBLIC_URL?.replace(/\/$/, "") || "http://localhost:8787";
const token = process.env.EDITOR_TOKEN || (process.env.PUBLIC_URL ? "" : local.EDITOR_TOKEN);
if (!token) fail("Set PUBLIC_URL and EDITOR_TOKEN in the environment; docs/deploy.md says how a token is made.");

async function page(): Promise<KeyStatus> {
  const answer = await fetch(url + routes.deskKeys, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
  }).catch((error: Error) => fail(`${url} could not be reached: ${error.cause ?? error.message}`));
  if (!answer.ok) return fail(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as KeyStatus;
}

let status = await page();
const [newest, ...older] = status.keys;
console.log(`keys: ${[`${newest} (newest)`, ...older].join(", ")}`);
if (status.closed > 0)
  console.log(
    `closed: ${status.closed} ids are under a key that is not in FOLLOWER_KEY; without it nobody can open them`,
  );
if (older.length === 0) {
  console.log(`encrypted: ${status.current} ids, all under ${newest}; there is no second key to change over from`);
  console.log("To change keys, set FOLLOWER_KEY to a new one, a comma, and the present one; then run this again.");
  console.log(`new key: ${randomBytes(32).toString("base64")}`);
  process.exit(0);
}
for (let said = 0; status.older > 0; status = await page()) {
  const now = Date.now();
  if (now - said >= 1_000) console.log(`left: ${status.older} of ${status.older + status.current} ids`);
  if (now - said >= 1_000) said = now;
}
console.log(`encrypted: ${status.current} ids, all under ${newest}`);
console.log(`done: ${older.join(", ")} may go. Set FOLLOWER_KEY to its first key alone.`);
console.log("Keep the old key apart for 30 days: Cloudflare's point-in-time copies are still under it.");
