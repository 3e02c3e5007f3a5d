/**
 * `npm run bench:flood`: whether strangers' searches make anybody else wait. For 20 seconds, 500 different searches a second reach isolates
 * that have all cases already, one that has none, or ten, while two updates a
 * second are published. The isolates have a process of their own, whose thread
 * they share. Then it prints what the first list and the first search cost an
 * isolate that begins, for each number of cases, and the heap.
 *
 * Options: `--sizes 100,1000,10000`, of which the last (216 or more) is
 * flooded, and `--rounds 5` for the costs.
 */
import { Agent, get } from "node:http";
import { loadavg } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { addresses, paths } from "../../shared/addresses.ts";
import { commandOptions, countsIn } from "../support/command-options.ts";
import {
  startWorkerProcess,
  type TestWorkerProcess,
} from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import { freePort } from "../support/stand-in-process.ts";
import { cpuUsFor, median, printTable, quantile } from "./figures.ts";
import {
  log,
  machine,
  openWidget,
  record,
  search,
  startFilled,
  useBenchWorker,
} from "./filled-worker.ts";
import { surname } from "./filling.ts";
import { heapMbOf } from "./heap.ts";

const FLOOD_MS = 20_000;
const SEARCHES_A_TICK = 5;
const TICK_MS = 10;
const PUBLISH_INTERVAL_MS = 500;
/**
 * The lead of a publish with a lease of 5 s. The first moments come with the
 * flood.
 */
const LEAD_MS = 7_000;
/** Cases that are published, each once. */
const WATCHED = (FLOOD_MS + LEAD_MS) / PUBLISH_INTERVAL_MS;
const POLL_MS = 20;
/** What the goal allows a publish, a moment and a push. */
const MAX_DELAY_MS = 500;

const options = commandOptions({ sizes: "100,1000,10000", rounds: 5 });
const sizes = countsIn("sizes", options.sizes);
const folder = await useBenchWorker();

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
/** @returns the status */
const answered = (url: string) =>
  new Promise<number>((resolve) => {
    const sent = get(url, { agent }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.on("error", () => resolve(0));
  });

/**
 * The address under which an isolate of this name answers. It begins with its
 * first request.
 */
const isolate = (name: string, path: string) =>
  `/bench/isolate?${new URLSearchParams({ name, path })}`;
let isolates = 0;

/**
 * Reads a case from an isolate until it shows a revision.
 * @returns how long after the moment that was, in milliseconds
 */
async function seenAfter(
  url: string,
  revision: number,
  liveAt: number,
): Promise<number> {
  await wait(Math.max(0, liveAt - Date.now()));
  for (;;) {
    const read = await fetch(url);
    const { revision: shown } = (await read.json()) as {
      revision?: { number: number };
    };
    if (read.ok && shown && shown.number >= revision)
      return Date.now() - liveAt;
    await wait(POLL_MS);
  }
}

/**
 * @param worker with the Ledger, where editors publish and readers' sockets are
 * @param edge with the isolates
 * @param names of the isolates that are searched; none for a quiet run
 */
async function flood(
  worker: TestWorkerProcess,
  edge: string,
  names: string[],
  turn: number,
) {
  const none = (): number[] => [];
  const waits = {
    search: none(),
    publish: none(),
    moment: none(),
    push: none(),
    failed: 0,
  };
  const cases = Array.from({ length: WATCHED }, (_, index) =>
    inventedCase(1 + turn * WATCHED + index),
  );
  const moments = cases.map(() => Promise.withResolvers<number>());
  const pushed = cases.map(async ({ id }, index) => {
    const { told, close } = await openWidget(worker, id);
    waits.push.push((await told) - (await moments[index]!.promise));
    close();
  });
  const reader = (id: string) =>
    edge + isolate(names[0] ?? "reader", addresses.case(id));
  const begun = Date.now();
  const publishing = cases.map(async (fields, index) => {
    await wait(Math.max(0, begun + index * PUBLISH_INTERVAL_MS - Date.now()));
    const asked = performance.now();
    const { liveAt, revision } = await worker.publish(fields, {
      notify: "none",
    });
    if (Date.now() > begun + LEAD_MS)
      waits.publish.push(performance.now() - asked);
    moments[index]!.resolve(Date.parse(liveAt));
    waits.moment.push(
      await seenAfter(reader(fields.id), revision, Date.parse(liveAt)),
    );
  });
  await wait(begun + LEAD_MS - Date.now());
  const searching: Promise<void>[] = [];
  const ask = async (number: number) => {
    const asked = performance.now();
    // Every other search is for a name that nobody has.
    const words =
      number % 2 === 0 ? surname(number) : `${surname(number)} ${number}`;
    const name = names[number % names.length] as string;
    if ((await answered(edge + isolate(name, search(words)))) !== 200)
      waits.failed++;
    waits.search.push(performance.now() - asked);
  };
  for (
    let number = 0;
    Date.now() < begun + LEAD_MS + FLOOD_MS;
    await wait(TICK_MS)
  ) {
    const due =
      names.length === 0
        ? 0
        : Math.floor((Date.now() - begun - LEAD_MS) / TICK_MS) *
          SEARCHES_A_TICK;
    while (number < due) searching.push(ask(++number));
  }
  await Promise.all([...searching, ...publishing, ...pushed]);
  return waits;
}

const ms = (number: number) => number.toFixed(number < 10 ? 1 : 0);
const spread = (waits: number[]) =>
  waits.length === 0
    ? ""
    : `${ms(median(waits))}; ${ms(quantile(waits, 0.95))}; ${ms(Math.max(...waits))}`;

/** CPU and time of a request, the Ledger's part included, in milliseconds. */
async function costOf(
  { url, pid }: TestWorkerProcess,
  path: string,
): Promise<{ cpu: number; time: number }> {
  let time = 0;
  const spentUs = await cpuUsFor(pid, async () => {
    const asked = performance.now();
    await (await fetch(url + path)).text();
    time = performance.now() - asked;
  });
  return { time, cpu: spentUs / 1_000 };
}

type Costs = Record<string, { cpu: number[]; time: number[] }>;

/**
 * Costs of an isolate that begins: in a new process, whose code is cold, and
 * once the code has run.
 */
async function beginnings(size: number) {
  const costs: Costs = {};
  const note = (name: string, { cpu, time }: { cpu: number; time: number }) => {
    costs[name] ??= { cpu: [], time: [] };
    costs[name].cpu.push(cpu);
    costs[name].time.push(time);
  };
  const state = join(folder, `state-${size}`);
  await (
    await startFilled({ cases: size }, { bot: false, persistTo: state })
  ).close();
  const firstRead = async (worker: TestWorkerProcess, code: string) => {
    for (const [what, path] of [
      ["list", paths.cases],
      ["search", search(surname(3))],
    ] as const)
      note(
        `first ${what}, code ${code}`,
        await costOf(worker, isolate(`beginning ${isolates++}`, path)),
      );
  };
  let heapMb = Number.NaN;
  for (let round = 0; round < options.rounds; round++) {
    log(`${size} cases, round ${round + 1} of ${options.rounds}`);
    const inspectorPort = await freePort();
    const worker = await startWorkerProcess({
      leaseSeconds: 5,
      bot: false,
      persistTo: state,
      inspectorPort,
    });
    await (await fetch(worker.url + record(1))).text();
    await firstRead(worker, "cold");
    if (round === 0)
      heapMb = await heapMbOf(inspectorPort, worker.url).catch(
        () => Number.NaN,
      );
    for (let again = 0; again < 5; again++) await firstRead(worker, "warm");
    note(
      "one page of all cases, the Ledger's part",
      await costOf(worker, "/bench/page"),
    );
    await worker.close();
  }
  return { costs, heapMb };
}

const largest = sizes.at(-1) as number;
const worker = await startFilled({ cases: largest });
const edge = await startWorkerProcess({
  leaseSeconds: 5,
  bot: false,
  env: { LEDGER_AT: worker.url },
});
const names = (count: number) =>
  Array.from({ length: count }, () => `flooded ${isolates++}`);
const warm = names(1);
await answered(edge.url + isolate(warm[0] as string, search("nobody")));
const rows: [string, string[]][] = [
  ["nobody searches", []],
  ["an isolate that has all cases", warm],
  ["an isolate that begins", names(1)],
  ["ten isolates that begin", names(10)],
];
const printed: unknown[][] = [];
let worst = 0;
for (const [turn, [what, of]] of rows.entries()) {
  log(what);
  const { search, failed, publish, moment, push } = await flood(
    worker,
    edge.url,
    of,
    turn,
  );
  if (of.length > 0) worst = Math.max(worst, ...publish, ...moment, ...push);
  printed.push([
    what,
    spread(search),
    failed,
    ...[publish, moment, push].map(spread),
    loadavg()[0]?.toFixed(1),
  ]);
}
console.log(
  `\n${machine()}; ${largest} cases; median, 95 % and most, in milliseconds\n`,
);
const heads = [
  "a search",
  "failed",
  "a publish",
  "a moment is seen",
  "a push",
  "load",
];
printTable(["500 searches a second, 2 publishes a second", ...heads], printed);
await Promise.all([worker.close(), edge.close()]);
console.log(
  `\nThe longest delay was ${ms(worst)} ms, and the goal is ${MAX_DELAY_MS}.\n`,
);

const begun: Awaited<ReturnType<typeof beginnings>>[] = [];
for (const size of sizes) begun.push(await beginnings(size));
const shown = (of: (costs: Costs[string]) => number[], name: string) =>
  begun.map(({ costs }) => ms(median(of(costs[name] as Costs[string]))));
const costRows = Object.keys(begun[0]?.costs ?? {}).flatMap((name) => [
  [`${name}: CPU in ms`, ...shown(({ cpu }) => cpu, name)],
  [`${name}: time in ms`, ...shown(({ time }) => time, name)],
]);
const heaps = [
  "heap in MB, Ledger and all",
  ...begun.map(({ heapMb }) => heapMb.toFixed(0)),
];
printTable(
  ["an isolate that begins, with so many cases", ...sizes],
  [...costRows, heaps],
);
agent.destroy();
process.exit(0);
