/**
 * Builds the Worker and runs it on this machine, on workerd as a deployment
 * does, with storage on disk or in memory.
 */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, parse } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Request, Response } from "miniflare";
import { bundleEntry } from "./bundle.ts";
import { configuredVars, workerOptions } from "./configuration.ts";
import { loadMiniflare } from "./miniflare.ts";
import { root } from "./root.ts";

/** Environment variables that keep Wrangler quiet and off the network. */
export const wranglerEnv = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_WRITE_LOGS: "false",
  WRANGLER_LOG: "warn",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

const vite = [
  "node_modules/vite/bin/vite.js",
  "build",
  "--logLevel",
  "warn",
  "--config",
];

/**
 * The builds into dist/ that run as processes of their own. `npm run dev` would
 * get modules that it loaded again from its cache.
 */
const scriptBuilds = [
  [...vite, "widget/vite.config.ts"],
  [...vite, "worker/tools/local/vite.config.ts"],
  [fileURLToPath(new URL("contract-files.ts", import.meta.url))],
];

/**
 * Builds into dist/: the scripts and styles for browsers, the API's documents,
 * and the workshop, which serves some of them.
 */
export async function buildScripts(): Promise<void> {
  // With a test runner's NODE_ENV, Vite would make a development build: larger,
  // and with another JSX runtime.
  const env = { ...process.env, NODE_ENV: "production" };
  await Promise.all(
    scriptBuilds.map((command) =>
      promisify(execFile)(process.execPath, command, { cwd: root, env }),
    ),
  );
  // Not minified, so that its traces can be read. What few calls need, such as
  // the reader of PDF, is a module of its own: an isolate parses it at its
  // start and runs it at its first use.
  await bundleEntry("worker/web/workshop/index.ts", workshopBundle, {
    splitting: true,
    chunkNames: "[name]-[hash]",
  });
}

const workshopBundle = join(root, "dist/workshop/workshop.js");

/**
 * Builds what a deployment uploads into dist/: the scripts and the folders of
 * both Workers.
 */
export async function buildAll(): Promise<void> {
  await buildScripts();
  await bundleWorker("worker/web/index.ts", join(root, "dist/worker"));
}

/**
 * Bundles a Worker's entry as for a deployment. Call `buildScripts` first.
 * @param entry relative to the project's folder
 * @param folder the output folder; its old content is deleted
 * @returns the path of the bundle's main module
 */
export async function bundleWorker(
  entry: string,
  folder: string,
): Promise<string> {
  const file = join(folder, `${parse(entry).name}.js`);
  // Names of functions would cost a new isolate what the rest saves;
  // docs/operations.md says how to read a stack.
  await bundleEntry(entry, file, { minify: true, sourcemap: true });
  return file;
}

/** A bundle's modules: the main one first, then what it imports as bytes. */
async function modulesOf(bundle: string) {
  const folder = dirname(bundle);
  const main = basename(bundle);
  const others = (await readdir(folder)).filter(
    (name) => name !== main && !name.endsWith(".map"),
  );
  return Promise.all(
    [main, ...others].map(async (path) => {
      const file = join(folder, path);
      if (path.endsWith(".wasm"))
        return {
          type: "CompiledWasm" as const,
          path,
          contents: await readFile(file),
        };
      if (/\.m?js$/.test(path))
        return {
          type: "ESModule" as const,
          path,
          contents: await readFile(file, "utf8"),
        };
      return { type: "Data" as const, path, contents: await readFile(file) };
    }),
  );
}

/** The workshop for Miniflare. Call `buildScripts` first. */
export async function workshop() {
  const { serviceBindings, compatibilityDate } = workerOptions();
  const name = serviceBindings.WORKSHOP?.name as string;
  return {
    name,
    compatibilityDate,
    rootPath: root,
    modules: await modulesOf(workshopBundle),
  };
}

export interface ObjectsElsewhere {
  bundle: string;
  /**
   * Bindings of its Durable Objects: "LEDGER". The Worker's own bundle runs the
   * others.
   */
  bindings: string[];
}

export interface WorkerSettings {
  /** The path of a bundle made by `bundleWorker`. */
  bundle: string;
  /** 0 chooses a free port. */
  port: number;
  /** Settings and secrets. They override those in wrangler.toml. */
  vars: Record<string, string>;
  /** The folder of the Durable Objects' storage; in memory when absent. */
  persistTo?: string;
  /**
   * Another version of the bundle that runs some of the Durable Objects, as
   * happens for minutes after a deployment.
   */
  objects?: ObjectsElsewhere;
  /** A port for debuggers; none when absent. */
  inspectorPort?: number;
  /** Service bindings that this process answers, by name. */
  services?: Record<string, (request: Request) => Response | Promise<Response>>;
  /** Receives each message that the Worker logs. Default: it is printed. */
  onLog?: (message: string) => void;
  /** Receives a line that says what a long start waits for. */
  onWait?: (line: string) => void;
}

export interface RunningWorker {
  url: string;
  /** Runs the cron trigger once. */
  scheduled(): Promise<void>;
  close(): Promise<void>;
}

/**
 * On a busy machine a start takes seconds. A Worker whose code never ends,
 * which the runtime doesn't report, takes longer.
 */
const START_TIMEOUT_MS = 60_000;
const WAIT_NOTICE_MS = 5_000;

/**
 * Starts workerd on the loopback address. It listens on its own socket, without
 * Miniflare's proxy.
 */
export async function serveWorker({
  bundle,
  port,
  vars,
  persistTo,
  objects,
  inspectorPort,
  services = {},
  onLog,
  onWait,
}: WorkerSettings): Promise<RunningWorker> {
  // This import takes a third of a second, and callers that only build don't
  // need it.
  const { convertV4MiniflareOptions, Log, LogLevel, Miniflare } =
    await loadMiniflare();
  const optionsFor = async () => {
    const options = workerOptions();
    /**
     * A service that runs the Durable Objects of `own`, and finds the others in
     * another service.
     */
    const service = async (
      name: string,
      bundle: string,
      own: (binding: string) => boolean,
      other: string,
    ) => ({
      ...options,
      rootPath: root,
      name,
      modules: await modulesOf(bundle),
      bindings: { ...configuredVars(), ...vars },
      durableObjects: Object.fromEntries(
        Object.entries(options.durableObjects).map(([binding, object]) => [
          binding,
          own(binding) ? object : { ...object, scriptName: other },
        ]),
      ),
    });
    const isElsewhere = (binding: string) =>
      objects?.bindings.includes(binding) ?? false;
    return convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      log: new Log(LogLevel.WARN),
      unsafeTriggerHandlers: true,
      ...(persistTo === undefined
        ? {}
        : { resourcePersistencePath: persistTo }),
      ...(inspectorPort === undefined ? {} : { inspectorPort }),
      ...(onLog
        ? {
            handleStructuredLogs: ({ message }: { message: string }) =>
              onLog(message),
          }
        : {}),
      workers: [
        {
          ...(await service(
            "casewire",
            bundle,
            (binding) => !isElsewhere(binding),
            "objects",
          )),
          // With the key that encrypts backups, there is a bucket for them.
          ...(vars.BACKUP_RECIPIENT ? { r2Buckets: ["BACKUPS"] } : {}),
          serviceBindings: { ...options.serviceBindings, ...services },
          unsafeDirectSockets: [{ host: "127.0.0.1", port }],
        },
        ...(objects
          ? [await service("objects", objects.bundle, isElsewhere, "casewire")]
          : []),
        await workshop(),
      ],
    } as Parameters<typeof convertV4MiniflareOptions>[0]);
  };
  const running = new Miniflare(await optionsFor());
  const limit = `${START_TIMEOUT_MS / 1000} s`;
  const notice = setTimeout(
    () => onWait?.(`waiting for the Worker to start, for at most ${limit}`),
    WAIT_NOTICE_MS,
  );
  const late = delay(START_TIMEOUT_MS, null, { ref: false }).then(() => {
    throw new Error(`The Worker did not start within ${limit}.`);
  });
  try {
    await Promise.race([running.ready, late]);
  } catch (error) {
    await running.dispose().catch(() => {});
    throw error;
  } finally {
    clearTimeout(notice);
  }
  const direct = await running.unsafeGetDirectURL();
  return {
    url: `http://localhost:${direct.port}`,
    scheduled: async () =>
      void (await (await running.getWorker()).scheduled({ cron: "* * * * *" })),
    close: () => running.dispose(),
  };
}
