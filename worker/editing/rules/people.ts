/** One person in place of two. */
import { type Fields, isFields } from "../../../shared/fields.ts";
import type { UnfinishedCase } from "./desk.ts";
import { type Difference, isSame } from "./merge.ts";

type People = NonNullable<UnfinishedCase["people"]>;

/**
 * Of two people who may be one, the published one first: that entry stays when
 * they are one.
 */
export function keptFirst(
  [one, other]: readonly [number, number],
  people: readonly ({ id?: string } | undefined)[],
  before: readonly { id?: string }[],
): [number, number] {
  const isPublished = (index: number) =>
    before.some(({ id }) => id !== undefined && id === people[index]?.id);
  return isPublished(other) && !isPublished(one) ? [other, one] : [one, other];
}

const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === "" ||
  (Array.isArray(value) && value.length === 0);

/** Entries of a person's list are told apart by their id or value. */
const nameOf = (entry: unknown) =>
  isFields(entry) ? String(entry.id ?? entry.value) : String(entry);

/**
 * One person in place of two: the names of both are spellings of one, the kept
 * one's statements stay, and the other's fill what it lacks.
 * @returns the people, and the other's statements that go because the kept one
 * says something else
 */
export function peopleAsOne(
  people: People,
  { kept, other }: { kept: number; other: number },
): { people: People; conflicts: Difference[] } {
  const [own, gone] = [
    (people[kept] ?? {}) as Fields,
    (people[other] ?? {}) as Fields,
  ];
  const conflicts: Difference[] = [];
  const merged: Fields = { ...own };
  for (const [key, theirs] of Object.entries(gone)) {
    const mine = own[key];
    if (key === "id" || isEmpty(theirs)) continue;
    if (key === "names") merged.names = namesOfOne(mine, theirs);
    else if (isEmpty(mine)) merged[key] = theirs;
    else if (Array.isArray(mine) && Array.isArray(theirs)) {
      const known = new Map(mine.map((entry) => [nameOf(entry), entry]));
      merged[key] = [
        ...mine,
        ...theirs.filter((entry) => !known.has(nameOf(entry))),
      ];
      for (const entry of theirs) {
        const there = known.get(nameOf(entry));
        if (there !== undefined && !isSame(there, entry))
          conflicts.push({
            at: `people/${kept}/${key}`,
            before: there,
            after: entry,
          });
      }
    } else if (!isSame(mine, theirs))
      conflicts.push({
        at: `people/${kept}/${key}`,
        before: mine,
        after: theirs,
      });
  }
  return {
    people: people
      .map((person, at) => (at === kept ? (merged as People[number]) : person))
      .toSpliced(other, 1),
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
      .map((name) =>
        preferred && name.form === "preferred"
          ? { ...name, form: "variant" }
          : name,
      ),
  ];
}
