/** Merges a draft with another editor's revision, or with the same editor's version from another device. */
import type { Case } from "../../../shared/case/schema.ts";
import type { DeskDraft, UnfinishedCase } from "../../editing/rules/desk.ts";
import { type Choose, type Conflict, mergeCases } from "../../editing/rules/merge.ts";

/** The mergeable parts of a draft. The place of a conflict starts with `case/` or `note/`. */
export interface MergeableDraft {
  case: UnfinishedCase;
  note: Record<string, string>;
}

export const mergeableIn = ({ case: fields, note }: DeskDraft): MergeableDraft => ({ case: fields, note });

export const conflictsOf = (base: MergeableDraft | null, mine: MergeableDraft, theirs: MergeableDraft): Conflict[] =>
  mergeCases(base, mine, theirs).conflicts;

/** The draft, based on another revision. */
export function rebased(draft: DeskDraft, number: number, theirs: Case, choose: Choose): DeskDraft {
  const base = draft.base && { case: draft.base.case as UnfinishedCase, note: draft.note };
  const published = { case: theirs as UnfinishedCase, note: draft.note };
  return {
    ...draft,
    ...mergeCases(base, mergeableIn(draft), published, choose).merged,
    base: { number, case: theirs },
    // They were given beside another revision.
    answers: [],
  };
}

/** Sentences are known by their words, so a verdict given elsewhere counts here too. */
const withVerdicts = (source: DeskDraft["source"], other: DeskDraft["source"]): DeskDraft["source"] =>
  source && other?.verdicts ? { ...source, verdicts: { ...other.verdicts, ...source.verdicts } } : source;

/**
 * Merges two versions of a draft. The settings for publishing are those of `here`.
 * @param base the last version that both devices had in common
 */
export function mergedDrafts(base: DeskDraft, here: DeskDraft, elsewhere: DeskDraft, choose?: Choose): DeskDraft {
  const { merged } = mergeCases(mergeableIn(base), mergeableIn(here), mergeableIn(elsewhere), choose);
  const newer = (elsewhere.base?.number ?? 0) > (here.base?.number ?? 0) ? elsewhere : here;
  return {
    ...here,
    ...merged,
    base: newer.base,
    source: withVerdicts(here.source ?? elsewhere.source, elsewhere.source),
    answers: [...elsewhere.answers, ...here.answers],
    resolved: [...new Set([...here.resolved, ...elsewhere.resolved])],
  };
}
