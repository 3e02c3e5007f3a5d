import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleEntry } from "./bundle.ts";
import { buildHome } from "./home-files.ts";
import { root } from "./root.ts";
import { buildScripts } from "./runtime.ts";

/** The inputs of the build. */
const sources = {
  folders: ["shared", "bot", "widget", "worker", "newsroom"],
  files: ["wrangler.toml", "package-lock.json"],
};

const outFolder = join(root, ".wrangler/local");
/** The path of the bundle's main module. */
export const bundle = join(outFolder, "worker/worker.js");
/** The folder of the local pages' scripts. */
export const pages = join(outFolder, "pages");
/** Contains the versions of the sources from which the last build was made. */
const stamp = join(outFolder, "sources");

async function filesIn(folder: string): Promise<string[]> {
  // Without settings of its own, a newsroom has no such folder.
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** A version of each source that changes with every save, in one text. */
async function sourceVersions(): Promise<string> {
  const inFolders = await Promise.all(
    sources.folders.map((folder) => filesIn(join(root, folder))),
  );
  const files = [
    ...inFolders.flat(),
    ...sources.files.map((file) => join(root, file)),
  ].toSorted();
  // A file may disappear after its folder was read.
  const versions = files.map((path) =>
    stat(path).then(
      ({ mtimeMs, size, ino }) => [path, mtimeMs, size, ino],
      () => [],
    ),
  );
  return JSON.stringify(await Promise.all(versions));
}

/**
 * @throws Error with the compiler's message; the next start then builds again
 */
export async function buildLocal(): Promise<void> {
  const now = await sourceVersions();
  if ((await readFile(stamp, "utf8").catch(() => "")) === now) return;
  await rm(stamp, { force: true });
  const bundleWorker = () =>
    bundleEntry("worker/tools/local/worker.ts", bundle, { sourcemap: true });
  await Promise.all([buildScripts().then(bundleWorker), buildHome(pages)]);
  await writeFile(stamp, now);
}
