/** A revision of a case as readers will see it, by default the newest. Its link can be passed to other editors, who must sign in to open it. */
import { useEffect, useState } from "preact/hooks";
import { numberOf } from "../../shared/profile/numbers.ts";
import type { ApiError } from "../editing/contract/client.ts";
import type { DeskDraft, DeskRecord, UnfinishedCase } from "../editing/rules/desk.ts";
import { PreviewPane, usePreview, usePreviewLanguage } from "./preview-pane.tsx";
import { printMoment } from "./publish/moments.ts";
import { apiErrorOf, RefusalNotice } from "./publish/refusal.tsx";
import { hashOf } from "./route.ts";
import { useSession } from "./session.ts";
import { say } from "./words.ts";

export function PreviewScreen({ id, number: wanted }: { id: string; number: number | undefined }) {
  const { api } = useSession();
  const [read, setRead] = useState<{ record: DeskRecord; draft: DeskDraft | null } | null>(null);
  const [refused, setRefused] = useState<ApiError | null>(null);
  useEffect(
    () =>
      void apiErrorOf(async () => {
        const record = await api.readDeskCase({ id, ...(wanted !== undefined && { revision: String(wanted) }) });
        const { case: fields, live, pending, revision } = record;
        const { number, note, kind, liveAt } = revision;
        // Readers also see what changed since the revision before.
        const previous = pending.findLast((one) => one.number < number)?.number ?? live;
        const before =
          previous !== null && previous < number
            ? (await api.readDeskCase({ id, revision: String(previous) })).case
            : null;
        const draft = fields && {
          base: before && { number: previous as number, case: before },
          case: fields as UnfinishedCase,
          note,
          kind: kind === "withdrawal" ? ("update" as const) : kind,
          notify: "none" as const,
          liveAt,
          source: null,
          answers: [],
          resolved: [],
        };
        setRead({ record, draft });
      }).then(setRefused),
    [api, id, wanted],
  );
  if (!read?.draft)
    return (
      <main class="page">
        <RefusalNotice error={refused} />
        {read && <p class="lead">{say("case.gone")}</p>}
      </main>
    );
  return <Preview id={id} record={read.record} draft={read.draft} />;
}

interface PreviewProps {
  id: string;
  record: DeskRecord;
  draft: DeskDraft;
}

function Preview({ id, record, draft }: PreviewProps) {
  const { me } = useSession();
  const [lang, setLang] = usePreviewLanguage(draft.case.language);
  const { number, liveAt } = record.revision;
  const shown = usePreview(draft, lang, number);
  const isPending = record.pending.some((one) => one.number === number);
  const others = record.pending.filter((one) => one.number !== number && one.kind !== "withdrawal");
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
      {others.map((one) => (
        <p key={one.number}>
          <a href={hashOf({ at: "preview", id, number: one.number })}>
            {say("cases.pending", { number: one.number, moment: printMoment(one.liveAt) })}
          </a>
        </p>
      ))}
      <p>
        <a href={hashOf({ at: "case", id })}>{say("preview.back")}</a>
      </p>
    </main>
  );
}
