/** What a document adds to a case that already stands; nothing of the case is taken away, and the editor is shown every difference. */

import { fold } from "../../shared/case/names.ts";
import { lastDay } from "../../shared/case/partial-date.ts";
import type { Case, Document, PartialDate } from "../../shared/case/schema.ts";
import type { Draft } from "./draft.ts";

type Drafted = Draft["case"];
type DraftedPerson = NonNullable<NonNullable<Drafted["people"]>[number]>;
type DraftedDocument = NonNullable<NonNullable<Drafted["documents"]>[number]>;
type Person = Case["people"][number];

/** Statuses that a newer document replaces, each whole: value, date and source. */
const statuses = ["charges", "custody", "proceedings", "sentence"] as const;

const dayOf = (date: Partial<PartialDate> | undefined) => (date?.date ? lastDay(date.date) : null) ?? "";

/** The document of the case that a drafted one is, if it is there already. */
const known = (documents: Document[], drafted: DraftedDocument) =>
  documents.find(
    ({ aiIndex, href, kind, sequence }) =>
      (drafted.aiIndex !== undefined && drafted.aiIndex === aiIndex) ||
      (drafted.href !== undefined && drafted.href === href) ||
      (drafted.sequence !== undefined && drafted.sequence === sequence && drafted.kind === kind),
  );

/** The first of `id`, `id-2`, `id-3`, ... that is free. */
function freeId(id: string, taken: Iterable<string>): string {
  const all = new Set(taken);
  let free = id;
  for (let count = 2; all.has(free); count++) free = `${id}-${count}`;
  return free;
}

/** What only JSON values are in. */
const copied = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** The same draft with its documents under the ids they have, or get, in the case. */
function withSources<T>(value: T, ids: Map<string, string>): T {
  return JSON.parse(JSON.stringify(value), (key, child) => (key === "source" ? (ids.get(child) ?? child) : child)) as T;
}

const foldedNames = (names: { value?: string }[] | undefined) => (names ?? []).map(({ value }) => fold(value ?? ""));

/** The one person of the case who bears a name of the drafted one; null when nobody does, or several. */
function bearer(people: Person[], drafted: DraftedPerson): Person | null {
  const names = new Set(foldedNames(drafted.names));
  const found = people.filter((person) => foldedNames(person.names).some((name) => names.has(name)));
  return found.length === 1 ? (found[0] as Person) : null;
}

function personWith(person: Person, drafted: DraftedPerson, newer: boolean): Person {
  const result = copied(person);
  const spelt = new Set(person.names.map(({ value }) => value));
  for (const name of drafted.names ?? [])
    if (name.value !== undefined && !spelt.has(name.value))
      result.names.push({ ...name, form: name.form === "native" ? "native" : "variant" } as Person["names"][number]);
  result.pronouns ??= drafted.pronouns ?? null;
  if (!newer) return result;
  for (const designation of drafted.designations ?? [])
    if (!result.designations.some(({ value }) => value === designation.value))
      result.designations.push(designation as Person["designations"][number]);
  for (const status of statuses) {
    const said = drafted[status];
    if (said && dayOf(said.asOf) >= dayOf(person[status]?.asOf)) Object.assign(result, { [status]: said });
  }
  return result;
}

/**
 * @param current the case as its newest revision has it
 * @param draft what a document states; of the same number
 * @returns the case with what the document adds. Names, documents and places are added; statuses, the action and the day of the facts change
 * only when the document is newer than the case, and a document that the case cites already fills nothing but what that document left empty.
 */
export function intoCase(current: Case, draft: Drafted): Case {
  const result = copied(current);
  const ids = new Map<string, string>();
  const [own] = draft.documents ?? [];
  const cited = own ? known(current.documents, own) : undefined;
  for (const drafted of draft.documents ?? []) {
    const there = known(result.documents, drafted);
    const id =
      there?.id ??
      freeId(
        drafted.id ?? "document",
        result.documents.map((document) => document.id),
      );
    ids.set(drafted.id ?? "document", id);
    if (there) Object.assign(there, { ...drafted, ...there });
    else result.documents.push({ ...drafted, id } as Document);
  }
  const { people = [], places = [], action, asOf } = withSources(draft, ids);
  const last = Math.max(0, ...current.documents.map(({ sequence }) => sequence ?? 0));
  const newer = !cited && (dayOf(asOf) > dayOf(current.asOf) || (own?.sequence ?? 0) > last);
  for (const drafted of people) {
    const person = bearer(current.people, drafted);
    const at = result.people.findIndex(({ id }) => id === person?.id);
    if (person && at >= 0) result.people[at] = personWith(result.people[at] as Person, drafted, newer);
    else if (newer)
      result.people.push({
        ...drafted,
        id: freeId(
          drafted.id ?? "person",
          result.people.map(({ id }) => id),
        ),
      } as Person);
  }
  for (const place of places)
    if (
      !result.places.some(
        (there) =>
          (place.iso3166 !== undefined && there.iso3166 === place.iso3166) ||
          Object.values(there.name).some((name) => Object.values(place.name ?? {}).includes(name)),
      )
    )
      result.places.push(place as Case["places"][number]);
  if (newer && action) Object.assign(result.action, action);
  if (newer && dayOf(asOf) > dayOf(current.asOf)) result.asOf = asOf as PartialDate;
  return result;
}
