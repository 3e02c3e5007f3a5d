/**
 * `npm run bench:heap`: the heap of an isolate that has the list of 10,000 cases and whose memory for copies is full, and by how much its
 * process has grown since it had none. The runtime holds a part of every kept answer outside the heap. In a local run the Ledger shares
 * the isolate. The copies are at first of small answers, and then mostly of long cases in Cyrillic letters.
 */
import { join } from "node:path";
import { addresses, paths } from "../../shared/addresses.ts";
import { commandOptions } from "../command-options.ts";
import { startWorkerProcess } from "../harness.ts";
import { freePort } from "../stand-in-process.ts";
import { residentMbOf } from "./figures.ts";
import { startFilled, useBenchWorker } from "./filled-worker.ts";
import { heapMbOf } from "./heap.ts";
import { RawClient } from "./raw-client.ts";

const CASES = 8_500;
const LONG_FROM = 20_000;
const LONG_CASES = 1_500;
const SMALL_ANSWERS = 10_000;
const LANGUAGES = ["en", "uk"];
const PUBLIC_URL = "https://casewire.test";
/** The list is filled page by page. */
const LISTS = 320;
const TEXT = "Вигадану людину тримають під вартою в Демоландії, країні, якої немає на мапі світу. ".repeat(3);

commandOptions({});
const folder = await useBenchWorker();
const options = { leaseSeconds: 5, bot: false, persistTo: join(folder, "state") };
const filling = { cases: CASES, long: { from: LONG_FROM, cases: LONG_CASES, text: TEXT } };
await (await startFilled(filling, options)).close();
// A process that has filled a Ledger holds memory that is free again.
const inspectorPort = await freePort();
const worker = await startWorkerProcess({ ...options, inspectorPort });
// The Ledger derives the keys of all cases first.
while (!(await fetch(worker.url + paths.cases)).ok);
const client = new RawClient(worker.url, 4);
const ids = Array.from({ length: LONG_CASES }, (_, index) => `ua-${LONG_FROM + index}-00`);
const pages = (size: number, pathOf: (index: number) => string) => Array.from({ length: size }, (_, at) => pathOf(at));
const small = Array.from({ length: SMALL_ANSWERS }, (_, at) =>
  addresses.badge(`ua-${(at % CASES) + 1}-00`, LANGUAGES[Math.floor(at / CASES)]!),
);
const steps: [what: string, paths: string[]][] = [
  // They leave the process as large as so many requests make it.
  [
    "answers that aren't kept",
    pages(SMALL_ANSWERS, () => `${paths.oembed}?url=${encodeURIComponent(PUBLIC_URL + addresses.page(ids[0]!))}`),
  ],
  [
    "one of each",
    [paths.cases, small[0]!, addresses.case(ids[0]!), addresses.page(ids[0]!), addresses.revisions(ids[0]!)],
  ],
  ["the list and its index", pages(LISTS, (index) => `${paths.cases}?limit=${(index % 40) + 1}`)],
  ["small answers", small],
  ["records", ids.map((id) => addresses.case(id))],
  ["pages", ids.map((id) => addresses.page(id, "uk"))],
  ["histories", ids.map((id) => addresses.revisions(id))],
  ["addresses of third parties", pages(20_000, (at) => `${addresses.page(ids[at % 20]!)}?x=${"x".repeat(220)}${at}`)],
];
let atFirst: number | undefined;
for (const [what, all] of steps) {
  await client.run(all, all.length);
  const heap = await heapMbOf(inspectorPort, worker.url);
  const process = await residentMbOf(worker.pid);
  atFirst ??= process;
  console.log(`after ${what}: heap ${heap.toFixed(1)} MB, process +${(process - atFirst).toFixed(0)} MB`);
}
client.close();
await worker.close();
process.exit(0);
