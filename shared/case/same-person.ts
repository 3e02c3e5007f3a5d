/**
 * Tells whether two entries are one person: by id, then by every spelling of
 * their names. A near match is a question to the editor, and so are the
 * spellings of one name in Ukrainian, Russian and Belarusian.
 */

import type { FieldIssue } from "../refusals/refusals.ts";
import { latin } from "./latin.ts";
import { fold, foldedWords } from "./names.ts";
import type { Case } from "./schema.ts";

/** A person in which any field may be missing. */
interface Named {
  id?: string | undefined;
  names?: ({ value?: string | undefined } | undefined)[] | undefined;
}

/**
 * Doubled consonants, which the key of a search loses: "Hassan" and "Hasan" may
 * be two people.
 */
const doubled = (text: string): string =>
  (latin(text).match(/([^aeiouy\W\d])\1/gu) ?? []).join("");

/**
 * The keys of all spellings. A name without letters, such as a mark of
 * omission, has none.
 */
const nameKeys = (person: Named): Set<string> =>
  new Set(
    spellingsOf(person).flatMap((value) =>
      fold(value) === "" ? [] : `${fold(value)} ${doubled(value)}`,
    ),
  );

const share = (one: Set<string>, other: Set<string>) =>
  [...one].some((key) => other.has(key));

/**
 * Ids that were made for a name without any letter that we transliterate. They
 * say nothing about the person.
 */
export const isNameless = (id: string) => /^person(-\d+)?$/.test(id);

/**
 * The only one of the people who has the same id, else the only one who has a
 * spelling in common.
 * @returns null when there is none, or several
 */
export function samePerson<P extends Named>(
  people: readonly P[],
  person: Named,
): P | null {
  const { id } = person;
  const named =
    id === undefined || isNameless(id)
      ? undefined
      : people.find((other) => other.id === id);
  if (named) return named;
  const keys = nameKeys(person);
  const found = people.filter((other) => share(nameKeys(other), keys));
  return found.length === 1 ? (found[0] as P) : null;
}

/** True when one letter was added, removed or changed. */
function isOneEdit(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  return (
    long.slice(start + 1) ===
    short.slice(long.length === short.length ? start + 1 : start)
  );
}

/** True for "S. O'Brien" and "Sean O'Brien", and for "O'Brien Sean". */
function hasSameInitials(one: Spelling, other: Spelling): boolean {
  if (one.words.length < 2 || other.words.length < 2) return false;
  if (one.sorted === other.sorted) return true;
  return (
    one.words.at(-1) === other.words.at(-1) && one.folded[0] === other.folded[0]
  );
}

/**
 * How Ukrainian, Russian and Belarusian spell one name, and how each is
 * transliterated. What both have is one; the order counts.
 */
const slavicSpellings: readonly [RegExp, string][] = [
  // "Dzmitry", "Katsiaryna", "Kuznetsov"; "Siarhei", "Artyom", "Natalya"
  [/dz(?!h)/g, "d"],
  [/ts/g, "t"],
  [/[oe]/g, "a"],
  // "Uladzimir", "Shevchenko" and "Shauchenka", "Ivanou", "Kovaliv"
  [/^u(?=[^aiu])|(?<=a)u(?=[^aiu]|$)/g, "v"],
  [/^va(?=lh)/, "a"],
  [/iv$/, "av"],
  [/[ai]*a[aiu]*/g, "a"],
  [/(?<=[^aiu])a([lr])a(?=[^aiu])/g, "$1a"],
  [/[aiu]+$/, ""],
  [/(?<=[^aiu])[ai](?=[lr]$)/, ""],
  // Names that begin otherwise in one of them: "Mykola", "Mykyta", "Hanna",
  // "Ryhor", "Kostiantyn", "Kateryna", "Svitlana"
  [/^mi(?=ka?l|kit)/, "ni"],
  [/^h(?=an$)/, ""],
  [/^h(?=rih)/, ""],
  [/^kan(?=stant)/, "ka"],
  [/^a(?=katarin)/, ""],
  [/^svi(?=tlan)/, "sva"],
];
const slavic = (word: string): string =>
  slavicSpellings.reduce(
    (written, [letters, common]) => written.replace(letters, common),
    word,
  );

/** A spelling, prepared for many comparisons. */
interface Spelling {
  folded: string;
  /** The words as all three languages have them, in alphabetical order. */
  slavic: string[];
  /**
   * As it is written, in Latin letters: folding makes "Brien" and "Brian"
   * differ in two letters.
   */
  written: string;
  words: string[];
  /** The words in alphabetical order. */
  sorted: string;
}

/** The spellings of a person, without those that have no letters. */
const preparedSpellings = (person: Named): Spelling[] =>
  spellingsOf(person).flatMap((value) => {
    const folded = fold(value);
    const words = folded.split(" ");
    // "ш" and "ч" are "š" and "č" too.
    const common = (foldedWords(value).at(-1) ?? words).map(slavic).toSorted();
    return folded === ""
      ? []
      : [
          {
            folded,
            slavic: common,
            written: latin(value),
            words,
            sorted: words.toSorted().join(" "),
          },
        ];
  });

/**
 * True when each word of the shorter name is one of the other's: a patronymic
 * may be missing.
 */
function areSlavicTwins(
  { slavic: one }: Spelling,
  { slavic: other }: Spelling,
): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return (
    short.length > 1 &&
    short.every((word) => word.length > 1 && long.includes(word))
  );
}

const areNear = (one: Spelling, other: Spelling): boolean =>
  one.folded === other.folded ||
  areSlavicTwins(one, other) ||
  isOneEdit(one.folded, other.folded) ||
  isOneEdit(one.written, other.written) ||
  hasSameInitials(one, other);

/** In an unfinished case any field may be missing, or have another type. */
export const spellingsOf = ({ names }: Named): string[] =>
  Array.isArray(names)
    ? names.flatMap((name) =>
        typeof name?.value === "string" ? name.value : [],
      )
    : [];

/**
 * The people who may be someone whom the case has already, or not: one letter
 * or a doubled one apart, with the same surname and initial, or with the same
 * name in another Slavic language.
 * @param known the people of the case
 * @param people people who are to be added to it
 * @returns the index of each, and both names
 */
export function similarPeople(
  known: readonly Named[],
  people: readonly Named[],
): { index: number; names: string }[] {
  const prepared = known.map((other) => ({
    other,
    spellings: preparedSpellings(other),
  }));
  return people.flatMap((person, index) => {
    if (samePerson(known, person)) return [];
    const own = preparedSpellings(person);
    return prepared
      .filter(({ spellings }) =>
        spellings.some((spelling) => own.some((one) => areNear(one, spelling))),
      )
      .map(({ other }) => ({
        index,
        names: `${spellingsOf(person)[0]}, ${spellingsOf(other)[0]}`,
      }));
  });
}

/** Two people of one case who may be one person. */
export interface NearPair {
  /** Their indexes in the list. */
  indexes: [number, number];
  /** The first name of each. */
  names: [string, string];
}

/**
 * The schema's limits. An unfinished case may exceed them, and the time to
 * compare grows with the square.
 */
const MAX_COMPARED_PEOPLE = 100;
const MAX_COMPARED_NAMES = 12;

/**
 * The pairs of people who share a spelling, are one letter apart, or have the
 * same surname and initial.
 * @param people the people of one case, whose fields may be missing
 * @param before the people of the revision it is based on; a pair of two of
 * them was published as two people
 */
export function nearPairs(
  people: readonly unknown[],
  before: readonly { id?: string }[] = [],
): NearPair[] {
  const published = new Set(before.map(({ id }) => id));
  const compared = people.slice(0, MAX_COMPARED_PEOPLE).map((entry, index) => {
    const person = (
      typeof entry === "object" && entry !== null ? entry : {}
    ) as Named;
    const spellings = preparedSpellings(person).slice(0, MAX_COMPARED_NAMES);
    return {
      index,
      spellings,
      name: spellingsOf(person)[0] ?? "",
      isPublished: published.has(person.id),
    };
  });
  return compared.flatMap((one) =>
    compared.slice(one.index + 1).flatMap((other): NearPair[] => {
      if (one.isPublished && other.isPublished) return [];
      const isNear = one.spellings.some((a) =>
        other.spellings.some((b) => areNear(a, b)),
      );
      return isNear
        ? [{ indexes: [one.index, other.index], names: [one.name, other.name] }]
        : [];
    }),
  );
}

/**
 * People whom only one side added, under the ids that the other side knows them
 * by.
 * @param known the people of the other side
 */
export function withKnownIds<P extends Named>(
  people: readonly P[],
  known: readonly Named[],
): P[] {
  const own = new Set(people.map(({ id }) => id));
  const free = [
    ...new Map(known.map((other) => [other.id, other])).values(),
  ].filter(({ id }) => !own.has(id));
  const isKnown = (id: string | undefined) =>
    known.some((other) => other.id === id);
  return people.map((person) => {
    const same = isKnown(person.id) ? null : samePerson(free, person);
    return same &&
      people.filter((other) => samePerson([same], other)).length === 1
      ? { ...person, id: same.id }
      : person;
  });
}

/**
 * An issue for each person who has another id than in the previous revision. A
 * published id never changes.
 */
export function changedIdIssues(
  before: Pick<Case, "people">,
  after: Pick<Case, "people">,
): FieldIssue[] {
  const aligned = withKnownIds(after.people, before.people);
  return aligned.flatMap(({ id }, index) =>
    id === after.people[index]?.id
      ? []
      : [
          {
            pointer: `/case/people/${index}/id`,
            message: `must be ${id}, the id that this person was published with`,
          },
        ],
  );
}
