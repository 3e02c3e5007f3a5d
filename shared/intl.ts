/**
 * Dates, counts, lists, countries and languages as a language writes them: by
 * Intl, else from the language's `intlData`.
 */
import { isLocale, type LocaleTag, locales, sourceLocale } from "./locale.ts";

/**
 * Intl answers a language it does not know in the machine's, without a word: so
 * it is only asked for this tag.
 */
export const intlTag = (tag: string): string =>
  isLocale(tag) ? locales[tag].intl : tag;

const made = new Map<string, unknown>();

/**
 * An Intl object for a tag and options, kept because creating one takes far
 * longer than using it.
 */
export function kept<Options, Made>(
  maker: { new (tag: string, options: Options): Made; name: string },
  tag: string,
  options: Options,
): Made {
  const key = `${maker.name} ${tag} ${JSON.stringify(options)}`;
  const known = made.get(key) as Made | undefined;
  if (known) return known;
  const fresh = new maker(tag, options);
  made.set(key, fresh);
  return fresh;
}

/**
 * Digits are 0 to 9 in every language, so that numbers can be compared across
 * languages.
 */
const latin = { numberingSystem: "latn" } as const;

/** What intl-messageformat uses inside messages. */
export const formatters = {
  getNumberFormat: (tag: string, options?: Intl.NumberFormatOptions) =>
    kept(Intl.NumberFormat, tag, { ...options, ...latin }),
  getDateTimeFormat: (tag: string, options?: Intl.DateTimeFormatOptions) =>
    kept(Intl.DateTimeFormat, tag, {
      ...options,
      ...latin,
      calendar: "gregory",
    }),
  getPluralRules: (tag: string, options?: Intl.PluralRulesOptions) =>
    kept(Intl.PluralRules, tag, options ?? {}),
};

/** "1,234" */
export const printCount = (locale: LocaleTag, value: number): string =>
  formatters.getNumberFormat(locales[locale].intl).format(value);

/**
 * A page of fifty cases prints two hundred dates, and names of countries, most
 * of them again and again in the next page.
 */
const MAX_PRINTED = 5_000;
const printed = new Map<string, string | undefined>();

/** What was printed before. */
export function reprinted<Text extends string | undefined>(
  key: string,
  print: () => Text,
): Text {
  if (printed.has(key)) return printed.get(key) as Text;
  const text = print();
  if (printed.size >= MAX_PRINTED) printed.clear();
  printed.set(key, text);
  return text;
}

/**
 * A moment in the given style. No-break spaces keep a day and its month on one
 * line. Months and weekdays come from `intlData` where Intl has none.
 */
export const printTime = (
  locale: LocaleTag,
  at: Date,
  style: Intl.DateTimeFormatOptions,
): string =>
  reprinted(`${locale} ${at.getTime()} ${Object.entries(style)}`, () =>
    formatTime(locale, at, style),
  );

function formatTime(
  locale: LocaleTag,
  at: Date,
  style: Intl.DateTimeFormatOptions,
): string {
  const { intl, intlData, firstDay = "1" } = locales[locale];
  const format = formatters.getDateTimeFormat(intl, style);
  const parts = format.formatToParts(at);
  if (intlData) {
    const { timeZone } = format.resolvedOptions();
    const english = kept(Intl.DateTimeFormat, "en", {
      timeZone,
      month: "numeric",
      weekday: "short",
    }).formatToParts(at);
    const part = (type: string) =>
      english.find((one) => one.type === type)?.value ?? "";
    const weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(
      part("weekday"),
    );
    for (const one of parts) {
      if (one.type === "weekday")
        one.value = intlData.weekdays[weekday] ?? one.value;
      if (one.type === "month" && IS_WORD.test(one.value))
        one.value = intlData.months[Number(part("month")) - 1] ?? one.value;
    }
  }
  return parts
    .map(({ type, value }, index) => {
      if (
        type === "day" &&
        value === "1" &&
        IS_WORD.test(parts[index + 2]?.value ?? "")
      )
        return firstDay;
      if (type !== "literal") return value;
      // "25 June" and "25 de junio"; "2020 г."
      if (
        parts[index - 1]?.type === "day" &&
        parts[index + 1]?.type === "month"
      )
        return value.replaceAll(" ", NO_BREAK_SPACE);
      return value.replace(/[ \u202f](?=\p{L}\.)/u, NO_BREAK_SPACE);
    })
    .join("");
}

const IS_WORD = /\p{L}/u;
const NO_BREAK_SPACE = "\u00a0";

/**
 * The same text with plain spaces in its dates, for what others copy, search or
 * send on.
 */
export const withPlainDates = (text: string): string =>
  text.replace(/(?<=\d\p{L}{0,2}\.?(?:\u00a0de)?)\u00a0(?=\p{L})/gu, " ");

/**
 * "25 June 2020", "June 2020", "2020" or "25 June": a day of the Gregorian
 * calendar, as precise as it is given.
 */
export function printDay(
  locale: LocaleTag,
  { year, month, day }: { year?: number; month?: number; day?: number },
): string {
  if (!month) return String(year);
  const noon = new Date(Date.UTC(2000, month - 1, day ?? 15, 12));
  if (year !== undefined) noon.setUTCFullYear(year);
  return printTime(locale, noon, {
    timeZone: "UTC",
    month: "long",
    ...(year === undefined ? {} : { year: "numeric" }),
    ...(day ? { day: "numeric" } : {}),
  });
}

/** "3 days" */
export function printSpanIn(
  locale: LocaleTag,
  amount: number,
  unit: "day" | "hour" | "minute",
): string {
  const { intl, intlData } = locales[locale];
  if (intlData) return `${amount} ${intlData.units[unit]}`;
  return formatters
    .getNumberFormat(intl, { style: "unit", unit, unitDisplay: "long" })
    .format(amount);
}

/** "a, b and c" */
export const joinList = (locale: LocaleTag, items: string[]): string =>
  kept(Intl.ListFormat, locales[locale].intl, { type: "conjunction" }).format(
    items,
  );

/** "2 years and 6 months" */
export const joinUnits = (locale: LocaleTag, items: string[]): string =>
  locales[locale].spacedUnits ? items.join(" ") : joinList(locale, items);

function nameIn(
  locale: LocaleTag,
  type: "language" | "region",
  code: string,
): string | undefined {
  const { intl, intlData } = locales[locale];
  const own = intlData?.[type === "language" ? "languages" : "regions"][code];
  const tag = intlData ? locales[sourceLocale].intl : intl;
  return (
    own ??
    reprinted(`${tag} ${type} ${code}`, () =>
      kept(Intl.DisplayNames, tag, { type, fallback: "none" }).of(code),
    )
  );
}

/**
 * "Ukrainian", of any BCP 47 tag; in English when the language itself has no
 * word for it, else in itself; the tag when nobody has one.
 */
export const languageNameIn = (locale: LocaleTag, tag: string): string =>
  nameIn(locale, "language", tag) ?? (isLocale(tag) ? locales[tag].name : tag);

/**
 * "Ukraine", of an ISO 3166-1 code; undefined when there is no such country.
 */
export const regionName = (
  locale: LocaleTag,
  code: string,
): string | undefined => nameIn(locale, "region", code);

/**
 * Time zones by ISO 3166 code, where the list of Intl for the country is too
 * long or wrong.
 */
const knownZones: Record<string, string> = {
  UA: "Europe/Kyiv",
  "UA-43": "Europe/Simferopol",
};

/** Newer than TypeScript's library, and missing in some browsers. */
interface RegionLocale extends Intl.Locale {
  getTimeZones?(): string[] | undefined;
  timeZones?: string[];
}

/** The IANA zones of a place. @param code ISO 3166 */
export function zonesOfPlace(code: string): string[] {
  const region = code.slice(0, 2);
  const zone = knownZones[code] ?? knownZones[region];
  if (zone) return [zone];
  try {
    const locale: RegionLocale = new Intl.Locale("und", { region });
    return locale.getTimeZones?.() ?? locale.timeZones ?? [];
  } catch {
    return [];
  }
}
