/** The storage of a local run, and the one process that may use it. */
import { rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./runtime.ts";

export const stateFolder = join(root, ".wrangler/casewire");
const lock = join(root, ".wrangler/casewire.pid");

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The process that uses the storage now, or null. A lock left by a crash counts for nothing. */
export async function holder(): Promise<number | null> {
  const pid = Number(await readFile(lock, "utf8").catch(() => ""));
  return pid > 0 && pid !== process.pid && alive(pid) ? pid : null;
}

/** Two runtimes on one storage would corrupt it. */
export async function hold(): Promise<void> {
  await mkdir(stateFolder, { recursive: true });
  await writeFile(lock, String(process.pid));
  // Miniflare ends the process at a signal before anything else is closed.
  process.once("exit", release);
}

export const release = () => rmSync(lock, { force: true });
