/** What a revision states anew or states no longer, entry by entry. */

import { withTexts } from "../../../shared/case/text.ts";
import { isFields } from "../../../shared/fields.ts";
import type { Path } from "../../../shared/values-at.ts";
import { canonicalJson, isSame, isWhole } from "./merge.ts";
import { valueAt } from "./pointers.ts";

export interface StatedChange {
  /**
   * Where it stands in the revision. What is gone has the place where it stood;
   * an entry of a list has the list's.
   */
  path: Path;
  /** `undefined` for what is new. */
  before: unknown;
  /** `undefined` for what is gone. */
  after: unknown;
}

/** Members that tell little about which entry it is. */
const weak = new Set(["source", "kind", "lang"]);

/** What tells which entry of a list without ids it is, as texts. */
const traitsOf = (entry: unknown): string[] =>
  isFields(entry)
    ? Object.entries(entry).flatMap(([key, value]) =>
        weak.has(key) || value === undefined
          ? []
          : `${key} ${canonicalJson(value)}`,
      )
    : [];

/** Whether an entry of a list without ids may be the other one, edited. */
function isKin(one: unknown, other: unknown): boolean {
  const traits = new Set(traitsOf(one));
  return traitsOf(other).some((trait) => traits.has(trait));
}

const idOf = (entry: unknown) =>
  isFields(entry) && typeof entry.id === "string" ? entry.id : undefined;

/** The entries of a list that don't stand in another one. */
function without(
  entries: readonly unknown[],
  others: readonly unknown[],
): unknown[] {
  const known = new Set(others.map(canonicalJson));
  return entries.filter((entry) => !known.has(canonicalJson(entry)));
}

/** The entries of a list that stand no longer in it, not even edited. */
export function goneFrom(
  before: readonly unknown[],
  after: readonly unknown[],
): unknown[] {
  const ids = new Set(after.map(idOf));
  const traits = new Set(without(after, before).flatMap(traitsOf));
  return without(before, after).filter((one) => {
    const id = idOf(one);
    return id === undefined
      ? !traitsOf(one).some((trait) => traits.has(trait))
      : !ids.has(id);
  });
}

const withoutTexts = (entry: unknown) => withTexts(entry, () => ({}));

/**
 * Where an earlier version has what stands at a place. Entries of lists have
 * moved: they are found by their ids, or by what they state apart from texts.
 */
export function placeBefore(
  earlier: unknown,
  now: unknown,
  path: Readonly<Path>,
): Path | null {
  const found: Path = [];
  for (const [index, key] of path.entries()) {
    if (typeof key === "string") found.push(key);
    else {
      const [entry, all] = [
        valueAt(now, path.slice(0, index + 1)),
        valueAt(earlier, found),
      ];
      const isIt = (one: unknown) =>
        idOf(entry) === undefined
          ? isSame(withoutTexts(one), withoutTexts(entry))
          : idOf(one) === idOf(entry);
      const list = Array.isArray(all) ? all : [];
      const at = isIt(list[key])
        ? key
        : [
            list.findIndex(isIt),
            list.findIndex((one) => isKin(one, entry)),
          ].find((one) => one >= 0);
      if (at === undefined) return null;
      found.push(at);
    }
  }
  return found;
}

/**
 * Every change from one version to another. The order of a list says nothing.
 */
export function statedChanges(
  before: unknown,
  after: unknown,
  path: Path = [],
): StatedChange[] {
  if (isSame(before, after)) return [];
  if (Array.isArray(before ?? after) && Array.isArray(after ?? before))
    return listChanges(
      (before ?? []) as unknown[],
      (after ?? []) as unknown[],
      path,
    );
  if (isFields(before) && isFields(after) && !isWhole(before))
    return [
      ...new Set([...Object.keys(before), ...Object.keys(after)]),
    ].flatMap((key) => statedChanges(before[key], after[key], [...path, key]));
  return [{ path, before, after }];
}

function listChanges(
  before: unknown[],
  after: unknown[],
  path: Path,
): StatedChange[] {
  const gone = goneFrom(before, after).map((entry) => ({
    path,
    before: entry,
    after: undefined,
  }));
  const old = new Map(before.map((entry) => [idOf(entry), entry]));
  const edited = new Map(
    without(before, after).flatMap((entry) =>
      traitsOf(entry).map((trait) => [trait, entry]),
    ),
  );
  const known = new Set(before.map(canonicalJson));
  const changes = after.flatMap((entry, index) => {
    if (known.has(canonicalJson(entry))) return [];
    const at = [...path, index];
    const id = idOf(entry);
    if (id !== undefined) return statedChanges(old.get(id), entry, at);
    const trait = traitsOf(entry).find((one) => edited.has(one));
    return [{ path: at, before: trait && edited.get(trait), after: entry }];
  });
  return [...changes, ...gone];
}
