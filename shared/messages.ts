/** Typed look-up in the catalogues: every key is one of en.json's, every placeholder is filled by name. */

import { pluralForm, printCount } from "./intl.ts";
import { isolate, type LocaleTag, locales, sourceLocale } from "./locale.ts";
import type en from "./locales/en.json";

export type MessageKey = keyof typeof en;
export type Gender = "he" | "she" | "they";

/**
 * `count` picks a plural form by CLDR's rules and is printed in the language's own way; `gender` picks a grammatical gender.
 * Everything else replaces `{name}`, isolated where it runs the other way.
 */
export interface MessageValues {
  count?: number;
  gender?: Gender;
  [name: string]: string | number | undefined;
}

function choose(entry: unknown, locale: LocaleTag, values: MessageValues): string | null {
  if (typeof entry === "string") return entry;
  if (typeof entry !== "object" || entry === null) return null;
  const forms = entry as Record<string, unknown>;
  const form =
    values.count === undefined
      ? (forms[values.gender ?? "they"] ?? forms.they)
      : (forms[pluralForm(locale, values.count)] ?? forms.other);
  return choose(form, locale, values);
}

export function message(locale: LocaleTag, key: MessageKey, values: MessageValues = {}): string {
  const own = choose((locales[locale].catalogue as Record<string, unknown>)[key], locale, values);
  const text =
    own ?? choose((locales[sourceLocale].catalogue as Record<string, unknown>)[key], sourceLocale, values) ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? printCount(locale, value) : isolate(value, locale);
  });
}

/** @returns `message` in one language */
export const sayIn =
  (locale: LocaleTag) =>
  (key: MessageKey, values?: MessageValues): string =>
    message(locale, key, values);
