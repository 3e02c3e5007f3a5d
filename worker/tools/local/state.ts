/** The storage of a local run, and its lock file: only one process may use the storage. */
import { rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Not imported from runtime.ts, so that the shell need not load it.
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

/** The process that uses the storage, and its port; null when there is none, or after a crash. */
export async function localRun(): Promise<{ pid: number; port: number } | null> {
  const [pid = 0, port = 0] = (await readFile(lock, "utf8").catch(() => "")).split(" ").map(Number);
  return pid > 0 && pid !== process.pid && alive(pid) ? { pid, port } : null;
}

/** Writes the lock file. Two runtimes on one storage would corrupt it. */
export async function lockStorage(port: number): Promise<void> {
  await mkdir(stateFolder, { recursive: true });
  await writeFile(lock, `${process.pid} ${port}`);
  // On a signal, Miniflare may end the process before start.ts has closed everything.
  process.once("exit", unlockStorage);
}

export const unlockStorage = () => rmSync(lock, { force: true });
