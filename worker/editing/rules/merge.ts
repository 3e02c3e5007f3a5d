/**
 * Merges two editors' changes of one case field by field, so that neither loses
 * work.
 */
import { diff3Merge } from "node-diff3";
import { withKnownIds } from "../../../shared/case/same-person.ts";
import { type Fields, isFields } from "../../../shared/fields.ts";

/**
 * A field that both editors changed differently. `undefined` means that the
 * field or entry does not exist.
 */
export interface Conflict {
  /**
   * The path to the field, with an entry's `id` instead of its index:
   * `people/demo-person-one/custody`.
   */
  at: string;
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

/** Picks a side of a conflict. */
export type Choose = (conflict: Conflict) => "mine" | "theirs";

export interface Difference {
  /** As in `Conflict`. */
  at: string;
  before: unknown;
  after: unknown;
}

/**
 * True for values that must not be mixed from two versions: a status with its
 * date and source, a date with its precision, a translation with its source.
 */
export const isWhole = (value: Fields) =>
  "statedBy" in value ||
  typeof value.date === "string" ||
  "series" in value ||
  ("text" in value && "of" in value);

/** A JSON value as a string, whatever the order of its keys. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, child) =>
    isFields(child)
      ? Object.fromEntries(
          Object.entries(child).toSorted(([a], [b]) => (a < b ? -1 : 1)),
        )
      : child,
  ) ?? "";

/** True if two JSON values are equal, whatever the order of their keys. */
export const isSame = (a: unknown, b: unknown) =>
  canonicalJson(a) === canonicalJson(b);

/**
 * The entries of a list by their `id`, in the list's order; null when an entry
 * has none.
 */
function byId(list: unknown[]): Map<string, unknown> | null {
  const entries = new Map(
    list.flatMap((entry): [string, unknown][] =>
      isFields(entry) && typeof entry.id === "string"
        ? [[entry.id, entry]]
        : [],
    ),
  );
  return entries.size === list.length ? entries : null;
}

const join = (at: string, key: string | number) =>
  at === "" ? String(key) : `${at}/${key}`;

type Entries = ReadonlyMap<string, unknown>;

/**
 * The three-way merge of a case. A change that only one side made is taken
 * over; where both changed the same field, `choose` picks a side.
 * @param base the common base; null for a new case
 * @param choose called once for each conflict, in the same order for the same
 * input; the default keeps `theirs`
 * @returns the merged case and its conflicts
 */
export function mergeCases<T>(
  base: T | null,
  mine: T,
  theirs: T,
  choose: Choose = () => "theirs",
): { merged: T; conflicts: Conflict[] } {
  const conflicts: Conflict[] = [];
  function decide(conflict: Conflict): unknown {
    conflicts.push(conflict);
    return conflict[choose(conflict)];
  }

  function mergeValues(
    at: string,
    base: unknown,
    mine: unknown,
    theirs: unknown,
  ): unknown {
    if (isSame(mine, theirs) || isSame(theirs, base)) return mine;
    if (isSame(mine, base)) return theirs;
    if (Array.isArray(mine) && Array.isArray(theirs))
      return mergeLists(at, Array.isArray(base) ? base : [], mine, theirs);
    if (
      !isFields(mine) ||
      !isFields(theirs) ||
      [base, mine, theirs].some((side) => isFields(side) && isWhole(side))
    )
      return decide({ at, base, mine, theirs });
    const [old, my, their] = [isFields(base) ? base : {}, mine, theirs].map(
      (side) => new Map(Object.entries(side)),
    );
    return Object.fromEntries(
      mergeEntries(
        at,
        old as Entries,
        my as Entries,
        their as Entries,
        their as Entries,
      ),
    );
  }

  /** The keys of `first` come first. */
  function mergeEntries(
    at: string,
    base: Entries,
    mine: Entries,
    theirs: Entries,
    first: Entries,
  ) {
    const keys = new Set(
      [first, mine, theirs].flatMap((side) => [...side.keys()]),
    );
    return [...keys].flatMap((key): [string, unknown][] => {
      const merged = mergeValues(
        join(at, key),
        base.get(key),
        mine.get(key),
        theirs.get(key),
      );
      return merged === undefined ? [] : [[key, merged]];
    });
  }

  function mergeLists(
    at: string,
    base: unknown[],
    written: unknown[],
    theirs: unknown[],
  ): unknown[] {
    // Both sides may have added the same person, each under an id of its own.
    const isPeople =
      /(?:^|\/)people$/.test(at) &&
      [base, written, theirs].flat().every(isFields);
    const mine = isPeople
      ? withKnownIds(written as Fields[], [...theirs, ...base] as Fields[])
      : written;
    const [old, my, their] = [byId(base), byId(mine), byId(theirs)];
    if (old && my && their) {
      // The order of the side that changed it, else mine.
      const kept = (ids: Iterable<string>) =>
        [...ids].filter((id) => old.has(id) && my.has(id) && their.has(id));
      const isReordered = !isSame(kept(their.keys()), kept(old.keys()));
      return mergeEntries(at, old, my, their, isReordered ? their : my).map(
        ([, entry]) => entry,
      );
    }
    return diff3Merge(
      mine.map(canonicalJson),
      base.map(canonicalJson),
      theirs.map(canonicalJson),
      {
        excludeFalseConflicts: true,
      },
    ).flatMap(({ ok, conflict }) => {
      const read = (texts: string[]) =>
        texts.map((text) => JSON.parse(text) as unknown);
      if (ok) return read(ok);
      if (!conflict) return [];
      const [a, o, b] = [read(conflict.a), read(conflict.o), read(conflict.b)];
      // Both inserted entries at the same place.
      if (o.length === 0)
        return [
          ...b,
          ...a.filter((entry) => !b.some((other) => isSame(entry, other))),
        ];
      if (a.length === o.length && b.length === o.length)
        return o.map((entry, index) =>
          mergeValues(
            join(at, conflict.bIndex + index),
            entry,
            a[index],
            b[index],
          ),
        );
      return decide({
        at: join(at, conflict.bIndex),
        base: o,
        mine: a,
        theirs: b,
      }) as unknown[];
    });
  }

  return {
    merged: mergeValues("", base ?? undefined, mine, theirs) as T,
    conflicts,
  };
}

/**
 * Every difference between two versions, at the depth of the smallest value
 * with a meaning of its own.
 */
export function differencesBetween(
  before: unknown,
  after: unknown,
  at = "",
): Difference[] {
  if (isSame(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const [old, next] = [byId(before), byId(after)];
    if (old && next)
      return [...new Set([...old.keys(), ...next.keys()])].flatMap((id) =>
        differencesBetween(old.get(id), next.get(id), join(at, id)),
      );
    if (before.length === after.length)
      return before.flatMap((entry, index) =>
        differencesBetween(entry, after[index], join(at, index)),
      );
  }
  if (
    isFields(before) &&
    isFields(after) &&
    !isWhole(before) &&
    !isWhole(after)
  )
    return [
      ...new Set([...Object.keys(before), ...Object.keys(after)]),
    ].flatMap((key) =>
      differencesBetween(before[key], after[key], join(at, key)),
    );
  return [{ at, before, after }];
}
