/** The Worker on this machine: the bundle that a deployment would upload, on workerd, its storage on disk or in memory. */
import { execFile } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type Request, type Response } from "miniflare";
import { unstable_readConfig as readConfig, unstable_getMiniflareWorkerOptions as readWorkerOptions } from "wrangler";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What keeps Wrangler quiet and off the network. */
export const quiet = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_WRITE_LOGS: "false",
  WRANGLER_LOG: "warn",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** Builds what browsers run and the Worker carries, into dist/: the widget's script, the desk's script and style. */
export async function buildScripts(): Promise<void> {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  // A test runner's NODE_ENV would have it built for development: larger, and with another JSX runtime.
  const env = { ...process.env, NODE_ENV: "production" };
  const build = (...flags: string[]) =>
    promisify(execFile)(process.execPath, [vite, "build", "--logLevel", "warn", ...flags], { cwd: root, env });
  await Promise.all([build(), build("--config", "worker/vite.config.ts")]);
}

/**
 * Bundles an entry as `wrangler deploy` does, without deploying. The scripts must have been built.
 * @param entry relative to the project's folder
 * @param folder where the bundle goes; what was there is removed
 * @param flags more of `wrangler deploy`'s own
 * @returns the path of the bundle's main module
 */
export async function bundleWorker(entry: string, folder: string, flags: string[] = []): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
  const args = [wrangler, "deploy", entry, "--dry-run", "--outdir", folder, ...flags];
  try {
    await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, ...quiet } });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`The Worker does not build:\n${stderr || stdout || String(error)}`);
  }
  return join(folder, `${parse(entry).name}.js`);
}

/** A bundle's modules, the main one first; the others are the texts and the images that it imports. */
async function modulesOf(bundle: string) {
  const folder = dirname(bundle);
  const main = basename(bundle);
  const others = (await readdir(folder)).filter((name) => name !== main && !/\.(map|md)$/.test(name));
  return Promise.all(
    [main, ...others].map(async (path) => {
      const file = join(folder, path);
      if (path.endsWith(".png")) return { type: "Data" as const, path, contents: await readFile(file) };
      const type = path === main ? ("ESModule" as const) : ("Text" as const);
      return { type, path, contents: await readFile(file, "utf8") };
    }),
  );
}

export interface WorkerSettings {
  /** The path of a bundle made by `bundleWorker`. */
  bundle: string;
  /** 0 takes a free port. */
  port: number;
  /** Settings and secrets; they win over the Wrangler file's. */
  vars: Record<string, string>;
  /** The folder of the Durable Objects' storage; in memory when absent. */
  persistTo?: string;
  /** Services that this process offers to the Worker, by the name of their binding. */
  services?: Record<string, (request: Request) => Response | Promise<Response>>;
}

export interface RunningWorker {
  url: string;
  /** Runs the cron trigger once. */
  scheduled(): Promise<void>;
  close(): Promise<void>;
}

/** Starts workerd on the loopback address; it answers on its own socket, with no proxy in front. */
export async function serveWorker({
  bundle,
  port,
  vars,
  persistTo,
  services = {},
}: WorkerSettings): Promise<RunningWorker> {
  const config = join(root, "wrangler.toml");
  const { workerOptions } = readWorkerOptions(config);
  // Only what the file itself declares: secrets in .dev.vars are the caller's to pass, and no test's business.
  const { vars: settings } = readConfig({ config });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      log: new Log(LogLevel.WARN),
      unsafeTriggerHandlers: true,
      ...(persistTo === undefined ? {} : { resourcePersistencePath: persistTo }),
      workers: [
        {
          ...workerOptions,
          name: "casewire",
          modules: await modulesOf(bundle),
          bindings: { ...settings, ...vars },
          serviceBindings: services,
          unsafeDirectSockets: [{ host: "127.0.0.1", port }],
        },
      ],
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  await miniflare.ready;
  const direct = await miniflare.unsafeGetDirectURL();
  const worker = await miniflare.getWorker();
  return {
    url: `http://localhost:${direct.port}`,
    scheduled: async () => void (await worker.scheduled({ cron: "* * * * *" })),
    close: () => miniflare.dispose(),
  };
}
