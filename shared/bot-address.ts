/** The addresses of the bot in Telegram. */

/**
 * The payload of the link that follows a case, after the bot's warning. The bot
 * also knows `f-` with a place or `all`.
 */
export const followCase = (id: string): string => `f-${id}`;

/**
 * @param bot the bot's username, without the @
 * @param payload what its /start gets, at most 64 of A-Z, a-z, 0-9, _ and -
 */
export const botAddress = (bot: string, payload?: string): string =>
  `https://t.me/${bot}${payload === undefined ? "" : `?start=${payload}`}`;
