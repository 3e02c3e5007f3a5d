/**
 * The Ledger's answers to isolates that don't have the whole list of cases yet: a list's first page, and changes without an index. What
 * a search needs is derived from each case's summary and stored beside its row in `changes`, so that an answer doesn't read summaries
 * that it doesn't show.
 */
import { matcher, type PartMatch, readingsOf, type SearchWords } from "../../shared/case/names.ts";
import { numberOf, typedIdsIn } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { hasLapsed } from "../../shared/view/age.ts";
import { type CaseSummary, StoredSummary, type Unshowable } from "../../shared/view/summary.ts";
import { iso } from "../iso.ts";
import { cursorOf } from "../reads/list.ts";
import { searchableWords } from "../reads/search-index.ts";
import type { FirstPage, FirstPageQuery, Renewal } from "../reads/state.ts";
import type { Changes } from "./changes.ts";
import type { LedgerClock } from "./clock.ts";
import type { Epoch, Leased } from "./lease.ts";
import type { Readings } from "./readings.ts";
import { type Revisions, type Row, stored } from "./revisions.ts";

/** Cases that are prepared in one turn. */
const PREPARED_CASES = 100;

/** With more words than this, every case is compared in JavaScript. A question to the database has at most 100 parameters. */
const MAX_COMPARED_WORDS = 40;

/** Adds a parameter to a query. @returns its name there */
type Bind = (value: SqlStorageValue) => string;

type Candidate = { case_id: string; action: string; until: string | null; words: string | null; arabic: string };

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
      const words = summary
        ? searchableWords({ ...summary, number: numberOf(id, this.#profile) }, this.#profile, known)
        : [];
      const texts = (["all", "arabic"] as const).map((kind) =>
        [...new Set(words.flatMap((word) => word[kind]))].join(" "),
      );
      this.#sql.exec(
        "UPDATE changes SET version = ?, state = ?, action = ?, until = ?, places = ?, words = ?, arabic = ? WHERE epoch = ?",
        this.#version,
        summary ? "present" : has_content ? "unshowable" : "withdrawn",
        summary?.action ?? null,
        summary?.until ?? null,
        ` ${summary?.places.join(" ") ?? ""} `,
        ` ${texts[0]} `,
        texts[1] as string,
        epoch,
      );
    }
    this.#preparedTo = rows.at(-1)?.epoch ?? this.#changes.epoch().number;
    return rows.length > 0;
  }

  /** A list's first page. Prepares all cases that aren't prepared yet. */
  firstPage(query: FirstPageQuery): Leased<FirstPage> {
    const now = this.#settled();
    while (this.#prepare());
    const { limit } = query;
    const { ids, found } = this.#matching(query, now);
    const page = ids.slice(0, limit).flatMap((id) => this.#summary(id));
    const newest = this.#ids(1).flatMap((id) => this.#summary(id))[0];
    const last = page.at(-1);
    const value: FirstPage = {
      selection: {
        page,
        found,
        unshowable: this.#unshowable(query),
        ...(last && newest && found > limit ? { next: `${cursorOf(last)}~${cursorOf(newest)}` } : {}),
      },
      countries: this.#countries(),
    };
    const validFor = this.#clock.validFor(now, this.#revisions.nextMoment(now));
    return { value, validFor, epoch: this.#changes.epoch() };
  }

  #ids(limit: number): string[] {
    return this.#sql
      .exec<{ id: string }>(
        "SELECT case_id AS id FROM changes WHERE state = 'present' ORDER BY live_at DESC, sequence DESC LIMIT ?",
        limit,
      )
      .toArray()
      .map(({ id }) => id);
  }

  /** The countries and territories of all cases. Steps from one value of the index to the next. */
  #countries(): string[] {
    const places = this.#sql
      .exec<{ places: string }>(
        `WITH RECURSIVE steps (places) AS (
           SELECT MIN(places) FROM changes UNION ALL
           SELECT (SELECT MIN(places) FROM changes WHERE places > steps.places) FROM steps WHERE places IS NOT NULL)
         SELECT places FROM steps WHERE places IS NOT NULL`,
      )
      .toArray();
    return [...new Set(places.flatMap(({ places }) => places.split(" ").filter((code) => code.length === 2)))].sort();
  }

  /** The first ids of the cases that match, newest change first, and the number of all. */
  #matching({ q, action, place, limit }: FirstPageQuery, now: number): { ids: string[]; found: number } {
    if (!q && !action && !place) {
      const { found } = this.#sql
        .exec<{ found: number }>("SELECT COUNT(*) AS found FROM changes WHERE state = 'present'")
        .one();
      return { ids: this.#ids(limit), found };
    }
    const isMatch = q ? matcher(q) : null;
    const ids: string[] = [];
    let found = 0;
    for (const { case_id: id, action: own, until, words, arabic } of this.#candidates(q ?? "", place)) {
      if (action && (own !== action || (action === "active" && hasLapsed(until ?? undefined, now)))) continue;
      if (words !== null && isMatch && !isMatch({ all: words.trim().split(" "), arabic: arabic.split(" ") })) continue;
      if (++found <= limit) ids.push(id);
    }
    return { ids, found };
  }

  /** Cases that may match, newest change first. Those with words must still be compared. */
  #candidates(query: string, place: string | undefined): Iterable<Candidate> {
    const values: SqlStorageValue[] = [];
    const bind: Bind = (value) => `?${values.push(value)}`;
    const ids = query === "" ? null : typedIdsIn(query, this.#profile);
    const isMatch = query === "" || ids ? "1" : this.#matchingWords(query, bind);
    const conditions = [
      "state = 'present'",
      ...(place ? [`instr(places, ${bind(` ${place} `)}) > 0`] : []),
      ...(ids ? [`case_id IN (SELECT value FROM json_each(${bind(JSON.stringify(ids))}))`] : []),
      // In Arabic and Latin letters, a name is also found by its consonants.
      isMatch === null || /\p{Script=Arabic}/u.test(query) ? "1" : `(${isMatch} OR arabic != '')`,
    ];
    // Reading the whole table and sorting the few rows that match is faster than reading it in the order of an index.
    return this.#sql.exec<Candidate>(
      `SELECT case_id, action, until, CASE WHEN ${isMatch ?? 0} THEN NULL ELSE words END AS words, arabic FROM changes
       WHERE ${conditions.join(" AND ")} ORDER BY +live_at DESC, +sequence DESC`,
      ...values,
    );
  }

  /** An expression that is true for cases that match a search other than by another spelling; null when there are too many words. */
  #matchingWords(query: string, bind: Bind): string | null {
    const readings = readingsOf(query);
    if (readings.flat().length > MAX_COMPARED_WORDS) return null;
    const isIn = ({ part, isWhole }: PartMatch) => `instr(words, ${bind(isWhole ? ` ${part} ` : ` ${part}`)}) > 0`;
    return `(${readings.map((parts) => parts.map(isIn).join(" AND ")).join(" OR ") || "0"})`;
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
    return said ? [{ ...said, number: numberOf(id, this.#profile), revision }] : [];
  }

  #unshowable({ q, action, place }: FirstPageQuery): Unshowable[] {
    if (action || place) return [];
    const ids = q ? (typedIdsIn(q, this.#profile) ?? []) : null;
    return this.#sql
      .exec<{ id: string }>(
        "SELECT case_id AS id FROM changes WHERE state = 'unshowable' ORDER BY live_at DESC, sequence DESC",
      )
      .toArray()
      .flatMap(({ id }) => (ids === null || ids.includes(id) ? { id, number: numberOf(id, this.#profile) } : []));
  }
}
