/** Parsing of dates and countries. */

import { describe, expect, it } from "vitest";
import { datesIn, edtfOf } from "../../../worker/editing/importer/dates.ts";
import { countryAtStart, countryCode } from "../../../worker/editing/importer/places.ts";

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
