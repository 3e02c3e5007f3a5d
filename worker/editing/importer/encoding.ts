/** Letters that were read in the wrong encoding: repaired where the whole text shows how, otherwise recognised. */

/** The characters of Windows-1252 at the bytes 0x80 to 0x9F. */
const windows = new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 32 }, (_, at) => 0x80 + at));
const byteOf = new Map([...windows].map((letter, at) => [letter, 0x80 + at]));
const byte = (letter: string): number => byteOf.get(letter) ?? letter.charCodeAt(0);

const high = new RegExp(`[\\u0080-\\u00ff${windows}]+`, "gu");
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 that was read as Windows-1252: "Ã©" for "é", "â€™" for "’". */
const misread =
  /Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â[€\u0080][\u0080-\u00bf™œ“”˜¦]|Å[\u0080-\u00bfŸž¡]|Ä[\u0080-\u00bf±Ÿ°‡]|[ÐÑ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/u;

/** Copies have been misread twice, but hardly ever more often. */
const MAX_REPAIRS = 2;

/** Text as it was before UTF-8 was read as Windows-1252. Unchanged when a single letter of it can't have come about so. */
function reread(text: string): string | null {
  let isWhole = true;
  const result = text.replace(high, (run) => {
    if (!isWhole) return run;
    try {
      return utf8.decode(Uint8Array.from([...run], byte));
    } catch {
      isWhole = false;
      return run;
    }
  });
  return isWhole && !/[\u0100-\uffff]/u.test(text.replace(high, "")) ? result : null;
}

/** @returns the text with its letters repaired, and the first word that was misread; null when there was none */
export function repaired(text: string): { text: string; first: { word: string; at: number } | null } {
  let now = text;
  let first: { word: string; at: number } | null = null;
  for (let times = 0; times < MAX_REPAIRS; times++) {
    const found = misread.exec(now);
    const before = found && reread(now);
    if (!found || before === null) break;
    const { index: at } = found;
    const [start = ""] = /\S{0,20}$/u.exec(now.slice(Math.max(0, at - 20), at)) ?? [];
    const [rest = ""] = /^\S{1,20}/u.exec(now.slice(at, at + 20)) ?? [];
    first ??= { word: `${start}${rest}`, at };
    now = before;
  }
  // Windows-1252 that was read as ISO 8859-1 has control characters for its quotation marks and dashes.
  return { text: now.replace(/[\u0080-\u009f]/g, (letter) => windows[letter.charCodeAt(0) - 0x80] as string), first };
}

/** A sign between two letters, which stands for a third: "Mar¡a", "Mar�a", "Mar?a", "Mar√≠a". */
const replaced = /\p{L}[¡-©«-´¶-¹»-¿×÷‚„†‡ˆ‰‹•˜™›√∂∑∏∫≈∆◊�?]+\p{L}|�|√[\u00a0-\u00ff®©≠≥≤∫∂]/u;

/** True when letters of the text are not those that its author wrote. */
export const isGarbled = (text: string): boolean => misread.test(text) || replaced.test(text);
