/** Text that knows its language and direction. */

import type { Text } from "../case/schema.ts";
import { directionOf, type LocaleTag, locales } from "../locale.ts";
import type { Line, Run } from "./schema.ts";

/** The text in the wanted language, else in the case's own, marked as such. */
export function runOf(text: Text, source: string, locale: LocaleTag): Run {
  const own = text[locale];
  if (own !== undefined) return { text: own };
  const lang = text[source] !== undefined ? source : (Object.keys(text)[0] as string);
  return marked(text[lang] as string, lang, locale);
}

export function marked(text: string, lang: string, locale: LocaleTag): Run {
  if (lang === locale) return { text };
  const dir = directionOf(lang);
  return dir === locales[locale].dir ? { text, lang } : { text, lang, dir };
}

/** Stands for the run while the words around it are put together. */
export const SLOT = "\ufffc";

/** @param words with `SLOT` where the run goes; a run in the view's own language becomes one with them */
export function lineOf(words: string, { text, lang, dir }: Run): Line {
  if (lang === undefined) return { text: words.replace(SLOT, () => text) };
  const [before, after] = words.split(SLOT);
  return { ...(before ? { before } : {}), text, lang, ...(dir ? { dir } : {}), ...(after ? { after } : {}) };
}
