/**
 * Bundles both Workers, in one way for deployments, tests and runs on this
 * machine, and parts of them for the shell.
 */
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, parse } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildOptions, Metafile, Plugin } from "esbuild";
import { root } from "./root.ts";

const NOTHING = "worker/runtime/left-out.cjs";

/**
 * Modules that stand for others, or for parts of packages that no Worker uses.
 */
export const replacements: Record<string, string> = {
  // Of the age library: kinds of keys that no backup has.
  "@noble/post-quantum/hybrid.js": NOTHING,
  "@noble/curves/nist.js": NOTHING,
  // Of the passkey library: certificates of authenticators' makers, and what
  // reads them. No option asks for those. Statements that need them ("apple",
  // "android-key", "android-safetynet") are refused, as any invalid one is.
  "@peculiar/x509": NOTHING,
  "@peculiar/asn1-android": NOTHING,
  "reflect-metadata": NOTHING,
  "./defaultRootCerts/android-key.js": NOTHING,
  "./defaultRootCerts/android-safetynet.js": NOTHING,
  "./defaultRootCerts/apple.js": NOTHING,
  "./defaultRootCerts/mds.js": NOTHING,
  // The build has parsed the messages (contract-files.ts).
  "@formatjs/icu-messageformat-parser":
    "node_modules/@formatjs/icu-messageformat-parser/no-parser.js",
};

/** esbuild's own option takes no relative names. */
const replace: Plugin = {
  name: "replacements",
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ path }) => {
      const other = replacements[path];
      return other === undefined ? null : { path: join(root, other) };
    }),
};

/**
 * Scripts for browsers. The Worker serves them itself: an assets binding would
 * run a second Worker before each read.
 */
const scriptsAsTexts: Plugin = {
  name: "scripts-as-texts",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]dist[\\/][\w-]+\.js$/ }, async ({ path }) =>
      dirname(path) === join(root, "dist")
        ? { contents: await readFile(path), loader: "text" }
        : null,
    ),
};

const options: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  target: "es2024",
  conditions: ["workerd", "worker", "browser"],
  external: ["cloudflare:*", "node:*"],
  define: { "process.env.NODE_ENV": '"production"' },
  // Every isolate checks each pattern of a script that it parses, and those
  // with Unicode classes take a twentieth of its start. So they are made at
  // their use.
  supported: { "regexp-unicode-property-escapes": false },
  // As bytes, long texts and images cost a new isolate little until they are
  // used.
  loader: {
    ".css": "text",
    ...Object.fromEntries(
      [".wasm", ".ttf", ".txt", ".png", ".ico"].map((end) => [end, "copy"]),
    ),
  },
  assetNames: "[name]",
  plugins: [replace, scriptsAsTexts],
  logLevel: "silent",
};

/**
 * Bundles an entry, after `buildScripts`.
 * @param entry relative to the project's folder
 * @param file the bundle's main module, in a folder of its own: what it imports
 * as bytes is put there, and everything else is deleted
 */
export async function bundleEntry(
  entry: string,
  file: string,
  more: BuildOptions = {},
): Promise<Metafile> {
  const { build } = await import("esbuild");
  const { outputFiles = [], metafile } = await build({
    ...options,
    ...more,
    entryPoints: [{ in: join(root, entry), out: parse(file).name }],
    outdir: dirname(file),
    write: false,
    metafile: true,
  });
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  for (const { path, contents } of outputFiles) {
    // Workers that start meanwhile read these files, so those that stay the
    // same aren't written.
    const before = await readFile(path).catch(() => null);
    if (!before?.equals(contents)) await writeFile(path, contents);
  }
  const built = outputFiles.map(({ path }) => basename(path));
  const old = (await readdir(folder)).filter((name) => !built.includes(name));
  for (const name of old) await rm(join(folder, name), { recursive: true });
  return metafile as Metafile;
}

/**
 * Imports a module of the Worker that Node can't run as it is, because it
 * imports JSX or texts.
 * @param entry relative to the project's folder
 */
export async function importBundled<T>(entry: string): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "casewire-"));
  const name = parse(entry).name;
  const forNode: BuildOptions = {
    platform: "node",
    conditions: [],
    plugins: [],
    loader: { ".txt": "binary" },
  };
  const jsx: BuildOptions = {
    jsx: "automatic",
    jsxImportSource: "preact",
    outExtension: { ".js": ".mjs" },
  };
  try {
    await bundleEntry(entry, join(folder, `${name}.mjs`), {
      ...forNode,
      ...jsx,
    });
    return await import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}
