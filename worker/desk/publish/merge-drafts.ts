/** Drafts that went two ways, made one: with what another editor published, or with what the same one wrote on another device. */
import type { Case } from "../../../shared/case/schema.ts";
import type { DeskDraft, UnfinishedCase } from "../../editorial/desk.ts";
import { type Choose, type Conflict, mergeCases } from "../../editorial/merge.ts";

/** What of a draft is merged; a conflict's place begins with `case/` or `note/`. */
export interface Written {
  case: UnfinishedCase;
  note: Record<string, string>;
}

export const writtenIn = ({ case: fields, note }: DeskDraft): Written => ({ case: fields, note });

export const conflictsOf = (base: Written | null, mine: Written, theirs: Written): Conflict[] =>
  mergeCases(base, mine, theirs).conflicts;

/** The draft on top of another revision. */
export function rebased(draft: DeskDraft, number: number, theirs: Case, choose: Choose): DeskDraft {
  const base = draft.base && { case: draft.base.case as UnfinishedCase, note: draft.note };
  const published = { case: theirs as UnfinishedCase, note: draft.note };
  return { ...draft, ...mergeCases(base, writtenIn(draft), published, choose).merged, base: { number, case: theirs } };
}

/**
 * The draft with what was saved of it elsewhere; how it is to be published is what is chosen here.
 * @param kept what both devices had last
 */
export function joined(kept: DeskDraft, here: DeskDraft, elsewhere: DeskDraft, choose?: Choose): DeskDraft {
  const { merged } = mergeCases(writtenIn(kept), writtenIn(here), writtenIn(elsewhere), choose);
  const newer = (elsewhere.base?.number ?? 0) > (here.base?.number ?? 0) ? elsewhere : here;
  return {
    ...here,
    ...merged,
    base: newer.base,
    source: here.source ?? elsewhere.source,
    resolved: [...new Set([...here.resolved, ...elsewhere.resolved])],
  };
}
