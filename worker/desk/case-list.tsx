/** The list of all cases and of the editor's own drafts. */
import { useEffect, useState } from "preact/hooks";
import { numberOf } from "../../shared/profile/numbers.ts";
import { type CaseFilter, caseFilters, filterCases, nearCases, passesFilter } from "../editing/rules/case-filters.ts";
import type { DamagedEntry, DeskCase, SavedDraftEntry } from "../editing/rules/desk.ts";
import { Confirmed, DamagedRows } from "./damaged-rows.tsx";
import { RefusalNotice, useAction } from "./publish/refusal.tsx";
import { hashOf } from "./route.ts";
import { useSession } from "./session.ts";
import { openDraft } from "./started-drafts.ts";
import { moment, printDate, say } from "./words.ts";

const firstOf = (text: Record<string, string> | null, language: string | null): string =>
  text ? (text[language ?? ""] ?? Object.values(text)[0] ?? "") : "";

export function CaseList() {
  const { api, me } = useSession();
  const [cases, setCases] = useState<DeskCase[] | null>(null);
  const [drafts, setDrafts] = useState<SavedDraftEntry[]>([]);
  const [damaged, setDamaged] = useState<DamagedEntry[]>([]);
  const { refused, run } = useAction();
  const read = async () => {
    const [list, own] = await Promise.all([api.listDeskCases(), api.listDrafts()]);
    setCases(list.cases);
    setDrafts(own.drafts);
    setDamaged(own.damaged);
  };
  useEffect(() => void run(read), [api]);
  const remove = (id: string) => run(() => api.deleteDraft({ id }).finally(read));
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <h1>{say("nav.cases")}</h1>
          <p class="lead">{say("cases.lead")}</p>
        </div>
        <div class="row">
          <button type="button" onClick={() => openDraft("empty")}>
            {say("nav.new")}
          </button>
          {me.profile.imports.length > 0 && (
            <a class="button quiet" href={hashOf({ at: "import" })}>
              {say("nav.import")}
            </a>
          )}
        </div>
      </header>
      <RefusalNotice error={refused} />
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
          <CaseSearch cases={cases} />
        </section>
      )}
    </main>
  );
}

/** The cases, with a search and filters. */
function CaseSearch({ cases }: { cases: DeskCase[] }) {
  const { api, me } = useSession();
  const [query, setQuery] = useState("");
  const [filters, setFilters] = useState<readonly CaseFilter[]>([]);
  const now = api.now();
  const found = filterCases(cases, query, filters, now, me.profile);
  const near = query && found.length === 0 ? nearCases(cases, query) : [];
  const countOf = (filter: CaseFilter) => cases.filter((one) => passesFilter(one, filter, now)).length;
  const toggle = (filter: CaseFilter) =>
    setFilters(filters.includes(filter) ? filters.filter((one) => one !== filter) : [...filters, filter]);
  return (
    <>
      <search class="case-search">
        <label for="case-search" class="unseen">
          {say("cases.search")}
        </label>
        <input
          id="case-search"
          type="search"
          // Empty, it would be taken for left to right, and its placeholder with it.
          dir={query ? "auto" : undefined}
          autoComplete="off"
          placeholder={say("cases.search")}
          value={query}
          onInput={({ currentTarget: { value } }) => setQuery(value)}
        />
        <fieldset class="filters">
          <legend class="unseen">{say("cases.filters")}</legend>
          {caseFilters
            .filter((filter) => filters.includes(filter) || countOf(filter) > 0)
            .map((filter) => (
              <button
                key={filter}
                type="button"
                class="chip add"
                aria-pressed={filters.includes(filter)}
                onClick={() => toggle(filter)}
              >
                {say(`cases.filter.${filter}`)} <span class="count">{countOf(filter)}</span>
              </button>
            ))}
        </fieldset>
        <p class="hint" role="status">
          {query || filters.length > 0 ? say("cases.found", { count: found.length, of: cases.length }) : ""}
        </p>
      </search>
      {near.length > 0 && <p>{say("cases.near")}</p>}
      <ul class="rows">
        {[...found, ...near].map((one) => (
          <li key={one.id}>
            <a href={hashOf(one.newest === 0 ? { at: "approvals" } : { at: "case", id: one.id })}>
              <b class="number">{one.number}</b>
              <bdi class="title" lang={one.language ?? undefined}>
                {firstOf(one.title, one.language)}
              </bdi>
            </a>
            <span class="hint">{stateOf(one, now)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The live revision, the pending ones, the number of proposals, and what needs an editor, in words. */
function stateOf(one: DeskCase, now: number): string {
  const { state, live, pending, waiting, until, asOf, outdated } = one;
  const current =
    state === "withdrawn"
      ? say("cases.withdrawn")
      : live === null
        ? say("cases.unpublished")
        : say("cases.live", { number: live });
  return [
    current,
    ...pending.map(({ number, liveAt }) => say("cases.pending", { number, moment: moment(liveAt) })),
    ...(waiting > 0 ? [say("cases.waiting", { count: waiting })] : []),
    ...(passesFilter(one, "deadline", now) && until ? [say("cases.until", { date: printDate(until) })] : []),
    ...(passesFilter(one, "lapsed", now) && until ? [say("cases.lapsed", { date: printDate(until) })] : []),
    ...(passesFilter(one, "stale", now) && asOf ? [say("cases.stale", { date: printDate(asOf) })] : []),
    ...(outdated > 0 ? [say("translations.open", { count: outdated })] : []),
  ].join(" · ");
}

function Draft({ draft, onDelete }: { draft: SavedDraftEntry; onDelete: () => void }) {
  const { me } = useSession();
  const lost = {
    title: firstOf(draft.title, "en") || draft.case || say("cases.draft.new"),
    moment: moment(draft.savedAt),
  };
  return (
    <li>
      <a href={hashOf({ at: "draft", id: draft.id })}>
        <b class="number">{draft.case ? numberOf(draft.case, me.profile) : "—"}</b>
        <bdi class="title">{lost.title}</bdi>
      </a>
      <span class="hint">
        {say("cases.draft.saved", lost)}
        {draft.proposal && ` · ${say("cases.draft.waits")}`}
        {draft.returned &&
          ` · ${say("cases.draft.returned", { by: draft.returned.by, reason: draft.returned.reason || "—" })}`}
      </span>
      <Confirmed
        label={say("cases.draft.delete", lost)}
        question={say("cases.draft.really", lost)}
        onConfirm={onDelete}
      >
        {say("cases.draft.yes")}
      </Confirmed>
    </li>
  );
}
