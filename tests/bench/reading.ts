/**
 * `npm run bench:reading`: reads of many cases by one isolate, compared in one run with reads of one case, and the list of cases while
 * updates go live, beside a bare Worker that answers with as many bytes, at once or after a shared question. Two processes with the same
 * cases take turns of half a second: nothing changes in one, and in the other two updates go live each second. So the machine's noise meets
 * both. A ratio is the median of the rounds' ratios to the row that it is compared with; the figure after ± is half of its 95 % confidence
 * interval. Options: `--cases 2000`, `--rounds 40`, `--only list` for the measurements whose name contains "list".
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { addresses, paths } from "../../shared/addresses.ts";
import type { PublishedRevision } from "../../worker/editing/rules/desk.ts";
import { buildScripts, bundleWorker } from "../../worker/tools/local/runtime.ts";
import { commandOptions } from "../command-options.ts";
import { startWorkerProcess, type TestWorkerProcess } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { cpuUsOf, median, medianError } from "./figures.ts";
import { RawClient } from "./raw-client.ts";

const { cases, rounds, only } = commandOptions({ cases: 2000, rounds: 40, only: "" });
const REQUESTS_A_TURN = 2_500;
const CONNECTIONS = 32;
/** While everybody waits for the Ledger, a few connections measure only how long an answer takes. */
const HERD_CONNECTIONS = 128;
const LEASE_SECONDS = 5;
const PUBLISH_INTERVAL_MS = 500;
const log = (text: string) => process.stderr.write(`${text}\n`);

const folder = await mkdtemp(join(tmpdir(), "casewire-reading-"));
await buildScripts();
process.env.CASEWIRE_BUNDLE = await bundleWorker("tests/bench/growth-worker.ts", folder);
const fields = Array.from({ length: cases }, (_, index) => inventedCase(index + 1));
const record = (count: number) => fields.slice(0, count).map(({ id }) => addresses.case(id));
interface Process {
  worker: TestWorkerProcess;
  client: RawClient;
  herd: RawClient;
}

const questionsTo = async ({ url }: TestWorkerProcess) => Number(await (await fetch(`${url}/questions`)).text());

/** A process with every case in its copies. */
async function startFilled(): Promise<Process> {
  const worker = await startWorkerProcess({ leaseSeconds: LEASE_SECONDS });
  log(`publishing ${cases} cases`);
  const waiting = [...fields];
  let last: PublishedRevision | undefined;
  const publishAll = async () => {
    for (let one = waiting.pop(); one; one = waiting.pop()) last = await worker.publish(one, { notify: "none" });
  };
  await Promise.all(Array.from({ length: 4 }, publishAll));
  if (last) await worker.untilLive(last);
  // The alarm announces every case to its Channel and to the Dispatcher.
  for (let before = -1, now = 0; before !== now; ) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    now = await questionsTo(worker);
  }
  const client = new RawClient(worker.url, CONNECTIONS);
  log("filling the isolate's copies");
  await client.run([...record(cases), paths.cases], cases + 1);
  return { worker, client, herd: new RawClient(worker.url, HERD_CONNECTIONS) };
}

const quiet = await startFilled();
const busy = await startFilled();

interface Measured {
  requests: number;
  /** Questions to the Ledger a second. */
  questions: number;
  /** CPU time of the server per request, in microseconds; NaN where it can't be read. */
  cpu: number;
}

/** Reads the paths in a random order. */
async function load({ worker, client, herd }: Process, addresses: string[], isHerd = false): Promise<Measured> {
  const shuffled = addresses
    .map((path) => ({ path, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ path }) => path);
  const questions = await questionsTo(worker);
  const cpu = await cpuUsOf(worker.pid).catch(() => Number.NaN);
  const start = performance.now();
  await (isHerd ? herd : client).run(shuffled, REQUESTS_A_TURN);
  const seconds = (performance.now() - start) / 1_000;
  return {
    requests: REQUESTS_A_TURN / seconds,
    cpu: ((await cpuUsOf(worker.pid).catch(() => Number.NaN)) - cpu) / REQUESTS_A_TURN,
    questions: ((await questionsTo(worker)) - questions) / seconds,
  };
}

const herd = (process: Process, path: string) => load(process, [path], true);
const LIST_UPDATES = "the list, 2 updates a second";
const BARE_UPDATES = "a bare Worker, all wait, 2 updates a second (list)";
/** A name, the row that it is compared with, and its measurement. */
type Contestant = [string, string, () => Promise<Measured>];
const contestants: Contestant[] = [
  // Another one in each round: records differ in length.
  ["1 case", "1 case", () => load(quiet, [addresses.case(fields[Math.floor(Math.random() * cases)]!.id)])],
  ...(cases > 100 ? ([["100 cases", "1 case", () => load(quiet, record(100))]] as Contestant[]) : []),
  [`${cases} cases`, "1 case", () => load(quiet, record(cases))],
  [`${cases} cases, 2 updates a second`, "1 case", () => load(busy, record(cases))],
  ["the list", "the list", () => herd(quiet, paths.cases)],
  [LIST_UPDATES, "the list", () => herd(busy, paths.cases)],
  ["a bare Worker (list)", "a bare Worker (list)", () => herd(quiet, "/bare")],
  ["a bare Worker, all wait (list)", "a bare Worker (list)", () => herd(quiet, "/bare/wait")],
  [BARE_UPDATES, "a bare Worker (list)", () => herd(busy, "/bare/wait")],
];
const wanted = contestants.filter(([name]) => name.includes(only));
const measured = contestants.filter(([name]) => wanted.some((row) => row.slice(0, 2).includes(name)));

let isPublishing = true;
const published: Promise<unknown>[] = [];
const publishing = (async () => {
  for (let index = 0; isPublishing; index++) {
    published.push(busy.worker.publish(fields[(index * 7) % cases]!, { notify: "none" }));
    await new Promise((resolve) => setTimeout(resolve, PUBLISH_INTERVAL_MS));
  }
})();
// From now on, an update goes live at each interval.
await new Promise((resolve) => setTimeout(resolve, (LEASE_SECONDS + 3) * 1000));
const results = new Map<string, Measured[]>(measured.map(([name]) => [name, []]));
// The first round warms up.
for (let round = 0; round <= rounds; round++) {
  log(`round ${round} of ${rounds}`);
  for (const [name, , measure] of [...measured].sort(() => Math.random() - 0.5)) {
    const one = await measure();
    if (round > 0) results.get(name)?.push(one);
  }
}
isPublishing = false;
await publishing;
await Promise.all(published);
for (const { worker, client, herd } of [quiet, busy]) {
  client.close();
  herd.close();
  await worker.close();
}

console.log(
  `\n${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}; ${rounds} rounds of ${REQUESTS_A_TURN} requests, ${CONNECTIONS} connections, ${HERD_CONNECTIONS} for the list, lease ${LEASE_SECONDS} s\n`,
);
console.log("| reads of | requests/s | ratio | server CPU a request | ratio | questions to the Ledger a second |");
console.log("|---|---:|---:|---:|---:|---:|");
/** Each round's ratio to the row that it is compared with. */
function ratiosOf(name: string, key: keyof Measured): number[] {
  const [, to = name] = contestants.find(([contestant]) => contestant === name) ?? [];
  return (results.get(name) ?? []).map(
    (measured, round) => measured[key] / (results.get(to)?.[round]?.[key] ?? Number.NaN),
  );
}
const shown = (ratios: number[]) => `${median(ratios).toFixed(2)} ± ${medianError(ratios).toFixed(2)}`;
for (const [name, list] of results) {
  const middle = (key: keyof Measured) => median(list.map((measured) => measured[key]));
  const isBaseline = contestants.some(([contestant, to]) => contestant === name && to === name);
  const ratio = (key: keyof Measured) => (isBaseline ? "" : shown(ratiosOf(name, key)));
  console.log(
    `| ${name} | ${middle("requests").toFixed(0)} | ${ratio("requests")} | ${middle("cpu").toFixed(0)} us | ${ratio("cpu")} | ${middle("questions").toFixed(1)} |`,
  );
}
const bare = ratiosOf(BARE_UPDATES, "requests");
const kept = ratiosOf(LIST_UPDATES, "requests").map((ratio, round) => ratio / (bare[round] ?? Number.NaN));
if (kept.length > 0)
  console.log(
    `\nWhile updates go live, the list keeps ${shown(kept)} of the share that the bare Worker that waits keeps.`,
  );
await rm(folder, { recursive: true, force: true });
process.exit(0);
