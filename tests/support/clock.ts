/**
 * The clock of pages under test. The machine's own day decides nothing in them.
 */

/** A day on which the facts of the invented cases are fresh. */
const startMs = Date.parse("2026-11-25T12:00:00Z");
const offsetMs = startMs - Date.now();

/** Milliseconds since the epoch, as the pages under test count them. */
export const testNow = (): number => Date.now() + offsetMs;

/** For a page to run first: it then lives on the day of the tests. */
export const testClock = {
  script: (offset: number): void => {
    const realNow = Date.now;
    Date.now = () => realNow() + offset;
    globalThis.Date = new Proxy(Date, {
      construct: (date, values) =>
        Reflect.construct(date, values.length > 0 ? values : [date.now()]),
      apply: (date) => String(new date(Date.now())),
    });
  },
  offsetMs,
};
