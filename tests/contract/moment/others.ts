/** Other invented cases beside the watched one. They are read in a random order, and one of them is updated every three seconds. */
import { setTimeout as wait } from "node:timers/promises";
import { addresses } from "../../../shared/addresses.ts";
import type { TestWorker } from "../../harness.ts";
import { inventedCase } from "../../invented.ts";

/** Few enough updates that the watched case stays on the first page of lists and feeds. */
const UPDATE_INTERVAL_MS = 3_000;
const READ_INTERVAL_MS = 10;
const PARALLEL_PUBLISHES = 4;

export interface Others {
  reads(): number;
  /** @returns the faults that were seen */
  stop(): Promise<string[]>;
}

export async function publishOthers(worker: TestWorker, count: number): Promise<Others> {
  const cases = Array.from({ length: count }, (_, index) => inventedCase(index + 1));
  const waiting = [...cases];
  const publishAll = async () => {
    for (let fields = waiting.pop(); fields; fields = waiting.pop()) await worker.publish(fields, { notify: "none" });
  };
  await Promise.all(Array.from({ length: PARALLEL_PUBLISHES }, publishAll));
  const last = cases[0];
  if (last) await worker.untilLive(await worker.publish(last, { notify: "none" }));
  const faults: string[] = [];
  const stopped = new AbortController();
  let reads = 0;
  const random = () => cases[Math.floor(Math.random() * count)]!;
  const repeat = async (interval: number, act: () => Promise<unknown>) => {
    while (count > 0 && !stopped.signal.aborted) {
      await act().catch((error) => faults.push(String(error)));
      await wait(interval);
    }
  };
  const running = Promise.all([
    repeat(READ_INTERVAL_MS, async () => {
      const response = await fetch(worker.url + addresses.case(random().id));
      await response.arrayBuffer();
      if (response.status !== 200) faults.push(`status ${response.status}`);
      reads++;
    }),
    repeat(UPDATE_INTERVAL_MS, () => worker.publish(random(), { notify: "none" })),
  ]);
  return {
    reads: () => reads,
    async stop() {
      stopped.abort();
      await running;
      return faults;
    },
  };
}
