/**
 * The only timers in the tests. Tests poll for what they wait for, so that they
 * end as soon as it has happened.
 */

const delay = (milliseconds: number) =>
  new Promise<void>((resolve) =>
    setTimeout(resolve, Math.max(0, milliseconds)),
  );

/**
 * Waits a fixed time, for a test that checks that nothing happens meanwhile, or
 * to imitate something slow.
 * @param why one sentence that says why the wait is needed and why it is that
 * long
 */
export const pause = (milliseconds: number, why: string): Promise<void> => {
  if (!why) throw new Error("a pause needs its reason");
  return delay(milliseconds);
};

/** Waits until an instant. @param instant milliseconds since the epoch */
export const untilInstant = (instant: number): Promise<void> =>
  delay(instant - Date.now());

/**
 * Polls until there is a result, for helpers that have no `expect.poll`.
 * @param failure returns the error's message
 * @param within time limit, in milliseconds. By default so long that only what
 * hangs reaches it
 */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  failure: () => string | Promise<string>,
  within = 120_000,
): Promise<T> {
  const deadline = Date.now() + within;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(await failure());
    await delay(50);
  }
}
