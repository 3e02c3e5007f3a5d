import type { Leased, LeaseRule } from "./lease.ts";

/**
 * The Ledger's clock, which never goes behind what was shown, and its memory of the leases that may still be in use. Both are
 * kept in storage, because neither a restart nor a step of the machine's clock may undo a promise.
 */
export class LedgerClock {
  readonly #storage: DurableObjectStorage;
  /** The machine's, in milliseconds since the epoch. */
  readonly machine: () => number;
  readonly #lease: number;
  readonly #rule: LeaseRule;
  /** The moment of a restore under way; in memory, as the restore is. */
  #restoreMoment: number | null = null;

  constructor(storage: DurableObjectStorage, lease: number, machine: () => number, rule: LeaseRule) {
    this.#storage = storage;
    this.machine = machine;
    this.#lease = lease;
    this.#rule = rule;
    this.#rememberLease();
  }

  now(): number {
    return Math.max(this.machine(), this.shown());
  }

  /** The newest moment that was ever shown. */
  shown(): number {
    return this.#storage.sql.exec<{ live_at: number }>("SELECT live_at FROM mark").toArray()[0]?.live_at ?? 0;
  }

  /** What is shown stays shown: called before the moment is shown to anybody. */
  mark(liveAt: number): void {
    this.#storage.sql.exec("UPDATE mark SET live_at = MAX(live_at, ?)", liveAt);
  }

  /** A lease once handed out counts for as long as it may still be in use, even after the setting was shortened. */
  #rememberLease(): void {
    const { sql } = this.#storage;
    const now = this.now();
    this.#storage.transactionSync(() => {
      sql.exec("UPDATE leases SET ends_at = ? + length WHERE ends_at IS NULL AND length != ?", now, this.#lease);
      sql.exec("DELETE FROM leases WHERE ends_at <= ?", now);
      sql.exec("INSERT INTO leases VALUES (?, NULL) ON CONFLICT (length) DO UPDATE SET ends_at = NULL", this.#lease);
    });
  }

  /** A copy handed out now, and for how long it may be used. */
  lease<T>(value: T, now: number, nextMoment: number | null): Leased<T> {
    const moments = [nextMoment, this.#restoreMoment].filter((moment) => moment !== null);
    const next = moments.length === 0 ? null : Math.min(...moments);
    return { value, validFor: this.#rule.validFor(now, this.#lease, next) };
  }

  /** Something outside the rows will be shown from `moment` on: every lease ends before it. Null once that is over. */
  endLeasesBefore(moment: number | null): void {
    this.#restoreMoment = moment;
  }

  /** The earliest moment of a revision committed now: every copy in use, by any lease ever set, has run out by then. */
  earliestMoment(now: number): number {
    const { length } = this.#storage.sql
      .exec<{ length: number }>("SELECT MAX(length) AS length FROM leases WHERE ends_at IS NULL OR ends_at > ?", now)
      .one();
    return this.#rule.earliestMoment(now, length);
  }
}
