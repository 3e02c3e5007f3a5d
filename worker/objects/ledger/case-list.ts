/**
 * The Ledger's answers to isolates that don't have the whole list of cases yet: questions about the list, and changes without an index.
 * What they need is derived from each case's summary and stored beside its row in `changes`, and in `case_keys`. A case's head is named
 * by its sequence.
 */
import type { SearchWords } from "../../../shared/case/names.ts";
import { numberOf, typedIdsIn } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { CORRECTION_NEWS_MS } from "../../../shared/view/age.ts";
import { type CaseSummary, StoredSummary, type Unshowable } from "../../../shared/view/summary.ts";
import {
  beginningKey,
  codeKey,
  DEMO_KEY,
  ownPlaceNamed,
  placeKey,
  stemKeysIn,
  type WordPair,
} from "../../reads/case-keys.ts";
import { followingOf, halfDay, type PageQuery, type Placed, showsUnshowable, spanOf } from "../../reads/list.ts";
import {
  CASES_PER_PART,
  type LeasedList,
  type ListAnswer,
  type ListQuestion,
  type ListQuestions,
  MAX_CALENDAR_CASES,
  type SitemapEntry,
  type Topic,
} from "../../reads/questions.ts";
import type { RenewalText } from "../../reads/state.ts";
import { iso } from "../../runtime/iso.ts";
import type { Epoch } from "../../runtime/lease.ts";
import type { Changes } from "./changes.ts";
import type { LedgerClock } from "./clock.ts";
import { listColumns, listKeys, PLACED_KEY } from "./list-columns.ts";
import { endingsOf, matching, NEWEST_FIRST } from "./list-conditions.ts";
import { type HeadRow, summaryText } from "./listed.ts";
import type { Readings } from "./readings.ts";
import { correctedColumn, type Revisions, stored } from "./revisions.ts";

/** Cases that are prepared in one turn. */
const PREPARED_CASES = 100;

/** With more counts than this, all are forgotten: anyone may add filters. */
const MAX_COUNTS = 1_000;
/** The same for the JSON of answers. Those that isolates ask after a deployment are the same few. */
const MAX_CHARACTERS = 1_000_000;

/** The position of a case in the list. */
type Position = { live_at: number; sequence: number };

/** An answer without its cases, and the sequences of the heads that belong to it. */
interface Answer<T extends Topic> {
  value: ListAnswer<T>;
  heads?: number[];
}

const positionOf = (cursor: string): number[] => cursor.split(".").map(Number);

const keptAt = (epoch: string) => ({
  epoch,
  counts: new Map<string, number>(),
  common: new Map<string, boolean>(),
  texts: new Map<string, string>(),
  characters: 0,
});

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
  /** How many heads matched, keys that every case has, and the JSON of heads, for isolates that ask the same before anything changes. */
  #kept = keptAt("");

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
  changesFrom(since: Epoch | null): RenewalText {
    const newest = this.#changes.epoch();
    const isKnown = since?.history === newest.history && since.number <= newest.number;
    return this.#readings.changesSince(isKnown ? since : newest, false);
  }

  /** Prepares some of the cases that changed. @returns true when there may be more, not counting what changes meanwhile */
  prepare(): boolean {
    this.#settled();
    return this.#prepare();
  }

  #prepare(): boolean {
    const rows = this.#sql
      .exec<{
        epoch: number;
        id: string;
        live_at: number;
        sequence: number;
        summary: string | null;
        has_content: number;
      }>(
        `SELECT epoch, c.case_id AS id, c.live_at, c.sequence, summary, content IS NOT NULL AS has_content
         FROM changes c CROSS JOIN revisions r ON r.sequence = c.sequence
         WHERE epoch > ? AND version IS NOT ? ORDER BY epoch LIMIT ${PREPARED_CASES}`,
        this.#preparedTo,
        this.#version,
      )
      .toArray();
    const known = new Map<string, SearchWords>();
    for (const { epoch, id, live_at, sequence, summary: text, has_content } of rows) {
      const summary = stored(StoredSummary, text);
      const state = summary ? "present" : has_content ? "unshowable" : "withdrawn";
      const columns = { version: this.#version, state, ...listColumns(summary) };
      const names = Object.keys(columns).map((name) => `${name} = ?`);
      this.#sql.exec(`UPDATE changes SET ${names.join(", ")} WHERE epoch = ?`, ...Object.values(columns), epoch);
      this.#setKeys({ live_at, sequence }, summary ? listKeys(id, summary, this.#profile, known) : []);
    }
    this.#preparedTo = rows.at(-1)?.epoch ?? this.#changes.epoch().number;
    return rows.length === PREPARED_CASES;
  }

  /** Writes only what differs: after a deployment, almost nothing does. */
  #setKeys({ live_at, sequence }: Position, keys: string[]): void {
    const before = this.#sql.exec<{ key: string }>("SELECT key FROM case_keys WHERE sequence = ?", sequence).toArray();
    const added = new Set(keys);
    const removed = before.filter(({ key }) => !added.delete(key)).map(({ key }) => key);
    if (removed.length > 0)
      this.#sql.exec(
        "DELETE FROM case_keys WHERE sequence = ? AND key IN (SELECT value FROM json_each(?))",
        sequence,
        JSON.stringify(removed),
      );
    if (added.size > 0)
      this.#sql.exec(
        "INSERT INTO case_keys (key, live_at, sequence) SELECT value, ?, ? FROM json_each(?)",
        live_at,
        sequence,
        JSON.stringify([...added]),
      );
  }

  /** Answers a question about the list. Prepares all cases that aren't prepared yet. */
  answer<T extends Topic>(question: ListQuestion<T>): LeasedList<T> {
    const now = this.#settled();
    while (this.#prepare());
    const epoch = this.#changes.epoch();
    this.#forgetOlder(epoch);
    const { value, heads = [] } = this.#answers[question.about as T](question, now);
    const validFor = this.#clock.validFor(now, this.#revisions.nextMoment(now));
    return { value, text: this.#textOf(heads), validFor, epoch, halfDay: halfDay(now) };
  }

  readonly #answers: {
    [T in Topic]: (asked: ListQuestions[T]["asked"], now: number) => Answer<T>;
  } = {
    page: ({ query }, now) => this.#page(query, now),
    cases: ({ ids, keys, names, limit }) => {
      const wanted = names ? this.#stemKeys(keys, names) : keys;
      return { value: [], heads: [...this.#headsOf(ids), ...this.#withKeys(wanted, limit)] };
    },
    places: ({ name }) => {
      const newest = this.#newestWith(placeKey(name));
      return { value: { codes: this.#codes(), own: newest ? ownPlaceNamed(name, newest) : null } };
    },
    example: () => {
      const shown = this.#newestWith(DEMO_KEY) ?? this.#summaries(this.#newest())[0];
      const place = this.#newestWith(PLACED_KEY)?.places[0];
      return { value: { number: shown?.number ?? null, place: place ?? null } };
    },
    sitemap: ({ part }) => ({
      value: {
        parts: this.#parts(part ?? Number.POSITIVE_INFINITY),
        entries: part === null ? [] : this.#entries(part),
      },
    }),
    calendar: ({ day }) => ({ value: [], heads: this.#dated(day) }),
  };

  #sequences(query: string, ...values: SqlStorageValue[]): number[] {
    return this.#sql
      .exec<{ sequence: number }>(query, ...values)
      .toArray()
      .map(({ sequence }) => sequence);
  }

  #newest(): number[] {
    return this.#sequences(`SELECT sequence FROM changes WHERE state = 'present' ${NEWEST_FIRST} LIMIT 1`);
  }

  #headsOf(ids: string[]): number[] {
    return this.#sequences(
      "SELECT sequence FROM json_each(?) id CROSS JOIN changes c ON c.case_id = id.value WHERE state = 'present'",
      JSON.stringify(ids),
    );
  }

  /** Most words of a text begin no name. @param keys of what each pair begins with */
  #stemKeys(keys: string[], names: WordPair[]): string[] {
    const begun = this.#sql.exec<{ key: string }>(
      "SELECT value AS key FROM json_each(?) WHERE EXISTS (SELECT 1 FROM case_keys k WHERE k.key = value)",
      JSON.stringify(keys),
    );
    const known = new Set([...begun].map(({ key }) => key));
    return names.filter((pair) => known.has(beginningKey(pair))).flatMap(stemKeysIn);
  }

  /** The newest cases that have one of the keys. */
  #withKeys(keys: string[], limit: number): number[] {
    return this.#sequences(
      `SELECT DISTINCT live_at, sequence FROM json_each(?) wanted CROSS JOIN case_keys k ON k.key = wanted.value
       ${NEWEST_FIRST} LIMIT ?`,
      JSON.stringify(keys),
      limit,
    );
  }

  #newestWith(key: string): CaseSummary | undefined {
    return this.#summaries(
      this.#sequences(`SELECT sequence FROM case_keys WHERE key = ? ${NEWEST_FIRST} LIMIT 1`, key),
    )[0];
  }

  #summaries(sequences: number[]): CaseSummary[] {
    return JSON.parse(this.#textOf(sequences));
  }

  /** The summaries of some heads as a list in JSON, in the order of the list. Only valid summaries have keys and days. */
  #textOf(sequences: number[]): string {
    const wanted = JSON.stringify(sequences);
    const known = this.#kept.texts.get(wanted);
    if (known !== undefined) return known;
    const rows = this.#sql
      .exec<HeadRow & { summary: string }>(
        `SELECT case_id, summary, number, sequence, kind, live_at, ${correctedColumn("r", "?2")} FROM revisions r
         WHERE sequence IN (SELECT value FROM json_each(?1))`,
        wanted,
        this.#clock.now() - CORRECTION_NEWS_MS,
      )
      .toArray()
      // The database would copy every summary to sort them.
      .sort((a, b) => b.live_at - a.live_at || b.sequence - a.sequence);
    const text = `[${rows.map((row) => summaryText(row, this.#profile)).join(",")}]`;
    this.#kept.texts.set(wanted, text);
    this.#kept.characters += wanted.length + text.length;
    return text;
  }

  /** The codes of all cases' places and authorities, sorted. */
  #codes(): string[] {
    return endingsOf(this.#sql, codeKey.at(""));
  }

  #forgetOlder({ history, number }: Epoch): void {
    const epoch = `${history} ${number}`;
    const { counts, common, characters } = this.#kept;
    if (epoch !== this.#kept.epoch || counts.size + common.size > MAX_COUNTS || characters > MAX_CHARACTERS)
      this.#kept = keptAt(epoch);
  }

  #page(query: PageQuery, now: number): Answer<"page"> {
    const { limit, cursor, from = 0, changedSince } = query;
    const newest = this.#position(this.#newest());
    const codes = this.#codes();
    const span = spanOf(cursor, newest);
    const { position, start, floor } = span;
    const { counts, common } = this.#kept;
    const { select, count, values, isSorted } = matching(this.#sql, query, now, this.#profile, codes, common);
    const inRange = JSON.stringify([...[position, start, floor ?? start].flatMap(positionOf), changedSince]);
    const since = changedSince === undefined ? "" : " AND live_at >= ?2 ->> 6";
    const before = cursor ? " AND (live_at, sequence) < (?2 ->> 0, ?2 ->> 1)" : "";
    const after = floor ? " AND (live_at, sequence) > (?2 ->> 4, ?2 ->> 5)" : "";
    const inSpan = before + after + since;
    const matches: typeof select = isSorted ? select : (and) => `SELECT * FROM matching WHERE TRUE${and}`;
    const key = JSON.stringify([select(inSpan), values, inRange]);
    const known = counts.get(key);
    // The last page says how many there are, so that nothing is merged twice.
    const isLast = "json_array_length(page) < ?3 AND (page <> '[]' OR ?4 = 0)";
    const total = count?.(inSpan) ?? `(SELECT COUNT(*) FROM (${matches(inSpan)} ${NEWEST_FIRST}))`;
    // SQLite reads from the first of two bounds on, and few heads are newer than the list's start.
    const newer = ` AND (live_at, sequence) > (?2 ->> 2, ?2 ->> 3)${since}`;
    const { page, found, changed } = this.#sql
      .exec<{ page: string; found: number; changed: number }>(
        `${isSorted ? "" : `WITH matching AS MATERIALIZED (${select("")})`}
         SELECT page,
           ${known === undefined ? `CASE WHEN ${isLast} THEN ?4 + json_array_length(page) ELSE ${total} END` : "?5"} AS found,
           EXISTS (${matches(newer)}) AS changed
         FROM (SELECT (SELECT json_group_array(sequence) FROM (${matches(inSpan)} ${NEWEST_FIRST} LIMIT ?3 OFFSET ?4)) AS page)`,
        ...[values, inRange, limit, from],
        ...(known === undefined ? [] : [known]),
      )
      .one();
    if (isSorted) counts.set(key, found);
    const heads = JSON.parse(page) as number[];
    const selection = {
      page: [],
      found,
      unshowable: showsUnshowable(query) ? this.#unshowable(query.q) : [],
      ...followingOf(span, this.#position(heads.slice(-1)), found > from + limit, changed === 1, newest),
    };
    return {
      value: {
        selection,
        countries: codes.filter((code) => code.length === 2),
        authorities: endingsOf(this.#sql, codeKey.authority("")),
      },
      heads,
    };
  }

  /** @param last the most parts */
  #parts(last: number): string[] {
    const parts: string[] = [];
    for (let after: Position | undefined; parts.length < last; ) {
      // The first part begins with the newest case, and each other one a part's length after the beginning of the one before.
      const range = after ? "AND (live_at, sequence) <= (?, ?)" : "";
      [after] = this.#sql
        .exec<Position>(
          `SELECT live_at, sequence FROM changes WHERE state = 'present' ${range} ${NEWEST_FIRST} LIMIT 1 OFFSET ?`,
          ...(after ? [after.live_at, after.sequence, CASES_PER_PART] : [0]),
        )
        .toArray();
      if (!after) break;
      parts.push(iso(after.live_at));
    }
    return parts;
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

  #dated(today: string): number[] {
    const dated = (range: string, order: string, limit: number) =>
      this.#sequences(`SELECT sequence FROM changes WHERE day ${range} ? ORDER BY ${order} LIMIT ?`, today, limit);
    const ahead = dated(">=", "day, live_at DESC, sequence DESC", MAX_CALENDAR_CASES);
    return [...ahead, ...dated("<", "day DESC, live_at, sequence", MAX_CALENDAR_CASES - ahead.length)];
  }

  #position([sequence]: number[]): Placed | undefined {
    const [row] = this.#sql
      .exec<Position>("SELECT live_at, sequence FROM changes WHERE sequence = ?", sequence ?? null)
      .toArray();
    return row && { revision: { liveAt: iso(row.live_at), sequence: row.sequence } };
  }

  #unshowable(q: string | undefined): Unshowable[] {
    const ids = q ? (typedIdsIn(q, this.#profile) ?? []) : null;
    return this.#sql
      .exec<{ id: string }>(`SELECT case_id AS id FROM changes WHERE state = 'unshowable' ${NEWEST_FIRST}`)
      .toArray()
      .flatMap(({ id }) => (ids === null || ids.includes(id) ? { id, number: numberOf(id, this.#profile) } : []));
  }
}
