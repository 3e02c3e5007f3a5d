/** Figures that the benches share. */
import { readFile } from "node:fs/promises";

export const median = (numbers: number[]) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
};

/** Returns the CPU time of a process and its children, in milliseconds. Linux only. */
export async function cpuMsOf(pid: number): Promise<number> {
  const stat = async (id: string) => (await readFile(`/proc/${id}/stat`, "utf8")).split(") ").at(-1)?.split(" ") ?? [];
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").filter(Boolean);
  const times = await Promise.all([String(pid), ...children].map(stat));
  return times.reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) * 10, 0);
}
