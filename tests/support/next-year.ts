/**
 * Moments of next year: ahead whenever a test runs, and within the two years
 * that a publish allows.
 */
export const nextYear = new Date().getUTCFullYear() + 1;

/** A moment to schedule for. */
export const ahead = `${nextYear}-06-01T00:00:00.000Z`;

/**
 * The day of March on which Europe's clocks skip an hour: its last Sunday,
 * `2027-03-28`.
 */
export const skippedDay = `${nextYear}-03-${31 - new Date(Date.UTC(nextYear, 2, 31)).getUTCDay()}`;

/** "Wed", or "Wednesday". */
export const weekday = (day: string, weekday: "short" | "long") =>
  new Intl.DateTimeFormat("en-GB", { weekday, timeZone: "UTC" }).format(
    new Date(day),
  );
