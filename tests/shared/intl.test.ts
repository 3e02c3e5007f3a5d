import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  intlTag,
  joinList,
  languageNameIn,
  printCount,
  printDay,
  regionName,
  withPlainDates,
} from "../../shared/intl.ts";
import {
  type LocaleTag,
  locales,
  localeTags,
  sourceLocale,
} from "../../shared/locale.ts";

const root = join(import.meta.dirname, "../..");
const inEach = (print: (locale: LocaleTag) => unknown) =>
  Object.fromEntries(localeTags.map((locale) => [locale, print(locale)]));

describe("The wrapper around Intl", () => {
  it("prints a day, a month and a year, with the catalogue's own month names in Crimean Tatar", () => {
    expect(
      inEach((locale) => printDay(locale, { year: 2020, month: 6, day: 25 })),
    ).toMatchObject({
      en: "25\u00a0June 2020",
      uk: "25\u00a0червня 2020\u00a0р.",
      crh: "25\u00a0iyün 2020",
      ru: "25\u00a0июня 2020\u00a0г.",
      tr: "25\u00a0Haziran 2020",
      ar: "25\u00a0يونيو 2020",
      es: "25\u00a0de\u00a0junio de 2020",
      fr: "25\u00a0juin 2020",
    });
    expect(printDay("fr", { year: 2026, month: 9, day: 1 })).toBe(
      "1er\u00a0septembre 2026",
    );
    const months = Array.from({ length: 12 }, (_, index) =>
      printDay("crh", { year: 2019, month: index + 1 }),
    );
    expect(months.join(", ")).toBe(
      "yanvar 2019, fevral 2019, mart 2019, aprel 2019, mayıs 2019, iyün 2019, iyül 2019, avgust 2019, sentâbr 2019, oktâbr 2019, noyabr 2019, dekabr 2019",
    );
    expect(inEach((locale) => printDay(locale, { year: 2016 }))).toEqual(
      inEach(() => "2016"),
    );
    expect(printDay("en", { year: 33, month: 2, day: 3 })).toBe(
      "3\u00a0February 33",
    );
  });

  it("keeps a day and its month on one line in every language, and has plain spaces for what is copied", () => {
    const months = Array.from({ length: 12 }, (_, index) => ({
      year: 2020,
      month: index + 1,
    }));
    const days = [1, 25].flatMap((day) =>
      months.map((month) => ({ ...month, day })),
    );
    for (const locale of localeTags)
      for (const date of days) {
        const [day, month] = [
          printDay(locale, date),
          printDay(locale, { ...date, day: 15 }),
        ];
        expect(day, locale).toMatch(
          /^\d+\p{L}{0,2}\.?\u00a0(de\u00a0)?\p{L}+ /u,
        );
        expect(withPlainDates(`${day} · ${month}`)).toBe(
          `${day} · ${month}`.replaceAll("\u00a0", " "),
        );
      }
    expect(withPlainDates("am 1.\u00a0Januar 2020")).toBe("am 1. Januar 2020");
    // A dash, a colon and a number keep theirs.
    const french = "Affaire\u00a0: 12\u202f345 personnes\u00a0!";
    expect(withPlainDates(french)).toBe(french);
  });

  it("prints numbers and lists", () => {
    expect([printCount("en", 12_345), printCount("crh", 12_345)]).toEqual([
      "12,345",
      "12.345",
    ]);
    const list = ["1", "2", "3"];
    expect([joinList("ru", list), joinList("crh", list)]).toEqual([
      "1, 2 и 3",
      "1, 2 ve 3",
    ]);
  });

  it("names languages and countries, in English where the language has no word, and recognises unknown codes", () => {
    expect(languageNameIn("es", "crh")).toBe("tártaro de Crimea");
    expect(languageNameIn("crh", "crh")).toBe("qırımtatar tili");
    expect(languageNameIn("crh", "ja")).toBe("Japanese");
    expect(languageNameIn("tr", "en")).toBe("İngilizce");
    expect([regionName("tr", "UA"), regionName("crh", "UA")]).toEqual([
      "Ukrayna",
      "Ukraina",
    ]);
    expect(regionName("crh", "JP")).toBe("Japan");
    for (const locale of localeTags) {
      expect(regionName(locale, "QX")).toBeUndefined();
      for (const tag of localeTags)
        expect(languageNameIn(locale, tag)).not.toBe(tag);
    }
  });

  it("asks Intl only for languages that Intl knows, since it answers others in the machine's language", () => {
    for (const locale of localeTags) {
      const tag = intlTag(locale);
      expect(Intl.getCanonicalLocales(tag)).toEqual([tag]);
      for (const name of [
        "DateTimeFormat",
        "PluralRules",
        "NumberFormat",
        "ListFormat",
        "DisplayNames",
      ] as const) {
        const part: { supportedLocalesOf(tag: string): string[] } = Intl[name];
        expect(part.supportedLocalesOf(tag), `${name} ${tag}`).toEqual([tag]);
      }
    }
    expect(intlTag("fr")).toBe("fr");
  });
});

describe("A new language", () => {
  const sources = ["shared", "bot", "widget", "worker"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => `${folder}/${name}`)
      // The list includes the languages that documents are often written in.
      .filter((name) => name !== "worker/desk/form/controls.tsx"),
  );

  it("needs two files and one line, and no other source lists the languages", () => {
    const others = localeTags.filter((tag) => tag !== sourceLocale);
    // The importer reads documents in these, so it names them.
    const ofDocuments = ["es", "fr", "de", "it"];
    const listing = sources.filter((name) => {
      const text = readFileSync(join(root, name), "utf8");
      const named = others.filter((tag) => text.includes(`"${tag}"`));
      return (
        named.length > 1 && !named.every((tag) => ofDocuments.includes(tag))
      );
    });
    expect(listing).toEqual(["shared/locale.ts"]);
    expect(sources.length).toBeGreaterThan(50);
  });

  it("brings what Intl lacks of it, and only that", () => {
    for (const locale of localeTags) {
      const known = Intl.DateTimeFormat.supportedLocalesOf(locale).length > 0;
      expect("intlData" in locales[locale], locale).toBe(!known);
    }
  });

  it("has its own name and a territory that exists", () => {
    expect(new Set(Object.values(locales).map(({ name }) => name)).size).toBe(
      localeTags.length,
    );
    for (const { territory } of Object.values(locales))
      expect(regionName("en", territory)).toMatch(/\S/);
  });
});
