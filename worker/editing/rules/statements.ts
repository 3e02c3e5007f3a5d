/** The authors whom a case quotes: of statuses, assessments and rights. */
import { statedFields } from "../../../shared/case/schema.ts";
import { isFields } from "../../../shared/fields.ts";

type Path = (string | number)[];

/** The fields that hold an author's name as a plain string. */
const authorFields = new Set(["statedBy", "by", "holder"]);

/** Every place in a case that names an author, and the name. */
export function statementsIn(
  value: unknown,
  path: Path = [],
): { path: Path; name: string }[] {
  if (Array.isArray(value))
    return value.flatMap((child, index) =>
      statementsIn(child, [...path, index]),
    );
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const at = [...path, key];
    return typeof child === "string" && authorFields.has(key)
      ? [{ path: at, name: child }]
      : statementsIn(child, at);
  });
}

/** The places that still name an earlier issuer. */
export const statementsBy = (value: unknown, name: string): Path[] =>
  statementsIn(value)
    .filter((one) => one.name.trim() === name.trim())
    .map(({ path }) => path);

/**
 * The people with an author for every status that has none.
 * @param before the author that was given to such statuses until now; its
 * statuses follow
 */
export function withAuthor<T>(
  people: readonly T[],
  before: string | undefined,
  author: string,
): T[] {
  const named = (status: unknown): unknown => {
    if (!isFields(status)) return status;
    const isOwn = !status.statedBy || status.statedBy === before;
    return isOwn ? { ...status, statedBy: author } : status;
  };
  return people.map((person) => {
    if (!isFields(person)) return person;
    const entries = Object.entries(person).map(([key, value]) => {
      if (!statedFields.some((field) => field === key)) return [key, value];
      return [key, Array.isArray(value) ? value.map(named) : named(value)];
    });
    return Object.fromEntries(entries) as T;
  });
}
