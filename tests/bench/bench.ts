/**
 * `npm run bench`: compares the leased read with the simplest ways to send the same bytes, on one machine and in one run. The
 * contestants' processes run at the same time and take turns; a round is one turn of each, in another order. A ratio is the median of
 * the rounds' ratios to the Hono route. The figure after ± is half of the range in which the middle half of the rounds lies. CPU time
 * is the judge, because a rate depends on what else the machine does. Then it measures updates to open sockets and to followers.
 * Options: `--starts 3` (fresh processes), `--rounds 8` (of each), `--seconds 2`, `--sockets 1000`, `--followers 3000`, and `--reads` for
 * the reads only.
 */
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, gzipSync } from "node:zlib";
import autocannon from "autocannon";
import * as v from "valibot";
import { addresses } from "../../shared/addresses.ts";
import { Case } from "../../shared/case/schema.ts";
import { root } from "../../worker/tools/local/runtime.ts";
import { startWorkerProcess, workerBundle } from "../harness.ts";
import { startBaselines } from "./baseline.ts";
import { deliveryFigures, deliveryRows } from "./delivery.ts";
import { cpuMsOf, median, spread } from "./figures.ts";
import { pushFigures, pushRows } from "./push.ts";
import { scriptTimes } from "./script-time.ts";

const { values } = parseArgs({
  options: {
    starts: { type: "string", default: "3" },
    rounds: { type: "string", default: "8" },
    seconds: { type: "string", default: "2" },
    reads: { type: "boolean", default: false },
    sockets: { type: "string", default: "1000" },
    followers: { type: "string", default: "3000" },
  },
});
const [starts, rounds, seconds] = [Number(values.starts), Number(values.rounds), Number(values.seconds)];
const [sockets, followers] = values.reads ? [0, 0] : [Number(values.sockets), Number(values.followers)];
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
  await autocannon({ url, connections: CONNECTIONS, duration: 0.3 });
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
  const worker = await startWorkerProcess({ leaseSeconds: 5, persistTo: seed });
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
  return startWorkerProcess({ leaseSeconds: 5, persistTo, env: editorEnv, ...extra });
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

for (let start = 1; start <= starts; start++)
  for (const [name, path] of Object.entries(paths)) {
    const servers: { contestant: string; address: string; pid: number; close(): Promise<void> }[] = [];
    for (const [index, contestant] of contestants.entries()) {
      const begun = performance.now();
      const server = index === 0 ? await fresh() : await startBaselines(answers[name]);
      const address = server.url + (index === 0 ? path : baselinePaths[index]);
      await fetch(address);
      if (index === 0) startUps.push(performance.now() - begun);
      await autocannon({ url: address, connections: CONNECTIONS, duration: 1 });
      servers.push({ contestant, address, pid: server.pid, close: () => server.close() });
    }
    for (let round = 1; round <= rounds; round++) {
      log(`start ${start} of ${starts}, round ${round} of ${rounds}: ${name}`);
      for (const { contestant, address, pid } of servers) {
        const list = results[name]![contestant] ?? [];
        results[name]![contestant] = list;
        list.push(await load(address, pid));
      }
      servers.push(servers.shift()!);
    }
    for (const { close } of servers) await close();
  }

if (sockets > 0) log(`${sockets} open sockets`);
const push = sockets > 0 ? await pushFigures(sockets, 1) : null;

if (followers > 0) log(`${followers} followers`);
const delivery = followers > 0 ? await deliveryFigures(followers) : null;

if (!values.reads) log("script time in a browser");
const scripts = values.reads ? [] : await scriptTimes(Math.max(rounds, 7));

const brotli = (bytes: Uint8Array) => brotliCompressSync(bytes).length;
const script = await readFile(join(root, "dist/widget.js"));
const bundle = await readFile(await workerBundle());

console.log(
  `\n${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}; ${starts} starts, ${rounds} rounds of ${seconds} s, ${CONNECTIONS} connections\n`,
);
console.log("| answer | contestant | requests/s | to the Hono route | server CPU a request | to the Hono route |");
console.log("|---|---|---:|---:|---:|---:|");
for (const [name, byContestant] of Object.entries(results)) {
  const hono = byContestant["Hono route, same bytes"] ?? [];
  for (const contestant of contestants) {
    const list = byContestant[contestant] ?? [];
    const ratio = (key: keyof Round) => {
      const ratios = list.map((round, index) => round[key] / (hono[index]?.[key] ?? Number.NaN));
      return `${median(ratios).toFixed(2)} ± ${spread(ratios).toFixed(2)}`;
    };
    const cpu = median(list.map((round) => round.cpu));
    console.log(
      `| ${name} (${Buffer.byteLength(answers[name]?.body ?? "")} B) | ${contestant} | ${Math.round(median(list.map((round) => round.requests)))} | ${ratio("requests")} | ${cpu.toFixed(0)} us | ${ratio("cpu")} |`,
    );
  }
}
console.log(`\n| what | figure |\n|---|---|`);
if (push) console.log(pushRows(sockets, 1, push));
if (delivery) console.log(deliveryRows(followers, delivery));
if (scripts.length > 0)
  console.log(
    `| widget's script in a slow browser, live line and all; the same card by bare Preact; ratio | ${median(scripts.map(({ widget }) => widget)).toFixed(0)} ms, ${median(scripts.map(({ preact }) => preact)).toFixed(0)} ms, ${median(scripts.map(({ widget, preact }) => widget / preact)).toFixed(2)} |`,
  );
console.log(`| widget script, brotli | ${brotli(script)} B |`);
console.log(`| view of the demo case in Ukrainian, brotli | ${brotli(Buffer.from(answers.view?.body ?? ""))} B |`);
console.log(`| Worker bundle, gzip | ${gzipSync(bundle).length} B |`);
console.log(`| from nothing to the first answer, process and all | ${Math.round(median(startUps))} ms |`);

await rm(folder, { recursive: true, force: true });
process.exit(0);
