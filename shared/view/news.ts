/** Which news of a case readers should hear of first. */

import type { Change } from "../change.ts";
import type { Revision } from "../revision.ts";
import { newsUntil } from "./age.ts";

/** Changes that are news by themselves, in the order of their weight. */
export const newsworthy: Change["what"][] = [
  "custody",
  "proceedings",
  "sentence",
  "person-added",
  "person-removed",
  "action",
];

/** Smaller is weightier. */
const rankOf = ({ changes }: Revision): number =>
  Math.min(
    newsworthy.length,
    ...changes
      .map(({ what }) => newsworthy.indexOf(what))
      .filter((rank) => rank >= 0),
  );

/** What was said before such a revision may no longer be right. */
const unsettles = ({ kind, changes }: Revision): boolean =>
  kind !== "update" || changes.some(({ what }) => what === "person-removed");

/**
 * The update before the head that is greater news than the head and all updates
 * between them, so that a release isn't hidden by a document that is added an
 * hour later. Of equals, the newest counts.
 * @param before the revisions before the head, newest first
 * @param now milliseconds since the epoch
 */
export function greaterNews(
  head: Revision,
  before: Revision[],
  now: number,
): Revision | undefined {
  let greatest = head;
  let later = head;
  for (const one of before) {
    if (unsettles(later) || one.kind !== "update" || now >= newsUntil(one))
      break;
    if (rankOf(one) < rankOf(greatest)) greatest = one;
    later = one;
  }
  return greatest === head ? undefined : greatest;
}
