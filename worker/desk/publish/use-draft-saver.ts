import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { DeskDraft, SavedDraftEntry } from "../../editing/rules/desk.ts";
import { beforeLeaving, useSession } from "../session.ts";
import { keepStartedDraft } from "../started-drafts.ts";
import { DraftSaver, type SaveState } from "./draft-saver.ts";

/** Saves the draft that is shown, and warns before the page is closed with unsaved changes. */
export function useDraftSaver(
  id: string,
  saved: SavedDraftEntry | null,
  draft: DeskDraft,
  onDraft: (change: (before: DeskDraft) => DeskDraft) => void,
): { saver: DraftSaver; state: SaveState } {
  const { api } = useSession();
  const created = useRef<DraftSaver | null>(null);
  const [state, onState] = useState<SaveState>({ is: "untouched" });
  created.current ??= new DraftSaver(api, id, draft, saved, { onState, onDraft });
  const saver = created.current;

  // Before the next paint, so that a sign-out right after the last input saves it too.
  useLayoutEffect(() => saver.write(draft), [saver, draft]);
  useLayoutEffect(() => {
    const gone = new AbortController();
    const off = beforeLeaving(() => saver.leave());
    const ask = (event: Event) => saver.dirty && event.preventDefault();
    addEventListener("beforeunload", ask, { signal: gone.signal });
    addEventListener("online", () => void saver.save(), { signal: gone.signal });
    saver.start();
    return () => {
      gone.abort();
      off();
      if (saver.untouched) keepStartedDraft(id, draft);
      void saver.leave();
    };
  }, [saver]);
  return { saver, state };
}
