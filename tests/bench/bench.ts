/**
 * `npm run bench`: compares reads with the simplest ways to send the same bytes (`reads.ts`), and measures updates to open sockets and to
 * followers, and the widget's script in a browser, each beside its own baseline, on one machine and in one run. Options: `--rounds 60`,
 * `--sockets 1000`, `--followers 3000`, `--reads` for the reads only, and `--script` for the script only.
 */
import { readFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { buildScripts, root } from "../../worker/tools/local/runtime.ts";
import { commandOptions } from "../command-options.ts";
import { workerBundle } from "../harness.ts";
import { deliveryFigures, deliveryRows } from "./delivery.ts";
import { pushFigures, pushRows } from "./push.ts";
import { readRows } from "./reads.ts";
import { scriptTable } from "./script-time.ts";

const { rounds, reads, script, sockets, followers } = commandOptions({
  rounds: 60,
  reads: false,
  script: false,
  sockets: 1000,
  followers: 3000,
});
const SCRIPT_ROUNDS = 20;
const log = (text: string) => process.stderr.write(`${text}\n`);

const machine = () =>
  `\n${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`;

if (script) {
  await buildScripts();
  const table = await scriptTable(SCRIPT_ROUNDS);
  console.log(`${machine()}; median (quartiles) of ${SCRIPT_ROUNDS} visits\n\n${table}`);
  process.exit(0);
}

const rows = await readRows(rounds, log);
console.log(`${machine()}; ${rounds} rounds\n`);
console.log(rows);
if (reads) process.exit(0);
// The reads ran a bundle with the baselines.
delete process.env.CASEWIRE_BUNDLE;

if (sockets > 0) log(`${sockets} open sockets`);
const push = sockets > 0 ? await pushFigures(sockets) : null;

if (followers > 0) log(`${followers} followers`);
const delivery = followers > 0 ? await deliveryFigures(followers) : null;

log("script time in a browser");
const scripts = await scriptTable(SCRIPT_ROUNDS);

const brotli = (bytes: Uint8Array) => brotliCompressSync(bytes).length;
const widget = await readFile(join(root, "dist/widget.js"));
const bundle = await readFile(await workerBundle());

console.log(`\n| what | figure |\n|---|---|`);
if (push) console.log(pushRows(sockets, push));
if (delivery) console.log(deliveryRows(followers, delivery));
console.log(`| widget script, brotli | ${brotli(widget)} B |`);
console.log(`| Worker bundle, gzip | ${gzipSync(bundle).length} B |`);
console.log(`\n${SCRIPT_ROUNDS} visits\n\n${scripts}`);

process.exit(0);
