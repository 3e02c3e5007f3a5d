import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  consonants,
  fold,
  matches,
  readingsOf,
} from "../../shared/case/names.ts";
import { typedIdsIn } from "../../shared/profile/numbers.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import { AllCases } from "../../worker/reads/all-cases.ts";
import { summaryOf } from "../../worker/reads/summary.ts";
import content from "../../worker/tools/local/cases/ua-126-19.json" with {
  type: "json",
};
import { codePoint } from "../support/code-point.ts";
import { inventedRevision } from "../support/invented.ts";
import { profile } from "../support/profile.ts";
import { scaled } from "../support/scaled.ts";
import { ua12619 } from "./cases.ts";

describe("Search by name and number", () => {
  it.each([
    ["Muslim Aliyev", "Muslim Aliev", "Муслім Алієв", "Муслим Алиев"],
    [
      "Emir-Usein Kuku",
      "Емір-Усеїн Куку",
      "Эмир-Усеин Куку",
      "emir usein KUKU",
    ],
    ["Refat Alimov", "Рефат Алімов"],
    ["Vadim Siruk", "Вадим Сірук"],
    ["Enver Bekirov", "Енвер Бекіров"],
    ["Arsen Dzhepparov", "Arsen Dzheparov", "Арсен Джеппаров"],
  ])("treats the spellings of %s alike", (latin, ...others) => {
    for (const other of others) expect(fold(other), other).toBe(fold(latin));
  });

  const people = content.people.map((person) =>
    person.names.map((name) => name.value),
  );

  it("finds each of the six people by either name, and no one else", () => {
    for (const [index, spellings] of people.entries())
      for (const spelling of spellings)
        for (const query of [
          spelling,
          spelling.split(" ").at(-1) as string,
          spelling.split(" ")[0] as string,
        ]) {
          const found = people.flatMap((names, at) =>
            names.some((name) => matches(query, name)) ? [at] : [],
          );
          expect(found, query).toEqual([index]);
        }
  });

  it("finds a case by its number: in the digits of any keyboard, with its sign, between marks of direction", () => {
    for (const query of [
      "126/19",
      "126.19",
      "UA 126/19",
      "ua-126-19",
      "#126/19",
      "١٢٦/١٩",
      "۱۲۶/۱۹",
      "１２６／１９",
    ]) {
      expect(matches(query, "UA 126/19"), query).toBe(true);
      expect(typedIdsIn(query, profile)?.[0], query).toBe("ua-126-19");
    }
    for (const query of ["126/20", "26/19", "MA 126/19"])
      expect(matches(query, "UA 126/19"), query).toBe(false);
    for (const text of ["№ 126/19", "UA ١٢٦/٢٠١٩", "\u2068UA 126/19\u2069"])
      expect(typedIdsIn(text, profile)?.[0], text).toBe("ua-126-19");
    for (const text of ["##126/19", "126/19/1", "#", "१२६/१९"])
      expect(typedIdsIn(text, profile), text).toBeNull();
  });

  it.each([
    ["O'Brien", "O’Brien"],
    ["OBrien", "O'Brien"],
    ["O Brien", "Oʼ\u2060Brien"],
    ["Марʼяна", "Мар'яна"],
    ["Марьяна", "Мар’яна"],
    ["Mariana", "Марʼяна"],
    ["Lukasz", "Łukasz"],
    ["Dang", "Đặng"],
    ["istanbul", "İSTANBUL"],
    ["Isik", "Işık"],
    ["Ильшат", "İlşat"],
    ["Ilsat", "İlşat"],
    ["Җәмилев", "Camilev Jamilev"],
    ["Lukashenka", "Лукашэнка"],
    ["Karatkevich", "Караткевіч"],
    ["Oleh", "Олег"],
    ["Hryhorii", "Григорій"],
    ["Kim", "Ким\u00ad"],
    ["Be\u00adki\u200brov", "Bekirov"],
    ["Emirusein", "Emir‑Usein"],
    ["emir usein", "Emir–Usein"],
    ["Кримъ", "Крим"],
    ["علي", "علی"],
    ["كريم", "کریم"],
    ["Mohammed", "محمد"],
    ["محمد", "Muhammad"],
    ["Ahmad al-Khatib", "أحمد الخطيب"],
    ["Khatib", "الخطيب"],
    ["Youssef", "يوسف"],
    ["Fatima", "فاطمة"],
  ])("finds, for %s, %s", (query, text) =>
    expect(matches(query, text)).toBe(true),
  );

  it.each([
    ["Hasan", "حسين"],
    ["Ahmad", "محمد"],
    ["Brian", "O'Brien"],
    ["\u200b", "Kim"],
    ["'", "O'Brien"],
    ["eia", "Ива\u0301н"],
    ["aoi", "Q\u0302uin"],
  ])("does not find, for %s, %s", (query, text) =>
    expect(matches(query, text)).toBe(false),
  );

  it("gives a word and every spelling of it in other letters the same consonants", () => {
    const vowels = fc.string({
      unit: fc.constantFrom(..."aeiou"),
      maxLength: 2,
    });
    const longVowels: Record<string, string> = {
      a: "aeiou",
      i: "ie",
      u: "uov",
    };
    const spellingOf = (arabic: string) => {
      const letters = [...arabic].map((letter) =>
        fc.tuple(vowels, fc.constantFrom(...(longVowels[letter] ?? letter))),
      );
      const ending = fc.tuple(vowels, fc.constantFrom("", "h", "v", "m"));
      return fc.tuple(...letters, ending).map((parts) => parts.flat().join(""));
    };
    const names = fc
      .array(fc.constantFrom(..."اويهةمحدبكخغشط۱ٹ𐹠"), {
        minLength: 2,
        maxLength: 6,
      })
      .map((letters) => letters.join(""))
      .chain((name) =>
        fc.tuple(
          fc.constant(name),
          fc.oneof(spellingOf(fold(name)), spellingOf("hmd"), vowels),
        ),
      );
    let compared = 0;
    fc.assert(
      fc.property(names, ([name, word]) => {
        const pairs = [
          ...readingsOf(name).flatMap((parts) =>
            parts.map(({ spelling }) => ({ spelling, other: word })),
          ),
          ...readingsOf(word).flatMap((parts) =>
            parts.map(({ arabicSpelling: spelling }) => ({
              spelling,
              other: fold(name),
            })),
          ),
        ];
        for (const { spelling, other } of pairs) {
          if (!spelling?.test(other)) continue;
          compared++;
          expect(spelling.keys).toContain(consonants(other));
        }
      }),
      { numRuns: scaled(1_000) },
    );
    expect(compared).toBeGreaterThan(200);
  });

  it("leaves any folded text as it is", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: codePoint }),
          fc
            .array(
              fc.constantFrom(..."aeiouysczhjkgdwxq'-İшкхгьйєя ا".split("")),
              { maxLength: 12 },
            )
            .map((all) => all.join("")),
        ),
        (text) => {
          expect(fold(fold(text))).toBe(fold(text));
        },
      ),
      { numRuns: scaled(1_000) },
    ));

  it("finds a case by the names of its places, in any language of the case and of this deployment", () => {
    const summary: CaseSummary = {
      ...summaryOf(ua12619),
      number: "UA 126/19",
      revision: inventedRevision(),
    };
    const found = (q: string) => {
      const query = { q, action: undefined, cursor: undefined, limit: 5 };
      return new AllCases([summary], [], profile).page(query, 0).selection.page;
    };
    for (const query of [
      "Crimea",
      "Кримъ",
      "Крым",
      "Qırım",
      "القرم",
      "Ukraine",
      "Україна",
      "Rusiye",
      "Kuku Crimea",
    ])
      expect(found(query), query).toEqual([summary]);
    for (const query of ["Tibet", "Kuku Tibet", "Germany"])
      expect(found(query), query).toEqual([]);
  });
});
