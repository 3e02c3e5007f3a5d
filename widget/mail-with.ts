/**
 * Some desktop programs cut or refuse longer addresses. Each Cyrillic or Arabic
 * letter takes six characters.
 */
const MAX_MAILTO_CHARACTERS = 1_900;

/**
 * A `mailto:` address with the letter, where it is short enough, or always on a
 * phone. Readers copy a longer letter.
 */
export function mailWith(to: string, letter: string, isPhone = false): string {
  const whole = `${to}&body=${encodeURIComponent(letter.replace(/\r?\n/g, "\r\n"))}`;
  return isPhone || whole.length <= MAX_MAILTO_CHARACTERS ? whole : to;
}
