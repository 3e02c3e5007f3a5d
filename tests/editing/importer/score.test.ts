/** The scorer must notice a wrong field, and the damaged copies must be damaged. */

import { describe, expect, it } from "vitest";
import { mangle, mangled } from "./mangle.ts";
import { appeals, score, type Truth } from "./score.ts";

const truth: Truth = {
  number: "UA 12/20",
  country: "Kestria",
  iso: null,
  index: "?",
  kind: "initial",
  sequence: null,
  issuedOn: "2020-05-03",
  asOf: "2020-05-03",
  language: "en",
  issuer: "Amnesty International",
  deadline: "2020-06-14",
  title: "Two invented people held",
  action: "active",
  writeIn: ["en"],
  people: [{ names: ["Demo Alfa", "Demo Alpha"], age: 40, pronouns: "he/him" }, { names: ["Second Bravo"] }],
  addressees: [
    { lines: ["First Office", "Law Street 2", "Nowhere, Kestria"], salutation: "Dear Office" },
    { lines: ["Second Office", "Law Street 9", "Nowhere, Kestria"] },
  ],
  statuses: [{ about: "custody", words: "were released" }],
  offers: ["Demo Alfa: custody released"],
  note: "",
};

/** The outcomes of one field when the importer reads this case. */
const outcomes = (field: string, read: object, more: object = {}) =>
  score(truth, { case: read, warnings: [], sentences: [], toRestate: [], ...more })
    .filter((finding) => finding.field === field)
    .map(({ outcome }) => outcome);
const named = (...names: string[]) => ({ names: names.map((value) => ({ value })) });
const readAs = (...people: string[]) => ({ people: people.map((name) => named(name)) });

const OFFICE = "First Office\nLaw Street 2";
/** Addressees, each with its name and address in lines. */
const to = (...all: string[]) => ({
  action: {
    targets: all.map((text) => {
      const [name, ...lines] = text.split("\n");
      return { name, ...(lines.length > 0 ? { address: lines.join("\n") } : {}) };
    }),
  },
});

describe("The scorer", () => {
  it.each<[string, string, object, string[]]>([
    ["a right number", "number", { number: { series: "UA", number: 12, year: 2020 } }, ["right"]],
    ["a wrong number", "number", { number: { series: "UA", number: 21, year: 2020 } }, ["wrong"]],
    ["a missing number", "number", {}, ["empty"]],
    ["a code for an invented country", "country", { places: [{ name: { en: "Kestria" }, iso3166: "KE" }] }, ["wrong"]],
    ["a value where the document contradicts itself", "index", { documents: [{ reference: "E 1/2/20" }] }, ["wrong"]],
    ["a value that the document doesn't state", "sequence", { documents: [{ sequence: 1 }] }, ["wrong"]],
    ["two spellings of a name", "people", { people: [named("Demo ALFA", "Demo Alpha")] }, ["right", "empty"]],
    ["a name that was cut", "people", readAs("Second"), ["wrong", "empty", "empty"]],
    ["a person read twice", "people", readAs("Demo Alfa", "Demo Alpha"), ["right", "wrong", "empty"]],
    ["a filled status", "statuses", { people: [{ ...named("Demo Alfa"), custody: {} }] }, ["wrong"]],
    ["a page's foot as an addressee", "addressees", to("Page 2"), ["wrong", "empty", "empty"]],
    ["a line of another addressee", "addresses", to(`${OFFICE}\nLaw Street 9\nNowhere, Kestria`), ["wrong", "empty"]],
    ["an address without a line", "addresses", to(OFFICE), ["empty", "empty"]],
    ["one addressee read as two", "addressees", to(OFFICE, "Nowhere, Kestria"), ["right", "wrong", "empty"]],
  ])("judges %s", (_, field, read, expected) => expect(outcomes(field, read)).toEqual(expected));

  it("judges the person and the value of an offer", () => {
    const sentence = "Both were\nreleased in May.";
    const offer = (person: string, value = "released") => ({
      sentences: [{ sentence, statusWords: ["released"], offers: [{ person, field: "custody" as const, value }] }],
    });
    expect(outcomes("sentences", {}, offer("Demo Alfa"))).toEqual(["right"]);
    expect(outcomes("sentences", {}, { sentences: [{ sentence, statusWords: [], offers: [] }] })).toEqual(["empty"]);
    expect(outcomes("offers", {}, offer("Demo Alfa"))).toEqual(["right"]);
    expect(outcomes("offers", {}, offer("Second Bravo"))).toEqual(["wrong", "empty"]);
    expect(outcomes("offers", {}, offer("Demo Alfa", "detained"))).toEqual(["wrong", "empty"]);
  });
});

it.each(mangled)("Damage with %s changes some of the documents", (how) =>
  expect(appeals.some(({ name, text }) => mangle(how, name, text) !== text)).toBe(true),
);
