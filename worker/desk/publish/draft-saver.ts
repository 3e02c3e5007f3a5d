/** Saves a draft to the server while it is being written, so that it survives a crash and can be continued on another device. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError, type Client } from "../../editing/contract/client.ts";
import type { DeskDraft, Saved } from "../../editing/rules/desk.ts";
import { differencesBetween } from "../../editing/rules/merge.ts";
import { hashOf } from "../route.ts";
import { beforeLeaving, useSession } from "../session.ts";
import { keepStartedDraft } from "../started-drafts.ts";
import { refusalText } from "./refusal.tsx";

/** The draft is saved once the editor has stopped typing for this time, and at the latest after `MAX_UNSAVED_MS`. */
const DEBOUNCE_MS = 700;
const MAX_UNSAVED_MS = 4_000;
const RETRY_DELAY_MS = 4_000;

export type SaveState =
  /** Not changed, and not on the server. */
  | { is: "untouched" }
  | { is: "saving" }
  /** `apart`: as a draft of its own, because the one that was opened here was changed elsewhere. */
  | { is: "saved"; at: string; apart: boolean }
  /** `gone`: the server no longer has the draft, so it can be saved as a new one. */
  | { is: "failed"; problem: string; gone: boolean };

/** Whether a draft that was not edited yet is worth saving: an imported document or an undone revision, but not a case that was only opened. */
const hasContent = ({ base, case: fields, note, source }: DeskDraft): boolean =>
  source !== null ||
  Object.keys(note).length > 0 ||
  (base !== null && differencesBetween(base.case, fields).length > 0);

class DraftSaver {
  readonly #api: Client;
  readonly #onState: (state: SaveState) => void;
  #id: string;
  #version: number | null;
  /** The server's copy; null when there is none. */
  #saved: DeskDraft | null;
  #draft: DeskDraft;
  #state: SaveState;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The time of the oldest unsaved change. */
  #unsavedSince: number | null = null;
  #running: Promise<void> | null = null;
  #stopped = false;
  /** Whether a save that got no response will be retried. */
  #retrying = false;
  #apart = false;
  /** The error of the last save. */
  #refused: ApiError | null = null;
  #leaving: Promise<ApiError | null> | null = null;

  /** @param saved the server's copy; null when there is none */
  constructor(api: Client, id: string, draft: DeskDraft, saved: Saved | null, onState: (state: SaveState) => void) {
    this.#api = api;
    this.#id = id;
    this.#onState = onState;
    this.#version = saved?.version ?? null;
    this.#draft = draft;
    this.#saved = !saved && hasContent(draft) ? null : draft;
    this.#state = saved ? { is: "saved", at: saved.savedAt, apart: false } : { is: "untouched" };
  }

  start(): void {
    this.#show(this.#state);
    this.#schedule();
  }

  /** The server's copy, which a publish deletes. */
  get copy(): { draft: string; version: string } | null {
    return this.#version === null ? null : { draft: this.#id, version: String(this.#version) };
  }

  get dirty(): boolean {
    return this.#draft !== this.#saved;
  }

  write(draft: DeskDraft): void {
    if (draft === this.#draft) return;
    this.#draft = draft;
    this.#schedule();
  }

  /** Saves unsaved changes now. @returns whether all changes are on the server */
  async save(): Promise<boolean> {
    while (this.#running) await this.#running;
    if (this.dirty && !this.#stopped) {
      this.#running = this.#send();
      await this.#running;
    }
    return !this.dirty;
  }

  /**
   * Call it when the draft is no longer shown. A save that got no response is retried while the page is open.
   * @returns the error, or null when all changes are on the server
   */
  leave(): Promise<ApiError | null> {
    if (this.#state.is === "untouched") keepStartedDraft(this.#id, this.#draft);
    this.#leaving ??= this.#saveBeforeLeaving();
    return this.#leaving;
  }

  async #saveBeforeLeaving(): Promise<ApiError | null> {
    const warn = (event: Event) => event.preventDefault();
    addEventListener("beforeunload", warn);
    while (!this.#stopped && !(await this.save()) && this.#retrying)
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
    removeEventListener("beforeunload", warn);
    const isSaved = this.#stopped || !this.dirty;
    if (isSaved) this.stop();
    // After a refusal the page may stay, so the saver goes on.
    else this.#leaving = null;
    return isSaved ? null : this.#refused;
  }

  /** Stops saving, for example after the draft was published. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Saves a draft that the server no longer has as a new one with the same id. */
  saveAsNew(): void {
    this.#version = null;
    this.#saved = null;
    void this.save();
  }

  #show(state: SaveState): void {
    this.#state = state;
    this.#onState(state);
  }

  #schedule(): void {
    if (!this.dirty || this.#stopped) return;
    this.#unsavedSince ??= Date.now();
    this.#show({ is: "saving" });
    clearTimeout(this.#timer);
    const wait = Math.max(0, Math.min(DEBOUNCE_MS, this.#unsavedSince + MAX_UNSAVED_MS - Date.now()));
    this.#timer = setTimeout(() => void this.save(), wait);
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer);
    this.#retrying = false;
    const sent = this.#draft;
    this.#show({ is: "saving" });
    try {
      const body = { id: this.#id, body: sent, basedOn: this.#version ?? 0 };
      const { version, savedAt } = await this.#api.saveDraft(body).catch((error) => this.#saveApart(error, sent));
      this.#version = version;
      this.#saved = sent;
      this.#unsavedSince = null;
      this.#show({ is: "saved", at: savedAt, apart: this.#apart });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#failed(error);
    } finally {
      this.#running = null;
    }
    if (this.#state.is === "saved") this.#schedule();
  }

  /** Keeps two drafts where two devices wrote one, so that neither loses a word. */
  async #saveApart(error: unknown, body: DeskDraft): Promise<Saved> {
    if (!(error instanceof ApiError && error.is("draft-changed"))) throw error;
    const id = crypto.randomUUID();
    const saved = await this.#api.saveDraft({ id, body, basedOn: 0 });
    // The page's address follows, and the screen stays.
    if (location.hash === hashOf({ at: "draft", id: this.#id }))
      history.replaceState(null, "", hashOf({ at: "draft", id }));
    this.#id = id;
    this.#apart = true;
    return saved;
  }

  #failed(error: ApiError): void {
    this.#refused = error;
    const isPassing = error.status === 0 || error.status === 429 || error.status >= 500;
    this.#show({ is: "failed", problem: refusalText(error) ?? error.message, gone: error.is("unknown-draft") });
    if (!isPassing || this.#stopped) return;
    this.#retrying = true;
    this.#timer = setTimeout(() => void this.save(), RETRY_DELAY_MS);
  }
}

/** Saves the draft that is shown, and warns before the page is closed with unsaved changes. */
export function useDraftSaver(
  id: string,
  saved: Saved | null,
  draft: DeskDraft,
): { saver: DraftSaver; state: SaveState } {
  const { api } = useSession();
  const created = useRef<DraftSaver | null>(null);
  const [state, onState] = useState<SaveState>({ is: "untouched" });
  created.current ??= new DraftSaver(api, id, draft, saved, onState);
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
      void saver.leave();
    };
  }, [saver]);
  return { saver, state };
}
