/** The translations of a draft: which are out of date, and what a translator's file may change. */
import { currentTranslation, isOutdated, sourceDigest, textIn, textsIn, withTexts } from "../../../shared/case/text.ts";
import type { UnfinishedCase } from "./desk.ts";

type Path = (string | number)[];

/** A text of the case, to translate into one language. */
export interface TranslationUnit {
  path: Path;
  source: string;
  /** Empty while there is none. */
  target: string;
  state: "missing" | "outdated" | "current";
}

const ownLanguage = ({ language = "en" }: UnfinishedCase): string => language;

/** Every text of the case that has a source, with its translation into `lang`. */
export function translationUnits(fields: UnfinishedCase, lang: string): TranslationUnit[] {
  const own = ownLanguage(fields);
  return textsIn(fields).flatMap(({ path, text }) => {
    const source = textIn(text, own);
    if (!source) return [];
    const target = textIn(text, lang) ?? "";
    return [
      { path, source, target, state: !target ? "missing" : isOutdated(text, lang, own) ? "outdated" : "current" },
    ];
  });
}

/** A unit of a translator's file. */
export interface ReturnedUnit {
  source: string;
  target: string;
}

/**
 * Takes the translations of a file over into the case. One is taken for each text whose source is still the one that was translated, and
 * none counts as reviewed.
 * @returns the case, the number of texts that changed, and the sources that the case no longer has
 */
export function withReturned(
  fields: UnfinishedCase,
  lang: string,
  units: readonly ReturnedUnit[],
): { case: UnfinishedCase; taken: number; refused: string[] } {
  const own = ownLanguage(fields);
  const returned = new Map(
    units.flatMap(({ source, target }) => (target.trim() ? [[sourceDigest(source), target.trim()] as const] : [])),
  );
  const found = new Set<string>();
  let taken = 0;
  const next = withTexts(fields, (text) => {
    const digest = sourceDigest(textIn(text, own) ?? "");
    const target = returned.get(digest);
    if (target === undefined) return text;
    found.add(digest);
    if (textIn(text, lang) === target && !isOutdated(text, lang, own)) return text;
    taken++;
    const written = { ...text, [lang]: target };
    return { ...written, [lang]: currentTranslation(written, lang, own) };
  });
  const refused = units.filter(({ source, target }) => target.trim() && !found.has(sourceDigest(source)));
  return { case: next, taken, refused: refused.map(({ source }) => source) };
}
