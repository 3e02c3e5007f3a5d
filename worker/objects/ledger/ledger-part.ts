import { RpcTarget } from "cloudflare:workers";
import type { Leased } from "../../runtime/lease.ts";

/** A part of the Ledger. It finds the others in the journal. Other objects can call its methods, and can't reach its fields. */
export class LedgerPart extends RpcTarget {
  protected readonly journal: WholeJournal;
  protected readonly storage: DurableObjectStorage;
  protected readonly sql: SqlStorage;

  constructor(journal: WholeJournal) {
    super();
    this.journal = journal;
    this.storage = journal.storage;
    this.sql = journal.storage.sql;
  }
}

/** A part that answers readers. */
export class LeasedPart extends LedgerPart {
  /** @param nextMoment the next one that may change the answer; by default of any case */
  protected leased<T>(value: T, now: number, nextMoment = this.journal.revisions.nextMoment(now)): Leased<T> {
    return { value, validFor: this.journal.clock.validFor(now, nextMoment), epoch: this.journal.changes.epoch() };
  }
}
