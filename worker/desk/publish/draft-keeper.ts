/** Keeps a draft on the server while it is being written, so that it survives a crash and a change of device. */

import { ApiError, type Client } from "../../contract/client.ts";
import type { DeskDraft, Saved, SavedDraft } from "../../editorial/desk.ts";
import { type Choose, differencesBetween } from "../../editorial/merge.ts";
import { conflictsOf, joined, writtenIn } from "./merge-drafts.ts";
import { refusalOf, refusalText } from "./refusal.tsx";

/** How long typing must rest before it is saved, and how long it may at most go on unsaved, in milliseconds. */
const REST = 700;
const LONGEST = 4_000;
/** How soon an unreachable server is asked again, in milliseconds. */
const AGAIN = 4_000;

export type SaveState =
  /** Nothing written yet, nothing on the server. */
  | { is: "untouched" }
  | { is: "unsaved" }
  | { is: "saving" }
  /** `joined` when words from another device have come in. */
  | { is: "saved"; at: string; joined: boolean }
  /** `gone`: no such draft any more, so it can be kept as a new one. */
  | { is: "failed"; problem: string; gone: boolean }
  /** Both devices wrote the same fields; the editor is asked. */
  | { is: "asking"; theirs: SavedDraft };

/** A document that was read is work already, and so is what was undone; a case that was only opened is not. */
const isWork = ({ base, case: fields, note, source }: DeskDraft): boolean =>
  source !== null ||
  Object.keys(note).length > 0 ||
  (base !== null && differencesBetween(base.case, fields).length > 0);

interface Owner {
  onState(state: SaveState): void;
  /** Another device's words come in; what was typed in the meantime is merged too. */
  onDraft(change: (before: DeskDraft) => DeskDraft): void;
}

export class DraftKeeper {
  readonly #api: Client;
  readonly #id: string;
  readonly #owner: Owner;
  #version: number | null;
  #common: DeskDraft;
  /** What of it is on the server; null when nothing is. */
  #kept: DeskDraft | null;
  #draft: DeskDraft;
  #state: SaveState;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the oldest unsaved word was written. */
  #since: number | null = null;
  #running: Promise<void> | null = null;
  #stopped = false;
  /** A save that nobody answered is to be tried again. */
  #again = false;
  /** The last save's refusal. */
  #refused: ApiError | null = null;
  #leaving: Promise<ApiError | null> | null = null;
  /** How often words from another device have come in. */
  #joins = 0;

  /** @param saved the draft as the server has it; null when it is not there yet */
  constructor(api: Client, id: string, draft: DeskDraft, saved: Saved | null, owner: Owner) {
    this.#api = api;
    this.#id = id;
    this.#owner = owner;
    this.#version = saved?.version ?? null;
    this.#common = draft;
    this.#draft = draft;
    this.#kept = !saved && isWork(draft) ? null : draft;
    this.#state = saved ? { is: "saved", at: saved.savedAt, joined: false } : { is: "untouched" };
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

  /** What this device and the server had in common last. */
  get common(): DeskDraft {
    return this.#common;
  }

  get dirty(): boolean {
    return this.#draft !== this.#kept;
  }

  write(draft: DeskDraft): void {
    if (draft === this.#draft) return;
    this.#draft = draft;
    this.#schedule();
  }

  /** Saves now what is unsaved. @returns whether all of it is on the server */
  async save(): Promise<boolean> {
    while (this.#running) await this.#running;
    if (this.dirty && !this.#stopped && this.#state.is !== "asking") {
      this.#running = this.#send();
      await this.#running;
    }
    return !this.dirty;
  }

  /** Saves what is unsaved, and looks for words from another device. @returns false when some have just come in, or must be chosen from */
  async isNewest(): Promise<boolean> {
    const before = this.#joins;
    await this.save();
    const kept = (await this.#api.listDrafts()).drafts.find(({ id }) => id === this.#id);
    if (kept && this.#version !== null && kept.version > this.#version) await this.#compare();
    return this.#joins === before && this.#state.is !== "asking";
  }

  /**
   * The draft is no longer shown. What nobody has answered is tried again for as long as the page is open; between two devices that
   * nobody has chosen from, this one's words become a draft of their own.
   * @returns why its last words are not on the server; null when they are
   */
  leave(): Promise<ApiError | null> {
    this.#leaving ??= this.#lastWords();
    return this.#leaving;
  }

  async #lastWords(): Promise<ApiError | null> {
    if (this.#stopped) return null;
    const warn = (event: Event) => event.preventDefault();
    addEventListener("beforeunload", warn);
    const refusal = this.#state.is === "asking" ? await this.#copy() : await this.#untilAnswered();
    removeEventListener("beforeunload", warn);
    this.stop();
    return refusal;
  }

  async #untilAnswered(): Promise<ApiError | null> {
    while (!this.#stopped && !(await this.save())) {
      // Words of another device are not merged unseen.
      if (!this.#again) return this.#refused?.is("draft-changed") ? this.#copy() : this.#refused;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
    return null;
  }

  #copy(): Promise<ApiError | null> {
    return refusalOf(() => this.#api.saveDraft({ id: crypto.randomUUID(), body: this.#draft, basedOn: 0 }));
  }

  /** It was published: there is nothing to keep any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** The editor has chosen between the devices. */
  join(theirs: SavedDraft, choose?: Choose): void {
    const common = this.#common;
    this.#version = theirs.version;
    this.#common = theirs.draft;
    this.#kept = theirs.draft;
    this.#joins++;
    this.#show({ is: "saved", at: theirs.savedAt, joined: true });
    this.#owner.onDraft((before) => joined(common, before, theirs.draft, choose));
  }

  /** The draft is no longer there: it is kept as a new one under the same id. */
  keepAnew(): void {
    this.#version = null;
    this.#kept = null;
    void this.save();
  }

  #show(state: SaveState): void {
    this.#state = state;
    this.#owner.onState(state);
  }

  #schedule(): void {
    if (!this.dirty || this.#stopped || this.#state.is === "asking") return;
    this.#since ??= Date.now();
    if (this.#state.is !== "saving") this.#show({ is: "unsaved" });
    clearTimeout(this.#timer);
    const wait = Math.max(0, Math.min(REST, this.#since + LONGEST - Date.now()));
    this.#timer = setTimeout(() => void this.save(), wait);
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer);
    this.#again = false;
    const sent = this.#draft;
    this.#show({ is: "saving" });
    try {
      const { version, savedAt } = await this.#api.saveDraft({
        id: this.#id,
        body: sent,
        basedOn: this.#version ?? 0,
      });
      this.#version = version;
      this.#common = sent;
      this.#kept = sent;
      this.#since = null;
      this.#show({ is: "saved", at: savedAt, joined: this.#joins > 0 });
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
    if (error.is("draft-changed")) return this.#compare().catch(() => this.#tryAgain(error));
    if (error.status === 0 || error.status === 429 || error.status >= 500) return this.#tryAgain(error);
    this.#show({ is: "failed", problem: refusalText(error) ?? error.message, gone: error.is("unknown-draft") });
  }

  /** The other device's words come in, or are asked about. */
  async #compare(): Promise<void> {
    const theirs = await this.#api.readDraft({ id: this.#id });
    const [base, mine, other] = [this.#common, this.#draft, theirs.draft].map(writtenIn);
    if (base && mine && other && conflictsOf(base, mine, other).length > 0) this.#show({ is: "asking", theirs });
    else this.join(theirs);
  }

  #tryAgain(error: ApiError): void {
    this.#show({ is: "failed", problem: refusalText(error) ?? error.message, gone: false });
    if (this.#stopped) return;
    this.#again = true;
    this.#timer = setTimeout(() => void this.save(), AGAIN);
  }
}
