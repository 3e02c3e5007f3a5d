/** Facts that the importer must read from each layout, also from texts copied from elsewhere. */

import { describe, expect, it } from "vitest";
import type { Draft } from "../../../worker/editing/importer/importer.ts";
import { scaled } from "../../scaled.ts";
import { leavesOf, valueAt } from "../../shared/facts.ts";
import { draft, invented, read } from "./drafts.ts";
import { layouts } from "./layouts.ts";

/** The terms that a person may accept, in the document's order. */
const termsOf = ({ candidates }: Pick<Draft, "candidates">) =>
  candidates.flatMap(({ proposals }) => proposals.flatMap(({ field, value }) => (field === "sentence" ? [value] : [])));

describe("The importer's samples of each period's layout", () => {
  it("are complete", () => expect(Object.keys(layouts).sort()).toEqual(invented));

  it.each(Object.entries(layouts))(
    "are read in full: %s",
    (name, { facts, people = [], ages = [], warned = [], proposed }) => {
      const found = draft(read(`invented/${name}`));
      for (const [pointer, value] of Object.entries(facts)) expect(found.at(pointer), pointer).toEqual(value);
      expect((found.at("/people") ?? []).map((person: any) => person.names[0].value)).toEqual(people);
      expect(found.ages.map(({ age }) => age)).toEqual(ages);
      for (const tag of warned) expect(found.tags).toContain(tag);
      if (proposed) expect(termsOf(found)).toEqual(proposed);
      for (const { line } of found.warnings) if (line !== null) expect(line).toBeGreaterThan(0);
    },
  );
});

/** Wraps lines at a width, as email programs do. */
const wrapped = (text: string, width: number) =>
  text.replace(new RegExp(`([^\\n]{1,${width}})(?: +|$)`, "gm"), "$1\n").replace(/\n\n(?=\S)/g, "\n\n");

describe("The importer may lose fields, but reads no wrong one,", () => {
  const copies: Record<string, (text: string) => string> = {
    "an empty line behind every line": (text) => text.replace(/\n/g, "\n\n"),
    "no empty lines": (text) => text.replace(/\n{2,}/g, "\n"),
    "Windows line ends": (text) => text.replace(/\n/g, "\r\n"),
    "columns run together": (text) => text.replace(/[ \t]{2,}/g, " "),
    "columns as tabs": (text) => text.replace(/ {2,}/g, "\t"),
    "lines broken at 70": (text) => wrapped(text, 70),
    "lines broken at 100": (text) => wrapped(text, 100),
    "spaces that do not break": (text) => text.replace(/ /g, "\u00a0"),
    "white space before and behind": (text) => text.replace(/\n/g, "  \n    "),
    "quoted in a mail": (text) => text.replace(/^/gm, "> "),
    "twice in a row": (text) => `${text}\n\n${text}`,
  };
  const texts = ["ua-126-19-outcome.txt", ...invented.map((name) => `invented/${name}`)];
  const drafts = new Map(texts.map((name) => [name, draft(read(name))]));
  // A third of the copies of each text, in turn; all in `npm run test:properties`.
  const chosen = texts.flatMap((name, at) =>
    Object.keys(copies).flatMap((copy, turn) => (scaled((at + turn) % 3, 0) === 0 ? [[name, copy] as const] : [])),
  );
  it.each(chosen)("from %s with %s", (name, copy) => {
    const whole = drafts.get(name)!;
    const { case: fields } = draft(copies[copy]!(read(name)));
    const wrong = leavesOf(fields).filter((leaf) => {
      const value = whole.at(leaf);
      return value !== undefined && value !== valueAt(fields, leaf);
    });
    expect(wrong).toEqual([]);
  });
});

it.each([
  ["2017-labels.txt", "/title/en", "Syria: Invented doctor missing"],
  ["2017-labels.txt", "/action/letter/en", "Your Excellency,\nI am"],
  ["2019-initial-es.txt", "/action/letter/es", "Señor Fiscal General:\nLe"],
  ["2019-initial-fr.txt", "/action/letter/fr", "Madame la Ministre,\nJe"],
])("The importer offers from %s the text for %s in the issuer's words", (name, pointer, start) =>
  expect(draft(read(`invented/${name}`)).toRestate.find((one) => one.pointer === pointer)?.text).toMatch(
    new RegExp(`^${start}`),
  ),
);

it.each<[string, string, [RegExp, string], string, unknown]>([
  ["a page without line breaks is no first text", "2019-copies", [/\s+/g, " "], "/documents/0/kind", "update"],
  ["the last of a series is no update", "2020-outcome-es", [/^NO SE REQ.*$/m, ""], "/documents/0/kind", undefined],
  ["marks of emphasis", "2020-outcome-es", [/^NO SE REQ/m, "**$&"], "/documents/0/kind", "outcome"],
  [
    "a name that wraps",
    "2019-copies",
    [/Demo Quinn.*/, "Demo\nQuinn (He, him, his)"],
    "/people/0/names/0/value",
    "Demo Quinn",
  ],
  [
    "languages that wrap",
    "2017-labels",
    [/English, French/, "English,\nFrench"],
    "/action/targets/0/languages",
    ["ar", "en", "fr"],
  ],
  [
    "a salutation that wraps",
    "1996-languages",
    [/Dear Governor/, "$&\nGeneral"],
    "/action/targets/1/salutation",
    "Dear Governor General",
  ],
  [
    "a remark above the addressees",
    "1996-languages",
    [/(APPEALS TO:).*\n/, "$1\n(Please keep\ntrying.)"],
    "/action/targets/0/name",
    "Mr Demo Official",
  ],
])("The importer reads a document with a change as it should: %s", (_, name, [from, to], pointer, value) =>
  expect(draft(read(`invented/${name}.txt`).replace(from, to)).at(pointer)).toEqual(value),
);
