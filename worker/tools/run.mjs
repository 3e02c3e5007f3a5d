/**
 * `npm run X` is `node worker/tools/run.mjs X`: installs what the script needs, then runs it with the pinned Node.
 * It runs on whatever Node the machine has (20 or newer), before anything is installed: so no imports but Node's own.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Scripts that need `dependencies` only. */
const runs = {
  start: ["node worker/tools/local/start.ts"],
  dev: ["node worker/tools/local/start.ts --watch"],
  reset: ["node worker/tools/local/reset.ts"],
  build: ["node worker/tools/local/build.ts"],
  "pack:widget": [
    "vite build --mode package --logLevel warn",
    "npm pack ./dist/package --pack-destination dist --ignore-scripts",
  ],
  "telegram:setup": ["node worker/tools/cli/telegram-setup.ts"],
  casewire: ["node worker/tools/cli/casewire.ts"],
  "keys:rotate": ["node worker/tools/cli/casewire.ts keys:rotate"],
  deliveries: ["node worker/tools/cli/casewire.ts deliveries"],
  "audit:verify": ["node worker/tools/cli/casewire.ts audit:verify"],
};

/** Scripts that need `devDependencies` too. */
const checks = {
  test: ["vitest run"],
  "test:unit": ["vitest run --project unit"],
  "test:chaos": ["node tests/contract/chaos/chaos.ts"],
  "test:chaos:cards": ["node tests/contract/chaos/cards.ts"],
  "test:wordpress": ["node tests/wordpress/wordpress.ts"],
  check: ["biome ci .", "tsc -b", "knip", "node tests/sizes.ts"],
  pictures: ["node tests/pictures/pictures.ts"],
  manifest: ["cem analyze --config widget/manifest.config.mjs --quiet"],
  moment: ["node tests/contract/moment/moment.ts"],
  bench: ["node tests/bench/bench.ts"],
  lighthouse: ["node tests/lighthouse.ts"],
};

const OLDEST_NODE_MAJOR = 20;
/** How often to check that npm still runs, and how long a script may take to stop after a signal. */
const WATCH_INTERVAL_MS = 500;
const STOP_TIMEOUT_MS = 5_000;

const root = fileURLToPath(new URL("../../", import.meta.url));
const modules = join(root, "node_modules");
const windows = process.platform === "win32";
const [, , name, ...rest] = process.argv;

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Compares the lockfile with npm's own record of what it installed. @returns what is missing: "nothing", "dev" or "all" */
function missing() {
  const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const wanted = Object.entries(packagesOf(join(root, "package-lock.json"))).filter(
    // Optional packages are for one system each.
    ([path, { optional }]) => path && !optional,
  );
  const record = join(modules, ".package-lock.json");
  const installed = existsSync(record) ? packagesOf(record) : {};
  const absent = wanted.filter(([path, { version }]) => installed[path]?.version !== version);
  if (absent.length === 0) return "nothing";
  return absent.every(([, { dev, devOptional }]) => dev || devOptional) ? "dev" : "all";
}

const hasDev = () => existsSync(join(modules, "vitest"));

function npm(...args) {
  // npm passes its settings on in the environment; the outer run's must not affect this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(?!config_(registry|cache|userconfig|.*proxy)$)/i.test(key)),
  );
  const options = { cwd: root, env, encoding: "utf8" };
  const all = [...args, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const path = process.env.npm_execpath;
  // Runs npm with its own Node: the pinned one is about to be replaced.
  return path?.endsWith(".js")
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [path, ...all], options)
    : spawnSync(windows ? "npm.cmd" : "npm", all, { ...options, shell: windows });
}

function install(withDev) {
  const lacking = missing();
  if (lacking === "nothing" || (lacking === "dev" && !withDev)) return;
  const onlyDev = lacking === "dev";
  process.stdout.write(
    onlyDev
      ? "installing what tests and checks also need (once, about 10 s) ... "
      : "installing the pinned packages from package-lock.json (once, about 15 s) ... ",
  );
  const started = Date.now();
  // Faster than npm ci, which deletes node_modules first.
  let done = onlyDev ? npm("install", "--no-save", "--include=dev") : null;
  if (done?.status !== 0 || missing() !== "nothing")
    done = npm("ci", ...(withDev || hasDev() ? ["--include=dev"] : ["--omit=dev"]));
  if (done.status !== 0) {
    console.log("failed");
    fail(`${done.stderr || done.error || ""}\nIs the npm registry reachable? Try again, or run: npm ci`);
  }
  console.log(`done in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** The pinned Node is an optional package: where there is none for the system, the machine's own must read TypeScript. */
function environment() {
  const bin = join(modules, ".bin");
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (!existsSync(join(bin, windows ? "node.cmd" : "node")) && !(major > 22 || (major === 22 && minor >= 18)))
    fail(`There is no pinned Node for this system. Install Node 24 or newer; this is Node ${process.versions.node}.`);
  const key = Object.keys(process.env).find((one) => one.toUpperCase() === "PATH") ?? "PATH";
  return { ...process.env, [key]: [bin, dirname(process.execPath), process.env[key]].join(delimiter) };
}

/** npm runs a shell, and the shell runs this. Neither gets a signal when npm is killed. @returns npm's process, or null when it cannot be told */
function npmProcess() {
  if (!process.env.npm_lifecycle_event || windows) return null;
  try {
    return Number(execFileSync("ps", ["-o", "ppid=", "-p", String(process.ppid)], { encoding: "utf8" })) || null;
  } catch {
    return null;
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

let child = null;
let stopping = false;

function stop(signal) {
  if (stopping) return;
  stopping = true;
  if (!child) process.exit(1);
  child.kill(signal);
  setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS).unref();
}

/** Runs one command to its end. @returns how it ended */
function run([program, ...args], env) {
  return new Promise((resolve) => {
    const options = { cwd: root, stdio: "inherit", env };
    child = windows ? spawn([program, ...args].join(" "), { ...options, shell: true }) : spawn(program, args, options);
    child.once("error", (error) => fail(`${program} could not be started: ${error.message}`));
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
}

const commands = runs[name] ?? checks[name];
if (!commands) fail(`There is no script "${name}". Scripts: ${Object.keys({ ...runs, ...checks }).join(", ")}`);
if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE_MAJOR)
  fail(`Casewire needs Node ${OLDEST_NODE_MAJOR} or newer to install itself; this is Node ${process.versions.node}.`);

install(name in checks);
const env = environment();

const parent = process.ppid;
const npmPid = npmProcess();
const orphaned = () => process.ppid !== parent || (npmPid !== null && !alive(npmPid));
setInterval(() => orphaned() && stop("SIGTERM"), WATCH_INTERVAL_MS).unref();
// Ctrl-C reaches the whole process group, the script included.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => stop(signal));

for (const [index, command] of commands.entries()) {
  const last = index === commands.length - 1;
  const { code, signal } = await run([...command.split(" "), ...(last ? rest : [])], env);
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  if (code !== 0 || stopping) process.exit(code ?? 1);
}
