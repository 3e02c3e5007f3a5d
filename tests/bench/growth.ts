/**
 * `npm run bench:growth`: what requests cost with many cases and a long history, compared in one run with a small Ledger. Each size has
 * a process of its own; rounds are interleaved. A ratio is the median of the rounds' ratios to the smallest size; the figure after ±
 * is half of the range in which the middle half of the rounds lies. Options: `--sizes 100,10000`, `--rounds 5`, `--seconds 1`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { addresses, paths } from "../../shared/addresses.ts";
import { buildScripts, bundleWorker } from "../../worker/tools/local/runtime.ts";
import { startWorkerProcess, type TestWorkerProcess } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { cpuMsOf, median, memoryOf, spread } from "./figures.ts";
import { surname } from "./growth-names.ts";

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "100,10000" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "1" },
  },
});
const sizes = values.sizes.split(",").map(Number);
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
const CONNECTIONS = 8;
const EVENTS = 60;
const SEARCHES = 200;
const log = (text: string) => process.stderr.write(`${text}\n`);

const folder = await mkdtemp(join(tmpdir(), "casewire-growth-"));
await buildScripts();
process.env.CASEWIRE_BUNDLE = await bundleWorker("tests/bench/growth-worker.ts", folder);

interface Contestant {
  size: number;
  worker: TestWorkerProcess;
  /** In MB, before and after its lists were read. */
  memory: number[];
  /** Milliseconds of CPU of the first list and the first search. */
  first: number[];
}

const searches = (path: string, size: number) =>
  Array.from({ length: SEARCHES }, (_, index) => `${path}?q=${surname(3 + ((index * 37) % (size - 3)))}`);

const contestants: Contestant[] = [];
for (const size of sizes) {
  log(`filling a Ledger with ${size} cases`);
  const worker = await startWorkerProcess({ leaseSeconds: 5 });
  const filled = await fetch(`${worker.url}/fill?cases=${size}&history=${size / 10}&events=${EVENTS}`);
  if (filled.status !== 200) throw new Error(await filled.text());
  await fetch(worker.url + addresses.case("ua-3-00"));
  const memory = [await memoryOf(worker.pid)];
  const first: number[] = [];
  for (const path of [paths.cases, `${paths.cases}?q=${surname(3)}`]) {
    const before = await cpuMsOf(worker.pid);
    await (await fetch(worker.url + path)).text();
    first.push((await cpuMsOf(worker.pid)) - before);
  }
  memory.push(await memoryOf(worker.pid));
  contestants.push({ size, worker, memory, first });
}

const page = (number: number, query = "") => `${addresses.page(inventedCase(number).id)}${query}`;
/** With a language that isn't offered, a page is rendered each time. */
const surfaces: [string, (size: number) => string[]][] = [
  ["record", () => [addresses.case("ua-3-00")]],
  ["list", () => [paths.cases]],
  ["list of open actions", () => [`${paths.cases}?action=active`]],
  ["list, rendered each time", () => [`${paths.cases}?limit=49`]],
  ["search, 200 names in turn", (size) => searches(paths.cases, size)],
  ["search by number", (size) => [`${paths.cases}?q=${size - 5}/00`]],
  ["front page", () => ["/"]],
  ["front page, rendered each time", () => ["/?lang=zz"]],
  ["front page's search, 200 names in turn", (size) => searches("/", size)],
  ["Atom feed", () => [paths.atomFeed]],
  ["history of the oldest case", () => [addresses.revisions("ua-1-00")]],
  ["page with the longest history", () => [page(1)]],
  ["page with the longest history, rendered each time", () => [page(1, "?lang=zz")]],
  ["page with 60 events", () => [page(2)]],
  ["page with 60 events, rendered each time", () => [page(2, "?lang=zz")]],
  ["frame with 60 events", () => [addresses.embed("ua-2-00", "en", { variant: "timeline" })]],
];

/** @returns CPU time of the server per request, in milliseconds */
async function cpuOf({ worker, size }: Contestant, addressesOf: (size: number) => string[]): Promise<number> {
  const run = (duration: number) =>
    autocannon({
      url: worker.url,
      connections: CONNECTIONS,
      duration,
      setupClient: (client) => client.setRequests(addressesOf(size).map((path) => ({ method: "GET", path }))),
    });
  await run(0.3);
  const before = await cpuMsOf(worker.pid);
  const result = await run(seconds);
  const spent = (await cpuMsOf(worker.pid)) - before;
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${addressesOf(size)[0]}: ${result.non2xx} not 2xx, ${result.errors} errors`);
  return spent / result.requests.total;
}

const results = new Map<string, number[][]>();
for (let round = 1; round <= rounds; round++) {
  log(`round ${round} of ${rounds}`);
  for (const [name, addressesOf] of surfaces) {
    const list = results.get(name) ?? contestants.map(() => []);
    results.set(name, list);
    for (const [index, contestant] of contestants.entries()) list[index]!.push(await cpuOf(contestant, addressesOf));
  }
}

console.log(
  `\n${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}; ${rounds} rounds of ${seconds} s\n`,
);
console.log(`| server CPU a request | ${sizes.map((size) => `${size} cases`).join(" | ")} | ratio |`);
console.log(`|---|${sizes.map(() => "---:").join("|")}|---:|`);
for (const [name, [small = [], ...larger]] of results) {
  const large = larger.at(-1) ?? small;
  const ratios = large.map((cpu, round) => cpu / small[round]!);
  const figure = (list: number[]) => `${median(list).toFixed(2)} ms ± ${spread(list).toFixed(2)}`;
  const columns = [small, ...larger].map(figure).join(" | ");
  console.log(`| ${name} | ${columns} | ${median(ratios).toFixed(2)} ± ${spread(ratios).toFixed(2)} |`);
}
const row = (name: string, of: (contestant: Contestant) => string) =>
  console.log(`| ${name} | ${contestants.map(of).join(" | ")} | |`);
row("the first list of an isolate", ({ first }) => `${first[0]} ms`);
row("its first search", ({ first }) => `${first[1]} ms`);
row("memory of the process, Ledger and all", ({ memory }) => `${memory[0]?.toFixed(0)} MB`);
row("the same after the first list and search", ({ memory }) => `${memory[1]?.toFixed(0)} MB`);

for (const { worker } of contestants) await worker.close();
await rm(folder, { recursive: true, force: true });
process.exit(0);
