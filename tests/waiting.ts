/** The only timers of the tests: whatever a test waits for is looked at, so that it ends when the thing has happened. */

const after = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));

/**
 * A stretch of real time, for a test whose subject is that nothing happens meanwhile, or for something that imitates a slow one.
 * @param why one sentence on why it is needed, and why it is so long
 */
export const pause = (milliseconds: number, why: string): Promise<void> => {
  if (!why) throw new Error("a pause needs its reason");
  return after(milliseconds);
};

/** Waits for a moment on the clock. @param instant milliseconds since the epoch */
export const untilInstant = (instant: number): Promise<void> => after(instant - Date.now());

/**
 * Looks again and again until there is something, for helpers that have no `expect.poll`.
 * @param within milliseconds until it gives up
 * @param failure what to say then
 */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  within: number,
  failure: () => string | Promise<string>,
): Promise<T> {
  const deadline = Date.now() + within;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(await failure());
    await after(25);
  }
}
