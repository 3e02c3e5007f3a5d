/**
 * A profile's words in a language. A code that the profile doesn't have is its
 * own word, so that older content still shows.
 */
import { type CodedField, commonCodes } from "../case/schema.ts";
import { printCount } from "../intl.ts";
import { type LocaleTag, locales } from "../locale.ts";
import { type Gender, type MessageValues, speaker } from "../message-format.ts";
import { type MessageKey, message } from "../messages.ts";
import type { Label, Profile, Word } from "./schema.ts";

/** Parsed labels. */
const speakers = new WeakMap<
  Label,
  Map<LocaleTag, ReturnType<typeof speaker<"label">>>
>();

/** The label in the language, else in the profile's default language. */
export function labelIn(
  label: Label,
  locale: LocaleTag,
  { defaultLanguage }: Pick<Profile, "defaultLanguage">,
  values: MessageValues = {},
): string {
  const known = speakers.get(label) ?? new Map();
  speakers.set(label, known);
  const language = label[locale] === undefined ? defaultLanguage : locale;
  const say =
    known.get(language) ??
    speaker<"label">(language, { label: label[language] ?? "" });
  known.set(language, say);
  return say("label", values) ?? "";
}

/**
 * The word with that code in one of the profile's lists; undefined when the
 * list doesn't have it.
 */
function wordIn(
  words: readonly Word[],
  value: string,
  locale: LocaleTag,
  profile: Pick<Profile, "defaultLanguage">,
  values: MessageValues = {},
): string | undefined {
  const word = words.find((one) => one.value === value);
  return word && labelIn(word.label, locale, profile, values);
}

/** The common word, else the profile's. */
export function statusLabel(
  list: CodedField,
  value: string,
  gender: Gender,
  locale: LocaleTag,
  profile: Profile,
): string {
  if (commonCodes[list]?.includes(value))
    return message(locale, `${list}.${value}` as MessageKey, { gender });
  return wordIn(profile[list], value, locale, profile, { gender }) ?? value;
}

/**
 * "6 imprisoned". A profile's own words have no form beside a number: "Barred
 * from leaving: 6".
 */
export const countedCustody = (
  value: string,
  count: number,
  locale: LocaleTag,
  profile: Profile,
): string =>
  commonCodes.custody?.includes(value)
    ? message(locale, `counted.${value}` as MessageKey, { count })
    : message(locale, "person.proceeding", {
        subject: statusLabel("custody", value, "they", locale, profile),
        text: printCount(locale, count),
      });

/**
 * A label in the middle of a sentence: it begins with a small letter, unless
 * its first word is an abbreviation.
 */
export const inSentence = (label: string, locale: LocaleTag): string =>
  label.replace(/^\p{Lu}(?!\p{Lu})/u, (letter) =>
    letter.toLocaleLowerCase(locales[locale].intl),
  );

/** @param kind undefined for a document whose kind isn't known */
export const documentLabel = (
  kind: string | undefined,
  locale: LocaleTag,
  profile: Profile,
): string =>
  kind === undefined
    ? labelIn(profile.documents.unspecified, locale, profile)
    : (wordIn(profile.documents.kinds, kind, locale, profile) ?? kind);
