/**
 * Runs many Workers in one process, because loading Miniflare takes a second of
 * the processor. Prints `url: ...`.
 *
 *   POST /workers          settings as JSON; the answer is a stream of lines, {url} or {error} first, then one {log} for each log line
 *   POST /workers/N/close  waits until the Worker has ended; N is in the header `worker` of the stream
 *   POST /workers/N/cron   runs the cron trigger once, and waits until it has ended
 *   POST /kill             kills the runtime that started last, and waits until it has ended
 */
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { json } from "node:stream/consumers";
import {
  type RunningWorker,
  serveWorker,
  type WorkerSettings,
} from "../../worker/tools/local/runtime.ts";
import { listening } from "./listening.ts";

const workers = new Map<string, RunningWorker>();

/**
 * The newest process that this one started: workerd, since Miniflare starts no
 * other.
 */
let workerd: ChildProcess | undefined;
subscribe("child_process", (message) => {
  workerd = (message as { process: ChildProcess }).process;
});

async function kill(): Promise<void> {
  if (!workerd || workerd.exitCode !== null)
    throw new Error("there was no runtime to kill");
  const exit = once(workerd, "exit");
  workerd.kill("SIGKILL");
  await exit;
}

async function end(number: string): Promise<void> {
  const worker = workers.get(number);
  if (workers.delete(number)) await worker?.close();
}

let count = 0;

async function start(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const number = String(++count);
  const settings = (await json(request)) as WorkerSettings;
  const say = (line: object) => response.write(`${JSON.stringify(line)}\n`);
  response.setHeader("worker", number);
  try {
    const worker = await serveWorker({
      ...settings,
      onLog: (log) => say({ log: `${log}\n` }),
    });
    workers.set(number, worker);
    // A test file that ended without closing its Worker.
    response.once("close", () => void end(number));
    say({ url: worker.url });
  } catch (error) {
    say({ error: String(error) });
    response.end();
  }
}

const server = createServer(async (request, response) => {
  const [, what, number, action] = request.url!.split("/");
  if (what === "kill") await kill();
  else if (number === undefined) return start(request, response);
  else
    await (action === "cron" ? workers.get(number)?.scheduled() : end(number));
  response.end();
});
console.log(`url: http://127.0.0.1:${await listening(server)}`);
process.once(
  "disconnect",
  () =>
    void Promise.all([...workers.keys()].map(end)).finally(() =>
      process.exit(0),
    ),
);
