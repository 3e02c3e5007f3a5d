/**
 * Short keys by which look-ups and filters find cases without reading the whole
 * list: parts of people's names, and codes.
 */
import { fold, foldedWords } from "../../shared/case/names.ts";
import { placeCodesOf, type StoredSummary } from "../../shared/view/summary.ts";
import { onceFor } from "../runtime/once.ts";
import { type Filters, placeCodeIn } from "./list-filters.ts";

/** A shorter name, or one of a single word, would match other people. */
const MIN_NAME_LENGTH = 7;
/**
 * Every form of a name begins like the name itself, at least with this many
 * letters.
 */
export const BEGINNING_LENGTH = 3;
/** The longest ending that a language adds to a name. */
const MAX_ENDING_LENGTH = 4;
/** The longest text that names a place. */
const MAX_PLACE_LENGTH = 200;

/** A name of a place, folded for comparison. */
const placeKey = (name: string): string =>
  fold(name.slice(0, MAX_PLACE_LENGTH));

/** Two folded words that follow one another, of a name or of a text. */
export type WordPair = readonly [first: string, second: string];

/**
 * What all forms of a name begin with: an ending may replace its last vowel, as
 * in "Алиева".
 */
const stemOf = (name: string): string =>
  name.length > 3 ? name.replace(/[aeiou]$/, "") : name;

/**
 * The stems of the names that a word may be a form of: "Алиева", "Kuku’nun".
 */
function stemsIn(word: string): string[] {
  const shortest = Math.max(BEGINNING_LENGTH, word.length - MAX_ENDING_LENGTH);
  return word.length < shortest
    ? [word]
    : Array.from({ length: word.length - shortest + 1 }, (_, more) =>
        word.slice(0, shortest + more),
      );
}

/** True when a word is a word of a name, or a form of one. */
export const isForm = (word: string | undefined, name: string): boolean =>
  word === name || (word !== undefined && stemsIn(word).includes(stemOf(name)));

const stemKey = (first: string, second: string): string =>
  `stems ${first} ${second}`;

/** The keys of the names that a pair of words may be a form of. */
export const stemKeysIn = ([first, second]: WordPair): string[] =>
  stemsIn(first).flatMap((stem) =>
    stemsIn(second).map((other) => stemKey(stem, other)),
  );

/** The words that a word may be a form of. */
export const basesOf = (word: string): string[] =>
  stemsIn(word).flatMap((stem) =>
    ["", "a", "e", "i", "o", "u"].map((ending) => stem + ending),
  );

/** A shorter stem would begin too many words that are no name. */
const MIN_STEM_LENGTH = 5;
/** A shorter word of a name would stand in too many questions. */
const MIN_ASKED_LENGTH = 4;

/**
 * The words of names that a word of a question may be: itself, or what it is a
 * form of.
 */
export const namesAskedBy = (word: string): string[] =>
  word.length < MIN_ASKED_LENGTH
    ? []
    : [
        word,
        ...basesOf(word).filter(
          (base) => base !== word && stemOf(base).length >= MIN_STEM_LENGTH,
        ),
      ];

type Named = Pick<StoredSummary, "spellings">;

/**
 * The folded full names of a case's people, each also with the family name
 * first.
 */
export const namesOf = onceFor((summary: Named): string[][] => {
  const full = summary.spellings
    .flatMap(foldedWords)
    .filter(
      (words) => words.length > 1 && words.join("").length >= MIN_NAME_LENGTH,
    )
    .flatMap((words) => [
      words,
      [words.at(-1) as string, ...words.slice(0, -1)],
    ]);
  return [...new Map(full.map((words) => [words.join(" "), words])).values()];
});

/** "Demoville, Demoland" is called by either name. */
const partsOf = (name: string): string[] => [
  ...new Set([name, ...name.split(",")]),
];

/**
 * The code of a case's place by one of its names in the case's languages.
 * @returns null when no place with a code has the name
 */
export function ownPlaceNamed(
  name: string,
  { placeNames }: Pick<StoredSummary, "placeNames">,
): string | null {
  const wanted = placeKey(name);
  for (const { iso3166, names } of placeNames)
    if (
      iso3166 &&
      names.flatMap(partsOf).some((part) => placeKey(part) === wanted)
    )
      return iso3166;
  return null;
}

export const stemKeysOf = (summary: Named): string[] =>
  namesOf(summary).map(([first = "", second = ""]) =>
    stemKey(stemOf(first), stemOf(second)),
  );

/** Comes before what a case is found by, but isn't a word of it. */
export const KEY = "/";

/** Keys of the codes that filters look for. */
export const codeKey = {
  /** A place or a responsible authority. */
  at: (code: string) => `${KEY}at:${code}`,
  place: (code: string) => `${KEY}place:${code}`,
  authority: (code: string) => `${KEY}authority:${code}`,
  custody: (code: string) => `${KEY}custody:${code}`,
  series: (code: string) => `${KEY}series:${code}`,
};

/** The keys of a case, without its series. */
export const codeKeysOf = (summary: StoredSummary): string[] => [
  ...summary.places.map(codeKey.at),
  ...placeCodesOf(summary).map(codeKey.place),
  ...summary.authorities.map(codeKey.authority),
  ...summary.custody.map(codeKey.custody),
];

/** The keys that a case must have to pass a query's filters. */
export function codeKeysIn({
  at,
  place,
  custody,
  authority,
  series,
}: Filters): string[] {
  const placeCode = place ? placeCodeIn(place) : null;
  return [
    ...(at ? [codeKey.at(at)] : []),
    ...(placeCode === null ? [] : [codeKey.place(placeCode)]),
    ...(custody ? [codeKey.custody(custody)] : []),
    ...(authority ? [codeKey.authority(authority)] : []),
    ...(series ? [codeKey.series(series)] : []),
  ];
}
