/**
 * One case: what readers see, its people, what is due, the editor's actions,
 * and its live revisions.
 */

import { useState } from "preact/hooks";
import { addresses, pageAddress } from "../../shared/addresses.ts";
import type { Case } from "../../shared/case/schema.ts";
import {
  isOutdated,
  languagesIn,
  textIn,
  textsIn,
} from "../../shared/case/text.ts";
import type { Fields } from "../../shared/fields.ts";
import { numberOf } from "../../shared/profile/numbers.ts";
import { hasLapsed } from "../../shared/view/age.ts";
import type { View } from "../../shared/view/schema.ts";
import type { Client } from "../editing/contract/client.ts";
import type {
  DeskRecord,
  DeskRevision,
  UnfinishedCase,
} from "../editing/rules/desk.ts";
import { type Difference, differencesBetween } from "../editing/rules/merge.ts";
import { DeleteDraft } from "./case-list.tsx";
import { Differences, statusesIn, statusesNow } from "./differences.tsx";
import { entryName, labelOf, type Task } from "./form/form-state.ts";
import { Collapsible } from "./form/frame.tsx";
import { Button, SelectInput } from "./inputs.tsx";
import { PlacesElsewhere } from "./places.tsx";
import { ReaderLanguage, usePreviewLanguage, Widget } from "./preview-pane.tsx";
import { ProposalsOf } from "./publish/approvals.tsx";
import {
  AsksForNobody,
  kindWords,
  PendingRevisions,
  RiskActions,
} from "./publish/case-actions.tsx";
import { printMoment } from "./publish/moments.ts";
import { isReusable } from "./publish/publish-draft.ts";
import {
  RefusalNotice,
  Unanswered,
  useAction,
  useAnswer,
} from "./publish/refusal.tsx";
import { hashOf } from "./route.ts";
import { useSession } from "./session.ts";
import { draftForNumber, draftOf, duplicateOf } from "./start-draft.ts";
import { goOn, openDraft } from "./started-drafts.ts";
import { languageName, moment, printDate, say } from "./words.ts";

export function CaseScreen({ id }: { id: string }) {
  const { api, me } = useSession();
  const { refused: kept, run } = useAction();
  const {
    answer: shown,
    refused,
    again,
  } = useAnswer(async () => {
    const [record, { drafts }] = await Promise.all([
      api.readDeskCase({ id }),
      api.listDrafts(),
    ]);
    const { live, revision } = record;
    const isPending = live !== null && live !== revision.number;
    const seen = (
      isPending
        ? await api.readDeskCase({ id, revision: String(live) })
        : record
    ).case;
    return {
      record,
      seen,
      drafts: drafts.filter((draft) => draft.case === id),
    };
  }, [api, id]);
  if (!shown) return <Unanswered error={refused} />;
  const { record, seen, drafts } = shown;
  const { case: fields, revision, live, pending } = record;
  const props = { id, record, onChanged: () => void again() };
  const [newest] = drafts;
  /**
   * Goes on in the editor's own draft, so that no second one is made unseen.
   */
  const begin = (task: Task) => {
    if (newest) goOn(newest.id, task);
    else if (fields) openDraft(draftOf(revision.number, fields), task);
  };
  return (
    <main class="page case-screen">
      <header>
        <h1>
          <span class="number">{numberOf(id, me.profile)}</span>{" "}
          <bdi class="title" lang={seen?.language}>
            {seen && textIn(seen.title, seen.language)}
          </bdi>
        </h1>
        <p class="lead">
          {live !== null && fields
            ? say("cases.live", { number: live })
            : isReusable(record)
              ? say("cases.withdrawn")
              : say(
                  fields
                    ? "cases.unpublished"
                    : pending.length > 0
                      ? "case.going"
                      : "case.gone",
                )}
        </p>
        <RefusalNotice error={kept ?? refused} />
      </header>
      <div class="work">
        <PendingRevisions {...props} />
        <AsksForNobody {...props} />
        {pending.length === 0 && (
          <p class="hint">
            {say("case.newest", {
              number: revision.number,
              editor: revision.editor,
              moment: moment(revision.committedAt),
            })}
          </p>
        )}
        {drafts.map((draft) => (
          <p key={draft.id} class="row own-draft">
            <b>{say("case.draft", { moment: moment(draft.savedAt) })}</b>
            <a class="button" href={hashOf({ at: "draft", id: draft.id })}>
              {say("case.go-on")}
            </a>
            <DeleteDraft
              draft={draft}
              onDelete={() =>
                void run(() => api.deleteDraft({ id: draft.id }).then(again))
              }
            />
          </p>
        ))}
        {record.drafts
          ?.filter(({ editor }) => editor !== me.editor)
          .map(({ editor, savedAt }) => (
            <p key={editor + savedAt} class="hint">
              {say("case.draft.by", { editor, moment: moment(savedAt) })}
            </p>
          ))}
        {fields && (
          <div class="row">
            <Button
              class={pending.length + drafts.length > 0 ? "quiet" : ""}
              onPress={() => openDraft(draftOf(revision.number, fields))}
            >
              {say(newest ? "case.anew" : "case.edit")}
            </Button>
            <a class="button quiet" href={hashOf({ at: "import", id })}>
              {say("case.import")}
            </a>
            <Button
              class="plain"
              onPress={() => openDraft(duplicateOf(fields, me.profile))}
              say="case.duplicate"
            />
          </div>
        )}
        {isReusable(record) && (
          <div class="row">
            <Button
              onPress={() => openDraft(draftForNumber(id, me.profile))}
              say="case.again"
            />
            <span class="hint">{say("case.again.hint")}</span>
          </div>
        )}
        <ProposalsOf caseId={id} />
        {seen && <Facts fields={seen} onTask={fields && begin} />}
      </div>
      {(fields || pending.length > 0) && (
        <AsReadersSee id={id} record={record} />
      )}
      <div class="more">
        {fields && live !== null && (
          <CaseHistory id={id} record={{ ...record, case: fields }} />
        )}
        {fields && live !== null && (
          <p>
            <a href={addresses.case(id)} target="_blank" rel="noreferrer">
              {say("case.developers")}
            </a>
          </p>
        )}
        {live !== null && <PlacesElsewhere id={id} />}
        <RiskActions {...props} />
      </div>
    </main>
  );
}

interface FactsProps {
  /** As readers see them, as long as they see any. */
  fields: Case;
  /** Null when the newest revision is a withdrawal. */
  onTask: ((task: Task) => void) | null;
}

/** The people, each with a way to change a status; then what is due. */
function Facts({ fields, onTask }: FactsProps) {
  const { api, me } = useSession();
  const { until, state } = fields.action;
  const [own = "en", ...others] = languagesIn(fields);
  const outdated = others.flatMap((lang) => {
    const count = textsIn(fields).filter(({ text }) =>
      isOutdated(text, lang, own),
    ).length;
    return count > 0 ? [`${languageName(lang)} (${count})`] : [];
  });
  return (
    <ul class="rows facts">
      {fields.people.map((person, index) => {
        const name = entryName(
          fields as UnfinishedCase,
          ["people", index],
          me.profile,
        );
        const statuses = statusesIn(
          person as Fields,
          statusesNow,
          fields.documents,
          me.profile,
          true,
        );
        return (
          <li key={person.id}>
            <b dir="auto">{name}</b>
            <span class="hint">
              {statuses.length === 0 && say("form.no-status")}
              {statuses.map((status) => (
                <span key={status}>{status}</span>
              ))}
            </span>
            {onTask && (
              <Button
                class="chip add"
                onPress={() => onTask({ is: "status", person: person.id })}
              >
                {say("status.open")} <span class="unseen">{name}</span>
              </Button>
            )}
          </li>
        );
      })}
      {until && state !== "closed" && (
        <li>
          <b>{labelOf(["action", "until"], me.profile)}</b>
          <span class="hint">
            {printDate(until)}
            {state === "active" &&
              hasLapsed(until, api.now()) &&
              ` · ${say("cases.filter.lapsed")}`}
          </span>
        </li>
      )}
      {outdated.length > 0 && (
        <li>
          <b>{say("cases.filter.outdated")}</b>
          <span class="hint">{outdated.join(" · ")}</span>
          {onTask && (
            <Button
              class="chip add"
              onPress={() => onTask({ is: "translations" })}
              say="translations.side-by-side"
            />
          )}
        </li>
      )}
    </ul>
  );
}

/**
 * The card as readers see it, or will see it once a pending revision is live.
 */
function AsReadersSee({ id, record }: { id: string; record: DeskRecord }) {
  const { api } = useSession();
  const { live } = record;
  const pending = record.pending.filter(({ kind }) => kind !== "withdrawal");
  const numbers = [
    ...(live === null ? [] : [live]),
    ...pending.map(({ number }) => number),
  ];
  const [chosen, setChosen] = useState<number | null>(null);
  const number = numbers.find((one) => one === chosen) ?? numbers[0];
  const [lang, setLang] = usePreviewLanguage(record.case?.language);
  const pendingOf = (one: number) =>
    pending.find((revision) => revision.number === one) as DeskRevision;
  const nameOf = (one: number) =>
    one === live
      ? say("cases.live", { number: one })
      : say("cases.pending", {
          number: one,
          moment: printMoment(pendingOf(one).liveAt),
        });
  const viewOf = async (shown: number): Promise<View | null> => {
    if (shown === live) return api.readView({ id, lang: lang as View["lang"] });
    const contentOf = async (one: number) =>
      (await api.readDeskCase({ id, revision: String(one) })).case as Case;
    // Readers also see what changed since the revision before.
    const before = numbers[numbers.indexOf(shown) - 1];
    const base =
      before === undefined
        ? null
        : { number: before, case: await contentOf(before) };
    const { note, kind, liveAt } = pendingOf(shown);
    const body = {
      base,
      case: (await contentOf(shown)) as UnfinishedCase,
      note,
      kind,
      liveAt,
      lang,
      number: shown,
    };
    return (
      await api.preview({
        body: body as Parameters<typeof api.preview>[0]["body"],
      })
    ).view;
  };
  const { answer: view, refused } = useAnswer(
    async () => (number === undefined ? null : viewOf(number)),
    [api, id, number, live, lang],
  );
  if (number === undefined) return null;
  return (
    <section class="pane as-seen" aria-label={say("case.page")}>
      <header>
        {live !== null && (
          <h2>
            <a href={pageAddress(id)} target="_blank" rel="noreferrer">
              {say("case.page")}
            </a>
          </h2>
        )}
        {pending.length > 0 && (
          <SelectInput
            aria-label={say("case.preview")}
            value={number}
            options={numbers.map((one) => [one, nameOf(one)])}
            onChoose={setChosen}
          />
        )}
        <ReaderLanguage lang={lang} onLang={setLang} />
      </header>
      <RefusalNotice error={refused} />
      {view && <Widget view={view} />}
    </section>
  );
}

type Revision = Awaited<
  ReturnType<Client["listRevisions"]>
>["revisions"][number];

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
  const { answer, refused } = useAnswer(
    () => api.listRevisions({ id }),
    [api, id],
  );
  const { revisions = [] } = answer ?? {};
  return (
    <>
      <RefusalNotice error={refused} />
      <ol>
        {revisions.map((revision, at) => (
          <Row
            key={revision.number}
            id={id}
            revision={revision}
            before={revisions[at + 1]}
            record={record}
          />
        ))}
      </ol>
    </>
  );
}

interface RowProps extends HistoryProps {
  revision: Revision;
  /**
   * The live revision before. Its number may be lower by more than 1, after an
   * undo.
   */
  before: Revision | undefined;
}

function Row({ id, revision, before, record }: RowProps) {
  const { api } = useSession();
  const { number, kind, liveAt, note } = revision;
  const { language } = record.case;
  const [shown, setShown] = useState<{
    fields: Case;
    differences: Difference[];
  } | null>(null);
  const { busy, refused, run } = useAction();
  const contentOf = async (wanted: number): Promise<Case> =>
    (await api.readRevision({ id, number: wanted })).case;
  const hasContent = (one: Revision) => Object.keys(one.note).length > 0;
  const compare = (last: number) =>
    run(async () => {
      const [fields, earlier] = await Promise.all([
        contentOf(number),
        contentOf(last),
      ]);
      setShown({ fields, differences: differencesBetween(earlier, fields) });
    });
  const restore = () =>
    run(async () => {
      const restored = structuredClone(
        await contentOf(number),
      ) as UnfinishedCase;
      openDraft({
        ...draftOf(record.revision.number, record.case),
        case: restored,
      });
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
          <Button
            class="chip add"
            disabled={busy}
            onPress={() => compare(before.number)}
            say="history.compare"
          />
        )}
        {number !== record.revision.number && hasContent(revision) && (
          <Button
            class="chip add"
            disabled={busy}
            onPress={restore}
            say="history.restore"
          />
        )}
      </p>
      <RefusalNotice error={refused} />
      {shown && (
        <Differences
          differences={shown.differences}
          fields={shown.fields as UnfinishedCase}
        />
      )}
      {shown?.differences.length === 0 && (
        <p class="hint">{say("history.same")}</p>
      )}
    </li>
  );
}
