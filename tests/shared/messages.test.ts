import { describe, expect, it } from "vitest";
import { type LocaleTag, negotiate, unspoken } from "../../shared/locale.ts";
import { speaker } from "../../shared/message-format.ts";
import { message } from "../../shared/messages.ts";
import { profile } from "../support/profile.ts";

it.each<[LocaleTag, string]>([
  ["en", "1 year, 2 years, 7 years, 12 years, 21 years"],
  ["uk", "1 року, 2 років, 7 років, 12 років, 21 року"],
  ["ru", "1 году, 2 годам, 7 годам, 12 годам, 21 году"],
  ["tr", "1 yıl, 2 yıl, 7 yıl, 12 yıl, 21 yıl"],
  ["crh", "1 yıl, 2 yıl, 7 yıl, 12 yıl, 21 yıl"],
  ["ar", "سنة واحدة, سنتين, 7 سنوات, 12 سنة, 21 سنة"],
  ["es", "1 año, 2 años, 7 años, 12 años, 21 años"],
  ["fr", "1 an, 2 ans, 7 ans, 12 ans, 21 ans"],
])("Messages print prison terms in %s as %s", (locale, terms) => {
  const printed = [1, 2, 7, 12, 21].map((count) =>
    message(locale, "sentence.years", { count }),
  );
  expect(printed.join(", ")).toBe(terms);
});

it.each<[LocaleTag, string, string]>([
  ["uk", "Звільнена", "Звільнено"],
  ["ru", "Освобождена", "Освобождение"],
  ["tr", "Serbest bırakıldı", "Serbest bırakıldı"],
  ["es", "Puesta en libertad", "En libertad"],
  ["fr", "Libérée", "Libération"],
])(
  "Messages agree in %s with a person's gender, %s, and are neutral when it is not stated, %s",
  (locale, she, neutral) => {
    expect(message(locale, "custody.released", { gender: "she" })).toBe(she);
    expect(message(locale, "custody.released")).toBe(neutral);
  },
);

describe("A catalogue", () => {
  const invented = speaker<string>("ar", {
    several:
      "{count, plural, zero {لا} one {واحد} two {اثنان} few {# من {of}} many {# {of}} other {# {of}}}",
    name: "اسم {name}",
    quoted: "{name} isn't '{name}'",
  });

  it("isolates what runs the other way, and prints numbers in the digits 0 to 9", () => {
    expect(invented("name", { name: "Demo" })).toBe("اسم \u2068Demo\u2069");
    expect(invented("name", { name: "سجين" })).toBe("اسم سجين");
    expect(invented("name", { name: 12_345 })).toBe("اسم 12,345");
    expect(invented("several", { count: 5, of: 12 })).toBe("5 من 12");
    expect(
      speaker<string>("uk", { name: "{name}!" })("name", { name: "سجين" }),
    ).toBe("\u2068سجين\u2069!");
  });

  it("shows an unfilled placeholder, and returns undefined for an unknown key", () => {
    expect(invented("name")).toBe("اسم {name}");
    expect(invented("quoted", { name: "سجين" })).toBe("سجين isn't {name}");
    expect(invented("no-such-key")).toBeUndefined();
  });

  it("counts with the plural rules of the language that it borrows them from", () => {
    const years = "{count, plural, one {bir} other {# yıl}}";
    expect(
      [1, 2].map((count) =>
        speaker<string>("crh", { years })("years", { count }),
      ),
    ).toEqual(["bir", "2 yıl"]);
  });
});

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
])(
  "The choice of a reader's language is made from the header: %j gives %s",
  (wanted, locale) => {
    expect(negotiate(wanted, profile)).toBe(locale);
  },
);

it("The choice of a reader's language names the language that was asked for when we lack it, and nothing that is no language", () => {
  for (const [tag, named] of Object.entries({
    la: "la",
    "LA-va": "la",
    tlh: "tlh",
    xx: "xx",
    "sux-1996": "sux",
  }))
    expect(unspoken(tag, profile)).toBe(named);
  for (const tag of [
    "",
    "en",
    "uk-UA",
    "crh-Latn",
    "fr-CA",
    "*",
    "f",
    "franco",
    "<b>",
    "../..",
    "é",
    "1a",
  ])
    expect(unspoken(tag, profile), tag).toBeUndefined();
});
