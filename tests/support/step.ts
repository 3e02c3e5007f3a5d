/**
 * One step of a test in several steps, each of which needs the ones before. A
 * failure names the step.
 * @param name a sentence about behaviour, like a test's name
 */
export async function step<T>(
  name: string,
  take: () => Promise<T> | T,
): Promise<T> {
  try {
    return await take();
  } catch (error) {
    if (error instanceof Error)
      error.message = `Step “${name}”: ${error.message}`;
    throw error;
  }
}
