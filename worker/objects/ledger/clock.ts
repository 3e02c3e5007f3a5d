import type { LeaseRule } from "../../runtime/lease.ts";
import { StoragePart } from "../storage/queries.ts";

/**
 * The Ledger's clock, which never goes behind the newest moment that readers
 * saw, and the leases that may still be in use. Both are stored, so that the
 * lease rule holds after a restart and after a step of the machine's clock.
 */
export class LedgerClock extends StoragePart {
  /** The machine's clock, in milliseconds since the epoch. */
  readonly machine: () => number;
  readonly #lease: number;
  readonly #rule: LeaseRule;
  /**
   * The moment of a restore under way. In memory only: a restart ends the
   * restore too.
   */
  #restoreMoment: number | null = null;

  constructor(
    storage: DurableObjectStorage,
    lease: number,
    machine: () => number,
    rule: LeaseRule,
  ) {
    super(storage);
    this.machine = machine;
    this.#lease = lease;
    this.#rule = rule;
    this.#rememberLease();
  }

  now(): number {
    return Math.max(this.machine(), this.shown());
  }

  /**
   * The newest moment ever shown to readers, in milliseconds since the epoch; 0
   * for none.
   */
  shown(): number {
    return this.sql.oneValue("SELECT live_at FROM mark");
  }

  /** Stores the moment as shown. Must be called before any reader sees it. */
  mark(liveAt: number): void {
    this.sql.exec("UPDATE mark SET live_at = MAX(live_at, ?)", liveAt);
  }

  /**
   * After LEASE_SECONDS was shortened, copies with the former lease stay in use
   * until they expire, so it counts until then.
   */
  #rememberLease(): void {
    const { sql } = this.storage;
    const now = this.now();
    this.storage.transactionSync(() => {
      sql.exec(
        "UPDATE leases SET ends_at = ? + length WHERE ends_at IS NULL AND length != ?",
        now,
        this.#lease,
      );
      sql.exec("DELETE FROM leases WHERE ends_at <= ?", now);
      sql.exec(
        "INSERT INTO leases VALUES (?, NULL) ON CONFLICT (length) DO UPDATE SET ends_at = NULL",
        this.#lease,
      );
    });
  }

  /** How long a copy handed out at `now` may be used, in milliseconds. */
  validFor(now: number, nextMoment: number | null): number {
    const moments = [nextMoment, this.#restoreMoment].filter(
      (moment) => moment !== null,
    );
    const next = moments.length === 0 ? null : Math.min(...moments);
    return this.#rule.validFor(now, this.#lease, next);
  }

  /**
   * Ends every lease before the moment of a restore, whose revisions have no
   * rows yet. Null lifts the limit.
   */
  endLeasesBefore(moment: number | null): void {
    this.#restoreMoment = moment;
  }

  /**
   * The earliest moment of a revision committed now: by then every copy has
   * expired, under every lease that is still in use.
   */
  earliestMoment(now: number): number {
    const query =
      "SELECT MAX(length) FROM leases WHERE ends_at IS NULL OR ends_at > ?";
    return this.#rule.earliestMoment(now, this.sql.oneValue(query, now));
  }
}
