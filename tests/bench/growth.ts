/**
 * `npm run bench:growth`: what a request, an update, a push and a message cost at 1, 100, 1,000 and 10,000 cases, revisions, sockets and
 * followers, in one run. It prints one table and draws docs/scale.svg. Each size has a process of its own; the turns of all sizes are
 * interleaved. A cost is the median of the rounds; a ratio is the median of the rounds' ratios, and the figure after ± is half of its
 * 95 % confidence interval. CPU time is that of workerd: Worker, Ledger, Channel and Dispatcher.
 *
 * Options: `--sizes 1,100,1000,10000`, `--rounds 9`, `--reads` without push and delivery, `--only search` for the reads whose name
 * contains "search" and nothing else, `--picture PATH` (docs/scale.svg for a whole run).
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { addresses, paths } from "../../shared/addresses.ts";
import { buildScripts, bundleWorker, root } from "../../worker/tools/local/runtime.ts";
import { commandOptions, countsIn } from "../command-options.ts";
import { startWorkerProcess, type TestWorkerProcess } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { drainFigures } from "./delivery.ts";
import { cpuUsOf, median, medianError } from "./figures.ts";
import { arabicName, arabicNameInLatin, hasArabicName, surname } from "./growth-names.ts";
import { growthPicture, type Line } from "./growth-picture.ts";
import { lastOf, maxSockets, pushFigures } from "./push.ts";
import { RawClient } from "./raw-client.ts";

/** A run of other sizes draws a picture only when it is told where. */
const ALL_SIZES = "1,100,1000,10000";
const options = commandOptions({
  sizes: ALL_SIZES,
  rounds: 9,
  reads: false,
  only: "",
  picture: "",
});
const { rounds, only } = options;
const sizes = countsIn("sizes", options.sizes);
const isWhole = options.sizes === ALL_SIZES && !options.reads && only === "";
const picture = options.picture || (isWhole ? join(root, "docs/scale.svg") : "");
/** The size whose cost counts as 1. */
const base = sizes.includes(100) ? 100 : (sizes[0] as number);
const CONNECTIONS = 8;
const EVENTS = 60;
const SEARCHES = 200;
const PUBLISHES = 3;
const log = (text: string) => process.stderr.write(`${text}\n`);
const isMissing = (cost: number) => !Number.isFinite(cost);

const folder = await mkdtemp(join(tmpdir(), "casewire-growth-"));
await buildScripts();
process.env.CASEWIRE_BUNDLE = await bundleWorker("tests/bench/growth-worker.ts", folder);

interface Contestant {
  size: number;
  worker: TestWorkerProcess;
  client: RawClient;
  /** Questions to the Ledger, and how long they were counted, in seconds. */
  asked: { questions: number; seconds: number };
}

const record = (number: number) => addresses.case(inventedCase(number).id);
const page = (number: number, query = "") => `${addresses.page(inventedCase(number).id)}${query}`;
const search = (name: string) => `${paths.cases}?q=${encodeURIComponent(name)}`;
/** @param isWanted whether a case's number is one of those whose names are searched */
const searches = (nameOf: (number: number) => string, isWanted: (number: number) => boolean) => (size: number) => {
  const numbers = Array.from({ length: size }, (_, index) => index + 1).filter(isWanted);
  return Array.from({ length: SEARCHES }, (_, index) => search(nameOf(numbers[(index * 37) % numbers.length]!)));
};
const questionsOf = async ({ url }: TestWorkerProcess) => Number(await (await fetch(`${url}/questions`)).text());

async function open(size: number): Promise<Contestant> {
  log(`filling a Ledger with ${size} cases`);
  const worker = await startWorkerProcess({ leaseSeconds: 5 });
  const filled = await fetch(`${worker.url}/fill`, {
    method: "POST",
    body: JSON.stringify({ cases: size, history: size, events: EVENTS }),
  });
  if (filled.status !== 200) throw new Error(await filled.text());
  await fetch(worker.url + record(1));
  const client = new RawClient(worker.url, CONNECTIONS);
  return { size, worker, client, asked: { questions: 0, seconds: 0 } };
}

/** A measure's name, the requests of a turn, and the addresses by size. With a language that isn't offered, a page is rendered each time. */
const reads: [name: string, requests: number, paths: (size: number) => string[]][] = [
  ["record, every case in turn", 400, (size) => Array.from({ length: size }, (_, index) => record(index + 1))],
  ["list", 200, () => [paths.cases]],
  ["list, made anew", 40, () => [`${paths.cases}?limit=49`]],
  ["search, 200 names in turn", 100, searches(surname, () => true)],
  ["search, 200 names in Arabic letters in turn", 100, searches(arabicName, hasArabicName)],
  ["search, 200 names in Latin letters that only Arabic texts have", 100, searches(arabicNameInLatin, hasArabicName)],
  ["search for a word of every case", 40, () => [`${paths.cases}?q=invented`]],
  ["list by series", 40, () => [`${paths.cases}?series=UA`]],
  ["front page, made anew", 20, () => ["/?lang=zz"]],
  ["page with the longest history, made anew", 20, () => [page(1, "?lang=zz")]],
  ["history of that case", 200, () => [addresses.revisions(inventedCase(1).id)]],
  ["Atom feed", 200, () => [paths.atomFeed]],
];

/** @returns CPU time for each, in microseconds */
async function cpuOf({ worker }: Contestant, count: number, run: () => Promise<void>): Promise<number> {
  const before = await cpuUsOf(worker.pid);
  await run();
  return ((await cpuUsOf(worker.pid)) - before) / count;
}

async function publish({ worker }: Contestant, round: number): Promise<void> {
  for (let index = 0; index < PUBLISHES; index++)
    await worker.publish(inventedCase(1, { asOf: { date: `20${10 + round}-0${index + 1}-01` } }), { notify: "none" });
}

/** Microseconds by measure, size and round. */
const costs = new Map<string, number[][]>();
function note(name: string, index: number, cost: number): void {
  const lists = costs.get(name) ?? sizes.map(() => []);
  costs.set(name, lists);
  lists[index]!.push(cost);
}

const contestants: Contestant[] = [];
for (const size of sizes) contestants.push(await open(size));
async function measure(): Promise<void> {
  const all = reads.filter(([name]) => name.includes(only));
  for (const [, requests, addressesOf] of all)
    for (const { client, size } of contestants)
      await client.run(addressesOf(size), Math.max(requests, addressesOf(size).length));
  for (let round = 1; round <= rounds; round++) {
    log(`round ${round} of ${rounds}`);
    for (const [name, requests, addressesOf] of all)
      for (const [index, contestant] of contestants.entries()) {
        const { worker, client, asked } = contestant;
        const [before, begun] = [await questionsOf(worker), performance.now()];
        note(name, index, await cpuOf(contestant, requests, () => client.run(addressesOf(contestant.size), requests)));
        asked.questions += (await questionsOf(worker)) - before;
        asked.seconds += (performance.now() - begun) / 1_000;
      }
  }
}

await measure();
const asks = contestants.map(({ asked }) => asked.questions / asked.seconds);
const PUBLISH = "publish to the case with the longest history";
for (let round = 1; round <= rounds && PUBLISH.includes(only); round++)
  for (const [index, contestant] of contestants.entries())
    note(PUBLISH, index, await cpuOf(contestant, PUBLISHES, () => publish(contestant, round)));
for (const { client, worker } of contestants) {
  client.close();
  await worker.close();
}
delete process.env.CASEWIRE_BUNDLE;

interface Spread {
  sockets: number;
  last: number;
  bare: number;
}
const pushes: Spread[] = [];
const drains: Awaited<ReturnType<typeof drainFigures>>[] = [];
for (const size of options.reads || only ? [] : sizes) {
  const sockets = Math.min(size, await maxSockets());
  log(`${sockets} sockets`);
  const { casewire, bare } = await pushFigures(sockets);
  pushes.push({ sockets, last: lastOf(casewire), bare: lastOf(bare) });
  log(`${size} followers`);
  drains.push(await drainFigures(size));
}

const [atBase, atLast] = [sizes.indexOf(base), sizes.length - 1];
const inMs = (us: number) => (us < 10_000 ? `${(us / 1_000).toFixed(2)} ms` : `${(us / 1_000).toFixed(0)} ms`);
const table: [name: string, cells: string[], ratio: string][] = [];
const lines: Line[] = [];
for (const [name, lists] of costs) {
  const ratios = lists[atLast]!.map((cost, round) => cost / lists[atBase]![round]!);
  table.push([
    `${name}: CPU`,
    lists.map((list) => inMs(median(list))),
    `${median(ratios).toFixed(2)} ± ${medianError(ratios).toFixed(2)}`,
  ]);
  lines.push({ name, costs: lists.map(median) });
}
const row = (name: string, cells: string[]) => table.push([name, cells, ""]);
row(
  "questions to the Ledger a second",
  asks.map((rate) => rate.toFixed(1)),
);
if (pushes.length > 0) {
  const each = (of: (push: Spread) => string) => pushes.map(of);
  row(
    "push: the last socket after the moment",
    each(({ sockets, last }) => `${last} ms (${sockets})`),
  );
  row(
    "a bare Durable Object's broadcast",
    each(({ bare }) => `${bare} ms`),
  );
  row(
    "message to a follower: CPU",
    drains.map(({ cpu }) => inMs(cpu * 1_000)),
  );
  row(
    "messages a second; grammY in a plain loop",
    drains.map(({ rate, loop }) => `${isMissing(rate) ? "" : rate.toFixed(0)}; ${loop.toFixed(0)}`),
  );
  // A single one is mostly the cost of an idle run.
  const many = (index: number, cost: number) => ((sizes[index] as number) > 1 ? cost : Number.NaN);
  lines.push({ name: "message to a follower", costs: drains.map(({ cpu }, index) => many(index, cpu)) });
  lines.push({
    name: "push, time for each socket",
    costs: pushes.map(({ sockets, last }, i) => many(i, last / sockets)),
  });
}

console.log(
  `\n${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}; ${rounds} rounds\n`,
);
console.log(
  `| what, with so many cases, revisions, sockets, followers | ${sizes.map((size) => size.toLocaleString("en-GB")).join(" | ")} | last to ${base} |`,
);
console.log(`|---|${sizes.map(() => "---:").join("|")}|---:|`);
for (const [name, cells, ratio] of table) console.log(`| ${name} | ${cells.join(" | ")} | ${ratio} |`);
if (picture) {
  await writeFile(picture, growthPicture(sizes, base, lines));
  log(`drew ${picture}`);
}
await rm(folder, { recursive: true, force: true });
process.exit(0);
