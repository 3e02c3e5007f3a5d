/** The desk's own texts. Its catalogues stand apart from the readers', so that no page or bot carries them. */
import ar from "../../shared/locales/desk/ar.json" with { type: "json" };
import en from "../../shared/locales/desk/en.json" with { type: "json" };
import uk from "../../shared/locales/desk/uk.json" with { type: "json" };
import { type DatePoint, printEdtf } from "../../shared/partial-date.ts";

export type WordKey = keyof typeof en;

type Forms = { other: string } & { [plural in Intl.LDMLPluralRule]?: string };

export const languages = {
  en: { catalogue: en, name: "English", dir: "ltr", intl: "en-GB", reviewed: true },
  uk: { catalogue: uk, name: "Українська", dir: "ltr", intl: "uk", reviewed: false },
  ar: { catalogue: ar, name: "العربية", dir: "rtl", intl: "ar", reviewed: false },
} as const satisfies Record<
  string,
  { catalogue: Record<WordKey, string | Forms>; name: string; dir: "ltr" | "rtl"; intl: string; reviewed: boolean }
>;
export type Language = keyof typeof languages;

/** The language of the page: one for all of it, so the components need not hand it on. `App` renders anew when it changes. */
let current: Language = "en";

export const language = (): Language => current;

export function speak(next: Language): void {
  current = next;
  document.documentElement.lang = next;
  document.documentElement.dir = languages[next].dir;
  document.title = `${say("app.title")} · Casewire`;
}

/** The first of the browser's languages that the desk speaks. */
export const preferredLanguage = (): Language =>
  navigator.languages.map((tag) => tag.split("-")[0] as Language).find((tag) => tag in languages) ?? "en";

/**
 * @param values `count` picks a plural form and is printed; every other one replaces `{name}`, isolated so that it keeps its own direction
 */
export function say(key: WordKey, values: Record<string, string | number> = {}): string {
  const { catalogue, intl } = languages[current];
  const entry = (catalogue as Record<WordKey, string | Forms>)[key];
  const text =
    typeof entry === "string" ? entry : (entry[new Intl.PluralRules(intl).select(Number(values.count))] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (typeof value === "number") return new Intl.NumberFormat(intl, { numberingSystem: "latn" }).format(value);
    return languages[current].dir === "rtl" ? `\u2068${value}\u2069` : value;
  });
}

/** A key made at run time, when the catalogue has it. */
export const sayIfKnown = (key: string, values: Record<string, string | number> = {}): string | undefined =>
  key in en ? say(key as WordKey, values) : undefined;

/** A moment in the editor's own time zone. */
export const clock = (moment: string | number, style: Intl.DateTimeFormatOptions = { timeStyle: "short" }): string =>
  new Intl.DateTimeFormat(languages[current].intl, { ...style, numberingSystem: "latn" }).format(new Date(moment));

/** The name of a language in the page's language. */
export const languageName = (tag: string): string =>
  sayIfKnown(`language.${tag}`) ??
  new Intl.DisplayNames([languages[current].intl], { type: "language" }).of(tag) ??
  tag;

/** Every country of ISO 3166-1 that the browser has a name for, by name. */
export function countryNames(): { value: string; label: string }[] {
  const { intl } = languages[current];
  const names = new Intl.DisplayNames([intl], { type: "region", fallback: "none" });
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const known = letters.flatMap((first) =>
    letters.flatMap((second) => {
      const value = first + second;
      const label = isPrivate(value) ? undefined : names.of(value);
      return label ? [{ value, label }] : [];
    }),
  );
  return known.toSorted((a, b) => a.label.localeCompare(b.label, intl));
}

/** Codes that ISO 3166-1 leaves to private use or that name no country. */
const isPrivate = (code: string): boolean => /^(?:A{2}|Q[M-Z]|X[A-JL-Z]|ZZ|EU|EZ|UN)$/.test(code);

/** An EDTF date in the page's language; what is not EDTF stays as it is. */
export function printDate(edtf: string): string {
  const { intl } = languages[current];
  const print = ({ year, month, day }: DatePoint) =>
    new Intl.DateTimeFormat(intl, {
      timeZone: "UTC",
      numberingSystem: "latn",
      year: "numeric",
      ...(month && { month: "long" }),
      ...(day && { day: "numeric" }),
    }).format(Date.UTC(year, (month ?? 1) - 1, day ?? 1));
  return printEdtf(edtf, print, {
    uncertain: say("date.uncertain"),
    approximate: say("date.approximate"),
    between: say("date.between"),
    since: say("date.since"),
    until: say("date.until"),
  });
}

/** A moment in the editor's own time zone: "today"'s by the clock alone, others with their day. */
export function moment(iso: string): string {
  const today = new Date().toDateString() === new Date(iso).toDateString();
  return clock(iso, today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
}
