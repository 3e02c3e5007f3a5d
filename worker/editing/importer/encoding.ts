/**
 * Recognises letters that were read in the wrong encoding. Nothing is repaired:
 * the names in such a text are for a person.
 */

/** UTF-8 that was read as Windows-1252: "Ã©" for "é", "â€™" for "’". */
const misread =
  /Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â[€\u0080][\u0080-\u00bf™œ“”˜¦]|Å[\u0080-\u00bfŸž¡]|Ä[\u0080-\u00bf±Ÿ°‡]|[ÐÑ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/u;

/**
 * A sign between two letters, which stands for a third: "Mar¡a", "Mar�a",
 * "Mar?a", "Mar√≠a".
 */
const replaced =
  /\p{L}[¡-©«-´¶-¹»-¿×÷‚„†‡ˆ‰‹•˜™›√∂∑∏∫≈∆◊�?]+\p{L}|�|√[\u00a0-\u00ff®©≠≥≤∫∂]/u;

/** True when letters of the text are not those that its author wrote. */
export const isGarbled = (text: string): boolean =>
  misread.test(text) || replaced.test(text);
