/** `undo` and `withdraw`. */

import type { Case, Note } from "../../../shared/case/schema.ts";
import { textIn } from "../../../shared/case/text.ts";
import type { WithdrawalReason } from "../../../shared/revision.ts";
import type { DeskRecord } from "../../editing/rules/desk.ts";
import { confirmedPairs } from "../../editing/rules/people.ts";
import { withdrawnWithinHour } from "../../editing/rules/withdrawals.ts";
import { caseNotFound, configuredDeployment, type Deployment } from "./deployment.ts";
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
  const deployment = await configuredDeployment(outcome);
  const record = await deployment.newest(id);
  if (!record) throw caseNotFound(id, deployment.url);
  const wanted = number ?? record.pending.at(-1)?.number;
  if (wanted === undefined)
    throw new Stop("refused", {
      title: "Nothing to undo",
      detail: `${id} has no pending revision.`,
      remedy: "A live revision can't be undone. Publish a correction instead.",
    });
  // The undo erases the content, so the file must be writable before the request.
  const file = output === undefined ? null : await outputFile(output);
  try {
    const { undone, source: _, ...taken } = await deployment.undo({ id, number: wanted });
    outcome.note(`Undone: revision ${undone} of ${id}. It never went live.`);
    await saveContent(outcome, output, file, taken);
    outcome.result({ id, undone, ...taken });
  } finally {
    await file?.close();
  }
}

/** Saves the content of the undone revision, of which the deployment keeps no copy. */
async function saveContent(
  outcome: Outcome,
  name: string | undefined,
  file: Awaited<ReturnType<typeof outputFile>> | null,
  taken: { case: Case | null; note: Note; resolved?: string[] },
): Promise<void> {
  if (!taken.case) {
    outcome.note("It was a withdrawal and had no content.");
    return;
  }
  const { case: fields, note, resolved = [] } = taken;
  const twoPeople = confirmedPairs({ resolved });
  const text = `${JSON.stringify({ case: fields, note, ...(twoPeople.length > 0 ? { twoPeople } : {}) }, null, 2)}\n`;
  const written = await file?.write(text).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      outcome.note(`Its content could not be written to ${name} (${error.code}).`);
      return false;
    },
  );
  if (written) {
    outcome.note(`The only copy of its content is in ${name}.`);
    return;
  }
  outcome.note("The only copy of its content follows on standard output.");
  if (!outcome.json) outcome.terminal.stdout.write(text);
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

/** The other cases that this editor withdrew within the last hour. */
async function withdrawnLately(deployment: Deployment, id: string): Promise<string[]> {
  const [{ editor }, { audit }] = await Promise.all([deployment.readMe(), deployment.readAudit({ limit: "200" })]);
  return withdrawnWithinHour(audit, editor, deployment.now(), id);
}

export async function withdraw(
  outcome: Outcome,
  id: string,
  { reason, on, yes }: { reason: WithdrawalReason; on?: number; yes?: string },
): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const record = await deployment.newest(id);
  outcome.note(...effectsOf(id, deployment.url, reason, record));
  // Only live cases count: readers miss nothing when another one is withdrawn.
  const others = record?.live == null ? [] : await withdrawnLately(deployment, id);
  if (others.length > 0) outcome.note(`Warning: you withdrew ${others.join(", ")} within the last hour.`);
  await confirm(outcome, id, yes, `Type ${id} to withdraw it: `);
  const done = await deployment.withdraw({ id, reason, basedOn: on ?? record?.revision.number ?? 0 });
  if ("proposal" in done) {
    outcome.say(
      "The withdrawal waits for a second editor, because you withdrew another case within the last hour.",
      `Another editor approves it in the desk, or with \`approve ${done.proposal}\`.`,
    );
    return outcome.result({ id, reason, ...done });
  }
  outcome.say(
    done.liveAt === undefined
      ? `Cancelled: ${id} was never live, and no trace of it is left.`
      : `Withdrawn: ${id} disappears from every surface on ${momentWords(done.liveAt)}. Until then, \`undo ${id}\` takes the withdrawal back.`,
    "Save a new erasures file with your backups: `export --erasures`.",
  );
  outcome.result({ id, reason, ...done });
}
