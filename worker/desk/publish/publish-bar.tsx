/** Whether the draft is saved, and the way to its publication. */
import { useState } from "preact/hooks";
import type { Case } from "../../../shared/case/schema.ts";
import { ApiError } from "../../contract/client.ts";
import type { DeskDraft, DeskRecord, Preview, SavedDraftEntry, UnfinishedCase } from "../../editorial/desk.ts";
import { go } from "../route.ts";
import { useSession } from "../session.ts";
import { moment, say } from "../words.ts";
import { ConflictDialog } from "./conflict.tsx";
import type { DraftKeeper, SaveState } from "./draft-keeper.ts";
import { rebased, writtenIn } from "./merge-drafts.ts";
import { isOvertaken, publishDraft, standing } from "./publish-draft.ts";
import { PublishPanel } from "./publish-panel.tsx";
import { remember, takeUndone } from "./published.ts";
import { Refused, refusalOf } from "./refusal.tsx";
import { useDraftKeeper } from "./use-draft-keeper.ts";

export interface PublishBarProps {
  /** The draft's id, and the draft as the server had it; null when it was never saved. */
  id: string;
  saved: SavedDraftEntry | null;
  draft: DeskDraft;
  onDraft: (change: (before: DeskDraft) => DeskDraft) => void;
  /** How many fields stand against publication. */
  problems: number;
  preview: Preview | null;
}

/** What is asked over the draft. */
type Asked =
  | { what: "publish"; record: DeskRecord | null }
  | { what: "conflict"; record: DeskRecord & { case: Case } }
  | { what: "device" }
  | null;

const withdrawn = () =>
  new ApiError({ type: "urn:casewire:problem:withdrawn", title: "", status: 410, detail: "", remedy: "" });

export function PublishBar({ id, saved, draft, onDraft, problems, preview }: PublishBarProps) {
  const { api, me } = useSession();
  const { keeper, state } = useDraftKeeper(id, saved, draft, onDraft);
  const [undone] = useState(takeUndone);
  const [asked, setAsked] = useState<Asked>(null);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ApiError | null>(null);

  const close = () => {
    setAsked(null);
    setRefused(null);
  };
  /** Somebody published since the draft began: both are shown, before anything else is asked. */
  const compare = (record: DeskRecord) => {
    if (!record.case) throw withdrawn();
    setAsked({ what: "conflict", record: { ...record, case: record.case } });
  };
  const act = async (deed: () => Promise<void>) => {
    setBusy(true);
    setRefused(null);
    setRefused(await refusalOf(deed));
    setBusy(false);
  };
  const open = () => {
    if (state.is === "asking") return setAsked({ what: "device" });
    return void act(async () => {
      const record = await standing(api, draft.case.id);
      if (record && isOvertaken(draft, record)) return compare(record);
      // What it began from was taken back: it is a new case.
      if (!record && draft.base) onDraft((before) => ({ ...before, base: null }));
      setAsked({ what: "publish", record });
    });
  };
  const publish = (replace: number | null) =>
    void act(async () => {
      // Words that just came in from another device must be seen before they are published.
      if (!(await keeper.isNewest())) return setAsked(null);
      const { version } = keeper;
      const outcome = await publishDraft(api, me, draft, version === null ? null : { draft: id, version }, replace);
      if ("refused" in outcome) throw outcome.refused;
      if ("conflict" in outcome) return compare(outcome.conflict);
      keeper.stop();
      if ("proposed" in outcome) return go({ at: "approvals", id: outcome.proposed });
      remember(draft.case.id ?? "", outcome.published, draft);
      go({ at: "case", id: draft.case.id ?? "" });
    });

  return (
    <>
      <Past saved={saved} />
      <div class="publish-bar">
        {undone !== null && (
          <span class="arrived" role="status">
            {say("pending.undone", { number: undone })}
          </span>
        )}
        <Saved state={state} keeper={keeper} onAsk={() => setAsked({ what: "device" })} />
        {asked?.what !== "publish" && <Refused error={refused} />}
        <button type="button" class={draft.kind === "redaction" ? "danger" : ""} disabled={busy} onClick={open}>
          {say(draft.kind === "redaction" ? "redact.open" : "publish.open")}
        </button>
        {asked?.what === "publish" && (
          <PublishPanel
            draft={draft}
            onDraft={onDraft}
            problems={problems}
            preview={preview}
            record={asked.record}
            busy={busy}
            refused={refused}
            onPublish={publish}
            onClose={close}
          />
        )}
        {asked?.what === "conflict" && (
          <RevisionConflict
            draft={draft}
            record={asked.record}
            onMerged={(merged) => {
              onDraft(() => merged);
              close();
            }}
            onClose={close}
          />
        )}
        {asked?.what === "device" && state.is === "asking" && (
          <ConflictDialog
            title={say("conflict.device")}
            lead={say("conflict.device.lead", { moment: moment(state.theirs.savedAt) })}
            theirsAre={say("conflict.device.theirs")}
            base={writtenIn(keeper.common)}
            mine={writtenIn(draft)}
            theirs={writtenIn(state.theirs.draft)}
            onMerge={(choose) => {
              keeper.join(state.theirs, choose);
              close();
            }}
            onClose={close}
          />
        )}
      </div>
    </>
  );
}

/** What became of the draft before. */
function Past({ saved }: { saved: SavedDraftEntry | null }) {
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

/** Another editor published since the draft began. */
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
      mine={writtenIn(draft)}
      theirs={{ case: record.case as UnfinishedCase, note }}
      onMerge={(choose) => onMerged(rebased(draft, number, record.case, choose))}
      onClose={onClose}
    />
  );
}

function Saved({ state, keeper, onAsk }: { state: SaveState; keeper: DraftKeeper; onAsk: () => void }) {
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
          {state.joined && ` · ${say("saved.joined")}`}
        </span>
      );
    case "failed":
      return (
        <span class="saved problem" role="alert">
          {say("saved.failed")} {state.problem}{" "}
          {state.gone && (
            <button type="button" class="link" onClick={() => keeper.keepAnew()}>
              {say("saved.anew")}
            </button>
          )}
        </span>
      );
    case "asking":
      return (
        <span class="saved problem" role="alert">
          {say("saved.elsewhere")}{" "}
          <button type="button" class="link" onClick={onAsk}>
            {say("saved.compare")}
          </button>
        </span>
      );
  }
}
