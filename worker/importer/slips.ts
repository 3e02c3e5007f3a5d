/** Slips of the pen, of a scanner and of a keyboard: what nearly is a word, and letters that look like others. */

/** How many letters stand between what two words begin and end with alike: 0 for the same word, 1 for one letter put in, left out or changed. */
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

/** The text as it looks: Latin letters for their Cyrillic and Greek twins, digits for the letters a scanner takes them for. */
export function asItLooks(text: string): string {
  return text
    .replace(/[\dOoОоlI|З]*\d[\dOoОоlI|З]*/gu, (run) => [...run].map((one) => digits[one] ?? one).join(""))
    .replace(/(?<=[\d/])[OoОоlI|З](?=[\d/])/gu, (one) => digits[one] as string)
    .replace(/[\u0370-\u04ff]/gu, (letter) => twins[letter] ?? letter);
}
