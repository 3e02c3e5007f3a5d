/** Compares the sizes of the deployed files with their budgets; part of `npm run check`. */
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { type LocaleTag, localeTags } from "../shared/locale.ts";
import { deskWords } from "../worker/desk/locales/desk-words.ts";
import { buildScripts, bundleWorker, root } from "../worker/tools/local/runtime.ts";

/** 9 KB of it run modules at their first use, which saves a third of the start (`npm run bench:startup`). */
const WORKER_BASE_BYTES = 271_000;
/** A profile takes 2 to 4 KB, most of it labels in its languages. */
const WORKER_PROFILES_BYTES = 7_000;
/** A language takes 11 to 12 KB of the Worker, and more when Intl doesn't know it. */
const WORKER_LANGUAGE_BYTES = 12_000;
/**
 * Bytes. The widget's script (Preact included), a view and TLS must fit into one connection of 15 KB. Cloudflare's free plan allows a
 * Worker of 3 MB. An editor loads the desk once, SHA-256, an XML parser and the search included, and the texts of one language.
 */
const budgets = {
  widget: 10_240,
  desk: 73_728,
  words: 15_360,
  worker: WORKER_BASE_BYTES + WORKER_PROFILES_BYTES + WORKER_LANGUAGE_BYTES * localeTags.length,
};

await buildScripts();
// The dry run of a deployment fails when a binding, a migration or an import is wrong.
const bundle = await bundleWorker("worker/index.ts", join(tmpdir(), "casewire-dry-run"), ["--minify"]);

const brotli = async (file: string) => brotliCompressSync(await readFile(join(root, file))).length;

const wordsOf = (tag: LocaleTag) => ({
  what: `the desk's words in ${tag}, brotli`,
  bytes: brotliCompressSync(JSON.stringify(deskWords(tag))).length,
  budget: budgets.words,
});

const sizes = [
  { what: "dist/widget.js, brotli", bytes: await brotli("dist/widget.js"), budget: budgets.widget },
  { what: "dist/desk.js, brotli", bytes: await brotli("dist/desk.js"), budget: budgets.desk },
  ...localeTags.map(wordsOf),
  { what: "Worker, minified, gzip", bytes: gzipSync(await readFile(bundle)).length, budget: budgets.worker },
];
for (const { what, bytes, budget } of sizes) console.log(`${what}: ${bytes} of ${budget} bytes`);
if (sizes.some(({ bytes, budget }) => bytes > budget)) {
  console.error("Over budget.");
  process.exit(1);
}
