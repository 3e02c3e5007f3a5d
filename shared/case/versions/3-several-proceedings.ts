/** Puts a person's only proceeding into a list, with an id. */
import { type Fields, isFields } from "../../fields.ts";

function withList(person: unknown): unknown {
  if (!isFields(person)) return person;
  const { proceedings } = person;
  return isFields(proceedings)
    ? { ...person, proceedings: [{ id: "proceeding", ...proceedings }] }
    : person;
}

export const severalProceedings = (content: Fields): Fields =>
  Array.isArray(content.people)
    ? { ...content, people: content.people.map(withList) }
    : content;
