/** Search keys: "Aliev", "Aliyev" and "Алієв" fold to the same string. Never for display. */

import { type NumberQuery, typedNumberIn } from "./id.ts";

// Ukrainian, Russian and Crimean Tatar letters, mapped to coarse Latin equivalents.
const cyrillic: Record<string, string> = {
  а: "a",
  б: "b",
  в: "v",
  г: "g",
  ґ: "g",
  д: "d",
  е: "e",
  є: "e",
  ё: "e",
  ж: "zh",
  з: "z",
  и: "i",
  і: "i",
  ї: "i",
  й: "i",
  к: "k",
  л: "l",
  м: "m",
  н: "n",
  о: "o",
  п: "p",
  р: "r",
  с: "s",
  т: "t",
  у: "u",
  ф: "f",
  х: "h",
  ц: "ts",
  ч: "ch",
  ш: "sh",
  щ: "sh",
  ъ: "",
  ы: "i",
  ь: "",
  э: "e",
  ю: "iu",
  я: "ia",
  "’": "",
  ʼ: "",
};

/** Replaces Arabic, Persian and full-width digits and signs by ASCII ones, and removes direction marks. */
const plain = (text: string): string =>
  text
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u200e\u200f\u2060-\u2069]/g, "");

/** A search key: lower case, without diacritics, in Latin letters, with alternative transliterations unified. */
export function fold(text: string): string {
  return plain(text)
    .normalize("NFD")
    .replace(/и\u0306/giu, "й")
    .replace(/і\u0308/giu, "ї")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[а-яёєіїґъыь’ʼ]/gu, (letter) => cyrillic[letter] ?? letter)
    .replace(/ı/g, "i")
    .replace(/kh/g, "h")
    .replace(/dzh|dj/g, "j")
    .replace(/[yj](?=[aeiou])/g, (letter) => (letter === "y" ? "i" : "j"))
    .replace(/y/g, "i")
    .replace(/i+(?=e)/g, "")
    .replace(/i{2,}/g, "i")
    .replace(/w/g, "v")
    .replace(/q/g, "k")
    .replace(/([a-z])\1/g, "$1")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * True when every word of the query is the beginning of a word of the text, both folded. A word of digits must match a whole word.
 * A query of a single letter, or of signs only, matches nothing.
 */
export function matches(query: string, text: string): boolean {
  const wanted = fold(query);
  if (wanted.length < 2) return false;
  const words = fold(text).split(" ");
  return wanted
    .split(" ")
    .every((part) => words.some((word) => (/^\d+$/.test(part) ? word === part : word.startsWith(part))));
}

/** A typed case number, in any digits; null for any other text. */
export const numberIn = (text: string): NumberQuery | null => typedNumberIn(plain(text));
