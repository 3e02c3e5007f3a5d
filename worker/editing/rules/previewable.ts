/**
 * Makes a valid case of an unfinished one, for previews while it is being
 * written.
 */
import * as v from "valibot";
import { Case } from "../../../shared/case/schema.ts";
import { withSources } from "../../../shared/case/text.ts";
import type { UnfinishedCase } from "./desk.ts";

/** Replaces a required text that is missing. */
const PLACEHOLDER = "…";

/**
 * A repair can reveal the next error: a field, then the entry that requires it,
 * then the list.
 */
const MAX_ROUNDS = 12;

type Node = Record<string | number, unknown>;

/**
 * The value that replaces a missing required field. It never reads as a fact.
 */
function placeholderFor(
  key: string | number,
  { language }: { language?: unknown },
): unknown {
  const gap = { [typeof language === "string" ? language : "en"]: PLACEHOLDER };
  if (key === "title" || key === "summary") return gap;
  if (key === "issuer" || key === "statedBy") return PLACEHOLDER;
  if (key === "people" || key === "documents") return [];
  if (key === "rights")
    return {
      text: gap,
      quotations: gap,
      holder: PLACEHOLDER,
      href: "https://example.invalid",
    };
  return undefined;
}

function remove(parent: Node, key: string | number): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

/**
 * Removes an invalid value, or the entry that requires a missing one.
 * @returns false when no preview is possible
 */
function repair(root: Node, path: (string | number)[]): boolean {
  const along: unknown[] = [root];
  for (const key of path.slice(0, -1))
    along.push((along.at(-1) as Node | undefined)?.[key]);
  const parent = along.at(-1) as Node | undefined;
  const key = path.at(-1);
  if (parent === undefined || key === undefined) return parent === undefined;
  if (parent[key] !== undefined) remove(parent, key);
  else {
    const placeholder = placeholderFor(key, root);
    if (placeholder !== undefined) parent[key] = placeholder;
    else if (along.length === 1) return false;
    else remove(along.at(-2) as Node, path.at(-2) as string | number);
  }
  return true;
}

/**
 * Leaves out invalid entries and replaces missing texts with "…". Never invents
 * a number, a date or a state.
 * @returns null while the case lacks its number, its language, the date of its
 * facts or the state of its action
 */
export function previewable(unfinished: UnfinishedCase): Case | null {
  const draft = JSON.parse(JSON.stringify(unfinished)) as Node;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const parsed = v.safeParse(Case, draft);
    // Rules that span several fields (raw_check) do not prevent a preview.
    const faults = (parsed.issues ?? []).filter(
      (issue) => issue.type !== "raw_check",
    );
    if (faults.length === 0) return withSources(parsed.output as Case);
    // From last to first, so that removing a list entry does not shift the ones
    // still to be repaired.
    for (const { path } of faults.toReversed())
      if (
        !repair(
          draft,
          (path ?? []).map(({ key }) => key as string | number),
        )
      )
        return null;
  }
  return null;
}
