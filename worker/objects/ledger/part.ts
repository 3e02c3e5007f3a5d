import { RpcTarget } from "cloudflare:workers";

/** A part of the Ledger. It finds the others in the journal. Other objects can call its methods, and can't reach its fields. */
export class Part extends RpcTarget {
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
