/** Gaps that do not prevent a publish: missing and outdated translations, missing sources and dates, people who may be one person. */
import { nearPairs } from "../../../shared/case/same-person.ts";
import { type Case, requiredValues } from "../../../shared/case/schema.ts";
import { isOutdated, isReviewed, textsIn } from "../../../shared/case/text.ts";
import { type Fields, isFields } from "../../../shared/fields.ts";
import type { Missing, UnfinishedCase, UnfinishedText } from "./desk.ts";
import { pointerTo } from "./publication.ts";

const isDated = (date: unknown) => typeof (date as Fields | undefined)?.date === "string";

/** The pointer of the object that a field belongs to. */
const ownerOf = ({ path }: { path: (string | number)[] }) => `/case${pointerTo(path.slice(0, -1))}`;

/** True when a speaker has reviewed every translation into the language, and none is outdated. */
function isWhollyReviewed(unfinished: UnfinishedCase, lang: string, language: string): boolean {
  const translated = textsIn(unfinished).filter(({ text }) => text[lang]);
  return translated.length > 0 && translated.every(({ text }) => isReviewed(text, lang, language));
}

/** People who may be one person. @param before the people of the revision that the case is based on */
const pairsIn = (people: unknown, before: unknown): Missing["people"] =>
  nearPairs(Array.isArray(people) ? people : [], Array.isArray(before) ? before.filter(isFields) : []).map(
    ({ indexes, names }) => ({ pointers: indexes.map((index) => `/case/people/${index}`), names }),
  );

/**
 * @param languages the languages that every surface offers; other languages of the case itself are checked too
 * @param base the case in the revision that this one is based on
 * @returns pointers into a body that holds `case` and `note`
 */
export function gapsIn(
  unfinished: UnfinishedCase,
  note: UnfinishedText,
  languages: readonly string[],
  base?: unknown,
): Missing {
  // A draft's fields may hold any JSON.
  const { language: written, documents } = unfinished as { language?: unknown; documents?: Case["documents"] };
  const language = typeof written === "string" ? written : "en";
  const texts = textsIn({ case: unfinished, note }).map(({ path, text }) => ({ pointer: pointerTo(path), text }));
  const wanted = new Set([...languages, ...texts.flatMap(({ text }) => Object.keys(text))]);
  const listed = new Set((Array.isArray(documents) ? documents : []).map((document) => document?.id));
  return {
    translations: [...wanted]
      .filter((lang) => lang !== language)
      .map((lang) => ({
        lang,
        pointers: texts.filter(({ text }) => !text[lang]).map(({ pointer }) => pointer),
        outdated: texts.filter(({ text }) => isOutdated(text, lang, language)).map(({ pointer }) => pointer),
        of: texts.length,
        reviewed: isWhollyReviewed(unfinished, lang, language),
      })),
    sources: requiredValues("source", unfinished)
      .filter(({ value }) => (listed.size === 0 ? value !== undefined : !listed.has(value as string)))
      .map(ownerOf),
    undated: requiredValues("date", unfinished)
      .filter(({ value }) => !isDated(value))
      .map(ownerOf),
    people: pairsIn(unfinished.people, isFields(base) ? base.people : []),
  };
}
