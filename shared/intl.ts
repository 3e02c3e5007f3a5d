/** Days, counts, lists, countries and languages as a language writes them: by Intl, else by the catalogue's own `_intl`. */
import { isLocale, type LocaleTag, locales, type OwnWords, sourceLocale } from "./locale.ts";

/** Intl answers a language it does not know in the machine's, without a word: so it is only asked for this tag. */
export const intlTag = (tag: string): string => (isLocale(tag) ? locales[tag].intl : tag);

const ownWords = (locale: LocaleTag): OwnWords | undefined => (locales[locale].catalogue as { _intl?: OwnWords })._intl;

/** The CLDR category of a count: "one", "few", "other", ... */
export const pluralForm = (locale: LocaleTag, count: number): Intl.LDMLPluralRule =>
  new Intl.PluralRules(locales[locale].intl).select(count);

/** "1,234", in the digits 0 to 9 everywhere, so that numbers can be compared across languages. */
export const printCount = (locale: LocaleTag, value: number): string =>
  new Intl.NumberFormat(locales[locale].intl, { numberingSystem: "latn" }).format(value);

/** "25 June 2020", "June 2020" or "2020": a day of the Gregorian calendar, as precise as it is given. */
export function printDay(
  locale: LocaleTag,
  { year, month, day }: { year: number; month?: number; day?: number },
): string {
  if (!month) return String(year);
  const named = ownWords(locale)?.months[month - 1];
  if (named) return [day, named, year].filter(Boolean).join(" ");
  const noon = new Date(Date.UTC(2000, month - 1, day ?? 15, 12));
  noon.setUTCFullYear(year);
  return new Intl.DateTimeFormat(locales[locale].intl, {
    timeZone: "UTC",
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "long",
    ...(day ? { day: "numeric" } : {}),
  })
    .format(noon)
    .replace(/ (?=\p{L}\.$)/u, "\u00a0"); // "2020 г." stays on one line
}

/** "a, b and c" */
export const joinList = (locale: LocaleTag, items: string[]): string =>
  new Intl.ListFormat(locales[locale].intl, { type: "conjunction" }).format(items);

/** By language and type: making one takes far longer than asking it. */
const namers = new Map<string, Intl.DisplayNames>();

function nameIn(locale: LocaleTag, type: "language" | "region", code: string): string | undefined {
  const own = ownWords(locale);
  const named = own?.[type === "language" ? "languages" : "regions"][code];
  if (named) return named;
  const asked = locales[own ? sourceLocale : locale].intl;
  const namer = namers.get(asked + type) ?? new Intl.DisplayNames([asked], { type, fallback: "none" });
  namers.set(asked + type, namer);
  return namer.of(code);
}

/** "Ukrainian", of any BCP 47 tag; in English when the language itself has no word for it, the tag when nobody has. */
export const languageName = (locale: LocaleTag, tag: string): string => nameIn(locale, "language", tag) ?? tag;

/** "Ukraine", of an ISO 3166-1 code; undefined when there is no such country. */
export const regionName = (locale: LocaleTag, code: string): string | undefined => nameIn(locale, "region", code);
