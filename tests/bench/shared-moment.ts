/**
 * `npm run bench:moment [-- --sizes 100,1000,3000,10000 --rounds 3]`: every case is updated with one moment. Prints the CPU for each update in settling alone, with announcements and readers, and the longest waits of readers.
 */
import { mkdtemp } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { addresses, paths } from "../../shared/addresses.ts";
import { buildScripts, bundleWorker } from "../../worker/tools/local/runtime.ts";
import { commandOptions, countsIn } from "../command-options.ts";
import { startWorkerProcess, type TestWorkerProcess } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { cpuUsOf } from "./figures.ts";
import { RawClient } from "./raw-client.ts";

/** The lead of a publish with a lease of 5 s, and what the machine needs besides. */
const LEAD_MS = 8_000;
/** Publishing one update with a stated moment. */
const PUBLISH_MS = 2;
/** Readers begin before the last leases end. */
const BEFORE_MS = 4_000;
const AFTER_MS = 500;

interface SharedMoment {
  /** The longest wait of a read of one case, and of the list, in the second before the moment, and from the moment on, in milliseconds. */
  before: Waits;
  after: Waits;
  /** CPU for each revision until all are announced, and until every reader has an answer, in microseconds. */
  cpuUs: number;
}
interface Waits {
  record: number;
  list: number;
}

/** @param cases the first so many invented cases, which must be live */
async function sharedMoment(worker: TestWorkerProcess, cases: number): Promise<SharedMoment> {
  const liveAt = Date.now() + LEAD_MS + PUBLISH_MS * cases;
  const published = await fetch(`${worker.url}/share-moment`, {
    method: "POST",
    body: JSON.stringify({ cases, liveAt }),
  });
  if (published.status !== 200) throw new Error(await published.text());
  await wait(liveAt - BEFORE_MS - Date.now());

  const figures: SharedMoment = { before: { record: 0, list: 0 }, after: { record: 0, list: 0 }, cpuUs: 0 };
  let isOver = false;
  const read = async (kind: keyof Waits, pathOf: (turn: number) => string) => {
    const client = new RawClient(worker.url, 1);
    for (let turn = 0; !isOver; turn++) {
      const begun = Date.now();
      const started = performance.now();
      await client.run([pathOf(turn)], 1);
      const waited = performance.now() - started;
      const end = begun + waited;
      // One that waits across the moment belongs to it.
      const waits = end < liveAt ? figures.before : figures.after;
      if (begun > liveAt - 1_000) waits[kind] = Math.max(waits[kind], waited);
      await wait(2);
    }
    client.close();
  };
  const readers = [
    read("record", (turn) => addresses.case(inventedCase(1 + ((turn * 37) % cases)).id)),
    read("record", () => addresses.case(inventedCase(cases).id)),
    read("list", () => paths.cases),
  ];
  await wait(liveAt - 1 - Date.now());
  const before = await cpuUsOf(worker.pid);
  await wait(liveAt + AFTER_MS - Date.now());
  while (Number(await (await fetch(`${worker.url}/waiting`)).text()) > 0) await wait(20);
  figures.cpuUs = ((await cpuUsOf(worker.pid)) - before) / cases;
  isOver = true;
  await Promise.all(readers);
  return figures;
}

/** CPU for each revision of settling alone, in microseconds. */
async function settling({ url, pid }: TestWorkerProcess, cases: number): Promise<number> {
  for (;;) {
    await (await fetch(`${url}/late?cases=${cases}`)).text();
    const before = await cpuUsOf(pid);
    const settled = Number(await (await fetch(`${url}/settle`)).text());
    // An alarm of the moment before may have settled them first.
    if (settled === cases) return ((await cpuUsOf(pid)) - before) / cases;
  }
}

const { sizes, rounds } = commandOptions({ sizes: "100,1000,3000,10000", rounds: 3 });
await buildScripts();
process.env.CASEWIRE_BUNDLE = await bundleWorker(
  "tests/bench/growth-worker.ts",
  await mkdtemp(join(tmpdir(), "casewire-moment-")),
);
const range = (numbers: number[], unit: string) =>
  `${Math.min(...numbers).toFixed(unit === "ms" ? 0 : 2)} to ${Math.max(...numbers).toFixed(unit === "ms" ? 0 : 2)} ms`;
for (const cases of countsIn("sizes", sizes)) {
  const worker = await startWorkerProcess({ leaseSeconds: 5, bot: false });
  await fetch(`${worker.url}/fill`, { method: "POST", body: JSON.stringify({ cases, history: 1, events: 1 }) });
  const [alone, moments]: [number[], SharedMoment[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    alone.push(await settling(worker, cases));
    moments.push(await sharedMoment(worker, cases));
  }
  const waits = (when: "before" | "after", kind: keyof Waits) =>
    range(
      moments.map((one) => one[when][kind]),
      "ms",
    );
  console.log(
    `${cases} cases (load ${loadavg()[0]?.toFixed(1)}): settling ${range(
      alone.map((us) => us / 1_000),
      "",
    )} of CPU for each; with all else ${range(
      moments.map(({ cpuUs }) => cpuUs / 1_000),
      "",
    )}; longest wait for a record ${waits("after", "record")} (before: ${waits("before", "record")}), for the list ${waits("after", "list")} (before: ${waits("before", "list")})`,
  );
  await worker.close();
}
process.exit(0);
