/** `proposals`, `approve` and `reject`, for the second editor. */

import type { Proposal, ProposalEntry } from "../../editing/rules/desk.ts";
import { differencesBetween } from "../../editing/rules/merge.ts";
import { configuredDeployment } from "./deployment.ts";
import { momentWords } from "./moment.ts";
import { type Outcome, Stop } from "./outcome.ts";
import { untilLive } from "./publish.ts";
import { changeWords } from "./revisions.ts";
import { confirm } from "./terminal.ts";

const entryLine = ({ id, number, kind, editor, proposedAt }: ProposalEntry) =>
  `${id}  ${number}  ${kind} by ${editor}, ${proposedAt}`;

/** A value as JSON, with escapes for characters that would move or hide other text in a terminal. */
const escaped = (value: unknown): string =>
  (JSON.stringify(value) ?? "nothing").replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Everything that an approval would publish: the moment, the note, and each changed field with its old and new value. */
function contentOf(proposal: Proposal): { lines: string[]; differences: unknown[] } {
  const { base, kind, reason, outdated, source } = proposal;
  const differences = differencesBetween(base ?? {}, proposal.content.case);
  const words = changeWords(proposal.changes, "en");
  return {
    differences,
    lines: [
      entryLine(proposal),
      ...(kind === "withdrawal" ? [`It withdraws the whole case and erases its content. Reason: ${reason}`] : []),
      proposal.liveAt === null
        ? "It goes live as soon as it is approved."
        : `It goes live on ${momentWords(proposal.liveAt)}.`,
      `Notification to followers: ${proposal.notify}`,
      ...Object.entries(proposal.content.note).map(([tag, text]) => `Note (${tag}): ${escaped(text)}`),
      ...(words.length > 0 ? ["Changes shown to readers:", ...words.map((text) => `  ${text}`)] : []),
      base === null && proposal.basedOn > 0
        ? `Its base, revision ${proposal.basedOn}, was erased. The whole case:`
        : proposal.basedOn === 0
          ? "New case:"
          : `Fields changed since revision ${proposal.basedOn}:`,
      ...differences.flatMap(({ at, before, after }) => [
        `  ${at}`,
        `    - ${escaped(before)}`,
        `    + ${escaped(after)}`,
      ]),
      ...outdated.map(({ pointer, lang }) => `Outdated translation (${lang}): ${pointer}`),
      ...(source ? [`Made from the document ${escaped(source.name)}; --json prints its text.`] : []),
      ...(proposal.refused ? [`The last approval failed: ${proposal.refused.detail}`] : []),
      `hash: ${proposal.hash}`,
    ],
  };
}

export async function listProposals(outcome: Outcome, id: string | undefined): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  if (id !== undefined) {
    const proposal = await deployment.readProposal({ id });
    const { lines, differences } = contentOf(proposal);
    outcome.say(...lines);
    outcome.result({ ...proposal, differences });
    return;
  }
  const { proposals, damaged } = await deployment.listProposals();
  outcome.say(
    ...(proposals.length === 0 ? ["No proposals wait for a second editor."] : proposals.map(entryLine)),
    ...damaged.map(
      ({ id, editor, at }) =>
        `${id}  can't be read: its stored content is damaged. By ${editor}, ${at}. Reject it to discard it.`,
    ),
  );
  outcome.result({ proposals, damaged });
}

export async function approve(
  outcome: Outcome,
  id: string,
  { yes, hash, wait = true }: { yes?: string; hash?: string; wait?: boolean },
): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const proposal = await deployment.readProposal({ id });
  if (yes !== undefined && hash === undefined)
    throw new Stop("usage", {
      title: "The hash is missing",
      detail: "--yes skips the question, so the hash must show which version you read.",
      remedy: `Read it with \`proposals ${id}\`, and pass the hash that it prints: --hash HASH.`,
    });
  outcome.note(...contentOf(proposal).lines);
  await confirm(
    outcome,
    proposal.case,
    yes,
    `Type ${proposal.case} to ${proposal.kind === "withdrawal" ? "withdraw" : "publish"} it: `,
  );
  await untilLive(outcome, deployment, proposal.case, wait && proposal.liveAt === null, () =>
    // The hash ensures that only the version shown above is approved.
    deployment.approveProposal({ id, basedOn: hash ?? proposal.hash }),
  );
}

export async function reject(outcome: Outcome, id: string, { reason = "" }: { reason?: string }): Promise<void> {
  const deployment = await configuredDeployment(outcome);
  const proposal = await deployment.readProposal({ id });
  const { draft } = await deployment.rejectProposal({ id, body: { reason } });
  outcome.say(`The proposal for ${proposal.case} was not published; it is a draft of ${proposal.editor} again.`);
  outcome.result({ proposal: id, case: proposal.case, editor: proposal.editor, draft });
}
