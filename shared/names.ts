/** Folding for search only: "Aliev", "Aliyev" and "Алієв" meet in one string. Never for display. */

// Cyrillic to a coarse Latin skeleton: Ukrainian, Russian and Crimean Tatar letters.
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

/** A search key: lower case, no marks, Cyrillic in Latin letters, and the spellings that differ by custom alone made one. */
export function fold(text: string): string {
  return text
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

/** True when every word of the query begins a word of the text, both folded; a case number ("126/19", "126.19") counts as words. */
export function matches(query: string, text: string): boolean {
  const words = fold(text).split(" ");
  return fold(query)
    .split(" ")
    .every((wanted) => words.some((word) => word.startsWith(wanted)));
}
