/** The words for custody and proceedings. */

import { custodyStates, proceedingStates } from "../case/schema.ts";
import { type LocaleTag, locales } from "../locale.ts";
import { type Gender, type MessageKey, message } from "../messages.ts";

const states = { custody: custodyStates, proceedings: proceedingStates } as const;

/**
 * The word for a state of custody or proceedings.
 * @param value a state's code
 * @returns the code itself when it is unknown
 */
function labelOf(field: keyof typeof states, value: string, gender: Gender, locale: LocaleTag): string {
  const known: readonly string[] = states[field];
  return known.includes(value) ? message(locale, `${field}.${value}` as MessageKey, { gender }) : value;
}

export const custodyLabel = (value: string, gender: Gender, locale: LocaleTag): string =>
  labelOf("custody", value, gender, locale);

export const proceedingsLabel = (value: string, gender: Gender, locale: LocaleTag): string =>
  labelOf("proceedings", value, gender, locale);

/** A label in the middle of a sentence: it begins with a small letter, unless its first word is an abbreviation. */
export const inSentence = (label: string, locale: LocaleTag): string =>
  label.replace(/^\p{Lu}(?!\p{Lu})/u, (letter) => letter.toLocaleLowerCase(locales[locale].intl));
