/** The Worker on this machine: the bundle that a deployment would upload, on workerd, its storage on disk or in memory. */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Request, Response } from "miniflare";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What keeps Wrangler quiet and off the network. */
export const quiet = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_WRITE_LOGS: "false",
  WRANGLER_LOG: "warn",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** Writes the API's documents, which are made of its declarations. */
async function buildContract(): Promise<void> {
  const { caseSchemaDocument, openapiDocument } = await import("../../contract/openapi.ts");
  await mkdir(join(root, "dist"), { recursive: true });
  await writeFile(join(root, "dist/openapi.txt"), JSON.stringify(openapiDocument()));
  await writeFile(join(root, "dist/case-schema.txt"), JSON.stringify(caseSchemaDocument()));
}

/** Builds into dist/ what the Worker carries: the scripts and styles that browsers run, and the API's documents. */
export async function buildScripts(): Promise<void> {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  // A test runner's NODE_ENV would have it built for development: larger, and with another JSX runtime.
  const env = { ...process.env, NODE_ENV: "production" };
  const build = (...flags: string[]) =>
    promisify(execFile)(process.execPath, [vite, "build", "--logLevel", "warn", ...flags], { cwd: root, env });
  await Promise.all([build(), build("--config", "worker/desk/vite.config.ts"), buildContract()]);
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
  /** Runs another bundle at the same address, on the same storage. */
  replace(bundle: string): Promise<void>;
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
  // Importing these takes most of a second; callers that only build do not need them.
  const [{ convertV4MiniflareOptions, Log, LogLevel, Miniflare }, wrangler] = await Promise.all([
    import("miniflare"),
    import("wrangler"),
  ]);
  const config = join(root, "wrangler.toml");
  const optionsFor = async (bundle: string) => {
    const { workerOptions } = wrangler.unstable_getMiniflareWorkerOptions(config);
    // Only what the file itself declares: secrets in .dev.vars are the caller's to pass, and no test's business.
    const { vars: settings } = wrangler.unstable_readConfig({ config });
    return convertV4MiniflareOptions({
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
    } as Parameters<typeof convertV4MiniflareOptions>[0]);
  };
  const miniflare = new Miniflare(await optionsFor(bundle));
  await miniflare.ready;
  const direct = await miniflare.unsafeGetDirectURL();
  return {
    url: `http://localhost:${direct.port}`,
    scheduled: async () => void (await (await miniflare.getWorker()).scheduled({ cron: "* * * * *" })),
    replace: async (bundle) => miniflare.setOptions(await optionsFor(bundle)),
    close: () => miniflare.dispose(),
  };
}
