/** What the tests of layout and markup look at: a sample in `npm test`, everything in `npm run test:layout`. */
import { inject } from "vitest";
import { type LocaleTag, localeTags } from "../shared/locale.ts";

declare module "vitest" {
  interface ProvidedContext {
    wholeLayout: boolean;
  }
}

export const sampled = <T>(usual: readonly T[], whole: readonly T[]): readonly T[] =>
  inject("wholeLayout") ? whole : usual;

/** The source; the languages with the longest texts in Latin and in Cyrillic letters; and the one from right to left. */
export const sampledLanguages = sampled<LocaleTag>(["en", "fr", "ru", "ar"], localeTags);
