import type { Context } from "hono";
import type { CaseSummary } from "../../shared/view/summary.ts";
import type { ListQuery } from "../contract/parameters.ts";
import { profileOf } from "../profiles/profiles.ts";
import { noteLease, type Public } from "./freshness.ts";
import { countriesIn, select } from "./list.ts";
import { isFiltered } from "./list-filters.ts";
import { type Copy, type Reads, readsFor } from "./reads.ts";
import type { FirstPage } from "./state.ts";

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

/**
 * Reads a page of the list of cases. An isolate that hasn't filled its lists yet asks the Ledger for a first page.
 * @param place the ISO 3166 code of a place or of a responsible authority
 * @returns the copy that the page is made of, the first case of a list without filters, and a function that makes the page
 */
export async function leasedPage(
  c: Context<Public>,
  query: ListQuery,
  place?: string,
): Promise<{ copy: Copy<object>; first: CaseSummary | undefined; pageAt: (now: number) => FirstPage }> {
  const reads = readsFor(c.env);
  const { q, action, limit, cursor } = query;
  const first = cursor || isFiltered(query) ? null : await reads.leasedFirstPage({ q, action, place, limit });
  if (first) {
    noteLease(c, first, reads);
    return { copy: first, first: first.value.selection.page[0], pageAt: () => first.value };
  }
  const copy = await leased(c, () => reads.leasedSummaries());
  const { value: list } = copy;
  const pageAt = (now: number) => ({
    selection: select(list, query, now, profileOf(c.env), place),
    countries: countriesIn(list.cases),
  });
  return { copy, first: list.cases[0], pageAt };
}
