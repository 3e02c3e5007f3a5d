/** Answers of a Ledger that still runs the code of the deployment before. Remove it in 2027. */
import type { Revision } from "../../shared/revision.ts";
import type { Leased } from "../runtime/lease.ts";
import type { LedgerReads } from "./ledger-reads.ts";
import type { Changed, HistoryPage, Renewal } from "./state.ts";

let histories = 0;

/** @throws the error, unless the Ledger doesn't know the method */
export function requireOlderCode(error: unknown): void {
  if (!(error instanceof Error && error.message.includes("does not implement the method"))) throw error;
}

/**
 * Takes a page from the whole history.
 * @param error of the question that failed
 * @throws the error, unless the Ledger doesn't know the method
 */
export async function pageOfWhole(
  error: unknown,
  read: () => Promise<Leased<Revision[] | null>>,
  before: number | null,
  limit: number,
): Promise<Leased<HistoryPage | null>> {
  requireOlderCode(error);
  const { value: history, ...lease } = await read();
  const [newest, first] = [history?.[0], history?.at(-1)];
  if (!history || !newest || !first) return { value: null, ...lease };
  const start = history.findIndex(({ number }) => before === null || number < before);
  const from = start === -1 ? history.length : start;
  const value: HistoryPage = {
    revisions: history.slice(from, from + limit),
    older: history[from + limit] ?? null,
    newer: history[from - 1] ?? null,
    first,
    newest,
  };
  return { value, ...lease };
}

/**
 * Reads heads and summaries whole. The answer belongs to a history of its own, so it extends no copy.
 * @param error of the question that failed
 * @throws the error, unless the Ledger doesn't know the method
 */
export async function renewalOfWhole(error: unknown, ledger: LedgerReads, lists: boolean): Promise<Renewal> {
  requireOlderCode(error);
  const [heads, summaries] = await Promise.all([ledger.readHeads(), lists ? ledger.readSummaries() : null]);
  const listed = new Map<string, Changed["listed"]>();
  for (const summary of summaries?.value.cases ?? []) listed.set(summary.id, { revision: summary.revision, summary });
  for (const unshowable of summaries?.value.unshowable ?? [])
    listed.set(unshowable.id, { revision: { number: 0, sequence: 0, kind: "update", liveAt: "" }, unshowable });
  return {
    epoch: { history: `whole ${histories++}`, number: 0 },
    since: 0,
    more: false,
    changed: heads.value.map(({ id, number }) => {
      const entry = listed.get(id);
      return { id, number, epoch: 0, ...(entry ? { listed: entry } : {}) };
    }),
    validFor: Math.min(heads.validFor, summaries?.validFor ?? heads.validFor),
    terms: [],
  };
}
