/** The question whether two people are one, in a draft, after a merge of two drafts, and in the gaps that the API answers with. */

import { describe, expect, it } from "vitest";
import { nearPairs } from "../../../shared/case/same-person.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { localeTags } from "../../../shared/locale.ts";
import { derived } from "../../../worker/desk/form/derive.ts";
import { deskWords } from "../../../worker/desk/locales/desk-words.ts";
import { mergedDrafts, rebased } from "../../../worker/desk/publish/merge-drafts.ts";
import { draftOf, emptyDraft } from "../../../worker/desk/start-draft.ts";
import { setWords } from "../../../worker/desk/words.ts";
import type { DeskDraft } from "../../../worker/editing/rules/desk.ts";
import { gapsIn } from "../../../worker/editing/rules/gaps.ts";
import { confirmedPairs, peopleAsOne, peopleQuestions, refusalOfAlike } from "../../../worker/editing/rules/people.ts";
import { parsePublication } from "../../../worker/editing/rules/publication.ts";
import { inventedCase, inventedPerson, stated } from "../../invented.ts";
import { profile } from "../../profile.ts";

setWords(deskWords("en"));

type Person = Case["people"][number];
const base = inventedCase(902);
const NOW = Date.parse("2026-11-25T12:00:00Z");

const named = (value: string, more: object = {}): Person =>
  inventedPerson(value, { designations: [], proceedings: [], ...more });
const withPeople = (...people: Person[]): Case => ({ ...base, people });
const status = (value: "released" | "imprisoned", day: string) => ({ custody: stated(value, day) });

/** A draft as the form leaves it, with ids made from names. */
function typed(people: Person[], before: Case | null = null): DeskDraft {
  const start = before ? draftOf(1, before) : emptyDraft(profile);
  return { ...start, case: derived({ ...base, people } as never, before, profile) };
}
const namesAsked = (draft: DeskDraft) => peopleQuestions(draft).map(({ names }) => names);

const near: [string, string, string][] = [
  ["one letter more", "Ivan Vydumanyi", "Ivan Vydumanyy"],
  ["another letter", "Sean O'Brien", "Sean O'Brian"],
  ["another alphabet", "Ivan Vydumanyi", "Іван Видуманий"],
  ["an initial", "Sean O'Brien", "S. O'Brien"],
  ["words in another order", "Sean O'Brien", "O'Brien Sean"],
  ["the same name", "Sean O'Brien", "Sean O’Brien"],
];

describe("Two people of one draft with almost the same name", () => {
  it.each(near)("raise a question that names both: %s", (_, one, other) => {
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const draft = typed([named(first), named("Nobody Near"), named(second)]);
      expect(namesAsked(draft)).toEqual([[first, second]]);
      expect(gapsIn(draft.case, {}, localeTags).people).toEqual([
        { pointers: ["/case/people/0", "/case/people/2"], names: [first, second] },
      ]);
    }
  });

  it("raise none when the names differ, or have no letters", () => {
    for (const names of [
      ["Sean O'Brien", "Liam O'Brien"],
      ["Demo Person One", "Demo Person Two"],
      ["[…]", "[…]"],
    ])
      expect(namesAsked(typed(names.map((name) => named(name))))).toEqual([]);
  });

  it("raise none when both were published as two, and one when only one was", () => {
    const before = withPeople(named("Sean O'Brien"), named("Sean O'Brian"));
    expect(namesAsked(typed(before.people, before))).toEqual([]);
    expect(gapsIn(before as never, {}, localeTags, before).people).toEqual([]);
    const one = withPeople(named("Sean O'Brian"));
    expect(namesAsked(typed([named("Sean O'Brien"), ...one.people], one))).toEqual([["Sean O'Brian", "Sean O'Brien"]]);
  });

  it("are found by any of their spellings", () => {
    const variant = { value: "Ivan Vydumanyi", lang: "en", form: "variant", source: "first" } as const;
    const known = named("Vydumanyi the Elder");
    const draft = typed([{ ...known, names: [...known.names, variant] }, named("Ivan Vydumany")]);
    expect(namesAsked(draft)).toEqual([["Vydumanyi the Elder", "Ivan Vydumany"]]);
  });

  it("may stay two: the answer is kept with the draft, for these two only", () => {
    const draft = typed([named("Sean O'Brien"), named("Sean O'Brian")]);
    const [question] = peopleQuestions(draft);
    const answered = { ...draft, resolved: [question!.key] };
    expect(namesAsked(JSON.parse(JSON.stringify(answered)))).toEqual([]);
    // The order of the people, and an answer given twice, change nothing.
    const people = draft.case.people?.toReversed() ?? [];
    expect(namesAsked({ ...answered, case: { ...draft.case, people } })).toEqual([]);
    const third = typed([...(draft.case.people as Person[]), named("Sean O'Bryan")]);
    expect(namesAsked({ ...third, resolved: answered.resolved })).not.toContainEqual(["Sean O'Brien", "Sean O'Brian"]);
    expect(namesAsked({ ...third, resolved: answered.resolved })).not.toEqual([]);
  });
});

describe("Two people who are one", () => {
  const merged = (people: Person[], before: Case | null = null) => {
    const draft = typed(people, before);
    const [question] = peopleQuestions(draft);
    return peopleAsOne(draft.case.people ?? [], question!);
  };

  it("have the spellings of both, one of them preferred, and what only one of them states", () => {
    const sentence = { value: { duration: "P1Y" }, asOf: { date: "2000-02-01" }, statedBy: "X", source: "first" };
    const { people, conflicts } = merged([
      named("Sean O'Brien", status("imprisoned", "2000-01-02")),
      named("Sean O'Brian", { pronouns: "he/him", sentence } as Partial<Person>),
    ]);
    expect(conflicts).toEqual([]);
    expect(people).toMatchObject([
      {
        id: "sean-obrien",
        names: [
          { value: "Sean O'Brien", form: "preferred" },
          { value: "Sean O'Brian", form: "variant" },
        ],
        pronouns: "he/him",
        custody: { value: "imprisoned" },
        sentence,
      },
    ]);
    expect(
      parsePublication({ case: { ...base, people }, note: { en: "Note" }, kind: "update" }, NOW, profile),
    ).toHaveProperty("publication");
  });

  it("keep the statements of the one who stays, and name those that go", () => {
    const gone = named("Sean O'Brian", status("released", "2000-03-01"));
    const { people, conflicts } = merged([named("Sean O'Brien", status("imprisoned", "2000-01-02")), gone]);
    expect(people[0]?.custody?.value).toBe("imprisoned");
    expect(conflicts).toMatchObject([
      { at: "people/0/custody", before: { value: "imprisoned" }, after: { value: "released" } },
    ]);
  });

  it("keep the published person and id, wherever that entry stands", () => {
    const before = withPeople(named("Sean O'Brian", status("imprisoned", "2000-01-02")));
    const { people } = merged([named("Sean O'Brien"), named("Nobody Near"), ...before.people], before);
    expect(people.map((person) => person?.id)).toEqual(["nobody-near", "sean-o-brian"]);
    expect(people[1]?.names?.map((name) => [name?.value, name?.form])).toEqual([
      ["Sean O'Brian", "preferred"],
      ["Sean O'Brien", "variant"],
    ]);
  });

  it("lose no statement of a list, and name the one that differs", () => {
    const designation = (value: string, statedBy: string) => ({
      value,
      asOf: { date: "2000-01-02" },
      statedBy,
      source: "first",
    });
    const { people, conflicts } = merged([
      named("Sean O'Brien", { designations: [designation("prisoner-of-conscience", "One")] } as never),
      named("Sean O'Brian", {
        designations: [designation("prisoner-of-conscience", "Two"), designation("human-rights-defender", "Two")],
      } as never),
    ]);
    expect(people[0]?.designations?.map((one) => [one?.value, one?.statedBy])).toEqual([
      ["prisoner-of-conscience", "One"],
      ["human-rights-defender", "Two"],
    ]);
    expect(conflicts).toMatchObject([{ after: { statedBy: "Two" } }]);
  });
});

describe("Two versions of a draft", () => {
  it("raise the question when each added the person in another spelling, and keep an answer that one of them had", () => {
    const before = withPeople(named("Nobody Near"));
    const common = typed(before.people, before);
    const here = typed([...before.people, named("Sean O'Brien")], before);
    const elsewhere = typed([...before.people, named("Sean O'Brian")], before);
    const both = mergedDrafts(common, here, elsewhere);
    expect(namesAsked(both).map((names) => names.toSorted())).toEqual([["Sean O'Brian", "Sean O'Brien"]]);
    const [question] = peopleQuestions(both);
    const answered = { ...here, resolved: [question!.key] };
    expect(namesAsked(mergedDrafts(common, answered, elsewhere))).toEqual([]);
    expect(namesAsked(mergedDrafts(common, elsewhere, answered))).toEqual([]);
  });

  it("raise it against another editor's revision, which keeps its person", () => {
    const before = withPeople(named("Nobody Near"));
    const mine = typed([...before.people, named("Sean O'Brien")], before);
    const theirs = withPeople(...before.people, named("Sean O'Brian"));
    const next = rebased(mine, 2, theirs, () => "theirs");
    expect(namesAsked(next)).toEqual([["Sean O'Brian", "Sean O'Brien"]]);
    const [question] = peopleQuestions(next);
    const { people } = peopleAsOne(next.case.people ?? [], question!);
    expect(people.map((person) => person?.id)).toEqual(["nobody-near", "sean-o-brian"]);
  });
});

describe("The API", () => {
  const [brien, brian] = [named("Sean O'Brien"), named("Sean O'Brian")];

  it("doesn't call a case with two such people invalid, because two people may really have almost the same name", () => {
    const body = { case: withPeople(brien, brian), note: { en: "Note" }, kind: "update" };
    expect(parsePublication(body, NOW, profile)).toHaveProperty("publication");
    expect(parsePublication({ ...body, twoPeople: [[brien.id, brian.id]] }, NOW, profile)).toHaveProperty(
      "publication",
    );
    expect(parsePublication({ ...body, twoPeople: [[brien.id]] }, NOW, profile)).toEqual({
      issues: [{ pointer: "/twoPeople/0", message: "must be the ids of two people" }],
    });
  });

  it.each(near)("refuses to publish the two until the pair is confirmed: %s", (_, one, other) => {
    const people = [named(one), named("Nobody Near"), { ...named(other), id: "the-other" }];
    expect(refusalOfAlike(people, [], [])).toEqual({
      tag: "people-alike",
      issues: [{ pointer: "/case/people/2", message: `may be the person at /case/people/0: ${one}, ${other}` }],
      twoPeople: [[people[0]!.id, "the-other"]],
    });
    expect(refusalOfAlike(people, [["the-other", people[0]!.id]], [])).toBeNull();
    expect(refusalOfAlike(people, [["the-other", "nobody-near"]], [])).not.toBeNull();
  });

  it("refuses the pair when only one of them was in the revision it is based on", () => {
    expect(refusalOfAlike([brien, brian], [], [brien])).not.toBeNull();
    expect(refusalOfAlike([brien, brian], [], [brien, brian])).toBeNull();
  });

  it("is sent the pairs that the editor said are two, and nothing else that was resolved", () => {
    const draft = typed([brien, brian]);
    const [question] = peopleQuestions(draft);
    const answered = { ...draft, resolved: ["similar-person|3", question!.key, "two-people||sean"] };
    expect(refusalOfAlike(draft.case.people as Person[], confirmedPairs(draft), [])).not.toBeNull();
    expect(confirmedPairs(answered)).toHaveLength(1);
    expect(refusalOfAlike(draft.case.people as Person[], confirmedPairs(answered), [])).toBeNull();
  });

  it("reads names of any shape", () => {
    for (const people of [7, "text", null, [null, 7, "x", {}, { names: 7 }, { names: [null, { value: 7 }] }]])
      expect(gapsIn({ ...base, people } as never, {}, localeTags, { people }).people).toEqual([]);
  });

  it("compares no more people and names than a case may have, so that no body makes it slow", () => {
    const unnamed = Array.from({ length: 100 }, () => ({}));
    expect(nearPairs([...unnamed.slice(2), brien, brian])).toHaveLength(1);
    expect(nearPairs([...unnamed, brien, brian])).toEqual([]);
    const names = [..."ABCDEFGHIJKLMNOPQRSTUVWX"].map((letter) => ({ value: letter.repeat(9) }));
    expect(nearPairs([{ names: [...names, ...brien.names] }, brian])).toEqual([]);
  });
});
