/** Puts a person's only proceeding into a list, with an id. */
import { isFields } from "../../fields.ts";
import type { Step } from "./steps.ts";

function withList(person: unknown): unknown {
  if (!isFields(person)) return person;
  const { proceedings } = person;
  return isFields(proceedings) ? { ...person, proceedings: [{ id: "proceeding", ...proceedings }] } : person;
}

export const severalProceedings: Step = (content) =>
  Array.isArray(content.people) ? { ...content, people: content.people.map(withList) } : content;
