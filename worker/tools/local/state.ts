/** The storage of a local run, and the one process that may use it. */
import { rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Not from the runtime, which the shell need not load.
const root = fileURLToPath(new URL("../../../", import.meta.url));
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
  const pid = Number((await readFile(lock, "utf8").catch(() => "")).split(" ")[0]);
  return pid > 0 && pid !== process.pid && alive(pid) ? pid : null;
}

/** Where the process that uses the storage listens, for the shell; null when that is not known. */
export async function heldPort(): Promise<number | null> {
  return Number((await readFile(lock, "utf8").catch(() => "")).split(" ")[1]) || null;
}

/** Two runtimes on one storage would corrupt it. */
export async function hold(port: number): Promise<void> {
  await mkdir(stateFolder, { recursive: true });
  await writeFile(lock, `${process.pid} ${port}`);
  // Miniflare ends the process at a signal before anything else is closed.
  process.once("exit", release);
}

export const release = () => rmSync(lock, { force: true });
