/** `show`, `undo` and `withdraw`. */
import { rm, writeFile } from "node:fs/promises";
import { textIn } from "../../../shared/case/text.ts";
import type { WithdrawalReason } from "../../../shared/revision.ts";
import type { DeskRecord } from "../../editing/rules/desk.ts";
import { caseNotFound, configuredDeployment } from "./deployment.ts";
import { type Publication, writeNew } from "./files.ts";
import { momentWords } from "./moment.ts";
import { type CommandOutcome, Stop } from "./outcome.ts";
import { confirm } from "./terminal.ts";

const asText = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

export async function show(outcome: CommandOutcome, id: string, { output }: { output?: string }): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const record = await deployment.newest(id);
  if (!record) throw caseNotFound(id, deployment.url);
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
  const publication: Publication = { basedOn: revision.number, case: content, note: {}, kind: "update" };
  if (output) {
    await writeNew(output, asText(publication));
    outcome.note(`Wrote revision ${revision.number} of ${id} to ${output}.`);
  } else if (!outcome.json) outcome.terminal.stdout.write(asText(publication));
  outcome.result(publication);
}

export async function undo(
  outcome: CommandOutcome,
  id: string,
  number: string | undefined,
  { output }: { output?: string },
): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const record = await deployment.newest(id);
  if (!record) throw caseNotFound(id, deployment.url);
  const wanted = number === undefined ? record.pending.at(-1)?.number : Number(number);
  if (wanted === undefined)
    throw new Stop("refused", {
      title: "Nothing to undo",
      detail: `${id} has no pending revision.`,
      remedy: "A live revision can't be undone. Publish a correction instead.",
    });
  // The deployment keeps no copy of the content, so the file must be writable before the request.
  if (output) await writeNew(output, "");
  let isSaved = false;
  try {
    const { undone, case: content, note } = await deployment.undo({ id, number: wanted });
    const publication = content && { case: content, note };
    outcome.note(`Undone: revision ${undone} of ${id}. It never went live.`);
    outcome.result({ id, undone, ...publication });
    if (!publication) return outcome.note("It was a withdrawal and had no content.");
    if (output)
      isSaved = await writeFile(output, asText(publication)).then(
        () => true,
        () => false,
      );
    outcome.note(`The only copy of its content ${isSaved ? `is in ${output}` : "follows on standard output"}.`);
    if (!isSaved && !outcome.json) outcome.terminal.stdout.write(asText(publication));
  } finally {
    if (output && !isSaved) await rm(output, { force: true });
  }
}

/** @param record the newest revision; null when none was committed */
function effectsOf(id: string, url: string, reason: WithdrawalReason, record: DeskRecord | null): string[] {
  if (!record) return [`${id} on ${url} was never published. Its drafts and proposals will be erased.`];
  const { case: fields, pending, live } = record;
  return [
    `${(fields && textIn(fields.title, fields.language)) ?? "Case without content"} (${id}) on ${url}`,
    ...(live === null
      ? ["It was never live. No trace of it will be published."]
      : [
          "Its content will be erased from every surface, the history and all drafts.",
          `Readers will see its number and the moment. No page shows the reason; the public log of changes names it in one word, “${reason}”.`,
          reason === "mistake" ? "The number can be used again." : "It can't be published again.",
        ]),
    ...(pending.length > 0
      ? [`Pending revisions will be cancelled: ${pending.map(({ number }) => number).join(", ")}.`]
      : []),
  ];
}

export async function withdraw(
  outcome: CommandOutcome,
  id: string,
  { reason, on, yes }: { reason?: WithdrawalReason; on?: string; yes?: string },
): Promise<void> {
  if (!reason)
    throw new Stop("usage", {
      title: "The reason is missing",
      detail: "The public log of changes names it in one word.",
      remedy: "Add --reason.",
    });
  const deployment = await configuredDeployment(outcome);
  const record = await deployment.newest(id);
  outcome.note(...effectsOf(id, deployment.url, reason, record));
  await confirm(outcome, {
    expected: id,
    given: yes,
    option: `--yes ${id}`,
    question: `Type ${id} to withdraw it: `,
  });
  const basedOn = on === undefined ? (record?.revision.number ?? 0) : Number(on);
  const done = await deployment.withdraw({ id, reason, basedOn });
  outcome.say(
    "proposal" in done
      ? "The withdrawal waits for a second editor, because you withdrew another case within the last hour."
      : done.liveAt === undefined
        ? `Cancelled: ${id} was never live, and no trace of it is left.`
        : `Withdrawn: ${id} disappears from every surface on ${momentWords(done.liveAt)}. Until then, \`undo ${id}\` takes the withdrawal back.`,
    "Save a new erasures file with your backups: `export --erasures`.",
  );
  outcome.result({ id, reason, ...done });
}
