/** A copy of the project with storage and secrets of its own, and its npm scripts as a newcomer runs them. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../worker/tools/local/runtime.ts";

export interface Run {
  child: ChildProcess;
  /** The process group; what a run leaves behind is still in it. */
  group: number;
  output(): string;
  /** The value of a `name: value` line, once it is printed. */
  value(name: string): Promise<string>;
}

export interface LocalCopy {
  folder: string;
  /** The first of four free ports in a row: three for the run, one for a test of its own. */
  port: number;
  npm(args: string[], env?: Record<string, string>): Run;
  /** Ends whatever still runs. */
  endRuns(): Promise<void>;
  remove(): Promise<void>;
}

async function freePorts(): Promise<number> {
  // Below the ports that systems lend to outgoing connections.
  for (let first = 20_000 + Math.floor(Math.random() * 12_000); ; first += 4) {
    const free = await Promise.all(
      [first, first + 1, first + 2, first + 3].map(async (candidate) => {
        const server = createServer().listen(candidate, "127.0.0.1");
        const listens = await once(server, "listening").then(
          () => true,
          () => false,
        );
        server.close();
        return listens;
      }),
    );
    if (free.every(Boolean)) return first;
  }
}

/** Processes of a group that are still there, by /proc; where there is no such folder, nothing is known. */
async function leftOf(group: number): Promise<number[]> {
  if (!existsSync("/proc/self/stat")) return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")));
  return pids.filter((_, index) => {
    const fields = stats[index]!.slice(stats[index]!.lastIndexOf(")") + 2).split(" ");
    return Number(fields[2]) === group && fields[0] !== "Z";
  });
}

/** @returns the processes of the group that are left when the time is up */
export async function leftAfter(group: number, milliseconds: number): Promise<number[]> {
  for (let waited = 0; waited < milliseconds; waited += 100) {
    if ((await leftOf(group)).length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return leftOf(group);
}

export async function localCopy(): Promise<LocalCopy> {
  const folder = await mkdtemp(join(tmpdir(), "casewire-start-"));
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root })
    .toString()
    .split("\0")
    .filter((path) => path && existsSync(join(root, path)));
  for (const path of files) await cp(join(root, path), join(folder, path));
  // The packages are those of this run, so none is installed through the link.
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const runs: Run[] = [];

  return {
    folder,
    port: await freePorts(),
    npm(args, env = {}) {
      const child = spawn("npm", args, {
        cwd: folder,
        env: { ...process.env, ...env },
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let text = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk) => {
          text += chunk;
        });
      const run: Run = {
        child,
        group: child.pid!,
        output: () => text,
        async value(name) {
          for (let waited = 0; waited < 40_000 && child.exitCode === null; waited += 50) {
            const found = new RegExp(`^${name}: (.*)$`, "m").exec(text);
            if (found?.[1]) return found[1];
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
          throw new Error(`"${name}: ..." was not printed:\n${text}`);
        },
      };
      runs.push(run);
      return run;
    },
    async endRuns() {
      for (const { group } of runs.splice(0)) {
        for (const pid of await leftOf(group))
          try {
            process.kill(pid, "SIGKILL");
          } catch {
            // It ended by itself meanwhile.
          }
        await leftAfter(group, 5_000);
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
