/** Renewals from a Ledger that still runs the code of the deployment before, which can't say what changed. Remove it in 2027. */
import type { LedgerReads } from "./reads.ts";
import type { Changed, Renewal } from "./state.ts";

let histories = 0;

/**
 * Reads heads and summaries whole. The answer belongs to a history of its own, so it extends no copy.
 * @param error of the question that failed
 * @throws the error, unless the Ledger doesn't know the method
 */
export async function renewalOfWhole(error: unknown, ledger: LedgerReads, lists: boolean): Promise<Renewal> {
  if (!(error instanceof Error && error.message.includes("does not implement the method"))) throw error;
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
