/** Drafts that were started on this page and that the server doesn't have. */
import type { DeskDraft } from "../editing/rules/desk.ts";
import type { Task } from "./form/form-state.ts";
import { go } from "./route.ts";

/** "empty": for a new case, whose fields are made when it is opened. */
type Started = DeskDraft | "empty";

/** By id, until they are opened. */
const started = new Map<string, Started>();

/** The panels with which drafts open, by the draft's id. */
const firstTasks = new Map<string, Task>();

/** Opens a new draft. @param task the panel with which it opens */
export function openDraft(draft: Started, task?: Task): void {
  const id = crypto.randomUUID();
  started.set(id, draft);
  if (task) firstTasks.set(id, task);
  go({ at: "draft", id });
}

/** Opens a saved draft. */
export function goOn(id: string, task: Task): void {
  firstTasks.set(id, task);
  go({ at: "draft", id });
}

/** The panel with which a draft opens. Returns it once. */
export function takeTask(id: string): Task {
  const task = firstTasks.get(id) ?? { is: "form" };
  firstTasks.delete(id);
  return task;
}

/** Keeps a draft that was left without a change. The server doesn't have it, but the back button may lead to it. */
export const keepStartedDraft = (id: string, draft: DeskDraft): void => void started.set(id, draft);

/** The draft that was started with that id. Returns it once. */
export function takeStartedDraft(id: string): Started | undefined {
  const draft = started.get(id);
  started.delete(id);
  return draft;
}
