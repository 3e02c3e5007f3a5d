/** What a revision states anew or states no longer, entry by entry. */

import { type Fields, isFields } from "../../../shared/fields.ts";
import type { Path } from "../../../shared/values-at.ts";
import { byId, canonicalJson, isSame, isWhole } from "./merge.ts";

export interface StatedChange {
  /** Where it stands in the revision. What is gone has the place where it stood; an entry of a list has the list's. */
  path: Path;
  /** `undefined` for what is new. */
  before: unknown;
  /** `undefined` for what is gone. */
  after: unknown;
}

/** Members that tell little about which entry it is. */
const weak = new Set(["source", "kind", "lang"]);

/** Whether an entry of a list without ids may be the other one, edited. */
export const isKin = (one: unknown, other: unknown): boolean =>
  isFields(one) &&
  isFields(other) &&
  one.id === other.id &&
  Object.keys(one).some((key) => !weak.has(key) && one[key] !== undefined && isSame(one[key], other[key]));

/** The entries of a list that stand no longer in it, not even edited. */
export function goneFrom(before: readonly unknown[], after: readonly unknown[]): unknown[] {
  const isStill = (one: unknown) => after.some((other) => isSame(one, other) || isKin(one, other));
  const idOf = (entry: unknown) => (isFields(entry) ? entry.id : undefined);
  const ids = new Set(after.map(idOf));
  return before.filter((one) => (idOf(one) === undefined ? !isStill(one) : !ids.has(idOf(one))));
}

/** Every change from one version to another. The order of a list says nothing. */
export function statedChanges(before: unknown, after: unknown, path: Path = []): StatedChange[] {
  if (isSame(before, after)) return [];
  if (Array.isArray(before ?? after) && Array.isArray(after ?? before))
    return listChanges((before ?? []) as unknown[], (after ?? []) as unknown[], path);
  if (isFields(before) && isFields(after) && !isWhole(before))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      statedChanges(before[key], after[key], [...path, key]),
    );
  return [{ path, before, after }];
}

function listChanges(before: unknown[], after: unknown[], path: Path): StatedChange[] {
  const gone = goneFrom(before, after).map((entry) => ({ path, before: entry, after: undefined }));
  const old = byId(before) as Map<string, Fields> | null;
  const known = new Set(before.map(canonicalJson));
  const changes = after.flatMap((entry, index) => {
    if (known.has(canonicalJson(entry))) return [];
    const at = [...path, index];
    if (old && isFields(entry) && typeof entry.id === "string") return statedChanges(old.get(entry.id), entry, at);
    return [{ path: at, before: before.find((one) => isKin(one, entry)), after: entry }];
  });
  return [...changes, ...gone];
}
