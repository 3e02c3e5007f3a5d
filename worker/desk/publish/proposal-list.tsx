/** Proposals as rows with links. */
import type { ProposalEntry } from "../../editing/rules/desk.ts";
import { hashOf } from "../route.ts";
import { useSession } from "../session.ts";
import { moment, say } from "../words.ts";
import { useAnswer } from "./refusal.tsx";

export function ProposalList({ proposals }: { proposals: ProposalEntry[] }) {
  const { me } = useSession();
  if (proposals.length === 0) return null;
  return (
    <ul class="rows">
      {proposals.map((one) => (
        <li key={one.id}>
          <a href={hashOf({ at: "approvals", id: one.id })}>
            <b class="number">{one.number}</b>
            <bdi class="title" lang={one.language}>
              {one.title[one.language]}
            </bdi>
          </a>
          <span class="hint">
            {say(one.editor === me.editor ? "approvals.yours" : "approvals.by", {
              editor: one.editor,
              moment: moment(one.proposedAt),
            })}
            {one.refused && ` · ${say("approvals.refused")}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The proposals of one case that this editor may see. */
export function ProposalsOf({ caseId }: { caseId: string }) {
  const { api } = useSession();
  const { answer } = useAnswer(() => api.listProposals(), [api, caseId]);
  return <ProposalList proposals={answer?.proposals.filter((one) => one.case === caseId) ?? []} />;
}
