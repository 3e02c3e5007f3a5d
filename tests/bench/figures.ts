/** Figures that the benches share. */
import { readdir, readFile } from "node:fs/promises";

export const median = (numbers: number[]) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) +
      (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) /
    2
  );
};

/** @param share 0.25 for the lower quartile */
export const quantile = (numbers: number[], share: number) =>
  [...numbers].sort((a, b) => a - b)[
    Math.round((numbers.length - 1) * share)
  ] ?? Number.NaN;

const childrenOf = async (pid: number): Promise<number[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8"))
    .split(" ")
    .filter(Boolean)
    .map(Number);

/**
 * Returns the CPU time of processes, in microseconds, exact to the scheduler's
 * clock. Linux only.
 */
export async function cpuUs(pids: number[]): Promise<number> {
  const times = await Promise.all(
    pids.map(async (pid) => {
      const threads = await readdir(`/proc/${pid}/task`);
      return Promise.all(
        // A thread may end between the two reads.
        threads.map((thread) =>
          readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8").catch(
            () => "0",
          ),
        ),
      );
    }),
  );
  return times
    .flat()
    .reduce((sum, text) => sum + Number(text.split(" ")[0]) / 1_000, 0);
}

/** Returns the resident memory of processes, in MB. Linux only. */
export async function residentMb(pids: number[]): Promise<number> {
  const statuses = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/status`, "utf8").catch(() => "")),
  );
  return statuses.reduce(
    (sum, status) =>
      sum + Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_000,
    0,
  );
}

/**
 * CPU time of a process's children: of workerd, whose parent a test Worker's
 * process is.
 */
export const cpuUsOf = async (pid: number) => cpuUs(await childrenOf(pid));
/**
 * CPU time that a process's children take for some work, in microseconds; NaN
 * where it can't be read.
 */
export async function cpuUsFor(
  pid: number,
  work: () => Promise<unknown>,
): Promise<number> {
  const now = () => cpuUsOf(pid).catch(() => Number.NaN);
  const before = await now();
  await work();
  return (await now()) - before;
}
/**
 * Prints a Markdown table.
 * @param heads from the second on, a column of figures
 */
export function printTable(heads: unknown[], rows: unknown[][]): void {
  const line = (cells: unknown[]) => console.log(`| ${cells.join(" | ")} |`);
  line(heads);
  line(heads.map((_, index) => (index === 0 ? "---" : "---:")));
  for (const row of rows) line(row);
}

/** Half of the 95 % confidence interval of the median. */
export function medianError(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const reach = 0.98 * Math.sqrt(sorted.length);
  const at = (position: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(position)))] ??
    Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return (at(middle + reach) - at(middle - reach)) / 2;
}
