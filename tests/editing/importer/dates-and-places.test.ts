/** Parsing of dates and countries. */

import { describe, expect, it } from "vitest";
import { datesIn, edtfOf } from "../../../worker/editing/importer/dates.ts";
import { draft } from "./drafts.ts";

const headed = (heading: string, text: string) =>
  draft(`${heading}\n\n${text}\n\nAmnesty International\n`);

it("The dates offered for events have no inferred year, and are neither the deadline nor the document's own", () => {
  const { dates } = headed(
    "First UA: 12/15 Index: EUR 94/1098/2015 Kestria Date: 3 May 2015",
    "She was arrested on 14 April and was seen on 1 May 2015.\nAs of 3 May 2015 she is missing, as they have said.\n\nPLEASE SEND APPEALS BEFORE 14 JUNE 2015 TO:\nMinister\nLaw Street",
  );
  expect(dates.map(({ date, asStated }) => date?.date ?? asStated)).toEqual([
    "14 April",
    "2015-05-01",
  ]);
});

it("A country keeps the document's words, under the language of the name", () => {
  const named = (heading: string, text: string) =>
    headed(heading, text).at("/places/0");
  expect(
    named(
      "Primera AU: 44/19 Índice: EUR 44/1234/2019 Turquía Fecha: 12 de abril de 2019",
      "Fue detenida el 3 de abril y está en la cárcel por los hechos que se le imputan desde entonces.",
    ),
  ).toMatchObject({ name: { es: "Turquía" }, iso3166: "TR" });
  expect(
    named(
      "First UA: 1/20 Index: EUR 44/1098/2020 Turkey Date: 3 May 2020",
      "He was seen by the neighbours of his.",
    ),
  ).toMatchObject({ name: { en: "Turkey" }, iso3166: "TR" });
});

describe("The importer's reading of dates", () => {
  it.each([
    ["on 7 July 2014", "2014-07-07"],
    ["July 7, 2014", "2014-07-07"],
    ["the 1st of May 1992", "1992-05-01"],
    ["el 5 de julio de 2011", "2011-07-05"],
    ["le 1er août 2011", "2011-08-01"],
    ["in November 2019", "2019-11"],
    ["since 2016", "2016"],
    ["2020-06-25", "2020-06-25"],
    ["до 31 березня 2025р.", "2025-03-31"],
    ["31 مارس/آذار 2025", "2025-03-31"],
  ])("reads %s as %s", (text, date) =>
    expect(datesIn(text).map(edtfOf)).toEqual([date]),
  );
  const none = [
    "they may 2 go",
    "article 20.12",
    "30 February 2020",
    "page 12",
    "EUR 46/2016/2019",
    "in 20 years",
  ];
  it.each([...none, "march on"])("finds no date in %s", (text) =>
    expect(datesIn(text)).toEqual([]),
  );
  it("tells day from month only where they differ clearly", () => {
    expect(datesIn("05/06/2018")[0]?.ambiguous).toBe(true);
    expect(datesIn("25/06/2018").map(edtfOf)).toEqual(["2018-06-25"]);
  });
});
