import type { Profile } from "../../../shared/profile/schema.ts";
import type { Changes } from "./changes.ts";
import type { LedgerClock } from "./clock.ts";
import type { Revisions } from "./revisions.ts";
import type { StoredContent } from "./stored-content.ts";

/** What the Ledger's readings share. */
export interface ReadingParts {
  sql: SqlStorage;
  revisions: Revisions;
  content: StoredContent;
  clock: LedgerClock;
  changes: Changes;
  profile: Profile;
  /** Settles due revisions and returns the time it settled for. */
  settled: () => number;
}
