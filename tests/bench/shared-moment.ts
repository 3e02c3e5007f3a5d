/**
 * `npm run bench:moment [-- --sizes 100,1000,3000,10000 --rounds 3]`: every case is updated with one moment, some have an open widget, and
 * another case is redacted soon after. Prints the CPU for each update in
 * settling alone, with announcements and readers, the longest waits of readers,
 * when the last widget was told, and, after the moment of the redaction, its
 * widget.
 */
import { loadavg } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { paths } from "../../shared/addresses.ts";
import { commandOptions, countsIn } from "../support/command-options.ts";
import type { TestWorkerProcess } from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import { cpuUsOf } from "./figures.ts";
import {
  numberAt,
  openWidget,
  record,
  send,
  startFilled,
  useBenchWorker,
} from "./filled-worker.ts";
import { RawClient } from "./raw-client.ts";

/**
 * The lead of a publish with a lease of 5 s, and what a busy machine needs
 * besides.
 */
const LEAD_MS = 12_000;
/** Readers begin before the last leases end. */
const BEFORE_MS = 4_000;
const AFTER_MS = 500;
/** From the shared moment to that of the redaction. */
const URGENT_AFTER_MS = 300;
/** Widgets that are open, each of another case. */
const WIDGETS = 20;

type SharedMoment = Awaited<ReturnType<typeof sharedMoment>>;
/** The longest wait of a read of one case, and of the list, in milliseconds. */
const noWaits = () => ({ record: 0, list: 0 });
type Waits = ReturnType<typeof noWaits>;

/**
 * @param cases the first so many invented cases, which must be live, as must
 * one more
 * @param publishMs how long it takes to publish all updates
 */
async function sharedMoment(
  worker: TestWorkerProcess,
  cases: number,
  publishMs: number,
) {
  const liveAt = Date.now() + LEAD_MS + 2 * publishMs;
  const urgentAt = liveAt + URGENT_AFTER_MS;
  await send(worker, "POST", "/bench/share-moment", {
    cases,
    liveAt,
    urgentAt,
  });
  const evenly = Array.from({ length: WIDGETS }, (_, index) =>
    Math.ceil(((index + 1) * cases) / WIDGETS),
  );
  const open = await Promise.all(
    [...evenly, cases + 1].map((number) =>
      openWidget(worker, inventedCase(number).id),
    ),
  );
  await wait(liveAt - BEFORE_MS - Date.now());

  const figures = {
    /** In the second before the moment, and from the moment on. */
    ...{ before: noWaits(), after: noWaits() },
    /**
     * CPU for each revision until all are announced, and until every reader has
     * an answer, in microseconds.
     */
    cpuUs: 0,
    /**
     * When the last widget was told, after the moment, and the widget of the
     * redacted case, after the redaction's, in milliseconds.
     */
    ...{ widgets: 0, urgent: 0 },
  };
  let isOver = false;
  const read = async (kind: keyof Waits, pathOf: (turn: number) => string) => {
    let client = new RawClient(worker.url, 1);
    for (let turn = 0; !isOver; turn++) {
      const begun = Date.now();
      const started = performance.now();
      // After ten seconds a reader gets 503, and goes on waiting.
      const ask = (): Promise<void> =>
        client.run([pathOf(turn)], 1).catch(() => {
          client.close();
          client = new RawClient(worker.url, 1);
          return ask();
        });
      await ask();
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
    read("record", (turn) => record(1 + ((turn * 37) % cases))),
    read("record", () => record(cases)),
    read("list", () => paths.cases),
  ];
  await wait(liveAt - 1 - Date.now());
  const before = await cpuUsOf(worker.pid);
  await wait(liveAt + AFTER_MS - Date.now());
  while ((await numberAt(worker, "/bench/waiting")) > 0) await wait(20);
  figures.cpuUs = ((await cpuUsOf(worker.pid)) - before) / cases;
  const told = await Promise.all(open.map((widget) => widget.told));
  figures.urgent = told.pop()! - urgentAt;
  figures.widgets = Math.max(0, ...told) - liveAt;
  for (const widget of open) widget.close();
  isOver = true;
  await Promise.all(readers);
  return figures;
}

/**
 * CPU for each revision of settling alone, in microseconds, and how long it
 * took to publish all, in milliseconds.
 */
async function settling(
  worker: TestWorkerProcess,
  cases: number,
): Promise<{ settleUs: number; publishMs: number }> {
  for (;;) {
    const begun = performance.now();
    await (await fetch(`${worker.url}/bench/late?cases=${cases}`)).text();
    const publishMs = performance.now() - begun;
    const before = await cpuUsOf(worker.pid);
    const settled = await numberAt(worker, "/bench/settle");
    // An alarm of the moment before may have settled them first.
    if (settled === cases)
      return {
        settleUs: ((await cpuUsOf(worker.pid)) - before) / cases,
        publishMs,
      };
  }
}

const { sizes, rounds } = commandOptions({
  sizes: "100,1000,3000,10000",
  rounds: 3,
});
await useBenchWorker();
const range = (numbers: number[], digits = 0) =>
  `${Math.min(...numbers).toFixed(digits)} to ${Math.max(...numbers).toFixed(digits)} ms`;
for (const cases of countsIn("sizes", sizes)) {
  const worker = await startFilled({ cases: cases + 1 });
  const alone: number[] = [];
  const moments: SharedMoment[] = [];
  for (let round = 0; round < rounds; round++) {
    const { settleUs, publishMs } = await settling(worker, cases);
    alone.push(settleUs / 1_000);
    moments.push(await sharedMoment(worker, cases, publishMs));
  }
  const all = (of: (moment: SharedMoment) => number, digits?: number) =>
    range(moments.map(of), digits);
  const waits = (kind: keyof Waits) =>
    `${all(({ after }) => after[kind])} (before: ${all(({ before }) => before[kind])})`;
  console.log(
    [
      `${cases} cases (load ${loadavg()[0]?.toFixed(1)}): settling ${range(alone, 2)} of CPU for each`,
      `with all else ${all(({ cpuUs }) => cpuUs / 1_000, 2)}`,
      `longest wait for a record ${waits("record")}, for the list ${waits("list")}`,
      `last of ${WIDGETS} widgets told after ${all(({ widgets }) => widgets)}, that of a redaction after ${all(({ urgent }) => urgent)}`,
    ].join("; "),
  );
  await worker.close();
}
process.exit(0);
