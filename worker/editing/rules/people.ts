/** The question whether two people of a draft are one, and its two answers. */
import { nearPairs } from "../../../shared/case/same-person.ts";
import type { Case } from "../../../shared/case/schema.ts";
import type { Failure } from "../../../shared/failure.ts";
import { type Fields, isFields } from "../../../shared/fields.ts";
import type { DeskDraft, UnfinishedCase } from "./desk.ts";
import { type Difference, isSame } from "./merge.ts";

type People = NonNullable<UnfinishedCase["people"]>;

export interface PeopleQuestion {
  /** Identifies the question among the draft's resolved ones. */
  key: string;
  /** The index of the person who stays when the two are one: the published one, else the first. */
  kept: number;
  other: number;
  /** The first name of each, in the same order. */
  names: [string, string];
}

/** Records among a draft's resolved questions that two ids are two people. */
export const twoPeopleKey = (ids: readonly string[]): string => ["two-people", ...ids.toSorted()].join("|");

/** The pairs of people in a draft who may be one person, without those that the editor said are two. */
export function peopleQuestions({
  case: { people = [] },
  base,
  resolved,
}: Pick<DeskDraft, "case" | "resolved"> & { base: { case: { people?: unknown } } | null }): PeopleQuestion[] {
  const before = base && Array.isArray(base.case.people) ? (base.case.people as { id?: string }[]) : [];
  const isPublished = (index: number) => before.some(({ id }) => id !== undefined && id === people[index]?.id);
  return nearPairs(people, before).flatMap(({ indexes: [one, other], names }) => {
    const key = twoPeopleKey([people[one]?.id ?? "", people[other]?.id ?? ""]);
    if (resolved.includes(key)) return [];
    return isPublished(other)
      ? [{ key, kept: other, other: one, names: [names[1], names[0]] }]
      : [{ key, kept: one, other, names }];
  });
}

/** The pairs of ids that the editor said are two people, as a publish confirms them. */
export const confirmedPairs = ({ resolved }: Pick<DeskDraft, "resolved">): string[][] =>
  resolved.flatMap((key) => {
    const [kind, ...ids] = key.split("|");
    return kind === "two-people" && ids.length === 2 && ids.every((id) => id !== "") ? [ids] : [];
  });

const MAX_ISSUES = 50;

/**
 * Refuses to publish two people with almost the same name, unless an editor has confirmed that they are two.
 * @param twoPeople the confirmed pairs of ids, in any order
 * @param before the people of the revision it is based on; two of them were published as two people
 */
export function refusalOfAlike(
  people: Case["people"],
  twoPeople: readonly string[][],
  before: Case["people"],
): Extract<Failure, { tag: "people-alike" }> | null {
  const keyOf = (ids: readonly string[]) => ids.toSorted().join("|");
  const confirmed = new Set(twoPeople.map(keyOf));
  const open = nearPairs(people, before).flatMap(({ indexes, names }) => {
    const ids = indexes.map((index) => people[index]?.id ?? "");
    return confirmed.has(keyOf(ids)) ? [] : [{ indexes, names, ids }];
  });
  if (open.length === 0) return null;
  return {
    tag: "people-alike",
    issues: open.slice(0, MAX_ISSUES).map(({ indexes: [one, other], names }) => ({
      pointer: `/case/people/${other}`,
      message: `may be the person at /case/people/${one}: ${names.join(", ")}`,
    })),
    twoPeople: open.map(({ ids }) => ids),
  };
}

const isEmpty = (value: unknown) =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** Entries of a person's list are told apart by their id or value. */
const nameOf = (entry: unknown) => (isFields(entry) ? String(entry.id ?? entry.value) : String(entry));

/**
 * One person in place of two: the names of both are spellings of one, the kept one's statements stay, and the other's fill what it lacks.
 * @returns the people, and the other's statements that go because the kept one says something else
 */
export function peopleAsOne(
  people: People,
  { kept, other }: Pick<PeopleQuestion, "kept" | "other">,
): { people: People; conflicts: Difference[] } {
  const [own, gone] = [(people[kept] ?? {}) as Fields, (people[other] ?? {}) as Fields];
  const conflicts: Difference[] = [];
  const merged: Fields = { ...own };
  for (const [key, theirs] of Object.entries(gone)) {
    const mine = own[key];
    if (key === "id" || isEmpty(theirs)) continue;
    if (key === "names") merged.names = namesOfOne(mine, theirs);
    else if (isEmpty(mine)) merged[key] = theirs;
    else if (Array.isArray(mine) && Array.isArray(theirs)) {
      const known = new Map(mine.map((entry) => [nameOf(entry), entry]));
      merged[key] = [...mine, ...theirs.filter((entry) => !known.has(nameOf(entry)))];
      for (const entry of theirs) {
        const there = known.get(nameOf(entry));
        if (there !== undefined && !isSame(there, entry))
          conflicts.push({ at: `people/${kept}/${key}`, before: there, after: entry });
      }
    } else if (!isSame(mine, theirs)) conflicts.push({ at: `people/${kept}/${key}`, before: mine, after: theirs });
  }
  return {
    people: people.map((person, at) => (at === kept ? (merged as People[number]) : person)).toSpliced(other, 1),
    conflicts,
  };
}

/** The names of both. Only the kept person's preferred name stays preferred. */
function namesOfOne(mine: unknown, theirs: unknown): unknown[] {
  const own = (Array.isArray(mine) ? mine : []).filter(isFields);
  const spelt = new Set(own.map(({ value }) => value));
  const preferred = own.some(({ form }) => form === "preferred");
  return [
    ...own,
    ...(Array.isArray(theirs) ? theirs : [])
      .filter(isFields)
      .filter(({ value }) => !spelt.has(value))
      .map((name) => (preferred && name.form === "preferred" ? { ...name, form: "variant" } : name)),
  ];
}
