import type { Context } from "hono";
import type { ListQuery } from "../editing/contract/parameters.ts";
import type { ListPage } from "./all-cases.ts";
import type { Copy, Start } from "./copies.ts";
import { noteLease, type Public, startOf } from "./freshness.ts";
import { type Made, type Reads, readsFor } from "./reads.ts";

/**
 * Reads a copy for this answer and notes its lease.
 * @returns the copy, and the isolate's time after the reading, in milliseconds
 */
export async function leased<T>(
  c: Context<Public>,
  read: (reads: Reads, start?: Start) => Promise<Copy<T>>,
): Promise<Copy<T> & { now: number }> {
  const reads = readsFor(c.env);
  // Throws if this request has waited in vain.
  const copy = await read(reads, startOf(c.req.raw));
  noteLease(c, copy, reads);
  return { ...copy, now: reads.now() };
}

/** `leased`, for a page of the list of cases. */
export async function leasedPage(
  c: Context<Public>,
  { lang: _, ...filters }: ListQuery,
  at?: string,
): Promise<Made<ListPage>> {
  const reads = readsFor(c.env);
  const made = await reads.leasedPage({ ...filters, at }, startOf(c.req.raw));
  noteLease(c, made.copy, reads);
  return made;
}
