/** `outdated`: the translations whose source has changed. */

import type { OutdatedText } from "../../editing/rules/desk.ts";
import { configuredDeployment } from "./deployment.ts";
import type { Outcome } from "./outcome.ts";

const lineOf = ({ number, pointer, lang, reviewed }: OutdatedText) =>
  `${number}  ${lang}  ${pointer}${reviewed ? "  (was reviewed)" : ""}`;

export async function listOutdated(outcome: Outcome): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const outdated: OutdatedText[] = [];
  let after: string | undefined;
  do {
    const page = await deployment.listOutdated(after === undefined ? {} : { after });
    outdated.push(...page.outdated);
    after = page.next;
  } while (after !== undefined);
  outcome.say(...(outdated.length > 0 ? outdated.map(lineOf) : ["No translation is outdated."]));
  outcome.result({ outdated });
}
