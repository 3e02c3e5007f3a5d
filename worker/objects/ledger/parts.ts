/** What the Ledger is made of, wired once. */
import type { Profile } from "../../../shared/profile/schema.ts";
import { type LeaseRule, leaseRule } from "../../runtime/lease.ts";
import { log } from "../../runtime/log.ts";
import { migrate } from "../storage/migrate.ts";
import { Queries } from "../storage/queries.ts";
import { Access } from "./access.ts";
import { Announcements } from "./announcements.ts";
import { Audit } from "./audit.ts";
import { KnownAuthors } from "./authors.ts";
import { ChangeFeed } from "./change-feed.ts";
import { Changes } from "./changes.ts";
import { LedgerClock } from "./clock.ts";
import { DeskReadings } from "./desk-readings.ts";
import { Erasures } from "./erasures.ts";
import { ListReadings } from "./list-readings.ts";
import { ledgerMigrations } from "./migrations.ts";
import { Places } from "./places.ts";
import { Portraits } from "./portraits.ts";
import { Proposals } from "./proposals.ts";
import { Readings } from "./readings.ts";
import { Registrations } from "./registrations.ts";
import { Revisions } from "./revisions.ts";
import { SavedDrafts } from "./saved-drafts.ts";
import { SignedLog } from "./signed-log.ts";
import {
  deriveSummaries,
  refuseNewerContent,
  StoredContent,
} from "./stored-content.ts";

/**
 * What every part stands on: a storage that this code may touch, and the clock.
 */
class Ground {
  readonly storage: DurableObjectStorage;
  readonly sql: Queries;
  readonly profile: Profile;
  /** Of the deployed code. */
  readonly version: string;
  readonly clock: LedgerClock;
  readonly #logged = new Set<string>();

  /**
   * @param lease the current length of a lease, in milliseconds
   * @param machine the machine's clock, in milliseconds since the epoch; it may
   * step
   * @param rule a parameter so that tests can break it and check that the
   * violation is detected
   */
  constructor(
    storage: DurableObjectStorage,
    lease: number,
    machine: () => number,
    profile: Profile,
    rule: LeaseRule = leaseRule,
    version = "",
  ) {
    this.storage = storage;
    this.profile = profile;
    this.version = version;
    migrate(storage, ledgerMigrations, "Ledger");
    this.sql = new Queries(storage.sql);
    refuseNewerContent(this.sql);
    this.clock = new LedgerClock(storage, lease, machine, rule);
  }

  /** Logs a fault of a stored row: once, and without its words. */
  logOnce(
    row: string,
    fault: string,
    fields?: Parameters<typeof log.error>[2],
  ): void {
    if (this.#logged.has(row)) return;
    this.#logged.add(row);
    log.error(`Ledger: ${row} cannot be ${fault}`, undefined, fields);
  }
}

export class LedgerParts extends Ground {
  /** The object that these are parts of. */
  readonly #journal = this as unknown as WholeJournal;
  readonly content = new StoredContent(this.#journal);
  readonly revisions = new Revisions(this.#journal);
  readonly changes = new Changes(this.#journal);
  readonly announcements = new Announcements(this.#journal);
  readonly registrations = new Registrations(this.#journal);
  readonly audit = new Audit(this.#journal);
  readonly authors = new KnownAuthors(this.#journal);
  readonly access = new Access(this.#journal);
  readonly log = new SignedLog(this.#journal);
  readonly portraits = new Portraits(this.#journal);
  readonly drafts = new SavedDrafts(this.#journal);
  readonly proposals = new Proposals(this.#journal);
  readonly erasures = new Erasures(this.#journal);
  readonly readings = new Readings(this.#journal);
  readonly desk = new DeskReadings(this.#journal);
  readonly list = new ListReadings(this.#journal);
  readonly feed = new ChangeFeed(this.#journal);
  readonly places = new Places(this.#journal);

  constructor(...ground: ConstructorParameters<typeof Ground>) {
    super(...ground);
    deriveSummaries(this.#journal);
  }
}
