import type { LogHead } from "../runtime/checkpoint.ts";
import type { Epoch, Leased } from "../runtime/lease.ts";
import type { NewestCases } from "./all-cases.ts";
import type { Counts } from "./counts.ts";
import type {
  CasePage,
  CaseState,
  ChangeCursor,
  ChangePage,
  HistoryPage,
  LeasedText,
  Recent,
  Renewal,
  RevisionState,
} from "./state.ts";

/** The Ledger's methods for readers. */
export interface LedgerReads {
  changesSince(since: Epoch | null, counts: Counts): Promise<Renewal>;
  casesBetween(after: number, upTo: number): Promise<CasePage>;
  readNewest(): Promise<LeasedText<NewestCases>>;
  readSitemap(part: number | null): Promise<LeasedText<{ parts: string[] }>>;
  readCalendar(day: string): Promise<LeasedText<object>>;
  readDeadlines(day: string): Promise<LeasedText<object>>;
  readCase(id: string): Promise<Leased<CaseState>>;
  readHistoryPage(id: string, before: number | null, limit: number): Promise<Leased<HistoryPage | null>>;
  readRevision(id: string, number: number): Promise<Leased<RevisionState>>;
  readChanges(since: ChangeCursor | null, limit: number): Promise<Leased<ChangePage | null>>;
  readLogHead(): Promise<Leased<LogHead>>;
  readRecent(id: string | null): Promise<Leased<Recent[]>>;
}
