/**
 * One step of a test that is a story: what comes before it must have happened. A failure names the step.
 * @param name a sentence about behaviour, as a test's name is
 */
export async function step<T>(name: string, take: () => Promise<T> | T): Promise<T> {
  try {
    return await take();
  } catch (error) {
    if (error instanceof Error) error.message = `Step “${name}”: ${error.message}`;
    throw error;
  }
}
