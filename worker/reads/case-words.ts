/** The folded words by which searches and filters find a case. */
import { consonants, type SearchWords, type Spelling, searchWords } from "../../shared/case/names.ts";
import { plainTexts } from "../../shared/case/text.ts";
import { placeNames } from "../../shared/place-names.ts";
import { numberWords } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";

const wordsOfPlaces = new Map<string, SearchWords>();

/** The words of a place's names in our languages. Many cases share a place, and folding its names takes long. */
export function placeWords(code: string): SearchWords {
  const words = wordsOfPlaces.get(code) ?? searchWords(placeNames(code).join(" "));
  wordsOfPlaces.set(code, words);
  return words;
}

/** A folded word after its consonants, so that words which may be spellings of one name stand together in alphabetical order. */
export const spelt = (word: string): string => `${consonants(word)} ${word}`;

/** @param endings of what `spelt` made of all words, those that begin like this, without the beginning */
export const speltWords = ({ keys, test }: Spelling, endings: (beginning: string) => string[]): string[] =>
  keys.flatMap((key) => endings(`${key} `).filter(test));

/** All words of a case, those of its people's names, and those of its places' names in its languages. */
export type WordKind = "all" | "people" | "places";

/**
 * The words of a case, without the names of its places in our languages.
 * @param known the words of texts without spaces: most occur in many cases, and folding one takes long
 */
export function ownWords(
  summary: Omit<CaseSummary, "revision">,
  profile: Profile,
  known: Map<string, SearchWords>,
): Record<WordKind, SearchWords[]> {
  const wordsOf = (texts: string[]) =>
    [...new Set(texts.flatMap((text) => text.split(" ")))].map((text) => {
      const words = known.get(text) ?? searchWords(text);
      known.set(text, words);
      return words;
    });
  const { id, number, title, spellings, placeNames: named } = summary;
  const people = wordsOf(spellings);
  const places = wordsOf(named.flatMap(({ names }) => names));
  const others = wordsOf([numberWords(id, profile) ?? number, ...Object.values(plainTexts(title))]);
  return { all: [...others, ...people, ...places], people, places };
}
