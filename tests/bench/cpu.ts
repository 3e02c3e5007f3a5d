import { readFile } from "node:fs/promises";

/** Returns the CPU time of a process and its children, in milliseconds. Linux only. */
export async function cpuOf(pid: number): Promise<number> {
  const stat = async (id: string) => (await readFile(`/proc/${id}/stat`, "utf8")).split(") ").at(-1)?.split(" ") ?? [];
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim().split(" ").filter(Boolean);
  const times = await Promise.all([String(pid), ...children].map(stat));
  return times.reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) * 10, 0);
}
