/** `proposals`, `approve` and `reject`: what waits for a second editor, and what the second editor says to it. */

import type { Case } from "../../../shared/case/schema.ts";
import type { Proposal, ProposalEntry } from "../../editorial/desk.ts";
import { differencesBetween } from "../../editorial/merge.ts";
import { configuredDeployment, type Deployment } from "./deployment.ts";
import { momentWords } from "./moment.ts";
import { type Outcome, Stop } from "./outcome.ts";
import { untilLive } from "./publish.ts";
import { changeWords } from "./revisions.ts";
import { confirm } from "./terminal.ts";

const entryLine = ({ id, number, kind, editor, proposedAt }: ProposalEntry) =>
  `${id}  ${number}  ${kind} by ${editor}, ${proposedAt}`;

/** A value as it is, with everything that would move or hide what stands in a terminal spelled out. */
const visible = (value: unknown): string =>
  (JSON.stringify(value) ?? "nothing").replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** What the proposal starts from; undefined when that can't be read any more. */
async function baseOf(deployment: Deployment, { case: id, basedOn }: Proposal): Promise<Case | null | undefined> {
  if (basedOn === 0) return null;
  const newest = await deployment.newest(id);
  if (newest?.revision.number === basedOn) return newest.case;
  return deployment.readRevision({ id, number: basedOn }).then(
    (record) => record.case,
    () => undefined,
  );
}

/** Everything that an approval would make true: the note, when, and each field, old and new. */
async function wholeOf(
  deployment: Deployment,
  proposal: Proposal,
): Promise<{ lines: string[]; differences: unknown[] }> {
  const base = await baseOf(deployment, proposal);
  const differences = differencesBetween(base ?? {}, proposal.content.case);
  const words = changeWords(proposal.changes, "en");
  return {
    differences,
    lines: [
      entryLine(proposal),
      proposal.liveAt === null
        ? "It goes live as soon as it is approved."
        : `It goes live on ${momentWords(proposal.liveAt)}.`,
      `Followers are told: ${proposal.notify}.`,
      ...Object.entries(proposal.content.note).map(([tag, text]) => `Note, ${tag}: ${visible(text)}`),
      ...(words.length > 0 ? ["Readers will be told:", ...words.map((text) => `  ${text}`)] : []),
      base === undefined
        ? `Revision ${proposal.basedOn}, which it is based on, can't be read any more; this is the whole case:`
        : `Fields, against ${proposal.basedOn === 0 ? "nothing" : `revision ${proposal.basedOn}`}:`,
      ...differences.flatMap(({ at, before, after }) => [
        `  ${at}`,
        `    - ${visible(before)}`,
        `    + ${visible(after)}`,
      ]),
      ...(proposal.refused ? [`The last approval did not go through: ${proposal.refused.detail}`] : []),
      `hash: ${proposal.hash}`,
    ],
  };
}

export async function listProposals(outcome: Outcome, id: string | undefined): Promise<void> {
  const deployment = await configuredDeployment();
  if (id !== undefined) {
    const proposal = await deployment.readProposal({ id });
    const { lines, differences } = await wholeOf(deployment, proposal);
    outcome.say(...lines);
    outcome.result({ ...proposal, differences });
    return;
  }
  const { proposals } = await deployment.listProposals();
  outcome.say(...(proposals.length === 0 ? ["Nothing waits for a second editor."] : proposals.map(entryLine)));
  outcome.result({ proposals });
}

export async function approve(
  outcome: Outcome,
  id: string,
  { yes, hash, wait = true }: { yes?: string; hash?: string; wait?: boolean },
): Promise<void> {
  const deployment = await configuredDeployment();
  const proposal = await deployment.readProposal({ id });
  if (yes !== undefined && hash === undefined)
    throw new Stop("usage", {
      title: "Not read",
      detail: "With --yes, nobody sees here what is approved.",
      remedy: `Read it with \`proposals ${id}\`, and add the hash that this ends with: --hash HASH.`,
    });
  outcome.note(...(await wholeOf(deployment, proposal)).lines);
  await confirm(proposal.case, yes, `Type ${proposal.case} to publish it: `);
  await untilLive(outcome, deployment, proposal.case, wait && proposal.liveAt === null, () =>
    // What was read is what is approved.
    deployment.approveProposal({ id, basedOn: hash ?? proposal.hash }),
  );
}

export async function reject(outcome: Outcome, id: string, { reason = "" }: { reason?: string }): Promise<void> {
  const deployment = await configuredDeployment();
  const proposal = await deployment.readProposal({ id });
  const { draft } = await deployment.rejectProposal({ id, body: { reason } });
  outcome.say(`${proposal.case} is not published; it is a draft of ${proposal.editor} again.`);
  outcome.result({ proposal: id, case: proposal.case, editor: proposal.editor, draft });
}
