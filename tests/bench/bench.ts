/**
 * `npm run bench`: compares reads with a bare Hono route that sends the same bytes. Both share one isolate and take short turns, in another
 * order each round, and every turn is the same number of requests: so what else
 * the machine does touches both alike. CPU time is the judge. A ratio is the
 * median of the rounds' ratios; the figure after ± is half of the median's 95 %
 * confidence interval. Option: `--rounds 60`.
 */
import { addresses, paths } from "../../shared/addresses.ts";
import { ua12619 } from "../shared/cases.ts";
import { commandOptions } from "../support/command-options.ts";
import { cpuUsFor, median, medianError, printTable } from "./figures.ts";
import {
  log,
  machine,
  record,
  send,
  startFilled,
  useBenchWorker,
} from "./filled-worker.ts";
import { RawClient } from "./raw-client.ts";

const CONNECTIONS = 32;
const REQUESTS_A_TURN = 400;
const WARM_UP_TURNS = 10;
/** Cases of the reads of many cases. */
const MANY = 2_000;
const REAL = ua12619.id;

interface Turn {
  requests: number;
  /**
   * CPU time of the server per request, in microseconds; NaN where it can't be
   * read.
   */
  cpu: number;
}

/** One or more addresses, whose answers have the same length, by their name. */
const surfaces: Record<string, string[]> = {
  record: [addresses.case(REAL)],
  "view in Ukrainian": [addresses.view(REAL, "uk")],
  [`records of ${MANY} cases`]: Array.from({ length: MANY }, (_, index) =>
    record(3 + ((index * 7) % MANY)),
  ),
  page: [addresses.page(REAL)],
  "front page": [paths.front],
  list: [paths.cases],
};

const HONO = "Hono route, same bytes";

const clean = [
  "connection",
  "date",
  "keep-alive",
  "content-length",
  "transfer-encoding",
];

const { rounds } = commandOptions({ rounds: 60 });
await useBenchWorker();
const worker = await startFilled({ cases: MANY + 2, more: [ua12619] }, {});
const client = new RawClient(worker.url, CONNECTIONS);
const turn = async (paths: readonly string[]): Promise<Turn> => {
  let seconds = 0;
  const spent = await cpuUsFor(worker.pid, async () => {
    const begun = performance.now();
    await client.run(paths, REQUESTS_A_TURN);
    seconds = (performance.now() - begun) / 1_000;
  });
  return { requests: REQUESTS_A_TURN / seconds, cpu: spent / REQUESTS_A_TURN };
};

const rows: string[][] = [];
for (const [name, own] of Object.entries(surfaces)) {
  const first = await fetch(worker.url + own[0]);
  const body = await first.text();
  await send(worker, "PUT", "/bench/answer", {
    body,
    headers: Object.fromEntries(
      [...first.headers].filter(([header]) => !clean.includes(header)),
    ),
  });
  const all = Object.entries({
    "leased read": own,
    [HONO]: ["/bench/hono"],
  }).map(([contestant, paths]) => ({
    contestant,
    paths,
    turns: [] as Turn[],
  }));
  for (const path of own) await fetch(worker.url + path);
  for (const { paths } of all)
    for (let time = 0; time < WARM_UP_TURNS; time++) await turn(paths);
  for (let round = 1; round <= rounds; round++) {
    if (round % 10 === 1) log(`${name}: round ${round} of ${rounds}`);
    for (let at = 0; at < all.length; at++) {
      const next = all[(at + round) % all.length]!;
      next.turns.push(await turn(next.paths));
    }
  }
  const hono = all[1]!.turns;
  for (const { contestant, turns } of all) {
    const ratio = (key: keyof Turn) => {
      const ratios = turns.map((turn, round) => turn[key] / hono[round]![key]);
      return `${median(ratios).toFixed(3)} ± ${medianError(ratios).toFixed(3)}`;
    };
    const middle = (key: keyof Turn) =>
      median(turns.map((turn) => turn[key])).toFixed(0);
    const size = `${name} (${Buffer.byteLength(body)} B)`;
    rows.push([
      size,
      contestant,
      middle("requests"),
      ratio("requests"),
      `${middle("cpu")} us`,
      ratio("cpu"),
    ]);
  }
}
client.close();
await worker.close();
const heads = [
  "answer",
  "contestant",
  "requests/s",
  "to the Hono route",
  "server CPU a request",
  "to the Hono route",
];
console.log(`\n${machine()}; ${rounds} rounds\n`);
printTable(heads, rows);
