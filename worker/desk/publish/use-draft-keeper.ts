import { useEffect, useRef, useState } from "preact/hooks";
import type { DeskDraft, SavedDraftEntry } from "../../editorial/desk.ts";
import { beforeLeaving, useSession } from "../session.ts";
import { putBack } from "../start-draft.ts";
import { DraftKeeper, type SaveState } from "./draft-keeper.ts";

/** Keeps the draft that is shown, and asks before the page is closed on something unsaved. */
export function useDraftKeeper(
  id: string,
  saved: SavedDraftEntry | null,
  draft: DeskDraft,
  onDraft: (change: (before: DeskDraft) => DeskDraft) => void,
): { keeper: DraftKeeper; state: SaveState } {
  const { api } = useSession();
  const made = useRef<DraftKeeper | null>(null);
  const [state, onState] = useState<SaveState>({ is: "untouched" });
  made.current ??= new DraftKeeper(api, id, draft, saved, { onState, onDraft });
  const keeper = made.current;

  useEffect(() => keeper.write(draft), [keeper, draft]);
  useEffect(() => {
    const gone = new AbortController();
    const off = beforeLeaving(() => keeper.leave());
    const ask = (event: Event) => keeper.dirty && event.preventDefault();
    addEventListener("beforeunload", ask, { signal: gone.signal });
    addEventListener("online", () => void keeper.save(), { signal: gone.signal });
    keeper.start();
    return () => {
      gone.abort();
      off();
      if (keeper.untouched) putBack(id, draft);
      void keeper.leave();
    };
  }, [keeper]);
  return { keeper, state };
}
