/**
 * A copy of everything that readers can see, kept up to date by the entries of
 * `GET /v1/changes`.
 */
import type { Case } from "../../../shared/case/schema.ts";
import type { Revision } from "../../../shared/revision.ts";
import type { ChangeEntry } from "./changes.ts";

export interface CopiedRevision {
  state: ChangeEntry["state"];
  revision: Revision;
  case?: Case;
}

/** The revisions of a case by number. */
export type CopiedCase = Record<number, CopiedRevision>;

/**
 * The newest revision of a case. While it is a withdrawal, no other may be
 * shown.
 */
function headIn(copied: CopiedCase): CopiedRevision | undefined {
  return copied[Math.max(...Object.keys(copied).map(Number))];
}

/** The revisions that may be shown, newest first. */
export function visibleIn(copied: CopiedCase): CopiedRevision[] {
  const head = headIn(copied);
  if (!head || head.state === "withdrawn") return head ? [head] : [];
  return Object.values(copied).sort(
    (a, b) => b.revision.number - a.revision.number,
  );
}

const erased = ({ state, revision }: CopiedRevision): CopiedRevision => ({
  state: state === "withdrawn" ? state : "erased",
  revision: { ...revision, note: {}, changes: [] },
});

/**
 * Applies the entries of a page, in their order. To apply a page twice is the
 * same as once.
 */
export function applyChanges(
  cases: Map<string, CopiedCase>,
  changes: readonly ChangeEntry[],
): void {
  for (const entry of changes) {
    const { id, state, revision, tombstone } = entry;
    const copied = { ...cases.get(id) };
    copied[revision.number] = {
      state,
      revision,
      ...(entry.state === "present" ? { case: entry.case } : {}),
    };
    for (const before of Object.values(copied))
      if (tombstone && before.revision.number < tombstone.before)
        copied[before.revision.number] = erased(before);
    cases.set(id, copied);
  }
}
