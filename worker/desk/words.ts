/**
 * The page's language: its texts, and the dates, names and counts printed in
 * it.
 */

import { printEdtf } from "../../shared/case/partial-date.ts";
import {
  languageNameIn as nameOf,
  printDay,
  printSpanIn,
  printTime,
  regionName,
} from "../../shared/intl.ts";
import { type LocaleTag, locales } from "../../shared/locale.ts";
import { type MessageValues, speaker } from "../../shared/message-format.ts";
import type { DeskKey, DeskWords } from "./locales/desk-words.ts";

export type WordKey = DeskKey;
export type Language = LocaleTag;

/**
 * One for the whole page, so that components need not pass it on. `App` renders
 * again when it changes.
 */
let words: DeskWords;
let speak: (key: string, values?: MessageValues) => string | undefined;
export function setWords(next: DeskWords): void {
  words = next;
  speak = speaker<string>(next.tag, next.texts);
}

export const language = (): Language => words.tag;
export const isLanguageReviewed = (): boolean => locales[words.tag].reviewed;

export const say = (key: WordKey, values?: MessageValues): string =>
  speak(key, values) ?? key;

/**
 * The text of a key that was built at run time; undefined when the catalogue
 * doesn't have it.
 */
export const sayIfKnown = (
  key: string,
  values?: MessageValues,
): string | undefined => speak(key, values);

/** A moment in the editor's own time zone, unless the style names another. */
export const clock = (
  moment: string | number,
  style: Intl.DateTimeFormatOptions = { timeStyle: "short" },
): string => printTime(words.tag, new Date(moment), style);

/** A moment in the editor's own time zone: today's without the date. */
export function moment(iso: string): string {
  const today = new Date().toDateString() === new Date(iso).toDateString();
  return clock(
    iso,
    today ? { timeStyle: "short" } : { dateStyle: "long", timeStyle: "short" },
  );
}

/** An EDTF date in words. Other text is returned unchanged. */
export const printDate = (edtf: string): string =>
  printEdtf(edtf, (day) => printDay(words.tag, day), say);

/** "3 days" */
export const printDays = (days: number): string =>
  printSpanIn(words.tag, days, "day");

/**
 * The name of a language in the page's language; the tag when there is no name.
 */
export const languageName = (tag: string): string =>
  sayIfKnown(`language.${tag}`) ?? nameOf(words.tag, tag);

export type NamedValue = [value: string, label: string];

/** The alphabetical order of the page's language. */
export const compareWords = (a: string, b: string): number =>
  a.localeCompare(b, locales[words.tag].intl);

/** The codes of two of the letters that have a name, sorted by name. */
const namedCodes = (
  letters: string,
  nameOfCode: (code: string) => string | undefined,
): NamedValue[] =>
  [...letters]
    .flatMap((first) => [...letters].map((second) => first + second))
    .flatMap((code): NamedValue[] => {
      const label = nameOfCode(code);
      return label ? [[code, label]] : [];
    })
    .toSorted(([, a], [, b]) => compareWords(a, b));

/** The countries of ISO 3166-1 that the browser has a name for. */
export const countryNames = (): NamedValue[] =>
  namedCodes("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (code) =>
    isPrivate(code) ? undefined : regionName(words.tag, code),
  );

/**
 * The languages of ISO 639-1 that the browser has a name for, without
 * deprecated codes.
 */
export const languageNames = (): NamedValue[] =>
  namedCodes("abcdefghijklmnopqrstuvwxyz", (code) => {
    const label = nameOf(words.tag, code);
    return label !== code && Intl.getCanonicalLocales(code)[0] === code
      ? label
      : undefined;
  });

/** Codes for private use in ISO 3166-1, and codes that are not countries. */
const isPrivate = (code: string): boolean =>
  /^(?:A{2}|Q[M-Z]|X[A-JL-Z]|ZZ|EU|EZ|UN)$/.test(code);
