/**
 * Compares reads with the simplest ways to send the same bytes. All contestants share one isolate and take short turns, in another
 * order each round, and every turn is the same number of requests: so what else the machine does touches all of them alike. CPU time
 * is the judge. A ratio is the median of the rounds' ratios to the Hono route; the figure after ± is half of the median's 95 %
 * confidence interval.
 */
import { addresses, paths } from "../../shared/addresses.ts";
import { ua12619 } from "../shared/cases.ts";
import { cpuUsFor, median, medianError } from "./figures.ts";
import { log, record, send, startFilled, useBenchWorker } from "./filled-worker.ts";
import { RawClient } from "./raw-client.ts";

const CONNECTIONS = 32;
const REQUESTS_A_TURN = 400;
const WARM_UP_TURNS = 10;
/** Cases of the reads of many cases. */
const MANY = 2_000;
const REAL = ua12619.id;

interface Turn {
  requests: number;
  /** CPU time of the server per request, in microseconds; NaN where it can't be read. */
  cpu: number;
}

/** One or more addresses, whose answers have the same length, by their name. */
const surfaces: Record<string, string[]> = {
  record: [addresses.case(REAL)],
  "view in Ukrainian": [addresses.view(REAL, "uk")],
  [`records of ${MANY} cases`]: Array.from({ length: MANY }, (_, index) => record(3 + ((index * 7) % MANY))),
  page: [addresses.page(REAL)],
  "front page": [paths.front],
  list: [paths.cases],
};

const OURS = "leased read";
const HONO = "Hono route, same bytes";
/** Contestants besides the leased read. Those after the first are compared once, with the record. */
const baselines: [string, string][] = [
  [HONO, "/bench/hono"],
  ["bare constant handler", "/bench/constant"],
  ["Durable Object read each time", "/bench/object"],
];

const clean = ["connection", "date", "keep-alive", "content-length", "transfer-encoding"];

/** @returns rows of a Markdown table */
export async function readRows(rounds: number): Promise<string> {
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

  const rows: string[] = [];
  for (const [index, [name, own]] of Object.entries(surfaces).entries()) {
    const first = await fetch(worker.url + own[0]);
    const body = await first.text();
    await send(worker, "PUT", "/bench/answer", {
      body,
      headers: [...first.headers].filter(([header]) => !clean.includes(header)),
    });
    const ours: [string, string[]] = [OURS, own];
    const others = baselines.slice(0, index === 0 ? undefined : 1).map(([name, path]) => [name, [path]] as const);
    const all = [ours, ...others].map(([contestant, paths]) => ({ contestant, paths, turns: [] as Turn[] }));
    for (const path of own) await fetch(worker.url + path);
    for (const { paths } of all) for (let time = 0; time < WARM_UP_TURNS; time++) await turn(paths);
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
      const middle = (key: keyof Turn) => median(turns.map((turn) => turn[key])).toFixed(0);
      rows.push(
        `| ${name} (${Buffer.byteLength(body)} B) | ${contestant} | ${middle("requests")} | ${ratio("requests")} | ${middle("cpu")} us | ${ratio("cpu")} |`,
      );
    }
  }
  client.close();
  await worker.close();
  return [
    "| answer | contestant | requests/s | to the Hono route | server CPU a request | to the Hono route |",
    "|---|---|---:|---:|---:|---:|",
    ...rows,
  ].join("\n");
}
