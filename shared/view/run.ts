/** Runs: texts with their language and direction. */

import type { Text } from "../case/schema.ts";
import { directionOf, type LocaleTag, locales } from "../locale.ts";
import type { Line, Run } from "./schema.ts";

/** The text in the wanted language, else in the case's own, marked with its language. */
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

/** Marks the place of the run in a message. */
export const SLOT = "\ufffc";

/** @param words a message with `SLOT` in the run's place. A run in the view's own language is merged into it. */
export function lineOf(words: string, { text, lang, dir }: Run): Line {
  if (lang === undefined) return { text: words.replace(SLOT, () => text) };
  const [before, after] = words.split(SLOT);
  return { ...(before ? { before } : {}), text, lang, ...(dir ? { dir } : {}), ...(after ? { after } : {}) };
}
