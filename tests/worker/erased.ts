import type { Erase, Erased } from "../../worker/editing/rules/erase.ts";
import type { Review } from "../../worker/objects/ledger/review.ts";

/** Erases what a preview shows, in a Ledger of the same isolate. */
export function erased(
  review: Pick<Review, "previewErasure" | "erase">,
  id: string,
  basedOn: number,
  erase: Erase[] = [{ what: "earlier" }],
): Erased {
  const none = { alike: [], cases: [], leave: [], drafts: [], proposals: [] };
  const command = { id, basedOn, erase, editor: "tester", ...none };
  const shown = review.previewErasure(command, false);
  const outcome =
    "failure" in shown
      ? shown
      : review.erase({ ...command, seen: shown.done.seen }, false);
  if ("failure" in outcome || "proposal" in outcome.done)
    throw new Error(JSON.stringify(outcome));
  return outcome.done;
}
