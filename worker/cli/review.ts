/** `proposals` and `approve`: two pairs of eyes. */
import type { Proposal, ProposalEntry } from "../../shared/desk.ts";
import { type Published, routes } from "../../shared/protocol.ts";
import { Deployment } from "./deployment.ts";
import type { Outcome } from "./outcome.ts";
import { momentWords, untilLive } from "./publish.ts";
import { changeWords } from "./revisions.ts";
import { confirm } from "./terminal.ts";

const entryLine = ({ id, number, kind, editor, proposedAt }: ProposalEntry) =>
  `${id}  ${number}  ${kind} by ${editor}, ${proposedAt}`;

export async function listProposals(outcome: Outcome): Promise<void> {
  const deployment = await Deployment.configured();
  const { proposals } = await deployment.json<{ proposals: ProposalEntry[] }>(routes.deskProposals);
  outcome.say(...(proposals.length === 0 ? ["Nothing waits for a second editor."] : proposals.map(entryLine)));
  outcome.result({ proposals });
}

export async function approve(
  outcome: Outcome,
  id: string,
  { yes, wait = true }: { yes?: string; wait?: boolean },
): Promise<void> {
  const deployment = await Deployment.configured();
  const proposal = await deployment.json<Proposal>(routes.deskProposal(id));
  outcome.note(
    entryLine(proposal),
    ...Object.entries(proposal.content.note).map(([tag, text]) => `  ${tag}: ${text}`),
    ...changeWords(proposal.changes, "en").map((text) => `  ${text}`),
    proposal.liveAt === null
      ? "It goes live as soon as it is approved."
      : `It goes live on ${momentWords(proposal.liveAt)}.`,
  );
  await confirm(proposal.case, yes, `Type ${proposal.case} to publish it: `);
  await untilLive(outcome, deployment, proposal.case, wait && proposal.liveAt === null, () =>
    deployment.json<Published>(routes.deskApproval(id), {
      method: "POST",
      // What was read is what is approved.
      headers: { "If-Match": `"${proposal.hash}"` },
    }),
  );
}
