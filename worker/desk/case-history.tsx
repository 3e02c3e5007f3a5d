/** The live revisions of a case, newest first: what each changed, and a way back to its text. */

import { useState } from "preact/hooks";
import type { Case } from "../../shared/case/schema.ts";
import type { Client } from "../editing/contract/client.ts";
import type { DeskRecord, UnfinishedCase } from "../editing/rules/desk.ts";
import { type Difference, differencesBetween } from "../editing/rules/merge.ts";
import { Differences } from "./differences.tsx";
import { Collapsible } from "./form/frame.tsx";
import { Button } from "./inputs.tsx";
import { kindWords } from "./publish/case-actions.tsx";
import { RefusalNotice, useAction, useAnswer } from "./publish/refusal.tsx";
import { useSession } from "./session.ts";
import { draftOf } from "./start-draft.ts";
import { openDraft } from "./started-drafts.ts";
import { moment, say } from "./words.ts";

type Revision = Awaited<ReturnType<Client["listRevisions"]>>["revisions"][number];

interface HistoryProps {
  id: string;
  record: DeskRecord & { case: Case };
}

export const CaseHistory = (props: HistoryProps) => (
  <Collapsible class="history" summary={<h2>{say("history.title")}</h2>}>
    <Revisions {...props} />
  </Collapsible>
);

function Revisions({ id, record }: HistoryProps) {
  const { api } = useSession();
  const { answer, refused } = useAnswer(() => api.listRevisions({ id }), [api, id]);
  const { revisions = [] } = answer ?? {};
  return (
    <>
      <RefusalNotice error={refused} />
      <ol>
        {revisions.map((revision, at) => (
          <Row key={revision.number} id={id} revision={revision} before={revisions[at + 1]} record={record} />
        ))}
      </ol>
    </>
  );
}

interface RowProps extends HistoryProps {
  revision: Revision;
  /** The live revision before. Its number may be lower by more than 1, after an undo. */
  before: Revision | undefined;
}

function Row({ id, revision, before, record }: RowProps) {
  const { api } = useSession();
  const { number, kind, liveAt, note } = revision;
  const { language } = record.case;
  const [shown, setShown] = useState<{ fields: Case; differences: Difference[] } | null>(null);
  const { busy, refused, run } = useAction();
  const contentOf = async (wanted: number): Promise<Case> => (await api.readRevision({ id, number: wanted })).case;
  const hasContent = (one: Revision) => Object.keys(one.note).length > 0;
  const compare = (last: number) =>
    run(async () => {
      const [fields, earlier] = await Promise.all([contentOf(number), contentOf(last)]);
      setShown({ fields, differences: differencesBetween(earlier, fields) });
    });
  const restore = () =>
    run(async () => {
      const restored = structuredClone(await contentOf(number)) as UnfinishedCase;
      openDraft({ ...draftOf(record.revision.number, record.case), case: restored });
    });
  return (
    <li>
      <p>
        <b>{say("pending.title.plain", { number }) + kindWords(kind)}</b>{" "}
        <time class="hint" dateTime={liveAt}>
          {moment(liveAt)}
        </time>
      </p>
      <p class="note" dir="auto" lang={language}>
        {note?.[language] ?? Object.values(note ?? {})[0]}
      </p>
      <p class="row">
        {before && hasContent(before) && hasContent(revision) && !shown && (
          <Button class="chip add" disabled={busy} onPress={() => compare(before.number)} say="history.compare" />
        )}
        {number !== record.revision.number && hasContent(revision) && (
          <Button class="chip add" disabled={busy} onPress={restore} say="history.restore" />
        )}
      </p>
      <RefusalNotice error={refused} />
      {shown && <Differences differences={shown.differences} fields={shown.fields as UnfinishedCase} />}
      {shown?.differences.length === 0 && <p class="hint">{say("history.same")}</p>}
    </li>
  );
}
