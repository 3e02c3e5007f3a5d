/** Conditions for rows of `changes`, in SQL: the filters of the list and its searches. */
import { matcher, type PartMatch, readingsOf } from "../../shared/case/names.ts";
import { typedIdsIn } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { earliestOpenDay } from "../../shared/view/age.ts";
import type { PageQuery } from "../reads/list.ts";
import { isCodeNamed, placeCodeIn } from "../reads/list-filters.ts";
import { codeOf, wordColumns } from "./list-columns.ts";

export interface Condition {
  sql: string;
  /** The values of its parameters. */
  values: SqlStorageValue[];
}

/** With more words than this, every case is compared in JavaScript. A question to the database has at most 100 parameters. */
const MAX_COMPARED_WORDS = 30;

const joined = (conditions: Condition[], operator: "AND" | "OR"): Condition => ({
  sql: `(${conditions.map(({ sql }) => sql).join(` ${operator} `)})`,
  values: conditions.flatMap(({ values }) => values),
});

const isOneOf = (ids: readonly string[]): Condition => ({
  sql: "case_id IN (SELECT value FROM json_each(?))",
  values: [JSON.stringify(ids)],
});

const hasCode = (code: string): Condition => ({ sql: "instr(codes, ?) > 0", values: [` ${code} `] });

/** Cases whose words match a search. What the database can't compare is compared here: a name is also found by its consonants. */
function hasWords(sql: SqlStorage, query: string, kind: keyof typeof wordColumns): Condition {
  const [words, arabic] = wordColumns[kind];
  const readings = readingsOf(query);
  if (readings.length === 0) return { sql: "0", values: [] };
  const isIn = ({ part, isWhole }: PartMatch): Condition => ({
    sql: `instr(${words}, ?) > 0`,
    values: [isWhole ? ` ${part} ` : ` ${part}`],
  });
  const sure =
    readings.flat().length > MAX_COMPARED_WORDS
      ? null
      : joined(
          readings.map((parts) => joined(parts.map(isIn), "AND")),
          "OR",
        );
  const mayMatch = sure === null || /\p{Script=Arabic}/u.test(query) ? "1" : `${arabic} != ''`;
  const isMatch = matcher(query);
  const rows = sql.exec<{ id: string; words: string; arabic: string }>(
    `SELECT case_id AS id, ${words} AS words, ${arabic} AS arabic FROM changes
     WHERE state = 'present' AND ${mayMatch} ${sure ? `AND NOT ${sure.sql}` : ""}`,
    ...(sure?.values ?? []),
  );
  const compared: string[] = [];
  for (const row of rows)
    if (isMatch({ all: row.words.trim().split(" "), arabic: row.arabic.split(" ") })) compared.push(row.id);
  if (!sure) return isOneOf(compared);
  return compared.length > 0 ? joined([sure, isOneOf(compared)], "OR") : sure;
}

/** @param codes the codes of all cases' places and authorities */
function isAtPlace(sql: SqlStorage, place: string, codes: () => string[]): Condition {
  const code = placeCodeIn(place);
  if (code !== null) return hasCode(codeOf.place(code));
  const named = codes().filter(isCodeNamed(place));
  const byCode: Condition = {
    sql: "EXISTS (SELECT 1 FROM json_each(?) WHERE instr(codes, value) > 0)",
    values: [JSON.stringify(named.map((known) => ` ${codeOf.place(known)} `))],
  };
  const byName = hasWords(sql, place, "places");
  return named.length > 0 ? joined([byCode, byName], "OR") : byName;
}

/**
 * The conditions of a query's filters, without its cursor.
 * @param now milliseconds since the epoch
 * @param codes the codes of all cases' places and authorities
 */
export function conditionsOf(
  sql: SqlStorage,
  query: PageQuery,
  now: number,
  profile: Profile,
  codes: () => string[],
): Condition {
  const { q, action, place, authority, custody, person, series, changedSince, at } = query;
  const ids = q ? typedIdsIn(q, profile) : null;
  return joined(
    [
      { sql: "state = 'present'", values: [] },
      ...(at ? [{ sql: "instr(places, ?) > 0", values: [` ${at} `] }] : []),
      ...(action ? [{ sql: "action = ?", values: [action] }] : []),
      ...(action === "active" ? [{ sql: "(until IS NULL OR until >= ?)", values: [earliestOpenDay(now)] }] : []),
      ...(authority ? [hasCode(codeOf.authority(authority))] : []),
      ...(custody ? [hasCode(codeOf.custody(custody))] : []),
      ...(series ? [hasCode(codeOf.series(series))] : []),
      ...(changedSince === undefined ? [] : [{ sql: "live_at >= ?", values: [changedSince] }]),
      ...(place ? [isAtPlace(sql, place, codes)] : []),
      ...(person ? [hasWords(sql, person, "people")] : []),
      ...(ids ? [isOneOf(ids)] : q ? [hasWords(sql, q, "all")] : []),
    ],
    "AND",
  );
}
