/**
 * The lease rule (Gray and Cheriton, 1989): every copy of a revision expires
 * before the next revision goes live.
 */

/**
 * The time between the end of every lease and the next moment. Together with
 * the edge's minimum of 3 s (EDGE_MINIMUM_MS), it covers two cache tiers that
 * round or ignore `Age`, and 1 s of transit and of steps of the Ledger's clock.
 */
export const LEASE_MARGIN_MS = 2_000;

/**
 * How long a copy handed out at `now` may be used, in milliseconds.
 * @param lease the configured length of a lease, in milliseconds
 * @param nextMoment the next `liveAt` after `now`, or null when nothing is
 * pending
 */
function validFor(
  now: number,
  lease: number,
  nextMoment: number | null,
): number {
  return Math.max(
    0,
    nextMoment === null
      ? lease
      : Math.min(lease, nextMoment - LEASE_MARGIN_MS - now),
  );
}

/**
 * The earliest moment for a revision committed at `now`: by then every copy
 * handed out has expired.
 */
function earliestMoment(now: number, longestLease: number): number {
  return now + longestLease + LEASE_MARGIN_MS;
}

export const leaseRule = { validFor, earliestMoment };
export type LeaseRule = typeof leaseRule;

/**
 * A point in the Ledger's history. Its number counts the changes that readers
 * could see.
 */
export interface Epoch {
  /**
   * Numbers of different histories can't be compared: the Ledger was restored,
   * or its code has changed.
   */
  history: string;
  number: number;
}

export interface Leased<T> {
  value: T;
  /** In milliseconds, counted from before the holder sent its question. */
  validFor: number;
  /**
   * When the value was read. Absent for a value whose copies can't be renewed.
   */
  epoch?: Epoch;
}
