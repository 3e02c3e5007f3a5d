/** What a correction denies, and where that was said first. */
import type { Change } from "../change.ts";
import type { Revision } from "../revision.ts";

type Said = Pick<Revision, "number" | "kind" | "changes">;
type Denial = Extract<Change, { from: string | null; to: string | null }>;

/**
 * Statuses, then what the action says, then the day of the facts: the latter
 * also move with the former, and count only without them.
 */
const weights: Change["what"][][] = [
  ["custody", "proceedings", "sentence"],
  ["action", "deadline"],
  ["as-of"],
];

/** The values that a correction denies. */
function denialsOf({ kind, changes }: Said): Denial[] {
  if (kind !== "correction") return [];
  const all = changes.filter(
    (change): change is Denial => "from" in change && change.from !== null,
  );
  const found = weights.map((kinds) =>
    all.filter(({ what }) => kinds.includes(what)),
  );
  return found.find((some) => some.length > 0) ?? [];
}

const subjectOf = (change: Denial) =>
  JSON.stringify([
    change.what,
    "person" in change ? [change.person, change.subject] : null,
  ]);

/**
 * The numbers of the revisions that said first what a correction denies; 1 for
 * what the case said from the start.
 * @param before newest first
 */
export function deniedBy(correction: Said, before: readonly Said[]): number[] {
  const numbers = denialsOf(correction).map((denial) => {
    const isSame = (change: Change) =>
      "from" in change &&
      change.to === denial.from &&
      subjectOf(change) === subjectOf(denial);
    return before.find(({ changes }) => changes.some(isSame))?.number ?? 1;
  });
  return [...new Set(numbers)];
}

/**
 * The corrections of a case's revisions, by the number of the revision that
 * each denies.
 * @param revisions of one case, newest first
 */
export function correctionsIn<T extends Said>(
  revisions: readonly T[],
): Map<number, T> {
  const found = new Map<number, T>();
  for (const [index, one] of revisions.entries())
    for (const number of deniedBy(one, revisions.slice(index + 1)))
      found.set(number, one);
  return found;
}
