/** Two editors' changes of one case, made one: field by field, so that nothing either of them wrote is lost. */
import { diff3Merge } from "node-diff3";

type Fields = Record<string, unknown>;

/** A field that both changed, each in their own way. `undefined` stands for a field or an entry that is not there. */
export interface Conflict {
  /** The names of the fields on the way, with an entry's `id` in place of its position: `people/demo-person-one/custody`. */
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

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A status with its date and source, or a date with its precision, is true only as a whole: it is never mixed of two. */
const isWhole = (value: Fields) => "statedBy" in value || typeof value.date === "string" || "series" in value;

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, child) =>
    isFields(child) ? Object.fromEntries(Object.entries(child).toSorted(([a], [b]) => (a < b ? -1 : 1))) : child,
  ) ?? "";

const same = (a: unknown, b: unknown) => canonical(a) === canonical(b);

/** The entries of a list by their `id`, in its order; null when the list is not of such entries. */
function byId(list: unknown[]): Map<string, unknown> | null {
  const entries = new Map(
    list.flatMap((entry): [string, unknown][] =>
      isFields(entry) && typeof entry.id === "string" ? [[entry.id, entry]] : [],
    ),
  );
  return entries.size === list.length ? entries : null;
}

const join = (at: string, key: string | number) => (at === "" ? String(key) : `${at}/${key}`);

/** Merges one value; what both changed goes to `decide`, and its answer stands. */
class Merge {
  readonly #decide: (conflict: Conflict) => unknown;

  constructor(decide: (conflict: Conflict) => unknown) {
    this.#decide = decide;
  }

  value(at: string, base: unknown, mine: unknown, theirs: unknown): unknown {
    if (same(mine, theirs) || same(theirs, base)) return mine;
    if (same(mine, base)) return theirs;
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

  #list(at: string, base: unknown[], mine: unknown[], theirs: unknown[]): unknown[] {
    const [old, my, their] = [byId(base), byId(mine), byId(theirs)];
    if (old && my && their) return this.#entries(at, old, my, their);
    return diff3Merge(mine.map(canonical), base.map(canonical), theirs.map(canonical), {
      excludeFalseConflicts: true,
    }).flatMap(({ ok, conflict }) => {
      const read = (texts: string[]) => texts.map((text) => JSON.parse(text) as unknown);
      if (ok) return read(ok);
      if (!conflict) return [];
      const [a, o, b] = [read(conflict.a), read(conflict.o), read(conflict.b)];
      // Both put something in at the same place.
      if (o.length === 0) return [...b, ...a.filter((entry) => !b.some((other) => same(entry, other)))];
      if (a.length === o.length && b.length === o.length)
        return o.map((entry, index) => this.value(join(at, conflict.bIndex + index), entry, a[index], b[index]));
      return this.#decide({ at: join(at, conflict.bIndex), base: o, mine: a, theirs: b }) as unknown[];
    });
  }

  /** In the order of whoever changed it, else mine; what only the other has comes last. */
  #entries(
    at: string,
    base: Map<string, unknown>,
    mine: Map<string, unknown>,
    theirs: Map<string, unknown>,
  ): unknown[] {
    const kept = (ids: Iterable<string>) => [...ids].filter((id) => base.has(id) && mine.has(id) && theirs.has(id));
    const reordered = !same(kept(theirs.keys()), kept(base.keys()));
    const [first, second] = reordered ? [theirs, mine] : [mine, theirs];
    return [...new Set([...first.keys(), ...second.keys()])].flatMap((id) => {
      const merged = this.value(join(at, id), base.get(id), mine.get(id), theirs.get(id));
      return merged === undefined ? [] : [merged];
    });
  }
}

/**
 * The three-way merge of a case: what one side alone changed is taken from that side, and where both changed the same field, `choose` says.
 * @param base what both started from; null when there was nothing
 * @param choose asked once for each conflict, in the same order for the same input; by default what was published stands
 * @returns the case, and what both changed
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

/** Every field that differs, at the depth where it means something by itself. */
export function differencesBetween(before: unknown, after: unknown, at = ""): Difference[] {
  if (same(before, after)) return [];
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
