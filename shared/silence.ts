/** When an open socket of a card or a frame counts as silent. Together: a reader of a visible page learns of it after eight seconds. */

/** The longest time without a message before a ping. */
export const PING_INTERVAL_MS = 5_000;
/** Limit for the answer to a ping. */
export const PONG_TIMEOUT_MS = 3_000;
