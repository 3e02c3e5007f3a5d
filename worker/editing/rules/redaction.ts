/**
 * A redaction goes live without a second editor, so it may do two things only: remove whole fields and entries, and replace a name by a mark.
 * These rules enforce that, on the server and in the desk.
 */
import { isNameless } from "../../../shared/case/same-person.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { isOutdated, isReviewed, textIn, withTexts } from "../../../shared/case/text.ts";
import { isFields } from "../../../shared/fields.ts";
import type { FieldIssue } from "../../../shared/refusals/refusals.ts";
import {
  isHandleField,
  MARK,
  type Mention,
  type NameFinder,
  type NameForm,
  nameFinder,
  nameMentionsIn,
} from "./name-forms.ts";
import { pointerTo } from "./publication.ts";
import type { Redacts } from "./redacts.ts";

export const noRedacts: Redacts = { names: [], alike: [] };

/** The marks that may replace a name. */
const MARKS = [MARK, "[...]"];

/** A handle that says nothing. It can replace an id that held a name. */
const NEUTRAL_HANDLE = /^(person|document|proceeding)(-\d+)?$/;

/** The ends that a mark in place of the form `at` may have: that form, and the forms that follow it with only spaces between. */
function endsFrom(text: string, forms: readonly NameForm[], at: number): number[] {
  const ends: number[] = [];
  for (let next = at; next < forms.length; next++) {
    const form = forms[next] as NameForm;
    const end = ends.at(-1);
    if (end !== undefined && !/^[\s-]*$/.test(text.slice(end, form.from))) break;
    ends.push(form.to);
  }
  return ends;
}

/** True when `after` is `before` with marks in place of forms of a name, and every other character as it was. */
function isMarked(before: string, after: string, finder: NameFinder): boolean {
  if (before === after) return true;
  const forms = finder.formsIn(before);
  const starts = new Map(forms.map(({ from }, index) => [from, index]));
  const tried = new Set<string>();
  const follows = (from: number, to: number): boolean => {
    let [i, j] = [from, to];
    for (;;) {
      const at = starts.get(i);
      const mark = at === undefined ? undefined : MARKS.find((one) => after.startsWith(one, j));
      if (at !== undefined && mark !== undefined && !tried.has(`${i} ${j}`)) {
        tried.add(`${i} ${j}`);
        if (endsFrom(before, forms, at).some((end) => follows(end, j + mark.length))) return true;
      }
      if (i === before.length || j === after.length) return i === before.length && j === after.length;
      if (before[i] !== after[j]) return false;
      i++;
      j++;
    }
  };
  return follows(0, 0);
}

/**
 * The fields of a later version in which something else was done than a redaction may do.
 * @returns JSON Pointers (RFC 6901) into the later version
 */
export function additionsIn(before: unknown, after: unknown, finder: NameFinder, pointer = ""): string[] {
  if (after === undefined) return [];
  if (typeof before === "string" && typeof after === "string") {
    if (before === after) return [];
    const isHandle = isHandleField(pointer.slice(pointer.lastIndexOf("/") + 1));
    const isAllowed = isHandle
      ? NEUTRAL_HANDLE.test(after) && finder.formsIn(before, true).length > 0
      : isMarked(before, after, finder);
    return isAllowed ? [] : [pointer];
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    let rest = before;
    return after.flatMap((entry, index) => {
      const at = rest.findIndex((one) => additionsIn(one, entry, finder, `${pointer}/${index}`).length === 0);
      if (at < 0) return [`${pointer}${pointerTo([index])}`];
      rest = rest.slice(at + 1);
      return [];
    });
  }
  if (isFields(before) && isFields(after))
    return Object.entries(after).flatMap(([key, child]) =>
      additionsIn(before[key], child, finder, pointer + pointerTo([key])),
    );
  return Object.is(before, after) ? [] : [pointer];
}

/** In an unfinished case any field may be missing. */
const namesIn = (fields: Partial<Pick<Case, "people">> | null): string[] =>
  fields?.people?.flatMap(({ names = [] }: { names?: { value?: string }[] }) =>
    names.flatMap(({ value }) => value ?? []),
  ) ?? [];

/** The spellings that a redaction takes out: those it names, and those of people who are in the case no longer. */
const namesOut = (before: Case | null, after: Case, redacts: Redacts): string[] => {
  const staying = new Set(namesIn(after));
  return [...new Set([...redacts.names, ...namesIn(before).filter((name) => !staying.has(name))])];
};

const finderFor = (before: Case | null, after: Case, redacts: Redacts): NameFinder =>
  nameFinder(namesOut(before, after, redacts), namesIn(after));

const textsOf = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(textsOf)
      : [];

const MAX_NAME_WORDS = 8;

/**
 * True for words that the case itself writes as a name: with a capital in the middle of a sentence, and never in lower case. Otherwise a
 * redaction of "not" could turn a statement round.
 */
function isWrittenAsName(name: string, before: Case): boolean {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0 || words.length > MAX_NAME_WORDS || words.some((word) => !/^\p{Lu}/u.test(word))) return false;
  const texts = textsOf(before);
  return words.every(
    (word) =>
      texts.some((text) => new RegExp(`[\\p{L}\\p{N},] ${word}(?!\\p{L})`, "u").test(text)) &&
      !texts.some((text) => new RegExp(`(?<!\\p{L})${word.toLowerCase()}(?!\\p{L})`, "u").test(text)),
  );
}

/** Issues for names that neither a person of the case has, nor the case writes as names. */
function nameIssues(before: Case | null, { names }: Redacts): FieldIssue[] {
  const people = nameFinder(namesIn(before));
  return names.flatMap((name, index) => {
    const words = name.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
    const isKnown = words > 0 && people.formsIn(name).length >= words;
    return !before || isKnown || isWrittenAsName(name, before)
      ? []
      : [
          {
            pointer: `/redacts/names/${index}`,
            message: "must be a name of one of the case's people, or a name as the case's texts write it",
          },
        ];
  });
}

/** Fields in which a redaction does more than to remove them or to mark a name. @param before null when it can't be read */
export function redactionIssues(before: Case | null, after: Case, redacts: Redacts): FieldIssue[] {
  const finder = finderFor(before, after, redacts);
  return [
    ...nameIssues(before, redacts),
    ...additionsIn(before && withClaims(before), withClaims(after), finder).map((pointer) => ({
      pointer: `/case${pointer}`,
      message: `must be unchanged, removed, or have ${MARK} in place of a name`,
    })),
  ];
}

/** The places where a redacted name remains, without those that the editor confirmed to be other words. */
export const remainingMentions = (before: Case | null, after: Case, redacts: Redacts): Mention[] =>
  nameMentionsIn({ case: after }, finderFor(before, after, redacts)).filter(
    ({ pointer, word }) => !redacts.alike.some((one) => one.pointer === pointer && one.word === word),
  );

const withoutNamelessIds = (fields: Omit<Case, "language">) => ({
  ...fields,
  // The revision before may be damaged.
  people: Array.isArray(fields.people)
    ? fields.people.map(({ id, ...person }) => (isNameless(id) ? person : { id, ...person }))
    : fields.people,
});

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
