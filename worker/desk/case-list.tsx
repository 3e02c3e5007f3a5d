/** The list of all cases and of the editor's own drafts. */
import { useState } from "preact/hooks";
import { numberOf } from "../../shared/profile/numbers.ts";
import {
  type CaseFilter,
  type CaseOrder,
  caseFilters,
  caseOrders,
  filterCases,
  nearCases,
  passesFilter,
  sortCases,
} from "../editing/rules/case-filters.ts";
import type { DeskCase, SavedDraftEntry } from "../editing/rules/desk.ts";
import { Confirmed, DamagedRows } from "./damaged-rows.tsx";
import { choiceOf } from "./form/form-state.ts";
import { Button, SelectInput } from "./inputs.tsx";
import { PlacesElsewhere } from "./places.tsx";
import { printMoment } from "./publish/moments.ts";
import { RefusalNotice, useAction, useAnswer } from "./publish/refusal.tsx";
import { hashOf } from "./route.ts";
import { useSession } from "./session.ts";
import { openDraft } from "./started-drafts.ts";
import { compareWords, moment, printDate, say } from "./words.ts";

/**
 * Rows that are drawn at first, and with each press of the button below them.
 */
const PAGE_ROWS = 50;
/** Names in a row; further ones are counted. */
const MAX_NAMES = 3;

const firstOf = (
  text: Record<string, string> | null,
  language: string | null,
): string =>
  text ? (text[language ?? ""] ?? Object.values(text)[0] ?? "") : "";

export function CaseList() {
  const { api } = useSession();
  const { answer, refused, again } = useAnswer(
    () => Promise.all([api.listDeskCases(), api.listDrafts()]),
    [api],
  );
  const [{ cases }, { drafts, damaged }] = answer ?? [
    { cases: null },
    { drafts: [], damaged: [] },
  ];
  const { refused: kept, run } = useAction();
  const remove = (id: string) =>
    run(() => api.deleteDraft({ id }).finally(again));
  return (
    <main class="page">
      <header class="page-head">
        <div>
          <h1>{say("nav.cases")}</h1>
          <p class="lead">{say("cases.lead")}</p>
        </div>
        <div class="row">
          <Button onPress={() => openDraft("empty")} say="nav.new" />
          <a class="button quiet" href={hashOf({ at: "import" })}>
            {say("nav.import")}
          </a>
        </div>
      </header>
      <RefusalNotice error={kept ?? refused} />
      <PlacesElsewhere />
      {drafts.length + damaged.length > 0 && (
        <section aria-labelledby="drafts-title">
          <h2 id="drafts-title">{say("cases.drafts")}</h2>
          <ul class="rows">
            {drafts.map((draft) => (
              <Draft
                key={draft.id}
                draft={draft}
                onDelete={() => void remove(draft.id)}
              />
            ))}
          </ul>
          <DamagedRows rows={damaged} onDiscard={(id) => void remove(id)} />
        </section>
      )}
      {cases?.length === 0 && <p class="empty">{say("cases.none")}</p>}
      {cases && cases.length > 0 && (
        <section aria-labelledby="cases-title">
          <h2
            id="cases-title"
            class={drafts.length + damaged.length > 0 ? "" : "unseen"}
          >
            {say("cases.all")}
          </h2>
          <CaseSearch cases={cases} />
        </section>
      )}
    </main>
  );
}

/** The cases, with a search, filters and an order. */
function CaseSearch({ cases }: { cases: DeskCase[] }) {
  const { api, me } = useSession();
  const [query, setQuery] = useState("");
  const [filters, setFilters] = useState<readonly CaseFilter[]>([]);
  const [order, setOrder] = useState<CaseOrder>("newest");
  const [limit, setLimit] = useState(PAGE_ROWS);
  const now = api.now();
  const stateOfPerson = ({ custody }: DeskCase["people"][number]) =>
    custody && choiceOf(["custody"], custody, me.profile);
  const statesOf = ({ people }: DeskCase) =>
    [...new Set(people.flatMap((one) => stateOfPerson(one) || []))].join(", ");
  const found = filterCases(cases, query, filters, now, me.profile);
  const near = query && found.length === 0 ? nearCases(cases, query) : [];
  const rows = [
    ...sortCases(found, order, statesOf, compareWords, now),
    ...near,
  ];
  const countOf = (filter: CaseFilter) =>
    cases.filter((one) => passesFilter(one, filter, now)).length;
  const toggle = (filter: CaseFilter) => {
    const isOn = filters.includes(filter);
    setFilters(
      isOn ? filters.filter((one) => one !== filter) : [...filters, filter],
    );
    if (filter === "deadline") setOrder(isOn ? "newest" : "deadline");
  };
  return (
    <>
      <search class="case-search">
        <label for="case-search" class="unseen">
          {say("cases.search")}
        </label>
        <input
          id="case-search"
          type="search"
          // Empty, it would be taken for left to right, and its placeholder
          // with it.
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
              <Button
                key={filter}
                class="chip add"
                aria-pressed={filters.includes(filter)}
                onPress={() => toggle(filter)}
              >
                {say(`cases.filter.${filter}`)}{" "}
                <span class="count">{countOf(filter)}</span>
              </Button>
            ))}
        </fieldset>
        <div class="row">
          <p class="hint" role="status">
            {query || filters.length > 0
              ? say("cases.found", { count: found.length, of: cases.length })
              : ""}
          </p>
          <label class="hint order" for="case-order">
            {say("cases.order")}
            <SelectInput
              id="case-order"
              value={order}
              options={caseOrders.map((one) => [one, orderName(one)])}
              onChoose={setOrder}
            />
          </label>
        </div>
      </search>
      {near.length > 0 && <p>{say("cases.near")}</p>}
      <ul class="rows">
        {rows.slice(0, limit).map((one) => (
          <li key={one.id}>
            <a
              href={hashOf(
                one.newest === 0
                  ? { at: "approvals" }
                  : { at: "case", id: one.id },
              )}
            >
              <b class="number">{one.number}</b>
              <bdi class="title" lang={one.language ?? undefined}>
                {firstOf(one.title, one.language)}
              </bdi>
            </a>
            <span class="hint">
              <People
                people={one.people.map((person) => [
                  person.name,
                  stateOfPerson(person),
                ])}
              />
              {stateOf(one, now)}
            </span>
          </li>
        ))}
      </ul>
      {rows.length > limit && (
        <Button
          class="quiet"
          onPress={() => setLimit(limit + PAGE_ROWS)}
          say="audit.more"
        />
      )}
    </>
  );
}

const orderName = (order: CaseOrder): string =>
  order === "name"
    ? say("field.names.value")
    : say(order === "deadline" ? "field.until" : `cases.order.${order}`);

/** Whom a case is about, each with the state of custody. */
function People({ people }: { people: [name: string, state: string][] }) {
  const more = people.length - MAX_NAMES;
  return (
    <span class="people">
      {people.slice(0, MAX_NAMES).map(([name, state]) => (
        <span key={name}>
          <bdi>{name}</bdi> <b>{state}</b>
        </span>
      ))}
      {more > 0 && <span>{say("check.more", { count: more })}</span>}
    </span>
  );
}

/**
 * The live revision, the pending ones, the number of proposals, and what needs
 * an editor, in words.
 */
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
    ...pending.map(({ number, liveAt }) =>
      say("cases.pending", { number, moment: printMoment(liveAt) }),
    ),
    ...(waiting > 0 ? [say("cases.waiting", { count: waiting })] : []),
    ...(passesFilter(one, "deadline", now) && until
      ? [say("cases.until", { date: printDate(until) })]
      : []),
    ...(passesFilter(one, "lapsed", now) && until
      ? [say("cases.lapsed", { date: printDate(until) })]
      : []),
    ...(passesFilter(one, "stale", now) && asOf
      ? [say("cases.stale", { date: printDate(asOf) })]
      : []),
    ...(outdated > 0 ? [say("translations.open", { count: outdated })] : []),
  ].join(" · ");
}

interface DraftProps {
  draft: SavedDraftEntry;
  onDelete: () => void;
}

function Draft({ draft, onDelete }: DraftProps) {
  const { me } = useSession();
  return (
    <li>
      <a href={hashOf({ at: "draft", id: draft.id })}>
        <b class="number">
          {draft.case ? numberOf(draft.case, me.profile) : "—"}
        </b>
        <bdi class="title">{titleOf(draft)}</bdi>
      </a>
      <span class="hint">
        {say("cases.draft.saved", { moment: moment(draft.savedAt) })}
        {draft.proposal && ` · ${say("cases.draft.waits")}`}
        {draft.returned &&
          ` · ${say("cases.draft.returned", { by: draft.returned.by, reason: draft.returned.reason || "—" })}`}
      </span>
      <DeleteDraft draft={draft} onDelete={onDelete} />
    </li>
  );
}

const titleOf = (draft: SavedDraftEntry): string =>
  firstOf(draft.title, "en") || draft.case || say("cases.draft.new");

/** Says which draft would be lost. */
export function DeleteDraft({ draft, onDelete }: DraftProps) {
  const lost = { title: titleOf(draft), moment: moment(draft.savedAt) };
  return (
    <Confirmed
      label={say("cases.draft.delete", lost)}
      question={say("cases.draft.really", lost)}
      onConfirm={onDelete}
    >
      {say("cases.draft.yes")}
    </Confirmed>
  );
}
