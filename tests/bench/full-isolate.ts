/**
 * `npm run bench:heap`: the heap of an isolate that has the list of 10,000 cases and whose memory for copies is full. In a local run the
 * Ledger shares the isolate. Most of the copies are of long cases in Cyrillic letters.
 */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addresses, paths } from "../../shared/addresses.ts";
import { buildScripts, bundleWorker } from "../../worker/tools/local/runtime.ts";
import { commandOptions } from "../command-options.ts";
import { startWorkerProcess } from "../harness.ts";
import { freePort } from "../stand-in-process.ts";
import { heapMbOf } from "./heap.ts";
import { RawClient } from "./raw-client.ts";

const CASES = 8_500;
const LONG_FROM = 20_000;
const LONG_CASES = 1_500;
/** The list is filled page by page. */
const LISTS = 320;
const TEXT = "Вигадану людину тримають під вартою в Демоландії, країні, якої немає на мапі світу. ".repeat(3);

commandOptions({});
await buildScripts();
const folder = await mkdtemp(join(tmpdir(), "casewire-heap-"));
process.env.CASEWIRE_BUNDLE = await bundleWorker("tests/bench/growth-worker.ts", folder);
const inspectorPort = await freePort();
const worker = await startWorkerProcess({ leaseSeconds: 5, inspectorPort, bot: false });
const filling = { cases: CASES, history: 1, events: 1, long: { from: LONG_FROM, cases: LONG_CASES, text: TEXT } };
await fetch(`${worker.url}/fill`, { method: "POST", body: JSON.stringify(filling) });
const client = new RawClient(worker.url, 4);
const ids = Array.from({ length: LONG_CASES }, (_, index) => `ua-${LONG_FROM + index}-00`);
const pages = (size: number, pathOf: (index: number) => string) => Array.from({ length: size }, (_, at) => pathOf(at));
const steps: [what: string, paths: string[]][] = [
  ["the list and its index", pages(LISTS, (index) => `${paths.cases}?limit=${(index % 40) + 1}`)],
  ["records", ids.map((id) => addresses.case(id))],
  ["pages", ids.map((id) => addresses.page(id, "uk"))],
  ["histories", ids.map((id) => addresses.revisions(id))],
  ["addresses of third parties", pages(20_000, (at) => `${addresses.page(ids[at % 20]!)}?x=${"x".repeat(220)}${at}`)],
];
for (const [what, all] of steps) {
  await client.run(all, all.length);
  console.log(`after ${what}: ${(await heapMbOf(inspectorPort, worker.url)).toFixed(1)} MB`);
}
client.close();
await worker.close();
process.exit(0);
