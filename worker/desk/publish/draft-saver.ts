/** Saves a draft to the server while it is being written, so that it survives a crash and can be continued on another device. */

import { ApiError, type Client } from "../../editing/contract/client.ts";
import type { DeskDraft, Saved, SavedDraft } from "../../editing/rules/desk.ts";
import { type Choose, differencesBetween } from "../../editing/rules/merge.ts";
import { conflictsOf, mergeableIn, mergedDrafts } from "./merge-drafts.ts";
import { apiErrorOf, refusalText } from "./refusal.tsx";

/** The draft is saved once the editor has stopped typing for this time, and at the latest after `MAX_UNSAVED_MS`. */
const DEBOUNCE_MS = 700;
const MAX_UNSAVED_MS = 4_000;
const RETRY_DELAY_MS = 4_000;

export type SaveState =
  /** Not changed, and not on the server. */
  | { is: "untouched" }
  | { is: "unsaved" }
  | { is: "saving" }
  /** `merged`: changes from another device were merged in. */
  | { is: "saved"; at: string; merged: boolean }
  /** `gone`: the server no longer has the draft, so it can be saved as a new one. */
  | { is: "failed"; problem: string; gone: boolean }
  /** Another device changed the same fields, and the editor must choose. */
  | { is: "conflict"; theirs: SavedDraft };

/** Whether a draft that was not edited yet is worth saving: an imported document or an undone revision, but not a case that was only opened. */
const hasContent = ({ base, case: fields, note, source }: DeskDraft): boolean =>
  source !== null ||
  Object.keys(note).length > 0 ||
  (base !== null && differencesBetween(base.case, fields).length > 0);

interface Owner {
  onState(state: SaveState): void;
  /** Called to merge changes from another device into the draft. */
  onDraft(change: (before: DeskDraft) => DeskDraft): void;
}

export class DraftSaver {
  readonly #api: Client;
  readonly #id: string;
  readonly #owner: Owner;
  #version: number | null;
  #mergeBase: DeskDraft;
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
  /** The error of the last save. */
  #refused: ApiError | null = null;
  #leaving: Promise<ApiError | null> | null = null;
  /** The number of merges with changes from another device. */
  #merges = 0;

  /** @param saved the server's copy; null when there is none */
  constructor(api: Client, id: string, draft: DeskDraft, saved: Saved | null, owner: Owner) {
    this.#api = api;
    this.#id = id;
    this.#owner = owner;
    this.#version = saved?.version ?? null;
    this.#mergeBase = draft;
    this.#draft = draft;
    this.#saved = !saved && hasContent(draft) ? null : draft;
    this.#state = saved ? { is: "saved", at: saved.savedAt, merged: false } : { is: "untouched" };
  }

  start(): void {
    this.#show(this.#state);
    this.#schedule();
  }

  get untouched(): boolean {
    return this.#state.is === "untouched";
  }

  get version(): number | null {
    return this.#version;
  }

  /** The last version that this device and the server had in common. */
  get mergeBase(): DeskDraft {
    return this.#mergeBase;
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
    if (this.dirty && !this.#stopped && this.#state.is !== "conflict") {
      this.#running = this.#send();
      await this.#running;
    }
    return !this.dirty;
  }

  /**
   * Saves unsaved changes and merges those of another device.
   * @returns `changed` when there were any, which the editor must see first; `gone` when the draft was published or deleted elsewhere
   */
  async sync(): Promise<"same" | "changed" | "gone"> {
    const before = this.#merges;
    await this.save();
    const entry = (await this.#api.listDrafts()).drafts.find(({ id }) => id === this.#id);
    if (entry && this.#version !== null && entry.version > this.#version) await this.#compare();
    if (!entry && this.#version !== null) return "gone";
    return this.#merges === before && this.#state.is !== "conflict" ? "same" : "changed";
  }

  /**
   * Call it when the draft is no longer shown. A save that got no response is retried while the page is open. In an unresolved conflict with
   * another device, this device's version is saved as a separate draft.
   * @returns the error, or null when all changes are on the server
   */
  leave(): Promise<ApiError | null> {
    this.#leaving ??= this.#saveBeforeLeaving();
    return this.#leaving;
  }

  async #saveBeforeLeaving(): Promise<ApiError | null> {
    if (this.#stopped) return null;
    const warn = (event: Event) => event.preventDefault();
    addEventListener("beforeunload", warn);
    const refusal = this.#state.is === "conflict" ? await this.#saveCopy() : await this.#saveUntilAnswered();
    removeEventListener("beforeunload", warn);
    // After a refusal the page may stay, so the saver goes on.
    if (refusal) this.#leaving = null;
    else this.stop();
    return refusal;
  }

  async #saveUntilAnswered(): Promise<ApiError | null> {
    while (!this.#stopped && !(await this.save())) {
      // The editor could not see a merge with another device, so this version is saved separately.
      if (!this.#retrying) return this.#refused?.is("draft-changed") ? this.#saveCopy() : this.#refused;
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
    }
    return null;
  }

  #saveCopy(): Promise<ApiError | null> {
    return apiErrorOf(() => this.#api.saveDraft({ id: crypto.randomUUID(), body: this.#draft, basedOn: 0 }));
  }

  /** Stops saving, for example after the draft was published. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Merges the version of another device. @param choose resolves conflicts */
  merge(theirs: SavedDraft, choose?: Choose): void {
    const base = this.#mergeBase;
    this.#version = theirs.version;
    this.#mergeBase = theirs.draft;
    this.#saved = theirs.draft;
    this.#merges++;
    this.#show({ is: "saved", at: theirs.savedAt, merged: true });
    this.#owner.onDraft((before) => mergedDrafts(base, before, theirs.draft, choose));
  }

  /** Saves a draft that the server no longer has as a new one with the same id. */
  saveAsNew(): void {
    this.#version = null;
    this.#saved = null;
    void this.save();
  }

  #show(state: SaveState): void {
    this.#state = state;
    this.#owner.onState(state);
  }

  #schedule(): void {
    if (!this.dirty || this.#stopped || this.#state.is === "conflict") return;
    this.#unsavedSince ??= Date.now();
    if (this.#state.is !== "saving") this.#show({ is: "unsaved" });
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
      const { version, savedAt } = await this.#api.saveDraft({
        id: this.#id,
        body: sent,
        basedOn: this.#version ?? 0,
      });
      this.#version = version;
      this.#mergeBase = sent;
      this.#saved = sent;
      this.#unsavedSince = null;
      this.#show({ is: "saved", at: savedAt, merged: this.#merges > 0 });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await this.#failed(error);
    } finally {
      this.#running = null;
    }
    if (this.#state.is === "saved") this.#schedule();
  }

  async #failed(error: ApiError): Promise<void> {
    this.#refused = error;
    if (error.is("draft-changed")) return this.#compare().catch(() => this.#retryLater(error));
    if (error.status === 0 || error.status === 429 || error.status >= 500) return this.#retryLater(error);
    this.#show({ is: "failed", problem: refusalText(error) ?? error.message, gone: error.is("unknown-draft") });
  }

  /** Merges the server's newer version, or reports a conflict. */
  async #compare(): Promise<void> {
    const theirs = await this.#api.readDraft({ id: this.#id });
    const [base, mine, other] = [this.#mergeBase, this.#draft, theirs.draft].map(mergeableIn);
    if (base && mine && other && conflictsOf(base, mine, other).length > 0) this.#show({ is: "conflict", theirs });
    else this.merge(theirs);
  }

  #retryLater(error: ApiError): void {
    this.#show({ is: "failed", problem: refusalText(error) ?? error.message, gone: false });
    if (this.#stopped) return;
    this.#retrying = true;
    this.#timer = setTimeout(() => void this.save(), RETRY_DELAY_MS);
  }
}
