/**
 * The last step of `npm run deploy`. Takes the options of `wrangler deploy`.
 */
import { spawnSync } from "node:child_process";
import { Fault } from "./setup/answers.ts";
import { deployments } from "./setup/wrangler.ts";

const flags = process.argv.slice(2);
const asksOnly = flags.some((flag) =>
  ["--help", "-h", "--version", "-v"].includes(flag),
);

try {
  for (const { args, env } of (await deployments(flags)).slice(
    asksOnly ? 1 : 0,
  )) {
    const shell = process.platform === "win32";
    const { status, error } = spawnSync("wrangler", args, {
      stdio: "inherit",
      env: { ...process.env, ...env },
      shell,
    });
    if (error) throw error;
    if (status !== 0) process.exit(status ?? 1);
  }
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
