import { describe, expect, it } from "vitest";
import { type LocaleTag, localeTags, negotiate, unspoken } from "../../shared/locale.ts";
import { speaker } from "../../shared/message-format.ts";
import { message } from "../../shared/messages.ts";
import { profile } from "../profile.ts";

describe.each(localeTags)("The catalogue %s", (locale) => {
  it("prints a count with every plural form", () => {
    for (const count of [0, 1, 2, 3, 5, 11, 21, 22, 100, 101])
      for (const key of ["sentence.years", "change.events-added"] as const) {
        const text = message(locale, key, { count });
        expect(text).not.toMatch(/[{}#]/);
        if (count > 2) expect(text).toContain(String(count));
      }
  });
});

describe("Messages", () => {
  it("print the prison terms of UA 126/19 as each language does", () => {
    const sentences = (locale: LocaleTag) =>
      [7, 8, 12, 18, 19].map((count) => message(locale, "sentence.years", { count }));
    expect(sentences("en")).toEqual(["7 years", "8 years", "12 years", "18 years", "19 years"]);
    expect(sentences("uk")).toEqual(["7 років", "8 років", "12 років", "18 років", "19 років"]);
    expect(sentences("ru")).toEqual(["7 годам", "8 годам", "12 годам", "18 годам", "19 годам"]);
    for (const turkic of ["tr", "crh"] as const)
      expect(sentences(turkic)).toEqual(["7 yıl", "8 yıl", "12 yıl", "18 yıl", "19 yıl"]);
    expect(message("ru", "sentence.years", { count: 21 })).toBe("21 году");
    expect(sentences("ar")).toEqual(["7 سنوات", "8 سنوات", "12 سنة", "18 سنة", "19 سنة"]);
    expect(sentences("es")).toEqual(["7 años", "8 años", "12 años", "18 años", "19 años"]);
    expect(sentences("fr")).toEqual(["7 ans", "8 ans", "12 ans", "18 ans", "19 ans"]);
    expect(message("uk", "sentence.years", { count: 21 })).toBe("21 року");
    expect(message("ar", "sentence.years", { count: 2 })).toBe("سنتين");
  });

  it("agree with a person's gender, and use the neutral form when it is not stated", () => {
    expect(message("uk", "custody.released", { gender: "she" })).toBe("Звільнена");
    expect(message("uk", "custody.released")).toBe("Звільнено");
    expect(message("ru", "custody.released", { gender: "she" })).toBe("Освобождена");
    expect(message("ru", "custody.released")).toBe("Освобождение");
    expect(message("tr", "custody.released", { gender: "she" })).toBe("Serbest bırakıldı");
    expect(message("ar", "custody.imprisoned", { gender: "he" })).toBe("مسجون");
    expect(message("es", "custody.released", { gender: "she" })).toBe("Puesta en libertad");
    expect(message("es", "custody.released")).toBe("En libertad");
    expect(message("fr", "custody.released", { gender: "she" })).toBe("Libérée");
    expect(message("fr", "custody.released")).toBe("Libération");
  });
});

describe("A catalogue", () => {
  const invented = speaker<string>("ar", {
    several: "{count, plural, zero {لا} one {واحد} two {اثنان} few {# من {of}} many {# {of}} other {# {of}}}",
    name: "اسم {name}",
    quoted: "{name} isn't '{name}'",
  });

  it("isolates what runs the other way, and prints numbers in the digits 0 to 9", () => {
    expect(invented("name", { name: "Demo" })).toBe("اسم \u2068Demo\u2069");
    expect(invented("name", { name: "سجين" })).toBe("اسم سجين");
    expect(invented("name", { name: 12_345 })).toBe("اسم 12,345");
    expect(invented("several", { count: 5, of: 12 })).toBe("5 من 12");
    expect(speaker<string>("uk", { name: "{name}!" })("name", { name: "سجين" })).toBe("\u2068سجين\u2069!");
  });

  it("shows an unfilled placeholder, and returns undefined for an unknown key", () => {
    expect(invented("name")).toBe("اسم {name}");
    expect(invented("quoted", { name: "سجين" })).toBe("سجين isn't {name}");
    expect(invented("no-such-key")).toBeUndefined();
  });

  it("counts with the plural rules of the language that it borrows them from", () => {
    const years = "{count, plural, one {bir} other {# yıl}}";
    expect([1, 2].map((count) => speaker<string>("crh", { years })("years", { count }))).toEqual(["bir", "2 yıl"]);
  });
});

describe("The choice of a reader's language", () => {
  it.each([
    ["uk-UA,uk;q=0.9,en;q=0.8", "uk"],
    ["la, ar-EG;q=0.5", "ar"],
    ["fr-CA, en;q=0.5", "fr"],
    ["es-419,es;q=0.9,en;q=0.8", "es"],
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
    expect(negotiate(wanted, profile)).toBe(locale);
  });

  it("names the language that was asked for when we lack it, and nothing that is no language", () => {
    expect(["la", "LA-va", "tlh", "xx", "sux-1996"].map((tag) => unspoken(tag, profile))).toEqual([
      "la",
      "la",
      "tlh",
      "xx",
      "sux",
    ]);
    for (const tag of ["", "en", "uk-UA", "crh-Latn", "fr-CA", "*", "f", "franco", "<b>", "../..", "é", "1a"])
      expect(unspoken(tag, profile), tag).toBeUndefined();
  });
});
