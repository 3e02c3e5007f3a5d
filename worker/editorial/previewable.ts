/** An unfinished case as far as it can be shown, for a preview while it is being written. */
import * as v from "valibot";
import { Case } from "../../shared/case/schema.ts";
import type { UnfinishedCase } from "./desk.ts";

/** Where a required text is still missing. */
const GAP = "…";

/** Each round mends what the one before laid bare: a field, then the entry it was required in, then the list. */
const ROUNDS = 12;

type Node = Record<string | number, unknown>;

/** What stands in for a field that is required and not there yet; nothing that would read as a fact. */
function standIn(key: string | number, { language = "en", documents }: Partial<Case>): unknown {
  const gap = { [language]: GAP };
  if (key === "title" || key === "summary") return gap;
  if (key === "issuer" || key === "statedBy") return GAP;
  if (key === "source") return documents?.[0]?.id ?? GAP;
  if (key === "people") return [];
  if (key === "documents") return [{ id: GAP, lang: language }];
  if (key === "rights") return { text: gap, quotations: gap, holder: GAP, href: "https://example.invalid" };
  return undefined;
}

function take(parent: Node, key: string | number): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

/** Takes out what is not valid, or the entry that can't stand without it. @returns false when nothing can be shown */
function mend(root: Node, path: (string | number)[]): boolean {
  const along: unknown[] = [root];
  for (const key of path.slice(0, -1)) along.push((along.at(-1) as Node | undefined)?.[key]);
  const parent = along.at(-1) as Node | undefined;
  const key = path.at(-1);
  if (parent === undefined || key === undefined) return parent === undefined;
  if (parent[key] !== undefined) take(parent, key);
  else {
    const stand = standIn(key, root as Partial<Case>);
    if (stand !== undefined) parent[key] = stand;
    else if (along.length === 1) return false;
    else take(along.at(-2) as Node, path.at(-2) as string | number);
  }
  return true;
}

/**
 * Leaves out entries that are not valid yet and marks missing texts with "…". Never invents a number, a date or a state.
 * @returns null while it has no number, language, date of its facts or state of its action
 */
export function showable(unfinished: UnfinishedCase): Case | null {
  const draft = JSON.parse(JSON.stringify(unfinished)) as Node;
  for (let round = 0; round < ROUNDS; round++) {
    const parsed = v.safeParse(Case, draft);
    // Rules that span fields keep nothing from being shown.
    const faults = (parsed.issues ?? []).filter((issue) => issue.type !== "raw_check");
    if (faults.length === 0) return parsed.output as Case;
    // From the last to the first, so that an entry taken out of a list moves none that is still to be looked at.
    for (const { path } of faults.toReversed())
      if (
        !mend(
          draft,
          (path ?? []).map(({ key }) => key as string | number),
        )
      )
        return null;
  }
  return null;
}
