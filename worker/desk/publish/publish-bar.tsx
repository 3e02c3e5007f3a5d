/** The save status of the draft, and the button that opens the publish dialog. */

import { useState } from "preact/hooks";
import type { Case } from "../../../shared/case/schema.ts";
import { ApiError } from "../../editing/contract/client.ts";
import type { Question } from "../../editing/rules/answers.ts";
import type { DeskRecord, SavedDraftEntry } from "../../editing/rules/desk.ts";
import { FormContext, useFormState } from "../form/use-form.ts";
import { Button } from "../inputs.tsx";
import { go } from "../route.ts";
import { useSession } from "../session.ts";
import { moment, say } from "../words.ts";
import { ConflictDialog } from "./conflict.tsx";
import { type SaveState, useDraftSaver } from "./draft-saver.ts";
import { findCase, isOvertaken, publishDraft } from "./publish-draft.ts";
import { PublishPanel } from "./publish-panel.tsx";
import { rememberPublished, takeUndone } from "./published.ts";
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
  new ApiError({ type: "urn:casewire:problem:withdrawn", title: "", status: 410, detail: "", remedy: "" });

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
  /** Another editor has published since the draft was started, so both versions must be merged first. */
  const compare = (record: DeskRecord) => {
    if (!record.case) throw withdrawn();
    setDialog({ what: "conflict", record: { ...record, case: record.case } });
  };
  const open = () => {
    form.setTried(true);
    void run(async () => {
      const record = await findCase(api, draft.case.id);
      if (record && isOvertaken(draft, record)) return compare(record);
      // The revision that the draft is based on was undone, so this is a new case.
      if (!record && draft.base) onDraft((before) => ({ ...before, base: null }));
      setDialog({ what: "publish", record });
    });
  };
  const publish = (record: DeskRecord | null, replace: number | null) =>
    run(async () => {
      await saver.save();
      const outcome = await publishDraft(api, me, draft, saver.copy(), record, replace).catch((error: ApiError) => {
        // They know the note and the moment, too.
        if (error.is?.("questions-open")) form.onRefused(error.problem.questions as Question[]);
        throw error;
      });
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

function SaveStatus({ state, onKeep }: { state: SaveState; onKeep: () => void }) {
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
          {state.gone && <Button class="link" onPress={onKeep} say="saved.anew" />}
        </span>
      );
  }
}
