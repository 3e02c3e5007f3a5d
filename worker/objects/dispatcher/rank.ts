export type Rank = 0 | 1 | 2;
/** The order of delivery: channels, then groups, then private chats. */
export const rankOf = { channel: 0, group: 1, private: 2 } as const;
export const ranks = 3;
/** The least time between two messages to a chat, by rank: Telegram allows about one a second, and twenty a minute to a group. */
export const CHAT_INTERVAL_MS = { 0: 3_000, 1: 3_000, 2: 1_000 } as const;
