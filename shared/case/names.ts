/**
 * Search keys: "Aliev", "Aliyev" and "Алієв" fold to the same string. Never for
 * display.
 */

import { APOSTROPHES, latin } from "./latin.ts";

/**
 * A search key: lower case, without diacritics and apostrophes, in Latin
 * letters, with alternative transliterations unified. Words are separated by
 * one space. Two names with the same key are spellings of one name.
 */
export const fold = (text: string): string =>
  latin(text)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .replace(/x/g, "ks")
    .replace(/w/g, "v")
    .replace(/q/g, "k")
    .replace(/y/g, "i")
    // Ukrainian "г" is "h" in Ukraine's passports and "g" in Russian ones.
    .replace(/g/g, "h")
    .replace(/([a-z])\1+/g, "$1")
    .replace(/(?:k?h)+/g, "h")
    .replace(/s(?:h?ch)+/g, "sh")
    .replace(/(?:dzh|dj|j)+/g, "j")
    .replace(/i(?=e)/g, "")
    .replace(/([a-z])\1+/g, "$1");

/** A longer query is cut. */
const MAX_QUERY_LENGTH = 200;

/**
 * The letters of Turkish, Crimean Tatar and Slavic languages that Cyrillic
 * spellings write as "ш", "ч" and "ж".
 */
const digraphs: [RegExp, string][] = [
  [/[şșš]|s[\u0326\u0327\u030c]/gi, "sh"],
  [/[çč]|c[\u0327\u030c]/gi, "ch"],
  [/ž|z\u030c/gi, "zh"],
];

const apostrophe = new RegExp(`[${APOSTROPHES}]`, "gu");

/**
 * The words of a text in order, folded, for each way to write it: names with a
 * hyphen as one word, names with an apostrophe as two, "ş" as "sh".
 */
export function foldedWords(text: string): string[][] {
  if (/^[\w ]*$/.test(text)) return [fold(text).split(" ")];
  const spelt = digraphs.reduce(
    (changed, [letter, digraph]) => changed.replace(letter, digraph),
    text,
  );
  const joined = text.replace(/(?<=\p{L})\p{Pd}(?=\p{L})/gu, "");
  const variants = new Set([
    text,
    joined,
    text.replace(apostrophe, " "),
    spelt,
  ]);
  return [...variants].map((variant) => fold(variant).split(" "));
}

/** The Arabic words of a text, folded, each also without the article "ال". */
const arabicWordsIn = (text: string): Set<string> =>
  new Set(
    (text.match(/[\p{Script=Arabic}\p{M}]+/gu) ?? [])
      .map(fold)
      // A mark on a letter of another script is no word.
      .filter((word) => word !== "")
      .flatMap((word) => [word, word.replace(/^al(?=..)/, "")]),
  );

/**
 * The Latin letters that a vowel of a folded Arabic word, or its "f", may stand
 * for. The other vowels are not written in Arabic.
 */
const standsFor: Record<string, string> = {
  a: "aeiou",
  i: "ie",
  u: "uov",
  f: "fv",
};

/** The keys of one word: folded as it stands, and folded with "ş" as "sh". */
export const wordKeys = (word: string): string[] => [
  ...new Set([
    fold(word),
    fold(
      digraphs.reduce(
        (changed, [letter, digraph]) => changed.replace(letter, digraph),
        word,
      ),
    ),
  ]),
];

/**
 * True when a folded Arabic word is a folded Latin one without its short
 * vowels: "mhmd" and "muhamad".
 */
export function spells(arabic: string, word: string): boolean {
  let at = 0;
  for (let index = 0; index < arabic.length; index++) {
    const wanted =
      standsFor[arabic[index] as string] ?? (arabic[index] as string);
    while (
      at < word.length &&
      !wanted.includes(word[at] as string) &&
      /[aeiou]/.test(word[at] as string)
    )
      at++;
    if (at === word.length) return false;
    if (!wanted.includes(word[at] as string)) return false;
    at++;
  }
  return /^[aeiou]*h?$/.test(word.slice(at));
}

/**
 * The letters that every spelling of a folded word keeps, except for a last "h"
 * of the Latin one. An Arabic "u" or "f" may stand for "v".
 */
export const consonants = (word: string): string =>
  word.replace(/[aeioufv]/g, "");

/** Another way to match a word. */
export interface Spelling {
  /** The consonants of a word that passes are one of these. */
  keys: string[];
  test: (word: string) => boolean;
}

/** The folded words of a text. */
export interface SearchWords {
  all: string[];
  arabic: string[];
}

export const searchWords = (text: string): SearchWords => ({
  all: [...new Set(foldedWords(text).flat())],
  arabic: [...arabicWordsIn(text)],
});

/** How a folded word of a query matches the folded words of a text. */
export interface PartMatch {
  part: string;
  /**
   * True when a whole word must be equal, as for digits; otherwise the
   * beginning of one.
   */
  isWhole: boolean;
  /** Another way to match one of all words. */
  spelling: Spelling | null;
  /** Another way to match one of the Arabic words. */
  arabicSpelling: Spelling | null;
}

/**
 * The ways to read a query: a text matches when it matches every part of one of
 * them. Every word of the query is the beginning of a word of the text, both
 * folded. A word of digits must match a whole word. Arabic and Latin words
 * match when they have the same consonants and long vowels. Empty for a query
 * of a single letter, or of signs only, which matches nothing.
 */
export function readingsOf(query: string): PartMatch[][] {
  const wanted = query.slice(0, MAX_QUERY_LENGTH);
  if (fold(wanted).length < 2) return [];
  const arabicParts = arabicWordsIn(wanted);
  const matchOf = (part: string): PartMatch => {
    const isWhole = /^\d+$/.test(part);
    const isArabic = arabicParts.has(part);
    const key = consonants(part);
    return {
      part,
      isWhole,
      spelling:
        !isWhole && isArabic
          ? { keys: [key, `${key}h`], test: (word) => spells(part, word) }
          : null,
      arabicSpelling:
        !isWhole && !isArabic && part.length > 2
          ? {
              keys: [...new Set([key, key.replace(/h$/, "")])],
              test: (word) => spells(word, part),
            }
          : null,
    };
  };
  return foldedWords(wanted).map((parts) => parts.map(matchOf));
}

/** True when a text's words match a part of a query. */
export const hasPart = (
  { part, isWhole, spelling, arabicSpelling }: PartMatch,
  { all, arabic }: SearchWords,
): boolean =>
  isWhole
    ? all.includes(part)
    : all.some((word) => word.startsWith(part)) ||
      (spelling !== null && all.some(spelling.test)) ||
      (arabicSpelling !== null && arabic.some(arabicSpelling.test));

/** A test of texts; see `readingsOf`. */
export function matcher(query: string): (text: SearchWords) => boolean {
  const readings = readingsOf(query);
  return (text) =>
    readings.some((parts) => parts.every((part) => hasPart(part, text)));
}

/** Tests one text; see `readingsOf`. */
export const matches = (query: string, text: string): boolean =>
  matcher(query)(searchWords(text));
