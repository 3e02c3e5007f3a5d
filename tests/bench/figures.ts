/** Figures that the benches share. */
import { readdir, readFile } from "node:fs/promises";

export const median = (numbers: number[]) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
};

/** @param share 0.25 for the lower quartile */
export const quantile = (numbers: number[], share: number) =>
  [...numbers].sort((a, b) => a - b)[Math.round((numbers.length - 1) * share)] ?? Number.NaN;

const childrenOf = async (pid: number): Promise<string[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").filter(Boolean);

/** Returns the CPU time of a process and its children, in milliseconds. Linux only. */
export async function cpuMsOf(pid: number): Promise<number> {
  const stat = async (id: string) => (await readFile(`/proc/${id}/stat`, "utf8")).split(") ").at(-1)?.split(" ") ?? [];
  const times = await Promise.all([String(pid), ...(await childrenOf(pid))].map(stat));
  return times.reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) * 10, 0);
}

/** Returns the CPU time of a process's children, in microseconds, exact to the scheduler's clock. Linux only. */
export async function cpuUsOf(pid: number): Promise<number> {
  const times = await Promise.all(
    (await childrenOf(pid)).map(async (child) => {
      const threads = await readdir(`/proc/${child}/task`);
      return Promise.all(
        // A thread may end between the two reads.
        threads.map((thread) => readFile(`/proc/${child}/task/${thread}/schedstat`, "utf8").catch(() => "0")),
      );
    }),
  );
  return times.flat().reduce((sum, text) => sum + Number(text.split(" ")[0]) / 1_000, 0);
}

/** Returns the resident memory of a process's children, in MB. Linux only. */
export async function residentMbOf(pid: number): Promise<number> {
  const sizes = await Promise.all(
    (await childrenOf(pid)).map(async (child) => {
      const status = await readFile(`/proc/${child}/status`, "utf8").catch(() => "");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_000;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Half of the 95 % confidence interval of the median. */
export function medianError(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const reach = 0.98 * Math.sqrt(sorted.length);
  const at = (position: number) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(position)))] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return (at(middle + reach) - at(middle - reach)) / 2;
}
