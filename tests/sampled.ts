/** What the tests of layout and markup look at: a sample in `npm test`, everything in CI. */
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    whole: boolean;
  }
}

export const sampled = <T>(usual: readonly T[], whole: readonly T[]): readonly T[] => (inject("whole") ? whole : usual);
