/** The Worker carries the widget's script and the desk's, so they must be there before it runs. */
import { buildScripts } from "../worker/tools/local/runtime.ts";

const run = globalThis as { scriptsOfThisRun?: Promise<void> };

/** Several projects ask for them, in one process: they are built once a run. */
export default function setup(): Promise<void> {
  run.scriptsOfThisRun ??= buildScripts();
  return run.scriptsOfThisRun;
}
