/** Runs the Worker as a process of its own, so that a test can kill it. SETTINGS contains its settings as JSON. */
import { serveWorker } from "../worker/tools/local/runtime.ts";

const worker = await serveWorker(JSON.parse(process.env.SETTINGS ?? ""));
console.log(`url: ${worker.url}`);
process.once("SIGTERM", () => void worker.close().finally(() => process.exit(0)));
process.once("disconnect", () => void worker.close().finally(() => process.exit(0)));
