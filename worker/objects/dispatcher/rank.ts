/**
 * The kinds of places that hear of updates. A rank is stored with each follow
 * and delivery: it orders them, and each carrier has its own range of ranks.
 */
export type Rank = 0 | 1 | 2 | 3;
/**
 * Channels, then groups, then private chats, by Telegram; devices, by Web Push.
 */
export const rankOf = { channel: 0, group: 1, private: 2, device: 3 } as const;
/** The ranks of one carrier, first and last. */
export type Ranks = readonly [first: Rank, last: Rank];
export const telegramRanks: Ranks = [rankOf.channel, rankOf.private];
export const pushRanks: Ranks = [rankOf.device, rankOf.device];
/**
 * The least time between two messages to a place, by rank: Telegram allows
 * about one a second, and twenty a minute to a group.
 */
export const CHAT_INTERVAL_MS = { 0: 3_000, 1: 3_000, 2: 1_000, 3: 0 } as const;
