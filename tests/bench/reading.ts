/**
 * `npm run bench:reading`: reads of many cases by one isolate, compared in one run with reads of one case, and the list of cases while
 * updates go live, beside a bare Worker that answers with as many bytes, at once or after a shared question. Two processes with the same
 * cases take turns of half a second: nothing changes in one, and in the other two updates go live each second. So the machine's noise meets
 * both. A ratio is the median of the rounds' ratios to the row that it is compared with; the figure after ± is half of its 95 % confidence
 * interval. Options: `--cases 2000`, `--rounds 40`, `--only list` for the measurements whose name contains "list".
 */
import { setTimeout as wait } from "node:timers/promises";
import { paths } from "../../shared/addresses.ts";
import { commandOptions } from "../command-options.ts";
import { inventedCase } from "../invented.ts";
import { cpuUsFor, median, medianError, printTable } from "./figures.ts";
import { log, machine, numberAt, record, send, startFilled, useBenchWorker } from "./filled-worker.ts";
import { RawClient } from "./raw-client.ts";

const { cases, rounds, only } = commandOptions({ cases: 2000, rounds: 40, only: "" });
const REQUESTS_A_TURN = 2_500;
const CONNECTIONS = 32;
/** While everybody waits for the Ledger, a few connections measure only how long an answer takes. */
const HERD_CONNECTIONS = 128;
/** With a lease of 5 s, an update goes live so long after it is published. */
const LEAD_MS = 8_000;
const PUBLISH_INTERVAL_MS = 500;
const BARE_BYTES = 10_000;

await useBenchWorker();
const records = (count: number) => Array.from({ length: count }, (_, index) => record(index + 1));
type Process = Awaited<ReturnType<typeof start>>;

/** A process with every case in its copies. */
async function start() {
  const worker = await startFilled({ cases }, {});
  const headers = [["Content-Type", "application/json"]];
  await send(worker, "PUT", "/bench/answer", { body: "a".repeat(BARE_BYTES), headers });
  const client = new RawClient(worker.url, CONNECTIONS);
  log("filling the isolate's copies");
  await client.run([...records(cases), paths.cases], cases + 1);
  return { worker, client, herd: new RawClient(worker.url, HERD_CONNECTIONS) };
}

const [quiet, busy] = [await start(), await start()];

type Measured = Awaited<ReturnType<typeof load>>;

/**
 * Reads the paths in a random order. @returns requests and questions to the Ledger a second, and CPU time of the server per request, in
 * microseconds; NaN where it can't be read
 */
async function load({ worker, client, herd }: Process, addresses: string[], isHerd = false) {
  const shuffled = addresses
    .map((path) => ({ path, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ path }) => path);
  const questions = await numberAt(worker, "/bench/questions");
  let seconds = 0;
  const spent = await cpuUsFor(worker.pid, async () => {
    const begun = performance.now();
    await (isHerd ? herd : client).run(shuffled, REQUESTS_A_TURN);
    seconds = (performance.now() - begun) / 1_000;
  });
  return {
    requests: REQUESTS_A_TURN / seconds,
    cpu: spent / REQUESTS_A_TURN,
    questions: ((await numberAt(worker, "/bench/questions")) - questions) / seconds,
  };
}

const herd = (process: Process, path: string) => load(process, [path], true);
const LIST_UPDATES = "the list, 2 updates a second";
const BARE_UPDATES = "a bare Worker, all wait, 2 updates a second (list)";
/** A name, the row that it is compared with, and its measurement. */
type Contestant = [string, string, () => Promise<Measured>];
const contestants: Contestant[] = [
  // Another one in each round: records differ in length.
  ["1 case", "1 case", () => load(quiet, [record(1 + Math.floor(Math.random() * cases))])],
  ...(cases > 100 ? ([["100 cases", "1 case", () => load(quiet, records(100))]] as Contestant[]) : []),
  [`${cases} cases`, "1 case", () => load(quiet, records(cases))],
  [`${cases} cases, 2 updates a second`, "1 case", () => load(busy, records(cases))],
  ["the list", "the list", () => herd(quiet, paths.cases)],
  [LIST_UPDATES, "the list", () => herd(busy, paths.cases)],
  ["a bare Worker (list)", "a bare Worker (list)", () => herd(quiet, "/bench/constant")],
  ["a bare Worker, all wait (list)", "a bare Worker (list)", () => herd(quiet, "/bench/wait")],
  [BARE_UPDATES, "a bare Worker (list)", () => herd(busy, "/bench/wait")],
];
const wanted = contestants.filter(([name]) => name.includes(only));
const measured = contestants.filter(([name]) => wanted.some((row) => row.slice(0, 2).includes(name)));

let isPublishing = true;
const published: Promise<unknown>[] = [];
const publishing = (async () => {
  for (let index = 0; isPublishing; index++) {
    published.push(busy.worker.publish(inventedCase(1 + ((index * 7) % cases)), { notify: "none" }));
    await wait(PUBLISH_INTERVAL_MS);
  }
})();
// From now on, an update goes live at each interval.
await wait(LEAD_MS);
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
  `\n${machine()}; ${rounds} rounds of ${REQUESTS_A_TURN} requests, ${CONNECTIONS} connections, ${HERD_CONNECTIONS} for the list\n`,
);
/** Each round's ratio to the row that it is compared with. */
function ratiosOf(name: string, key: keyof Measured): number[] {
  const [, to = name] = contestants.find(([contestant]) => contestant === name) ?? [];
  return (results.get(name) ?? []).map(
    (measured, round) => measured[key] / (results.get(to)?.[round]?.[key] ?? Number.NaN),
  );
}
const shown = (ratios: number[]) => `${median(ratios).toFixed(2)} ± ${medianError(ratios).toFixed(2)}`;
const rows = [...results].map(([name, list]) => {
  const middle = (key: keyof Measured) => median(list.map((measured) => measured[key]));
  const isBaseline = contestants.some(([contestant, to]) => contestant === name && to === name);
  const ratio = (key: keyof Measured) => (isBaseline ? "" : shown(ratiosOf(name, key)));
  const [requests, cpu] = [middle("requests").toFixed(0), `${middle("cpu").toFixed(0)} us`];
  return [name, requests, ratio("requests"), cpu, ratio("cpu"), middle("questions").toFixed(1)];
});
printTable(["reads of", "requests/s", "ratio", "CPU a request", "ratio", "questions to the Ledger a second"], rows);
const bare = ratiosOf(BARE_UPDATES, "requests");
const kept = ratiosOf(LIST_UPDATES, "requests").map((ratio, round) => ratio / (bare[round] ?? Number.NaN));
if (kept.length > 0)
  console.log(
    `\nWhile updates go live, the list keeps ${shown(kept)} of the share that the bare Worker that waits keeps.`,
  );
process.exit(0);
