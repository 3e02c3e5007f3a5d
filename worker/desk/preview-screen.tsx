/** The newest revision of a case as readers will see it. Its link can be passed to other editors, who must sign in to open it. */
import { useEffect, useState } from "preact/hooks";
import { numberOf } from "../../shared/profile/numbers.ts";
import type { ApiError } from "../contract/client.ts";
import type { DeskDraft, DeskRecord } from "../editorial/desk.ts";
import { PreviewPane, usePreview } from "./preview-pane.tsx";
import { printMoment } from "./publish/moments.ts";
import { Refused, refusalOf } from "./publish/refusal.tsx";
import { hashOf } from "./route.ts";
import { useSession } from "./session.ts";
import { draftOf } from "./start-draft.ts";
import { say } from "./words.ts";

export function PreviewScreen({ id }: { id: string }) {
  const { api } = useSession();
  const [record, setRecord] = useState<DeskRecord | null>(null);
  const [refused, setRefused] = useState<ApiError | null>(null);
  useEffect(() => void refusalOf(async () => setRecord(await api.readDeskCase({ id }))).then(setRefused), [api, id]);
  if (!record?.case)
    return (
      <main class="page">
        <Refused error={refused} />
        {record && <p class="lead">{say("case.gone")}</p>}
      </main>
    );
  const { number, note, kind, liveAt } = record.revision;
  const draft: DeskDraft = { ...draftOf(number, record.case), note, kind: kind === "correction" ? kind : "update" };
  return <Preview id={id} record={record} draft={draft} liveAt={liveAt} />;
}

interface PreviewProps {
  id: string;
  record: DeskRecord;
  draft: DeskDraft;
  liveAt: string;
}

function Preview({ id, record, draft: first, liveAt }: PreviewProps) {
  const { me } = useSession();
  const [draft] = useState(first);
  const [lang, setLang] = useState<string>(
    me.locales.find((tag) => tag === draft.case.language) ?? me.profile.defaultLanguage,
  );
  const shown = usePreview(draft, lang);
  const { number } = record.revision;
  const isPending = record.pending.some((one) => one.number === number);
  return (
    <main class="page preview-screen">
      <h1>
        <span class="number">{numberOf(id, me.profile)}</span>
      </h1>
      <p class="lead">
        {isPending ? say("cases.pending", { number, moment: printMoment(liveAt) }) : say("cases.live", { number })}
      </p>
      <h2 class="unseen">{say("preview.title")}</h2>
      <PreviewPane {...shown} lang={lang} onLang={setLang} />
      <p>
        <a href={hashOf({ at: "case", id })}>{say("preview.back")}</a>
      </p>
    </main>
  );
}
