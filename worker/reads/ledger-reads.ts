import type { LogHead } from "../runtime/checkpoint.ts";
import type { Epoch, Leased } from "../runtime/lease.ts";
import type { Counts } from "./counts.ts";
import type { LeasedList, ListQuestion, Topic } from "./questions.ts";
import type { CaseState, ChangeCursor, ChangePage, HistoryPage, Recent, RenewalText, RevisionState } from "./state.ts";

/** The Ledger's methods for readers. */
export interface LedgerReads {
  changesSince(since: Epoch | null, lists: boolean, counts: Counts): Promise<RenewalText>;
  changesFrom(since: Epoch | null, counts: Counts): Promise<RenewalText>;
  readList<T extends Topic>(question: ListQuestion<T>): Promise<LeasedList<T>>;
  readCase(id: string): Promise<Leased<CaseState>>;
  readHistoryPage(id: string, before: number | null, limit: number): Promise<Leased<HistoryPage | null>>;
  readRevision(id: string, number: number): Promise<Leased<RevisionState>>;
  readChanges(since: ChangeCursor | null, limit: number): Promise<Leased<ChangePage | null>>;
  readLogHead(): Promise<Leased<LogHead>>;
  readRecent(id: string | null): Promise<Leased<Recent[]>>;
}
