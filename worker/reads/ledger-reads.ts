import type { Revision } from "../../shared/revision.ts";
import type { Summaries } from "../../shared/view/summary.ts";
import type { LogHead } from "../runtime/checkpoint.ts";
import type { Epoch, Leased } from "../runtime/lease.ts";
import type { Counts } from "./counts.ts";
import type { LeasedList, ListQuestion, Topic } from "./questions.ts";
import type {
  CaseState,
  ChangeCursor,
  ChangePage,
  Head,
  HistoryPage,
  Recent,
  Renewal,
  RevisionState,
} from "./state.ts";

/** The Ledger's methods for readers. */
export interface LedgerReads {
  changesSince(since: Epoch | null, lists: boolean, asText: boolean, counts?: Counts): Promise<Renewal>;
  changesFrom(since: Epoch | null, counts?: Counts): Promise<Renewal>;
  readList<T extends Topic>(question: ListQuestion<T>, asText: boolean): Promise<LeasedList<T>>;
  readCase(id: string): Promise<Leased<CaseState>>;
  readHistory(id: string): Promise<Leased<Revision[] | null>>;
  readHistoryPage(id: string, before: number | null, limit: number): Promise<Leased<HistoryPage | null>>;
  readRevision(id: string, number: number): Promise<Leased<RevisionState>>;
  readChanges(since: ChangeCursor | null, limit: number): Promise<Leased<ChangePage | null>>;
  readLogHead(): Promise<Leased<LogHead>>;
  readRecent(id: string | null): Promise<Leased<Recent[]>>;
  readHeads(): Promise<Leased<Head[]>>;
  readSummaries(): Promise<Leased<Summaries>>;
}
