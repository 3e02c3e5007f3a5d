/**
 * Drafts that this page opens, each with what the server doesn't have of it.
 */
import type { DeskDraft } from "../editing/rules/desk.ts";
import type { Task } from "./form/form-state.ts";
import { go } from "./route.ts";

interface Opening {
  /** "empty": for a new case, whose fields are made when it is opened. */
  draft?: DeskDraft | "empty";
  /** The panel with which it opens. */
  task?: Task | undefined;
}

/** By the draft's id, until it is opened. */
const openings = new Map<string, Opening>();

/** Opens a new draft. */
export const openDraft = (draft: DeskDraft | "empty", task?: Task): void =>
  goOn(crypto.randomUUID(), task, { draft });

/** Opens a saved draft. */
export function goOn(id: string, task?: Task, more: Opening = {}): void {
  openings.set(id, { ...more, task });
  go({ at: "draft", id });
}

/**
 * Keeps a draft that was left without a change. The server doesn't have it, but
 * the back button may lead to it.
 */
export const keepStartedDraft = (id: string, draft: DeskDraft): void =>
  void openings.set(id, { draft });

/** What a draft opens with. Returns it once. */
export function takeOpening(id: string): Opening {
  const opening = openings.get(id) ?? {};
  openings.delete(id);
  return opening;
}
