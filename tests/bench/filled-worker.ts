/** Workers whose Ledger fills itself, for the benches. */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { addresses, paths } from "../../shared/addresses.ts";
import {
  buildScripts,
  bundleWorker,
} from "../../worker/tools/local/runtime.ts";
import {
  startWorkerProcess,
  type TestWorkerProcess,
  type WorkerOptions,
} from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import type { Filling } from "./filling.ts";

export const log = (text: string) => process.stderr.write(`${text}\n`);

/** What a bench ran on. */
export const machine = () =>
  `${cpus()[0]?.model}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`;

/**
 * Builds the Worker of this process's benches.
 * @returns a folder for their files, which is removed when the process ends
 */
export async function useBenchWorker(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "casewire-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await buildScripts();
  process.env.CASEWIRE_BUNDLE = await bundleWorker(
    "tests/bench/bench-worker.ts",
    join(folder, "code"),
  );
  return folder;
}

/** Sends a body as JSON. @throws Error for a refusal */
export async function send(
  worker: TestWorkerProcess,
  method: "POST" | "PUT",
  path: string,
  body: unknown,
) {
  const answer = await fetch(worker.url + path, {
    method,
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${text}\n${worker.output()}`);
}

export async function startFilled(
  {
    cases,
    history = 1,
    events = 1,
    ...more
  }: Partial<Filling> & { cases: number },
  options: WorkerOptions = { bot: false },
): Promise<TestWorkerProcess> {
  log(`filling a Ledger with ${cases} cases`);
  const worker = await startWorkerProcess({ leaseSeconds: 5, ...options });
  await send(worker, "POST", "/bench/fill", {
    cases,
    history,
    events,
    ...more,
  });
  return worker;
}

/**
 * The number of the bench Worker's own answer: questions to the Ledger,
 * announcements that wait.
 */
export const numberAt = async ({ url }: TestWorkerProcess, path: string) =>
  Number(await (await fetch(url + path)).text());

/**
 * A widget's socket that has the newest revision of a case.
 * @returns when it is told of the next one
 */
export async function openWidget({ url }: TestWorkerProcess, id: string) {
  const socket = new WebSocket(
    url.replace("http", "ws") + addresses.live(id, "en", 0),
  );
  const next = () =>
    new Promise<number>((resolve) =>
      socket.once("message", () => resolve(Date.now())),
    );
  await next();
  return { told: next(), close: () => socket.terminate() };
}

export const record = (number: number) =>
  addresses.case(inventedCase(number).id);
export const search = (words: string) =>
  `${paths.cases}?q=${encodeURIComponent(words)}`;
