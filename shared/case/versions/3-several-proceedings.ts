/** Puts a person's only proceeding into a list, with an id. */
import type { Step } from "./steps.ts";

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function withList(person: unknown): unknown {
  if (!isFields(person)) return person;
  const { proceedings } = person;
  return isFields(proceedings) ? { ...person, proceedings: [{ id: "proceeding", ...proceedings }] } : person;
}

export const severalProceedings: Step = (content) =>
  Array.isArray(content.people) ? { ...content, people: content.people.map(withList) } : content;
