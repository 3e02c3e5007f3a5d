/**
 * Proposals that wait for a second editor: their list and number, and a page
 * with a preview and the buttons to approve, reject or take back.
 */

import { useContext, useEffect, useState } from "preact/hooks";
import { textIn } from "../../../shared/case/text.ts";
import { directionOf } from "../../../shared/locale.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import { ApiError } from "../../editing/contract/client.ts";
import {
  confirmAll,
  type Question,
  type QuestionAnswer,
} from "../../editing/rules/answers.ts";
import type {
  DeskDraft,
  DeskRecord,
  Me,
  Proposal,
  ProposalEntry,
  UnfinishedCase,
} from "../../editing/rules/desk.ts";
import { differencesBetween } from "../../editing/rules/merge.ts";
import { hasRole, mayPublish } from "../../editing/rules/roles.ts";
import { DamagedRows } from "../damaged-rows.tsx";
import { Differences } from "../differences.tsx";
import { pathOf } from "../form/path.ts";
import { Button, LineList, TextInput } from "../inputs.tsx";
import {
  PreviewPane,
  usePreview,
  usePreviewLanguage,
} from "../preview-pane.tsx";
import { go, hashOf } from "../route.ts";
import { onRoleChanged, SessionContext, useSession } from "../session.ts";
import { QuestionGroups } from "../tasks/question-groups.tsx";
import { countOpen, QuestionCount, withAnswers } from "../tasks/questions.tsx";
import { languageName, moment, say } from "../words.ts";
import { eraseWords } from "./erase-choice.tsx";
import { TraceView } from "./erase-dialog.tsx";
import { ErasurePlaces } from "./erase-preview.tsx";
import { printMoment } from "./moments.ts";
import { findCase, rememberPublished } from "./publish-draft.ts";
import { RefusalNotice, Unanswered, useAction, useAnswer } from "./refusal.tsx";

export function Approvals({ id }: { id?: string | undefined }) {
  return id === undefined ? (
    <ProposalsPage />
  ) : (
    <ProposalPage key={id} id={id} />
  );
}

function ProposalsPage() {
  const { api } = useSession();
  const { answer, refused, again } = useAnswer(
    () => api.listProposals(),
    [api],
    { everyMs: REFRESH_MS },
  );
  const { proposals = [], damaged = [] } = answer ?? {};
  const { refused: kept, run } = useAction();
  const discard = (id: string) =>
    run(() => api.takeBackProposal({ id }).finally(again));
  return (
    <main class="page">
      <h1>
        {say("nav.approvals")}
        {proposals.length > 0 && ` (${proposals.length})`}
      </h1>
      <p class="lead">{say("approvals.lead")}</p>
      <RefusalNotice error={kept ?? refused} />
      {answer && proposals.length + damaged.length === 0 && (
        <p class="empty">{say("approvals.none")}</p>
      )}
      <ProposalList proposals={proposals} />
      <DamagedRows rows={damaged} onDiscard={(id) => void discard(id)} />
    </main>
  );
}

function ProposalPage({ id }: { id: string }) {
  const { api } = useSession();
  const page = useAnswer(async () => {
    const proposal = await api.readProposal({ id });
    return { proposal, record: await findCase(api, proposal.case) };
  }, [api, id]);
  if (!page.answer)
    return (
      <Unanswered error={page.refused}>
        {page.refused && (
          <a href={hashOf({ at: "approvals" })}>{say("approvals.all")}</a>
        )}
      </Unanswered>
    );
  return <ProposalView {...page.answer} onChanged={page.again} />;
}

/** The proposal as a draft, for the preview that its author saw. */
const draftIn = (
  { content, kind, notify, liveAt, source }: Proposal,
  base: DeskDraft["base"],
): DeskDraft => ({
  base,
  case: content.case as UnfinishedCase,
  note: content.note,
  kind: kind === "withdrawal" || kind === "erasure" ? "update" : kind,
  notify,
  liveAt,
  source,
  answers: [],
  resolved: [],
});

/**
 * What the author has confirmed. What a program answered is open for this
 * editor, and stands with the questions.
 */
function Confirmed({
  proposal,
  draft,
}: {
  proposal: Proposal;
  draft: DeskDraft;
}) {
  const questions = proposal.answers
    .filter(({ byToken }) => !byToken)
    .map(({ kind, at, answer }, index): Question => {
      const isOfLanguage = kind === "translation" || kind === "outdated";
      return {
        id: `${index}`,
        kind,
        at,
        answers: [answer],
        ...(isOfLanguage && { lang: String(pathOf(at[0] ?? "").at(-1)) }),
      };
    });
  if (questions.length === 0) return null;
  return (
    <section class="questions">
      <h2>{say("approvals.confirmed")}</h2>
      <QuestionGroups
        draft={draft}
        questions={questions}
        answers={confirmAll(questions)}
      />
    </section>
  );
}

interface ProposalProps {
  proposal: Proposal;
  record: DeskRecord | null;
  onChanged: () => unknown;
}

function ProposalView({ proposal, record, onChanged }: ProposalProps) {
  const { api, me } = useSession();
  const {
    id,
    number,
    content,
    editor,
    proposedAt,
    kind,
    notify,
    liveAt,
    basedOn,
    replace,
    hash,
  } = proposal;
  const newest = record?.revision.number ?? 0;
  const base = proposal.base && { number: basedOn, case: proposal.base };
  const isWithdrawal = kind === "withdrawal";
  /** These have no draft to which a reason could be returned. */
  const erases = isWithdrawal || kind === "erasure";
  const [draft] = useState(() => draftIn(proposal, base));
  const { erasure } = proposal;
  const { answer: preview } = useAnswer(
    async () =>
      erasure &&
      api.previewErasure({ id: proposal.case, basedOn, body: erasure }),
    [api, erasure],
  );
  const [reason, setReason] = useState("");
  const { busy, refused, run } = useAction();
  const [asked, setAsked] = useState<readonly Question[]>(proposal.questions);
  const [answers, setAnswers] = useState<QuestionAnswer[]>([]);
  const own = editor === me.editor;
  const mayApprove = !own && mayPublish(me);
  const next = record?.next ?? 1;

  const act = async (action: () => Promise<void>) => {
    const error = await run(action);
    // Asked since this page was opened, as when a deadline passes.
    if (error?.is("questions-open"))
      return setAsked(error.problem.questions as Question[]);
    // The proposal now carries the refusal, or was changed by another editor.
    if (error && error.status !== 0) onChanged();
  };
  const approve = () =>
    act(async () => {
      const { revision } = await api.approveProposal({
        id,
        basedOn: hash,
        body: { answers },
      });
      rememberPublished(proposal.case, revision, null);
      go({ at: "case", id: proposal.case });
    });
  const reject = () =>
    act(async () => {
      const { draft: returned } = await api.rejectProposal({
        id,
        body: { reason },
      });
      go(
        own && returned !== null
          ? { at: "draft", id: returned }
          : { at: "approvals" },
      );
    });

  return (
    <main class="editor without-source approval" data-pane="form">
      <header class="editor-head">
        <h1>
          <span class="number">{number}</span>{" "}
          <bdi class="title" lang={content.case.language}>
            {textIn(content.case.title, content.case.language)}
          </bdi>
        </h1>
        <a href={hashOf({ at: "approvals" })}>{say("approvals.all")}</a>
      </header>
      <section class="pane form" aria-label={say("approvals.what")}>
        <div class="scroll proposal">
          {isWithdrawal && <h2 class="unseen">{say("approvals.what")}</h2>}
          <p>
            {say(own ? "approvals.yours" : "approvals.by", {
              editor,
              moment: moment(proposedAt),
            })}
            {" · "}
            {isWithdrawal
              ? say("approvals.withdrawal", {
                  reason: say(
                    `withdraw.reason.${proposal.reason ?? "unstated"}`,
                  ),
                })
              : say(`publish.kind.${kind}`)}
            {" · "}
            {me.bot && `${say(`publish.notify.${notify}`)} · `}
            {liveAt === null
              ? say("approvals.at-once", { seconds: me.lead })
              : printMoment(liveAt)}
          </p>
          {newest !== basedOn && replace === undefined && (
            <p class="warning">
              {say("approvals.overtaken", { number: newest, base: basedOn })}
            </p>
          )}
          {proposal.refused && !refused && (
            <RefusalNotice error={new ApiError(proposal.refused)} />
          )}
          {isWithdrawal && (
            <a href={hashOf({ at: "case", id: proposal.case })}>
              {say("case.page")}
            </a>
          )}
          {!isWithdrawal && <h2>{say("approvals.note")}</h2>}
          {Object.entries(content.note).map(([tag, text]) => (
            <p key={tag} class="note" lang={tag} dir={directionOf(tag)}>
              <span class="unseen">{languageName(tag)}: </span>
              {text}
            </p>
          ))}
          {!isWithdrawal && (
            <h2>{say(base ? "approvals.changes" : "approvals.first")}</h2>
          )}
          {base && !preview && (
            <Differences
              differences={differencesBetween(base.case, content.case)}
              fields={draft.case}
            />
          )}
          {erasure && preview && base && (
            <ErasurePlaces
              preview={preview}
              fields={base.case}
              newest={record?.case ?? base.case}
              cases={erasure.cases.map((one) => one.id)}
            />
          )}
          {erasure && (
            <LineList
              class="goes"
              lines={[
                ...(base
                  ? erasure.erase.map((one) =>
                      eraseWords(one, base.case, me.profile),
                    )
                  : []),
                say("erase.history", { number: basedOn }),
                ...erasure.cases.map((one) =>
                  say("erase.case", { id: numberOf(one.id, me.profile) }),
                ),
              ]}
            />
          )}
          <Confirmed proposal={proposal} draft={draft} />
          {proposal.source && (
            <details class="proposal-source">
              <summary>
                {say("approvals.document", { name: proposal.source.name })}
              </summary>
              <p class="original" dir="auto">
                {proposal.source.text}
              </p>
            </details>
          )}
          {!refused?.is("questions-open") && <RefusalNotice error={refused} />}
          {own ? (
            <footer class="row">
              <Button
                class="quiet"
                disabled={busy}
                onPress={reject}
                say={
                  erases
                    ? "approvals.take-back.withdrawal"
                    : "approvals.take-back"
                }
              />
              <span class="hint">{say("approvals.own")}</span>
            </footer>
          ) : !mayApprove ? null : (
            <footer class="verdicts">
              {asked.length > 0 && (
                <section class="questions">
                  <h2>{say("questions.title")}</h2>
                  <p class="verdict" role="status">
                    <QuestionCount
                      asked={{ questions: asked, is: "known" }}
                      answers={answers}
                    />
                  </p>
                  <QuestionGroups
                    questions={asked}
                    answers={answers}
                    draft={draft}
                    onAnswer={(group, confirmed) =>
                      setAnswers(withAnswers(answers, group, confirmed))
                    }
                  />
                </section>
              )}
              <Button
                class={erases ? "danger" : ""}
                disabled={
                  busy || (erasure && !preview) || countOpen(asked, answers) > 0
                }
                onPress={approve}
              >
                {isWithdrawal
                  ? say("approvals.go.withdrawal", { id: number })
                  : erases
                    ? say("erase.go", { seconds: me.lead })
                    : liveAt === null
                      ? say("approvals.go", { number: next, seconds: me.lead })
                      : say("approvals.go.later", {
                          number: next,
                          moment: printMoment(liveAt),
                        })}
              </Button>
              {!erases && (
                <div class="field">
                  <TextInput
                    id="reason"
                    label={say("approvals.reason", { editor })}
                    maxLength={500}
                    value={reason}
                    onText={setReason}
                  />
                </div>
              )}
              <Button class="quiet" disabled={busy} onPress={reject}>
                {erases
                  ? say("approvals.reject.withdrawal")
                  : say("approvals.reject", { editor })}
              </Button>
            </footer>
          )}
        </div>
      </section>
      {isWithdrawal ? (
        <section class="pane preview" aria-label={say("preview.title")}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <div class="scroll" tabIndex={0}>
            <TraceView id={proposal.case} />
          </div>
        </section>
      ) : (
        <ProposalPreview draft={draft} />
      )}
    </main>
  );
}

function ProposalPreview({ draft }: { draft: DeskDraft }) {
  const [lang, setLang] = usePreviewLanguage(draft.case.language);
  return (
    <PreviewPane {...usePreview(draft, lang)} lang={lang} onLang={setLang} />
  );
}

/** How often the list and its count are read again. */
export const REFRESH_MS = 15_000;

/**
 * The number of proposals that other editors made and that wait, read again and
 * again; 0 where none need approval.
 * @param onMe called when what this editor may do has changed
 */
export function useWaiting(onMe: (me: Me) => void): number {
  const session = useContext(SessionContext);
  const { answer, again } = useAnswer(
    async () => {
      if (!session) return 0;
      const { api, me } = session;
      const now = await api.readMe();
      if (JSON.stringify(now) !== JSON.stringify(me)) onMe(now);
      if (!hasRole(now, "publisher")) return 0;
      return (await api.listProposals()).proposals.filter(
        ({ editor }) => editor !== me.editor,
      ).length;
    },
    [session],
    { everyMs: REFRESH_MS },
  );
  useEffect(() => {
    const gone = new AbortController();
    for (const event of ["focus", "hashchange"])
      addEventListener(event, again, { signal: gone.signal });
    const off = onRoleChanged(again);
    return () => [gone.abort(), off()];
  }, []);
  return answer ?? 0;
}

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
            {say(
              one.editor === me.editor ? "approvals.yours" : "approvals.by",
              {
                editor: one.editor,
                moment: moment(one.proposedAt),
              },
            )}
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
  return (
    <ProposalList
      proposals={answer?.proposals.filter((one) => one.case === caseId) ?? []}
    />
  );
}
