/** Merges two editors' changes of one case field by field, so that neither loses work. */
import { diff3Merge } from "node-diff3";
import { withKnownIds } from "../../../shared/case/same-person.ts";
import { type Fields, isFields } from "../../../shared/fields.ts";

/** A field that both editors changed differently. `undefined` means that the field or entry does not exist. */
export interface Conflict {
  /** The path to the field, with an entry's `id` instead of its index: `people/demo-person-one/custody`. */
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

/** True for values that must not be mixed from two versions: a status with its date and source, a date with its precision, a translation with its source. */
export const isWhole = (value: Fields) =>
  "statedBy" in value || typeof value.date === "string" || "series" in value || ("text" in value && "of" in value);

/** A JSON value as a string, whatever the order of its keys. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, child) =>
    isFields(child) ? Object.fromEntries(Object.entries(child).toSorted(([a], [b]) => (a < b ? -1 : 1))) : child,
  ) ?? "";

/** True if two JSON values are equal, whatever the order of their keys. */
export const isSame = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b);

/** The entries of a list by their `id`, in the list's order; null when an entry has none. */
function byId(list: unknown[]): Map<string, unknown> | null {
  const entries = new Map(
    list.flatMap((entry): [string, unknown][] =>
      isFields(entry) && typeof entry.id === "string" ? [[entry.id, entry]] : [],
    ),
  );
  return entries.size === list.length ? entries : null;
}

const join = (at: string, key: string | number) => (at === "" ? String(key) : `${at}/${key}`);

/** Merges values recursively. `decide` returns the value of each conflict. */
class Merge {
  readonly #decide: (conflict: Conflict) => unknown;

  constructor(decide: (conflict: Conflict) => unknown) {
    this.#decide = decide;
  }

  value(at: string, base: unknown, mine: unknown, theirs: unknown): unknown {
    if (isSame(mine, theirs) || isSame(theirs, base)) return mine;
    if (isSame(mine, base)) return theirs;
    if (Array.isArray(mine) && Array.isArray(theirs))
      return this.#list(at, Array.isArray(base) ? base : [], mine, theirs);
    if (isFields(mine) && isFields(theirs) && ![base, mine, theirs].some((side) => isFields(side) && isWhole(side)))
      return this.#fields(at, isFields(base) ? base : {}, mine, theirs);
    return this.#decide({ at, base, mine, theirs });
  }

  #fields(at: string, base: Fields, mine: Fields, theirs: Fields): Fields {
    const keys = new Set([...Object.keys(theirs), ...Object.keys(mine)]);
    return Object.fromEntries(
      [...keys].flatMap((key): [string, unknown][] => {
        const merged = this.value(join(at, key), base[key], mine[key], theirs[key]);
        return merged === undefined ? [] : [[key, merged]];
      }),
    );
  }

  #list(at: string, base: unknown[], written: unknown[], theirs: unknown[]): unknown[] {
    // Both sides may have added the same person, each under an id of its own.
    const isPeople = /(?:^|\/)people$/.test(at) && [base, written, theirs].flat().every(isFields);
    const mine = isPeople ? withKnownIds(written as Fields[], [...theirs, ...base] as Fields[]) : written;
    const [old, my, their] = [byId(base), byId(mine), byId(theirs)];
    if (old && my && their) return this.#entries(at, old, my, their);
    return diff3Merge(mine.map(canonicalJson), base.map(canonicalJson), theirs.map(canonicalJson), {
      excludeFalseConflicts: true,
    }).flatMap(({ ok, conflict }) => {
      const read = (texts: string[]) => texts.map((text) => JSON.parse(text) as unknown);
      if (ok) return read(ok);
      if (!conflict) return [];
      const [a, o, b] = [read(conflict.a), read(conflict.o), read(conflict.b)];
      // Both inserted entries at the same place.
      if (o.length === 0) return [...b, ...a.filter((entry) => !b.some((other) => isSame(entry, other)))];
      if (a.length === o.length && b.length === o.length)
        return o.map((entry, index) => this.value(join(at, conflict.bIndex + index), entry, a[index], b[index]));
      return this.#decide({ at: join(at, conflict.bIndex), base: o, mine: a, theirs: b }) as unknown[];
    });
  }

  /** Keeps the order of the side that changed it, else mine. Entries that only the other side has come last. */
  #entries(
    at: string,
    base: Map<string, unknown>,
    mine: Map<string, unknown>,
    theirs: Map<string, unknown>,
  ): unknown[] {
    const kept = (ids: Iterable<string>) => [...ids].filter((id) => base.has(id) && mine.has(id) && theirs.has(id));
    const reordered = !isSame(kept(theirs.keys()), kept(base.keys()));
    const [first, second] = reordered ? [theirs, mine] : [mine, theirs];
    return [...new Set([...first.keys(), ...second.keys()])].flatMap((id) => {
      const merged = this.value(join(at, id), base.get(id), mine.get(id), theirs.get(id));
      return merged === undefined ? [] : [merged];
    });
  }
}

/**
 * The three-way merge of a case. A change that only one side made is taken over; where both changed the same field, `choose` picks a side.
 * @param base the common base; null for a new case
 * @param choose called once for each conflict, in the same order for the same input; the default keeps `theirs`
 * @returns the merged case and its conflicts
 */
export function mergeCases<T>(
  base: T | null,
  mine: T,
  theirs: T,
  choose: Choose = () => "theirs",
): { merged: T; conflicts: Conflict[] } {
  const conflicts: Conflict[] = [];
  const merge = new Merge((conflict) => {
    conflicts.push(conflict);
    return conflict[choose(conflict)];
  });
  return { merged: merge.value("", base ?? undefined, mine, theirs) as T, conflicts };
}

/** Every difference between two versions, at the depth of the smallest value with a meaning of its own. */
export function differencesBetween(before: unknown, after: unknown, at = ""): Difference[] {
  if (isSame(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const [old, next] = [byId(before), byId(after)];
    if (old && next)
      return [...new Set([...old.keys(), ...next.keys()])].flatMap((id) =>
        differencesBetween(old.get(id), next.get(id), join(at, id)),
      );
    if (before.length === after.length)
      return before.flatMap((entry, index) => differencesBetween(entry, after[index], join(at, index)));
  }
  if (isFields(before) && isFields(after) && !isWhole(before) && !isWhole(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differencesBetween(before[key], after[key], join(at, key)),
    );
  return [{ at, before, after }];
}
