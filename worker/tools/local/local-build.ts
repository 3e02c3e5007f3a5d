/** Builds the Worker's bundle and the scripts of the local pages, unless no source has changed. */
import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { BuildContext } from "esbuild";
import { buildHome } from "./home-files.ts";
import { buildScripts, isAffected, replacements, root } from "./runtime.ts";
import { settingsFile } from "./settings.ts";

/** The inputs of the build. */
const sources = {
  folders: ["shared", "bot", "widget", "worker"],
  files: ["wrangler.toml", "package-lock.json"],
};

const outFolder = join(root, ".wrangler/local");
const bundle = join(outFolder, "worker/worker.js");
const pages = join(outFolder, "pages");
/** Contains the digest of the sources from which the last build was made. */
const stamp = join(outFolder, "sources");

/** What a build reads ends with one of these. */
const SOURCE = /\.([cm]?[jt]sx?|css|html|json|txt|png|ico|ttf|wasm|toml)$/;

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
  // Editors keep swap files and backups beside a file, and many save to another one that they rename: X.new, X.tmp.
  const own = inFolders.flat().filter((path) => SOURCE.test(path) && !/[\\/]\.[^\\/]*$/.test(path));
  return [...own, ...sources.files.map((file) => join(root, file))];
}

/** A path from the project's folder, as in messages and settings. */
const named = (path: string) => relative(root, path).split(sep).join("/");

/** The digest of each source, by the path from the project's folder. */
async function sourceDigests(): Promise<Map<string, string>> {
  return new Map([...(await digestsOf(await sourcePaths()))].map(([path, digest]) => [named(path), digest]));
}

const stampOf = (digests: Map<string, string>) => sha256([...digests].flat().join("\n"));

/** The paths whose entries differ, and those that only one of the two has. */
export const differences = (before: Map<string, string>, after: Map<string, string>): string[] =>
  [...new Set([...after.keys(), ...before.keys()])].filter((path) => before.get(path) !== after.get(path));

/**
 * A version of each source that changes with every save, by the path from the project's folder. That of the settings changes with their
 * content only, because it leads to a restart.
 */
export async function sourceVersions(): Promise<Map<string, string>> {
  const versions = (await sourcePaths()).map(async (path) => {
    const { mtimeMs, size, ino } = await stat(path);
    return [named(path), `${mtimeMs} ${size} ${ino}`] as const;
  });
  const settings = readFile(join(root, settingsFile)).then((content) => [settingsFile, sha256(content)] as const);
  // A file may disappear after its folder was read.
  const found = await Promise.all([...versions, settings].map((version) => version.catch(() => null)));
  return new Map(found.filter((version) => version !== null));
}

export interface LocalBuild {
  /** The path of the bundle's main module. */
  bundle: string;
  /** The folder of the local pages' scripts. */
  pages: string;
  /** False when no source had changed. */
  built: boolean;
}

/** Prepares the bundling of the Worker by esbuild with Wrangler's settings: 0.1 s, where a dry run of a deployment takes 1.4 s. */
async function bundler(): Promise<BuildContext> {
  const { context } = await import("esbuild");
  const loaders = { binary: /\.(png|ico|txt)$/, text: /\.(js|css)$/ } as const;
  return context({
    absWorkingDir: root,
    entryPoints: ["worker/tools/local/worker.ts"],
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
      await replacements(),
      {
        name: "rules-of-wrangler-toml",
        setup({ onLoad }) {
          for (const [loader, filter] of Object.entries(loaders))
            onLoad({ filter }, async ({ path }) => {
              const isRule = /\.(png|ico)$|outlines\.txt$/.test(path) || dirname(relative(root, path)) === "dist";
              return isRule ? { contents: await readFile(path), loader: loader as keyof typeof loaders } : null;
            });
        },
      },
    ],
  });
}

export interface FirstBuild extends LocalBuild {
  /** The digest of each source just before the build. */
  digests: Map<string, string>;
}

/** @throws Error with the compiler's message; the next start then builds again */
export async function buildLocal(): Promise<FirstBuild> {
  const digests = await sourceDigests();
  if ((await readFile(stamp, "utf8").catch(() => "")) === stampOf(digests))
    return { bundle, pages, digests, built: false };
  await rm(stamp, { force: true });
  const { rebuild, dispose } = await bundler();
  await Promise.all([buildScripts().then(rebuild), buildHome(pages)]).finally(dispose);
  await writeFile(stamp, stampOf(digests));
  return { bundle, pages, digests, built: true };
}

/** What the local pages read, beside the top folder's files. */
export const homeReads = ["shared/", "worker/desk/", "worker/editing/", "worker/tools/local/"];

/** Returns a function that rebuilds what a change since the first build affects, for `npm run dev`. */
export function incrementalBuild({ digests: first }: FirstBuild): () => Promise<LocalBuild> {
  let bundling: BuildContext | undefined;
  let last = first;
  /** A build that failed may have written some of its files, so the next one includes its changes. */
  let unfinished: string[] = [];
  return async () => {
    const digests = await sourceDigests();
    const different = differences(last, digests);
    if (different.length === 0) return { bundle, pages, built: false };
    const changed = [...different, ...unfinished];
    unfinished = changed;
    await rm(stamp, { force: true });
    bundling ??= await bundler();
    const { rebuild } = bundling;
    await Promise.all([buildScripts(changed).then(rebuild), isAffected(homeReads, changed) && buildHome(pages)]);
    last = digests;
    unfinished = [];
    // The next start, as after a change of the settings, needs no build of its own.
    await writeFile(stamp, stampOf(digests));
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
