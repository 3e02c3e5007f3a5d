/** The rule of the lease (Gray and Cheriton, 1989): every copy of the old truth runs out before the new one goes live. */

/**
 * How long before a moment every lease has ended, in milliseconds. With the rule that only a copy with 3 s left may be kept by
 * the edge, it pays for two cache tiers that round or ignore `Age`, and for 1 s of transit and of steps of the Ledger's clock.
 */
export const LEASE_MARGIN_MS = 2_000;

/**
 * How long a copy handed out at `now` may be used, in milliseconds.
 * @param lease the longest that any copy may be used
 * @param nextMoment the next `liveAt` after `now`, or null when nothing is pending
 */
function validFor(now: number, lease: number, nextMoment: number | null): number {
  return Math.max(0, nextMoment === null ? lease : Math.min(lease, nextMoment - LEASE_MARGIN_MS - now));
}

/** The earliest moment a revision committed at `now` may have: by then every copy handed out has run out. */
function earliestMoment(now: number, longestLease: number): number {
  return now + longestLease + LEASE_MARGIN_MS;
}

export const leaseRule = { validFor, earliestMoment };
export type LeaseRule = typeof leaseRule;

export interface Leased<T> {
  value: T;
  /** Milliseconds from before the asker asked. */
  validFor: number;
}
