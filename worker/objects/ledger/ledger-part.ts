import type { Leased } from "../../runtime/lease.ts";
import { StoragePart } from "../storage/queries.ts";

/** A part of the Ledger. It finds the others in the journal. */
export class LedgerPart extends StoragePart {
  protected readonly journal: WholeJournal;

  constructor(journal: WholeJournal) {
    super(journal.storage);
    this.journal = journal;
  }
}

/** A part that answers readers. */
export class LeasedPart extends LedgerPart {
  /**
   * @param nextMoment the next one that may change the answer; by default of
   * any case
   */
  protected leased<T>(
    value: T,
    now: number,
    nextMoment = this.journal.revisions.nextMoment(now),
  ): Leased<T> {
    return {
      value,
      validFor: this.journal.clock.validFor(now, nextMoment),
      epoch: this.journal.changes.epoch(),
    };
  }
}
