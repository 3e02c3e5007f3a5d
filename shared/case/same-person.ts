/** Tells whether two entries are one person: by id, then by every spelling of their names. A near match is a question to the editor. */

import type { FieldIssue } from "../failure.ts";
import { latin } from "./latin.ts";
import { fold } from "./names.ts";
import type { Case } from "./schema.ts";

/** A person in which any field may be missing. */
interface Named {
  id?: string | undefined;
  names?: ({ value?: string | undefined } | undefined)[] | undefined;
}

/** The keys of all spellings. A name without letters, such as a mark of omission, has none. */
const nameKeys = (person: Named): Set<string> =>
  new Set(
    spellingsOf(person)
      .map(fold)
      .filter((key) => key !== ""),
  );

const share = (one: Set<string>, other: Set<string>) => [...one].some((key) => other.has(key));

/** Ids that were made for a name without any letter that we transliterate. They say nothing about the person. */
const isNameless = (id: string) => /^person(-\d+)?$/.test(id);

/**
 * The only one of the people who has the same id, else the only one who has a spelling in common.
 * @returns null when there is none, or several
 */
export function samePerson<P extends Named>(people: readonly P[], person: Named): P | null {
  const { id } = person;
  const named = id === undefined || isNameless(id) ? undefined : people.find((other) => other.id === id);
  if (named) return named;
  const keys = nameKeys(person);
  const found = people.filter((other) => share(nameKeys(other), keys));
  return found.length === 1 ? (found[0] as P) : null;
}

/** True when one letter was added, removed or changed. */
function isOneEdit(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  return long.slice(start + 1) === short.slice(long.length === short.length ? start + 1 : start);
}

/** True for "S. O'Brien" and "Sean O'Brien", and for "O'Brien Sean". */
function hasSameInitials(a: string, b: string): boolean {
  const [one, other] = [a.split(" "), b.split(" ")];
  if (one.length < 2 || other.length < 2) return false;
  if (one.toSorted().join(" ") === other.toSorted().join(" ")) return true;
  return one.at(-1) === other.at(-1) && one[0]?.[0] === other[0]?.[0];
}

/** Both spellings as they are written, too: folding makes "Brien" and "Brian" differ in two letters. */
const areNear = (a: string, b: string): boolean => {
  const [one, other] = [fold(a), fold(b)];
  if (one === "" || other === "") return false;
  return isOneEdit(one, other) || isOneEdit(latin(a), latin(b)) || hasSameInitials(one, other);
};

const spellingsOf = ({ names = [] }: Named): string[] => names.flatMap((name) => name?.value ?? []);

/**
 * The people who may be someone whom the case has already, or not: one letter apart, or with the same surname and initial.
 * @param known the people of the case
 * @param people people who are to be added to it
 * @returns the index of each, and both names
 */
export function similarPeople(known: readonly Named[], people: readonly Named[]): { index: number; names: string }[] {
  return people.flatMap((person, index) => {
    if (samePerson(known, person)) return [];
    const own = spellingsOf(person);
    const near = known.filter((other) =>
      spellingsOf(other).some((spelling) => own.some((one) => areNear(one, spelling))),
    );
    return near.map((other) => ({ index, names: `${own[0]}, ${spellingsOf(other)[0]}` }));
  });
}

/**
 * People whom only one side added, under the ids that the other side knows them by.
 * @param known the people of the other side
 */
export function withKnownIds<P extends Named>(people: readonly P[], known: readonly Named[]): P[] {
  const own = new Set(people.map(({ id }) => id));
  const free = [...new Map(known.map((other) => [other.id, other])).values()].filter(({ id }) => !own.has(id));
  const isKnown = (id: string | undefined) => known.some((other) => other.id === id);
  return people.map((person) => {
    const same = isKnown(person.id) ? null : samePerson(free, person);
    return same && people.filter((other) => samePerson([same], other)).length === 1
      ? { ...person, id: same.id }
      : person;
  });
}

/** An issue for each person who has another id than in the previous revision. A published id never changes. */
export function changedIdIssues(before: Pick<Case, "people">, after: Pick<Case, "people">): FieldIssue[] {
  const aligned = withKnownIds(after.people, before.people);
  return aligned.flatMap(({ id }, index) =>
    id === after.people[index]?.id
      ? []
      : [{ pointer: `/case/people/${index}/id`, message: `must be ${id}, the id that this person was published with` }],
  );
}
