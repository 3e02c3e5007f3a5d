/**
 * The first real document: the importer finds every field that the hand-written
 * case has, and no wrong one.
 */

import { describe, expect, it } from "vitest";
import type { UnfinishedCase } from "../../../worker/editing/rules/desk.ts";
import { sentencesOf } from "../../../worker/editing/rules/sentences.ts";
import hand from "../../../worker/tools/local/cases/ua-126-19.json" with {
  type: "json",
};
import { leavesOf, valueAt } from "../../shared/facts.ts";
import { profile } from "../../support/profile.ts";
import { draft, read } from "./drafts.ts";

describe("The importer's reading of UA 126/19", () => {
  const {
    case: fields,
    at,
    tags,
    dates,
  } = draft(read("ua-126-19-outcome.txt"));
  const sentences = sentencesOf(
    read("ua-126-19-outcome.txt"),
    hand as unknown as UnfinishedCase,
    profile,
  );
  const leaves = leavesOf(fields);

  it("yields no field that differs from the case made by hand", () => {
    expect(
      leaves.filter(
        (pointer) => valueAt(fields, pointer) !== valueAt(hand, pointer),
      ),
    ).toEqual([]);
    expect(leaves.length).toBeGreaterThanOrEqual(53);
  });

  it("fills no status, and lists the sentences that state them", () => {
    for (const [person, { id, names }] of hand.people.entries()) {
      for (const status of [
        "designations",
        "custody",
        "proceedings",
        "sentence",
      ])
        expect(at(`/people/${person}/${status}`)).toBeUndefined();
      const own = sentences.filter(({ people }) => people.includes(id));
      expect(own.length, names[0]?.value).toBeGreaterThan(0);
    }
    // Each sentence names several people, or tells of a term that was reduced.
    expect(sentences.flatMap(({ offers }) => offers)).toEqual([]);
    expect(sentences.filter(({ contradicts }) => contradicts)).toEqual([]);
  });

  it("warns of two spellings, and dates nothing itself", () => {
    expect(tags).toEqual(["two-spellings"]);
    expect([at("/asOf"), at("/documents/0/issuedOn")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("offers the dates of the text, and leaves their years to a person", () => {
    const known = hand.events.map(({ date }) => date.asStated);
    expect(
      dates.flatMap(({ asStated }) =>
        known.includes(asStated) ? [] : [asStated],
      ),
    ).toEqual(["in 2014"]);
    for (const { date, asStated } of dates)
      if (!/\d{4}/.test(asStated)) expect(date).toBeUndefined();
  });
});
