/** Search keys: "Aliev", "Aliyev" and "Алієв" fold to the same string. Never for display. */

import { APOSTROPHES, latin } from "./latin.ts";

/**
 * A search key: lower case, without diacritics and apostrophes, in Latin letters, with alternative transliterations unified. Words are
 * separated by one space. Two names with the same key are spellings of one name.
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

/** The letters of Turkish, Crimean Tatar and Slavic languages that Cyrillic spellings write as "ш", "ч" and "ж". */
const digraphs: [RegExp, string][] = [
  [/[şșš]|s[\u0326\u0327\u030c]/gi, "sh"],
  [/[çč]|c[\u0327\u030c]/gi, "ch"],
  [/ž|z\u030c/gi, "zh"],
];

const apostrophe = new RegExp(`[${APOSTROPHES}]`, "gu");

/** A text, and the ways to write it: names with a hyphen as one word, names with an apostrophe as two, "ş" as "sh". All folded. */
function variantsOf(text: string): string[][] {
  const spelt = digraphs.reduce((changed, [letter, digraph]) => changed.replace(letter, digraph), text);
  const joined = text.replace(/(?<=\p{L})\p{Pd}(?=\p{L})/gu, "");
  const variants = new Set([text, joined, text.replace(apostrophe, " "), spelt]);
  return [...variants].map((variant) => fold(variant).split(" "));
}

/** The Arabic words of a text, folded, each also without the article "ال". */
const arabicWordsIn = (text: string): Set<string> =>
  new Set(
    (text.match(/[\p{Script=Arabic}\p{M}]+/gu) ?? [])
      .map(fold)
      .flatMap((word) => [word, word.replace(/^al(?=..)/, "")]),
  );

/** The Latin vowels that a vowel of a folded Arabic word may stand for. The other vowels are not written in Arabic. */
const longVowels: Record<string, string> = { a: "aeiou", i: "ie", u: "uov" };

/** True when a folded Arabic word is a folded Latin one without its short vowels: "mhmd" and "muhamad". */
function spells(arabic: string, word: string): boolean {
  let at = 0;
  for (const letter of arabic) {
    const wanted = longVowels[letter] ?? letter;
    while (at < word.length && !wanted.includes(word[at] as string) && /[aeiou]/.test(word[at] as string)) at++;
    if (at === word.length) return false;
    if (!wanted.includes(word[at] as string)) return false;
    at++;
  }
  return /^[aeiou]*h?$/.test(word.slice(at));
}

/** The folded words of a text. */
export interface SearchWords {
  all: string[];
  arabic: string[];
}

export const searchWords = (text: string): SearchWords => ({
  all: [...new Set(variantsOf(text).flat())],
  arabic: [...arabicWordsIn(text)],
});

/**
 * A test of texts: true when every word of the query is the beginning of a word of the text, both folded. A word of digits must match a
 * whole word. Arabic and Latin words match when they have the same consonants and long vowels. A query of a single letter, or of
 * signs only, matches nothing.
 */
export function matcher(query: string): (text: SearchWords) => boolean {
  const wanted = query.slice(0, MAX_QUERY_LENGTH);
  if (fold(wanted).length < 2) return () => false;
  const arabicParts = arabicWordsIn(wanted);
  const variants = variantsOf(wanted);
  const isIn = (part: string, { all, arabic }: SearchWords) => {
    if (/^\d+$/.test(part)) return all.includes(part);
    if (all.some((word) => word.startsWith(part))) return true;
    if (arabicParts.has(part)) return all.some((word) => spells(part, word));
    return part.length > 2 && arabic.some((word) => spells(word, part));
  };
  return (text) => variants.some((parts) => parts.every((part) => isIn(part, text)));
}

/** Tests one text; see `matcher`. */
export const matches = (query: string, text: string): boolean => matcher(query)(searchWords(text));
