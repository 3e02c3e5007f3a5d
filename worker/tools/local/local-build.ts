/** What a local run serves: the Worker's bundle and the scripts of the local pages. They are built when a source has changed. */
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildHome } from "./home-files.ts";
import { buildScripts, bundleWorker, root } from "./runtime.ts";

/** Folders and files that any of it may be made of. */
export const sources = {
  folders: ["shared", "bot", "widget", "worker"],
  files: ["vite.config.ts", "wrangler.toml", "package-lock.json"],
};

const made = join(root, ".wrangler/local");
const bundleFolder = join(made, "bundle");
const pages = join(made, "pages");
/** Holds the digest of the sources of what stands beside it. */
const stamp = join(made, "sources");

const sha256 = (...parts: (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function digestsOf(paths: string[]): Promise<Map<string, string>> {
  const digests = paths.toSorted().map(async (path) => [path, sha256(await readFile(path))] as const);
  return new Map(await Promise.all(digests));
}

async function sourcesDigest(): Promise<string> {
  const inFolders = await Promise.all(sources.folders.map((folder) => filesIn(join(root, folder))));
  const digests = await digestsOf([...inFolders.flat(), ...sources.files.map((file) => join(root, file))]);
  return sha256([...digests].flat().join("\n"));
}

export interface LocalBuild {
  /** The path of the bundle's main module. */
  bundle: string;
  /** The folder of the local pages' scripts. */
  pages: string;
  /** Whether it was built now. */
  built: boolean;
}

/** @throws Error with the compiler's words; what was built before is served no more by a later start, but a running one keeps it */
export async function buildLocal(): Promise<LocalBuild> {
  const digest = await sourcesDigest();
  const bundle = join(bundleFolder, "worker.js");
  if ((await readFile(stamp, "utf8").catch(() => "")) === digest) return { bundle, pages, built: false };
  await rm(stamp, { force: true });
  await Promise.all([
    buildScripts().then(() => bundleWorker("worker/tools/local/worker.ts", bundleFolder)),
    buildHome(pages),
  ]);
  await writeFile(stamp, digest);
  return { bundle, pages, built: true };
}

/** Digests of what is built, each by a name for a person. */
export async function builtFiles(): Promise<Map<string, string>> {
  const named = async (folder: string, nameOf: (file: string) => string) => {
    const paths = (await filesIn(folder)).filter((path) => !/\.(map|md|tgz)$/.test(path) && !path.includes("package/"));
    return [...(await digestsOf(paths))].map(
      ([path, digest]) => [nameOf(path.slice(folder.length + 1)), digest] as const,
    );
  };
  return new Map([
    ...(await named(join(root, "dist"), (file) => file)),
    ...(await named(pages, (file) => `local ${file}`)),
    ["Worker", sha256(await readFile(join(bundleFolder, "worker.js")))],
  ]);
}
