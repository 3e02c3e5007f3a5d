/** `show`. */
import { configuredDeployment } from "./deployment.ts";
import { type Publication, writeNew } from "./files.ts";
import { type CommandOutcome, Stop } from "./outcome.ts";

export async function show(
  outcome: CommandOutcome,
  id: string,
  { output }: { output?: string },
): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const record = await deployment.newest(id);
  if (!record)
    throw new Stop("refused", {
      title: "Case not found",
      detail: `There is no case ${id} on ${deployment.url}.`,
      remedy: "Check the id.",
    });
  const { case: content, revision } = record;
  if (!content)
    throw new Stop("refused", {
      title: "The case has no content",
      detail: `Revision ${revision.number} of ${id} is a ${revision.kind} whose content was erased.`,
      remedy:
        revision.kind === "withdrawal"
          ? "A withdrawn case can't be published again."
          : `Publish the case again: \`publish case.json --on ${revision.number}\`.`,
    });
  const publication: Publication = {
    basedOn: revision.number,
    case: content,
    note: {},
    kind: "update",
  };
  const text = `${JSON.stringify(publication, null, 2)}\n`;
  if (output) {
    await writeNew(output, text);
    outcome.note(`Wrote revision ${revision.number} of ${id} to ${output}.`);
  } else if (!outcome.json) outcome.terminal.stdout.write(text);
  outcome.result(publication);
}
