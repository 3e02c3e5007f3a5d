/** Columns and keys that are derived from a case's summary, so that lists and searches don't read summaries that they don't show. */
import type { SearchWords } from "../../../shared/case/names.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { StoredSummary } from "../../../shared/view/summary.ts";
import { beginningKeysOf, codeKeysOf, keysOf, lastDayOf, stemKeysOf } from "../../reads/case-keys.ts";
import { ownWords, spelt, type WordKind } from "../../reads/case-words.ts";
import { titleLanguagesOf } from "../../reads/questions.ts";

/** The beginnings of the keys of a folded word, by the texts that have the word. A word in Arabic letters stands after its consonants. */
export const wordKeys: Record<WordKind, { word: string; arabic: string }> = {
  all: { word: "word ", arabic: "word-arabic " },
  people: { word: "person ", arabic: "person-arabic " },
  places: { word: "own-place ", arabic: "own-place-arabic " },
};

/** The beginning of the key of any word after its consonants. */
export const SPELT = "spelt ";

/** A case with a place or a responsible authority that has a code. */
export const PLACED_KEY = "placed";

/** The action's state, whether or not its deadline has passed. */
export const actionKey = (state: string): string => `action:${state}`;

const keysOfWords = (kind: WordKind, { all, arabic }: SearchWords): string[] => [
  ...all.map((word) => wordKeys[kind].word + word),
  ...arabic.map((word) => wordKeys[kind].arabic + spelt(word)),
  // Digits are never another spelling.
  ...(kind === "all" ? all.filter((word) => /\D/.test(word)).map((word) => SPELT + spelt(word)) : []),
];

/**
 * The keys by which the Ledger finds a case. Names of places in our languages aren't among them, because their codes are.
 * @param known words of texts that were folded before
 */
export function listKeys(
  id: string,
  summary: StoredSummary,
  profile: Profile,
  known: Map<string, SearchWords>,
): string[] {
  const words = Object.entries(ownWords({ ...summary, number: numberOf(id, profile) }, profile, known));
  return [
    ...keysOf(summary),
    ...beginningKeysOf(summary),
    ...stemKeysOf(summary),
    ...(summary.places.length > 0 ? [PLACED_KEY] : []),
    actionKey(summary.action),
    ...codeKeysOf(id, summary, profile),
    ...words.flatMap(([kind, texts]) => texts.flatMap((text) => keysOfWords(kind as WordKind, text))),
  ];
}

/** The columns of `changes`. @param summary null for a case that isn't in the list */
export const listColumns = (summary: StoredSummary | null) => ({
  action: summary?.action ?? null,
  until: summary?.until ?? null,
  day: summary && lastDayOf(summary),
  languages: summary && titleLanguagesOf(summary).join(" "),
});
