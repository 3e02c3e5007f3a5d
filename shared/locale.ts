/**
 * The languages Casewire speaks: one line here, or a newsroom's own in
 * own-languages.json, and a file in `locales/` each (and one for editors in
 * worker/desk/locales/).
 */
import crh from "./intl-data/crh.json" with { type: "json" };
import own from "./own-languages.json" with { type: "json" };

/** Words of a language that `Intl` doesn't know. */
export interface IntlData {
  /** Of the Gregorian calendar, as they stand between a day and a year. */
  months: string[];
  /** From Sunday on. */
  weekdays: string[];
  /** As they stand after a number. */
  units: { day: string; hour: string; minute: string };
  /**
   * Names by BCP 47 tag and by ISO 3166-1 code; English names stand in for
   * those it lacks.
   */
  languages: Record<string, string>;
  regions: Record<string, string>;
}

interface Locale {
  dir: "ltr" | "rtl";
  /**
   * The tag for `Intl`, which must know it. For a language that `Intl` lacks:
   * one that counts and lists in the same way.
   */
  intl: string;
  /**
   * Where most of its readers are, ISO 3166-1: Open Graph writes no language
   * without one.
   */
  territory: string;
  /** The language's name in itself. */
  name: string;
  /**
   * The number of a month's first day, where it is written unlike the others
   * and Intl does not do so.
   */
  firstDay?: string;
  /** True where a space joins years and months: "2 yıl 6 ay". */
  spacedUnits?: true;
  /** Whether a speaker has reviewed the texts. */
  reviewed: boolean;
  /** Present when Intl does not know the language. */
  intlData?: IntlData;
}

const table = {
  en: {
    dir: "ltr",
    intl: "en-GB",
    territory: "GB",
    name: "English",
    reviewed: true,
  },
  uk: {
    dir: "ltr",
    intl: "uk",
    territory: "UA",
    name: "Українська",
    reviewed: false,
  },
  crh: {
    dir: "ltr",
    intl: "tr",
    territory: "UA",
    name: "Qırımtatarca",
    spacedUnits: true,
    reviewed: false,
    intlData: crh,
  },
  ru: {
    dir: "ltr",
    intl: "ru",
    territory: "RU",
    name: "Русский",
    spacedUnits: true,
    reviewed: false,
  },
  tr: {
    dir: "ltr",
    intl: "tr",
    territory: "TR",
    name: "Türkçe",
    spacedUnits: true,
    reviewed: false,
  },
  ar: {
    dir: "rtl",
    intl: "ar",
    territory: "EG",
    name: "العربية",
    reviewed: false,
  },
  es: {
    dir: "ltr",
    intl: "es",
    territory: "ES",
    name: "Español",
    reviewed: false,
  },
  fr: {
    dir: "ltr",
    intl: "fr",
    territory: "FR",
    name: "Français",
    firstDay: "1er",
    reviewed: false,
  },
} as const satisfies Record<string, Locale>;

/**
 * The compiler knows ours alone. A newsroom's own are treated alike, because no
 * code names a language.
 */
export type LocaleTag = keyof typeof table;
export const locales: Readonly<Record<LocaleTag, Locale>> = {
  ...table,
  ...(own as Record<string, Locale>),
};
export const sourceLocale: LocaleTag = "en";
export const localeTags = Object.keys(locales) as LocaleTag[];

/** True for exactly the tags of `locales`; `negotiate` accepts more. */
export const isLocale = (tag: string): tag is LocaleTag =>
  Object.hasOwn(locales, tag);

/** In a language range. A longer one finds no more than its beginning. */
const MAX_SUBTAGS = 8;

/**
 * The languages of a deployment. Any other behaves like one that Casewire
 * doesn't speak.
 */
export interface OfferedLanguages {
  languages: readonly LocaleTag[];
  defaultLanguage: LocaleTag;
}

/** By RFC 4647 look-up: "crh-latn-ua" finds crh. */
function lookUp(
  range: string,
  { languages }: OfferedLanguages,
): LocaleTag | undefined {
  const subtags = range.toLowerCase().split("-", MAX_SUBTAGS);
  for (let length = subtags.length; length > 0; length--) {
    const tag = subtags.slice(0, length).join("-");
    const found = languages.find((offered) => offered === tag);
    if (found) return found;
  }
  return undefined;
}

/**
 * The language of a BCP 47 tag when it isn't offered, to be named where the
 * default language stands in for it.
 */
export const unspoken = (
  tag: string,
  offered: OfferedLanguages,
): string | undefined =>
  lookUp(tag, offered)
    ? undefined
    : /^[a-z]{2,3}(?![a-z\d])/i.exec(tag)?.[0].toLowerCase();

/**
 * The first of the wanted languages that is offered, by RFC 4647 look-up
 * ("uk-UA" finds uk); the default language when there is none.
 * @param wanted a BCP 47 tag, a list of them, or an `Accept-Language` value
 * with weights
 */
export function negotiate(
  wanted: string | readonly string[] | null | undefined,
  offered: OfferedLanguages,
): LocaleTag {
  const list = typeof wanted === "string" ? wanted.split(",") : (wanted ?? []);
  const ranked = list
    .slice(0, 20)
    .map((entry) => {
      const [range = "", ...parameters] = entry.trim().split(";");
      const weight = parameters
        .map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1])
        .find(Boolean);
      return { range, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { range } of ranked) {
    const tag = lookUp(range, offered);
    if (tag) return tag;
  }
  return offered.defaultLanguage;
}

const rightToLeft = new Set([
  "ar",
  "fa",
  "he",
  "ur",
  "ps",
  "ckb",
  "sd",
  "ug",
  "yi",
  "dv",
]);

/** The direction of any BCP 47 tag, ours or not. */
export function directionOf(tag: string): "ltr" | "rtl" {
  const [language = "", second = ""] = tag.split("-");
  if (second.length === 4)
    return ["Arab", "Hebr", "Thaa", "Nkoo", "Syrc"].includes(second)
      ? "rtl"
      : "ltr";
  return rightToLeft.has(language) ? "rtl" : "ltr";
}

const strong = /[\p{L}]/u;
const rightToLeftScript =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/**
 * A text that begins the other way is isolated (Unicode UAX 9), so that it does
 * not turn its neighbours around.
 */
export function isolate(text: string, locale: LocaleTag): string {
  const first = strong.exec(text)?.[0];
  if (first === undefined || text.startsWith("\u2068")) return text;
  const dir = rightToLeftScript.test(first) ? "rtl" : "ltr";
  return dir === locales[locale].dir ? text : `\u2068${text}\u2069`;
}
