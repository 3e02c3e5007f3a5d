/** The save status of the draft, and the button that opens the publish dialog. */
import { useState } from "preact/hooks";
import type { Case } from "../../../shared/case/schema.ts";
import { ApiError } from "../../editing/contract/client.ts";
import type { Question } from "../../editing/rules/answers.ts";
import type { DeskDraft, DeskRecord, SavedDraftEntry, UnfinishedCase } from "../../editing/rules/desk.ts";
import type { Task } from "../form/form-state.ts";
import { go } from "../route.ts";
import { useSession } from "../session.ts";
import { moment, say } from "../words.ts";
import { ConflictDialog } from "./conflict.tsx";
import type { DraftSaver, SaveState } from "./draft-saver.ts";
import { mergeableIn, rebased } from "./merge-drafts.ts";
import { findCase, isOvertaken, publishDraft } from "./publish-draft.ts";
import { type DraftInHand, PublishPanel } from "./publish-panel.tsx";
import { rememberPublished, takeUndone } from "./published.ts";
import { RefusalNotice, useAction } from "./refusal.tsx";
import { useDraftSaver } from "./use-draft-saver.ts";

export interface PublishBarProps extends DraftInHand {
  id: string;
  /** The server's copy; null when the draft was never saved. */
  saved: SavedDraftEntry | null;
  /** Called with the questions of a refused publish. */
  onRefused: (questions: readonly Question[]) => void;
  /** Called when the editor tries to publish. */
  onTry: () => void;
  onTask: (task: Task) => void;
}

/** The open dialog. */
type OpenDialog =
  | { what: "publish"; record: DeskRecord | null }
  | { what: "conflict"; record: DeskRecord & { case: Case } }
  | { what: "device" }
  | null;

const withdrawn = () =>
  new ApiError({ type: "urn:casewire:problem:withdrawn", title: "", status: 410, detail: "", remedy: "" });

export function PublishBar(props: PublishBarProps) {
  const { id, saved, draft, onDraft, onRefused, onTry, onTask } = props;
  const { api, me } = useSession();
  const { saver, state } = useDraftSaver(id, saved, draft, onDraft);
  const [undone] = useState(takeUndone);
  const [dialog, setDialog] = useState<OpenDialog>(null);
  /** Why the last attempt sent nothing. */
  const [unsent, setUnsent] = useState<"changed" | "gone" | null>(null);
  const { busy, refused, run, dismiss } = useAction();

  const close = () => {
    setDialog(null);
    dismiss();
  };
  /** Another editor has published since the draft was started, so both versions must be merged first. */
  const compare = (record: DeskRecord) => {
    if (!record.case) throw withdrawn();
    setDialog({ what: "conflict", record: { ...record, case: record.case } });
  };
  const open = () => {
    setUnsent(null);
    onTry();
    if (state.is === "conflict") return setDialog({ what: "device" });
    return void run(async () => {
      const record = await findCase(api, draft.case.id);
      if (record && isOvertaken(draft, record)) return compare(record);
      // The revision that the draft is based on was undone, so this is a new case.
      if (!record && draft.base) onDraft((before) => ({ ...before, base: null }));
      setDialog({ what: "publish", record });
    });
  };
  const publish = (record: DeskRecord | null, replace: number | null) =>
    void run(async () => {
      // The editor must see changes from another device before they are published.
      const synced = await saver.sync();
      if (synced !== "same") {
        setDialog(null);
        return setUnsent(synced);
      }
      const { version } = saver;
      const saved = version === null ? null : { draft: id, version };
      const outcome = await publishDraft(api, me, draft, saved, record, replace);
      if ("refused" in outcome) {
        const { refused } = outcome;
        // They know the note and the moment, too.
        if (refused.is("questions-open")) onRefused(refused.problem.questions as Question[]);
        throw refused;
      }
      if ("conflict" in outcome) return compare(outcome.conflict);
      saver.stop();
      if ("proposed" in outcome) return go({ at: "approvals", id: outcome.proposed });
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
        <SaveStatus state={state} saver={saver} onCompare={() => setDialog({ what: "device" })} />
        {unsent && (
          <span class="problem" role="alert">
            {say(`publish.unsent.${unsent}`)}
          </span>
        )}
        {dialog?.what !== "publish" && <RefusalNotice error={refused} />}
        <button type="button" disabled={busy} onClick={open}>
          {say("publish.open")}
        </button>
        {dialog?.what === "publish" && (
          <PublishPanel
            {...props}
            record={dialog.record}
            busy={busy}
            refused={refused}
            onTask={(task) => {
              close();
              onTask(task);
            }}
            onPublish={(replace) => publish(dialog.record, replace)}
            onClose={close}
          />
        )}
        {dialog?.what === "conflict" && (
          <RevisionConflict
            draft={draft}
            record={dialog.record}
            onMerged={(merged) => {
              onDraft(() => merged);
              close();
            }}
            onClose={close}
          />
        )}
        {dialog?.what === "device" && state.is === "conflict" && (
          <ConflictDialog
            title={say("conflict.device")}
            lead={say("conflict.device.lead", { moment: moment(state.theirs.savedAt) })}
            theirsAre={say("conflict.device.theirs")}
            base={mergeableIn(saver.mergeBase)}
            mine={mergeableIn(draft)}
            theirs={mergeableIn(state.theirs.draft)}
            onMerge={(choose) => {
              saver.merge(state.theirs, choose);
              close();
            }}
            onClose={close}
          />
        )}
      </div>
    </>
  );
}

/** Whether a proposal made from the draft waits, or was returned, and whether the draft must be read again. */
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
  return <p class="past">{say(reason ? "draft.returned" : "draft.returned.silent", { by, reason })}</p>;
}

interface RevisionConflictProps {
  draft: DeskDraft;
  record: DeskRecord & { case: Case };
  onMerged: (draft: DeskDraft) => void;
  onClose: () => void;
}

/** Merges the draft with the revision that another editor has published since the draft was started. */
function RevisionConflict({ draft, record, onMerged, onClose }: RevisionConflictProps) {
  const { base, note } = draft;
  const { number, editor, committedAt, note: said } = record.revision;
  const lead = { number, editor, moment: moment(committedAt) };
  return (
    <ConflictDialog
      title={say("conflict.title", { number })}
      lead={base ? say("conflict.lead", { ...lead, base: base.number }) : say("conflict.lead.new", lead)}
      note={said[record.case.language] ?? ""}
      theirsAre={say("conflict.revision", { number })}
      base={base && { case: base.case as UnfinishedCase, note }}
      mine={mergeableIn(draft)}
      theirs={{ case: record.case as UnfinishedCase, note }}
      onMerge={(choose) => onMerged(rebased(draft, number, record.case, choose))}
      onClose={onClose}
    />
  );
}

function SaveStatus({ state, saver, onCompare }: { state: SaveState; saver: DraftSaver; onCompare: () => void }) {
  switch (state.is) {
    case "untouched":
      return null;
    case "unsaved":
    case "saving":
      return <span class="saved hint">{say("saved.saving")}</span>;
    case "saved":
      return (
        <span class="saved hint" role="status">
          {say("saved.at", { moment: moment(state.at) })}
          {state.merged && ` · ${say("saved.joined")}`}
        </span>
      );
    case "failed":
      return (
        <span class="saved problem" role="alert">
          {say("saved.failed")} {state.problem}{" "}
          {state.gone && (
            <button type="button" class="link" onClick={() => saver.saveAsNew()}>
              {say("saved.anew")}
            </button>
          )}
        </span>
      );
    case "conflict":
      return (
        <span class="saved problem" role="alert">
          {say("saved.elsewhere")}{" "}
          <button type="button" class="link" onClick={onCompare}>
            {say("saved.compare")}
          </button>
        </span>
      );
  }
}
