import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changedIdIssues } from "../../../shared/case/same-person.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { draftFrom } from "../../../worker/editing/importer/importer.ts";
import {
  intoCase,
  peopleWarnings,
} from "../../../worker/editing/importer/into-case.ts";
import {
  differencesBetween,
  mergeCases,
} from "../../../worker/editing/rules/merge.ts";
import { ua12619 } from "../../shared/cases.ts";
import {
  inventedCase,
  inventedPerson,
  spelled,
  stated,
} from "../../support/invented.ts";
import { profile } from "../../support/profile.ts";
import { scaled } from "../../support/scaled.ts";

const base = inventedCase(901);
const event = (text: string) => ({
  ...(base.events[0] as Case["events"][number]),
  text: { en: text },
});
const person = (id: string) => ({
  ...(base.people[0] as Case["people"][number]),
  id,
});
const withCustody = (
  value: "released" | "house-arrest",
  day: string,
): Case => ({
  ...base,
  people: [{ ...person("invented-person-one"), custody: stated(value, day) }],
});

describe("Merging two editors' versions of a case", () => {
  it("keeps what only one of them changed, in fields, translations, people and events", () => {
    const mine: Case = {
      ...base,
      title: { ...base.title, uk: "Інша назва" },
      people: withCustody("released", "2000-02-01").people,
      events: [
        event("Invented Person One was arrested."),
        event("A hearing was held."),
      ],
    };
    const theirs: Case = {
      ...base,
      title: { ...base.title, en: "Another title" },
      people: [...base.people, person("invented-person-two")],
      events: [event("A petition was filed."), ...base.events],
    };
    const { merged, conflicts } = mergeCases(base, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(merged.title).toEqual({ en: "Another title", uk: "Інша назва" });
    expect(
      merged.people.map(({ id, custody: status }) => [id, status?.value]),
    ).toEqual([
      ["invented-person-one", "released"],
      ["invented-person-two", "pre-trial-detention"],
    ]);
    expect(merged.events.map(({ text }) => text.en)).toEqual([
      "A petition was filed.",
      "Invented Person One was arrested.",
      "A hearing was held.",
    ]);
  });

  it("takes a status's value, date and source together or not at all", () => {
    const [mine, theirs] = [
      withCustody("released", "2000-02-01"),
      withCustody("house-arrest", "2000-03-01"),
    ];
    const { merged, conflicts } = mergeCases(base, mine, theirs);
    const [of, ofMine, ofTheirs] = [base, mine, theirs].map(
      ({ people }) => people[0]?.custody,
    );
    expect(conflicts).toEqual([
      {
        at: "people/invented-person-one/custody",
        base: of,
        mine: ofMine,
        theirs: ofTheirs,
      },
    ]);
    expect(merged).toEqual(theirs);
    expect(mergeCases(base, mine, theirs, () => "mine").merged).toEqual(mine);
  });

  it("merges proceedings by their id, each as a whole", () => {
    const proceeding = (
      id: string,
      value: "charged" | "convicted" | "dropped",
      subject = "an invented case",
    ) => ({
      ...{ id, ...stated(value, "2000-02-01"), subject: { en: subject } },
    });
    const withAll = (
      ...proceedings: ReturnType<typeof proceeding>[]
    ): Case => ({
      ...base,
      people: [{ ...person("invented-person-one"), proceedings }],
    });
    const old = withAll(
      proceeding("one", "charged"),
      proceeding("two", "charged"),
    );
    const mine = withAll(
      proceeding("one", "convicted"),
      proceeding("two", "charged"),
      proceeding("tax", "charged"),
    );
    const theirs = withAll(
      proceeding("two", "dropped"),
      proceeding("one", "charged"),
    );
    const { merged, conflicts } = mergeCases(old, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(
      merged.people[0]?.proceedings.map(({ id, value }) => [id, value]),
    ).toEqual([
      ["two", "dropped"],
      ["one", "convicted"],
      ["tax", "charged"],
    ]);
    expect(differencesBetween(old, merged).map(({ at }) => at)).toEqual([
      "people/invented-person-one/proceedings/one",
      "people/invented-person-one/proceedings/two",
      "people/invented-person-one/proceedings/tax",
    ]);
    const other = withAll(
      proceeding("one", "charged", "the first case"),
      proceeding("two", "charged"),
    );
    expect(mergeCases(old, mine, other).conflicts.map(({ at }) => at)).toEqual([
      "people/invented-person-one/proceedings/one",
    ]);
  });

  it("does not bring back a person whom the other editor removed, and says so", () => {
    const mine: Case = {
      ...base,
      people: [{ ...person("invented-person-one"), pronouns: "she/her" }],
    };
    const theirs: Case = { ...base, people: [] };
    const { merged, conflicts } = mergeCases(base, mine, theirs);
    expect(merged.people).toEqual([]);
    expect(conflicts).toEqual([
      {
        at: "people/invented-person-one",
        base: base.people[0],
        mine: mine.people[0],
        theirs: undefined,
      },
    ]);
  });

  it("keeps one side's change, joins equal changes and reports both sides of a conflict, for any JSON", () => {
    const text = fc.record({ en: fc.string() }, { requiredKeys: [] });
    const list = fc.array(fc.constantFrom("a", "b", "c", "d"), {
      maxLength: 5,
    });
    const entries = fc.uniqueArray(
      fc.record({ id: fc.constantFrom("p", "q", "r"), text }),
      {
        selector: ({ id }) => id,
      },
    );
    const any = fc.record({ text, list, entries });
    fc.assert(
      fc.property(any, any, any, (one, other, third) => {
        expect(mergeCases(one, other, one)).toEqual({
          merged: other,
          conflicts: [],
        });
        expect(mergeCases(one, one, other)).toEqual({
          merged: other,
          conflicts: [],
        });
        expect(mergeCases(one, other, other)).toEqual({
          merged: other,
          conflicts: [],
        });
        const asked: string[] = [];
        const { conflicts } = mergeCases(one, other, third, ({ at }) => {
          asked.push(at);
          return "mine";
        });
        expect(conflicts.map(({ at }) => at)).toEqual(asked);
        for (const { mine, theirs } of conflicts)
          expect(mine).not.toEqual(theirs);
      }),
      { numRuns: scaled(100) },
    );
  });
});

describe("Merging a document into a published case", () => {
  const seed = draftFrom(
    readFileSync("tests/documents/ua-126-19-outcome.txt", "utf8"),
    profile,
  );

  it("changes nothing in UA 126/19 when its own outcome is read again", () => {
    expect(differencesBetween(ua12619, intoCase(ua12619, seed.case))).toEqual(
      [],
    );
  });

  const draft = {
    number: base.number,
    asOf: { date: "2000-05-01" },
    documents: [
      { id: "first", kind: "update" as const, sequence: 2, lang: "en" },
      { id: "previous", href: "https://example.org/first", lang: "en" },
    ],
    people: [
      inventedPerson("Inventid Person-Wan", { pronouns: "she/her" }),
      inventedPerson("Invented Person Two"),
    ],
    action: { state: "closed" as const, source: "first" },
  };

  it("adds a newer document's facts under its own id, keeps names and pronouns, and lists every difference", () => {
    const next = intoCase(base, draft);
    expect(next.documents.map(({ id, sequence }) => [id, sequence])).toEqual([
      ["first", 1],
      ["first-2", 2],
    ]);
    const [one, two] = next.people;
    expect(
      one?.names.map(({ value, form, source }) => [value, form, source]),
    ).toEqual([
      ["Invented Person One", "preferred", "first"],
      ["Inventid Person Wan", "variant", "first"],
      ["Inventid Person-Wan", "variant", "first-2"],
    ]);
    expect([one?.pronouns, one?.custody]).toEqual([
      "they/them",
      base.people[0]?.custody,
    ]);
    expect(two?.id).toBe("invented-person-two");
    expect(next.action.state).toBe("closed");
    expect(differencesBetween(base, next).map(({ at }) => at)).toEqual([
      "people/invented-person-one/names",
      "people/invented-person-two",
      "documents/first-2",
      "action/state",
      "action/source",
    ]);
  });

  const named = (id: string, ...values: string[]) => ({
    ...person(id),
    names: spelled(...values),
  });

  it("finds a person by any spelling: with another apostrophe, in other letters, by a variant", () => {
    const current = {
      ...base,
      people: [
        named("sean-obrien", "Sean O’Brien", "Шон О’Браєн"),
        named("person-two", "Li"),
      ],
    };
    for (const value of [
      "Sean O'Brien",
      "SEAN O'BRIEN",
      "Шон ОʼБраєн",
      "Sean O\u2060’Brien",
    ]) {
      const { people } = intoCase(current, {
        ...draft,
        people: [named("other", value)],
      });
      expect(
        people.map(({ id }) => id),
        value,
      ).toEqual(["sean-obrien", "person-two"]);
    }
  });

  it("asks about a name that is almost one of the case's, and about no other", () => {
    const current = { ...base, people: [named("sean-obrien", "Sean O’Brien")] };
    const asked = (value: string) =>
      peopleWarnings(current, { ...draft, people: [named("other", value)] });
    for (const value of [
      "Sean O'Brian",
      "Seán O’Briens",
      "S. O'Brien",
      "Simon O'Brien",
      "O'Brien Sean",
    ])
      expect(asked(value), value).toMatchObject([
        {
          tag: "similar-person",
          found: `${value}, Sean O’Brien`,
          pointer: "/people/0",
        },
      ]);
    for (const value of ["Sean O'Brien", "Liam O'Brien", "Sean Murphy", "[…]"])
      expect(asked(value), value).toEqual([]);
  });

  it("merges a person whom both editors added, each under an id of its own", () => {
    const mine = {
      ...base,
      people: [...base.people, named("person", "Шон О’Браєн")],
    };
    const theirs = {
      ...base,
      people: [
        ...base.people,
        named("sean-obrien", "Sean O’Brien", "Шон ОʼБраєн"),
      ],
    };
    const { merged } = mergeCases(base, mine, theirs);
    expect(merged.people.map(({ id }) => id)).toEqual([
      base.people[0]?.id,
      "sean-obrien",
    ]);
  });

  it("refuses another id for a published person, but not a new person, a removed one, or one of two namesakes", () => {
    const before = { people: [named("sean-obrien", "Sean O’Brien")] };
    const issues = (...people: ReturnType<typeof named>[]) =>
      changedIdIssues(before, { people });
    const message =
      "must be sean-obrien, the id that this person was published with";
    expect(
      issues(named("liam", "Liam O'Brien"), named("sean", "Sean O'Brien")),
    ).toEqual([{ pointer: "/case/people/1/id", message }]);
    expect(issues(named("sean-obrien", "Another Name"))).toEqual([]);
    expect(issues(named("liam", "Liam O'Brien"))).toEqual([]);
    expect(issues()).toEqual([]);
    expect(
      issues(
        named("sean-obrien", "Sean O’Brien"),
        named("sean-obrien-2", "Sean O'Brien"),
      ),
    ).toEqual([]);
  });

  it("takes names from an older document, but no person or action", () => {
    const older = {
      ...draft,
      asOf: { date: "1999-05-01" },
      documents: [{ id: "older", sequence: 1, lang: "en" }],
    };
    expect(
      differencesBetween(base, intoCase(base, older)).map(({ at }) => at),
    ).toEqual(["people/invented-person-one/names", "documents/older"]);
  });
});
