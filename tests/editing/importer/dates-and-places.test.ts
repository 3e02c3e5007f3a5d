/** Parsing of dates and countries. */

import { describe, expect, it } from "vitest";
import { datesIn, edtfOf } from "../../../worker/editing/importer/dates.ts";
import { countryAtStart, countryCode } from "../../../worker/editing/importer/places.ts";
import { draft } from "./drafts.ts";

const headed = (heading: string, text: string) => draft(`${heading}\n\n${text}\n\nAmnesty International\n`);

describe("The dates that the importer offers for events", () => {
  const english = "First UA: 12/15 Index: EUR 94/1098/2015 Kestria Date: 3 May 2015";
  const datesOf = ({ dates }: ReturnType<typeof draft>) => dates.map(({ date, asStated }) => date?.date ?? asStated);

  it.each([
    [
      "Spanish",
      "Primera AU: 12/14 Índice: AMR 99/012/2014 Palmeria Fecha: 3 de diciembre de 2014",
      "La audiencia será el 14 de enero. Los jueces de la ciudad no han dicho más. El 2 de diciembre fue detenido.",
      ["14 de enero", "2 de diciembre"],
    ],
    [
      "Italian",
      "Prima UA: 12/15 Indice: EUR 93/012/2015 Tavoria Data: 3 dicembre 2015",
      "L'udienza si terrà il 10 dicembre. I giudici della città non hanno detto di più, che si sappia. È in carcere dal 2 dicembre 2015.",
      ["10 dicembre", "2015-12-02"],
    ],
  ])("have no inferred year in %s", (_, heading, text, expected) =>
    expect(datesOf(headed(heading, text))).toEqual(expected),
  );

  it("have one in English, but not for a day ahead", () =>
    expect(datesOf(headed(english, "He was arrested on 14 April. The hearing is scheduled for 14 June."))).toEqual([
      "2015-04-14",
      "14 June",
    ]));

  it("are neither the deadline nor the document's own", () =>
    expect(
      datesOf(
        headed(
          english,
          "She was seen on 1 May 2015.\nAs of 3 May 2015 she is missing.\n\nPLEASE SEND APPEALS BEFORE 14 JUNE 2015 TO:\nMinister\nLaw Street",
        ),
      ),
    ).toEqual(["2015-05-01"]));

  it("don't date the facts of an outcome whose year only another language's words could tell", () =>
    expect(
      headed(
        "UA 12/15 Index: AMR 99/012/2015 Palmeria",
        "El 14 de enero de este año la profesora fue liberada por el tribunal de la ciudad, según los vecinos que la vieron con su familia.\n\nNo se requiere ninguna otra acción.",
      ).at("/asOf"),
    ).toBeUndefined());
});

it("A country keeps the document's words, under the language of the name", () => {
  const named = (heading: string, text: string) => headed(heading, text).at("/places/0");
  expect(
    named(
      "UA-Nr: UA-044/2019 AI-Index: EUR 44/1234/2019 Datum: 12. April 2019\n\nTÜRKEI",
      "Sie wurde am 3. April festgenommen und ist in Haft. Sie darf nicht mit der Familie reden.",
    ),
  ).toMatchObject({ name: { de: "Türkei" }, iso3166: "TR" });
  expect(
    named("First UA: 1/20 Index: ASA 16/1098/2020 Burma Date: 3 May 2020", "He was seen by the neighbours."),
  ).toMatchObject({ name: { en: "Burma" }, iso3166: "MM" });
});

describe("The importer's reading of dates and places", () => {
  it.each([
    ["on 7 July 2014", "2014-07-07"],
    ["July 7, 2014", "2014-07-07"],
    ["the 1st of May 1992", "1992-05-01"],
    ["el 5 de julio de 2011", "2011-07-05"],
    ["le 1er août 2011", "2011-08-01"],
    ["in November 2019", "2019-11"],
    ["since 2016", "2016"],
    ["2020-06-25", "2020-06-25"],
  ])("reads %s as %s", (text, date) => expect(datesIn(text).map(edtfOf)).toEqual([date]));
  const none = ["they may 2 go", "article 20.12", "30 February 2020", "page 12", "EUR 46/2016/2019", "in 20 years"];
  it.each([...none, "march on"])("finds no date in %s", (text) => expect(datesIn(text)).toEqual([]));
  it("tells day from month only where they differ clearly", () => {
    expect(datesIn("05/06/2018")[0]?.ambiguous).toBe(true);
    expect(datesIn("25/06/2018").map(edtfOf)).toEqual(["2018-06-25"]);
  });
  it("recognises countries as headings write them", () => {
    for (const [name, code] of Object.entries({
      TURKEY: "TR",
      "RUSSIAN FEDERATION": "RU",
      "VIET NAM": "VN",
      USA: "US",
      "CÔTE D’IVOIRE": "CI",
      Iran: "IR",
      YUGOSLAVIA: null,
      Kestria: null,
    }))
      expect(countryCode(name), name).toBe(code);
    const start = countryAtStart("SOUTH AFRICA  Demo ALFA (m)");
    expect(start).toMatchObject({ name: "SOUTH AFRICA", rest: "Demo ALFA (m)" });
    expect(countryAtStart("PERUVIAN Demo")).toBeNull();
  });
});
