/**
 * `npm run bench:reading`: reads of many cases by one isolate, compared in one run with reads of one case, and the list of cases while
 * updates go live, beside a bare Worker that answers with as many bytes, at once or after a shared question. The rounds are interleaved; a
 * ratio is the median of the rounds' ratios to the row that it is compared with. Options: `--cases 2000`, `--rounds 5`,
 * `--seconds 4`, `--only list` for the measurements whose name contains "list".
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import { addresses, paths } from "../../shared/addresses.ts";
import type { Published } from "../../worker/editorial/desk.ts";
import { buildScripts, bundleWorker } from "../../worker/tools/local/runtime.ts";
import { commandOptions } from "../command-options.ts";
import { startWorkerProcess } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { cpuMsOf, median, medianError } from "./figures.ts";

const { cases, rounds, seconds, only } = commandOptions({ cases: 2000, rounds: 5, seconds: 4, only: "" });
const CONNECTIONS = 32;
/** While everybody waits for the Ledger, a few connections measure only how long an answer takes. */
const HERD_CONNECTIONS = 128;
const LEASE_SECONDS = 5;
const PUBLISH_INTERVAL_MS = 500;
const log = (text: string) => process.stderr.write(`${text}\n`);

const folder = await mkdtemp(join(tmpdir(), "casewire-reading-"));
await buildScripts();
process.env.CASEWIRE_BUNDLE = await bundleWorker("tests/bench/growth-worker.ts", folder);
const worker = await startWorkerProcess({ leaseSeconds: LEASE_SECONDS });
const fields = Array.from({ length: cases }, (_, index) => inventedCase(index + 1));

log(`publishing ${cases} cases`);
const waiting = [...fields];
let last: Published | undefined;
const publishAll = async () => {
  for (let one = waiting.pop(); one; one = waiting.pop()) last = await worker.publish(one, { notify: "none" });
};
await Promise.all(Array.from({ length: 4 }, publishAll));
if (last) await worker.untilLive(last);
// The alarm announces every case to its Channel and to the Dispatcher.
for (let before = -1, now = 0; before !== now; ) {
  before = now;
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  now = (await (await fetch(`${worker.url}/questions`)).json()) as number;
}

interface Measured {
  requests: number;
  /** Questions to the Ledger a second. */
  questions: number;
  /** CPU time of the server per request, in microseconds; NaN where it can't be read. */
  cpu: number;
}

const questions = async () => Number(await (await fetch(`${worker.url}/questions`)).text());

/** Reads the paths in a random order. */
async function load(addresses: string[], connections = CONNECTIONS): Promise<Measured> {
  const run = (duration: number) =>
    autocannon({
      url: worker.url,
      connections,
      duration,
      setupClient(client) {
        client.setRequests(
          addresses
            .map((path) => ({ path, order: Math.random() }))
            .sort((a, b) => a.order - b.order)
            .map(({ path }) => ({ method: "GET", path })),
        );
      },
    });
  await run(1);
  const before = await questions();
  const cpuBefore = await cpuMsOf(worker.pid).catch(() => Number.NaN);
  const result = await run(seconds);
  const cpu = (await cpuMsOf(worker.pid).catch(() => Number.NaN)) - cpuBefore;
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} not 2xx, ${result.errors} errors`);
  return {
    requests: result.requests.total / result.duration,
    questions: ((await questions()) - before) / result.duration,
    cpu: (cpu * 1000) / result.requests.total,
  };
}

/** Publishes twice a second while `run` runs, from the moment on at which the first of these updates goes live. */
async function whilePublishing<T>(run: () => Promise<T>): Promise<T> {
  let isRunning = true;
  const published: Promise<unknown>[] = [];
  const publish = (async () => {
    for (let index = 0; isRunning; index++) {
      published.push(worker.publish(fields[(index * 7) % cases]!, { notify: "none" }));
      await new Promise((resolve) => setTimeout(resolve, PUBLISH_INTERVAL_MS));
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, (LEASE_SECONDS + 3) * 1000));
  const result = await run();
  isRunning = false;
  await publish;
  await Promise.all(published);
  await new Promise((resolve) => setTimeout(resolve, (LEASE_SECONDS + 3) * 1000));
  return result;
}

const record = (count: number) => fields.slice(0, count).map(({ id }) => addresses.case(id));
log("filling the isolate's copies");
for (const path of record(cases)) await fetch(worker.url + path);
await fetch(worker.url + paths.cases);

const herd = (path: string) => load([path], HERD_CONNECTIONS);
/** By name, with the row that each is compared with. */
const contestants: [string, string, () => Promise<Measured>][] = [
  ["1 case", "1 case", () => load(record(1))],
  ["100 cases", "1 case", () => load(record(100))],
  [`${cases} cases`, "1 case", () => load(record(cases))],
  [`${cases} cases, 2 updates a second`, "1 case", () => whilePublishing(() => load(record(cases)))],
  ["the list", "the list", () => herd(paths.cases)],
  ["the list, 2 updates a second", "the list", () => whilePublishing(() => herd(paths.cases))],
  ["a bare Worker (list)", "a bare Worker (list)", () => herd("/bare")],
  ["a bare Worker, all wait (list)", "a bare Worker (list)", () => herd("/bare/wait")],
];
const results = new Map<string, Measured[]>();
for (let round = 1; round <= rounds; round++)
  for (const [name, , measure] of contestants.filter(([name]) => name.includes(only))) {
    log(`round ${round} of ${rounds}: ${name}`);
    results.set(name, [...(results.get(name) ?? []), await measure()]);
  }
await worker.close();

console.log(
  `\n${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}; ${rounds} rounds of ${seconds} s, ${CONNECTIONS} connections, ${HERD_CONNECTIONS} for the list, lease ${LEASE_SECONDS} s\n`,
);
console.log("| reads of | requests/s | ratio | server CPU a request | ratio | questions to the Ledger a second |");
console.log("|---|---:|---:|---:|---:|---:|");
for (const [name, list] of results) {
  const [, to = name] = contestants.find(([contestant]) => contestant === name) ?? [];
  const middle = (key: keyof Measured) => median(list.map((measured) => measured[key]));
  const ratio = (key: keyof Measured) => {
    const ratios = list.map((measured, round) => measured[key] / (results.get(to)![round]?.[key] ?? Number.NaN));
    return name === to ? "" : `${median(ratios).toFixed(2)} ± ${medianError(ratios).toFixed(2)}`;
  };
  console.log(
    `| ${name} | ${middle("requests").toFixed(0)} | ${ratio("requests")} | ${middle("cpu").toFixed(0)} us | ${ratio("cpu")} | ${middle("questions").toFixed(1)} |`,
  );
}
await rm(folder, { recursive: true, force: true });
process.exit(0);
