/**
 * A registration is a lease: the Ledger tells a Channel of updates while its
 * term runs, and a Channel with sockets renews it.
 */

/** How long the Ledger counts a Channel as having sockets. */
export const REGISTRATION_TERM_MS = 15 * 60_000;

/**
 * How often a Channel with sockets renews its registration: a late alarm, or a
 * Ledger that is down for minutes, doesn't end the term.
 */
export const RENEWAL_INTERVAL_MS = 5 * 60_000;

/** When a renewal that failed is tried again. */
export const RENEWAL_RETRY_MS = 60_000;
