import { describe, expect, it } from "vitest";
import { type LocaleTag, locales, localeTags, negotiate, sourceLocale, unspoken } from "../../shared/locale.ts";
import { type MessageKey, message } from "../../shared/messages.ts";

type Entry = string | { [form: string]: Entry };
const catalogue = (locale: LocaleTag) => locales[locale].catalogue as Record<string, Entry>;
const source = catalogue(sourceLocale);
const keys = Object.keys(source).filter((key) => !key.startsWith("_"));
const genders = ["he", "she", "they"];
const pluralForms = ["zero", "one", "two", "few", "many", "other"];

/** Every text of an entry with the forms that lead to it. */
function textsOf(entry: Entry, forms: string[] = []): { text: string; forms: string[] }[] {
  if (typeof entry === "string") return [{ text: entry, forms }];
  return Object.entries(entry).flatMap(([form, child]) => textsOf(child, [...forms, form]));
}
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
const objectsOf = (entry: Entry): { [form: string]: Entry }[] =>
  typeof entry === "string" ? [] : [entry, ...Object.values(entry).flatMap(objectsOf)];

describe.each(localeTags)("The catalogue %s", (locale) => {
  const own = catalogue(locale);

  it("has every key of the English source, and otherwise only a review note and words that Intl lacks", () => {
    const beside = Object.keys(own).filter((key) => !key.startsWith("_"));
    expect(beside.toSorted()).toEqual(keys.toSorted());
    expect("_review" in own).toBe(!locales[locale].reviewed);
    expect("_intl" in own).toBe(Intl.DateTimeFormat.supportedLocalesOf(locale).length === 0);
  });

  it("fills the same placeholders as the English source", () => {
    for (const key of keys) {
      const wanted = placeholders(textsOf(source[key] as Entry).at(-1)?.text ?? "");
      for (const { text, forms } of textsOf(own[key] ?? "")) {
        // "one year" and "two years" may be words of their own.
        const spelt = forms.some((form) => ["zero", "one", "two"].includes(form)) && !text.includes("{count}");
        expect(placeholders(text), `${key} ${forms}`).toEqual(
          spelt ? wanted.filter((name) => name !== "{count}") : wanted,
        );
      }
    }
  });

  it("has every plural form or every gender that its language needs", () => {
    const needed = new Intl.PluralRules(locales[locale].intl).resolvedOptions().pluralCategories.toSorted();
    for (const key of keys)
      for (const forms of objectsOf(own[key] ?? "")) {
        const names = Object.keys(forms).toSorted();
        expect(names, key).toEqual(names.some((name) => pluralForms.includes(name)) ? needed : genders);
      }
  });

  it("has no empty text and no hidden characters", () => {
    for (const key of keys)
      for (const { text } of textsOf(own[key] ?? "")) {
        expect(text.trim(), key).toBe(text);
        expect(text, key).not.toBe("");
        expect(text, key).not.toMatch(/[\u202a-\u202e\u2066\u2067\ufeff]/u);
        // A placeholder may stand isolated, so that what fills it cannot turn its surroundings round.
        expect(text.replace(/\u2068[^\u2068\u2069]*\u2069/gu, ""), key).not.toMatch(/[\u2068\u2069]/u);
      }
  });

  it("prints a count with every plural form", () => {
    for (const count of [0, 1, 2, 3, 5, 11, 21, 22, 100, 101])
      for (const key of ["sentence.years", "change.events-added"] as MessageKey[]) {
        const text = message(locale, key, { count });
        expect(text).not.toMatch(/[{}]/);
        if (count > 2) expect(text).toContain(String(count));
      }
  });
});

describe("Messages", () => {
  it("print the prison terms of UA 126/19 as each language does", () => {
    const said = (locale: LocaleTag) => [7, 8, 12, 18, 19].map((count) => message(locale, "sentence.years", { count }));
    expect(said("en")).toEqual(["7 years", "8 years", "12 years", "18 years", "19 years"]);
    expect(said("uk")).toEqual(["7 років", "8 років", "12 років", "18 років", "19 років"]);
    expect(said("ru")).toEqual(["7 годам", "8 годам", "12 годам", "18 годам", "19 годам"]);
    for (const turkic of ["tr", "crh"] as const)
      expect(said(turkic)).toEqual(["7 yıl", "8 yıl", "12 yıl", "18 yıl", "19 yıl"]);
    expect(message("ru", "sentence.years", { count: 21 })).toBe("21 году");
    expect(said("ar")).toEqual(["7 سنوات", "8 سنوات", "12 سنة", "18 سنة", "19 سنة"]);
    expect(message("uk", "sentence.years", { count: 21 })).toBe("21 року");
    expect(message("ar", "sentence.years", { count: 2 })).toBe("سنتين");
  });

  it("agree with a person's gender, and use the neutral form when it is not stated", () => {
    expect(message("uk", "custody.released", { gender: "she" })).toBe("Була звільнена");
    expect(message("uk", "custody.released")).toBe("Було звільнено");
    expect(message("ru", "custody.released", { gender: "she" })).toBe("Была освобождена");
    expect(message("ru", "custody.released")).toBe("Освободили");
    expect(message("tr", "custody.released", { gender: "she" })).toBe("Serbest bırakılmıştı");
    expect(message("ar", "custody.imprisoned", { gender: "he" })).toBe("كان مسجونًا");
  });
});

describe("The choice of a reader's language", () => {
  it.each([
    ["uk-UA,uk;q=0.9,en;q=0.8", "uk"],
    ["fr, ar-EG;q=0.5", "ar"],
    ["en;q=0.1, uk;q=0.2", "uk"],
    ["uk;q=0, en", "en"],
    ["xx", "en"],
    ["", "en"],
    [null, "en"],
    ["UK", "uk"],
    ["crh", "crh"],
    ["crh-Latn", "crh"],
    ["crh-UA, ru;q=0.9", "crh"],
    ["CRH-Latn-UA", "crh"],
    ["cr, tr-TR;q=0.5", "tr"],
    ["ru-UA", "ru"],
    ["toString", "en"],
  ])("%j gives %s", (wanted, locale) => {
    expect(negotiate(wanted)).toBe(locale);
  });

  it("names the language that was asked for when we lack it, and nothing that is no language", () => {
    expect(["fr", "FR-ca", "tlh", "xx", "de-1996"].map(unspoken)).toEqual(["fr", "fr", "tlh", "xx", "de"]);
    for (const tag of ["", "en", "uk-UA", "crh-Latn", "*", "f", "franco", "<b>", "../..", "é", "1a"])
      expect(unspoken(tag), tag).toBeUndefined();
  });
});
