/**
 * Spellings of one name are asked about: never silently two people, and never
 * silently one where two people may bear them.
 */

import { describe, expect, it } from "vitest";
import {
  nearPairs,
  samePerson,
  similarPeople,
} from "../../shared/case/same-person.ts";

const person = (id: string, name: string) => ({ id, names: [{ value: name }] });
/**
 * What happens when a document names one and the case has the other: "one",
 * "asked" or "two".
 */
function verdict(known: string, read: string): string {
  const [a, b] = [person("known", known), person("read", read)];
  if (samePerson([a], b)) return "one";
  const isAsked = similarPeople([a], [b]).length > 0;
  expect(nearPairs([a, b]).length > 0).toBe(isAsked);
  return isAsked ? "asked" : "two";
}

const slavic = `Oleksii Kovalskyi|Aleksei Kovalski
Олексій Ковальський|Алексей Ковальский
Oleksii Kovalskyi|Аляксей Кавальскі
Volodymyr Shevchenko|Vladimir Shevchenko
Volodymyr Shevchenko|Uladzimir Shauchenka
Володимир Шевченко|Владимир Шевченко
Dmytro Ivanov|Dmitri Ivanov
Dmytro Ivanov|Dzmitry Ivanou
Mykola Petrenko|Nikolai Petrenko
Mykola Petrenko|Mikalai Piatrenka
Serhii Lysenko|Sergei Lysenko
Serhii Lysenko|Siarhei Lysenka
Сергій Лисенко|Сяргей Лысенка
Yevhen Bondar|Evgeny Bondar
Yevhen Bondar|Yauhen Bondar
Oleksandr Melnyk|Aleksandr Melnik
Oleksandr Melnyk|Aliaksandr Melnik
Oleksandr Melnyk|Alexander Melnik
Pavlo Kravets|Pavel Kravets
Petro Moroz|Piotr Moroz
Hanna Rudenko|Anna Rudenko
Ганна Руденко|Анна Руденко
Olena Savchenko|Elena Savchenko
Olena Savchenko|Alena Sauchanka
Kateryna Boiko|Ekaterina Boiko
Kateryna Boiko|Katsiaryna Boika
Nataliia Tkach|Natalya Tkach
Tetiana Hrytsenko|Tatyana Gritsenko
Tetiana Hrytsenko|Tatsiana Hrytsenka
Svitlana Panas|Svetlana Panas
Svitlana Panas|Sviatlana Panas
Olha Zaitseva|Olga Zaitseva
Olha Zaitseva|Volha Zaitsava
Hryhorii Koval|Grigory Koval
Hryhorii Koval|Ryhor Koval
Kostiantyn Bilyi|Konstantin Bily
Kostiantyn Bilyi|Kanstantsin Bily
Mykyta Orlov|Nikita Orlov
Mykyta Orlov|Mikita Arlou
Artem Sokolov|Artyom Sokolov
Artem Sokolov|Artsiom Sakalou
Danylo Hrytsak|Daniil Gritsak
Fedir Zhuk|Fyodor Zhuk
Matvii Kuznietsov|Matvei Kuznetsov
Matvii Kuznietsov|Matsvei Kuzniatsou
Ihor Popov|Igor Popov
Denys Vitkovskyi|Dzianis Vitkouski
Yakiv Levchenko|Yakov Levchenko
Oleksii Kovalskyi|Kovalski Aleksei
Oleksii Petrovych Kovalskyi|Aleksei Kovalski`
  .split("\n")
  .map((pair) => pair.split("|") as [string, string]);

describe("Two spellings of a name", () => {
  it("are fifty pairs", () => expect(slavic).toHaveLength(50));

  it.each(slavic)(
    "across Ukrainian, Russian and Belarusian are never silently two: %s, %s",
    (one, other) => {
      expect(verdict(one, other)).not.toBe("two");
      expect(verdict(other, one)).not.toBe("two");
    },
  );

  it.each([
    ["Hassan Demov", "Hasan Demov"],
    ["Demo Hassan", "Demo Hasan"],
    ["Anna Demova", "Ana Demova"],
    ["Хассан Демов", "Hasan Demov"],
    ["Oleksii Kovalskyi", "Aleksei Kovalski"],
  ])("that two people may bear are asked about: %s, %s", (one, other) =>
    expect(verdict(one, other)).toBe("asked"),
  );

  it.each([
    ["Demo Aliev", "Demo Aliyev"],
    ["Демо Алієв", "Demo Aliyev"],
    ["Demo O'Brien", "Demo O’Brien"],
    ["Хассан Демов", "Hassan Demov"],
  ])("that only differ in script or signs are one: %s, %s", (one, other) =>
    expect(verdict(one, other)).toBe("one"),
  );

  it.each([
    ["Olena Savchenko", "Alina Savitska"],
    ["Mykola Petrenko", "Mykyta Petrenko-Bila"],
    ["Ivan Moroz", "Petro Moroz"],
    ["Demo Person One", "Demo Person Two"],
    ["Anna", "Hanna Rudenko"],
  ])("of two people are two: %s, %s", (one, other) =>
    expect(verdict(one, other)).toBe("two"),
  );
});
