/** What an isolate reads of a journal to make lists. */
import type { Journal } from "../../worker/objects/ledger/journal.ts";
import type { AllCases } from "../../worker/reads/all-cases.ts";
import { CaseIndex } from "../../worker/reads/case-index.ts";
import type { Changed } from "../../worker/reads/state.ts";
import { profile } from "../support/profile.ts";

/** Every case with its newest change, in the order of the changes. */
export function changedIn({ list }: Journal): Changed[] {
  const upTo = list.changesSince(null).epoch.number;
  const from = (after: number): Changed[] => {
    const { text, to } = list.casesBetween(after, upTo);
    return [...JSON.parse(text), ...(to < upTo ? from(to) : [])];
  };
  return from(0);
}

/** Every case, as an isolate lists it. */
export function casesIn({ list }: Journal): AllCases {
  const index = new CaseIndex(profile);
  index.apply(list.changesSince(null));
  for (let missing = index.missing; missing; missing = index.missing)
    index.add(list.casesBetween(missing.after, missing.upTo), missing.after);
  return index.all;
}
