/** Runs: texts with their language and direction. */

import type { Text } from "../case/schema.ts";
import { isOutdated, textIn } from "../case/text.ts";
import { directionOf, type LocaleTag, locales } from "../locale.ts";
import { message } from "../messages.ts";
import type { Line, Run } from "./schema.ts";

/**
 * Runs of translations that no speaker has reviewed. A view says so once for
 * all of them, so they carry no mark.
 */
const unreviewed = new WeakSet<Run>();

export const isUnreviewed = (run: Run): boolean => unreviewed.has(run);

/**
 * The text in the wanted language, marked when it is outdated, else in the
 * case's own, marked with its language.
 */
export function runOf(text: Text, source: string, locale: LocaleTag): Run {
  const own = textIn(text, locale);
  if (own === undefined) return sourceRun(text, source, locale);
  const run: Run = {
    text: own,
    ...(isOutdated(text, locale, source)
      ? { outdated: message(locale, "view.outdated") }
      : {}),
  };
  const entry = text[locale];
  if (typeof entry === "object" && !entry.reviewed) unreviewed.add(run);
  return run;
}

/**
 * For texts that ask readers to act: an outdated translation could ask for
 * something that is no longer asked for.
 */
export const currentRunOf = (
  text: Text,
  source: string,
  locale: LocaleTag,
): Run =>
  isOutdated(text, locale, source)
    ? sourceRun(text, source, locale)
    : runOf(text, source, locale);

function sourceRun(text: Text, source: string, locale: LocaleTag): Run {
  const lang =
    text[source] === undefined ? (Object.keys(text)[0] as string) : source;
  return marked(textIn(text, lang) as string, lang, locale);
}

export function marked(text: string, lang: string, locale: LocaleTag): Run {
  if (lang === locale) return { text };
  const dir = directionOf(lang);
  return dir === locales[locale].dir ? { text, lang } : { text, lang, dir };
}

/**
 * The run's text, and in brackets that it is outdated, for surfaces without
 * markup.
 */
export const markedText = ({ text, outdated }: Run): string =>
  outdated ? `${text} [${outdated}]` : text;

/** Marks the place of the run in a message. */
export const SLOT = "\ufffc";

/**
 * @param words a message with `SLOT` in the run's place. A run in the view's
 * own language is merged into it.
 */
export function lineOf(words: string, run: Run): Line {
  const { text, lang, dir } = run;
  if (lang === undefined) {
    const line: Line = { ...run, text: words.replace(SLOT, () => text) };
    if (isUnreviewed(run)) unreviewed.add(line);
    return line;
  }
  const [before, after] = words.split(SLOT);
  return {
    ...(before ? { before } : {}),
    text,
    lang,
    ...(dir ? { dir } : {}),
    ...(after ? { after } : {}),
  };
}
