import { type PartMatch, readingsOf, type SearchWords, searchWords } from "../../shared/case/names.ts";
import { plainTexts } from "../../shared/case/text.ts";
import { placeNames } from "../../shared/place-names.ts";
import { numberWords } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import type { CaseSummary } from "../../shared/view/summary.ts";

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

/** Words, and the entries in which each occurs. */
class Vocabulary {
  readonly #entries = new Map<string, number[]>();
  #sorted: string[] = [];
  #unsorted: string[] = [];

  add(word: string, entry: number): void {
    const entries = this.#entries.get(word);
    // An entry's words are added one after another.
    if (entries) entries.at(-1) === entry || entries.push(entry);
    else {
      this.#entries.set(word, [entry]);
      this.#unsorted.push(word);
    }
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

  startingWith(prefix: string): number[][] {
    const words = this.sort();
    const found: number[][] = [];
    for (let at = positionOf(words, prefix); at < words.length && words[at]!.startsWith(prefix); at++)
      found.push(this.#entries.get(words[at]!)!);
    return found;
  }

  passing(test: (word: string) => boolean): number[][] {
    return this.sort().flatMap((word) => (test(word) ? [this.#entries.get(word)!] : []));
  }
}

const wordsOfPlaces = new Map<string, SearchWords>();

/** Many cases share a place, and folding its names takes long. */
export function placeWords(code: string): SearchWords {
  const words = wordsOfPlaces.get(code) ?? searchWords(placeNames(code).join(" "));
  wordsOfPlaces.set(code, words);
  return words;
}

/**
 * The folded words by which a search finds a case, without the names of its places in our languages.
 * @param known words of texts that were folded before
 */
export function ownWords(
  summary: Omit<CaseSummary, "revision">,
  profile: Profile,
  known: Map<string, SearchWords>,
): SearchWords[] {
  const names = [
    numberWords(summary.id, profile) ?? summary.number,
    ...summary.spellings,
    ...Object.values(plainTexts(summary.title)),
    ...(summary.placeNames ?? []).flatMap((place) => place.names),
  ];
  const wordsOf = (text: string) => {
    const words = known.get(text) ?? searchWords(text);
    known.set(text, words);
    return words;
  };
  return [...new Set(names.flatMap((name) => name.split(" ")))].map(wordsOf);
}

/**
 * The folded words of every case in the list, sorted, so that a search compares its words with a few of them. A change adds the words
 * of the new entry; those of the old one stay until half of the entries are old.
 */
export class SearchIndex {
  readonly #profile: Profile;
  /** The list for which `#positions` holds. */
  #cases: CaseSummary[] = [];
  #numbers = new Map<CaseSummary, number>();
  #next = 0;
  #all = new Vocabulary();
  #arabic = new Vocabulary();
  /** The position in the list by an entry's number; -1 for an old entry. */
  #positions = new Int32Array();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  /** @param known the words of texts without spaces: most occur in many cases, and folding one takes long */
  #add(summary: CaseSummary, known: Map<string, SearchWords>): number {
    const number = this.#next++;
    const words = [...ownWords(summary, this.#profile, known), ...summary.places.map(placeWords)];
    for (const { all, arabic } of words) {
      for (const word of all) this.#all.add(word, number);
      for (const word of arabic) this.#arabic.add(word, number);
    }
    return number;
  }

  /** Adds the words of cases that a list will have, so that its first search doesn't fold them all. */
  prepare(cases: CaseSummary[]): void {
    const known = new Map<string, SearchWords>();
    for (const summary of cases) if (!this.#numbers.has(summary)) this.#numbers.set(summary, this.#add(summary, known));
    this.#all.sort();
    this.#arabic.sort();
  }

  #update(cases: CaseSummary[]): void {
    if (this.#next > 2 * cases.length + MAX_INSERTIONS) {
      this.#numbers.clear();
      this.#next = 0;
      this.#all = new Vocabulary();
      this.#arabic = new Vocabulary();
    }
    const known = new Map<string, SearchWords>();
    const numbers = cases.map((summary) => this.#numbers.get(summary) ?? this.#add(summary, known));
    this.#numbers = new Map(cases.map((summary, position) => [summary, numbers[position] as number]));
    this.#positions = new Int32Array(this.#next).fill(-1);
    numbers.forEach((number, position) => {
      this.#positions[number] = position;
    });
    this.#cases = cases;
  }

  /** Marks the positions of the cases that match a part. */
  #matching({ part, isWhole, spelling, arabicSpelling }: PartMatch): Uint8Array {
    const found = new Uint8Array(this.#cases.length);
    const mark = (lists: number[][]) => {
      for (const list of lists)
        for (const number of list) {
          const position = this.#positions[number] as number;
          if (position >= 0) found[position] = 1;
        }
    };
    mark(isWhole ? this.#all.equal(part) : this.#all.startingWith(part));
    if (spelling) mark(this.#all.passing(spelling));
    if (arabicSpelling) mark(this.#arabic.passing(arabicSpelling));
    return found;
  }

  /** The cases that match a query, in the order of the list. */
  search(cases: CaseSummary[], query: string): CaseSummary[] {
    if (cases !== this.#cases) this.#update(cases);
    const known = new Map<string, Uint8Array>();
    const matching = (match: PartMatch) => {
      const found = known.get(match.part) ?? this.#matching(match);
      known.set(match.part, found);
      return found;
    };
    const wanted = new Uint8Array(cases.length);
    for (const parts of readingsOf(query)) {
      const [first, ...others] = parts.map(matching);
      const all = Uint8Array.from(first as Uint8Array);
      for (const flags of others) for (let at = 0; at < all.length; at++) all[at]! &= flags[at] as number;
      for (let at = 0; at < all.length; at++) wanted[at]! |= all[at] as number;
    }
    const found: CaseSummary[] = [];
    for (let at = wanted.indexOf(1); at >= 0; at = wanted.indexOf(1, at + 1)) found.push(cases[at] as CaseSummary);
    return found;
  }
}
