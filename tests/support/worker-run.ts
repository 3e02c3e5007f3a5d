/**
 * Runs Workers on real workerd, in a process that all of a test run share or in
 * one of their own: loading Miniflare takes a second of the processor.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { WorkerSettings } from "../../worker/tools/local/runtime.ts";
import { root } from "./root.ts";

export type WorkerHost = Awaited<ReturnType<typeof startWorkerHost>>;
export type WorkerRun = Awaited<ReturnType<typeof runInHost>>;

export async function startWorkerHost() {
  // A process group of its own, which Ctrl-C doesn't reach: the process ends
  // with the test run, in order.
  const child = spawn(
    process.execPath,
    [join(root, "tests/support/worker-host-process.ts")],
    {
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  const printed: string[] = [];
  for (const stream of [child.stdout!, child.stderr!])
    stream.on("data", (chunk) => {
      printed.push(String(chunk));
      if (process.env.CASEWIRE_LOGS) process.stderr.write(chunk);
    });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", () =>
      reject(
        new Error(`The process of Workers did not start:\n${printed.join("")}`),
      ),
    );
    createInterface({ input: child.stdout! }).on(
      "line",
      (line) => line.startsWith("url: ") && resolve(line.slice(5)),
    );
  });
  return {
    url,
    /** The parent process of workerd. */
    pid: child.pid!,
    printed,
    /** Sends SIGKILL to the runtime that started last, as a power cut would. */
    kill: async () => void (await fetch(`${url}/kill`, { method: "POST" })),
    /** Ends the process with all its Workers. */
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.disconnect();
      await exit;
    },
  };
}

/**
 * @param host the address of a process of Workers
 * @param printed receives what the Worker prints
 */
export async function runInHost(
  host: string,
  settings: WorkerSettings,
  printed: string[] = [],
) {
  const asked = request(`${host}/workers`, { method: "POST" }).end(
    JSON.stringify(settings),
  );
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: answer }).on("line", (text) => {
      const line = JSON.parse(text) as {
        url?: string;
        error?: string;
        log?: string;
      };
      if (line.log) {
        printed.push(line.log);
        if (process.env.CASEWIRE_LOGS) process.stderr.write(line.log);
      }
      if (line.url) resolve(line.url);
      if (line.error)
        reject(new Error(`The Worker did not start: ${line.error}`));
    });
  });
  const post = (action: string) =>
    fetch(`${host}/workers/${answer.headers.worker}/${action}`, {
      method: "POST",
    });
  return {
    url,
    /** Returns everything printed so far, errors included. */
    output: () => printed.join(""),
    /** Runs the cron trigger once. */
    cron: async () => void (await post("cron")),
    close: async () => {
      await post("close");
      answer.destroy();
    },
  };
}
