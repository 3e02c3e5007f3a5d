/** Longer addresses are cut or refused by some mail programs, so a longer letter is only copied. */
const MAX_MAILTO_CHARACTERS = 1_900;

/** A `mailto:` address with the letter, where it is short enough. */
export function mailWith(to: string, letter: string): string {
  const whole = `${to}&body=${encodeURIComponent(letter.replace(/\r?\n/g, "\r\n"))}`;
  return whole.length <= MAX_MAILTO_CHARACTERS ? whole : to;
}
