/**
 * Measures how long after its moment an update reaches each of many open sockets, and how long a bare Durable Object takes to send the
 * same message to as many.
 *
 * `npm run bench:push [-- --sockets 1000 --shards 1]`
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { addresses } from "../../shared/addresses.ts";
import { Case } from "../../shared/case/schema.ts";
import { startWorker } from "../harness.ts";
import { root } from "../root.ts";
import { startBaselines } from "./baseline.ts";

/** Two of workerd's for each socket, and some for itself. */
const filesFor = (sockets: number) => 2 * sockets + 200;

/** The files that a process may have open. Node raises its own limit to the hard one. Linux only. */
async function maxFiles(): Promise<number> {
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
  return Number(/Max open files\s+\d+\s+(\d+)/.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
}

/** The most sockets that a run on this machine can open. */
export const maxSockets = async () => Math.floor(((await maxFiles()) - filesFor(0)) / 2);

export interface PushFigures {
  /** For each socket, how long after the moment it had the update, in milliseconds, sorted. */
  casewire: number[];
  /** The same for a bare Durable Object, from the request that asks for the broadcast. */
  bare: number[];
}

/** Opens sockets in a process of their own. @returns the time at which each receives a message that contains a text, once all have */
async function crowd(url: string, sockets: number, awaited: string) {
  const child = spawn(process.execPath, [join(root, "tests/bench/sockets-process.ts"), url, String(sockets), awaited], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const exit = new Promise<never>((_, reject) => {
    child.once("exit", (code) => code !== 0 && reject(new Error("the sockets' process ended early")));
  });
  const arrivals = new Promise<number[]>((resolve) => {
    lines.on("line", (line) => line.startsWith("arrivals: ") && resolve(JSON.parse(line.slice(10))));
  });
  await Promise.race([exit, new Promise((resolve) => lines.once("line", resolve))]);
  return { arrivals: Promise.race([exit, arrivals]) };
}

const after = (arrivals: number[], moment: number) => arrivals.map((at) => at - moment).sort((a, b) => a - b);

/** @param shards the Channels that share the sockets */
export async function pushFigures(sockets: number, shards: number): Promise<PushFigures> {
  const demo = v.parse(Case, JSON.parse(await readFile(join(root, "worker/tools/local/cases/ua-0-00.json"), "utf8")));
  const worker = await startWorker({ leaseSeconds: 5, bot: false, env: { CHANNEL_SHARDS: String(shards) } });
  await worker.untilLive(await worker.publish(demo));
  const live = worker.url.replace("http", "ws") + addresses.live(demo.id, "uk", 1);
  const readers = await crowd(live, sockets, '"number":2,');
  const published = await worker.publish(demo, { note: { en: "A bench's revision of the invented case" } });
  const casewire = after(await readers.arrivals, Date.parse(published.liveAt));
  const view = await (await fetch(worker.url + addresses.view(demo.id, "uk"))).text();
  await worker.close();

  const baselines = await startBaselines({ body: "", headers: [] });
  const bareReaders = await crowd(`${baselines.url.replace("http", "ws")}/broadcast`, sockets, '"number":2,');
  const begun = Date.now();
  await fetch(`${baselines.url}/broadcast`, { method: "POST", body: view });
  const bare = after(await bareReaders.arrivals, begun);
  await baselines.close();
  return { casewire, bare };
}

/** A row of a Markdown table. */
export function pushRows(sockets: number, shards: number, { casewire, bare }: PushFigures): string {
  const told = (figures: number[]) => [figures[0], figures[figures.length >> 1], figures.at(-1)].join(", ");
  const channels = shards === 1 ? "" : ` of ${shards} Channels`;
  return `| update on ${sockets} sockets${channels} after liveAt: first, median, last; a bare Durable Object's broadcast | ${told(casewire)} ms; ${told(bare)} ms |`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { sockets: { type: "string", default: "1000" }, shards: { type: "string", default: "1" } },
  });
  const [sockets, shards] = [Number(values.sockets), Number(values.shards)];
  if (sockets > (await maxSockets())) {
    console.error(
      `${sockets} sockets need ${filesFor(sockets)} open files, and this shell allows ${await maxFiles()}: ulimit -Hn`,
    );
    process.exit(1);
  }
  console.log(`| what | figure |\n|---|---|\n${pushRows(sockets, shards, await pushFigures(sockets, shards))}`);
  process.exit(0);
}
