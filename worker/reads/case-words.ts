/** The folded words by which searches and filters find a case. */
import {
  consonants,
  type SearchWords,
  searchWords,
} from "../../shared/case/names.ts";
import { plainTexts } from "../../shared/case/text.ts";
import { placeNames } from "../../shared/place-names.ts";
import type { StoredSummary } from "../../shared/view/summary.ts";

const wordsOfPlaces = new Map<string, SearchWords>();

/**
 * The words of a place's names in our languages. Many cases share a place, and
 * folding its names takes long.
 */
export function placeWords(code: string): SearchWords {
  const words =
    wordsOfPlaces.get(code) ?? searchWords(placeNames(code).join(" "));
  wordsOfPlaces.set(code, words);
  return words;
}

/**
 * A folded word after its consonants, so that words which may be spellings of
 * one name stand together in alphabetical order.
 */
export const spelt = (word: string): string => `${consonants(word)} ${word}`;

/**
 * Where in a case a word stands: anywhere, in the names of its people, or in
 * those of its places in its languages.
 */
export type WordKind = "all" | "people" | "places";

/** The bits that say where a word stands. */
export const kindBits: Record<WordKind, number> = {
  all: 1,
  people: 2,
  places: 4,
};
export const KIND_BITS = 3;

/** Comes before a folded word of Arabic letters, for searches in Latin ones. */
export const ARABIC = "~";

const wordsIn = (text: string): string[] => {
  const { all, arabic } = searchWords(text);
  return [...all, ...arabic.map((word) => ARABIC + word)];
};

/**
 * The folded words of a case, without its number and the names of its places in
 * our languages, by the bits that say where they stand. Words are separated by
 * spaces.
 */
export function caseWords({
  title,
  spellings,
  placeNames,
}: Pick<StoredSummary, "title" | "spellings" | "placeNames">): Record<
  string,
  string
> {
  const bits = new Map<string, number>();
  const add = (texts: string[], kind: number) => {
    for (const word of texts.flatMap(wordsIn))
      bits.set(word, (bits.get(word) ?? 0) | kindBits.all | kind);
  };
  add(Object.values(plainTexts(title)), 0);
  add(spellings, kindBits.people);
  add(
    placeNames.flatMap(({ names }) => names),
    kindBits.places,
  );
  const groups = Map.groupBy(bits.keys(), (word) => bits.get(word));
  return Object.fromEntries(
    [...groups].map(([kinds, words]) => [String(kinds), words.join(" ")]),
  );
}

/** Folding takes long, and digits are their own key. */
export const wordsOfNumber = (parts: string[]): string[] =>
  parts.flatMap((part) => (/^\d+$/.test(part) ? [part] : wordsIn(part)));
