/**
 * Random requests to every route of the contract, editors' routes and
 * Telegram's webhook included, and to three deployments: one with cases, one
 * that needs two editors, and an empty one for restores. The inputs follow each
 * route's declaration and are then damaged. A finding is an undeclared status,
 * a 5xx, no answer, or a refused request that changed the storage. `npm run
 * fuzz` sends many more; ROUTES=publish,undo asks only some. SEED repeats the
 * same requests; what an earlier answer gave (ids, hashes) differs between
 * runs.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { statusOf } from "../../shared/failure.ts";
import {
  type Operation,
  refusalsOf,
} from "../../worker/editing/contract/contract.ts";
import { scaled, seed } from "../support/scaled.ts";
import { freePort, spawnStandIn } from "../support/stand-in-process.ts";
import { pause } from "../support/waiting.ts";
import {
  type Deployment,
  deployments,
  type FuzzRequest,
  operations,
  requestsTo,
  routeOf,
} from "./requests.ts";
import { changedTables } from "./storage.ts";
import { type FuzzAnswer, Target } from "./target.ts";

/** After one to each route. */
const REQUESTS = scaled(120, 30_000);
const BATCH = 200;
const MAX_FINDINGS = 20;

let targets: Record<Deployment, Target>;
let telegram: Awaited<ReturnType<typeof spawnStandIn>>;

beforeAll(async () => {
  const root = `http://127.0.0.1:${await freePort()}`;
  const open = async (name: Deployment) =>
    [name, await Target.open(name, root)] as const;
  targets = Object.fromEntries(
    await Promise.all(deployments.map(open)),
  ) as typeof targets;
  telegram = await spawnStandIn(targets.filled.worker);
});
afterAll(() =>
  Promise.all([
    telegram.close(),
    ...Object.values(targets).map((target) => target.close()),
  ]),
);

/** The first request that showed it, by route and fault. */
const findings = new Map<string, string>();
let accepted = 0;

function report(
  fault: string,
  { operation, deployment, method, address, headers, body = "" }: FuzzRequest,
): void {
  const sent =
    typeof body === "string" ? body : Buffer.from(body).toString("base64");
  const request = [
    `${method} ${address}`,
    JSON.stringify(headers),
    sent.slice(0, 3_000),
  ].join("\n  ");
  if (!findings.has(`${operation} ${fault}`))
    findings.set(
      `${operation} ${fault}`,
      `${operation} ${fault} (${deployment}, SEED=${seed})\n  ${request}`,
    );
}

/** What is wrong with an answer itself; undefined when nothing is. */
function faultOf(
  { operation, method }: FuzzRequest,
  { status, headers, text }: FuzzAnswer,
): string | undefined {
  const route = routeOf(operation);
  // Node and the runtime refuse some requests before the Worker sees them.
  if (status === 400 && headers["cache-control"] === undefined)
    return undefined;
  const refusals = refusalsOf(route);
  const declared = [
    ...Object.keys(route.answers).map(Number),
    ...refusals.map(statusOf),
  ];
  // Only a format that isn't supported is a 501, and there is no damaged case
  // here that could be a 503.
  if (status >= 500 && !(status === 501 && refusals.includes("no-such-format")))
    return `answered ${status}: ${text.slice(0, 500)}`;
  if (method !== route.method && !(method === "HEAD" && route.method === "GET"))
    return undefined;
  if (![...declared, 301, 304, 404].includes(status))
    return `answered ${status}, which is not declared`;
  if (headers["cache-control"] === undefined)
    return "answered without Cache-Control";
  return undefined;
}

const isRefused = ({ status }: FuzzAnswer) => status >= 400;

/**
 * Sends a refused request again while nothing else happens, and compares the
 * storage. Something else may have changed it before: a moment that came, or a
 * message that left.
 */
async function changedBy(
  asked: FuzzRequest,
  target: Target,
): Promise<string[]> {
  // Twice by chance is rare, and waiting for quiet is slow.
  for (let repeat = 0; repeat < 2; repeat++) {
    const before = target.storage.version();
    await target.send(asked);
    if (target.storage.version() === before) return [];
  }
  let changed: string[] = [];
  for (let repeat = 0; repeat < 3; repeat++) {
    await target.storage.quiet();
    const before = await target.storage.tables();
    const answer = await target.send(asked);
    await pause(
      300,
      "A change of the storage that comes so soon after a request is put down to it.",
    );
    const now = isRefused(answer)
      ? changedTables(before, await target.storage.tables())
      : [];
    changed =
      repeat === 0 ? now : changed.filter((table) => now.includes(table));
    if (changed.length === 0) break;
  }
  return changed;
}

async function tryOne(asked: FuzzRequest): Promise<void> {
  const target = targets[asked.deployment];
  const before = target.storage.version();
  const answer = await target.send(asked).catch(String);
  if (typeof answer === "string") return report(answer, asked);
  const fault = faultOf(asked, answer);
  if (fault) report(fault, asked);
  if (!isRefused(answer)) accepted++;
  else if (target.storage.version() !== before) {
    const tables = await changedBy(asked, target);
    if (tables.length > 0)
      report(
        `was refused with ${answer.status} and changed ${tables.join(", ")}`,
        asked,
      );
  }
  if (asked.operation !== "restore" || answer.status !== 201) return;
  await target.close();
  targets.empty = await Target.open("empty", telegram.root);
  targets.empty.useBackups(await targets.filled.backups());
}

it("Every route answers any input as it is declared, and a refused request changes nothing", {
  timeout: scaled(600_000, 7_200_000),
}, async () => {
  const chosen = (process.env.ROUTES?.split(",") ?? operations) as Operation[];
  const request = requestsTo(chosen);
  const firsts = chosen.flatMap((operation) =>
    fc.sample(requestsTo([operation]), { seed, numRuns: 1 }),
  );
  for (
    let sent = 0;
    sent < REQUESTS && findings.size < MAX_FINDINGS;
    sent += BATCH
  ) {
    targets.empty.useBackups(await targets.filled.backups());
    for (const { storage } of Object.values(targets)) await storage.refresh();
    const batch = fc.sample(request, {
      seed: seed + sent,
      numRuns: Math.min(BATCH, REQUESTS),
    });
    for (const asked of sent === 0 ? [...firsts, ...batch] : batch)
      await tryOne(asked);
  }
  if (findings.size > 0)
    for (const { worker } of Object.values(targets))
      console.error(worker.output().slice(-6_000));
  expect([...findings.values()].join("\n\n")).toBe("");
  expect(accepted).toBeGreaterThan(REQUESTS / 5);
});
