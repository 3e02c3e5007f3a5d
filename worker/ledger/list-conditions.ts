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

/** The sequences of heads; null for all. */
type Found = number[] | null;

/** The different keys that begin like this, without the beginning. Steps from one key of the index to the next. */
export const endingsOf = (sql: SqlStorage, beginning: string): string[] =>
  sql
    .exec<{ key: string }>(
      `WITH RECURSIVE steps (key) AS (
         SELECT MIN(key) FROM case_keys WHERE key BETWEEN ?1 AND ?2 UNION ALL
         SELECT (SELECT MIN(key) FROM case_keys WHERE key > steps.key AND key <= ?2) FROM steps WHERE key IS NOT NULL)
       SELECT key FROM steps WHERE key IS NOT NULL`,
      ...startingWith(beginning),
    )
    .toArray()
    .map(({ key }) => key.slice(beginning.length));

class Search {
  readonly #sql: SqlStorage;
  readonly #codes: string[];

  /** @param codes the codes of all cases' places and authorities */
  constructor(sql: SqlStorage, codes: string[]) {
    this.#sql = sql;
    this.#codes = codes;
  }

  /** @param within only these */
  #keyed(ranges: Range[], within: Found): number[] {
    const { found } = this.#sql
      .exec<{ found: string }>(
        `SELECT json_group_array(DISTINCT k.sequence) AS found
         FROM json_each(?) range CROSS JOIN case_keys k ON k.key BETWEEN range.value ->> 0 AND range.value ->> 1
         ${within ? "WHERE k.sequence IN (SELECT value FROM json_each(?))" : ""}`,
        JSON.stringify(ranges),
        ...(within ? [JSON.stringify(within)] : []),
      )
      .one();
    return JSON.parse(found);
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

  /** Cases whose words match a search. */
  words(query: string, kind: WordKind, within: Found): number[] {
    const found = readingsOf(query).flatMap((parts) => {
      const different = new Map(parts.map((match) => [match.part, match]));
      // The longest is probably the rarest.
      const sorted = [...different.values()].sort((a, b) => b.part.length - a.part.length);
      return sorted.reduce<Found>(
        (among, match) => (among?.length === 0 ? among : this.#keyed(this.#rangesOf(match, kind), among)),
        within,
      ) as number[];
    });
    return [...new Set(found)];
  }

  /** Cases with a place of this name, in one of our languages or one of the case's. */
  place(name: string, within: Found): number[] {
    const named = this.#codes.filter(isCodeNamed(name));
    const byCode = this.#keyed(
      named.map((code) => exactly(codeKey.place(code))),
      within,
    );
    return [...new Set([...byCode, ...this.words(name, "places", within)])];
  }

  ids(ids: readonly string[], within: Found): number[] {
    const found = this.#sql
      .exec<{ sequence: number }>(
        "SELECT sequence FROM json_each(?) id CROSS JOIN changes c ON c.case_id = id.value WHERE state = 'present'",
        JSON.stringify(ids),
      )
      .toArray()
      .map(({ sequence }) => sequence);
    return within ? found.filter((sequence) => within.includes(sequence)) : found;
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
export function matching(sql: SqlStorage, query: PageQuery, now: number, profile: Profile, codes: string[]): Matching {
  const { q, action, place, person, changedSince } = query;
  const search = new Search(sql, codes);
  const ids = q ? typedIdsIn(q, profile) : null;
  let found: Found = null;
  if (ids) found = search.ids(ids, found);
  if (person) found = search.words(person, "people", found);
  if (q && !ids) found = search.words(q, "all", found);
  if (place && placeCodeIn(place) === null) found = search.place(place, found);
  const keys = codeKeysIn(query);
  // What a search found leads, or else the first key. A head that has keys is in the list.
  const [leading, others] = found ? [undefined, keys] : [keys[0], keys.slice(1)];
  const head = leading ? "k" : "c";
  const conditions: [sql: string, ...values: SqlStorageValue[]][] = [
    found ? ["c.sequence = one.value"] : leading ? ["k.key = ?", leading] : ["c.state = 'present'"],
  ];
  if (action) conditions.push(["c.action = ?", action]);
  if (action === "active") conditions.push(["(c.until IS NULL OR c.until >= ?)", earliestOpenDay(now)]);
  if (changedSince !== undefined) conditions.push([`${head}.live_at >= ?`, changedSince]);
  for (const key of others)
    conditions.push([
      `EXISTS (SELECT 1 FROM case_keys o WHERE o.key = ? AND o.live_at = ${head}.live_at AND o.sequence = ${head}.sequence)`,
      key,
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
