/** The cases that pass the filters of the list and its searches, in SQL. */
import { hasPart, type PartMatch, readingsOf } from "../../shared/case/names.ts";
import { typedIdsIn } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { earliestOpenDay } from "../../shared/view/age.ts";
import { codeKey, codeKeysIn } from "../reads/case-keys.ts";
import { placeWords, type WordKind } from "../reads/case-words.ts";
import type { PageQuery } from "../reads/list.ts";
import { isCodeNamed, placeCodeIn } from "../reads/list-filters.ts";
import { wordKeys } from "./list-columns.ts";

/** Keys from one to another, both included. */
type Range = [from: string, to: string];

const exactly = (key: string): Range => [key, key];
const LAST = "\u{10ffff}";
const startingWith = (beginning: string): Range => [beginning, beginning + LAST];

const IN_RANGE = "k.key BETWEEN range.value ->> 0 AND range.value ->> 1";

/** Parts of a search that a case must all match, each by the ranges in which a key matches. */
type Reading = Range[][];

/** The sequences of heads; null for all. */
type Found = number[] | null;

/** With more matches than this, a search reads the list in its order, and only as far as a page shows it. */
const MAX_MATCHES_READ = 200;
/** The most keys that the list is compared with for one part of a search. */
const MAX_KEYS = 8;

/** The different keys in a range. Steps from one key of the index to the next. @param limit the most; -1 for all */
const keysIn = (sql: SqlStorage, range: Range, limit: number): string[] =>
  sql
    .exec<{ key: string }>(
      `WITH RECURSIVE steps (key) AS (
         SELECT MIN(key) FROM case_keys WHERE key BETWEEN ?1 AND ?2 UNION ALL
         SELECT (SELECT MIN(key) FROM case_keys WHERE key > steps.key AND key <= ?2) FROM steps WHERE key IS NOT NULL)
       SELECT key FROM steps WHERE key IS NOT NULL LIMIT ?3`,
      ...range,
      limit,
    )
    .toArray()
    .map(({ key }) => key);

/** The different keys that begin like this, without the beginning. */
export const endingsOf = (sql: SqlStorage, beginning: string): string[] =>
  keysIn(sql, startingWith(beginning), -1).map((key) => key.slice(beginning.length));

class Search {
  readonly #sql: SqlStorage;
  readonly #codes: string[];
  readonly #maxRead: number;

  /**
   * @param codes the codes of all cases' places and authorities
   * @param maxRead see `MAX_MATCHES_READ`
   */
  constructor(sql: SqlStorage, codes: string[], maxRead: number) {
    this.#sql = sql;
    this.#codes = codes;
    this.#maxRead = maxRead;
  }

  /** @param within only these */
  #keyed(ranges: Range[], within: Found): number[] {
    const { found } = this.#sql
      .exec<{ found: string }>(
        `SELECT json_group_array(DISTINCT k.sequence) AS found
         FROM json_each(?) range CROSS JOIN case_keys k ON ${IN_RANGE}
         ${within ? "WHERE k.sequence IN (SELECT value FROM json_each(?))" : ""}`,
        JSON.stringify(ranges),
        ...(within ? [JSON.stringify(within)] : []),
      )
      .one();
    return JSON.parse(found);
  }

  /** How many heads match, or more than that; not above a limit. */
  #size(ranges: Range[]): number {
    return this.#sql
      .exec<{ size: number }>(
        `SELECT COUNT(*) AS size FROM
         (SELECT 1 FROM json_each(?) range CROSS JOIN case_keys k ON ${IN_RANGE} LIMIT ${this.#maxRead + 1})`,
        JSON.stringify(ranges),
      )
      .one().size;
  }

  /** The keys in some ranges; null for too many. */
  #keys(ranges: Range[]): string[] | null {
    const keys = new Set<string>();
    for (const range of ranges) {
      for (const key of keysIn(this.#sql, range, MAX_KEYS + 1)) keys.add(key);
      if (keys.size > MAX_KEYS) return null;
    }
    return [...keys];
  }

  /** What the database can't compare is compared here: a name is also found by its consonants. */
  #rangesOf(match: PartMatch, kind: WordKind): Range[] {
    const { part, isWhole, spelling, arabicSpelling } = match;
    const { word, arabic } = wordKeys[kind];
    const passing = (beginning: string, test: ((word: string) => boolean) | null) =>
      test ? endingsOf(this.#sql, beginning).filter(test) : [];
    const named = kind === "all" ? this.#codes.filter((code) => hasPart(match, placeWords(code))) : [];
    return [
      isWhole ? exactly(word + part) : startingWith(word + part),
      ...passing(word, spelling).map((other) => exactly(word + other)),
      ...passing(arabic, arabicSpelling).map((other) => exactly(arabic + other)),
      ...named.map((code) => exactly(codeKey.at(code))),
    ];
  }

  #readingsOf(query: string, kind: WordKind): Reading[] {
    return readingsOf(query).map((parts) => {
      const different = new Map(parts.map((match) => [match.part, match]));
      return [...different.values()].map((match) => this.#rangesOf(match, kind));
    });
  }

  /** Cases that match one of the readings, or the keys of which they have one of each set when there are too many to read. */
  #matching(readings: Reading[], within: Found): { found: Found; keys: string[][] } {
    const sorted = readings.map((parts) =>
      parts.map((ranges) => ({ ranges, size: this.#size(ranges) })).sort((a, b) => a.size - b.size),
    );
    // Readings of one part each are one part with more ranges. Others can't be written as sets of keys that a case must all have.
    const [reading, ...others] = readings.every(({ length }) => length === 1) ? [[readings.flat(2)]] : readings;
    const isLarge = sorted.some(([rarest]) => rarest && rarest.size > this.#maxRead);
    if (isLarge && within === null && reading && others.length === 0) {
      const keys = reading.map((ranges) => this.#keys(ranges));
      if (keys.every((few) => few !== null)) return { found: null, keys };
    }
    const found = sorted.flatMap(
      (parts) =>
        parts.reduce<Found>(
          (among, { ranges }) => (among?.length === 0 ? among : this.#keyed(ranges, among)),
          within,
        ) as number[],
    );
    return { found: [...new Set(found)], keys: [] };
  }

  /** Cases whose words match a search. */
  words(query: string, kind: WordKind, within: Found) {
    return this.#matching(this.#readingsOf(query, kind), within);
  }

  /** Cases with a place of this name, in one of our languages or one of the case's. */
  place(name: string, within: Found) {
    const named = this.#codes.filter(isCodeNamed(name)).map((code) => exactly(codeKey.place(code)));
    return this.#matching([...(named.length > 0 ? [[named]] : []), ...this.#readingsOf(name, "places")], within);
  }

  ids(ids: readonly string[]): number[] {
    return this.#sql
      .exec<{ sequence: number }>(
        "SELECT sequence FROM json_each(?) id CROSS JOIN changes c ON c.case_id = id.value WHERE state = 'present'",
        JSON.stringify(ids),
      )
      .toArray()
      .map(({ sequence }) => sequence);
  }
}

/** The heads that pass a query's filters. */
export interface Matching {
  /** Selects `live_at` and `sequence` of each. */
  sql: string;
  /** The values of its parameters. */
  values: SqlStorageValue[];
  /** True when an index has them in the order of the list. */
  isSorted: boolean;
}

/**
 * The heads that pass a query's filters, without its cursor.
 * @param now milliseconds since the epoch
 * @param codes the codes of all cases' places and authorities
 */
export function matching(
  sql: SqlStorage,
  query: PageQuery,
  now: number,
  profile: Profile,
  codes: string[],
  maxRead = MAX_MATCHES_READ,
): Matching {
  const { q, action, place, person, changedSince } = query;
  const search = new Search(sql, codes, maxRead);
  const ids = q ? typedIdsIn(q, profile) : null;
  /** Sets of keys. Each case must have one key of each. */
  const keys = codeKeysIn(query).map((key) => [key]);
  let found: Found = ids && search.ids(ids);
  const narrow = (searched: ReturnType<Search["words"]>) => {
    found = searched.found ?? found;
    keys.push(...searched.keys);
  };
  if (person) narrow(search.words(person, "people", found));
  if (q && !ids) narrow(search.words(q, "all", found));
  if (place && placeCodeIn(place) === null) narrow(search.place(place, found));

  // What a search found leads, or else the first key that all have. A head that has keys is in the list.
  const alone = found ? undefined : keys.find(({ length }) => length === 1);
  const leading = alone?.[0];
  const others = keys.filter((key) => key !== alone);
  const head = leading ? "k" : "c";
  const conditions: [sql: string, ...values: SqlStorageValue[]][] = [
    found ? ["c.sequence = one.value"] : leading ? ["k.key = ?", leading] : ["c.state = 'present'"],
  ];
  if (action) conditions.push(["c.action = ?", action]);
  if (action === "active") conditions.push(["(c.until IS NULL OR c.until >= ?)", earliestOpenDay(now)]);
  if (changedSince !== undefined) conditions.push([`${head}.live_at >= ?`, changedSince]);
  for (const key of others)
    conditions.push([
      `EXISTS (SELECT 1 FROM case_keys o WHERE o.key IN (SELECT value FROM json_each(?))
         AND o.live_at = ${head}.live_at AND o.sequence = ${head}.sequence)`,
      JSON.stringify(key),
    ]);
  const from = found
    ? "json_each(?) one CROSS JOIN changes c"
    : leading
      ? `case_keys k ${action ? "CROSS JOIN changes c ON c.sequence = k.sequence" : ""}`
      : "changes c";
  return {
    sql: `SELECT ${head}.live_at, ${head}.sequence FROM ${from} WHERE ${conditions.map(([sql]) => sql).join(" AND ")}`,
    values: [...(found ? [JSON.stringify(found)] : []), ...conditions.flatMap(([, ...values]) => values)],
    isSorted: !found,
  };
}
