/** Runs the Worker as a process of its own, so that a test can kill it. SETTINGS contains its settings as JSON, and each message a restart. */
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { serveWorker } from "../worker/tools/local/runtime.ts";
import type { Restart } from "./worker-run.ts";

/** The newest process that this one started: workerd, since Miniflare starts no other. */
let workerd: ChildProcess | undefined;
subscribe("child_process", (message) => {
  workerd = (message as { process: ChildProcess }).process;
});

let worker = await serveWorker(JSON.parse(process.env.SETTINGS ?? ""));
console.log(`url: ${worker.url}`);
process.on("message", async ({ settings, isKilled }: Restart) => {
  try {
    if (isKilled) {
      if (!workerd || workerd.exitCode !== null) throw new Error("there was no runtime to kill");
      workerd.kill("SIGKILL");
      await once(workerd, "exit");
    }
    await worker.close();
    worker = await serveWorker(settings);
    process.send?.(null);
  } catch (error) {
    process.send?.(String(error));
  }
});
process.once("SIGTERM", () => void worker.close().finally(() => process.exit(0)));
process.once("disconnect", () => void worker.close().finally(() => process.exit(0)));
