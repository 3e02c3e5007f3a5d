/**
 * `npm run fuzz [-- --minutes 5 --seed 1 --route publish]`
 *
 * Sends random requests to every route of the contract, editors' routes and Telegram's webhook included, and to three deployments: one
 * with cases, one that needs two editors, and an empty one for restores. The inputs follow each route's declaration and are then damaged.
 * A finding is an undeclared status, a 5xx, no answer within a second (asked twice), or a refused request that changed the storage.
 * Exits with 1 after a finding. The seed repeats the same requests; what an earlier answer gave (ids, hashes) differs between runs.
 */
import fc from "fast-check";
import { statusOf } from "../../shared/failure.ts";
import { type Operation, refusalsOf } from "../../worker/editing/contract/contract.ts";
import { commandOptions } from "../command-options.ts";
import setup from "../contract-setup.ts";
import { type Deployment, deployments, type FuzzRequest, requestsTo, routeOf, routes } from "./requests.ts";
import { changedTables } from "./storage.ts";
import { type FuzzAnswer, Target } from "./target.ts";

const MAX_ANSWER_MS = 1_000;
/** A restore answers once its cases are live. */
const WAITING = new Set<Operation>(["restore"]);
const BATCH = 200;
const MAX_FINDINGS = 20;
/** How long after a refused request a change of the storage is put down to it. */
const SETTLE_MS = 300;

const { minutes, seed, route } = commandOptions({ minutes: 5, seed: Date.now() % 1e6, route: [] });
const endsAt = Date.now() + minutes * 60_000;
const chosen = route as Operation[];
for (const name of chosen)
  if (!routes.some(([operation]) => operation === name)) {
    console.error(`There is no route ${name}. Routes: ${routes.map(([operation]) => operation).join(", ")}`);
    process.exit(1);
  }

interface Finding {
  fault: string;
  asked: FuzzRequest;
  batch: number;
  answer?: FuzzAnswer;
}
const findings: Finding[] = [];
/** How often each status came, and each kind of problem. */
const outcomes = new Map<string, number>();
const perRoute = new Map<Operation, { requests: number; done: number; slowestMs: number }>(
  routes.map(([operation]) => [operation, { requests: 0, done: 0, slowestMs: 0 }]),
);

function report(finding: Finding): void {
  const { fault, asked, batch, answer } = finding;
  const same = findings.some((one) => one.asked.operation === asked.operation && one.fault === fault);
  findings.push(finding);
  if (same) return;
  const body = typeof asked.body === "string" ? asked.body : asked.body && Buffer.from(asked.body).toString("base64");
  console.error(`\n${fault}: ${asked.operation} (${asked.deployment}, seed ${seed}, batch ${batch})`);
  console.error(`  ${asked.method} ${asked.address}\n  ${JSON.stringify(asked.headers)}`);
  if (body) console.error(`  ${body.slice(0, 3_000)}`);
  if (answer) console.error(`  → ${answer.status} in ${Math.round(answer.tookMs)} ms: ${answer.text.slice(0, 500)}`);
}

/** What is wrong with an answer itself; undefined when nothing is. */
function faultOf({ operation, method }: FuzzRequest, { status, headers }: FuzzAnswer): string | undefined {
  const route = routeOf(operation);
  // Node and the runtime refuse some requests before the Worker sees them.
  if (status === 400 && headers["cache-control"] === undefined) return undefined;
  const refusals = refusalsOf(route);
  const declared = [...Object.keys(route.answers).map(Number), ...refusals.map(statusOf)];
  // Only a format that isn't supported is a 501, and there is no damaged case here that could be a 503.
  if (status >= 500 && !(status === 501 && refusals.includes("no-such-format"))) return `answered ${status}`;
  if (method !== route.method && !(method === "HEAD" && route.method === "GET")) return undefined;
  const always = [301, 304, 404];
  if (!declared.includes(status) && !always.includes(status)) return `answered ${status}, which is not declared`;
  if (headers["cache-control"] === undefined) return "answered without Cache-Control";
  return undefined;
}

const isRefused = ({ status }: FuzzAnswer) => status >= 400;

/**
 * Sends a refused request again while nothing else happens, and compares the storage. Something else may have changed it before: a
 * moment that came, or a message that left.
 */
async function changedBy(asked: FuzzRequest, target: Target): Promise<string[]> {
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
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const now = isRefused(answer) ? changedTables(before, await target.storage.tables()) : [];
    changed = repeat === 0 ? now : changed.filter((table) => now.includes(table));
    if (changed.length === 0) break;
  }
  return changed;
}

async function tryOne(asked: FuzzRequest, batch: number, targets: Record<Deployment, Target>): Promise<void> {
  const target = targets[asked.deployment];
  const row = perRoute.get(asked.operation)!;
  row.requests++;
  const before = target.storage.version();
  let answer: FuzzAnswer;
  try {
    answer = await target.send(asked);
  } catch (error) {
    report({ fault: String(error), asked, batch });
    return;
  }
  const problem = /urn:casewire:problem:([\w-]+)/.exec(answer.text.slice(0, 200))?.[1];
  const outcome = [answer.status, ...(problem ? [problem] : [])].join(" ");
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (!isRefused(answer)) row.done++;
  const fault = faultOf(asked, answer);
  if (fault) report({ fault, asked, batch, answer });
  const waits = WAITING.has(asked.operation) && answer.status === 201;
  if (answer.tookMs > MAX_ANSWER_MS && !waits) {
    const again = await target.send(asked);
    if (again.tookMs > MAX_ANSWER_MS)
      report({ fault: `took over ${MAX_ANSWER_MS} ms, twice`, asked, batch, answer: again });
    else row.slowestMs = Math.max(row.slowestMs, again.tookMs);
  } else if (!waits) row.slowestMs = Math.max(row.slowestMs, answer.tookMs);
  if (isRefused(answer) && target.storage.version() !== before) {
    const tables = await changedBy(asked, target);
    if (tables.length > 0) report({ fault: `was refused and changed ${tables.join(", ")}`, asked, batch, answer });
  }
  if (waits) {
    await target.close();
    targets.empty = await Target.open("empty");
    targets.empty.useBackups(await targets.filled.backups());
  }
}

const stop = await setup();
const opened = await Promise.all(deployments.map(async (name) => [name, await Target.open(name)] as const));
const targets = Object.fromEntries(opened) as Record<Deployment, Target>;
const request = requestsTo(chosen);
console.error(`seed ${seed}, ${minutes} minutes, ${routes.length} routes`);
let requests = 0;
for (let batch = 0; Date.now() < endsAt && findings.length < MAX_FINDINGS; batch++) {
  targets.empty.useBackups(await targets.filled.backups());
  for (const { storage } of Object.values(targets)) await storage.refresh();
  for (const asked of fc.sample(request, { seed: seed + batch, numRuns: BATCH })) {
    if (Date.now() > endsAt || findings.length >= MAX_FINDINGS) break;
    await tryOne(asked, batch, targets);
    requests++;
  }
}
const errors = Object.values(targets).map(({ worker }) => worker.output());
await Promise.all(Object.values(targets).map((target) => target.close()));
await stop();

console.log("| route | requests | accepted | slowest, ms |\n|---|---:|---:|---:|");
for (const [operation, { requests, done, slowestMs }] of perRoute)
  if (requests > 0) console.log(`| ${operation} | ${requests} | ${done} | ${Math.round(slowestMs)} |`);
console.log("\n| outcome | answers |\n|---|---:|");
for (const [outcome, count] of [...outcomes].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`| ${outcome} | ${count} |`);
console.log(`\n${requests} requests in ${minutes} minutes, seed ${seed}; findings: ${findings.length}`);
if (findings.length > 0) console.error(errors.map((text) => text.slice(-6_000)).join("\n"));
process.exit(findings.length > 0 ? 1 : 0);
