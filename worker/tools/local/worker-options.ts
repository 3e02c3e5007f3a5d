/** Wrangler's reading of wrangler.toml for Miniflare, kept in a file, because loading Wrangler takes half a second of the processor. */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ownVars } from "./profile.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const config = join(root, "wrangler.toml");

export interface WorkerOptions {
  /** Without the folder, and without the bindings of settings and secrets. */
  options: {
    durableObjects: Record<string, { className: string }>;
    serviceBindings: { WORKSHOP: { name: string } };
    compatibilityDate: string;
  };
  /** The settings in the file itself, not the secrets in .dev.vars. */
  settings: Record<string, unknown>;
}

async function readByWrangler(): Promise<WorkerOptions> {
  // The secrets come from elsewhere. Without this, Wrangler warns that a required one is missing.
  process.env.EDITORS ??= "";
  // Not imported: Knip, which loads this file, would compile all of Wrangler with Babel, for 40 s of the processor.
  const wrangler: typeof import("wrangler") = createRequire(import.meta.url)("wrangler");
  const { bindings: _, rootPath: __, ...options } = wrangler.unstable_getMiniflareWorkerOptions(config).workerOptions;
  const { vars: settings } = wrangler.unstable_readConfig({ config });
  return JSON.parse(JSON.stringify({ options, settings })) as WorkerOptions;
}

export async function workerOptions(): Promise<WorkerOptions> {
  const inputs = await Promise.all(
    [config, join(root, "node_modules/wrangler/package.json")].map((path) => readFile(path)),
  );
  const key = inputs.reduce((hash, input) => hash.update(input), createHash("sha256")).digest("hex");
  const file = join(root, "node_modules/.cache/casewire", `worker-options-${key}.json`);
  const withOwn = (read: WorkerOptions) => ({ ...read, settings: { ...read.settings, ...ownVars() } });
  try {
    return withOwn(JSON.parse(await readFile(file, "utf8")) as WorkerOptions);
  } catch {
    const read = await readByWrangler();
    await mkdir(dirname(file), { recursive: true });
    // Several runs may write it at once, also in one process, and none may read half of it.
    const part = `${file}.${randomUUID()}`;
    await writeFile(part, JSON.stringify(read));
    await rename(part, file);
    return withOwn(read);
  }
}
