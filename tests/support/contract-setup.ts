/**
 * Global setup of the black-box tests: the unpacked browser, the process that
 * runs Workers, and the built widget and Worker.
 */
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unpackBrowser } from "./browser.ts";
import { workerBundle } from "./harness.ts";
import { root } from "./root.ts";
import buildScripts from "./scripts-setup.ts";
import { startWorkerHost } from "./worker-run.ts";

/** @returns a function that stops everything */
export default async function setup(): Promise<() => Promise<void>> {
  // As the launcher does.
  process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules/.cache/node");
  // Not beside the others: it restores the environment variables, which they
  // add to.
  await unpackBrowser();
  await buildScripts();
  const [host, bundle] = await Promise.all([startWorkerHost(), workerBundle()]);
  process.env.CASEWIRE_BUNDLE = bundle;
  process.env.CASEWIRE_WORKER_HOST = host.url;
  return async () => {
    await Promise.all([
      host.close(),
      rm(dirname(bundle), { recursive: true, force: true }),
    ]);
  };
}
