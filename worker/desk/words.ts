/** The language of the page: its texts, and days, names and counts as it writes them. */

import { type DatePoint, printEdtf } from "../../shared/case/partial-date.ts";
import type { LocaleTag } from "../../shared/locale.ts";
import type { DeskKey, DeskWords } from "./locales/desk-words.ts";

export type WordKey = DeskKey;
export type Language = LocaleTag;

/** One for all of the page, so the components need not hand it on. `App` renders anew when it changes. */
let words: DeskWords;

/** Says everything in these words from now on. */
export function setWords(next: DeskWords): void {
  words = next;
}

export const language = (): Language => words.tag;
export const isReviewed = (): boolean => words.reviewed;

/** The house's standard words on rights, in any of our languages. */
export const houseRights = (part: "text" | "quotations", lang: string): string | undefined =>
  words.rights[lang as Language]?.[part];

/**
 * @param values `count` picks a plural form and is printed; every other one replaces `{name}`, isolated so that it keeps its own direction
 */
export function say(key: WordKey, values: Record<string, string | number> = {}): string {
  const { texts, intl, dir } = words;
  const entry = texts[key];
  const text =
    typeof entry === "string" ? entry : (entry[new Intl.PluralRules(intl).select(Number(values.count))] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (typeof value === "number") return new Intl.NumberFormat(intl, { numberingSystem: "latn" }).format(value);
    return dir === "rtl" ? `\u2068${value}\u2069` : value;
  });
}

/** A key made at run time, when the catalogue has it. */
export const sayIfKnown = (key: string, values: Record<string, string | number> = {}): string | undefined =>
  key in words.texts ? say(key as WordKey, values) : undefined;

/** A day of the Gregorian calendar or a moment; with the language's own months and weekdays where Intl has none. */
function print(at: number | Date, style: Intl.DateTimeFormatOptions): string {
  const { intl, own } = words;
  const format = new Intl.DateTimeFormat(intl, { ...style, calendar: "gregory", numberingSystem: "latn" });
  if (!own) return format.format(at);
  const { timeZone } = format.resolvedOptions();
  const english = new Intl.DateTimeFormat("en", { timeZone, month: "numeric", weekday: "short" }).formatToParts(at);
  const part = (type: string) => english.find((one) => one.type === type)?.value ?? "";
  const weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(part("weekday"));
  return format
    .formatToParts(at)
    .map(({ type, value }) => {
      if (type === "weekday") return own.weekdays[weekday] ?? value;
      return type === "month" && /\p{L}/u.test(value) ? (own.months[Number(part("month")) - 1] ?? value) : value;
    })
    .join("");
}

/** A moment in the editor's own time zone, unless the style names another. */
export const clock = (moment: string | number, style: Intl.DateTimeFormatOptions = { timeStyle: "short" }): string =>
  print(new Date(moment), style);

/** A moment in the editor's own time zone: "today"'s by the clock alone, others with their day. */
export function moment(iso: string): string {
  const today = new Date().toDateString() === new Date(iso).toDateString();
  return clock(iso, today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
}

/** An EDTF date; what is not EDTF stays as it is. */
export function printDate(edtf: string): string {
  const day = ({ year, month, day }: DatePoint) =>
    print(Date.UTC(year, (month ?? 1) - 1, day ?? 1), {
      timeZone: "UTC",
      year: "numeric",
      ...(month && { month: "long" }),
      ...(day && { day: "numeric" }),
    });
  return printEdtf(edtf, day, {
    uncertain: say("date.uncertain"),
    approximate: say("date.approximate"),
    between: say("date.between"),
    since: say("date.since"),
    until: say("date.until"),
  });
}

/** "3 days" */
export function printSpan(amount: number, unit: "day" | "hour" | "minute"): string {
  const { intl, own } = words;
  if (own) return `${amount} ${own.units[unit]}`;
  const style = { style: "unit", unit, unitDisplay: "long", numberingSystem: "latn" } as const;
  return new Intl.NumberFormat(intl, style).format(amount);
}

/** Where Intl does not know the language it names things in English. */
const namesOf = (type: "language" | "region") =>
  new Intl.DisplayNames([words.own ? "en" : words.intl], { type, fallback: "none" });

/** The name of a language in the page's language; the tag when nobody has one. */
export const languageName = (tag: string): string =>
  sayIfKnown(`language.${tag}`) ?? words.own?.languages[tag] ?? namesOf("language").of(tag) ?? tag;

const pairsOf = (letters: string): string[] =>
  [...letters].flatMap((first) => [...letters].map((second) => first + second));

/** Every country of ISO 3166-1 that the browser has a name for, by name. */
export function countryNames(): { value: string; label: string }[] {
  const { intl, own } = words;
  const names = namesOf("region");
  const known = pairsOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ").flatMap((value) => {
    const label = isPrivate(value) ? undefined : (own?.regions[value] ?? names.of(value));
    return label ? [{ value, label }] : [];
  });
  return known.toSorted((a, b) => a.label.localeCompare(b.label, intl));
}

/** Every language of ISO 639-1 that the browser has a name for, by name; codes that gave way to others are left out. */
export function languageNames(): { value: string; label: string }[] {
  const { intl, own } = words;
  const names = namesOf("language");
  const known = pairsOf("abcdefghijklmnopqrstuvwxyz").flatMap((value) => {
    const label = own?.languages[value] ?? names.of(value);
    return label && Intl.getCanonicalLocales(value)[0] === value ? [{ value, label }] : [];
  });
  return known.toSorted((a, b) => a.label.localeCompare(b.label, intl));
}

/** Codes that ISO 3166-1 leaves to private use or that name no country. */
const isPrivate = (code: string): boolean => /^(?:A{2}|Q[M-Z]|X[A-JL-Z]|ZZ|EU|EZ|UN)$/.test(code);
