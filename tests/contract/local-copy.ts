/** A copy of the project with its own storage and secrets, in which npm scripts run as for a newcomer. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../root.ts";
import { freePort } from "../stand-in-process.ts";
import { eventually } from "../waiting.ts";

export interface Run {
  child: ChildProcess;
  /** The process group, which still contains whatever a run leaves behind. */
  group: number;
  output(): string;
  /** Waits until the process has ended and all its output is here. @returns its exit code */
  exit(): Promise<number | null>;
  /** Waits for a printed `name: value` line and returns the value. */
  value(name: string): Promise<string>;
  /** Waits until the output contains a text. */
  prints(wanted: string | RegExp): Promise<void>;
}

export interface LocalCopy {
  folder: string;
  /** The first of four consecutive free ports: three for the run, one for the test. */
  port: number;
  npm(args: string[], env?: Record<string, string>): Run;
  /** Runs what `npm run NAME -- OPTIONS` runs, without npm, which takes half a second of the processor. */
  script(name: string, options?: string[], env?: Record<string, string>): Run;
  /** Ends every process that still runs. */
  endRuns(): Promise<void>;
  remove(): Promise<void>;
}

/** For a build and a start, which take 15 s of a processor. On a slow machine, eight test files share two. */
export const RUN_TIMEOUT_MS = 120_000;

/** Returns the living processes of a group, from /proc; empty on systems without it. */
async function leftOf(group: number): Promise<number[]> {
  if (!existsSync("/proc/self/stat")) return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")));
  return pids.filter((_, index) => {
    const fields = stats[index]!.slice(stats[index]!.lastIndexOf(")") + 2).split(" ");
    return Number(fields[2]) === group && fields[0] !== "Z";
  });
}

/** @returns the processes of the group that are left after the time limit */
export async function leftAfter(group: number): Promise<number[]> {
  const none = async () => (await leftOf(group)).length === 0 && [];
  return eventually<number[]>(none, () => "").catch(() => leftOf(group));
}

/** Links each package on its own, so that an install in the copy can't write through one link into the shared folder. */
async function linkPackages(folder: string): Promise<void> {
  const [from, to] = [join(root, "node_modules"), join(folder, "node_modules")];
  await mkdir(to);
  await Promise.all((await readdir(from)).map((name) => symlink(join(from, name), join(to, name))));
}

/** No script that runs in a copy reads a test, and tests are half of the files. The build reads the settings of every project. */
const isTest = /^tests\/(?!.*tsconfig\.json$)/;

export async function localCopy(): Promise<LocalCopy> {
  const folder = await mkdtemp(join(tmpdir(), "casewire-start-"));
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root })
    .toString()
    .split("\0")
    .filter((path) => path && !isTest.test(path) && existsSync(join(root, path)));
  await Promise.all([...new Set(files.map(dirname))].map((path) => mkdir(join(folder, path), { recursive: true })));
  await Promise.all([linkPackages(folder), ...files.map((path) => copyFile(join(root, path), join(folder, path)))]);
  const runs: Run[] = [];
  const run = (command: string, args: string[], env: Record<string, string> = {}) => {
    const child = spawn(command, args, {
      cwd: folder,
      // The copy has settings of its own.
      env: { ...process.env, PROFILE: undefined, ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        text += chunk;
      });
    const printed = <T>(find: () => T | undefined | false, wanted: string) => {
      const failure = () => `${wanted}:\n${text}`;
      const look = () => {
        const found = find();
        if ((found === undefined || found === false) && child.exitCode !== null) throw new Error(failure());
        return found;
      };
      return eventually(look, failure, RUN_TIMEOUT_MS);
    };
    const made: Run = {
      child,
      group: child.pid!,
      output: () => text,
      exit: () => ended,
      value: (name) =>
        printed(() => new RegExp(`^${name}: (.*)$`, "m").exec(text)?.[1], `"${name}: ..." was not printed`),
      prints: async (wanted) =>
        void (await printed(
          () => (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text)),
          `"${wanted}" was not printed`,
        )),
    };
    runs.push(made);
    return made;
  };

  return {
    folder,
    port: await freePort(4),
    npm: (args, env) => run("npm", args, env),
    script: (name, options = [], env) => run(process.execPath, ["worker/tools/run.mjs", name, ...options], env),
    async endRuns() {
      for (const { group } of runs.splice(0)) {
        for (const pid of await leftOf(group))
          try {
            process.kill(pid, "SIGKILL");
          } catch {
            // It has already exited.
          }
        await leftAfter(group);
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
