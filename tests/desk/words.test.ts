/**
 * The desk's texts: a label for every field and choice of the schema; dates and
 * names in each language.
 */

import { expect, it } from "vitest";
import { Case } from "../../shared/case/schema.ts";
import {
  statusesIn,
  statusesNow,
  valueInWords,
} from "../../worker/desk/differences.tsx";
import {
  choiceOf,
  labelOf,
  wordsFor,
} from "../../worker/desk/form/form-state.ts";
import {
  type FieldName,
  type Shape,
  shapeAt,
} from "../../worker/desk/form/shape.ts";
import { deskTexts, deskWords } from "../../worker/desk/locales/desk-words.ts";
import { printMoment } from "../../worker/desk/publish/moments.ts";
import {
  clock,
  countryNames,
  languageName,
  languageNames,
  printDate,
  printDays,
  setWords,
} from "../../worker/desk/words.ts";
import { profile } from "../support/profile.ts";

const source = deskTexts.en;
setWords(deskWords("en"));

it("The desk prints days, moments, periods and names in every language, whether Intl knows it or not", () => {
  const at = "2026-11-25T12:00:00.000Z";
  const style = {
    dateStyle: "full",
    timeStyle: "short",
    timeZone: "UTC",
  } as const;
  const texts = (
    ["en", "uk", "crh", "ru", "tr", "ar", "es", "fr"] as const
  ).map((tag) => {
    setWords(deskWords(tag));
    return [
      tag,
      printDate("2020-06"),
      clock(at, style),
      printDays(3),
      languageName("en"),
    ].join(" | ");
  });
  expect(texts).toEqual([
    "en | June 2020 | Wednesday, 25\u00a0November 2026 at 12:00 | 3 days | English",
    "uk | червень 2020\u00a0р. | середа, 25\u00a0листопада 2026\u00a0р. о 12:00 | 3 дні | англійська",
    "crh | iyün 2020 | 25\u00a0noyabr 2026 çarşenbe 12:00 | 3 kün | ingliz tili",
    "ru | июнь 2020\u00a0г. | среда, 25\u00a0ноября 2026\u00a0г. в 12:00 | 3 дня | английский",
    "tr | Haziran 2020 | 25\u00a0Kasım 2026 Çarşamba 12:00 | 3 gün | İngilizce",
    "ar | يونيو 2020 | الأربعاء، 25\u00a0نوفمبر 2026 في 12:00 م | 3 أيام | الإنجليزية",
    "es | junio de 2020 | miércoles, 25\u00a0de\u00a0noviembre de 2026, 12:00 | 3 días | inglés",
    "fr | juin 2020 | mercredi 25\u00a0novembre 2026 à 12:00 | 3\u00a0jours | anglais",
  ]);
  setWords(deskWords("crh"));
  const countries = countryNames();
  expect(countries).toContainEqual(["UA", "Ukraina"]);
  expect(countries).toContainEqual(["JP", "Japan"]);
  const languages = languageNames();
  expect(languages).toContainEqual(["uk", languageName("uk")]);
  expect(languages).toContainEqual(["ka", "Georgian"]);
  // Hebrew is listed once, under its current code.
  expect(languages.filter(([, label]) => label === "Hebrew")).toEqual([
    ["he", "Hebrew"],
  ]);
  setWords(deskWords("en"));
});

/** Every nested field, with the key of its label. */
function shapesIn(
  path: (string | number)[],
  shape: Shape,
): { path: (string | number)[]; shape: Shape }[] {
  const here = { path, shape };
  if (shape.kind === "list")
    return [here, ...shapesIn([...path, 0], shape.item)];
  if (shape.kind !== "group" && shape.kind !== "stated") return [here];
  return [
    here,
    ...Object.entries(shape.fields).flatMap(([key, child]) =>
      shapesIn([...path, key], child),
    ),
  ];
}
const all = (Object.keys(Case.entries) as FieldName[]).flatMap((field) =>
  shapesIn([field], shapeAt([field])),
);

it("The desk's form has a label for every field, and for a new entry of every list", () => {
  for (const { path, shape } of all) {
    expect(labelOf(path, profile), path.join("/")).not.toBe(
      path.findLast((key) => typeof key === "string"),
    );
    if (shape.kind === "list")
      expect(labelOf([...path, "one"], profile), path.join("/")).not.toBe(
        "one",
      );
  }
});

it("The desk's form has no label that no field asks for", () => {
  const asked = all.flatMap(({ path }) => {
    const keys = path.filter((key) => typeof key === "string");
    return keys.flatMap((_, index) => [
      keys.slice(index).join("."),
      [...keys.slice(index), "one"].join("."),
    ]);
  });
  // Parts of a date.
  const labels = new Set(
    [...asked, "asStated", "inferred"].map((field) => `field.${field}`),
  );
  expect(
    Object.keys(source).filter(
      (key) => key.startsWith("field.") && !labels.has(key),
    ),
  ).toEqual([]);
});

it("The desk's form has a label for every option except a series, which names itself", () => {
  for (const { path, shape } of all)
    if (shape.kind === "choice" && path.at(-1) !== "series")
      for (const option of shape.options)
        expect(choiceOf(path, option, profile), path.join("/")).not.toBe(
          option,
        );
});

it("A UTC offset on the desk never wraps in the middle", () => {
  expect(printMoment("2026-11-25T16:00:00.000Z", "America/New_York")).toBe(
    "Wed, 25\u00a0November 2026 at 11:00 GMT−5",
  );
  expect(printMoment("2026-11-25T16:00:00.000Z", "UTC")).toBe(
    "Wed, 25\u00a0November 2026 at 16:00 UTC",
  );
});

it("Two dates that differ in what was inferred do not read the same on the desk", () => {
  const said = (inferred: string[]) =>
    valueInWords(
      ["asOf"],
      { date: "2020-06-25", asStated: "25 June", inferred },
      [],
      profile,
    );
  expect(said(["year"])).toBe(
    "25\u00a0June 2020 · “25 June” in the document · inferred: year",
  );
  expect(said([])).toBe("25\u00a0June 2020 · “25 June” in the document");
});

it("A person's statuses are one short line each where texts are read beside them", () => {
  const asOf = { date: "2020-06-25", asStated: "25 June" };
  const person = {
    custody: { value: "released", asOf, statedBy: "Invented Issuer" },
  };
  expect(statusesIn(person, statusesNow, [], profile)).toEqual([
    "Released · 25\u00a0June 2020",
  ]);
  expect(statusesIn(person, ["custody"], [], profile)).toEqual([
    "Released · 25\u00a0June 2020 · “25 June” in the document",
  ]);
});

it("A translation is named by its field and language alone", () => {
  const fields = {
    language: "en",
    title: { en: "A title", uk: { text: "Назва", reviewed: false } },
  };
  expect(wordsFor(fields, ["title", "uk", "text"], profile)).toBe(
    "Title, in your own words › Ukrainian",
  );
});
