/** A case whose sockets are shared by three Channels. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { addresses } from "../../shared/addresses.ts";
import { startWorker, type TestWorker } from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";

const SHARDS = 3;
const SOCKETS = 60;
let worker: TestWorker;

beforeAll(async () => {
  worker = await startWorker({
    env: { CHANNEL_SHARDS: String(SHARDS), SOCKETS_PER_ADDRESS: "2" },
    bot: false,
  });
});
afterAll(() => worker?.close());

interface Line {
  socket: WebSocket;
  numbers: number[];
}

/** @returns the open socket, or the HTTP status of the refusal */
function connect(address: string, revision: number): Promise<Line | number> {
  const url =
    worker.url.replace("http", "ws") +
    addresses.live("ua-1-00", "en", revision);
  const socket = new WebSocket(url, {
    headers: { "CF-Connecting-IP": address },
  });
  const numbers: number[] = [];
  socket.on("message", (data) =>
    numbers.push(JSON.parse(String(data)).revision.number),
  );
  return new Promise((resolve, reject) => {
    socket.on("open", () => resolve({ socket, numbers }));
    socket.on("unexpected-response", (_, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on("error", reject);
  });
}

it("An update reaches each socket of every shard once, and an address can't open more sockets than it may", async () => {
  await worker.untilLive(await worker.publish(inventedCase(1)));
  const lines = await Promise.all(
    Array.from({ length: SOCKETS }, (_, index) =>
      connect(`192.0.2.${index}`, 1),
    ),
  );
  const open = lines.filter((line) => typeof line === "object");
  expect(open).toHaveLength(SOCKETS);
  expect(await connect("192.0.2.1", 1)).toBeTypeOf("object");
  expect(await connect("192.0.2.1", 1)).toBe(429);

  const published = await worker.publish(
    inventedCase(1, { asOf: { date: "2000-02-03" } }),
  );
  await expect
    .poll(() => open.every(({ numbers }) => numbers.length > 0))
    .toBe(true);
  const late = Date.now() - Date.parse(published.liveAt);
  expect(late).toBeLessThan(5_000);
  await worker.untilLive(
    await worker.publish(inventedCase(1, { asOf: { date: "2000-02-04" } })),
  );
  await expect
    .poll(() => open.every(({ numbers }) => numbers.length > 1))
    .toBe(true);
  expect(open.map(({ numbers }) => numbers)).toEqual(
    Array(SOCKETS).fill([2, 3]),
  );
  for (const { socket } of open) socket.terminate();
});
