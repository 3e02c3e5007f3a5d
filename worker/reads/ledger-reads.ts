/** What readers ask the Ledger. Its classes implement these facets, which the compiler checks. */
import type { Tile } from "../editing/contract/log-entry.ts";
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

export interface LedgerReads {
  readonly readings: {
    case(id: string): Leased<CaseState>;
    historyPage(id: string, before: number | null, limit: number): Leased<HistoryPage | null>;
    revision(id: string, number: number): Leased<RevisionState>;
    recent(id: string | null): Leased<Recent[]>;
    logHead(): Leased<LogHead>;
    logTile(tile: Tile): Uint8Array<ArrayBuffer> | null;
  };
  readonly cases: {
    changesSince(since: Epoch | null, counts: Counts): Renewal;
    casesBetween(after: number, upTo: number): CasePage;
    newest(): LeasedText<NewestCases>;
    sitemap(part: number | null): LeasedText<{ parts: string[] }>;
    calendar(day: string): LeasedText<object>;
    deadlines(day: string): LeasedText<object>;
  };
  readonly feed: {
    page(since: ChangeCursor | null, limit: number): Leased<ChangePage | null>;
  };
}

declare global {
  interface LedgerPort extends LedgerReads {}
}
