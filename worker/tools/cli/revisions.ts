/** `show` and `diff`. */
import * as v from "valibot";
import { Case } from "../../../shared/case/schema.ts";
import { type Change, changesBetween } from "../../../shared/change.ts";
import { isLocale, type LocaleTag, localeTags } from "../../../shared/locale.ts";
import { viewPast } from "../../../shared/view/revision.ts";
import type { DeskRecord } from "../../editing/rules/desk.ts";
import { differencesBetween } from "../../editing/rules/merge.ts";
import { caseNotFound, configuredDeployment, type Deployment } from "./deployment.ts";
import { differenceLine } from "./documents.ts";
import { type Publication, publicationFile, writeNew } from "./files.ts";
import { type Outcome, Stop } from "./outcome.ts";
import { configuredProfile } from "./profile.ts";

/** Changes in the words that readers will see. */
export function changeWords(changes: Change[], locale: LocaleTag): string[] {
  const revision = { number: 1, kind: "update", liveAt: new Date(0).toISOString(), note: {}, changes };
  return viewPast(revision as never, "en", locale, configuredProfile()).changes;
}

/** The newest revision of a case that has content. @throws Stop when there is none */
async function recordWithContent(deployment: Deployment, id: string): Promise<DeskRecord & { case: Case }> {
  const record = await deployment.newest(id);
  if (!record) throw caseNotFound(id, deployment.url);
  if (record.revision.kind === "withdrawal")
    throw new Stop("refused", {
      title: "The case was withdrawn",
      detail: `Revision ${record.revision.number} removed its content.`,
      remedy: "A withdrawn case can't be published again.",
    });
  const { number } = record.revision;
  if (!record.case)
    throw new Stop("refused", {
      title: "The content of the case was lost",
      detail: `Revision ${number} of ${id} is a redaction that is newer than the restored backup. Readers see that the case was withdrawn.`,
      remedy: `Publish the case again: \`publish case.json --on ${number}\`.`,
    });
  return { ...record, case: record.case };
}

export async function show(outcome: Outcome, id: string, { output }: { output?: string }): Promise<void> {
  const record = await recordWithContent(await configuredDeployment(outcome), id);
  const publication: Publication = {
    basedOn: record.revision.number,
    case: record.case,
    note: {},
    kind: "update",
  };
  const text = `${JSON.stringify(publication, null, 2)}\n`;
  if (output) {
    await writeNew(output, text);
    outcome.note(`Wrote revision ${record.revision.number} of ${id} to ${output}.`);
  } else if (!outcome.json) outcome.terminal.stdout.write(text);
  outcome.result(publication);
}

export async function diff(outcome: Outcome, file: string, { lang }: { lang: string }): Promise<void> {
  if (!isLocale(lang))
    throw new Stop("usage", {
      title: "Unknown language",
      detail: `${lang} is not one of Casewire's languages.`,
      remedy: `Choose one of ${localeTags.join(", ")}.`,
    });
  const { case: given } = await publicationFile(file);
  const { id } = given;
  if (typeof id !== "string")
    throw new Stop("refused", {
      title: "The case has no id",
      detail: `${file} has no field \`id\`.`,
      remedy: "Add an id such as ua-126-19, or start from a file made by `show`.",
    });
  // Parsing adds the defaults of missing fields, as a publish does.
  const whole = v.safeParse(Case, given);
  const fields = whole.success ? whole.output : given;
  const record = await recordWithContent(await configuredDeployment(outcome), id);
  const changes = changesBetween(record.case, { ...record.case, ...fields } as Case);
  const differences = differencesBetween(record.case, fields);
  outcome.say(
    differences.length === 0
      ? `No changes since revision ${record.revision.number} of ${id}.`
      : `Changes since revision ${record.revision.number} of ${id} (live at ${record.revision.liveAt})`,
    ...(changes.length > 0
      ? ["Changes shown to readers:", ...changeWords(changes, lang).map((text) => `  ${text}`)]
      : []),
    ...(differences.length > 0 ? ["Fields changed:", ...differences.map(differenceLine)] : []),
  );
  outcome.result({ id, against: record.revision.number, changes, differences });
}
