/** Typing and scanning errors: words that differ by a few letters, and letters that look alike. */

/** The number of letters between the common beginning and the common end of two words: 0 for equal words, 1 for one letter added, removed or changed. */
export function differing(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return Math.max(a.length, b.length) - start - end;
}

const twins: Record<string, string> = {};
for (const [index, letter] of [..."АВЕЅІЈКМНОРСТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"].entries())
  twins[letter] = "ABESIJKMHOPCTXYABEZHIKMNOPTYX"[index] as string;
const digits: Record<string, string> = { O: "0", o: "0", О: "0", о: "0", l: "1", I: "1", "|": "1", З: "3" };

/** Replaces Cyrillic and Greek letters by the Latin ones they look like, and letters by the digits that a scanner misread. */
export function asItLooks(text: string): string {
  return text
    .replace(/[\dOoОоlI|З]*\d[\dOoОоlI|З]*/gu, (run) => [...run].map((one) => digits[one] ?? one).join(""))
    .replace(/(?<=[\d/])[OoОоlI|З](?=[\d/])/gu, (one) => digits[one] as string)
    .replace(/[\u0370-\u04ff]/gu, (letter) => twins[letter] ?? letter);
}
