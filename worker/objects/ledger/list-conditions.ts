/** The cases that pass the filters of the list and its searches, in SQL. */
import { hasPart, type PartMatch, readingsOf, type Spelling } from "../../../shared/case/names.ts";
import { typedIdsIn } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { earliestOpenDay } from "../../../shared/view/age.ts";
import { codeKey, codeKeysIn, deadlineKey } from "../../reads/case-keys.ts";
import { placeWords, spelt, speltWords, type WordKind } from "../../reads/case-words.ts";
import type { PageQuery } from "../../reads/list.ts";
import { isCodeNamed, placeCodeIn } from "../../reads/list-filters.ts";
import { actionKey, SPELT, wordKeys } from "./list-columns.ts";

/** Keys from one to another, both included. */
type Range = [from: string, to: string];

const exactly = (key: string): Range => [key, key];
const LAST = "\u{10ffff}";
const startingWith = (beginning: string): Range => [beginning, beginning + LAST];

const IN_RANGE = "k.key BETWEEN range.value ->> 0 AND range.value ->> 1";

/** Parts that a case must all match, each by the ranges in which a key matches. */
type Reading = Range[][];

/** The readings of which a case must match one. */
type Condition = Reading[];

/** The order of the list. */
export const NEWEST_FIRST = "ORDER BY live_at DESC, sequence DESC";

/** Matches of a condition that has no more than this are compared with the other conditions one by one. */
const MAX_MATCHES_READ = 200;
/** The most parts of a compound SELECT in a Durable Object. */
const MAX_TERMS = 5;

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

/** Conditions of single parts, if possible: a case must match all parts of an only reading, and readings of one part each are one part. */
const splitUp = (readings: Reading[]): Condition[] =>
  readings.length === 1
    ? readings.flat().map((ranges) => [[ranges]])
    : [readings.every(({ length }) => length === 1) ? [[readings.flat(2)]] : readings];

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

  /** @param within only these; null for all */
  #keyed(ranges: Range[], within: number[] | null): number[] {
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

  /** Each reading's rarest part first, and how many heads match such parts, or more than a search may read. */
  sized(condition: Condition): { condition: Condition; size: number } {
    const sorted = condition.map((parts) =>
      parts.map((ranges) => ({ ranges, size: this.#size(ranges) })).sort((a, b) => a.size - b.size),
    );
    return {
      condition: sorted.map((parts) => parts.map(({ ranges }) => ranges)),
      size: sorted.reduce((sum, [rarest]) => sum + (rarest?.size ?? 0), 0),
    };
  }

  /** The heads that match. @param within only these; null for all */
  found(condition: Condition, within: number[] | null): number[] {
    const found = condition.flatMap(
      (parts) =>
        parts.reduce<number[] | null>(
          (among, ranges) => (among?.length === 0 ? among : this.#keyed(ranges, among)),
          within,
        ) ?? [],
    );
    return [...new Set(found)];
  }

  /** The keys of which a case must have one; none when these are more than `MAX_TERMS`, or when several parts must match. */
  keys(condition: Condition): string[] {
    const [ranges, ...others] = condition.flat();
    if (!ranges || others.length > 0) return [];
    const keys = new Set(ranges.flatMap((range) => keysIn(this.#sql, range, MAX_TERMS + 1)));
    return keys.size > MAX_TERMS ? [] : [...keys];
  }

  /** True when every case has a key. */
  isCommon(key: string): boolean {
    const newest = `${NEWEST_FIRST} LIMIT 1`;
    const { common } = this.#sql
      .exec<{ common: number }>(
        `SELECT CASE WHEN (SELECT sequence FROM case_keys WHERE key = ?1 ${newest})
           = (SELECT sequence FROM changes WHERE state = 'present' ${newest})
         THEN (SELECT COUNT(*) FROM case_keys WHERE key = ?1) = (SELECT COUNT(*) FROM changes WHERE state = 'present')
         ELSE FALSE END AS common`,
        key,
      )
      .one();
    return common === 1;
  }

  /** The words that the database finds by their consonants and can't compare further. */
  #spelt(beginning: string, spelling: Spelling | null): string[] {
    return spelling ? speltWords(spelling, (key) => endingsOf(this.#sql, beginning + key)) : [];
  }

  #rangesOf(match: PartMatch, kind: WordKind): Range[] {
    const { part, isWhole, spelling, arabicSpelling } = match;
    const { word, arabic } = wordKeys[kind];
    const named = kind === "all" ? this.#codes.filter((code) => hasPart(match, placeWords(code))) : [];
    return [
      isWhole ? exactly(word + part) : startingWith(word + part),
      ...this.#spelt(SPELT, spelling).map((other) => exactly(word + other)),
      ...this.#spelt(arabic, arabicSpelling).map((other) => exactly(arabic + spelt(other))),
      ...named.map((code) => exactly(codeKey.at(code))),
    ];
  }

  #readingsOf(query: string, kind: WordKind): Reading[] {
    return readingsOf(query).map((parts) => {
      const different = new Map(parts.map((match) => [match.part, match]));
      return [...different.values()].map((match) => this.#rangesOf(match, kind));
    });
  }

  /** Cases whose words match a search. */
  words(query: string, kind: WordKind): Condition[] {
    return splitUp(this.#readingsOf(query, kind));
  }

  /** Cases with a place of this name, in one of our languages or one of the case's. */
  place(name: string): Condition[] {
    const named = this.#codes.filter(isCodeNamed(name)).map((code) => exactly(codeKey.place(code)));
    return splitUp([...(named.length > 0 ? [[named]] : []), ...this.#readingsOf(name, "places")]);
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

/** The text of a SELECT of heads' `live_at` and `sequence`. @param and a further condition, as " AND ..." */
type Select = (and: string) => string;

const nested =
  (select: Select): Select =>
  (and) =>
    `SELECT live_at, sequence FROM (${select(and)})`;

const compound = (operator: "INTERSECT" | "UNION", selects: Select[]): Select =>
  selects.length > MAX_TERMS
    ? compound(operator, [nested(compound(operator, selects.slice(0, MAX_TERMS))), ...selects.slice(MAX_TERMS)])
    : (and) => selects.map((select) => select(and)).join(` ${operator} `);

/** The heads that pass a query's filters. */
export interface Matching {
  select: Select;
  /** The first parameter of `select`, in JSON. */
  values: string;
  /** The text of an expression for their number, if that takes less time than to count what `select` gives. */
  count: Select | null;
  /** True when indices have the heads in the order of the list, so that only as many are read as a page needs. */
  isSorted: boolean;
}

/**
 * The heads that pass a query's filters, without its cursor and `changedSince`.
 * @param now milliseconds since the epoch
 * @param codes the codes of all cases' places and authorities
 * @param common whether every case has a key, by keys, as found since the last change
 */
export function matching(
  sql: SqlStorage,
  query: PageQuery,
  now: number,
  profile: Profile,
  codes: string[],
  common: Map<string, boolean>,
  maxRead = MAX_MATCHES_READ,
): Matching {
  const { q, action, place, person } = query;
  const search = new Search(sql, codes, maxRead);
  const ids = q ? typedIdsIn(q, profile) : null;
  const conditions = [
    ...codeKeysIn(query).map((key): Condition => [[[exactly(key)]]]),
    ...(person ? search.words(person, "people") : []),
    ...(q && !ids ? search.words(q, "all") : []),
    ...(place && placeCodeIn(place) === null ? search.place(place) : []),
  ];
  const given: unknown[] = [];
  const at = (value: unknown) => given.push(value) - 1;
  const openDay = action === "active" ? earliestOpenDay(now) : null;
  const inAction = [
    ...(action ? [` AND action = ?1 ->> ${at(action)}`] : []),
    ...(openDay ? [` AND (until IS NULL OR until >= ?1 ->> ${at(openDay)})`] : []),
  ].join("");

  const sized = conditions.map((condition) => search.sized(condition)).sort((a, b) => a.size - b.size);
  if (ids || (sized[0]?.size ?? Number.POSITIVE_INFINITY) <= maxRead) {
    const found = sized.reduce((among, { condition }) => search.found(condition, among), ids && search.ids(ids));
    const from = `FROM json_each(?1 -> ${at(found)}) one CROSS JOIN changes ON sequence = one.value`;
    const select: Select = (and) => `SELECT live_at, sequence ${from} WHERE TRUE${inAction}${and}`;
    return { select, count: null, values: JSON.stringify(given), isSorted: false };
  }

  const withKey = (key: string): Select => {
    const index = at(key);
    return (and) => `SELECT live_at, sequence FROM case_keys WHERE key = ?1 ->> ${index}${and}`;
  };
  const inRanges = (ranges: Range[]): Select => {
    const from = `FROM json_each(?1 -> ${at(ranges)}) range CROSS JOIN case_keys k ON ${IN_RANGE}`;
    return (and) => `SELECT live_at, sequence ${from} WHERE TRUE${and}`;
  };
  const anyOf = (condition: Condition): Select =>
    nested(
      compound(
        "UNION",
        condition.map((parts) => nested(compound("INTERSECT", parts.map(inRanges)))),
      ),
    );
  const listed: Select = (and) => `SELECT live_at, sequence FROM changes WHERE state = 'present'${inAction}${and}`;

  // SQLite merges selects that an index sorts, without a look-up for each row. It reads them from left to right, so the first may be a union.
  const isCommon = ([key, ...others]: string[]): boolean => {
    if (key === undefined || others.length > 0) return false;
    const known = common.get(key) ?? search.isCommon(key);
    common.set(key, known);
    return known;
  };
  const parts = sized
    .map(({ condition }) => ({ condition, keys: search.keys(condition) }))
    // A condition that every case meets isn't merged with others.
    .filter(({ keys }, _, { length }) => (length === 1 && inAction === "") || !isCommon(keys))
    .sort((a, b) => b.keys.length - a.keys.length);
  const needsListed = inAction !== "" || parts.length === 0;
  const isSorted =
    parts.every(({ keys }, index) => keys.length === 1 || (keys.length > 1 && index === 0)) &&
    parts.reduce((terms, { keys }) => terms + keys.length, needsListed ? 1 : 0) <= MAX_TERMS;
  const selects = parts.map(({ condition, keys }) =>
    isSorted || keys.length === 1 ? compound("UNION", keys.map(withKey)) : anyOf(condition),
  );
  // In a compound of two or more, nothing is selected twice.
  if (needsListed || !isSorted) selects.push(listed);
  const select = compound("INTERSECT", selects);
  const countOf =
    (one: Select): Select =>
    (and) =>
      `(SELECT COUNT(*) FROM (${one(and)}))`;
  /** Keys are counted three times as fast as rows with conditions. */
  const countInAction = (state: string): Select => {
    const inState = countOf(withKey(actionKey(state)));
    if (!openDay) return inState;
    const range = [deadlineKey(""), deadlineKey(openDay)].map((key) => `?1 ->> ${at(key)}`);
    const passed = countOf((and) => `SELECT 1 FROM case_keys WHERE key >= ${range[0]} AND key < ${range[1]}${and}`);
    return (and) => `${inState(and)} - ${passed(and)}`;
  };
  const isSingle = selects.length === 1 && parts.every(({ keys }) => keys.length === 1);
  const count = !isSingle ? null : action ? countInAction(action) : countOf(select);
  return { select, count, values: JSON.stringify(given), isSorted };
}
