/** Builds the Worker's bundle and the scripts of the local pages, unless no source has changed. */
import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { bundleEntry } from "./bundle.ts";
import { buildHome } from "./home-files.ts";
import { buildScripts, root } from "./runtime.ts";
import { settingsFile } from "./settings.ts";

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
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A version of each source that changes with every save, by the path from the project's folder. */
export type Versions = Map<string, string>;

/** The sources as they are now. The version of the settings changes with their content only, because it leads to a restart. */
export async function sourceVersions(): Promise<Versions> {
  const inFolders = await Promise.all(sources.folders.map((folder) => filesIn(join(root, folder))));
  // Editors keep swap files and backups beside the file.
  const own = inFolders.flat().filter((path) => !/[\\/]\.[^\\/]*$|~$|\.new$/.test(path));
  const versions = [...own, ...sources.files.map((file) => join(root, file))].toSorted().map(async (path) => {
    const { mtimeMs, size, ino } = await stat(path);
    return [relative(root, path).split(sep).join("/"), `${mtimeMs} ${size} ${ino}`] as const;
  });
  const settings = readFile(join(root, settingsFile)).then(
    (content) => [settingsFile, createHash("sha256").update(content).digest("hex")] as const,
  );
  // A file may disappear after its folder was read.
  const found = await Promise.all([...versions, settings].map((version) => version.catch(() => null)));
  return new Map(found.filter((version) => version !== null));
}

/** The paths whose versions differ, and those that only one of the two has. */
export const differences = (before: Versions, after: Versions): string[] =>
  [...new Set([...after.keys(), ...before.keys()])].filter((path) => before.get(path) !== after.get(path));

const stampOf = (versions: Versions) => JSON.stringify([...versions].filter(([path]) => path !== settingsFile));

/** @throws Error with the compiler's message; the next start then builds again */
export async function buildLocal(): Promise<void> {
  const now = stampOf(await sourceVersions());
  if ((await readFile(stamp, "utf8").catch(() => "")) === now) return;
  await rm(stamp, { force: true });
  const bundleWorker = () => bundleEntry("worker/tools/local/worker.ts", bundle, { sourcemap: true });
  await Promise.all([buildScripts().then(bundleWorker), buildHome(pages)]);
  await writeFile(stamp, now);
}
