/**
 * The Ledger's answers to isolates that don't have the whole list of cases yet: questions about the list, and changes without an index.
 * What they need is derived from each case's summary and stored beside its row in `changes`, and in `case_keys`.
 */
import type { SearchWords } from "../../shared/case/names.ts";
import { numberOf, typedIdsIn } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { type CaseSummary, StoredSummary, type Unshowable } from "../../shared/view/summary.ts";
import { iso } from "../iso.ts";
import { AUTHORITY_KEY, DEMO_KEY, keysOf, ownPlaceNamed, placeKey } from "../reads/case-keys.ts";
import { followingOf, type PageQuery, type Selection, showsUnshowable, spanOf } from "../reads/list.ts";
import {
  CASES_PER_PART,
  type ListAnswer,
  type ListQuestion,
  type ListQuestions,
  MAX_CALENDAR_CASES,
  type SitemapEntry,
  type Topic,
} from "../reads/questions.ts";
import type { Renewal } from "../reads/state.ts";
import type { Changes } from "./changes.ts";
import type { LedgerClock } from "./clock.ts";
import type { Epoch, Leased } from "./lease.ts";
import { listColumns } from "./list-columns.ts";
import { conditionsOf } from "./list-conditions.ts";
import type { Readings } from "./readings.ts";
import { type Revisions, type Row, stored } from "./revisions.ts";

/** Cases that are prepared in one turn. */
const PREPARED_CASES = 100;

const NEWEST_FIRST = "ORDER BY live_at DESC, sequence DESC";

/** The position of a case in the list. */
type Position = { live_at: number; sequence: number };

const positionOf = (cursor: string): number[] => cursor.split(".").map(Number);

export class CaseList {
  readonly #sql: SqlStorage;
  readonly #revisions: Revisions;
  readonly #readings: Readings;
  readonly #clock: LedgerClock;
  readonly #changes: Changes;
  readonly #settled: () => number;
  readonly #profile: Profile;
  readonly #version: string;
  /** Every change up to this epoch is prepared. */
  #preparedTo = 0;

  /**
   * @param settled settles due revisions and returns the time it settled for
   * @param version of the deployed code; another version may derive other words
   */
  constructor(
    sql: SqlStorage,
    revisions: Revisions,
    readings: Readings,
    clock: LedgerClock,
    changes: Changes,
    settled: () => number,
    profile: Profile,
    version: string,
  ) {
    this.#sql = sql;
    this.#revisions = revisions;
    this.#readings = readings;
    this.#clock = clock;
    this.#changes = changes;
    this.#settled = settled;
    this.#profile = profile;
    this.#version = version;
  }

  /** As `changesSince`, for a holder that needs no older changes: one with an unknown epoch starts at the newest. */
  changesFrom(since: Epoch | null): Renewal {
    const newest = this.#changes.epoch();
    const isKnown = since?.history === newest.history && since.number <= newest.number;
    return this.#readings.changesSince(isKnown ? since : newest, false, true);
  }

  /** Prepares some of the cases that changed. @returns false when none is left */
  prepare(): boolean {
    this.#settled();
    return this.#prepare();
  }

  #prepare(): boolean {
    const rows = this.#sql
      .exec<{ epoch: number; case_id: string; summary: string | null; has_content: number }>(
        `SELECT epoch, c.case_id, summary, content IS NOT NULL AS has_content
         FROM changes c CROSS JOIN revisions r ON r.case_id = c.case_id AND r.number = c.number
         WHERE epoch > ? AND version IS NOT ? ORDER BY epoch LIMIT ${PREPARED_CASES}`,
        this.#preparedTo,
        this.#version,
      )
      .toArray();
    const known = new Map<string, SearchWords>();
    for (const { epoch, case_id: id, summary: text, has_content } of rows) {
      const summary = stored(StoredSummary, text);
      const state = summary ? "present" : has_content ? "unshowable" : "withdrawn";
      const columns = { version: this.#version, state, ...listColumns(id, summary, this.#profile, known) };
      const names = Object.keys(columns).map((name) => `${name} = ?`);
      this.#sql.exec(`UPDATE changes SET ${names.join(", ")} WHERE epoch = ?`, ...Object.values(columns), epoch);
      this.#setKeys(id, summary ? keysOf(summary) : []);
    }
    this.#preparedTo = rows.at(-1)?.epoch ?? this.#changes.epoch().number;
    return rows.length > 0;
  }

  /** Writes only what differs: after a deployment, almost nothing does. */
  #setKeys(id: string, keys: string[]): void {
    const before = this.#sql.exec<{ key: string }>("SELECT key FROM case_keys WHERE case_id = ?", id).toArray();
    const wanted = new Set(keys);
    for (const { key } of before)
      if (!wanted.delete(key)) this.#sql.exec("DELETE FROM case_keys WHERE case_id = ? AND key = ?", id, key);
    for (const key of wanted) this.#sql.exec("INSERT INTO case_keys (key, case_id) VALUES (?, ?)", key, id);
  }

  /** Answers a question about the list. Prepares all cases that aren't prepared yet. */
  answer<T extends Topic>(question: ListQuestion<T>): Leased<ListAnswer<T>> {
    const now = this.#settled();
    while (this.#prepare());
    const value = this.#answers[question.about as T](question, now);
    const validFor = this.#clock.validFor(now, this.#revisions.nextMoment(now));
    return { value, validFor, epoch: this.#changes.epoch() };
  }

  readonly #answers: {
    [T in Topic]: (asked: ListQuestions[T]["asked"], now: number) => ListAnswer<T>;
  } = {
    page: ({ query }, now) => ({
      selection: this.#page(query, now),
      countries: this.#codes().filter((code) => code.length === 2),
      authorities: this.#authorities(),
    }),
    cases: (asked) => this.#casesWith(asked),
    places: ({ name }) => {
      const newest = this.#withKeys([placeKey(name)], 1).flatMap((id) => this.#summary(id))[0];
      return { codes: this.#codes(), own: newest ? ownPlaceNamed(name, newest) : null };
    },
    example: () => {
      const [id = this.#newest(1)[0]] = this.#withKeys([DEMO_KEY], 1);
      const [first] = this.#sql
        .exec<{ places: string }>(
          `SELECT places FROM changes WHERE state = 'present' AND places != '  ' ${NEWEST_FIRST} LIMIT 1`,
        )
        .toArray();
      return {
        number: id === undefined ? null : numberOf(id, this.#profile),
        place: first?.places.trim().split(" ")[0] ?? null,
      };
    },
    sitemap: ({ part }) => ({ parts: this.#parts(), entries: part === null ? [] : this.#entries(part) }),
    calendar: ({ day }) => this.#dated(day),
  };

  #ids(query: string, ...values: SqlStorageValue[]): string[] {
    return this.#sql
      .exec<{ id: string }>(query, ...values)
      .toArray()
      .map(({ id }) => id);
  }

  #newest(limit: number): string[] {
    return this.#ids(`SELECT case_id AS id FROM changes WHERE state = 'present' ${NEWEST_FIRST} LIMIT ?`, limit);
  }

  /** The newest cases that have one of the keys. */
  #withKeys(keys: string[], limit: number): string[] {
    return this.#ids(
      `SELECT case_id AS id FROM changes WHERE state = 'present' AND case_id IN
         (SELECT k.case_id FROM json_each(?) CROSS JOIN case_keys k WHERE k.key = value) ${NEWEST_FIRST} LIMIT ?`,
      JSON.stringify(keys),
      limit,
    );
  }

  #casesWith({ ids, keys, limit }: ListQuestions["cases"]["asked"]): CaseSummary[] {
    const found = [...ids, ...(keys.length > 0 ? this.#withKeys(keys, limit) : [])];
    if (found.length === 0) return [];
    return this.#ids(
      `SELECT case_id AS id FROM changes WHERE state = 'present' AND case_id IN (SELECT value FROM json_each(?)) ${NEWEST_FIRST}`,
      JSON.stringify(found),
    ).flatMap((id) => this.#summary(id));
  }

  /** The codes of all cases' places and authorities, sorted. Steps from one value of the index to the next. */
  #codes(): string[] {
    const places = this.#sql
      .exec<{ places: string }>(
        `WITH RECURSIVE steps (places) AS (
           SELECT MIN(places) FROM changes UNION ALL
           SELECT (SELECT MIN(places) FROM changes WHERE places > steps.places) FROM steps WHERE places IS NOT NULL)
         SELECT places FROM steps WHERE places IS NOT NULL`,
      )
      .toArray();
    return [...new Set(places.flatMap(({ places }) => places.split(" ").filter((code) => code !== "")))].sort();
  }

  /** The codes of all cases' authorities, sorted. Steps from one key to the next. */
  #authorities(): string[] {
    const end = `${AUTHORITY_KEY}~`;
    return this.#sql
      .exec<{ key: string }>(
        `WITH RECURSIVE steps (key) AS (
           SELECT MIN(key) FROM case_keys WHERE key > ? AND key < ? UNION ALL
           SELECT (SELECT MIN(key) FROM case_keys WHERE key > steps.key AND key < ?) FROM steps WHERE key IS NOT NULL)
         SELECT key FROM steps WHERE key IS NOT NULL`,
        ...[AUTHORITY_KEY, end, end],
      )
      .toArray()
      .map(({ key }) => key.slice(AUTHORITY_KEY.length));
  }

  #page(query: PageQuery, now: number): Selection {
    const { limit, cursor, from = 0 } = query;
    const newest = this.#newest(1).flatMap((id) => this.#summary(id))[0];
    const span = spanOf(cursor, newest);
    const [position, start, floor = [0, -1]] = [span.position, span.start, span.floor]
      .filter((one) => one !== undefined)
      .map(positionOf) as [number[], number[], number[]?];
    const condition = conditionsOf(this.#sql, query, now, this.#profile, () => this.#codes());
    // A list without filters is read by its index. Otherwise, reading the whole table once is faster.
    const isWhole = condition.values.length === 0;
    const inSpan = "(live_at, sequence) < (?, ?) AND (live_at, sequence) > (?, ?)";
    const { ids, found, changed } = this.#sql
      .exec<{ ids: string; found: number; changed: number }>(
        `WITH matching AS ${isWhole ? "NOT MATERIALIZED" : "MATERIALIZED"}
           (SELECT case_id, live_at, sequence FROM changes ${isWhole ? "" : "NOT INDEXED"} WHERE ${condition.sql})
         SELECT
           (SELECT json_group_array(case_id) FROM
             (SELECT case_id FROM matching WHERE ${inSpan} ${NEWEST_FIRST} LIMIT ? OFFSET ?)) AS ids,
           (SELECT COUNT(*) FROM matching WHERE ${inSpan}) AS found,
           EXISTS (SELECT 1 FROM matching WHERE (live_at, sequence) > (?, ?)) AS changed`,
        ...condition.values,
        ...[...position, ...floor, limit, from],
        ...[...position, ...floor],
        ...start,
      )
      .one();
    const page = (JSON.parse(ids) as string[]).flatMap((id) => this.#summary(id));
    return {
      page,
      found,
      unshowable: showsUnshowable(query) ? this.#unshowable(query.q) : [],
      ...followingOf(span, page.at(-1), found > from + limit, changed === 1, newest),
    };
  }

  #parts(): string[] {
    const parts: string[] = [];
    for (let after: Position | undefined; ; ) {
      // The first part begins with the newest case, and each other one a part's length after the beginning of the one before.
      const range = after ? "AND (live_at, sequence) <= (?, ?)" : "";
      [after] = this.#sql
        .exec<Position>(
          `SELECT live_at, sequence FROM changes WHERE state = 'present' ${range} ${NEWEST_FIRST} LIMIT 1 OFFSET ?`,
          ...(after ? [after.live_at, after.sequence, CASES_PER_PART] : [0]),
        )
        .toArray();
      if (!after) return parts;
      parts.push(iso(after.live_at));
    }
  }

  #entries(part: number): SitemapEntry[] {
    return this.#sql
      .exec<{ id: string; live_at: number; languages: string }>(
        `SELECT case_id AS id, live_at, languages FROM changes WHERE state = 'present' ${NEWEST_FIRST} LIMIT ? OFFSET ?`,
        CASES_PER_PART,
        (part - 1) * CASES_PER_PART,
      )
      .toArray()
      .map(({ id, live_at, languages }) => ({ id, liveAt: iso(live_at), languages: languages.split(" ") }));
  }

  #dated(today: string): CaseSummary[] {
    const dated = (range: string, order: string, limit: number) =>
      this.#ids(
        `SELECT case_id AS id FROM changes WHERE state = 'present' AND day ${range} ? ORDER BY day ${order}, live_at DESC, sequence DESC LIMIT ?`,
        today,
        limit,
      );
    const ahead = dated(">=", "ASC", MAX_CALENDAR_CASES);
    const past = dated("<", "DESC", MAX_CALENDAR_CASES - ahead.length);
    return this.#casesWith({ ids: [...ahead, ...past], keys: [], limit: 0 });
  }

  #summary(id: string): CaseSummary[] {
    const { summary, number, sequence, kind, live_at } = this.#sql
      .exec<Pick<Row, "summary" | "number" | "sequence" | "kind" | "live_at">>(
        `SELECT summary, r.number, r.sequence, kind, r.live_at FROM changes c
         JOIN revisions r ON r.case_id = c.case_id AND r.number = c.number WHERE c.case_id = ?`,
        id,
      )
      .one();
    const said = stored(StoredSummary, summary);
    const revision = { number, sequence, kind, liveAt: iso(live_at) };
    // In the order of an isolate's own list, so that the same answer has the same bytes.
    return said ? [{ number: numberOf(id, this.#profile), revision, ...said }] : [];
  }

  #unshowable(q: string | undefined): Unshowable[] {
    const ids = q ? (typedIdsIn(q, this.#profile) ?? []) : null;
    return this.#ids(`SELECT case_id AS id FROM changes WHERE state = 'unshowable' ${NEWEST_FIRST}`).flatMap((id) =>
      ids === null || ids.includes(id) ? { id, number: numberOf(id, this.#profile) } : [],
    );
  }
}
