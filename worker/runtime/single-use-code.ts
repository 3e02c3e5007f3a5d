/**
 * Codes of 80 bits that a person copies and that work once: to recover an
 * account, or to link an editors' chat.
 */

/**
 * Without letters and digits that look alike. 32 letters, so that a random byte
 * chooses one without a bias.
 */
const CODE_LETTERS = "abcdefghjkmnpqrstvwxyz0123456789";
const CODE_CHARS = 16;

export const newCode = (): string =>
  [...crypto.getRandomValues(new Uint8Array(CODE_CHARS))]
    .map((byte) => CODE_LETTERS[byte % 32])
    .join("");
/** In groups of four, as people read it. */
export const printedCode = (code: string): string =>
  code.replace(/.{4}(?=.)/g, "$&-");
/**
 * The code in what a person typed, or a keyboard that replaces hyphens by
 * dashes.
 */
export const typedCode = (code: string): string =>
  code.toLowerCase().replace(/[\s\p{Pd}]/gu, "");
