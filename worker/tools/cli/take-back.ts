/** `undo` and `withdraw`. */

import type { Case, Text } from "../../../shared/case/schema.ts";
import type { WithdrawalReason } from "../../../shared/revision.ts";
import type { DeskRecord } from "../../editorial/desk.ts";
import { configuredDeployment } from "./deployment.ts";
import { outputFile } from "./files.ts";
import { momentWords } from "./moment.ts";
import { type Outcome, Stop } from "./outcome.ts";
import { confirm } from "./terminal.ts";

export async function undo(
  outcome: Outcome,
  id: string,
  number: number | undefined,
  { output }: { output?: string },
): Promise<void> {
  const deployment = await configuredDeployment();
  const pending = (await deployment.newest(id))?.pending ?? [];
  const wanted = number ?? pending.at(-1)?.number;
  if (wanted === undefined)
    throw new Stop("refused", {
      title: "Nothing to take back",
      detail: `Nothing of ${id} is pending.`,
      remedy: "What is live can't be undone: publish a correction.",
    });
  // Its text is erased with it: whoever asked for a file has one before that.
  const file = output === undefined ? null : await outputFile(output);
  try {
    const { undone, ...taken } = await deployment.undo({ id, number: wanted });
    outcome.note(`Taken back: revision ${undone} of ${id}. It never went live.`);
    await keep(outcome, output, file, taken);
    outcome.result({ id, undone, ...taken });
  } finally {
    await file?.close();
  }
}

/** What was taken back stands nowhere else any more. */
async function keep(
  outcome: Outcome,
  name: string | undefined,
  file: Awaited<ReturnType<typeof outputFile>> | null,
  taken: { case: Case | null; note: Text },
): Promise<void> {
  if (!taken.case) {
    outcome.note("It was a withdrawal, so it had no text.");
    return;
  }
  const text = `${JSON.stringify({ case: taken.case, note: taken.note }, null, 2)}\n`;
  const written = await file?.write(text).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      outcome.note(`It could not be written to ${name} (${error.code}).`);
      return false;
    },
  );
  if (written) {
    outcome.note(`What it said is in ${name}, and nowhere else.`);
    return;
  }
  outcome.note("What it said follows on standard output, and stands nowhere else.");
  if (!outcome.json) process.stdout.write(text);
}

/** @param record what stands of the case; null when nothing of it was committed */
function whatGoes(id: string, url: string, reason: WithdrawalReason, record: DeskRecord | null): string[] {
  if (!record) return [`${id}, on ${url}: nothing of it was published; drafts and proposals of it are erased.`];
  const { case: fields, pending, live } = record;
  return [
    `${fields?.title[fields.language] ?? "Without content"} (${id}), on ${url}`,
    ...(live === null
      ? ["It was never live: what is pending is cancelled, and no trace is published."]
      : [
          "Everything it said is erased from every surface, the history and all drafts.",
          `What stays: its number, the moment, and the reason “${reason}”. It can't come back.`,
        ]),
    ...(pending.length > 0
      ? [`Pending revisions are cancelled: ${pending.map(({ number }) => number).join(", ")}.`]
      : []),
  ];
}

export async function withdraw(
  outcome: Outcome,
  id: string,
  { reason, yes }: { reason: WithdrawalReason; yes?: string },
): Promise<void> {
  const deployment = await configuredDeployment();
  outcome.note(...whatGoes(id, deployment.url, reason, await deployment.newest(id)));
  await confirm(id, yes, `Type ${id} to withdraw it: `);
  const done = await deployment.withdraw({ id, reason });
  outcome.say(
    done.liveAt === undefined
      ? `Cancelled: ${id} was never live, and leaves nothing.`
      : `Withdrawn: ${id} is gone from every surface on ${momentWords(done.liveAt)}. Until then \`undo ${id}\` takes that back.`,
    "Save a new `export --erasures` beside your backups.",
  );
  outcome.result({ id, reason, ...done });
}
