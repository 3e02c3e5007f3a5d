/** Gaps that do not prevent a publish: missing and outdated translations, missing sources and dates, people who may be one person. */
import { nearPairs } from "../../../shared/case/same-person.ts";
import { type Case, Person } from "../../../shared/case/schema.ts";
import { isOutdated, isReviewed, textsIn } from "../../../shared/case/text.ts";
import { type Fields, isFields } from "../../../shared/fields.ts";
import type { Missing, UnfinishedCase, UnfinishedText } from "./desk.ts";
import { pointerTo } from "./publication.ts";

/** The person's fields that hold statements, one or a list of them, by the schema. */
const statements = Object.entries(Person.entries)
  .filter(([, field]) => "statedBy" in (entriesOf(field) ?? {}))
  .map(([name]) => name);
const status = new RegExp(`^/people/\\d+/(?:${statements.join("|")})(?:/\\d+)?$`);
const event = /^\/events\/\d+$/;
const sourced =
  /^\/(?:people\/\d+\/(?:names|sentence\/value\/earlier)|places|events|quotations|assessments|impact|next)\/\d+$/;

/** The entries of the object that a field holds, directly, optionally or in a list. */
function entriesOf(field: unknown): object | undefined {
  const { entries, wrapped, item } = field as { entries?: object; wrapped?: unknown; item?: unknown };
  return entries ?? (wrapped ? entriesOf(wrapped) : item ? entriesOf(item) : undefined);
}

/** Every object in a value, with its JSON Pointer. */
function objectsIn(value: unknown, pointer = ""): { pointer: string; fields: Fields }[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, child]) => objectsIn(child, pointer + pointerTo([key])));
  return Array.isArray(value) ? inner : [{ pointer, fields: value as Fields }, ...inner];
}

const isDated = (date: unknown) => typeof (date as Fields | undefined)?.date === "string";

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
  const { language = "en", documents } = unfinished as Partial<Case>;
  const objects = objectsIn(unfinished);
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
    sources: objects
      .filter(({ pointer }) => status.test(pointer) || sourced.test(pointer))
      .filter(({ fields }) => (listed.size === 0 ? fields.source !== undefined : !listed.has(fields.source as string)))
      .map(({ pointer }) => `/case${pointer}`),
    undated: objects
      .filter(({ pointer, fields }) =>
        status.test(pointer) || pointer === "" ? !isDated(fields.asOf) : event.test(pointer) && !isDated(fields.date),
      )
      .map(({ pointer }) => `/case${pointer}`),
    people: pairsIn(unfinished.people, isFields(base) ? base.people : []),
  };
}
