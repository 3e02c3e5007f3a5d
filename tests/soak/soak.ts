/**
 * `npm run soak [-- --minutes 60]`
 *
 * Runs one deployment under constant churn: sockets that open and close, chats that follow, unfollow and forget, editors that publish,
 * undo, save and delete drafts, and readers of every surface. The memory of the runtime, the rows of the transient tables and the alarms
 * must be as flat at the end as after the first tenth. Prints a table; exits with 1 when something grew.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import { addresses, addressOf, paths } from "../../shared/addresses.ts";
import { residentMbOf } from "../bench/figures.ts";
import { heapMbOf } from "../bench/heap.ts";
import { commandOptions } from "../command-options.ts";
import setup from "../contract-setup.ts";
import { Storage } from "../fuzz/storage.ts";
import { startWorkerProcess } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { freePort, spawnStandIn } from "../stand-in-process.ts";
import { untilInstant } from "../waiting.ts";

const CASES = 20;
const CHATS = 50;
const PUBLISHERS = 3;
const SOCKETS = 100;
const SAMPLES = 20;
/** The first samples show caches that fill. */
const WARM_SAMPLES = 4;
/** Garbage collection and the page cache move the figures; a leak of an hour is larger. */
const MAX_HEAP_GROWTH_MB = 12;
/** Messages and cards to every chat about every case. More would mean that older messages to a chat don't give way to newer ones. */
const MAX_OUTBOX_ROWS = 2 * CHATS * CASES;
const SETTLE_TIMEOUT_MS = 60_000;

const { minutes } = commandOptions({ minutes: 60 });
const durationMs = minutes * 60_000;

const stop = await setup();
const folder = await mkdtemp(join(tmpdir(), "casewire-soak-"));
const [port, inspectorPort] = [await freePort(), await freePort()];
const worker = await startWorkerProcess({
  port,
  inspectorPort,
  persistTo: folder,
  env: { TELEGRAM_RATE: "300" },
});
const standIn = await spawnStandIn(worker);
const storage = new Storage(folder);

const done = { publishes: 0, undos: 0, drafts: 0, sockets: 0, updates: 0, chats: 0, reads: 0 };
const faults: string[] = [];
let running = true;
const any = (count: number) => Math.floor(Math.random() * count);

/** Repeats a step until the end. A step that throws is a fault. */
async function loop(name: string, pauseMs: number, step: () => Promise<void>): Promise<void> {
  while (running && faults.length < 20) {
    await step().catch((error) => faults.push(`${name}: ${error instanceof Error ? error.message : error}`));
    await delay(pauseMs);
  }
}

/** Cases that a publisher works on. Two at once would refuse each other. */
const busy = new Set<number>();

async function publishOne(): Promise<void> {
  const number = 1 + any(CASES);
  if (busy.has(number)) return;
  busy.add(number);
  await publishTo(number).finally(() => busy.delete(number));
}

async function publishTo(number: number): Promise<void> {
  const day = String(1 + any(28)).padStart(2, "0");
  const fields = inventedCase(number, { asOf: { date: `2000-02-${day}` } });
  const published = await worker.publish(fields, { notify: "loud" });
  done.publishes++;
  if (any(4) > 0) return worker.untilLive(published);
  const undone = await worker.asEditor(addressOf(paths.revision, { id: fields.id, number: published.revision }), {
    method: "DELETE",
  });
  // The moment may come before the undo.
  if (!undone.ok && undone.status !== 409) throw new Error(`undo answered ${undone.status}`);
  done.undos++;
}

async function saveDraft(): Promise<void> {
  const id = crypto.randomUUID();
  const draft = {
    base: null,
    case: inventedCase(1 + any(CASES)),
    note: {},
    kind: "update" as const,
    notify: "none" as const,
  };
  const body = JSON.stringify({ ...draft, liveAt: null, source: null, resolved: [] });
  const headers = { "Content-Type": "application/json", "If-None-Match": "*" };
  const saved = await worker.asEditor(addresses.deskDraft(id), { method: "PUT", headers, body });
  if (saved.status !== 201) throw new Error(`saving a draft answered ${saved.status}: ${await saved.text()}`);
  const deleted = await worker.asEditor(addresses.deskDraft(id), { method: "DELETE" });
  if (deleted.status !== 204) throw new Error(`deleting a draft answered ${deleted.status}`);
  done.drafts++;
}

const caseId = () => inventedCase(1 + any(CASES)).id;

async function holdSocket(): Promise<void> {
  const address = worker.url.replace("http", "ws") + addresses.live(caseId(), ["en", "uk", "ar"][any(3)]!, 0);
  const socket = new WebSocket(address, { headers: { "CF-Connecting-IP": `10.0.${any(256)}.${any(256)}` } });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  done.sockets++;
  socket.on("message", () => done.updates++);
  await delay(any(10_000));
  // Half of the readers leave without a word, as a phone in a tunnel does.
  if (any(2) === 0) socket.terminate();
  else socket.close();
}

/** Chats that have confirmed once that they know what following tells others. */
const warned = new Set<number>();

async function chatOnce(): Promise<void> {
  const chat = standIn.chat(1_000 + any(CHATS));
  if (!warned.has(chat.id)) {
    warned.add(chat.id);
    await chat.ask("/follow 1/00");
    await chat.press("I understand: follow UA 1/00");
  }
  await chat.say([`/follow ${caseId()}`, `/follow ${caseId()}`, `/unfollow ${caseId()}`, "/following"][any(4)]!);
  done.chats++;
}

const surfaces = [
  addresses.case,
  addresses.page,
  addresses.badge,
  addresses.embed,
  addresses.fragment,
  addresses.revisions,
];
async function readOne(): Promise<void> {
  const path = [surfaces[any(surfaces.length)]!(caseId()), paths.cases, paths.front, paths.changes, paths.atomFeed][
    any(5)
  ]!;
  const answer = await fetch(worker.url + path);
  await answer.arrayBuffer();
  if (answer.status >= 500) throw new Error(`${path} answered ${answer.status}`);
  done.reads++;
}

interface Outbox {
  depth: number;
  parked: number;
  oldest: number;
}
const outboxNow = async () => ((await (await worker.asEditor(paths.health)).json()) as { outbox: Outbox }).outbox;

/** Rows by table, over all objects. */
async function rowsNow(): Promise<Map<string, number>> {
  const rows = new Map<string, number>();
  for (const [name, table] of await storage.tables()) {
    const key = `${/casewire-(\w+)/.exec(name)?.[1]} ${name.split(" ").at(-1)}`;
    rows.set(key, (rows.get(key) ?? 0) + table.rows);
  }
  return rows;
}

let first = await worker.publish(inventedCase(1));
for (let number = 2; number <= CASES; number++) first = await worker.publish(inventedCase(number));
await worker.untilLive(first);
const loops = [
  ...Array.from({ length: PUBLISHERS }, () => loop("publish", 100, publishOne)),
  loop("draft", 500, saveDraft),
  loop("chat", 100, chatOnce),
  loop("read", 5, readOne),
  ...Array.from({ length: SOCKETS }, () => loop("socket", any(500), holdSocket)),
];
const samples: { heap: number; resident: number; depth: number }[] = [];
const begun = Date.now();
console.log(
  "| minute | heap, MB | resident, MB | outbox | publishes | sockets | chats | reads |\n|---:|---:|---:|---:|---:|---:|---:|---:|",
);
for (let sample = 1; sample <= SAMPLES && faults.length < 20; sample++) {
  await untilInstant(begun + (durationMs * sample) / SAMPLES);
  const heap = await heapMbOf(inspectorPort, worker.url);
  const [resident, { depth }] = [await residentMbOf(worker.pid).catch(() => 0), await outboxNow()];
  samples.push({ heap, resident, depth });
  const minute = ((Date.now() - begun) / 60_000).toFixed(1);
  const figures = [heap.toFixed(1), resident.toFixed(0), depth, done.publishes, done.sockets, done.chats, done.reads];
  console.log(`| ${minute} | ${figures.join(" | ")} |`);
}
running = false;
await Promise.all(loops);

// With the churn over, everything transient must end: no message waits, and no object sets alarms any more.
const settledBy = Date.now() + SETTLE_TIMEOUT_MS;
let outbox = await outboxNow();
while (outbox.depth > 0 && Date.now() < settledBy) {
  await delay(250);
  outbox = await outboxNow();
}
await storage.refresh();
await storage.quiet();
const before = storage.version();
await delay(3_000);
const isStill = storage.version() === before;
const rows = await rowsNow();

const average = (list: number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
const heaps = samples.map(({ heap }) => heap);
const quarter = Math.max(1, Math.floor(SAMPLES / 4));
const growth = average(heaps.slice(-quarter)) - average(heaps.slice(WARM_SAMPLES, WARM_SAMPLES + quarter));
const deepest = Math.max(...samples.map(({ depth }) => depth));
const checks: [what: string, figure: string, holds: boolean][] = [
  ["no step failed", `${faults.length} failures`, faults.length === 0],
  [`the heap grew by at most ${MAX_HEAP_GROWTH_MB} MB`, `${growth.toFixed(1)} MB`, growth <= MAX_HEAP_GROWTH_MB],
  [`the outbox never held more than ${MAX_OUTBOX_ROWS} messages`, String(deepest), deepest <= MAX_OUTBOX_ROWS],
  ["the outbox is empty at the end", String(outbox.depth), outbox.depth === 0],
  ["no message is parked", String(outbox.parked), outbox.parked === 0],
  [
    "a chat has at most one row for each case it follows",
    String(rows.get("Dispatcher follows") ?? 0),
    (rows.get("Dispatcher follows") ?? 0) <= CHATS * CASES,
  ],
  ["no draft is left", String(rows.get("Ledger drafts") ?? 0), (rows.get("Ledger drafts") ?? 0) === 0],
  ["no alarm writes once the churn is over", isStill ? "still" : "writes go on", isStill],
];
console.log("\n| table | rows at the end |\n|---|---:|");
for (const [name, count] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1)))
  if (count > 0) console.log(`| ${name} | ${count} |`);
console.log("\n| promise | figure | |\n|---|---:|---|");
for (const [what, figure, holds] of checks) console.log(`| ${what} | ${figure} | ${holds ? "yes" : "NO"} |`);
console.log(
  `\n${Object.entries(done)
    .map(([what, count]) => `${count} ${what}`)
    .join(", ")} in ${minutes} minutes`,
);
for (const fault of new Set(faults)) console.error(`${faults.filter((one) => one === fault).length} × ${fault}`);

storage.close();
await worker.close();
await standIn.close();
await stop();
await rm(folder, { recursive: true, force: true });
process.exit(checks.every(([, , holds]) => holds) ? 0 : 1);
