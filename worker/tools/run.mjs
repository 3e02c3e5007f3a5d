/**
 * Runs an npm script: `npm run X` is `node worker/tools/run.mjs X`. It installs the packages that the script needs, and runs the script
 * with the pinned Node. This file itself runs on the machine's Node (20 or newer) before any package is installed, so it imports only
 * Node's own modules.
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

/** Compares the lockfile with npm's record of installed packages. @returns what must be installed: "nothing", "dev" or "all" */
function missingPackages() {
  const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const wanted = Object.entries(packagesOf(join(root, "package-lock.json"))).filter(
    // Most optional packages are for another system.
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
  // npm runs on its own Node, because the install may replace the pinned one.
  return path?.endsWith(".js")
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [path, ...all], options)
    : spawnSync(windows ? "npm.cmd" : "npm", all, { ...options, shell: windows });
}

function install(withDev) {
  const missing = missingPackages();
  if (missing === "nothing" || (missing === "dev" && !withDev)) return;
  const onlyDev = missing === "dev";
  process.stdout.write(
    onlyDev
      ? "installing the packages for tests and checks (once, about 10 s) ... "
      : "installing the pinned packages from package-lock.json (once, about 15 s) ... ",
  );
  const started = Date.now();
  // `npm install` is tried first for dev packages: `npm ci` is slower, because it deletes node_modules.
  let done = onlyDev ? npm("install", "--no-save", "--include=dev") : null;
  if (done?.status !== 0 || missingPackages() !== "nothing")
    done = npm("ci", ...(withDev || hasDev() ? ["--include=dev"] : ["--omit=dev"]));
  if (done.status !== 0) {
    console.log("failed");
    fail(`${done.stderr || done.error || ""}\nIs the npm registry reachable? Try again, or run: npm ci`);
  }
  console.log(`done in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** The environment in which scripts use the pinned Node. Without one for this system, the machine's Node must run TypeScript. */
function environment() {
  const bin = join(modules, ".bin");
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (!existsSync(join(bin, windows ? "node.cmd" : "node")) && !(major > 22 || (major === 22 && minor >= 18)))
    fail(
      `There is no pinned Node for this system. Install Node 22.18 or newer; this is Node ${process.versions.node}.`,
    );
  const key = Object.keys(process.env).find((one) => one.toUpperCase() === "PATH") ?? "PATH";
  return { ...process.env, [key]: [bin, dirname(process.execPath), process.env[key]].join(delimiter) };
}

/** The id of npm's process, which runs a shell that runs this file; null when unknown. When npm is killed, neither gets a signal. */
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

/** Runs one command. @returns its exit code, or the signal that ended it */
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
  fail(`Casewire needs Node ${OLDEST_NODE_MAJOR} or newer to install; this is Node ${process.versions.node}.`);

install(name in checks);
const env = environment();

const parent = process.ppid;
const npmPid = npmProcess();
const orphaned = () => process.ppid !== parent || (npmPid !== null && !alive(npmPid));
setInterval(() => orphaned() && stop("SIGTERM"), WATCH_INTERVAL_MS).unref();
// The terminal sends Ctrl-C to the whole process group, so the script gets it directly.
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
