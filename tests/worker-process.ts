/** Runs the Worker as a process of its own, so that a test can kill it. SETTINGS contains its settings as JSON, and each message a restart. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { serveWorker } from "../worker/tools/local/runtime.ts";
import type { Restart } from "./worker-run.ts";

let worker = await serveWorker(JSON.parse(process.env.SETTINGS ?? ""));
console.log(`url: ${worker.url}`);
process.on("message", async ({ settings, isKilled }: Restart) => {
  try {
    // Workerd is this process's only child.
    if (isKilled) await promisify(execFile)("pkill", ["-KILL", "-P", String(process.pid), "workerd"]);
    await worker.close();
    worker = await serveWorker(settings);
    process.send?.(null);
  } catch (error) {
    process.send?.(String(error));
  }
});
process.once("SIGTERM", () => void worker.close().finally(() => process.exit(0)));
process.once("disconnect", () => void worker.close().finally(() => process.exit(0)));
