/** One case: its newest revision, its pending revisions, and the editor's actions. */
import { useEffect, useState } from "preact/hooks";
import { pageAddress } from "../../shared/addresses.ts";
import { textIn } from "../../shared/case/text.ts";
import { numberOf } from "../../shared/profile/numbers.ts";
import type { DeskRecord } from "../editing/rules/desk.ts";
import { CaseHistory } from "./case-history.tsx";
import { PendingRevisions, RiskActions } from "./publish/case-actions.tsx";
import { ProposalsOf } from "./publish/proposal-list.tsx";
import { isReusable } from "./publish/publish-draft.ts";
import { RefusalNotice, useAction } from "./publish/refusal.tsx";
import { hashOf } from "./route.ts";
import { useSession } from "./session.ts";
import { draftForNumber, draftOf, duplicateOf } from "./start-draft.ts";
import { openDraft } from "./started-drafts.ts";
import { moment, say } from "./words.ts";

export function CaseScreen({ id }: { id: string }) {
  const { api, me } = useSession();
  const [record, setRecord] = useState<DeskRecord | null>(null);
  const { refused, run } = useAction();
  const read = () => run(async () => setRecord(await api.readDeskCase({ id })));
  useEffect(() => void read(), [api, id]);
  if (!record)
    return (
      <main class="page">
        <RefusalNotice error={refused} />
      </main>
    );
  const { case: fields, revision, live, pending } = record;
  const props = { id, record, onChanged: () => void read() };
  return (
    <main class="page case-screen">
      <h1>
        <span class="number">{numberOf(id, me.profile)}</span>{" "}
        <bdi class="title" lang={fields?.language}>
          {fields && textIn(fields.title, fields.language)}
        </bdi>
      </h1>
      <p class="lead">
        {live !== null && fields
          ? say("cases.live", { number: live })
          : isReusable(record)
            ? say("cases.withdrawn")
            : say(fields ? "cases.unpublished" : pending.length > 0 ? "case.going" : "case.gone")}
      </p>
      <PendingRevisions {...props} />
      {pending.length === 0 && (
        <p class="hint">
          {say("case.newest", {
            number: revision.number,
            editor: revision.editor,
            moment: moment(revision.committedAt),
          })}
        </p>
      )}
      {pending.length === 0 && fields && (
        <p dir="auto" lang={fields.language} class="note">
          {revision.note[fields.language]}
        </p>
      )}
      {fields && (
        <div class="row">
          <button
            type="button"
            class={pending.length > 0 ? "quiet" : ""}
            onClick={() => openDraft(draftOf(revision.number, fields))}
          >
            {say("case.edit")}
          </button>
          {fields.people.length > 0 && (
            <button
              type="button"
              class="quiet"
              onClick={() => openDraft(draftOf(revision.number, fields), { is: "status" })}
            >
              {say("status.open")}
            </button>
          )}
          {me.profile.imports.length > 0 && (
            <a class="button quiet" href={hashOf({ at: "import", id })}>
              {say("case.import")}
            </a>
          )}
          <button type="button" class="plain" onClick={() => openDraft(duplicateOf(fields, me.profile))}>
            {say("case.duplicate")}
          </button>
          {live !== null && (
            <a class="button plain" href={pageAddress(id)} target="_blank" rel="noreferrer">
              {say("case.page")}
            </a>
          )}
        </div>
      )}
      {isReusable(record) && (
        <div class="row">
          <button type="button" onClick={() => openDraft(draftForNumber(id, me.profile))}>
            {say("case.again")}
          </button>
          <span class="hint">{say("case.again.hint")}</span>
        </div>
      )}
      <ProposalsOf caseId={id} />
      {fields && live !== null && <CaseHistory id={id} record={{ ...record, case: fields }} />}
      <RiskActions {...props} />
    </main>
  );
}
