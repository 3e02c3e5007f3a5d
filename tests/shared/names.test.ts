import { describe, expect, it } from "vitest";
import { fold, matches, numberIn } from "../../shared/case/names.ts";
import content from "../../worker/tools/local/cases/ua-126-19.json" with { type: "json" };

describe("Search by name and number", () => {
  it.each([
    ["Aliev", "Aliyev"],
    ["Aliev", "Алієв"],
    ["Aliev", "Алиев"],
    ["Muslim Aliyev", "Муслім Алієв"],
    ["Muslim Aliyev", "Муслим Алиев"],
    ["Dzhepparov", "Джеппаров"],
    ["Dzhepparov", "Dzheparov"],
    ["Emir-Usein Kuku", "Емір-Усеїн Куку"],
    ["Emir-Usein Kuku", "Эмир-Усеин Куку"],
    ["Emir-Usein Kuku", "emir usein KUKU"],
    ["Refat Alimov", "Рефат Алімов"],
    ["Vadim Siruk", "Вадим Сірук"],
    ["Enver Bekirov", "Енвер Бекіров"],
    ["Arsen Dzhepparov", "Арсен Джеппаров"],
  ])("treats %s as %s", (latin, other) => {
    expect(fold(other)).toBe(fold(latin));
  });

  const people = content.people.map((person) => person.names.map((name) => name.value));

  it("finds each of the six people by either name, and no one else", () => {
    for (const [index, spellings] of people.entries())
      for (const spelling of spellings)
        for (const query of [spelling, spelling.split(" ").at(-1) as string, spelling.split(" ")[0] as string]) {
          const found = people.flatMap((names, at) => (names.some((name) => matches(query, name)) ? [at] : []));
          expect(found, query).toEqual([index]);
        }
  });

  it("finds a case by its number, however it is written", () => {
    for (const query of [
      "126/19",
      "126.19",
      "UA 126/19",
      "ua-126-19",
      "ua 126",
      "١٢٦/١٩",
      "۱۲۶/۱۹",
      "１２６／１９",
      "#126/19",
    ])
      expect(matches(query, "UA 126/19"), query).toBe(true);
    for (const query of ["126/20", "26/19", "MA 126/19"]) expect(matches(query, "UA 126/19"), query).toBe(false);
  });

  it("reads a number in the digits of any keyboard, with its sign, and between marks of direction", () => {
    for (const text of [
      "126/19",
      "#126/19",
      "№ 126/19",
      "١٢٦/١٩",
      "۱۲۶/۱۹",
      "１２６／１９",
      "UA ١٢٦/٢٠١٩",
      "\u2068UA 126/19\u2069",
    ])
      expect(numberIn(text), text).toMatchObject({ number: 126, year: "19" });
    for (const text of ["##126/19", "126/19/1", "#", "१२६/१९"]) expect(numberIn(text), text).toBeNull();
  });

  it("leaves a folded text as it is", () => {
    for (const name of [...people.flat(), "Алієв", "Джеппаров", "Їжакевич", "Щербань"])
      expect(fold(fold(name))).toBe(fold(name));
  });
});
