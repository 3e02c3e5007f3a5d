/**
 * How near a query is to a name: for misspelt names, and for names in other
 * letters than the query.
 */
import { consonants, foldedWords } from "../../../shared/case/names.ts";

/** Names that are at least this near are offered. */
export const NEAR = 0.84;
/** The rest of a longer word isn't compared: there is a bit for each letter. */
const MAX_LENGTH = 31;

const MAX_QUERY_LENGTH = 100;
const MAX_WORDS = 6;
/** A prefix of so many letters counts extra. */
const MAX_PREFIX = 4;
const PREFIX_WEIGHT = 0.1;
/** Equal consonants say a little less than equal words. */
const CONSONANTS_WEIGHT = 0.97;

/** A folded word, prepared for many comparisons. */
export interface NameWord {
  word: string;
  consonants: string;
  /** A bit for each consonant that it has. */
  letters: number;
}

export function nameWord(folded: string): NameWord {
  const word = folded.slice(0, MAX_LENGTH);
  const bare = consonants(word);
  let letters = 0;
  for (let at = 0; at < bare.length; at++)
    letters |= 1 << (bare.charCodeAt(at) & 31);
  return { word, consonants: bare, letters };
}

/**
 * The likeness of two words from 0 to 1, by Jaro and Winkler: letters that both
 * have near the same place, and how they begin.
 */
function jaroWinkler(a: string, b: string): number {
  const reach = Math.max(0, (Math.max(a.length, b.length) >> 1) - 1);
  // A bit for each letter that has a partner in the other word.
  let [inA, inB, matches] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const code = a.charCodeAt(at);
    const end = Math.min(b.length, at + reach + 1);
    for (let other = Math.max(0, at - reach); other < end; other++) {
      if (b.charCodeAt(other) !== code || inB & (1 << other)) continue;
      inA |= 1 << at;
      inB |= 1 << other;
      matches++;
      break;
    }
  }
  if (matches === 0) return 0;
  let moved = 0;
  for (let at = 0, other = 0; at < a.length; at++) {
    if (!(inA & (1 << at))) continue;
    while (!(inB & (1 << other))) other++;
    if (a.charCodeAt(at) !== b.charCodeAt(other++)) moved++;
  }
  const jaro =
    (matches / a.length +
      matches / b.length +
      (matches - moved / 2) / matches) /
    3;
  let prefix = 0;
  while (
    prefix < MAX_PREFIX &&
    prefix < a.length &&
    a.charCodeAt(prefix) === b.charCodeAt(prefix)
  )
    prefix++;
  return jaro + prefix * PREFIX_WEIGHT * (1 - jaro);
}

function bitsIn(set: number): number {
  let count = 0;
  for (let left = set; left !== 0; left &= left - 1) count++;
  return count;
}

/**
 * The likeness of two words, or of their consonants: vowels are often not
 * written. 0 when they share less than half of their consonants.
 */
export function likeness(a: NameWord, b: NameWord): number {
  const shared = bitsIn(a.letters & b.letters);
  if (2 * shared < Math.max(bitsIn(a.letters), bitsIn(b.letters))) return 0;
  const bare =
    a.consonants.length > 1 && b.consonants.length > 1
      ? CONSONANTS_WEIGHT * jaroWinkler(a.consonants, b.consonants)
      : 0;
  return Math.max(bare, jaroWinkler(a.word, b.word));
}

/** The words of a name for each way to write it. */
export const nameWords = (text: string): NameWord[][] =>
  foldedWords(text).map((words) =>
    words.filter((word) => word.length > 1).map(nameWord),
  );

/**
 * How near a word of a query must be, if all others are equal to the name's.
 */
export const leastLikeness = (words: number): number => 1 - words * (1 - NEAR);

/**
 * The words of a query for each way to read it; empty when no name can be near
 * it, as for a number.
 */
export const queryWords = (query: string): NameWord[][] =>
  nameWords(query.slice(0, MAX_QUERY_LENGTH)).filter(
    (words) =>
      words.length > 0 &&
      words.length <= MAX_WORDS &&
      !words.some(({ word }) => /\d/.test(word)),
  );

/**
 * From 0 to 1: the mean over the words of a query, each with the word of the
 * name that is most like it.
 */
export function nearness(query: NameWord[][], name: NameWord[][]): number {
  const best = (word: NameWord, others: NameWord[]) =>
    Math.max(0, ...others.map((other) => likeness(word, other)));
  return Math.max(
    0,
    ...query.flatMap((words) =>
      name.map(
        (others) =>
          words.reduce((sum, word) => sum + best(word, others), 0) /
          words.length,
      ),
    ),
  );
}
