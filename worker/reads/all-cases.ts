import { typedIdsIn } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import type { CaseSummary, Unshowable } from "../../shared/view/summary.ts";
import { ownPlaceNamed, type WordPair } from "./case-keys.ts";
import {
  followingOf,
  type NearCase,
  type PageQuery,
  positionAt,
  positionBehind,
  type Selection,
  showsUnshowable,
  spanOf,
  unshowableMatching,
} from "./list.ts";
import { SearchIndex } from "./search-index.ts";

/** Names that are offered when a search finds nothing. */
const MAX_NEAR = 5;

/**
 * A page of the list, with the codes of countries and authorities that a filter
 * can name.
 */
export interface ListPage {
  selection: Selection;
  countries: string[];
  authorities: string[];
}

/**
 * The number of an invented case, if there is one, and the code of a place that
 * some case has.
 */
export interface Example {
  number: string | null;
  place: string | null;
}

/** What the first page of the list without filters says besides its cases. */
export interface NewestCases {
  example: Example;
  /** The number of all cases. */
  found: number;
  unshowable: Unshowable[];
  countries: string[];
  authorities: string[];
}

/**
 * Every case, newest change first. Answers what somebody asks about all of
 * them.
 */
export class AllCases {
  readonly cases: readonly CaseSummary[];
  readonly unshowable: readonly Unshowable[];
  readonly #profile: Profile;
  readonly #search: SearchIndex;

  /** @param search may know other cases, or earlier entries of these */
  constructor(
    cases: readonly CaseSummary[],
    unshowable: readonly Unshowable[],
    profile: Profile,
    search = new SearchIndex(profile),
  ) {
    this.cases = cases;
    this.unshowable = unshowable;
    this.#profile = profile;
    this.#search = search;
  }

  get #index(): SearchIndex {
    return this.#search.of(this.cases);
  }

  /** Cases at some positions, newest change first. */
  #at(positions: number[]): CaseSummary[] {
    const inOrder = [...new Set(positions)].sort((a, b) => a - b);
    return inOrder.map((position) => this.cases[position] as CaseSummary);
  }

  /**
   * A page of the cases that match. A query in the form of a number must match
   * the number.
   *
   * A case that changes while somebody pages moves to the top, behind the
   * reader's back. So a cursor also holds the newest case at the time of the
   * first page (`start`). After the last page come the cases that changed since
   * then, down to that one (`floor`), and so on until nothing has changed.
   * @param now milliseconds since the epoch
   */
  page(query: PageQuery, now: number): ListPage {
    const { cases } = this;
    const { q, changedSince, limit, cursor, from = 0 } = query;
    const ids = q ? typedIdsIn(q, this.#profile) : null;
    const flags = this.#index.find(query, ids, now);
    const span = spanOf(cursor, cases[0]);
    const { position, start, floor } = span;
    const last =
      changedSince === undefined
        ? cases.length
        : positionBehind(cases, `${changedSince}.~`);
    const end =
      floor === undefined ? last : Math.min(last, positionAt(cases, floor));
    const unshowable = showsUnshowable(query)
      ? unshowableMatching(this.unshowable, q ?? "", this.#profile)
      : [];
    const page: CaseSummary[] = [];
    let found = 0;
    for (let at = positionBehind(cases, position); at < end; at++) {
      if (flags && !flags[at]) continue;
      found++;
      if (found > from && page.length < limit)
        page.push(cases[at] as CaseSummary);
    }
    const newest = flags ? flags.indexOf(1) : 0;
    const isNothing = newest < 0 && unshowable.length === 0;
    const hasChanged =
      newest >= 0 && newest < Math.min(last, positionAt(cases, start));
    const selection = {
      page,
      found,
      near:
        q && !ids && isNothing && !cursor
          ? this.#near(q, query, now, last)
          : [],
      unshowable,
      ...followingOf(
        span,
        page.at(-1),
        found > from + limit,
        hasChanged,
        cases[0],
      ),
    };
    const countries = this.#index
      .codes("at")
      .filter((code) => code.length === 2);
    return {
      selection,
      countries,
      authorities: this.#index.codes("authority"),
    };
  }

  /**
   * Cases of people whose names are near a query, among those that pass the
   * other filters.
   * @param end the position after the last one
   */
  #near(q: string, query: PageQuery, now: number, end: number): NearCase[] {
    const passed = this.#index.find({ ...query, q: undefined }, null, now);
    return this.#index
      .near(q, now)
      .filter(({ position }) => position < end && (!passed || passed[position]))
      .slice(0, MAX_NEAR)
      .map(({ name, position }) => ({
        name,
        summary: this.cases[position] as CaseSummary,
      }));
  }

  /**
   * Cases with these ids, and the newest ones with a name whose form is one of
   * the pairs.
   * @param limit of the latter
   */
  mentioned(
    ids: readonly string[],
    names: readonly WordPair[],
    limit: number,
  ): CaseSummary[] {
    return this.#at([
      ...this.#index.withIds(ids),
      ...this.#index.named(names, limit),
    ]);
  }

  /** Cases of people with words of a question in their names. */
  asked(
    words: readonly string[],
    limit: number,
  ): { cases: CaseSummary[]; hasAll: boolean } {
    const { positions, most } = this.#index.asked(words);
    return {
      cases: this.#at(positions.slice(0, limit)),
      hasAll: most === words.length,
    };
  }

  /**
   * The codes of all cases' places and authorities, and the place that a case
   * calls by this name.
   */
  places(name: string): { codes: string[]; own: string | null } {
    const codes = this.#index.codes("at");
    for (const position of this.#index.atOwnPlace(name)) {
      const own = ownPlaceNamed(name, this.cases[position] as CaseSummary);
      if (own !== null) return { codes, own };
    }
    return { codes, own: null };
  }

  example(): Example {
    const shown = this.cases.find(({ demo }) => demo) ?? this.cases[0];
    const withPlace = this.cases.find(({ places }) => places.length > 0);
    return {
      number: shown?.number ?? null,
      place: withPlace?.places[0] ?? null,
    };
  }
}
