/**
 * Readers' texts in every language, loaded at start. The Worker has its own
 * version (worker/runtime/catalogues.ts), which parses a language at its first
 * use; package.json chooses between them.
 */
import { type LocaleTag, localeTags } from "./locale.ts";
import type en from "./locales/en.json";

/** A language other than English may lack keys. */
export type Catalogue = typeof en;

/**
 * A bundler finds the files by this pattern, so a new language needs no import
 * of its own.
 */
async function load(tag: LocaleTag): Promise<[LocaleTag, Catalogue]> {
  const { default: catalogue } = await import(`./locales/${tag}.json`, {
    with: { type: "json" },
  });
  return [tag, catalogue];
}

const catalogues = Object.fromEntries(
  await Promise.all(localeTags.map(load)),
) as Record<LocaleTag, Catalogue>;

export const catalogueOf = (tag: LocaleTag): Catalogue => catalogues[tag];
