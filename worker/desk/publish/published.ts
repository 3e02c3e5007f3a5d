/** Drafts that were published from this page, so that an undo brings all of them back: the document and the ticked doubts too. */

import type { Client } from "../../contract/client.ts";
import type { DeskDraft, DeskRecord } from "../../editorial/desk.ts";
import { draftOf } from "../start-draft.ts";
import { standing } from "./publish-draft.ts";

const drafts = new Map<string, DeskDraft>();

/** The revision that was published just now: its countdown gets the focus, once. */
let fresh: string | null = null;

const keyOf = (id: string, number: number) => `${id}/${number}`;

export function remember(id: string, number: number, draft: DeskDraft | null): void {
  if (draft) drafts.set(keyOf(id, number), draft);
  fresh = keyOf(id, number);
}

export function takeFresh(id: string, number: number): boolean {
  const is = fresh === keyOf(id, number);
  if (is) fresh = null;
  return is;
}

/** What was undone just now: its draft says so, once. */
let taken: number | null = null;

export function takeUndone(): number | null {
  const number = taken;
  taken = null;
  return number;
}

/** Takes a pending revision back. @returns what it said as a draft again; null for a withdrawal, which said nothing */
export async function undone(api: Client, id: string, number: number, before: DeskRecord): Promise<DeskDraft | null> {
  const said = await api.undo({ id, number });
  if (!said.case) return null;
  taken = number;
  const kept = drafts.get(keyOf(id, number));
  if (kept) return kept;
  const stands = await standing(api, id);
  const { kind, notify } = before.pending.find((revision) => revision.number === number) ?? before.revision;
  return {
    ...draftOf(stands?.revision.number ?? 1, said.case),
    base: stands?.case ? { number: stands.revision.number, case: stands.case } : null,
    note: said.note,
    kind: kind === "withdrawal" ? "update" : kind,
    notify,
  };
}
