import {
  foldedWords,
  hasPart,
  type PartMatch,
  readingsOf,
  type Spelling,
} from "../../shared/case/names.ts";
import { numberParts } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { earliestOpenDay } from "../../shared/view/age.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import {
  leastLikeness,
  likeness,
  type NameWord,
  NEAR,
  nameWord,
  nameWords,
  nearness,
  queryWords,
} from "../editing/rules/near-names.ts";
import {
  basesOf,
  codeKey,
  codeKeysIn,
  codeKeysOf,
  KEY,
  namesAskedBy,
  stemKeysIn,
  stemKeysOf,
  type WordPair,
} from "./case-keys.ts";
import {
  ARABIC,
  KIND_BITS,
  kindBits,
  placeWords,
  spelt,
  type WordKind,
  wordsOfNumber,
} from "./case-words.ts";
import {
  type Filters,
  isCodeNamed,
  isFiltered,
  placeCodeIn,
} from "./list-filters.ts";

/**
 * Looks for near names take up to ten times as long as other searches.
 * Strangers must not keep an isolate busy with them.
 */
const NEAR_LOOKS_A_SECOND = 20;

/** Cases whose names are compared as a whole. */
const MAX_NEAR_ENTRIES = 50;

/** A case with a person whose name is near a query. */
export interface NearName {
  position: number;
  name: string;
  nearness: number;
}

/**
 * With more new words than this, sorting anew is faster than inserting each.
 */
const MAX_INSERTIONS = 100;

/** The position of the first word that isn't before `word`. */
function positionOf(words: string[], word: string): number {
  let [from, to] = [0, words.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((words[middle] as string) < word) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Different words in alphabetical order. */
class SortedWords {
  readonly #keyOf: (word: string) => string;
  #sorted: string[] = [];
  #unsorted: string[] = [];

  /** @param keyOf what is sorted in place of a word */
  constructor(keyOf = (word: string) => word) {
    this.#keyOf = keyOf;
  }

  add(word: string): void {
    this.#unsorted.push(word);
  }

  remove(word: string): void {
    const words = this.#sort();
    words.splice(positionOf(words, this.#keyOf(word)), 1);
  }

  #sort(): string[] {
    const added = this.#unsorted.map(this.#keyOf);
    if (added.length > MAX_INSERTIONS)
      this.#sorted = [...this.#sorted, ...added].sort();
    else
      for (const word of added)
        this.#sorted.splice(positionOf(this.#sorted, word), 0, word);
    this.#unsorted = [];
    return this.#sorted;
  }

  /** @param from the first word */
  startingWith(prefix: string, from = prefix): string[] {
    const words = this.#sort();
    const first = positionOf(words, from);
    let end = first;
    while (words[end]?.startsWith(prefix)) end++;
    return words.slice(first, end);
  }
}

const isNameWord = (word: string, entry: number) =>
  (entry & kindBits.people) !== 0 && !word.startsWith(ARABIC);

/**
 * Words, and the entries in which each occurs: the entry's number, and after it
 * the bits that say where.
 */
class Vocabulary {
  readonly #entries = new Map<string, number[]>();
  readonly #words = new SortedWords();
  readonly #spelt = new SortedWords(spelt);
  readonly #speltInArabic = new SortedWords((word) =>
    spelt(word.slice(ARABIC.length)),
  );

  #sortedWith(word: string): SortedWords[] {
    if (word.startsWith(KEY)) return [this.#words];
    return word.startsWith(ARABIC)
      ? [this.#speltInArabic]
      : [this.#words, this.#spelt];
  }

  /**
   * Different words of names, prepared once somebody looks for names that are
   * near.
   */
  #names: Map<string, NameWord> | null = null;

  /** @param added an entry with its bits */
  add(word: string, added: number): void {
    if (this.#names && isNameWord(word, added))
      this.#names.set(word, nameWord(word));
    const entries = this.#entries.get(word);
    if (entries) entries.push(added);
    else {
      this.#entries.set(word, [added]);
      for (const sorted of this.#sortedWith(word)) sorted.add(word);
    }
  }

  remove(word: string, removed: number): void {
    const entries = this.#entries.get(word) as number[];
    const last = entries.pop() as number;
    if (last !== removed) entries[entries.indexOf(removed)] = last;
    if (entries.length > 0) return;
    this.#entries.delete(word);
    this.#names?.delete(word);
    for (const sorted of this.#sortedWith(word)) sorted.remove(word);
  }

  equal(word: string): number[][] {
    const entries = this.#entries.get(word);
    return entries ? [entries] : [];
  }

  names(): Iterable<NameWord> {
    this.#names ??= new Map(
      [...this.#entries].flatMap(([word, entries]) =>
        entries.some((entry) => isNameWord(word, entry))
          ? [[word, nameWord(word)]]
          : [],
      ),
    );
    return this.#names.values();
  }

  startingWith(prefix: string, from = prefix): number[][] {
    return this.wordsStartingWith(prefix, from).flatMap((word) =>
      this.equal(word),
    );
  }

  wordsStartingWith(prefix: string, from = prefix): string[] {
    return this.#words.startingWith(prefix, from);
  }

  #speltIn(sorted: SortedWords, { keys, test }: Spelling): string[] {
    return keys.flatMap((key) => {
      const beginning = `${key} `;
      const words = sorted
        .startingWith(beginning)
        .map((word) => word.slice(beginning.length));
      return words.filter(test);
    });
  }

  /** Words that may be another spelling of a word in Arabic letters. */
  spelt(spelling: Spelling): number[][] {
    return this.#speltIn(this.#spelt, spelling).flatMap((word) =>
      this.equal(word),
    );
  }

  /** Words in Arabic letters that may be another spelling of a word. */
  speltInArabic(spelling: Spelling): number[][] {
    return this.#speltIn(this.#speltInArabic, spelling).flatMap((word) =>
      this.equal(ARABIC + word),
    );
  }
}

/** For each case of the list 1 when it is found, else 0. */
export type Flags = Uint8Array;

function intersection(flags: Flags[]): Flags {
  const [first, ...others] = flags as [Flags, ...Flags[]];
  const all = Uint8Array.from(first);
  for (const other of others)
    for (let at = 0; at < all.length; at++) all[at]! &= other[at] as number;
  return all;
}

const actionKey = (action: string, until: string) =>
  `${KEY}action:${action} ${until}`;
/** After every day. */
const NO_END = "none";

/**
 * The folded words, the codes and other keys of every case in a list, so that a
 * search, filter or look-up reads only what it finds. A change replaces those
 * of its case.
 */
export class SearchIndex {
  readonly #profile: Profile;
  /** The list for which `#positions` holds. */
  #cases: readonly CaseSummary[] = [];
  /** Entries' numbers by the ids of their cases. */
  readonly #numbers = new Map<string, number>();
  /** By an entry's number; null for a number that is free. */
  readonly #entries: (CaseSummary | null)[] = [];
  readonly #free: number[] = [];
  readonly #words = new Vocabulary();
  /** How often the isolate may still look for near names in a second. */
  #nearLooks = { second: -1, left: 0 };
  /** The position in the list by an entry's number. */
  #positions = new Int32Array();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  /**
   * Calls `each` with every word and key of a case, and the number of its entry
   * with the bits that say where the word stands.
   */
  #eachWord(
    number: number,
    summary: CaseSummary,
    each: (word: string, entry: number) => void,
  ): void {
    const { id, number: printed, action, until = NO_END, words } = summary;
    const parts = numberParts(id, this.#profile);
    const entry = number << KIND_BITS;
    for (const bits in words)
      for (const word of words[bits]!.split(" "))
        each(word, entry | Number(bits));
    for (const word of wordsOfNumber(parts ?? [printed]))
      each(word, entry | kindBits.all);
    for (const key of codeKeysOf(summary)) each(key, entry | kindBits.all);
    if (parts) each(codeKey.series(parts[0]), entry | kindBits.all);
    each(actionKey(action, until), entry | kindBits.all);
  }

  /** @param summary null when the list has the case no longer */
  #replace(number: number, summary: CaseSummary | null): void {
    const before = this.#entries[number];
    if (before)
      this.#eachWord(number, before, (word, entry) =>
        this.#words.remove(word, entry),
      );
    if (summary)
      this.#eachWord(number, summary, (word, entry) =>
        this.#words.add(word, entry),
      );
    this.#entries[number] = summary;
  }

  #numberOf(summary: CaseSummary): number {
    const { id } = summary;
    const number =
      this.#numbers.get(id) ?? this.#free.pop() ?? this.#entries.length;
    if (this.#entries[number] === summary) return number;
    this.#replace(number, summary);
    this.#numbers.set(id, number);
    return number;
  }

  /**
   * Adds cases that a list will have, so that its first use doesn't fold the
   * words of all.
   */
  prepare(cases: readonly CaseSummary[]): void {
    for (const summary of cases) this.#numberOf(summary);
    this.#cases = [];
  }

  /** The same index, for this list. */
  of(cases: readonly CaseSummary[]): this {
    if (cases === this.#cases) return this;
    const numbers = new Int32Array(cases.length);
    for (let at = 0; at < cases.length; at++)
      numbers[at] = this.#numberOf(cases[at] as CaseSummary);
    this.#positions = new Int32Array(this.#entries.length).fill(-1);
    for (let at = 0; at < numbers.length; at++)
      this.#positions[numbers[at] as number] = at;
    if (this.#numbers.size > cases.length)
      for (const [id, number] of this.#numbers) {
        if (this.#positions[number] !== -1) continue;
        this.#replace(number, null);
        this.#numbers.delete(id);
        this.#free.push(number);
      }
    this.#cases = cases;
    return this;
  }

  /** The positions of the cases of some entries, the newest case first. */
  #positionsOf(lists: number[][], kind: WordKind): Int32Array {
    const bit = kindBits[kind];
    const found = lists.flatMap((list) => list.filter((entry) => entry & bit));
    const positions = new Set(
      found.map((entry) => this.#positions[entry >> KIND_BITS] as number),
    );
    return Int32Array.from(positions).sort();
  }

  withIds(ids: readonly string[]): number[] {
    return ids.flatMap((id) => {
      const number = this.#numbers.get(id);
      return number === undefined ? [] : [this.#positions[number] as number];
    });
  }

  /**
   * The positions of the newest cases with a person whose name one of these
   * pairs may be a form of.
   */
  named(names: readonly WordPair[], limit: number): number[] {
    const found = new Set<number>();
    for (const pair of names) {
      const [first, second] = pair.map((word) => {
        const entries = basesOf(word).flatMap((one) => this.#words.equal(one));
        return {
          entries,
          size: entries.reduce((sum, { length }) => sum + length, 0),
        };
      });
      const rarer = first!.size < second!.size ? first! : second!;
      const wanted = new Set(stemKeysIn(pair));
      let left = limit;
      for (const position of this.#positionsOf(rarer.entries, "people")) {
        if (
          !stemKeysOf(this.#cases[position] as CaseSummary).some((key) =>
            wanted.has(key),
          )
        )
          continue;
        found.add(position);
        if (--left === 0) break;
      }
    }
    return [...found].sort((a, b) => a - b).slice(0, limit);
  }

  /**
   * The positions of the cases whose people's names have words of a question,
   * those with the most of them, and how many that is.
   */
  asked(words: readonly string[]): { positions: number[]; most: number } {
    const counts = new Uint8Array(this.#cases.length);
    for (const word of words) {
      const names = foldedWords(word).flat().flatMap(namesAskedBy);
      const found = this.#mark(
        names.flatMap((name) => this.#words.equal(name)),
        "people",
      );
      // Arabic joins "to", "with", "and" to a name.
      const arabic = /^\p{Script=Arabic}{4}/u.test(word)
        ? [word, word.replace(/^[\u0628\u0641\u0643\u0644\u0648]/, "")]
        : [];
      const others = arabic.map((one) => this.#withWords(one, "people"));
      for (let at = 0; at < counts.length; at++)
        counts[at]! += [found, ...others].some((flags) => flags[at]) ? 1 : 0;
    }
    const most = counts.reduce((max, count) => Math.max(max, count), 0);
    return {
      positions:
        most === 0
          ? []
          : [...counts.keys()].filter((at) => counts[at] === most),
      most,
    };
  }

  /**
   * The cases of people whose names are near a query, the nearest first, each
   * with the name. Empty when many have looked.
   * @param now milliseconds since the epoch
   */
  near(query: string, now: number): NearName[] {
    const second = Math.floor(now / 1_000);
    if (second !== this.#nearLooks.second)
      this.#nearLooks = { second, left: NEAR_LOOKS_A_SECOND };
    const readings = this.#nearLooks.left-- > 0 ? queryWords(query) : [];
    const candidates = new Set(
      readings.flatMap((words) => this.#nearEntries(words)),
    );
    return [...candidates]
      .flatMap((entry): NearName[] => {
        const names = (this.#entries[entry] as CaseSummary).spellings.map(
          (name) => ({
            name,
            nearness: nearness(readings, nameWords(name)),
          }),
        );
        const [nearest] = names.sort((a, b) => b.nearness - a.nearness);
        return nearest && nearest.nearness >= NEAR
          ? [{ ...nearest, position: this.#positions[entry] as number }]
          : [];
      })
      .sort((a, b) => b.nearness - a.nearness || a.position - b.position);
  }

  /** Entries with words of names that are near all words of a query. */
  #nearEntries(words: NameWord[]): number[] {
    const sums = new Map<number, number>();
    const least = leastLikeness(words.length);
    for (const word of words) {
      const best = new Map<number, number>();
      for (const name of this.#words.names()) {
        const alike = likeness(word, name);
        if (alike < least) continue;
        for (const found of this.#words.equal(name.word))
          for (const entry of found)
            if (entry & kindBits.people) {
              const number = entry >> KIND_BITS;
              best.set(number, Math.max(best.get(number) ?? 0, alike));
            }
      }
      for (const [number, alike] of best)
        sums.set(number, (sums.get(number) ?? 0) + alike);
    }
    const near = [...sums].filter(([, sum]) => sum / words.length >= NEAR);
    return near
      .sort(([, a], [, b]) => b - a)
      .slice(0, MAX_NEAR_ENTRIES)
      .map(([number]) => number);
  }

  /**
   * The positions of cases of which some place in their languages has these
   * words, newest change first.
   */
  atOwnPlace(name: string): number[] {
    return [...this.#withWords(name, "places").entries()].flatMap(
      ([at, isFound]) => (isFound ? at : []),
    );
  }

  /**
   * The codes of all cases' places and authorities, or of their authorities,
   * sorted.
   */
  codes(kind: "at" | "authority"): string[] {
    const beginning = codeKey[kind]("");
    return this.#words
      .wordsStartingWith(beginning)
      .map((key) => key.slice(beginning.length));
  }

  /** Marks the cases of some entries. */
  #mark(
    lists: number[][],
    kind: WordKind = "all",
    found: Flags = new Uint8Array(this.#cases.length),
  ): Flags {
    const bit = kindBits[kind];
    for (const list of lists)
      for (const entry of list)
        if (entry & bit)
          found[this.#positions[entry >> KIND_BITS] as number] = 1;
    return found;
  }

  #matching(match: PartMatch, kind: WordKind): Flags {
    const { part, isWhole, spelling, arabicSpelling } = match;
    const found = this.#mark(
      isWhole ? this.#words.equal(part) : this.#words.startingWith(part),
      kind,
    );
    if (spelling) this.#mark(this.#words.spelt(spelling), kind, found);
    if (arabicSpelling)
      this.#mark(this.#words.speltInArabic(arabicSpelling), kind, found);
    if (kind !== "all") return found;
    const codes = this.codes("at").filter((code) =>
      hasPart(match, placeWords(code)),
    );
    return this.#mark(
      codes.flatMap((code) => this.#words.equal(codeKey.at(code))),
      kind,
      found,
    );
  }

  /** The cases whose words match a search. */
  #withWords(query: string, kind: WordKind): Flags {
    const known = new Map<string, Flags>();
    const matching = (match: PartMatch) => {
      const found = known.get(match.part) ?? this.#matching(match, kind);
      known.set(match.part, found);
      return found;
    };
    const wanted = new Uint8Array(this.#cases.length);
    for (const parts of readingsOf(query)) {
      const all = intersection(parts.map(matching));
      for (let at = 0; at < all.length; at++) wanted[at]! |= all[at] as number;
    }
    return wanted;
  }

  /**
   * The cases with a place of this name, in one of our languages or one of the
   * case's.
   */
  #atPlace(name: string): Flags {
    const codes = this.codes("at").filter(isCodeNamed(name));
    const keys = codes.flatMap((code) =>
      this.#words.equal(codeKey.place(code)),
    );
    return this.#mark(keys, "all", this.#withWords(name, "places"));
  }

  /**
   * The cases that pass a query's filters, except `changedSince`; null for all.
   * @param ids the only cases among which to look, in place of those that match
   * `q`
   * @param now milliseconds since the epoch
   */
  find(
    query: Filters,
    ids: readonly string[] | null,
    now: number,
  ): Flags | null {
    const { q, action, at, place, person } = query;
    if (!(q || action || at || isFiltered(query))) return null;
    const tests: Flags[] = codeKeysIn(query).map((key) =>
      this.#mark(this.#words.equal(key)),
    );
    if (action) {
      // A filter for active cases leaves out cases whose deadline has passed.
      const first = actionKey(
        action,
        action === "active" ? earliestOpenDay(now) : "",
      );
      tests.push(
        this.#mark(this.#words.startingWith(actionKey(action, ""), first)),
      );
    }
    if (person) tests.push(this.#withWords(person, "people"));
    if (place && placeCodeIn(place) === null) tests.push(this.#atPlace(place));
    if (ids) {
      const flags = new Uint8Array(this.#cases.length);
      for (const position of this.withIds(ids)) flags[position] = 1;
      tests.push(flags);
    } else if (q) tests.push(this.#withWords(q, "all"));
    return tests.length === 0 ? null : intersection(tests);
  }
}
