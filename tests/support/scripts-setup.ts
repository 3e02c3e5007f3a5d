/**
 * The Worker contains the widget's and the desk's scripts, so they must be
 * built before it runs.
 */
import { buildScripts } from "../../worker/tools/local/runtime.ts";

const run = globalThis as { scriptsOfThisRun?: Promise<void> };

/**
 * Several projects in one process use this setup, so the scripts are built once
 * per run.
 */
export default function setup(): Promise<void> {
  run.scriptsOfThisRun ??= buildScripts();
  return run.scriptsOfThisRun;
}
