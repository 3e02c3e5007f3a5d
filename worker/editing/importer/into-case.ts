/**
 * Adds a document's facts to an existing case. It removes nothing from the
 * case, and the editor sees every difference.
 */

import { freeId } from "../../../shared/case/id.ts";
import { lastDay } from "../../../shared/case/partial-date.ts";
import { samePerson, similarPeople } from "../../../shared/case/same-person.ts";
import type {
  Case,
  Document,
  PartialDate,
} from "../../../shared/case/schema.ts";
import { type Draft, type Warning, warningOf } from "./draft.ts";

type Drafted = Draft["case"];
type DraftedPerson = NonNullable<NonNullable<Drafted["people"]>[number]>;
type DraftedDocument = NonNullable<NonNullable<Drafted["documents"]>[number]>;
type Person = Case["people"][number];

const dayOf = (date: Partial<PartialDate> | undefined) =>
  (date?.date ? lastDay(date.date) : null) ?? "";

/**
 * The document of the case that is the same as the drafted one; undefined when
 * it is new.
 */
const known = (documents: Document[], drafted: DraftedDocument) =>
  documents.find(
    ({ reference, href, kind, sequence }) =>
      (drafted.reference !== undefined && drafted.reference === reference) ||
      (drafted.href !== undefined && drafted.href === href) ||
      (drafted.sequence !== undefined &&
        drafted.sequence === sequence &&
        drafted.kind === kind),
  );

/**
 * A copy of the draft whose sources are the ids of its documents in the case.
 */
function withSources<T>(value: T, ids: Map<string, string>): T {
  return JSON.parse(JSON.stringify(value), (key, child) =>
    key === "source" ? (ids.get(child) ?? child) : child,
  ) as T;
}

/**
 * The person with the document's spellings of the name. Statuses are
 * candidates, which the editor accepts.
 */
function personWith(person: Person, drafted: DraftedPerson): Person {
  const result = structuredClone(person);
  const spelt = new Set(person.names.map(({ value }) => value));
  for (const name of drafted.names ?? [])
    if (name.value !== undefined && !spelt.has(name.value))
      result.names.push({
        ...name,
        form: name.form === "native" ? "native" : "variant",
      } as Person["names"][number]);
  result.pronouns ??= drafted.pronouns ?? null;
  return result;
}

/**
 * Names, documents and places are always added. New people and the action come
 * only from a document that is newer than the case. A document that the case
 * already cites only fills fields that are empty. The date of the facts stays:
 * a person moves it, who has read what the document says of them.
 * @param current the case of its newest revision
 * @param draft the draft of a document with the same number
 * @returns the case with the document's facts
 */
export function intoCase(current: Case, draft: Drafted): Case {
  const result = structuredClone(current);
  const ids = new Map<string, string>();
  const [own] = draft.documents ?? [];
  const cited = own ? known(current.documents, own) : undefined;
  for (const drafted of draft.documents ?? []) {
    const there = known(result.documents, drafted);
    const id =
      there?.id ??
      freeId(
        drafted.id ?? "document",
        new Set(result.documents.map((document) => document.id)),
      );
    ids.set(drafted.id ?? "document", id);
    if (there) Object.assign(there, { ...drafted, ...there });
    else result.documents.push({ ...drafted, id } as Document);
  }
  const { people = [], places = [], action, asOf } = withSources(draft, ids);
  const last = Math.max(
    0,
    ...current.documents.map(({ sequence }) => sequence ?? 0),
  );
  const newer =
    !cited &&
    (dayOf(asOf) > dayOf(current.asOf) || (own?.sequence ?? 0) > last);
  for (const drafted of people) {
    const person = samePerson(current.people, drafted);
    const at = result.people.findIndex(({ id }) => id === person?.id);
    if (person && at >= 0)
      result.people[at] = personWith(result.people[at] as Person, drafted);
    else if (newer)
      result.people.push({
        ...drafted,
        id: freeId(
          drafted.id ?? "person",
          new Set(result.people.map(({ id }) => id)),
        ),
      } as Person);
  }
  for (const place of places)
    if (
      !result.places.some(
        (there) =>
          (place.iso3166 !== undefined && there.iso3166 === place.iso3166) ||
          Object.values(there.name).some((name) =>
            Object.values(place.name ?? {}).includes(name),
          ),
      )
    )
      result.places.push(place as Case["places"][number]);
  if (newer && action) Object.assign(result.action, action);
  return result;
}

/**
 * A warning for each person of the draft who may be someone in the case, or
 * not. The editor must say which.
 */
export const peopleWarnings = (current: Case, draft: Drafted): Warning[] =>
  similarPeople(current.people, draft.people ?? []).map(({ index, names }) =>
    warningOf("similar-person", null, names, `/people/${index}`),
  );
