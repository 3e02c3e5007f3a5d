import type { Context } from "hono";
import { noteLease, type Public } from "./freshness.ts";
import { type Copy, type Reads, readsFor } from "./reads.ts";

/**
 * Reads a copy for this answer and notes its lease.
 * @returns the copy, and the isolate's time after the reading, in milliseconds
 */
export async function leased<T>(
  c: Context<Public>,
  read: (reads: Reads) => Promise<Copy<T>>,
): Promise<Copy<T> & { now: number }> {
  const reads = readsFor(c.env);
  const copy = await read(reads);
  noteLease(c, copy, reads);
  return { ...copy, now: reads.now() };
}
