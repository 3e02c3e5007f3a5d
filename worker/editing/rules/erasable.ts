/**
 * What can be erased by its place, and what an erasure leaves to do. A file
 * without schemas, which the editors' page loads.
 */
import type { Case } from "../../../shared/case/schema.ts";

/**
 * The lists of a case whose entries an editor may erase by their place; `*`
 * stands for each entry of a list.
 */
const erasableLists = [
  ...[
    "events",
    "quotations",
    "assessments",
    "impact",
    "next",
    "action/targets",
  ],
  ...["people/*/sentence/value/earlier", "links"],
];

function placesOf(value: unknown, [key, ...rest]: string[], at = ""): string[] {
  if (key === undefined) return [at];
  const keys = key === "*" ? Object.keys(value ?? []) : [key];
  return keys.flatMap((one) =>
    placesOf(
      (value as Record<string, unknown> | undefined)?.[one],
      rest,
      `${at}/${one}`,
    ),
  );
}

/** The places of what an operation `entry` may erase. */
export const erasablePlaces = (fields: Case): string[] =>
  erasableLists.flatMap((list) => placesOf(fields, [...list.split("/"), "*"]));

/**
 * True for a case of which an erasure took the last person, while its action
 * still asks readers to write.
 */
export const asksForNobody = ({ people, action }: Case): boolean =>
  people.length === 0 && action.state === "active";
