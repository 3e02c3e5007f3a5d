/** The memory of an isolate, from the runtime's inspector. */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";

const ANSWER_TIMEOUT_MS = 60_000;
/**
 * The inspector sometimes gives a busy isolate's answer only to another
 * connection.
 */
const ATTEMPTS = 3;
const WORK_INTERVAL_MS = 200;

/**
 * Returns the heap of the Worker's isolate after a garbage collection, in MB.
 * In a local run the Durable Objects share the isolate.
 * @param url of the Worker: the inspector answers while the isolate works
 */
export async function heapMbOf(
  inspectorPort: number,
  url: string,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await measuredOn(inspectorPort, url);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function measuredOn(inspectorPort: number, url: string): Promise<number> {
  const socket = new WebSocket(
    `ws://127.0.0.1:${inspectorPort}/core:user:casewire`,
  );
  await once(socket, "open");
  let last = 0;
  const call = async (method: string): Promise<unknown> => {
    const id = ++last;
    const answers: {
      id?: number;
      result?: unknown;
      error?: { message: string };
    }[] = [];
    socket.on("message", (data) => {
      const message = JSON.parse(String(data)) as (typeof answers)[0];
      if (message.id === id) answers.push(message);
    });
    socket.send(JSON.stringify({ id, method }));
    // A request that ends before the inspector has the question gets no answer
    // out of it.
    for (
      const end = Date.now() + ANSWER_TIMEOUT_MS;
      answers.length === 0;
      await delay(WORK_INTERVAL_MS)
    ) {
      if (Date.now() > end) throw new Error(`${method}: no answer`);
      await (await fetch(`${url}/healthz`)).text();
    }
    const [{ result, error } = {}] = answers;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  try {
    await call("Runtime.enable");
    await call("HeapProfiler.enable");
    await call("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize = 0 } = (await call(
      "Runtime.getHeapUsage",
    )) as {
      usedSize: number;
      backingStorageSize?: number;
    };
    return (usedSize + backingStorageSize) / 1_000_000;
  } finally {
    socket.terminate();
  }
}
