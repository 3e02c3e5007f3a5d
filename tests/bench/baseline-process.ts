/** Runs the baselines in a process of their own. SETTINGS contains the bundle and the response as JSON. */
import { readFile } from "node:fs/promises";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

const { bundle, answer } = JSON.parse(process.env.SETTINGS ?? "") as { bundle: string; answer: unknown };
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    log: new Log(LogLevel.WARN),
    workers: [
      {
        name: "baselines",
        compatibilityDate: "2026-11-01",
        modules: [{ type: "ESModule", path: "worker.js", contents: await readFile(bundle, "utf8") }],
        bindings: { ANSWER: JSON.stringify(answer) },
        kvNamespaces: ["STORE"],
        durableObjects: {
          OBJECT: { className: "Stored", useSQLite: true },
          BROADCAST: { className: "Broadcast", useSQLite: true },
        },
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      },
    ],
  } as Parameters<typeof convertV4MiniflareOptions>[0]),
);
await miniflare.ready;
console.log(`url: http://localhost:${(await miniflare.unsafeGetDirectURL()).port}`);
process.once("SIGTERM", () => void miniflare.dispose().finally(() => process.exit(0)));
