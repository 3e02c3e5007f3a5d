import { describe, expect, it } from "vitest";
import { parsePublication } from "../../../worker/editing/rules/publication.ts";
import { inventedCase } from "../../support/invented.ts";
import { profile } from "../../support/profile.ts";

const NOW = Date.UTC(2026, 10, 25);
const fields = inventedCase(901);

const issues = (more: object, rest: object = {}) => {
  const publication = {
    case: { ...fields, ...more },
    note: { en: "x" },
    kind: "update",
    ...rest,
  };
  const read = parsePublication(publication, NOW, profile);
  return "issues" in read ? read.issues : [];
};

const event = (kind: string, date: string) => ({
  events: [{ ...fields.events[0], kind, date: { date } }],
});

describe("A publication", () => {
  it("names what a value must be, in words", () => {
    const { number } = fields;
    expect(issues({ number: { ...number, year: 26 } })).toContainEqual({
      pointer: "/case/number/year",
      message: "must be a year with four digits, from 1961 to 2099",
    });
    for (const wrong of [
      { number: { series: "X", number: -1, year: "2026" } },
      { title: undefined, summary: 3, people: {}, demo: "yes", id: null },
      {
        documents: [
          {
            ...fields.documents[0],
            sequence: 0,
            kind: "letter",
            href: "http://a.b",
          },
        ],
      },
      { people: Array.from({ length: 101 }, () => fields.people[0]) },
      { asOf: { date: "26" }, surprise: 1 },
    ]) {
      const found = issues(wrong);
      expect(found.length).toBeGreaterThan(0);
      for (const { message } of found) {
        expect(message).toMatch(
          /^(?:must (?:be|have|begin|say|not|contain|name) |is (?:required|not a known field)$)/,
        );
        expect(message).not.toMatch(
          /[<>]=|Expected|Invalid|undefined|Array|Object|[(|)"]/,
        );
      }
    }
  });

  it("dates no past event later than today, but may announce a hearing", () => {
    for (const kind of [
      "arrest",
      "charge",
      "conviction",
      "sentence",
      "statement",
      "transfer",
      "release",
      "death",
    ]) {
      expect(issues(event(kind, "2027-01-01")), kind).toEqual([
        {
          pointer: "/case/events/0/date/date",
          message: "must not be later than today",
        },
      ]);
      expect(issues(event(kind, "2026-11")), kind).toEqual([]);
    }
    // The day begins first in the Line Islands, 14 hours ahead of UTC.
    expect(issues(event("release", "2026-11-25"))).toEqual([]);
    expect(issues(event("release", "2026-11-26"))).toHaveLength(1);
    for (const kind of ["trial", "appeal", "other"])
      expect(issues(event(kind, "2027-01-01")), kind).toEqual([]);
  });

  it("has no date in a year that is a slip of the keyboard", () => {
    const message = "must not be before the year 1000";
    for (const date of ["0000", "0202-05", "0999-12-31", "../0500"])
      expect(issues({ asOf: { date } }), date).toEqual([
        { pointer: "/case/asOf/date", message },
      ]);
    expect(issues(event("arrest", "0020-01-01"))).toEqual([
      { pointer: "/case/events/0/date/date", message },
    ]);
    expect(
      issues({ action: { ...fields.action, until: "0206-01-01" } }),
    ).toEqual([{ pointer: "/case/action/until", message }]);
    expect(issues({ asOf: { date: "1962" } })).toEqual([]);
  });

  it("goes live within two years", () => {
    expect(issues({}, { liveAt: "2028-11-25T00:00:00.000Z" })).toEqual([]);
    expect(issues({}, { liveAt: "2029-01-01T00:00:00.000Z" })).toEqual([
      { pointer: "/liveAt", message: "must be at most two years ahead" },
    ]);
  });
});
