/**
 * Measures how long after its moment an update reaches each of many open
 * sockets, and what a widget's ping costs.
 *
 * `npm run bench:push [-- --sockets 1000]`. Workerd has two open files for each socket: `ulimit -Hn`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { WebSocket } from "ws";
import { addresses } from "../../shared/addresses.ts";
import { demo } from "../shared/cases.ts";
import { commandOptions } from "../support/command-options.ts";
import {
  startWorkerProcess,
  type TestWorkerProcess,
} from "../support/harness.ts";
import { root } from "../support/root.ts";
import { cpuUsFor, median, printTable, quantile } from "./figures.ts";

/** The first one runs code that has never run; the others don't. */
const MOMENTS = 6;

const PINGING_SOCKETS = 100;
const PINGS_PER_SOCKET = 200;

/**
 * For each moment and each socket, how long after the moment it had the update,
 * in milliseconds, sorted.
 */
type Delays = number[][];

/** The addresses of invented clients. */
const clients = (sockets: number) =>
  Array.from(
    { length: sockets },
    (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
  );

/**
 * Opens a socket for each address, in a process of their own.
 * @returns a function that waits until each socket has the next revision, and
 * gives the times at which they had it
 */
async function crowd(
  url: string,
  addresses: string[],
): Promise<() => Promise<number[]>> {
  const script = join(root, "tests/bench/sockets-process.ts");
  const child = spawn(process.execPath, [script, url, String(MOMENTS + 1)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(addresses.join("\n"));
  const lines = createInterface({ input: child.stdout })[
    Symbol.asyncIterator
  ]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the sockets' process ended early");
    return value;
  };
  await next();
  return async () =>
    JSON.parse((await next()).slice("arrivals: ".length)) as number[];
}

const after = (arrivals: number[], moment: number) =>
  arrivals.map((at) => at - moment).sort((a, b) => a - b);

/**
 * CPU time of the runtime for each ping, in microseconds.
 * @param live address of a socket
 */
async function pingUs(
  { url, pid }: TestWorkerProcess,
  live: string,
): Promise<number> {
  const sockets = clients(PINGING_SOCKETS).map(
    (address) =>
      new WebSocket(url.replace("http", "ws") + live, {
        headers: { "CF-Connecting-IP": address },
        perMessageDeflate: false,
      }),
  );
  await Promise.all(sockets.map((socket) => once(socket, "message")));
  const ping = async (socket: WebSocket) => {
    for (let left = PINGS_PER_SOCKET; left > 0; left--) {
      socket.send("ping");
      await once(socket, "message");
    }
  };
  const spent = await cpuUsFor(pid, () => Promise.all(sockets.map(ping)));
  for (const socket of sockets) socket.terminate();
  return spent / (PINGING_SOCKETS * PINGS_PER_SOCKET);
}

/**
 * @returns the delays, and CPU time of the runtime for a ping, in microseconds,
 * NaN where it can't be read
 */
async function pushFigures(sockets: number) {
  const worker = await startWorkerProcess({ leaseSeconds: 5, bot: false });
  await worker.untilLive(await worker.publish(demo));
  // Before the crowd, whose sockets would be closing afterwards. A socket
  // without a revision is sent one at once.
  const ping = await pingUs(worker, addresses.live(demo.id, "uk", 0));
  const live = addresses.live(demo.id, "uk", 1);
  const arrivals = await crowd(
    worker.url.replace("http", "ws") + live,
    clients(sockets),
  );
  const delays: Delays = [];
  for (let moment = 1; moment <= MOMENTS; moment++) {
    const { liveAt } = await worker.publish(demo, {
      note: { en: "A bench's revision of the invented case" },
    });
    delays.push(after(await arrivals(), Date.parse(liveAt)));
  }
  await worker.close();
  return { delays, pingUs: ping };
}

const { sockets } = commandOptions({ sockets: 1000 });
const { delays, pingUs: ping } = await pushFigures(sockets);
const row = (what: string, moments: Delays) => [
  `update on ${sockets} sockets, ${what}, after liveAt: first, median, last`,
  `${[0, 0.5, 1].map((share) => median(moments.map((one) => quantile(one, share)))).join(", ")} ms`,
];
printTable(
  ["what", "figure"],
  [
    row("its first moment", delays.slice(0, 1)),
    row(`median of ${MOMENTS - 1} more`, delays.slice(1)),
    ["a widget's ping: CPU of the runtime", `${ping.toFixed(0)} µs`],
  ],
);
process.exit(0);
