/** The last step of `npm run deploy`. Takes the options of `wrangler deploy`. */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { deployments } from "./setup/wrangler.ts";

const flags = process.argv.slice(2);
const options = { env: { type: "string", short: "e" }, "dry-run": { type: "boolean" } } as const;
// Wrangler checks the options itself.
const { env: environment, "dry-run": dryRun } = parseArgs({ args: flags, options, strict: false }).values;
const shared = [...(environment === undefined ? [] : ["--env", String(environment)]), ...(dryRun ? ["--dry-run"] : [])];

for (const { args, env } of deployments(shared, flags)) {
  const shell = process.platform === "win32";
  const { status, error } = spawnSync("wrangler", args, { stdio: "inherit", env: { ...process.env, ...env }, shell });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
