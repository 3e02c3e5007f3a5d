/**
 * A copy of the project with its own storage and secrets, in which npm scripts
 * run as for a newcomer.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "../support/root.ts";
import { freePort } from "../support/stand-in-process.ts";
import { eventually } from "../support/waiting.ts";

/**
 * For a build and a start, which take 15 s of a processor. On a slow machine,
 * six test files share two.
 */
export const RUN_TIMEOUT_MS = 120_000;

/**
 * Returns the living processes of a group, from /proc; empty on systems without
 * it.
 */
async function leftOf(group: number): Promise<number[]> {
  if (!existsSync("/proc/self/stat")) return [];
  const pids = (await readdir("/proc"))
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const stats = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")),
  );
  return pids.filter((_, index) => {
    const fields = stats[index]!.slice(
      stats[index]!.lastIndexOf(")") + 2,
    ).split(" ");
    return Number(fields[2]) === group && fields[0] !== "Z";
  });
}

/** @returns the processes of the group that are left after the time limit */
export async function leftAfter(group: number): Promise<number[]> {
  const none = async () => (await leftOf(group)).length === 0 && [];
  return eventually<number[]>(none, () => "").catch(() => leftOf(group));
}

/**
 * Links each package on its own, so that an install in the copy can't write
 * through one link into the shared folder.
 */
async function linkPackages(folder: string): Promise<void> {
  const [from, to] = [join(root, "node_modules"), join(folder, "node_modules")];
  await mkdir(to);
  await Promise.all(
    (await readdir(from)).map((name) =>
      symlink(join(from, name), join(to, name)),
    ),
  );
}

/**
 * No script that runs in a copy reads a test, and tests are half of the files.
 * The build reads the settings of every project.
 */
const isTest = /^tests\/(?!.*tsconfig\.json$)/;

/**
 * A newsroom's own profile: a copy of the project's. It stands there before the
 * first build, so that its use needs no second one.
 */
export const OWN_PROFILE = "newsroom/profiles/own.json";

export type LocalCopy = Awaited<ReturnType<typeof localCopy>>;

export async function localCopy() {
  const folder = await mkdtemp(join(tmpdir(), "casewire-start-"));
  const files = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "-z"],
    { cwd: root },
  )
    .toString()
    .split("\0")
    .filter(
      (path) => path && !isTest.test(path) && existsSync(join(root, path)),
    );
  await Promise.all(
    [...new Set(files.map(dirname))].map((path) =>
      mkdir(join(folder, path), { recursive: true }),
    ),
  );
  await Promise.all([
    linkPackages(folder),
    ...files.map((path) => copyFile(join(root, path), join(folder, path))),
  ]);
  await mkdir(join(folder, dirname(OWN_PROFILE)), { recursive: true });
  await copyFile(
    join(folder, "worker/runtime/profiles/urgent-actions.json"),
    join(folder, OWN_PROFILE),
  );
  /** Process groups, which still contain whatever a run leaves behind. */
  const groups: number[] = [];
  const run = (
    command: string,
    args: string[],
    env: Record<string, string> = {},
  ) => {
    const child = spawn(command, args, {
      cwd: folder,
      // The copy has settings of its own.
      env: { ...process.env, PROFILE: undefined, ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<number | null>((resolve) =>
      child.once("close", resolve),
    );
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        text += chunk;
      });
    const printed = <T>(find: () => T | undefined | false, wanted: string) => {
      const failure = () => `${wanted}:\n${text}`;
      const look = () => {
        const found = find();
        if ((found === undefined || found === false) && child.exitCode !== null)
          throw new Error(failure());
        return found;
      };
      return eventually(look, failure, RUN_TIMEOUT_MS);
    };
    const group = child.pid!;
    groups.push(group);
    return {
      child,
      group,
      output: () => text,
      /**
       * Waits until the process has ended and all its output is here.
       * @returns its exit code
       */
      exit: () => ended,
      /** Waits for a printed `name: value` line and returns the value. */
      value: (name: string) =>
        printed(
          () => new RegExp(`^${name}: (.*)$`, "m").exec(text)?.[1],
          `"${name}: ..." was not printed`,
        ),
      /** Waits until the output contains a text. */
      prints: async (wanted: string | RegExp) =>
        void (await printed(
          () =>
            typeof wanted === "string"
              ? text.includes(wanted)
              : wanted.test(text),
          `"${wanted}" was not printed`,
        )),
    };
  };

  return {
    folder,
    /**
     * The first of four consecutive free ports: three for the run, one for the
     * test.
     */
    port: await freePort(4),
    npm: (args: string[], env?: Record<string, string>) =>
      run("npm", args, env),
    /**
     * Runs what `npm run NAME -- OPTIONS` runs, without npm, which takes half a
     * second of the processor.
     */
    script: (
      name: string,
      options: string[] = [],
      env?: Record<string, string>,
    ) => run(process.execPath, ["worker/tools/run.mjs", name, ...options], env),
    /** Ends every process that still runs. */
    async endRuns() {
      for (const group of groups.splice(0)) {
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
