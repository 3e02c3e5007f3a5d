/** Two ways to run a Worker on real workerd: in the process that all Workers of a test run share, or in one of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { WorkerSettings } from "../worker/tools/local/runtime.ts";
import { root } from "./root.ts";

export interface WorkerRun {
  url: string;
  /** Returns everything printed so far, errors included. */
  output(): string;
  /** Runs the cron trigger once. Only in the shared process. */
  cron?(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkerProcess extends WorkerRun {
  /** The parent process of workerd. */
  pid: number;
  /** Starts workerd again. Its parent process stays, because loading Miniflare takes a second of the processor. */
  again(restart: Restart): Promise<WorkerProcess>;
}

export interface Restart {
  settings: WorkerSettings;
  /** Sends SIGKILL to workerd first, as a power cut would. Otherwise it ends in order. */
  isKilled: boolean;
}

/** Waits for the line `url: ...`. @throws Error when the process ends before */
async function addressOf(child: ChildProcess, printed: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error(`The Worker did not start:\n${printed.join("")}`)));
    createInterface({ input: child.stdout as Readable }).on("line", (line) => {
      if (line.startsWith("url: ")) resolve(line.slice(5));
    });
  });
}

async function spawnScript(script: string, env: Record<string, string> = {}) {
  // A process group of its own, which Ctrl-C doesn't reach: the process ends with the test run, in order.
  const child = spawn(process.execPath, [join(root, "tests", script)], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, ...env },
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream!.on("data", (chunk) => {
      printed.push(String(chunk));
      if (process.env.CASEWIRE_LOGS) process.stderr.write(chunk);
    });
  const url = await addressOf(child, printed);
  return { child, printed, url };
}

export async function runInOwnProcess(settings: WorkerSettings): Promise<WorkerProcess> {
  const { child, printed, url } = await spawnScript("worker-process.ts", { SETTINGS: JSON.stringify(settings) });
  const own: WorkerProcess = {
    url,
    pid: child.pid!,
    output: () => printed.join(""),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    },
    async again(restart) {
      const answer = once(child, "message");
      child.send(restart);
      const [error] = await answer;
      if (error) throw new Error(`The Worker did not start again: ${error}`);
      return own;
    },
  };
  return own;
}

/** Starts the process that the Workers of a test run share. @returns a function that ends it with all its Workers */
export async function shareWorkerHost(): Promise<() => Promise<void>> {
  const { child, url } = await spawnScript("worker-host-process.ts");
  process.env.CASEWIRE_WORKER_HOST = url;
  return async () => {
    const exit = once(child, "exit");
    child.disconnect();
    await exit;
  };
}

/** @param host the address of the shared process */
export async function runInHost(host: string, settings: WorkerSettings): Promise<WorkerRun> {
  const asked = request(`${host}/workers`, { method: "POST" }).end(JSON.stringify(settings));
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const printed: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: answer }).on("line", (text) => {
      const line = JSON.parse(text) as { url?: string; error?: string; log?: string };
      if (line.log) {
        printed.push(line.log);
        if (process.env.CASEWIRE_LOGS) process.stderr.write(line.log);
      }
      if (line.url) resolve(line.url);
      if (line.error) reject(new Error(`The Worker did not start: ${line.error}`));
    });
  });
  const post = (action: string) => fetch(`${host}/workers/${answer.headers.worker}/${action}`, { method: "POST" });
  return {
    url,
    output: () => printed.join(""),
    cron: async () => void (await post("cron")),
    close: async () => {
      await post("close");
      answer.destroy();
    },
  };
}
