/**
 * One deployment under constant churn: sockets that open and close, chats that
 * follow, unfollow and forget, editors that publish, undo, save and delete
 * drafts, and readers of every surface. The memory of the runtime must be as
 * flat at the end as after the first tenth, and the rows of the transient
 * tables and the alarms too. `npm run soak` goes on for about an hour; `npm
 * test` does it once, and doesn't judge the memory.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { addresses, addressOf, paths } from "../../shared/addresses.ts";
import { heapMbOf } from "../bench/heap.ts";
import { Storage } from "../fuzz/storage.ts";
import { startWorker, type TestWorker } from "../support/harness.ts";
import { draftOf, inventedCase } from "../support/invented.ts";
import { scaled } from "../support/scaled.ts";
import { freePort, spawnStandIn } from "../support/stand-in-process.ts";

const CASES = 20;
const CHATS = 50;
const PUBLISHERS = 3;
const SOCKETS = scaled(10, 100);
/** Of each publisher. One takes about three seconds, until it is live. */
const PUBLISHES = scaled(1, 1_000);
const SAMPLES = 20;
/** The first samples show caches that fill. */
const WARM_SAMPLES = 4;
/**
 * Garbage collection and the page cache move the figures; a leak of an hour is
 * larger.
 */
const MAX_HEAP_GROWTH_MB = 12;
/**
 * Messages and cards to every chat about every case. More would mean that older
 * messages to a chat don't give way to newer ones.
 */
const MAX_OUTBOX_ROWS = 2 * CHATS * CASES;
const MAX_SOCKET_MS = scaled(1_000, 10_000);

let folder: string;
let inspectorPort: number;
let worker: TestWorker;
let standIn: Awaited<ReturnType<typeof spawnStandIn>>;
let storage: Storage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "casewire-soak-"));
  inspectorPort = await freePort();
  worker = await startWorker({
    inspectorPort,
    persistTo: folder,
    env: { TELEGRAM_RATE: "300" },
  });
  standIn = await spawnStandIn(worker);
  storage = new Storage(folder);
  let last = await worker.publish(inventedCase(1));
  for (let number = 2; number <= CASES; number++)
    last = await worker.publish(inventedCase(number));
  await worker.untilLive(last);
});

afterAll(async () => {
  storage.close();
  await worker.close();
  await standIn.close();
  await rm(folder, { recursive: true, force: true });
});

const faults: string[] = [];
let running = true;
const any = (count: number) => Math.floor(Math.random() * count);
const anyOf = <T>(...all: T[]): T => all[any(all.length)]!;
const caseId = () => inventedCase(1 + any(CASES)).id;

/**
 * Repeats a step until the end, or so many times. A step that throws is a
 * fault.
 */
async function loop(
  name: string,
  pauseMs: number,
  step: () => Promise<void>,
  times = Number.POSITIVE_INFINITY,
) {
  for (let done = 0; running && done < times && faults.length < 20; done++) {
    await step().catch((error) =>
      faults.push(`${name}: ${error instanceof Error ? error.message : error}`),
    );
    await delay(pauseMs);
  }
}

/** Each publisher has cases of its own: two at once would refuse each other. */
async function publishOne(publisher: number): Promise<void> {
  const number =
    1 + publisher + PUBLISHERS * any(Math.floor(CASES / PUBLISHERS));
  const fields = inventedCase(number, {
    asOf: { date: `2000-02-${String(1 + any(28)).padStart(2, "0")}` },
  });
  const published = await worker.publish(fields, { notify: "loud" });
  if (any(4) > 0) return worker.untilLive(published);
  const revision = addressOf(paths.revision, {
    id: fields.id,
    number: published.revision,
  });
  const undone = await worker.asEditor(revision, { method: "DELETE" });
  // The moment may come before the undo.
  if (!undone.ok && undone.status !== 409)
    throw new Error(`undo answered ${undone.status}`);
}

async function saveDraft(): Promise<void> {
  const address = addresses.deskDraft(crypto.randomUUID());
  const headers = { "Content-Type": "application/json", "If-None-Match": "*" };
  const body = JSON.stringify(draftOf(inventedCase(1 + any(CASES))));
  const saved = await worker.asEditor(address, {
    method: "PUT",
    headers,
    body,
  });
  const deleted = await worker.asEditor(address, { method: "DELETE" });
  if (saved.status !== 201 || deleted.status !== 204)
    throw new Error(`answered ${saved.status}, ${deleted.status}`);
}

async function holdSocket(): Promise<void> {
  const address =
    worker.url.replace("http", "ws") +
    addresses.live(caseId(), anyOf("en", "uk", "ar"), 0);
  const socket = new WebSocket(address, {
    headers: { "CF-Connecting-IP": `10.0.${any(256)}.${any(256)}` },
  });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  await delay(any(MAX_SOCKET_MS));
  // Half of the readers leave without a word, as a phone in a tunnel does.
  if (any(2) === 0) socket.terminate();
  else socket.close();
}

/**
 * Chats that have confirmed once that they know what following tells others.
 */
const warned = new Set<number>();

async function chatOnce(): Promise<void> {
  const chat = standIn.chat(1_000 + any(CHATS));
  if (!warned.has(chat.id)) {
    warned.add(chat.id);
    await chat.ask("/follow 1/00");
    await chat.press("I understand: follow UA 1/00");
  }
  await chat.say(
    anyOf(
      `/follow ${caseId()}`,
      `/follow ${caseId()}`,
      `/unfollow ${caseId()}`,
      "/following",
    ),
  );
}

const { case: record, page, badge, embed, fragment, revisions } = addresses;
async function readOne(): Promise<void> {
  const ofCase = anyOf(record, page, badge, embed, fragment, revisions);
  const path = anyOf(
    ofCase(caseId()),
    paths.cases,
    paths.front,
    paths.changes,
    paths.atomFeed,
  );
  const answer = await fetch(worker.url + path);
  await answer.arrayBuffer();
  if (answer.status >= 500)
    throw new Error(`${path} answered ${answer.status}`);
}

const outboxNow = async () => (await worker.editor.health()).outbox!;

/** Rows of a table, over all objects of a class. */
async function rowsOf(object: string, table: string): Promise<number> {
  const all = [...(await storage.tables())].filter(
    ([name]) => name.includes(object) && name.endsWith(` ${table}`),
  );
  return all.reduce((sum, [, { rows }]) => sum + rows, 0);
}

const average = (list: number[]) =>
  list.reduce((sum, one) => sum + one, 0) / list.length;

it("Constant churn leaves memory, rows and alarms as they were", {
  timeout: scaled(600_000, 14_400_000),
}, async () => {
  const heaps: number[] = [];
  let deepest = 0;
  let publishes = 0;
  const publisher = async (number: number) => {
    await publishOne(number);
    if (++publishes % Math.ceil((PUBLISHERS * PUBLISHES) / SAMPLES) > 0) return;
    if (PUBLISHES > SAMPLES)
      heaps.push(await heapMbOf(inspectorPort, worker.url));
    deepest = Math.max(deepest, (await outboxNow()).depth);
  };
  const others = [
    loop("draft", 500, saveDraft),
    loop("chat", 100, chatOnce),
    loop("read", scaled(50, 5), readOne),
    ...Array.from({ length: SOCKETS }, () =>
      loop("socket", any(500), holdSocket),
    ),
  ];
  const publishers = Array.from({ length: PUBLISHERS }, (_, at) =>
    loop("publish", 100, () => publisher(at), PUBLISHES),
  );
  await Promise.all(publishers);
  running = false;
  await Promise.all(others);
  expect(faults).toEqual([]);
  expect(deepest).toBeLessThanOrEqual(MAX_OUTBOX_ROWS);

  // With the churn over, everything transient must end: no message waits, and
  // no object sets alarms any more.
  await expect.poll(outboxNow).toMatchObject({ depth: 0, parked: 0 });
  await storage.refresh();
  await storage.quiet();
  // Once a minute, the Ledger notes that the cron trigger came.
  const isQuiet = async () => {
    const before = storage.version();
    await delay(3_000);
    return storage.version() === before;
  };
  await expect.poll(isQuiet, { message: "writes go on" }).toBe(true);
  expect(await rowsOf("Dispatcher", "follows")).toBeGreaterThan(0);
  expect(await rowsOf("Dispatcher", "follows")).toBeLessThanOrEqual(
    CHATS * CASES,
  );
  expect(await rowsOf("Ledger", "drafts")).toBe(0);
  if (heaps.length < SAMPLES) return;
  const quarter = SAMPLES / 4;
  const growth =
    average(heaps.slice(-quarter)) -
    average(heaps.slice(WARM_SAMPLES, WARM_SAMPLES + quarter));
  expect(
    growth,
    `the heap in MB: ${heaps.map(Math.round)}`,
  ).toBeLessThanOrEqual(MAX_HEAP_GROWTH_MB);
});
