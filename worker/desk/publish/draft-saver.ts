/**
 * Saves a draft to the server while it is being written, so that it survives a
 * crash and can be continued on another device.
 */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError, type Client } from "../../editing/contract/client.ts";
import type { DeskDraft, Saved } from "../../editing/rules/desk.ts";
import { differencesBetween } from "../../editing/rules/merge.ts";
import { hashOf } from "../route.ts";
import { beforeLeaving, useSession } from "../session.ts";
import { keepStartedDraft } from "../started-drafts.ts";
import { apiErrorOf, refusalText } from "./refusal.tsx";

/** A change is saved after this time, with all that followed it. */
const SAVE_DELAY_MS = 1_000;
const RETRY_DELAY_MS = 4_000;

export type SaveState =
  /** Not changed, and not on the server. */
  | { is: "untouched" }
  | { is: "saving" }
  /**
   * `apart`: as a draft of its own, because the one that was opened here was
   * changed elsewhere.
   */
  | { is: "saved"; at: string; apart: boolean }
  /**
   * `gone`: the server no longer has the draft, so it can be saved as a new
   * one.
   */
  | { is: "failed"; problem: string; gone: boolean };

/**
 * Whether a draft that was not edited yet is worth saving: an imported document
 * or an undone revision, but not a case that was only opened.
 */
const hasContent = ({ base, case: fields, note, source }: DeskDraft): boolean =>
  source !== null ||
  Object.keys(note).length > 0 ||
  (base !== null && differencesBetween(base.case, fields).length > 0);

/** Whether a save is worth trying again. */
const isPassing = ({ status }: ApiError): boolean =>
  status === 0 || status === 429 || status >= 500;

/** @param known the server's copy; null when there is none */
function draftSaver(
  api: Client,
  id: string,
  draft: DeskDraft,
  known: Saved | null,
  onState: (state: SaveState) => void,
) {
  let version = known?.version ?? null;
  /** What the server has. */
  let saved = !known && hasContent(draft) ? null : draft;
  let state: SaveState = known
    ? { is: "saved", at: known.savedAt, apart: false }
    : { is: "untouched" };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<ApiError | null> | null = null;
  let leaving: Promise<ApiError | null> | null = null;
  let apart = false;
  let stopped = false;

  const show = (next: SaveState) => {
    state = next;
    onState(next);
  };
  const isDirty = () => draft !== saved;
  const saveAfter = (delayMs: number) => {
    if (!stopped) timer ??= setTimeout(save, delayMs);
  };
  const stopTimer = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const schedule = () => {
    if (!isDirty() || stopped) return;
    show({ is: "saving" });
    saveAfter(SAVE_DELAY_MS);
  };
  /** Stops saving, for example after the draft was published. */
  const stop = () => {
    stopped = true;
    stopTimer();
  };
  /**
   * Two devices that wrote one draft keep two, so that neither loses a word.
   * The page's address follows, and the screen stays.
   */
  const keepApart = () => {
    const before = hashOf({ at: "draft", id });
    id = crypto.randomUUID();
    version = null;
    apart = true;
    if (location.hash === before)
      history.replaceState(null, "", hashOf({ at: "draft", id }));
  };
  const send = async (): Promise<ApiError | null> => {
    stopTimer();
    show({ is: "saving" });
    const body = draft;
    const store = () => api.saveDraft({ id, body, basedOn: version ?? 0 });
    const error = await apiErrorOf(async () => {
      const done = await store().catch((refused) => {
        if (!(refused instanceof ApiError && refused.is("draft-changed")))
          throw refused;
        keepApart();
        return store();
      });
      version = done.version;
      saved = body;
      show({ is: "saved", at: done.savedAt, apart });
    });
    running = null;
    if (!error) schedule();
    else
      show({
        is: "failed",
        problem: refusalText(error) ?? error.message,
        gone: error.is("unknown-draft"),
      });
    if (error && isPassing(error)) saveAfter(RETRY_DELAY_MS);
    return error;
  };
  /**
   * Saves unsaved changes now.
   * @returns the error, or null when all changes are on the server
   */
  const save = async (): Promise<ApiError | null> => {
    while (running) await running;
    if (!isDirty() || stopped) return null;
    running = send();
    return running;
  };
  const saveUntilAnswered = async (): Promise<ApiError | null> => {
    const warn = (event: Event) => event.preventDefault();
    addEventListener("beforeunload", warn);
    let error = await save();
    while (error && isPassing(error)) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
      error = await save();
    }
    removeEventListener("beforeunload", warn);
    // After a refusal the page may stay, so the saver goes on.
    if (error) leaving = null;
    else stop();
    return error;
  };
  return {
    start: () => {
      show(state);
      schedule();
    },
    isDirty,
    write: (next: DeskDraft) => {
      if (next === draft) return;
      draft = next;
      schedule();
    },
    save,
    stop,
    /** The server's copy, which a publish deletes. */
    copy: () =>
      version === null ? null : { draft: id, version: String(version) },
    /**
     * Saves a draft that the server no longer has as a new one with the same
     * id.
     */
    saveAsNew: () => {
      version = null;
      saved = null;
      void save();
    },
    /**
     * Call it when the draft is no longer shown. A save that got no response is
     * retried while the page is open.
     * @returns the error, or null when all changes are on the server
     */
    leave: () => {
      if (state.is === "untouched") keepStartedDraft(id, draft);
      leaving ??= saveUntilAnswered();
      return leaving;
    },
  };
}

/**
 * Saves the draft that is shown, and warns before the page is closed with
 * unsaved changes.
 */
export function useDraftSaver(
  id: string,
  saved: Saved | null,
  draft: DeskDraft,
) {
  const { api } = useSession();
  const created = useRef<ReturnType<typeof draftSaver> | null>(null);
  const [state, onState] = useState<SaveState>({ is: "untouched" });
  created.current ??= draftSaver(api, id, draft, saved, onState);
  const saver = created.current;

  // Before the next paint, so that a sign-out right after the last input saves
  // it too.
  useLayoutEffect(() => saver.write(draft), [saver, draft]);
  useLayoutEffect(() => {
    const gone = new AbortController();
    const off = beforeLeaving(() => saver.leave());
    const ask = (event: Event) => saver.isDirty() && event.preventDefault();
    addEventListener("beforeunload", ask, { signal: gone.signal });
    addEventListener("online", () => void saver.save(), {
      signal: gone.signal,
    });
    saver.start();
    return () => {
      gone.abort();
      off();
      void saver.leave();
    };
  }, [saver]);
  return { saver, state };
}
