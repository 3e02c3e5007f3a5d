/** What the tests of layout and markup look at: a sample in `npm test`, everything in CI. */
import { inject } from "vitest";
import { type LocaleTag, localeTags } from "../shared/locale.ts";

declare module "vitest" {
  interface ProvidedContext {
    whole: boolean;
  }
}

export const sampled = <T>(usual: readonly T[], whole: readonly T[]): readonly T[] => (inject("whole") ? whole : usual);

/** The source; the languages with the longest texts in Latin and in Cyrillic letters; and the one from right to left. */
export const sampledLanguages = sampled<LocaleTag>(["en", "fr", "ru", "ar"], localeTags);
