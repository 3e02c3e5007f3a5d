/**
 * The question whether two people are one, in a draft, after a merge of two
 * drafts, and in the gaps that the API answers with.
 */

import { describe, expect, it } from "vitest";
import { nearPairs } from "../../../shared/case/same-person.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { derived } from "../../../worker/desk/form/derive.ts";
import { deskWords } from "../../../worker/desk/locales/desk-words.ts";
import { draftOf, emptyDraft } from "../../../worker/desk/start-draft.ts";
import { setWords } from "../../../worker/desk/words.ts";
import type { DeskDraft } from "../../../worker/editing/rules/desk.ts";
import {
  keptFirst,
  peopleAsOne,
} from "../../../worker/editing/rules/people.ts";
import { parsePublication } from "../../../worker/editing/rules/publication.ts";
import {
  inventedCase,
  inventedPerson,
  stated,
} from "../../support/invented.ts";
import { profile } from "../../support/profile.ts";

setWords(deskWords("en"));

type Person = Case["people"][number];
const base = inventedCase(902);
const NOW = Date.parse("2026-11-25T12:00:00Z");

const named = (value: string, more: object = {}): Person =>
  inventedPerson(value, { designations: [], proceedings: [], ...more });
const withPeople = (...people: Person[]): Case => ({ ...base, people });
const status = (value: "released" | "imprisoned", day: string) => ({
  custody: stated(value, day),
});

/** A draft as the form leaves it, with ids made from names. */
function typed(people: Person[], before: Case | null = null): DeskDraft {
  const start = before ? draftOf(1, before) : emptyDraft(profile);
  return {
    ...start,
    case: derived({ ...base, people } as never, before, profile),
  };
}
describe("Two people who are one", () => {
  const merged = (people: Person[], before: Case | null = null) => {
    const draft = typed(people, before);
    const list = (draft.case.people ?? []) as Person[];
    const [pair] = nearPairs(list, before?.people);
    const [kept, other] = keptFirst(pair!.indexes, list, before?.people ?? []);
    return peopleAsOne(draft.case.people ?? [], { kept, other });
  };

  it("have the spellings of both, one of them preferred, and what only one of them states", () => {
    const sentence = {
      value: { duration: "P1Y" },
      asOf: { date: "2000-02-01" },
      statedBy: "X",
      source: "first",
    };
    const { people, conflicts } = merged([
      named("Sean O'Brien", status("imprisoned", "2000-01-02")),
      named("Sean O'Brian", {
        pronouns: "he/him",
        sentence,
      } as Partial<Person>),
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
      parsePublication(
        { case: { ...base, people }, note: { en: "Note" }, kind: "update" },
        NOW,
        profile,
      ),
    ).toHaveProperty("publication");
  });

  it("keep the statements of the one who stays, and name those that go", () => {
    const gone = named("Sean O'Brian", status("released", "2000-03-01"));
    const { people, conflicts } = merged([
      named("Sean O'Brien", status("imprisoned", "2000-01-02")),
      gone,
    ]);
    expect(people[0]?.custody?.value).toBe("imprisoned");
    expect(conflicts).toMatchObject([
      {
        at: "people/0/custody",
        before: { value: "imprisoned" },
        after: { value: "released" },
      },
    ]);
  });

  it("keep the published person and id, wherever that entry stands", () => {
    const before = withPeople(
      named("Sean O'Brian", status("imprisoned", "2000-01-02")),
    );
    const { people } = merged(
      [named("Sean O'Brien"), named("Nobody Near"), ...before.people],
      before,
    );
    expect(people.map((person) => person?.id)).toEqual([
      "nobody-near",
      "sean-o-brian",
    ]);
    expect(people[1]?.names?.map((name) => [name?.value, name?.form])).toEqual([
      ["Sean O'Brian", "preferred"],
      ["Sean O'Brien", "variant"],
    ]);
  });

  it("lose no statement of a list, and name the one that differs", () => {
    const designation = (value: string, statedBy: string) => ({
      ...stated(value),
      statedBy,
    });
    const { people, conflicts } = merged([
      named("Sean O'Brien", {
        designations: [designation("prisoner-of-conscience", "One")],
      } as never),
      named("Sean O'Brian", {
        designations: [
          designation("prisoner-of-conscience", "Two"),
          designation("human-rights-defender", "Two"),
        ],
      } as never),
    ]);
    expect(
      people[0]?.designations?.map((one) => [one?.value, one?.statedBy]),
    ).toEqual([
      ["prisoner-of-conscience", "One"],
      ["human-rights-defender", "Two"],
    ]);
    expect(conflicts).toMatchObject([{ after: { statedBy: "Two" } }]);
  });
});
