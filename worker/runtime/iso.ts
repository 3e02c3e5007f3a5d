/**
 * An instant as ISO 8601 in UTC, with milliseconds.
 * @param milliseconds since the epoch
 */
export const iso = (milliseconds: number): string =>
  new Date(milliseconds).toISOString();
