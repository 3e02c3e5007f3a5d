/**
 * The limits for a socket of a card or frame. On a visible page, a reader
 * learns of a silence after eight seconds.
 */
export const PING_INTERVAL_MS = 5_000;
export const PONG_TIMEOUT_MS = 3_000;
