/** Builds the Worker's bundle and the scripts of the local pages, unless no source has changed. */
import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { BuildContext } from "esbuild";
import { buildHome } from "./home-files.ts";
import { buildScripts, bundleWorker, root } from "./runtime.ts";
import { workerOptions } from "./worker-options.ts";

/** The inputs of the build. */
const sources = {
  folders: ["shared", "bot", "widget", "worker"],
  files: ["vite.config.ts", "wrangler.toml", "package-lock.json"],
};

const outFolder = join(root, ".wrangler/local");
const bundleFolder = join(outFolder, "bundle");
const pages = join(outFolder, "pages");
/** Contains the digest of the sources from which the last build was made. */
const stamp = join(outFolder, "sources");

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

async function sourcePaths(): Promise<string[]> {
  const inFolders = await Promise.all(sources.folders.map((folder) => filesIn(join(root, folder))));
  // Editors keep swap files and backups beside the file.
  const own = inFolders.flat().filter((path) => !/[\\/]\.[^\\/]*$|~$/.test(path));
  return [...own, ...sources.files.map((file) => join(root, file))];
}

async function sourcesDigest(): Promise<string> {
  return sha256([...(await digestsOf(await sourcePaths()))].flat().join("\n"));
}

/** A version of each source that changes with every save, by the path from the project's folder. */
export async function sourceVersions(): Promise<Map<string, string>> {
  const versions = (await sourcePaths()).map(async (path) => {
    // A file may disappear after its folder was read.
    const found = await stat(path).catch(() => null);
    return (
      found && ([relative(root, path).split(sep).join("/"), `${found.mtimeMs} ${found.size} ${found.ino}`] as const)
    );
  });
  return new Map((await Promise.all(versions)).filter((version) => version !== null));
}

export interface LocalBuild {
  /** The path of the bundle's main module. */
  bundle: string;
  /** The folder of the local pages' scripts. */
  pages: string;
  /** False when no source had changed. */
  built: boolean;
}

const entry = "worker/tools/local/worker.ts";

/** @throws Error with the compiler's message; the next start then builds again */
export async function buildLocal(): Promise<LocalBuild> {
  const digest = await sourcesDigest();
  const bundle = join(bundleFolder, "worker.js");
  if ((await readFile(stamp, "utf8").catch(() => "")) === digest) return { bundle, pages, built: false };
  await rm(stamp, { force: true });
  await Promise.all([buildScripts().then(() => bundleWorker(entry, bundleFolder)), buildHome(pages)]);
  await writeFile(stamp, digest);
  return { bundle, pages, built: true };
}

/**
 * Returns a function that rebuilds after a change, for `npm run dev`. It runs esbuild incrementally with Wrangler's settings, without a dry
 * run of a deployment: 0.1 s instead of 1.4 s.
 */
export async function incrementalBuild(): Promise<() => Promise<LocalBuild>> {
  const { context } = await import("esbuild");
  const { alias } = await workerOptions();
  const bundle = join(outFolder, "quick/worker.js");
  const loaders = { binary: /\.(png|ico|txt)$/, text: /\.(js|css)$/ } as const;
  let bundler: BuildContext | undefined;
  let last = await sourcesDigest();
  return async () => {
    const digest = await sourcesDigest();
    if (digest === last) return { bundle, pages, built: false };
    await rm(stamp, { force: true });
    bundler ??= await context({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: bundle,
      bundle: true,
      format: "esm",
      target: "es2024",
      conditions: ["workerd", "worker", "browser"],
      external: ["cloudflare:*", "node:*"],
      define: { "process.env.NODE_ENV": '"production"' },
      sourcemap: true,
      logLevel: "silent",
      plugins: [
        {
          name: "rules-of-wrangler-toml",
          setup({ onLoad, onResolve }) {
            // esbuild's own option takes no relative names.
            onResolve({ filter: /./ }, ({ path }) => {
              const other = alias[path];
              return other ? { path: join(root, other) } : null;
            });
            for (const [loader, filter] of Object.entries(loaders))
              onLoad({ filter }, async ({ path }) => {
                const isRule = /\.(png|ico)$|outlines\.txt$/.test(path) || dirname(relative(root, path)) === "dist";
                return isRule ? { contents: await readFile(path), loader: loader as keyof typeof loaders } : null;
              });
          },
        },
      ],
    });
    const { rebuild } = bundler;
    await Promise.all([buildScripts().then(rebuild), buildHome(pages)]);
    last = digest;
    return { bundle, pages, built: true };
  };
}

/** The digest of each built file, by the name to print. @param bundle the path of the Worker's bundle */
export async function builtFiles(bundle: string): Promise<Map<string, string>> {
  const named = async (folder: string, nameOf: (file: string) => string) => {
    const paths = (await filesIn(folder)).filter((path) => !/\.(map|md|tgz)$/.test(path) && !path.includes("package/"));
    return [...(await digestsOf(paths))].map(
      ([path, digest]) => [nameOf(path.slice(folder.length + 1)), digest] as const,
    );
  };
  return new Map([
    ...(await named(join(root, "dist"), (file) => file)),
    ...(await named(pages, (file) => `local ${file}`)),
    ["Worker", sha256(await readFile(bundle))],
  ]);
}
