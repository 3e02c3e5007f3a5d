/**
 * `npm run bench`: compares the leased read with the simplest ways to send the same bytes, on one machine and in one run. Each round
 * starts a fresh process per contestant, interleaved. A ratio is the median of the rounds' ratios to the Hono route. Then it measures
 * updates to open sockets and to followers. Options: `--rounds 5`, `--seconds 3`, `--sockets 1000`, `--followers 3000`.
 */
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import autocannon from "autocannon";
import * as v from "valibot";
import { addresses } from "../../shared/addresses.ts";
import { Case } from "../../shared/case/schema.ts";
import { root } from "../../worker/tools/local/runtime.ts";
import { startWorker, workerBundle } from "../harness.ts";
import { startBaselines } from "./baseline.ts";
import { deliveryFigures, deliveryRows } from "./delivery.ts";
import { cpuMsOf, median } from "./figures.ts";
import { pushFigures, pushRows } from "./push.ts";
import { scriptTimes } from "./script-time.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    sockets: { type: "string", default: "1000" },
    followers: { type: "string", default: "3000" },
  },
});
const [rounds, seconds, sockets] = [Number(values.rounds), Number(values.seconds), Number(values.sockets)];
const CONNECTIONS = 32;

const demo = v.parse(Case, JSON.parse(await readFile(join(root, "worker/tools/local/cases/ua-0-00.json"), "utf8")));
const folder = await mkdtemp(join(tmpdir(), "casewire-bench-"));
const log = (text: string) => process.stderr.write(`${text}\n`);

interface Round {
  requests: number;
  /** CPU time of the server per request, in microseconds; NaN where it can't be read. */
  cpu: number;
}

async function load(url: string, pid: number): Promise<Round> {
  await autocannon({ url, connections: CONNECTIONS, duration: 1 });
  const before = await cpuMsOf(pid).catch(() => Number.NaN);
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds });
  const spent = (await cpuMsOf(pid).catch(() => Number.NaN)) - before;
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} not 2xx, ${result.errors} errors`);
  return { requests: result.requests.total / result.duration, cpu: (spent * 1000) / result.requests.total };
}

const clean = ["connection", "date", "keep-alive", "content-length", "transfer-encoding"];

log("seeding a ledger");
const seed = join(folder, "seed");
const editorEnv: Record<string, string> = {};
{
  const worker = await startWorker({ leaseSeconds: 5, persistTo: seed });
  // Each process has its own editor token.
  const { EDITORS: _, ...rest } = worker.env;
  Object.assign(editorEnv, rest);
  await worker.untilLive(await worker.publish(demo));
  await worker.close();
}

const paths = { record: addresses.case(demo.id), view: addresses.view(demo.id, "uk") };
let copies = 0;

/** Starts the Worker in a fresh process on a copy of the seeded Ledger. */
async function fresh(extra: { leaseSeconds?: number } = {}) {
  const persistTo = join(folder, `state-${copies++}`);
  await cp(seed, persistTo, { recursive: true });
  return startWorker({ leaseSeconds: 5, persistTo, env: editorEnv, ...extra });
}

const answers: Record<string, { body: string; headers: [string, string][] }> = {};
const startUps: number[] = [];
{
  const worker = await fresh();
  for (const [name, path] of Object.entries(paths)) {
    await fetch(worker.url + path);
    const answer = await fetch(worker.url + path);
    answers[name] = {
      body: await answer.text(),
      headers: [...answer.headers].filter(([header]) => !clean.includes(header)),
    };
  }
  await worker.close();
}

const contestants = [
  "leased read",
  "bare constant handler",
  "Hono route, same bytes",
  "Durable Object read each time",
  "KV read each time",
] as const;
const baselinePaths = ["", "/constant/x", "/hono/x", "/object/x", "/kv/x"];
const results: Record<string, Record<string, Round[]>> = { record: {}, view: {} };

for (let round = 1; round <= rounds; round++)
  for (const [name, path] of Object.entries(paths))
    for (const [index, contestant] of contestants.entries()) {
      log(`round ${round} of ${rounds}: ${name}, ${contestant}`);
      const begun = performance.now();
      const server = index === 0 ? await fresh() : await startBaselines(answers[name]);
      const address = server.url + (index === 0 ? path : baselinePaths[index]);
      await fetch(address);
      if (index === 0) startUps.push(performance.now() - begun);
      const list = results[name]![contestant] ?? [];
      results[name]![contestant] = list;
      list.push(await load(address, server.pid));
      await server.close();
    }

if (sockets > 0) log(`${sockets} open sockets`);
const push = sockets > 0 ? await pushFigures(sockets, 1) : null;

const followers = Number(values.followers);
if (followers > 0) log(`${followers} followers`);
const delivery = followers > 0 ? await deliveryFigures(followers) : null;

log("script time in a browser");
const scripts = await scriptTimes(Math.max(rounds, 7));

const brotli = (bytes: Uint8Array) => brotliCompressSync(bytes).length;
const script = await readFile(join(root, "dist/widget.js"));
const bundle = await readFile(await workerBundle());

console.log(
  `\n${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}; ${rounds} rounds of ${seconds} s, ${CONNECTIONS} connections\n`,
);
console.log("| answer | contestant | requests/s | to the Hono route | server CPU a request | to the Hono route |");
console.log("|---|---|---:|---:|---:|---:|");
for (const [name, byContestant] of Object.entries(results)) {
  const hono = byContestant["Hono route, same bytes"] ?? [];
  for (const contestant of contestants) {
    const list = byContestant[contestant] ?? [];
    const ratio = (key: keyof Round) =>
      median(list.map((round, index) => round[key] / (hono[index]?.[key] ?? Number.NaN))).toFixed(2);
    const cpu = median(list.map((round) => round.cpu));
    console.log(
      `| ${name} (${Buffer.byteLength(answers[name]?.body ?? "")} B) | ${contestant} | ${Math.round(median(list.map((round) => round.requests)))} | ${ratio("requests")} | ${cpu.toFixed(0)} us | ${ratio("cpu")} |`,
    );
  }
}
console.log(`\n| what | figure |\n|---|---|`);
if (push) console.log(pushRows(sockets, 1, push));
if (delivery) console.log(deliveryRows(followers, delivery));
console.log(
  `| widget's script in a slow browser, live line and all; the same card by bare Preact; ratio | ${median(scripts.map(({ widget }) => widget)).toFixed(0)} ms, ${median(scripts.map(({ preact }) => preact)).toFixed(0)} ms, ${median(scripts.map(({ widget, preact }) => widget / preact)).toFixed(2)} |`,
);
console.log(`| widget script, brotli | ${brotli(script)} B |`);
console.log(`| view of the demo case in Ukrainian, brotli | ${brotli(Buffer.from(answers.view?.body ?? ""))} B |`);
console.log(`| Worker bundle, gzip | ${gzipSync(bundle).length} B |`);
console.log(`| from nothing to the first answer, process and all | ${Math.round(median(startUps))} ms |`);

await rm(folder, { recursive: true, force: true });
process.exit(0);
