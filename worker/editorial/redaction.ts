/** A redaction needs no second editor, so it may only remove content. These checks enforce that. */
import { freeId } from "../../shared/case/id.ts";
import { latin } from "../../shared/case/latin.ts";
import { isNameless } from "../../shared/case/same-person.ts";
import type { Case } from "../../shared/case/schema.ts";
import { isOutdated, isReviewed, textIn, withTexts } from "../../shared/case/text.ts";
import { isFields } from "./fields.ts";
import { pointerTo } from "./publication.ts";

/** The marks that may replace removed words. */
const OMISSION = /^(\[…\]|\[\.\.\.\]|…)$/;

/** True when `after` is `before` with words left out or replaced by a mark. */
function isShortened(before: string, after: string): boolean {
  const words = before.split(/\s+/);
  let from = 0;
  for (const word of after.split(/\s+/)) {
    if (OMISSION.test(word)) continue;
    const at = words.indexOf(word, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}

/**
 * The additions of a later version. Fields, list entries and words may be removed; anything added, changed or moved is an addition.
 * @returns JSON Pointers (RFC 6901) into the later version; empty when it only removes content
 */
export function additionsIn(before: unknown, after: unknown, pointer = ""): string[] {
  if (after === undefined) return [];
  if (typeof before === "string" && typeof after === "string") return isShortened(before, after) ? [] : [pointer];
  if (Array.isArray(before) && Array.isArray(after)) {
    let rest = before;
    return after.flatMap((entry, index) => {
      const at = rest.findIndex((one) => additionsIn(one, entry).length === 0);
      if (at < 0) return [`${pointer}${pointerTo([index])}`];
      rest = rest.slice(at + 1);
      return [];
    });
  }
  if (isFields(before) && isFields(after))
    return Object.entries(after).flatMap(([key, child]) => additionsIn(before[key], child, pointer + pointerTo([key])));
  return Object.is(before, after) ? [] : [pointer];
}

const withoutNamelessIds = (fields: Omit<Case, "language">) => ({
  ...fields,
  // The revision before may be damaged.
  people: Array.isArray(fields.people)
    ? fields.people.map(({ id, ...person }) => (isNameless(id) ? person : { id, ...person }))
    : fields.people,
});

const wordsIn = (people: Case["people"]) =>
  people.flatMap(({ names }) => names.flatMap(({ value }) => latin(value).split(/[^a-z0-9]+/)));

/**
 * A copy in which no person's id repeats a word that has left the person's names, because ids are made of names and are public. Such a
 * person gets an id that says nothing.
 * @param earlier the case in all earlier revisions
 */
export function withoutRemovedNames(after: Case, earlier: readonly Case[]): Case {
  const taken = new Set(after.people.map(({ id }) => id));
  const people = after.people.map((person) => {
    const left = new Set(wordsIn([person]));
    const removed = earlier
      .flatMap((fields) => wordsIn(fields.people.filter(({ id }) => id === person.id)))
      .filter((word) => word !== "" && !left.has(word));
    // The last word of a long id is cut off.
    if (!person.id.split("-").some((part) => removed.some((word) => word.startsWith(part)))) return person;
    const id = freeId("person", taken);
    taken.add(id);
    return { ...person, id };
  });
  return { ...after, people };
}

/**
 * A case in which each translation has its words, and `of` and `reviewed` only where they hold. A redaction may drop such a claim, but not
 * make a new one: that an outdated translation is right again needs a second editor. An id that says nothing about a person is no addition.
 */
export const withClaims = ({ language, ...fields }: Case): unknown => ({
  language,
  ...withTexts(withoutNamelessIds(fields), (text) =>
    Object.fromEntries(
      Object.keys(text).map((lang) => [
        lang,
        lang === language
          ? textIn(text, lang)
          : {
              text: textIn(text, lang),
              ...(isOutdated(text, lang, language) ? {} : { of: "current" }),
              ...(isReviewed(text, lang, language) ? { reviewed: true } : {}),
            },
      ]),
    ),
  ),
});
