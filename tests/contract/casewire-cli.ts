/** Runs the shell as a process of its own. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../root.ts";

interface Ended {
  code: number;
  out: string;
  err: string;
}

export interface ShellRun {
  on: { url: string; editorToken: string };
  env?: Record<string, string>;
  /** Sends Ctrl-C once this text is printed. */
  interrupt?: string;
  /** Closes the reading end of the pipe. */
  unread?: boolean;
  cwd?: string;
}

export function runShell(
  words: string[],
  { on, env = {}, interrupt, unread = false, cwd = root }: ShellRun,
): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, "worker/tools/cli/casewire.ts"), ...words], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PUBLIC_URL: on.url,
      EDITOR_TOKEN: on.editorToken,
      TZ: "Europe/Berlin",
      ...env,
    },
  });
  const ended: Ended = { code: -1, out: "", err: "" };
  let waiting = interrupt;
  child.stdout.on("data", (chunk) => (ended.out += chunk));
  if (unread) child.stdout.destroy();
  child.stderr.on("data", (chunk) => {
    ended.err += chunk;
    if (waiting === undefined || !ended.err.includes(waiting)) return;
    waiting = undefined;
    child.kill("SIGINT");
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ ...ended, code: code ?? -1 })));
}
