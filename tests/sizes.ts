/**
 * Compares the sizes of the deployed files with their budgets; part of `npm run
 * check`.
 */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { type LocaleTag, localeTags } from "../shared/locale.ts";
import { deskWords } from "../worker/desk/locales/desk-words.ts";
import {
  buildScripts,
  bundleWorker,
  wranglerEnv,
} from "../worker/tools/local/runtime.ts";
import { root } from "./support/root.ts";

/**
 * The webhooks' libraries run only at their first use (`npm run
 * bench:startup`).
 */
const WORKER_BASE_BYTES = 235_000;
/** A profile takes 2 to 4 KB, most of it labels in its languages. */
const WORKER_PROFILES_BYTES = 7_000;
/**
 * A language takes about 14 KB of the Worker, and more when Intl doesn't know
 * it.
 */
const WORKER_LANGUAGE_BYTES = 14_200;
const WORKSHOP_BASE_BYTES = 2_231_000;
/** Of the desk and of the bot. */
const WORKSHOP_LANGUAGE_BYTES = 34_000;
/**
 * Bytes. The widget's script (Preact included), a view and TLS must fit into
 * one connection of 15 KB. Cloudflare's free plan allows a Worker of 3 MB. An
 * editor loads the desk's script and the texts of one language.
 */
const budgets = {
  widget: 9_540,
  /**
   * Some room: any edit of the card's style, which previews contain, moves it
   * by up to 200 bytes.
   */
  deskScript: 86_016,
  words: 17_920,
  /**
   * The second Worker: the renderer of share images (1 MB), the reader of PDF
   * (0.5 MB), the desk's files and previews, the API's documents, the importer,
   * passkeys, age, the bot, and what devices that follow need.
   */
  workshop: WORKSHOP_BASE_BYTES + WORKSHOP_LANGUAGE_BYTES * localeTags.length,
  /** The outlines of the locator maps, loaded at the first page with a map. */
  maps: 120_000,
  worker:
    WORKER_BASE_BYTES +
    WORKER_PROFILES_BYTES +
    WORKER_LANGUAGE_BYTES * localeTags.length,
};

// A test run has built them (check.test.ts).
if (!process.env.CASEWIRE_SCRIPTS_BUILT) await buildScripts();
const bundle = await bundleWorker(
  "worker/web/index.ts",
  join(root, "dist/worker"),
);
const workshop = join(root, "dist/workshop/workshop.js");
// The dry run of a deployment fails when a binding, a migration or an import is
// wrong.
const PATH = [join(root, "node_modules/.bin"), process.env.PATH].join(
  delimiter,
);
await promisify(execFile)(
  process.execPath,
  ["worker/tools/cli/deploy.ts", "--env=", "--dry-run"],
  {
    cwd: root,
    env: { ...process.env, ...wranglerEnv, PATH },
  },
);

const brotli = async (file: string) =>
  brotliCompressSync(await readFile(join(root, file))).length;

const wordsOf = (tag: LocaleTag) => ({
  what: `the desk's words in ${tag}, brotli`,
  bytes: brotliCompressSync(JSON.stringify(deskWords(tag))).length,
  budget: budgets.words,
});

/** The size of a bundle's modules whose names match, with gzip. */
async function modulesBytes(pattern: RegExp, main = bundle): Promise<number> {
  const names = (await readdir(dirname(main))).filter((name) =>
    pattern.test(name),
  );
  const sizes = names.map(
    async (name) => gzipSync(await readFile(join(dirname(main), name))).length,
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const sizes = [
  {
    what: "dist/widget.js, brotli",
    bytes: await brotli("dist/widget.js"),
    budget: budgets.widget,
  },
  {
    what: "The desk's script, brotli",
    bytes: await brotli("dist/desk.txt"),
    budget: budgets.deskScript,
  },
  ...localeTags.map(wordsOf),
  {
    what: "Workshop, gzip",
    bytes: await modulesBytes(/\.(js|wasm|ttf|txt)$/, workshop),
    budget: budgets.workshop,
  },
  {
    what: "Outlines of maps, gzip",
    bytes: await modulesBytes(/outlines\.txt$/),
    budget: budgets.maps,
  },
  {
    what: "Worker, minified, with readers' texts and the profiles, gzip",
    bytes:
      gzipSync(await readFile(bundle)).length +
      (await modulesBytes(/^(words|profiles)\.txt$/)),
    budget: budgets.worker,
  },
];
for (const { what, bytes, budget } of sizes)
  console.log(`${what}: ${bytes} of ${budget} bytes`);
if (sizes.some(({ bytes, budget }) => bytes > budget)) {
  console.error("Over budget.");
  process.exit(1);
}
