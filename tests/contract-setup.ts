/** Once for all black-box tests: the widget and the Worker's bundle, built as they are deployed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { root } from "../worker/local/runtime.ts";
import { workerBundle } from "./harness.ts";

export default async function setup(): Promise<void> {
  const configFile = join(root, "vite.config.ts");
  if (existsSync(configFile)) await build({ root, configFile, logLevel: "warn" });
  process.env.CASEWIRE_BUNDLE = await workerBundle();
}
