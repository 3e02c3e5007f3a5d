/**
 * `npm run bench:startup`: what a fresh isolate costs before its first answer. Starts workerd many times with each Worker, sends one
 * request, and reads the CPU time and memory of the process. A trivial Worker
 * is the baseline: the difference is the cost of the code. Linux only. Options:
 * `--rounds 21`, `--bundle PATH` to compare another bundle.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join, relative } from "node:path";
import { addresses } from "../../shared/addresses.ts";
import { bundleEntry } from "../../worker/tools/local/bundle.ts";
import { buildScripts } from "../../worker/tools/local/runtime.ts";
import { commandOptions } from "../support/command-options.ts";
import { root } from "../support/root.ts";
import { cpuUs, median, printTable, quantile, residentMb } from "./figures.ts";
import { machine } from "./filled-worker.ts";

const { rounds, bundle: others } = commandOptions({ rounds: 21, bundle: [] });

const TRIVIAL = `export default { fetch: () => new Response("hello") };
export class Ledger {}
export class Channel {}
export class Dispatcher {}
export class Webhooks {}`;

const settings = {
  LEASE_SECONDS: "5",
  PUBLIC_URL: "https://casewire.test",
  PROFILE: "urgent-actions",
  EDITORS: JSON.stringify({
    local: createHash("sha256").update("test-token").digest("hex"),
  }),
};

/**
 * The program itself: the package's command may be a script that passes no open
 * files on.
 */
const { default: workerd } = createRequire(import.meta.url)(
  join(root, "node_modules/workerd"),
) as { default: string };
const folder = await mkdtemp(join(tmpdir(), "casewire-startup-"));

const kinds: Record<string, string> = {
  ".wasm": "wasm",
  ".png": "data",
  ".ico": "data",
  ".ttf": "data",
  ".txt": "data",
};

/** A configuration of workerd: one Worker with its Durable Objects. */
async function configOf(bundle: string): Promise<string> {
  const files = dirname(bundle);
  // Another bundle may be older than the storage that this one has written.
  const storage = await mkdtemp(join(folder, "storage-"));
  const main = basename(bundle);
  const others = (await readdir(files)).filter(
    (name) => name !== main && !/\.(map|md|json|capnp|bin)$/.test(name),
  );
  const modules = [main, ...others].map((name) => {
    const kind = /\.m?js$/.test(name)
      ? "esModule"
      : (kinds[extname(name)] ?? "text");
    return `(name = "${name}", ${kind} = embed "${name}")`;
  });
  const objects = ["Ledger", "Channel", "Dispatcher", "Webhooks"];
  const bindings = [
    ...Object.entries(settings).map(
      ([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`,
    ),
    ...objects.map(
      (name) =>
        `(name = "${name.toUpperCase()}", durableObjectNamespace = "${name}")`,
    ),
    `(name = "VERSION", json = "{\\"id\\":\\"11111111\\"}")`,
  ];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "storage", disk = (path = "${storage}", writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [${modules.join(",\n    ")}],
  compatibilityDate = "2026-11-01",
  durableObjectStorage = (localDisk = "storage"),
  durableObjectNamespaces = [${objects.map((name) => `(className = "${name}", uniqueKey = "${name}", enableSql = true)`).join(", ")}],
  bindings = [${bindings.join(",\n    ")}],
);
`;
}

/**
 * Compiles the configuration, as a deployment has it: in each start, its text
 * and the files in it would take a tenth of the time.
 */
function compiled(config: string): string {
  const file = `${config}.bin`;
  const content = execFileSync(workerd, ["compile", "--config-only", config], {
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  writeFileSync(file, content);
  return file;
}

/**
 * @returns CPU time until the answer to the first request, in milliseconds, and
 * memory in MB
 */
async function start(config: string, path: string) {
  const child = spawn(
    workerd,
    ["serve", "--control-fd=3", "--binary", config],
    {
      stdio: ["ignore", "inherit", "inherit", "pipe"],
    },
  );
  try {
    const port = await new Promise<number>((resolve, reject) => {
      let text = "";
      child.stdio[3]!.on("data", (chunk) => {
        text += chunk;
        const found = /"port":\s*(\d+)/.exec(text);
        if (found) resolve(Number(found[1]));
      });
      child.once("exit", () => reject(new Error("workerd did not start")));
    });
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    await answer.text();
    return {
      cpu: (await cpuUs([child.pid!])) / 1_000,
      memory: await residentMb([child.pid!]),
    };
  } finally {
    child.kill("SIGKILL");
  }
}

await buildScripts();
const bundle = join(folder, "this/index.js");
await bundleEntry("worker/web/index.ts", bundle, { minify: true });
await mkdir(join(folder, "trivial"));
const trivial = join(folder, "trivial/index.js");
await writeFile(trivial, TRIVIAL);

// An unknown address, which needs no Ledger; and a case that doesn't exist, for
// which the Ledger starts and answers.
const requests = {
  "an unknown address": "/v1/unknown",
  "a read": addresses.case("ua-0-00"),
};
const workers = [
  { name: "a trivial Worker", bundle: trivial },
  { name: "this Worker", bundle },
  ...others.map((path) => ({ name: relative(root, path), bundle: path })),
];
const contestants: {
  name: string;
  config: string;
  path: string;
  all: Awaited<ReturnType<typeof start>>[];
}[] = [];
for (const { name, bundle } of workers) {
  const text = join(dirname(bundle), "startup.capnp");
  await writeFile(text, await configOf(bundle));
  const config = compiled(text);
  for (const [request, path] of Object.entries(requests))
    contestants.push({ name: `${name}: ${request}`, config, path, all: [] });
}

for (let round = 0; round <= rounds; round++)
  for (const { config, path, all } of contestants) {
    const measured = await start(config, path);
    // The first round reads the files from the disk.
    if (round > 0) all.push(measured);
  }

console.log(`${machine()}; median (quartiles) of ${rounds} starts\n`);
const rows = contestants.map(({ name, path, all }) => {
  const list = all.map(({ cpu }) => cpu);
  const baseline = contestants
    .find((other) => other.path === path)!
    .all.map(({ cpu }) => cpu);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) =>
    quantile(list, share).toFixed(0),
  );
  const more = (median(list) - median(baseline)).toFixed(0);
  const memory = median(all.map(({ memory }) => memory)).toFixed(0);
  return [name, `${middle} ms (${low}-${high})`, `${more} ms`, `${memory} MB`];
});
printTable(
  ["fresh process, then one request", "CPU", "more than trivial", "memory"],
  rows,
);

await rm(folder, { recursive: true, force: true });
