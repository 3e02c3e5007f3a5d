/**
 * The storage of a local run, and its lock file: only one process may use the
 * storage.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.ts";

export const stateFolder = join(root, ".wrangler/casewire");
const lock = join(root, ".wrangler/casewire.pid");

/**
 * A killed process still answers signals until its parent has read its end.
 * Known on systems with `/proc` only.
 */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

interface LocalRun {
  pid: number;
  port: number;
}

function lockText(): string {
  try {
    return readFileSync(lock, "utf8");
  } catch {
    return "";
  }
}

/**
 * The process that uses the storage, and its port; null when there is none, or
 * after a crash.
 */
export function localRun(): LocalRun | null {
  const [pid = 0, port = 0] = lockText().split(" ").map(Number);
  return pid > 0 && pid !== process.pid && alive(pid) ? { pid, port } : null;
}

/**
 * Takes the lock until this process exits. Two runtimes on one storage would
 * corrupt it.
 * @returns the other run that holds the lock; null when this process holds it
 * now
 */
export function lockStorage(port: number): LocalRun | null {
  mkdirSync(stateFolder, { recursive: true });
  for (;;) {
    try {
      // With "wx", only one of two processes can create the file.
      writeFileSync(lock, `${process.pid} ${port}`, { flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const other = localRun();
      if (other) return other;
      // The process that took the lock has crashed.
      rmSync(lock, { force: true });
      continue;
    }
    process.once("exit", () => rmSync(lock, { force: true }));
    return null;
  }
}
