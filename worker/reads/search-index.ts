import { hasPart, type PartMatch, readingsOf, type SearchWords } from "../../shared/case/names.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { earliestOpenDay } from "../../shared/view/age.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";
import { codeKey, codeKeysIn, codeKeysOf } from "./case-keys.ts";
import { ownWords, placeWords, type WordKind } from "./case-words.ts";
import { type Filters, isCodeNamed, isFiltered, placeCodeIn } from "./list-filters.ts";

/** With more new words than this, sorting anew is faster than inserting each. */
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

/** The bits that say in which of its texts an entry has a word. */
const kindBits: Record<WordKind, number> = { all: 1, people: 2, places: 4 };
const KIND_BITS = 3;

/** Words, and the entries in which each occurs: the entry's number, and after it the bits of the kinds. */
class Vocabulary {
  readonly #entries = new Map<string, number[]>();
  #sorted: string[] = [];
  #unsorted: string[] = [];

  add(word: string, entry: number, kind: WordKind): void {
    const entries = this.#entries.get(word);
    const added = (entry << KIND_BITS) | kindBits[kind];
    if (!entries) {
      this.#entries.set(word, [added]);
      this.#unsorted.push(word);
      return;
    }
    // An entry's words are added one after another.
    const last = entries.at(-1) as number;
    if (last >> KIND_BITS === entry) entries[entries.length - 1] = last | added;
    else entries.push(added);
  }

  sort(): string[] {
    if (this.#unsorted.length > MAX_INSERTIONS) this.#sorted = [...this.#sorted, ...this.#unsorted].sort();
    else for (const word of this.#unsorted) this.#sorted.splice(positionOf(this.#sorted, word), 0, word);
    this.#unsorted = [];
    return this.#sorted;
  }

  equal(word: string): number[][] {
    const entries = this.#entries.get(word);
    return entries ? [entries] : [];
  }

  /** @param from the first word */
  startingWith(prefix: string, from = prefix): number[][] {
    return this.wordsStartingWith(prefix, from).map((word) => this.#entries.get(word)!);
  }

  wordsStartingWith(prefix: string, from = prefix): string[] {
    const words = this.sort();
    const first = positionOf(words, from);
    let end = first;
    while (words[end]?.startsWith(prefix)) end++;
    return words.slice(first, end);
  }

  passing(test: (word: string) => boolean): number[][] {
    return this.sort().flatMap((word) => (test(word) ? [this.#entries.get(word)!] : []));
  }
}

/** For each case of the list 1 when it is found, else 0. */
export type Flags = Uint8Array;

function intersection(flags: Flags[]): Flags {
  const [first, ...others] = flags as [Flags, ...Flags[]];
  const all = Uint8Array.from(first);
  for (const other of others) for (let at = 0; at < all.length; at++) all[at]! &= other[at] as number;
  return all;
}

const actionKey = (action: string, until: string) => `action:${action} ${until}`;
/** After every day. */
const NO_END = "none";

/**
 * The folded words and the codes of every case in the list, so that a search or filter reads only what it finds. A change adds the words
 * of the new entry; those of the old one stay until half of the entries are old.
 */
export class SearchIndex {
  readonly #profile: Profile;
  /** The list for which `#positions` holds. */
  #cases: CaseSummary[] = [];
  #numbers = new WeakMap<CaseSummary, number>();
  #next = 0;
  #words = new Vocabulary();
  #arabic = new Vocabulary();
  #codes = new Vocabulary();
  /** The position in the list by an entry's number; -1 for an old entry. */
  #positions = new Int32Array();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  /** @param known words of texts that were folded before */
  #numberOf(summary: CaseSummary, known: Map<string, SearchWords>): number {
    const existing = this.#numbers.get(summary);
    if (existing !== undefined) return existing;
    const number = this.#next++;
    this.#numbers.set(summary, number);
    for (const [kind, texts] of Object.entries(ownWords(summary, this.#profile, known)) as [WordKind, SearchWords[]][])
      for (const { all, arabic } of texts) {
        for (const word of all) this.#words.add(word, number, kind);
        for (const word of arabic) this.#arabic.add(word, number, kind);
      }
    const { id, action, until = NO_END } = summary;
    for (const key of [...codeKeysOf(id, summary, this.#profile), actionKey(action, until)])
      this.#codes.add(key, number, "all");
    return number;
  }

  /** Adds the words of cases that a list will have, so that its first search doesn't fold them all. */
  prepare(cases: CaseSummary[]): void {
    const known = new Map<string, SearchWords>();
    for (const summary of cases) this.#numberOf(summary, known);
    this.#words.sort();
    this.#arabic.sort();
    this.#codes.sort();
  }

  #update(cases: CaseSummary[]): void {
    if (this.#next > 2 * cases.length + MAX_INSERTIONS) {
      this.#numbers = new WeakMap();
      this.#next = 0;
      this.#words = new Vocabulary();
      this.#arabic = new Vocabulary();
      this.#codes = new Vocabulary();
    }
    const known = new Map<string, SearchWords>();
    const numbers = new Int32Array(cases.length);
    for (let at = 0; at < cases.length; at++) numbers[at] = this.#numberOf(cases[at] as CaseSummary, known);
    this.#positions = new Int32Array(this.#next).fill(-1);
    for (let at = 0; at < cases.length; at++) this.#positions[numbers[at] as number] = at;
    this.#cases = cases;
  }

  /** Marks the cases of some entries. */
  #mark(lists: number[][], kind: WordKind = "all", found: Flags = new Uint8Array(this.#cases.length)): Flags {
    const bit = kindBits[kind];
    for (const list of lists)
      for (const entry of list) {
        const position = this.#positions[entry >> KIND_BITS] as number;
        if (position >= 0 && entry & bit) found[position] = 1;
      }
    return found;
  }

  /** The codes of places and authorities that pass a test. */
  #codesPassing(test: (code: string) => boolean): string[] {
    const beginning = codeKey.at("");
    return this.#codes
      .wordsStartingWith(beginning)
      .map((key) => key.slice(beginning.length))
      .filter(test);
  }

  #matching(match: PartMatch, kind: WordKind): Flags {
    const { part, isWhole, spelling, arabicSpelling } = match;
    const found = this.#mark(isWhole ? this.#words.equal(part) : this.#words.startingWith(part), kind);
    if (spelling) this.#mark(this.#words.passing(spelling), kind, found);
    if (arabicSpelling) this.#mark(this.#arabic.passing(arabicSpelling), kind, found);
    if (kind !== "all") return found;
    const codes = this.#codesPassing((code) => hasPart(match, placeWords(code)));
    return this.#mark(
      codes.flatMap((code) => this.#codes.equal(codeKey.at(code))),
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

  /** The cases with a place of this name, in one of our languages or one of the case's. */
  #atPlace(name: string): Flags {
    const codes = this.#codesPassing(isCodeNamed(name));
    const keys = codes.flatMap((code) => this.#codes.equal(codeKey.place(code)));
    return this.#mark(keys, "all", this.#withWords(name, "places"));
  }

  /**
   * The cases that pass a query's filters, except `changedSince`; null for all.
   * @param ids the only cases among which to look, in place of those that match `q`
   * @param now milliseconds since the epoch
   */
  find(cases: CaseSummary[], query: Filters, ids: CaseSummary[] | null, now: number): Flags | null {
    const { q, action, at, place, person } = query;
    if (!(q || action || at || isFiltered(query))) return null;
    if (cases !== this.#cases) this.#update(cases);
    const tests: Flags[] = codeKeysIn(query).map((key) => this.#mark(this.#codes.equal(key)));
    if (action) {
      // A filter for active cases leaves out cases whose deadline has passed.
      const first = actionKey(action, action === "active" ? earliestOpenDay(now) : "");
      tests.push(this.#mark(this.#codes.startingWith(actionKey(action, ""), first)));
    }
    if (person) tests.push(this.#withWords(person, "people"));
    if (place && placeCodeIn(place) === null) tests.push(this.#atPlace(place));
    if (ids)
      tests.push(
        this.#mark([ids.map((summary) => ((this.#numbers.get(summary) as number) << KIND_BITS) | kindBits.all)]),
      );
    else if (q) tests.push(this.#withWords(q, "all"));
    return tests.length === 0 ? null : intersection(tests);
  }
}
