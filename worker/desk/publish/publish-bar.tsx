/**
 * The save status of the draft, the button that opens the publish dialog, and
 * the merge with another editor's revision.
 */

import { useMemo, useState } from "preact/hooks";
import type { Case } from "../../../shared/case/schema.ts";
import { ApiError } from "../../editing/contract/client.ts";
import type { Question } from "../../editing/rules/answers.ts";
import type {
  DeskDraft,
  DeskRecord,
  SavedDraftEntry,
  UnfinishedCase,
} from "../../editing/rules/desk.ts";
import {
  type Conflict,
  differencesBetween,
  mergeCases,
} from "../../editing/rules/merge.ts";
import { Differences, pathIn, valueInWords } from "../differences.tsx";
import { wordsFor } from "../form/form-state.ts";
import { FormContext, useFormState } from "../form/use-form.ts";
import { Button, Option } from "../inputs.tsx";
import { go } from "../route.ts";
import { useSession } from "../session.ts";
import { moment, say } from "../words.ts";
import { Dialog } from "./dialog.tsx";
import { type SaveState, useDraftSaver } from "./draft-saver.ts";
import {
  findCase,
  isOvertaken,
  publishDraft,
  rememberPublished,
  takeUndone,
} from "./publish-draft.ts";
import { PublishPanel } from "./publish-panel.tsx";
import { RefusalNotice, useAction } from "./refusal.tsx";

interface PublishBarProps {
  id: string;
  /** The server's copy; null when the draft was never saved. */
  saved: SavedDraftEntry | null;
  /** Whether a change of status was begun and is not in the draft. */
  unfinished: boolean;
}

/** The open dialog. */
type OpenDialog =
  | { what: "publish"; record: DeskRecord | null }
  | { what: "conflict"; record: DeskRecord & { case: Case } }
  | null;

const withdrawn = () =>
  new ApiError({
    type: "urn:casewire:problem:withdrawn",
    title: "",
    status: 410,
    detail: "",
    remedy: "",
  });

export function PublishBar({ id, saved, unfinished }: PublishBarProps) {
  const form = useFormState();
  const { draft, onDraft } = form;
  const { api, me } = useSession();
  const { saver, state } = useDraftSaver(id, saved, draft);
  const [undone] = useState(takeUndone);
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const { busy, refused, run, dismiss } = useAction();

  const close = () => {
    setDialog(null);
    dismiss();
  };
  const openTask: typeof form.openTask = (task) => {
    close();
    form.openTask(task);
  };
  /**
   * Another editor has published since the draft was started, so both versions
   * must be merged first.
   */
  const compare = (record: DeskRecord) => {
    if (!record.case) throw withdrawn();
    setDialog({ what: "conflict", record: { ...record, case: record.case } });
  };
  const open = () => {
    form.setTried(true);
    void run(async () => {
      const record = await findCase(api, draft.case.id);
      if (record && isOvertaken(draft, record)) return compare(record);
      // The revision that the draft is based on was undone, so this is a new
      // case.
      if (!record && draft.base)
        onDraft((before) => ({ ...before, base: null }));
      setDialog({ what: "publish", record });
    });
  };
  const publish = (record: DeskRecord | null, replace: number | null) =>
    run(async () => {
      await saver.save();
      const outcome = await publishDraft(
        api,
        me,
        draft,
        saver.copy(),
        record,
        replace,
      ).catch((error: ApiError) => {
        // They know the note and the moment, too.
        if (error.is?.("questions-open"))
          form.onRefused(error.problem.questions as Question[]);
        throw error;
      });
      if ("conflict" in outcome) return compare(outcome.conflict);
      saver.stop();
      if ("proposed" in outcome)
        return go({ at: "approvals", id: outcome.proposed });
      rememberPublished(draft.case.id ?? "", outcome.published, draft);
      go({ at: "case", id: draft.case.id ?? "" });
    });

  return (
    <>
      <ProposalStatus saved={saved} />
      <div class="publish-bar">
        {undone !== null && (
          <span class="arrived" role="status">
            {say("pending.undone", { number: undone })}
          </span>
        )}
        <SaveStatus state={state} onKeep={() => saver.saveAsNew()} />
        {dialog?.what !== "publish" && <RefusalNotice error={refused} />}
        <Button disabled={busy} onPress={open} say="publish.open" />
        {dialog?.what === "publish" && (
          <FormContext.Provider value={{ ...form, openTask }}>
            <PublishPanel
              unfinished={unfinished}
              record={dialog.record}
              busy={busy}
              refused={refused}
              onPublish={(replace) => void publish(dialog.record, replace)}
              onClose={close}
            />
          </FormContext.Provider>
        )}
        {dialog?.what === "conflict" && (
          <ConflictDialog
            draft={draft}
            record={dialog.record}
            onMerged={(merged) => {
              onDraft(() => merged);
              close();
            }}
            onClose={close}
          />
        )}
      </div>
    </>
  );
}

/**
 * Whether a proposal made from the draft waits, or was returned, and whether
 * the draft must be read again.
 */
function ProposalStatus({ saved }: { saved: SavedDraftEntry | null }) {
  if (saved?.look)
    return (
      <p class="past" role="status">
        {say("refused.draft-unread")}
      </p>
    );
  if (saved?.proposal) return <p class="past">{say("draft.waits")}</p>;
  if (!saved?.returned) return null;
  const { by, reason } = saved.returned;
  return (
    <p class="past">
      {say(reason ? "draft.returned" : "draft.returned.silent", { by, reason })}
    </p>
  );
}

function SaveStatus({
  state,
  onKeep,
}: {
  state: SaveState;
  onKeep: () => void;
}) {
  switch (state.is) {
    case "untouched":
      return null;
    case "saving":
      return <span class="saved hint">{say("saved.saving")}</span>;
    case "saved":
      return (
        <span class="saved hint" role="status">
          {say("saved.at", { moment: moment(state.at) })}
          {state.apart && ` · ${say("saved.apart")}`}
        </span>
      );
    case "failed":
      return (
        <span class="saved problem" role="alert">
          {say("saved.failed")} {state.problem}{" "}
          {state.gone && (
            <Button class="link" onPress={onKeep} say="saved.anew" />
          )}
        </span>
      );
  }
}

/** A longer list of differences is collapsed at first. */
const MAX_EXPANDED_DIFFERENCES = 12;

interface ConflictProps {
  draft: DeskDraft;
  /** With the revision that was published since the draft was started. */
  record: DeskRecord & { case: Case };
  onMerged: (draft: DeskDraft) => void;
  onClose: () => void;
}

type Side = "mine" | "theirs";

export function ConflictDialog({
  draft,
  record,
  onMerged,
  onClose,
}: ConflictProps) {
  const { number, editor, committedAt, note } = record.revision;
  const said = note[record.case.language];
  const mine = draft.case;
  const [base = null, theirs] = [draft.base?.case, record.case] as [
    UnfinishedCase | undefined,
    UnfinishedCase,
  ];
  const conflicts = useMemo(
    () => mergeCases(base, mine, theirs).conflicts,
    [base, mine, theirs],
  );
  const [chosen, setChosen] = useState<Record<string, Side>>({});
  const open = conflicts.filter(({ at }) => !chosen[at]).length;
  const merge = () => {
    const { merged } = mergeCases(
      base,
      mine,
      theirs,
      ({ at }) => chosen[at] ?? "theirs",
    );
    // The answers were given beside another revision.
    onMerged({
      ...draft,
      case: merged,
      base: { number, case: record.case },
      answers: [],
    });
  };
  return (
    <Dialog
      title={say("conflict.title", { number })}
      class="wide conflict"
      onClose={onClose}
    >
      <p class="lead">
        {say(base ? "conflict.lead" : "conflict.lead.new", {
          ...{
            number,
            editor,
            moment: moment(committedAt),
            base: draft.base?.number ?? 0,
          },
        })}
      </p>
      {said && (
        <blockquote class="note" dir="auto">
          {said}
        </blockquote>
      )}
      {conflicts.length === 0 ? (
        <p class="verdict">
          <strong class="done">{say("conflict.none")}</strong>
        </p>
      ) : (
        <section class="choices">
          <h3>{say("conflict.both", { count: conflicts.length })}</h3>
          {conflicts.map((conflict) => (
            <Choice
              key={conflict.at}
              conflict={conflict}
              fields={conflict.mine === undefined ? theirs : mine}
              chosen={chosen[conflict.at]}
              onChoose={(side) =>
                setChosen((others) => ({ ...others, [conflict.at]: side }))
              }
            />
          ))}
        </section>
      )}
      <div class="sides">
        <Side
          title={say("conflict.revision", { number })}
          before={base ?? {}}
          after={theirs}
        />
        <Side title={say("conflict.yours")} before={base ?? {}} after={mine} />
      </div>
      <footer class="row">
        <Button disabled={open > 0} onPress={merge} say="conflict.merge" />
        <Button class="quiet" onPress={onClose} say="conflict.later" />
        <span class="hint" role="status">
          {open > 0
            ? say("conflict.open", { count: open })
            : say("conflict.next")}
        </span>
      </footer>
    </Dialog>
  );
}

function Side({
  title,
  before,
  after,
}: {
  title: string;
  before: UnfinishedCase;
  after: UnfinishedCase;
}) {
  const differences = differencesBetween(before, after);
  return (
    <details
      open={
        differences.length > 0 && differences.length <= MAX_EXPANDED_DIFFERENCES
      }
    >
      <summary>
        {title}{" "}
        <span class="hint">
          {say("conflict.fields", { count: differences.length })}
        </span>
      </summary>
      <Differences differences={differences} fields={after} />
    </details>
  );
}

interface ChoiceProps {
  conflict: Conflict;
  fields: UnfinishedCase;
  chosen: Side | undefined;
  onChoose: (side: Side) => void;
}

function Choice({ conflict, fields, chosen, onChoose }: ChoiceProps) {
  const { profile } = useSession().me;
  const path = pathIn(fields, conflict.at);
  const side = (name: Side, label: string) => (
    <Option
      class="side"
      name={`conflict-${conflict.at}`}
      checked={chosen === name}
      onChoose={() => onChoose(name)}
    >
      <span>
        <b>{label}</b>
        <span class="value" dir="auto">
          {conflict[name] === undefined
            ? say("conflict.absent")
            : valueInWords(path, conflict[name], [], profile)}
        </span>
      </span>
    </Option>
  );
  return (
    <fieldset class="choice">
      <legend>{wordsFor(fields, path, profile) || conflict.at}</legend>
      {side("mine", say("conflict.mine"))}
      {side("theirs", say("conflict.theirs"))}
      {conflict.base !== undefined && (
        <p class="hint">
          {say("conflict.before")}{" "}
          <span dir="auto">
            {valueInWords(path, conflict.base, [], profile)}
          </span>
        </p>
      )}
    </fieldset>
  );
}
