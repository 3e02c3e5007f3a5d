/** `show` and `diff`: what stands, and what would change. */
import * as v from "valibot";
import { Case } from "../../../shared/case/schema.ts";
import { type Change, changesBetween } from "../../../shared/change.ts";
import { isLocale, type LocaleTag, localeTags } from "../../../shared/locale.ts";
import { viewPast } from "../../../shared/view/revision.ts";
import type { DeskRecord } from "../../editorial/desk.ts";
import { differencesBetween } from "../../editorial/merge.ts";
import { configuredDeployment, type Deployment } from "./deployment.ts";
import { differenceLine } from "./documents.ts";
import { type Publication, publicationFile, writeNew } from "./files.ts";
import { type Outcome, Stop } from "./outcome.ts";

/** Changes as readers will be told of them. */
export function changeWords(changes: Change[], locale: LocaleTag): string[] {
  const revision = { number: 1, kind: "update", liveAt: new Date(0).toISOString(), note: {}, changes };
  return viewPast(revision as never, "en", locale).changes;
}

/** What a case says. @throws Stop when it says nothing */
export async function present(deployment: Deployment, id: string): Promise<DeskRecord & { case: Case }> {
  const record = await deployment.newest(id);
  if (!record)
    throw new Stop("refused", {
      title: "No such case",
      detail: `There is no case ${id} on ${deployment.url}.`,
      remedy: "Check its id; GET /v1/cases lists the cases.",
    });
  if (record.revision.kind === "withdrawal")
    throw new Stop("refused", {
      title: "This case was withdrawn",
      detail: `Its content went with revision ${record.revision.number}.`,
      remedy: "A withdrawn case stays withdrawn.",
    });
  const { number } = record.revision;
  if (!record.case)
    throw new Stop("refused", {
      title: "Its content was lost",
      detail: `Revision ${number} of ${id}, a redaction, came back from a backup without its content; readers see that it was withdrawn.`,
      remedy: `Publish it anew: \`publish case.json --on ${number}\`.`,
    });
  return { ...record, case: record.case };
}

export async function show(outcome: Outcome, id: string, { output }: { output?: string }): Promise<void> {
  const record = await present(await configuredDeployment(), id);
  const publication: Publication = {
    basedOn: record.revision.number,
    case: record.case,
    note: {},
    kind: "update",
  };
  const text = `${JSON.stringify(publication, null, 2)}\n`;
  if (output) {
    await writeNew(output, text);
    outcome.note(`Revision ${record.revision.number} of ${id} is in ${output}.`);
  } else if (!outcome.json) process.stdout.write(text);
  outcome.result(publication);
}

export async function diff(outcome: Outcome, file: string, { lang }: { lang: string }): Promise<void> {
  if (!isLocale(lang))
    throw new Stop("usage", {
      title: "No such language",
      detail: `${lang} is not spoken here.`,
      remedy: `Choose one of ${localeTags.join(", ")}.`,
    });
  const { case: given } = await publicationFile(file);
  const { id } = given;
  if (typeof id !== "string")
    throw new Stop("refused", {
      title: "It names no case",
      detail: `${file} has no id.`,
      remedy: "Give it one such as ua-126-19, or begin with `show`.",
    });
  // As it would be stored: what is left out has its default.
  const whole = v.safeParse(Case, given);
  const fields = whole.success ? whole.output : given;
  const record = await present(await configuredDeployment(), id);
  const changes = changesBetween(record.case, { ...record.case, ...fields } as Case);
  const differences = differencesBetween(record.case, fields);
  outcome.say(
    differences.length === 0
      ? `Nothing differs from revision ${record.revision.number} of ${id}.`
      : `Against revision ${record.revision.number} of ${id}, of ${record.revision.liveAt}:`,
    ...(changes.length > 0 ? ["Readers will be told:", ...changeWords(changes, lang).map((text) => `  ${text}`)] : []),
    ...(differences.length > 0 ? ["Fields:", ...differences.map(differenceLine)] : []),
  );
  outcome.result({ id, against: record.revision.number, changes, differences });
}
