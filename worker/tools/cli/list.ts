/** `list`: the cases, filtered and searched as in the desk. */
import { hasLapsed } from "../../../shared/view/age.ts";
import { type CaseFilter, caseFilters, filterCases, passesFilter } from "../../editing/rules/case-filters.ts";
import type { DeskCase } from "../../editing/rules/desk.ts";
import { configuredDeployment } from "./deployment.ts";
import { count, type Outcome } from "./outcome.ts";

const titleOf = ({ title, language }: DeskCase): string =>
  title ? (title[language ?? ""] ?? Object.values(title)[0] ?? "") : "no title";

/** What an editor may have to act on, most urgent first. */
function statusOf(one: DeskCase, now: number): string[] {
  const { state, live, pending, waiting, action, until, asOf, outdated } = one;
  return [
    ...(state === "withdrawn" ? ["withdrawn"] : live === null ? ["not published"] : [`revision ${live} is live`]),
    ...pending.map(({ number, kind, liveAt }) => `${kind} ${number} pending until ${liveAt}`),
    ...(waiting > 0 ? [`${count(waiting, "proposal")} waiting`] : []),
    ...(action === "closed" || action === "suspended" ? [action] : []),
    ...(action === "active" && until !== null
      ? [hasLapsed(until, now) ? `deadline ${until} passed` : `deadline ${until}`]
      : []),
    ...(asOf === null ? [] : [`facts of ${asOf}${passesFilter(one, "stale", now) ? " (older than 180 days)" : ""}`]),
    ...(outdated > 0 ? [`${count(outdated, "outdated translation")}`] : []),
  ];
}

export async function list(
  outcome: Outcome,
  words: string[],
  options: Partial<Record<CaseFilter, boolean>>,
): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const [{ cases }, { profile }] = await Promise.all([deployment.listDeskCases(), deployment.readMe()]);
  const now = deployment.now();
  const chosen = caseFilters.filter((filter) => options[filter]);
  const found = filterCases(cases, words.join(" "), chosen, now, profile);
  outcome.say(
    ...found.flatMap((one) => [`${one.id}  ${one.number}  ${titleOf(one)}`, `    ${statusOf(one, now).join("; ")}`]),
  );
  if (found.length < cases.length || found.length === 0)
    outcome.note(cases.length === 0 ? "There are no cases yet." : `${found.length} of ${count(cases.length, "case")}.`);
  outcome.result({ cases: found });
}
