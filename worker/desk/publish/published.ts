/** Drafts that were published from this page. After an undo they are restored completely, with the document and the checked warnings. */

import type { Client } from "../../editing/contract/client.ts";
import type { DeskDraft, DeskRecord } from "../../editing/rules/desk.ts";
import { draftOf } from "../start-draft.ts";
import { findCase } from "./publish-draft.ts";

const drafts = new Map<string, DeskDraft>();

/** The revision that was just published, whose countdown gets the focus once. */
let justPublished: string | null = null;

const keyOf = (id: string, number: number) => `${id}/${number}`;

export function rememberPublished(id: string, number: number, draft: DeskDraft | null): void {
  if (draft) drafts.set(keyOf(id, number), draft);
  justPublished = keyOf(id, number);
}

export function takeJustPublished(id: string, number: number): boolean {
  const isMatch = justPublished === keyOf(id, number);
  if (isMatch) justPublished = null;
  return isMatch;
}

/** The number of the revision that was just undone, which its draft shows once. */
let justUndone: number | null = null;

export function takeUndone(): number | null {
  const number = justUndone;
  justUndone = null;
  return number;
}

/** Undoes a pending revision. @returns its content as a draft; null for an erasure or a withdrawal, which says nothing */
export async function undoToDraft(
  api: Client,
  id: string,
  number: number,
  before: DeskRecord,
): Promise<DeskDraft | null> {
  const content = await api.undo({ id, number });
  if (!content.case) return null;
  justUndone = number;
  const draft = drafts.get(keyOf(id, number));
  if (draft) return draft;
  const current = await findCase(api, id);
  const { kind, notify } = before.pending.find((revision) => revision.number === number) ?? before.revision;
  return {
    ...draftOf(current?.revision.number ?? 1, content.case),
    base: current?.case ? { number: current.revision.number, case: current.case } : null,
    note: content.note,
    source: content.source ?? null,
    kind: kind === "correction" ? kind : "update",
    notify,
  };
}
