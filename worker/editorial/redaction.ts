/** What a redaction may do alone where two editors are needed: take away. */
import { pointerTo } from "./publication.ts";

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What may stand where words were taken out. */
const OMISSION = /^(\[…\]|\[\.\.\.\]|…)$/;

/** Whether a text is another with words left out; `[…]` may stand in their place. */
function isShortened(before: string, after: string): boolean {
  let rest = before.split(/\s+/);
  for (const word of after.split(/\s+/)) {
    if (OMISSION.test(word)) continue;
    const at = rest.indexOf(word);
    if (at < 0) return false;
    rest = rest.slice(at + 1);
  }
  return true;
}

/**
 * Where a version says what the one before did not. Fields, entries of lists and words of texts may go; nothing may come, change or move.
 * @returns JSON Pointers (RFC 6901), in the later version; none when it only takes away
 */
export function additionsIn(before: unknown, after: unknown, pointer = ""): string[] {
  if (after === undefined) return [];
  if (typeof before === "string" && typeof after === "string") return isShortened(before, after) ? [] : [pointer];
  if (Array.isArray(before) && Array.isArray(after)) {
    let rest = before;
    return after.flatMap((entry, index) => {
      const at = rest.findIndex((one) => additionsIn(one, entry).length === 0);
      if (at < 0) return [`${pointer}${pointerTo([index])}`];
      rest = rest.slice(at + 1);
      return [];
    });
  }
  if (isFields(before) && isFields(after))
    return Object.entries(after).flatMap(([key, child]) => additionsIn(before[key], child, pointer + pointerTo([key])));
  return Object.is(before, after) ? [] : [pointer];
}
