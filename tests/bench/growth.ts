/**
 * `npm run bench:growth`: what a request and an update cost at 1, 100, 1,000 and 10,000 cases and revisions, in one run. It prints one table. Each size has a process of its own; the turns of all sizes are
 * interleaved. A cost is the median of the rounds; a ratio is the median of the
 * rounds' ratios, and the figure after ± is half of its 95 % confidence
 * interval. CPU time is that of workerd: Worker, Ledger, Channel and
 * Dispatcher.
 *
 * Options: `--rounds 9`, and `--sizes 1,100,1000,10000`.
 */
import { addresses, paths } from "../../shared/addresses.ts";
import { commandOptions, countsIn } from "../support/command-options.ts";
import { inventedCase } from "../support/invented.ts";
import { cpuUsFor, median, medianError, printTable } from "./figures.ts";
import {
  log,
  machine,
  numberAt,
  record,
  search,
  startFilled,
  useBenchWorker,
} from "./filled-worker.ts";
import {
  arabicName,
  arabicNameInLatin,
  hasArabicName,
  surname,
} from "./filling.ts";
import { RawClient } from "./raw-client.ts";

const { sizes: sizeList, rounds } = commandOptions({
  sizes: "1,100,1000,10000",
  rounds: 9,
});
const sizes = countsIn("sizes", sizeList);
/** The size whose cost counts as 1. */
const base = sizes.includes(100) ? 100 : (sizes[0] as number);
const CONNECTIONS = 8;
const EVENTS = 60;
const SEARCHES = 200;
const PUBLISHES = 3;

await useBenchWorker();

type Contestant = Awaited<ReturnType<typeof open>>;

const page = (number: number, query = "") =>
  `${addresses.page(inventedCase(number).id)}${query}`;
/**
 * @param isWanted whether a case's number is one of those whose names are
 * searched
 */
const searches =
  (nameOf: (number: number) => string, isWanted: (number: number) => boolean) =>
  (size: number) => {
    const numbers = Array.from(
      { length: size },
      (_, index) => index + 1,
    ).filter(isWanted);
    return Array.from({ length: SEARCHES }, (_, index) =>
      search(nameOf(numbers[(index * 37) % numbers.length]!)),
    );
  };

async function open(size: number) {
  const worker = await startFilled(
    { cases: size, history: size, events: EVENTS },
    {},
  );
  await fetch(worker.url + record(1));
  const client = new RawClient(worker.url, CONNECTIONS);
  /** Questions to the Ledger, and how long they were counted, in seconds. */
  const asked = { questions: 0, seconds: 0 };
  return { size, worker, client, asked };
}

/**
 * A measure's name, the requests of a turn, and the addresses by size. With a
 * language that isn't offered, a page is rendered each time.
 */
const reads: [
  name: string,
  requests: number,
  paths: (size: number) => string[],
][] = [
  [
    "record, every case in turn",
    400,
    (size) => Array.from({ length: size }, (_, index) => record(index + 1)),
  ],
  ["list", 200, () => [paths.cases]],
  ["list, made anew", 40, () => [`${paths.cases}?limit=49`]],
  ["search, 200 names in turn", 100, searches(surname, () => true)],
  [
    "search, 200 names in Arabic letters in turn",
    100,
    searches(arabicName, hasArabicName),
  ],
  [
    "search, 200 names in Latin letters that only Arabic texts have",
    100,
    searches(arabicNameInLatin, hasArabicName),
  ],
  ["search for a word of every case", 40, () => [`${paths.cases}?q=invented`]],
  ["list by series", 40, () => [`${paths.cases}?series=UA`]],
  ["front page, made anew", 20, () => ["/?lang=zz"]],
  ["page with the longest history, made anew", 20, () => [page(1, "?lang=zz")]],
  [
    "history of that case",
    200,
    () => [addresses.revisions(inventedCase(1).id)],
  ],
  ["Atom feed", 200, () => [paths.atomFeed]],
];

async function publish({ worker }: Contestant, round: number): Promise<void> {
  for (let index = 0; index < PUBLISHES; index++)
    await worker.publish(
      inventedCase(1, { asOf: { date: `20${10 + round}-0${index + 1}-01` } }),
      { notify: "none" },
    );
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
for (const [, requests, addressesOf] of reads)
  for (const { client, size } of contestants)
    await client.run(
      addressesOf(size),
      Math.max(requests, addressesOf(size).length),
    );
for (let round = 1; round <= rounds; round++) {
  log(`round ${round} of ${rounds}`);
  for (const [name, requests, addressesOf] of reads)
    for (const [index, contestant] of contestants.entries()) {
      const { worker, client, asked } = contestant;
      const [before, begun] = [
        await numberAt(worker, "/bench/questions"),
        performance.now(),
      ];
      const spent = await cpuUsFor(worker.pid, () =>
        client.run(addressesOf(contestant.size), requests),
      );
      note(name, index, spent / requests);
      asked.questions += (await numberAt(worker, "/bench/questions")) - before;
      asked.seconds += (performance.now() - begun) / 1_000;
    }
}

const asks = contestants.map(({ asked }) => asked.questions / asked.seconds);
const PUBLISH = "publish to the case with the longest history";
for (let round = 1; round <= rounds; round++)
  for (const [index, contestant] of contestants.entries())
    note(
      PUBLISH,
      index,
      (await cpuUsFor(contestant.worker.pid, () =>
        publish(contestant, round),
      )) / PUBLISHES,
    );
for (const { client, worker } of contestants) {
  client.close();
  await worker.close();
}
const [atBase, atLast] = [sizes.indexOf(base), sizes.length - 1];
const inMs = (us: number) =>
  us < 10_000
    ? `${(us / 1_000).toFixed(2)} ms`
    : `${(us / 1_000).toFixed(0)} ms`;
const table: string[][] = [];
for (const [name, lists] of costs) {
  const ratios = lists[atLast]!.map(
    (cost, round) => cost / lists[atBase]![round]!,
  );
  const ratio = `${median(ratios).toFixed(2)} ± ${medianError(ratios).toFixed(2)}`;
  table.push([
    `${name}: CPU`,
    ...lists.map((list) => inMs(median(list))),
    ratio,
  ]);
}
table.push([
  "questions to the Ledger a second",
  ...asks.map((rate) => rate.toFixed(1)),
  "",
]);

console.log(`\n${machine()}; ${rounds} rounds\n`);
const columns = sizes.map((size) => size.toLocaleString("en-GB"));
printTable(
  ["what, with so many cases and revisions", ...columns, `last to ${base}`],
  table,
);
process.exit(0);
