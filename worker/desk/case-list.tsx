/** The list of all cases and of the editor's own drafts. */
import { useEffect, useState } from "preact/hooks";
import { numberOf } from "../../shared/profile/numbers.ts";
import type { ApiError } from "../contract/client.ts";
import type { DamagedEntry, DeskCase, SavedDraftEntry } from "../editorial/desk.ts";
import { Confirmed, DamagedRows } from "./damaged-rows.tsx";
import { Refused, refusalOf } from "./publish/refusal.tsx";
import { hashOf } from "./route.ts";
import { useSession } from "./session.ts";
import { moment, say } from "./words.ts";

const firstOf = (text: Record<string, string> | null, language: string | null): string =>
  text ? (text[language ?? ""] ?? Object.values(text)[0] ?? "") : "";

export function CaseList() {
  const { api, me } = useSession();
  const [cases, setCases] = useState<DeskCase[] | null>(null);
  const [drafts, setDrafts] = useState<SavedDraftEntry[]>([]);
  const [damaged, setDamaged] = useState<DamagedEntry[]>([]);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const read = async () =>
    setRefused(
      await refusalOf(async () => {
        const [list, own] = await Promise.all([api.listDeskCases(), api.listDrafts()]);
        setCases(list.cases);
        setDrafts(own.drafts);
        setDamaged(own.damaged);
      }),
    );
  useEffect(() => void read(), [api]);
  const remove = async (id: string) => {
    const refusal = await refusalOf(() => api.deleteDraft({ id }));
    await read();
    if (refusal) setRefused(refusal);
  };
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <h1>{say("nav.cases")}</h1>
          <p class="lead">{say("cases.lead")}</p>
        </div>
        <a class="button" href={hashOf({ at: "import" })}>
          {say(me.profile.imports.length > 0 ? "nav.import" : "nav.new")}
        </a>
      </header>
      <Refused error={refused} />
      {drafts.length + damaged.length > 0 && (
        <section aria-labelledby="drafts-title">
          <h2 id="drafts-title">{say("cases.drafts")}</h2>
          <ul class="rows">
            {drafts.map((draft) => (
              <Draft key={draft.id} draft={draft} onDelete={() => void remove(draft.id)} />
            ))}
          </ul>
          <DamagedRows rows={damaged} onDiscard={(id) => void remove(id)} />
        </section>
      )}
      {cases?.length === 0 && <p class="empty">{say("cases.none")}</p>}
      {cases && cases.length > 0 && (
        <section aria-labelledby="cases-title">
          <h2 id="cases-title" class={drafts.length + damaged.length > 0 ? "" : "unseen"}>
            {say("cases.all")}
          </h2>
          <ul class="rows">
            {cases.map((one) => (
              <li key={one.id}>
                <a href={hashOf(one.newest === 0 ? { at: "approvals" } : { at: "case", id: one.id })}>
                  <b class="number">{one.number}</b>
                  <bdi class="title" lang={one.language ?? undefined}>
                    {firstOf(one.title, one.language)}
                  </bdi>
                </a>
                <span class="hint">{stateOf(one)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </main>
  );
}

/** The live revision, the pending ones and the number of proposals, in words. */
function stateOf({ state, live, pending, waiting }: DeskCase): string {
  const now =
    state === "withdrawn"
      ? say("cases.withdrawn")
      : live === null
        ? say("cases.unpublished")
        : say("cases.live", { number: live });
  return [
    now,
    ...pending.map(({ number, liveAt }) => say("cases.pending", { number, moment: moment(liveAt) })),
    ...(waiting > 0 ? [say("cases.waiting", { count: waiting })] : []),
  ].join(" · ");
}

function Draft({ draft, onDelete }: { draft: SavedDraftEntry; onDelete: () => void }) {
  const { me } = useSession();
  const title = firstOf(draft.title, "en") || draft.case || say("cases.draft.new");
  return (
    <li>
      <a href={hashOf({ at: "draft", id: draft.id })}>
        <b class="number">{draft.case ? numberOf(draft.case, me.profile) : "—"}</b>
        <bdi class="title">{title}</bdi>
      </a>
      <span class="hint">
        {say("cases.draft.saved", { moment: moment(draft.savedAt) })}
        {draft.proposal && ` · ${say("cases.draft.waits")}`}
        {draft.returned &&
          ` · ${say("cases.draft.returned", { by: draft.returned.by, reason: draft.returned.reason || "—" })}`}
      </span>
      <Confirmed
        label={say("cases.draft.delete", { title })}
        question={say("cases.draft.really")}
        onConfirm={onDelete}
      />
    </li>
  );
}
